//! The dashboard's server, as a client that wants too much meets it.
#![expect(
    clippy::indexing_slicing,
    reason = "a JSON value that is not there is null, and fails its assertion"
)]

mod acknowledged;
mod answers;
mod api;
mod client;
#[path = "../support/company.rs"]
mod company;
mod counts;
mod coverage;
mod divided;
mod facets;
mod figures;
mod lists;
mod money;
mod resources;
mod scopes;
mod sent;
#[path = "../browser/server.rs"]
mod server;
mod shapes;
#[path = "../support/mod.rs"]
mod support;
mod views;

use serde_json::{Value, json};

use client::{ask, get, little, place};
use server::Server;
use support::{Exports, stderr, stdout};

#[test]
fn nothing_is_shown_without_the_token() {
    let exports = little();
    let server = Server::start(&exports);
    for path in ["/", "/recommendations", "/plans", "/settings"] {
        let answer = ask(&server, "GET", path, &[], "");
        assert_eq!(answer.status, 401, "{path}");
        assert!(answer.body.contains("name=\"token\""), "{path}");
        assert!(!answer.body.contains("vol-0a"), "{path}");
    }
    let answer = ask(&server, "GET", "/api/v1/recommendations", &[], "");
    assert_eq!((answer.status, &answer.json()["code"]), (401, &json!("unauthorized")));
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    let wrong = ask(&server, "GET", "/api/v1/plans", &[("Authorization", "Bearer 0123")], "");
    assert_eq!(wrong.status, 401);
    // The address that is printed lets its reader in, and the token is in no address after it.
    let entered = ask(
        &server,
        "GET",
        server
            .address
            .split_once("/login")
            .map_or("", |(_, rest)| rest)
            .replacen('?', "/login?", 1)
            .as_str(),
        &[],
        "",
    );
    assert_eq!((entered.status, entered.header("location")), (303, Some("/")));
    let cookie = entered.header("set-cookie").expect("a session").to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    assert!(!cookie.contains(&place(&server).1), "{cookie}");
    let session = cookie.split(';').next().unwrap_or_default();
    assert_eq!(ask(&server, "GET", "/recommendations", &[("Cookie", session)], "").status, 200);
}

#[test]
fn g06_a_request_with_a_foreign_host_or_origin_is_refused() {
    let exports = little();
    let server = Server::start(&exports);
    let bearer = format!("Bearer {}", place(&server).1);
    for host in ["evil.example", "evil.example:7070", "127.0.0.1", "localhost:1"] {
        let headers = [("Host", host), ("Authorization", bearer.as_str())];
        let answer = ask(&server, "GET", "/api/v1/overview", &headers, "");
        assert_eq!(
            (answer.status, &answer.json()["code"]),
            (421, &json!("foreign-host")),
            "{host}"
        );
    }
    let port = place(&server).0.rsplit_once(':').map(|(_, port)| port.to_owned()).expect("a port");
    let own = format!("localhost:{port}");
    let headers = [("Host", own.as_str()), ("Authorization", bearer.as_str())];
    assert_eq!(ask(&server, "GET", "/api/v1/overview", &headers, "").status, 200);
}

#[test]
fn g07_a_request_forged_on_another_page_is_refused() {
    let exports = little();
    let server = Server::start(&exports);
    let bearer = format!("Bearer {}", place(&server).1);
    let item = get(&server, "/api/v1/recommendations?limit=1").json()["items"][0]["id"].clone();
    let path = format!("/recommendations/{}/decide", item.as_str().expect("a recommendation"));
    let body = "decision=dismiss&reason=forged";
    for foreign in
        [("Origin", "http://evil.example"), ("Sec-Fetch-Site", "cross-site"), ("Origin", "null")]
    {
        let headers = [foreign, ("Authorization", bearer.as_str())];
        let answer = ask(&server, "POST", &path, &headers, body);
        assert_eq!((answer.status, &answer.json()["code"]), (403, &json!("foreign-origin")));
    }
    let before = get(&server, "/api/v1/recommendations").json();
    assert_eq!(before["hidden"], json!(0));
    // The same from a page of its own is done.
    let origin = format!("http://{}", place(&server).0);
    let headers = [("Origin", origin.as_str()), ("Authorization", bearer.as_str())];
    assert_eq!(ask(&server, "POST", &path, &headers, body).status, 303);
    let after = get(&server, "/api/v1/recommendations").json();
    assert_eq!(after["hidden"], json!(1));
}

