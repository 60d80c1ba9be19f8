//! What somebody says of a day that stands out is kept, is not asked about again, and comes back when it grows.

use serde_json::{Value, json};

use crate::client::{ask, get, place, post};
use crate::money::two_months;
use crate::server::Server;
use crate::shapes::conforms;
use crate::support::{Exports, json as json_of, stderr, stdout};

/// A bill with one day that stands out, read; `more` is what that day costs besides.
fn ingested(exports: &Exports, more: u32) {
    let cost = 90 + more;
    let bill =
        two_months().replace("Usage,90,90,90,90", &format!("Usage,{cost},{cost},{cost},{cost}"));
    exports.write("billing/two-months.csv", bill);
    let from = exports.dir();
    let output = exports.trimtab(&["ingest", "--from", from.to_str().expect("UTF-8")]);
    assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
}

fn first(server: &Server) -> Value {
    get(server, "/api/v1/anomalies").json()["items"][0].clone()
}

#[test]
fn what_is_acknowledged_is_quiet_on_page_api_and_command_line_until_it_grows() {
    let exports = Exports::empty();
    ingested(&exports, 0);
    let server = Server::start(&exports);
    let item = first(&server);
    let id = item["id"].as_str().expect("an identifier").to_owned();
    assert_eq!((&item["status"], &item["acknowledgement"]), (&json!("open"), &Value::Null));
    let shown = get(&server, &format!("/api/v1/anomalies/{id}"));
    conforms(&server, "get", "/api/v1/anomalies/{id}", "200", &shown);
    assert_eq!(shown.json()["item"], item);

    // The command line says the same, byte by byte.
    let listed = json_of(&exports.trimtab(&["anomaly", "list", "-o", "json"]));
    assert_eq!(listed["items"][0], item);
    assert_eq!(json_of(&exports.trimtab(&["anomaly", "show", &id, "-o", "json"])), shown.json());

    let ack = format!("/api/v1/anomalies/{id}/ack");
    let word = json!({"kind": "expected", "reason": "the autumn event", "by": "kim"});
    let said = post(&server, &ack, &word);
    conforms(&server, "post", "/api/v1/anomalies/{id}/ack", "200", &said);
    let said = said.json()["item"].clone();
    assert_eq!(said["status"], json!("acknowledged"));
    assert_eq!(said["acknowledgement"]["by"], json!("kim"), "{said}");
    let page = get(&server, "/anomalies?lang=en").body;
    assert!(page.contains("the autumn event") && page.contains("Somebody has acknowledged"));
    let page = get(&server, &format!("/anomalies/{id}?lang=ko")).body;
    assert!(page.contains("예상됨") && page.contains("다시 열기"), "{page}");
    let open = json_of(&exports.trimtab(&["anomaly", "list", "-o", "json"]));
    assert_eq!(open["items"], json!([]));
    let all = exports.trimtab(&["anomaly", "list", "--all", "-o", "csv"]);
    assert!(stdout(&all).contains("the autumn event"), "{}", stdout(&all));

    // A usual day costs ten dollars, and a hundredth of that is the least.
    ingested(&exports, 5);
    let grown = first(&server);
    assert_eq!((&grown["id"], &grown["status"]), (&json!(id), &json!("returned")), "{grown}");
    assert_eq!(grown["growth"], json!({"amount": "5", "currency": "USD"}));
    let page = get(&server, &format!("/anomalies/{id}?lang=en")).body;
    assert!(page.contains("It has grown by $5"), "{page}");

    let again = ["anomaly", "ack", &id, "--as", "in-progress", "--reason", "a leak", "--by", "lee"];
    let output = exports.trimtab(&again);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(first(&server)["acknowledgement"]["kind"], json!("in-progress"));
    let reopened = post(&server, &format!("/api/v1/anomalies/{id}/reopen"), &json!({}));
    conforms(&server, "post", "/api/v1/anomalies/{id}/reopen", "200", &reopened);
    assert_eq!(reopened.json()["item"]["status"], json!("open"));
}

#[test]
fn what_cannot_be_said_is_refused_with_what_to_do() {
    let exports = Exports::empty();
    ingested(&exports, 0);
    let server = Server::start(&exports);
    let id = first(&server)["id"].as_str().expect("an identifier").to_owned();
    let ack = format!("/api/v1/anomalies/{id}/ack");
    let fine = json!({"kind": "real", "reason": "a leak", "by": "kim"});
    for (path, body, status) in [
        (ack.clone(), json!({"kind": "fine", "reason": "a leak", "by": "kim"}), 400),
        (ack.clone(), json!({"kind": "real", "reason": "  ", "by": "kim"}), 400),
        (ack.clone(), json!({"kind": "real", "reason": "a leak", "by": ""}), 400),
        (ack.clone(), json!({"kind": "real", "reason": "a leak"}), 400),
        ("/api/v1/anomalies/A-none/ack".to_owned(), fine.clone(), 404),
        ("/api/v1/anomalies/A-none/reopen".to_owned(), json!({}), 404),
    ] {
        let answer = post(&server, &path, &body);
        assert_eq!(answer.status, status, "{path} {body}: {}", answer.body);
    }
    let form = |body: &str| {
        let bearer = format!("Bearer {}", place(&server).1);
        let path = format!("/anomalies/{id}/decide?lang=en");
        ask(&server, "POST", &path, &[("Authorization", &bearer)], body)
    };
    for body in
        ["decision=shelve", "decision=ack&kind=real&by=kim", "decision=ack&reason=x&kind=real"]
    {
        assert_eq!(form(body).status, 400, "{body}");
    }
    let hostile = "decision=ack&kind=real&by=kim&reason=%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    assert_eq!(form(hostile).status, 303);
    assert!(!get(&server, "/anomalies").body.contains("<script>alert"));
    assert_eq!(form("decision=reopen").status, 303);
    let output = exports.trimtab(&["anomaly", "show", "A-none"]);
    assert_eq!(output.status.code(), Some(2));
    drop(server);
    let shows = Server::start_with(&exports, &["--read-only"]);
    let answer = post(&shows, &ack, &fine);
    assert_eq!((answer.status, &answer.json()["code"]), (403, &json!("read-only")));
    assert!(!get(&shows, &format!("/anomalies/{id}")).body.contains("/decide"));
}
