//! Answers that are kept are those of the store as it is, and a server ends when it is told to.

use std::process::Command;

use crate::client::{ask, get, little, place};
use crate::money::two_months;
use crate::server::Server;
use crate::support::{Exports, stderr, stdout};

/// Returns a page as a reader of English has it.
fn page(server: &Server, path: &str) -> String {
    let answer = get(server, &format!("{path}?lang=en"));
    assert_eq!(answer.status, 200, "{path}");
    answer.body
}

fn ran(exports: &Exports, words: &[&str]) {
    let output = exports.trimtab(words);
    assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
}

fn ingested(exports: &Exports) {
    ran(exports, &["ingest", "--from", exports.dir().to_str().expect("UTF-8")]);
}

#[test]
fn what_another_process_changes_is_on_the_next_page() {
    let exports = little();
    let server = Server::start(&exports);
    let listed = get(&server, "/api/v1/recommendations").json();
    let id = listed["items"][0]["id"].as_str().expect("an id").to_owned();
    // Read twice: the second one is kept.
    for _ in 0..2 {
        assert!(page(&server, "/recommendations").contains(&id));
    }
    ran(&exports, &["rec", "dismiss", &id, "--reason", "it is needed"]);
    assert!(!page(&server, "/recommendations").contains(&id));
    ran(&exports, &["rec", "reopen", &id]);
    assert!(page(&server, "/recommendations").contains(&id));
}

#[test]
fn a_bill_that_comes_later_is_on_the_next_page() {
    let exports = Exports::empty();
    let server = Server::start(&exports);
    assert_eq!(get(&server, "/api/v1/costs").status, 404);
    assert!(!page(&server, "/").contains("Amazon Virtual Private Cloud"));
    exports.write("billing/two-months.csv", two_months());
    ingested(&exports);
    assert_eq!(get(&server, "/api/v1/costs").status, 200);
    assert!(page(&server, "/").contains("Amazon Virtual Private Cloud"));
}

#[test]
fn a_page_that_is_known_already_is_not_sent_again() {
    let exports = little();
    let server = Server::start(&exports);
    let first = get(&server, "/recommendations");
    let tag = first.header("etag").expect("a tag").to_owned();
    let bearer = format!("Bearer {}", place(&server).1);
    let asked = |more: (&str, &str)| {
        let headers = [("Authorization", bearer.as_str()), ("If-None-Match", &tag), more];
        ask(&server, "GET", "/recommendations", &headers, "")
    };
    let second = asked(("Accept", "*/*"));
    assert_eq!((second.status, second.body.as_str()), (304, ""));
    // Another reader has another page.
    let korean = asked(("Cookie", "trimtab_lang=ko"));
    let dark = asked(("Cookie", "trimtab_theme=dark"));
    assert_eq!((korean.status, dark.status), (200, 200));
}

#[test]
fn a_question_that_is_none_is_refused_alike_each_time() {
    let exports = little();
    let server = Server::start(&exports);
    let asked = || get(&server, "/api/v1/resource");
    let (first, second) = (asked(), asked());
    assert_eq!((first.status, second.status), (400, 400));
    assert_eq!(second.header("content-type"), Some("application/problem+json"));
    assert_eq!(first.body, second.body);
}

#[test]
fn a_server_that_is_told_to_end_ends_well() {
    let exports = Exports::empty();
    exports.write("billing/two-months.csv", two_months());
    ingested(&exports);
    let mut server = Server::start(&exports);
    // What reads the bill has an engine of its own, which must end too.
    assert_eq!(get(&server, "/cost").status, 200);
    let id = server.child.id().to_string();
    let told = Command::new("kill").args(["-TERM", &id]).status().expect("kill runs");
    assert!(told.success());
    let ended = server.child.wait().expect("it is ours");
    assert_eq!(ended.code(), Some(0));
}