#[test]
fn g08_the_server_without_a_guard_on_all_addresses_does_not_start() {
    let exports = little();
    let output =
        exports.trimtab(&["serve", "--addr", "0.0.0.0:0", "--auth", "none", "--lang", "en"]);
    assert_eq!(output.status.code(), Some(2), "{}", stdout(&output));
    assert!(stderr(&output).contains("--auth"), "{}", stderr(&output));
}

#[test]
fn g03_a_tag_that_gives_orders_is_text() {
    let exports = Exports::small();
    let orders = r#"</script><script>alert(1)</script>=HYPERLINK(\"http://evil\")\u202Ename"#;
    let volumes = support::VOLUMES.replace("old-logs", orders);
    exports.write("inventory/111122223333/ap-northeast-2/describe-volumes.json", volumes);
    for arguments in
        [&["ingest", "--from", exports.dir().to_str().expect("UTF-8")][..], &["analyze"]]
    {
        assert!(exports.trimtab(arguments).status.success());
    }
    let server = Server::start(&exports);
    for path in ["/", "/recommendations", "/waste"] {
        let page = get(&server, path);
        assert_eq!(page.status, 200, "{path}");
        assert!(page.body.contains("&lt;script&gt;"), "{path} has lost the name");
        assert!(!page.body.contains("<script>alert"), "{path}");
        assert!(!page.body.contains('\u{202E}'), "{path}");
    }
    let file = get(&server, "/recommendations?format=csv");
    assert_eq!(
        file.header("content-disposition"),
        Some("attachment; filename=\"trimtab-recommendations.csv\"")
    );
    assert!(
        !file
            .body
            .lines()
            .any(|line| line.split(',').any(|field| field.trim_matches('"').starts_with('='))),
        "{}",
        file.body
    );
}

#[test]
fn every_answer_tells_the_browser_what_it_may_do() {
    let exports = little();
    let server = Server::start(&exports);
    for path in ["/", "/api/v1/overview", "/login", "/nowhere", "/assets/0/app.css"] {
        let answer = get(&server, path);
        let policy = answer.header("content-security-policy").unwrap_or_default();
        assert!(
            policy.contains("default-src 'none'") && !policy.contains("unsafe"),
            "{path}: {policy}"
        );
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
    }
}

#[test]
fn what_is_known_already_is_not_sent_again() {
    let exports = little();
    let server = Server::start(&exports);
    let first = get(&server, "/api/v1/recommendations");
    let tag = first.header("etag").expect("a tag").to_owned();
    let bearer = format!("Bearer {}", place(&server).1);
    let headers = [("Authorization", bearer.as_str()), ("If-None-Match", tag.as_str())];
    let second = ask(&server, "GET", "/api/v1/recommendations", &headers, "");
    assert_eq!((second.status, second.body.as_str()), (304, ""));
}

#[test]
fn a_server_that_was_killed_shows_the_same_when_it_is_back() {
    let exports = little();
    let first = Server::start(&exports);
    let paths =
        ["/api/v1/overview", "/api/v1/recommendations", "/api/v1/costs", "/api/v1/coverage"];
    let before: Vec<Value> = paths.iter().map(|path| get(&first, path).json()).collect();
    let token = place(&first).1;
    // Dropping it kills it: there is no goodbye.
    drop(first);
    let second = Server::start(&exports);
    assert_eq!(place(&second).1, token);
    let after: Vec<Value> = paths.iter().map(|path| get(&second, path).json()).collect();
    assert_eq!(before, after);
}

#[test]
fn mistakes_are_told_with_what_to_do() {
    let exports = little();
    let server = Server::start(&exports);
    for (path, status, code) in [
        ("/api/v1/recommendations?filter=risk%3C%3Dtiny", 400, "usage"),
        ("/api/v1/recommendations?filter=saving%3E5eur", 400, "usage"),
        ("/api/v1/costs?group_by=colour", 400, "usage"),
        ("/api/v1/costs?from=yesterday", 400, "usage"),
        ("/api/v1/costs?basis=colour", 400, "usage"),
        ("/api/v1/costs?from=1900-01-01", 400, "usage"),
        ("/api/v1/recommendations?limit=0", 400, "usage"),
        ("/api/v1/recommendations?limit=many", 400, "usage"),
        ("/api/v1/recommendations?cursor=-1", 400, "usage"),
        ("/api/v1/recommendations/R-none", 404, "not-found"),
        ("/api/v1/plans/P-none", 404, "not-found"),
        ("/api/v1/runs/RUN-none", 404, "not-found"),
        ("/api/v1/runs/RUN-none/events", 404, "not-found"),
    ] {
        let answer = get(&server, path);
        assert_eq!((answer.status, &answer.json()["code"]), (status, &json!(code)), "{path}");
        assert_ne!(answer.json()["hint"], Value::Null, "{path}");
    }
    assert_eq!(get(&server, "/recommendations?f.nothing=1").status, 200);
    assert_eq!(get(&server, "/recommendations?filter=risk%3C%3Dtiny").status, 400);
    assert_eq!(get(&server, "/recommendations?cursor=18446744073709551615").status, 200);
    for query in ["format=doc", "format=csv&f.nothing=1", "format=csv&sort=id:down"] {
        let answer = get(&server, &format!("/recommendations?{query}"));
        assert_eq!(answer.status, 400, "{query}");
        assert!(!answer.body.is_empty(), "{query}");
    }
    // Whoever tries again after a form was refused comes back to the page that has it.
    for path in ["/recommendations/R-x/decide", "/plans/P-x/approve", "/runs/RUN-x/wish"] {
        let answer = get(&server, path);
        let page = path.rsplit_once('/').map(|(page, _)| page);
        assert_eq!((answer.status, answer.header("location")), (303, page), "{path}");
    }
}

#[test]
fn what_a_filter_leaves_nothing_of_costs_nothing_and_other_days_are_not_known() {
    let exports = Exports::small();
    exports.write(
        "billing/october.csv",
        support::BILL.replace(
            "2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,Usage",
            "2026-10-01T00:00:00Z,2026-10-02T00:00:00Z,Usage",
        ),
    );
    let from = exports.dir();
    assert!(exports.trimtab(&["ingest", "--from", from.to_str().expect("UTF-8")]).status.success());
    let server = Server::start(&exports);
    let all = get(&server, "/api/v1/costs").json();
    let none = get(&server, "/api/v1/costs?service=Nothing").json();
    assert_eq!(none["total"]["amount"], json!("0"), "{none}");
    assert_eq!(none["total"]["currency"], all["total"]["currency"]);
    assert_eq!(none["until"], all["until"]);
    let later = get(&server, "/api/v1/costs?from=2027-01-01&until=2027-01-03").json();
    assert_eq!((&later["total"], &later["missing_days"]), (&Value::Null, &json!(3)), "{later}");
}

#[test]
fn a_resource_has_its_cost_where_the_bill_knows_it_by_its_arn() {
    let exports = Exports::small();
    let arn = "arn:aws:ec2:ap-northeast-2:111122223333:volume/vol-0a";
    exports.write("billing/october.csv", support::BILL.replace("vol-0a", arn));
    let from = exports.dir();
    assert!(exports.trimtab(&["ingest", "--from", from.to_str().expect("UTF-8")]).status.success());
    let server = Server::start(&exports);
    let list = get(&server, "/resources?lang=en&currency=USD").body;
    let mut links = list.split("href=\"").filter_map(|rest| rest.split('"').next());
    let link = links.find(|link| link.ends_with("id=vol-0a")).expect("the volume is listed");
    let link = link.replace("&amp;", "&");
    let page = get(&server, &format!("{link}&lang=en&currency=USD")).body;
    assert!(page.contains("11.40"), "{page}");
}

#[test]
fn what_happened_in_a_run_is_told_once_and_then_that_it_is_over() {
    let exports = Exports::empty();
    let run = support::json(&exports.trimtab(&["demo", "--run", "-o", "json"]));
    let dir = exports.data_dir().join("demo").join("run");
    let server = Server::start_with(&exports, &["--data-dir", dir.to_str().expect("UTF-8")]);
    let path = format!("/api/v1/runs/{}/events", run["run"].as_str().expect("a run"));
    let told = get(&server, &path);
    assert_eq!(told.header("content-type"), Some("text/event-stream"));
    let count = told.body.matches("event: entry").count();
    assert!(count > 100 && told.body.matches("event: end").count() == 1, "{count}");
    assert!(told.body.contains(&format!("id: {}\n", count - 1)), "entries are numbered from 0");
    let rest = get(&server, &format!("{path}?after={}", count - 3));
    assert_eq!(rest.body.matches("event: entry").count(), 2, "{}", rest.body);
}

#[test]
fn a_server_that_only_shows_changes_nothing() {
    let exports = little();
    let server = Server::start_with(&exports, &["--read-only"]);
    let bearer = format!("Bearer {}", place(&server).1);
    let headers = [("Authorization", bearer.as_str())];
    for path in ["/plans", "/recommendations/R-x/decide", "/plans/P-x/approve", "/runs/RUN-x/wish"]
    {
        let answer = ask(&server, "POST", path, &headers, "by=kim");
        assert_eq!((answer.status, &answer.json()["code"]), (403, &json!("read-only")), "{path}");
    }
}
