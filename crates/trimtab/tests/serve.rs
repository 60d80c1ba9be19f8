//! The dashboard's server, as a client that wants too much meets it.
#![expect(
    clippy::indexing_slicing,
    reason = "a JSON value that is not there is null, and fails its assertion"
)]

#[path = "browser/server.rs"]
mod server;
mod support;

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};

use server::Server;
use support::{Exports, stderr, stdout};

/// An answer.
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }
}

/// Where a server is, and its token.
fn place(server: &Server) -> (String, String) {
    let rest = server.address.strip_prefix("http://").expect("http");
    let (host, token) = rest.split_once("/login?token=").expect("a token");
    (host.to_owned(), token.to_owned())
}

fn ask(server: &Server, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let (host, _) = place(server);
    let mut stream = TcpStream::connect(&host).expect("it listens");
    let mut request = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
    if !headers.iter().any(|(name, _)| *name == "Host") {
        request.push_str(&format!("Host: {host}\r\n"));
    }
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    stream.write_all(request.as_bytes()).expect("it reads");
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).expect("it answers");
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").expect("a head");
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
    Answer { status, head: head.to_owned(), body: dechunked(head, body) }
}

/// Joins the pieces of an answer whose length was not known beforehand.
fn dechunked(head: &str, body: &str) -> String {
    if !head.to_lowercase().contains("transfer-encoding: chunked") {
        return body.to_owned();
    }
    let (mut whole, mut rest) = (String::new(), body);
    while let Some((size, after)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap_or(0);
        if size == 0 {
            break;
        }
        whole.push_str(&String::from_utf8_lossy(&after.as_bytes()[..size.min(after.len())]));
        rest = after.get(size + 2..).unwrap_or_default();
    }
    whole
}

fn get(server: &Server, path: &str) -> Answer {
    let bearer = format!("Bearer {}", place(server).1);
    ask(server, "GET", path, &[("Authorization", &bearer)], "")
}

fn little() -> Exports {
    let exports = Exports::small();
    let from = exports.dir();
    let from = from.to_str().expect("UTF-8");
    for arguments in [&["ingest", "--from", from][..], &["analyze"]] {
        let output = exports.trimtab(arguments);
        assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
    }
    exports
}

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

#[test]
fn pages_say_what_the_api_says() {
    let exports = little();
    let server = Server::start(&exports);
    let overview = get(&server, "/api/v1/overview?lang=en").json();
    let page = get(&server, "/?lang=en").body;
    let count = overview["savings"]["recommendations"].as_u64().expect("a count");
    assert!(page.contains(&format!("{count} recommendation")), "{page}");
    let listed = get(&server, "/api/v1/recommendations").json();
    let list = get(&server, "/recommendations?lang=en").body;
    for item in listed["items"].as_array().into_iter().flatten() {
        let id = item["id"].as_str().unwrap_or_default();
        assert!(list.contains(&format!("/recommendations/{id}")), "{id}");
    }
}

/// A bill of September and October by day: ten dollars of one service a day, ninety on the 20th of October.
fn two_months() -> String {
    let mut bill = String::from(
        "BillingAccountId,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,\
         ChargeCategory,BilledCost,EffectiveCost,ListCost,ContractedCost,ServiceName,SubAccountId,RegionId,ResourceId,\
         PricingQuantity,PricingUnit,x_UsageType,Tags\n",
    );
    for (month, next, days) in [(9, 10, 30), (10, 11, 31)] {
        for day in 1..=days {
            let (cost, quantity) = if (month, day) == (10, 20) { (90, 900) } else { (10, 100) };
            let (end_month, end) = if day == days { (next, 1) } else { (month, day + 1) };
            bill.push_str(&format!(
                "999988887777,USD,2026-{month:02}-01T00:00:00Z,2026-{next:02}-01T00:00:00Z,\
                 2026-{month:02}-{day:02}T00:00:00Z,2026-{end_month:02}-{end:02}T00:00:00Z,\
                 Usage,{cost},{cost},{cost},{cost},Amazon Virtual Private Cloud,111122223333,ap-northeast-2,nat-0a,\
                 {quantity},GB,APN2-NatGateway-Bytes,\"{{\"\"Team\"\":\"\"Live-Ops\"\",\"\"Environment\"\":\"\"live\"\"}}\"\n"
            ));
        }
    }
    bill
}

#[test]
fn what_pages_say_of_money_is_what_the_bill_adds_up_to() {
    let exports = Exports::empty();
    exports.write("billing/two-months.csv", two_months());
    std::fs::write(
        server::home(&exports).join("trimtab.toml"),
        "[[budget]]\nmonthly = \"300 USD\"\n\n[[budget]]\nname = \"live\"\nteam = \"live-ops\"\nmonthly = \"500000 KRW\"\n",
    )
    .expect("a file of ours");
    let from = exports.dir();
    let output = exports.trimtab(&["ingest", "--from", from.to_str().expect("UTF-8")]);
    assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
    let server = Server::start(&exports);
    let month = |from: &str, until: &str| {
        get(&server, &format!("/api/v1/costs?from={from}&until={until}")).json()["total"].clone()
    };
    let october = month("2026-10-01", "2026-10-31");
    assert_eq!(october, json!({"amount": "390", "currency": "USD"}));

    let bridge = get(&server, "/api/v1/costs/bridge").json();
    assert_eq!((&bridge["to"], &bridge["from"]), (&october, &month("2026-09-01", "2026-09-30")));
    let steps = bridge["steps"].as_array().cloned().unwrap_or_default();
    assert_eq!(steps.len(), 1, "{bridge}");
    assert_eq!((&steps[0]["name"], &steps[0]["amount"]["amount"]), (&json!("usage"), &json!("90")));
    assert!(get(&server, "/cost?lang=en").body.contains("From one month to the next"));

    let found = get(&server, "/api/v1/anomalies").json();
    let first = &found["items"][0];
    assert_eq!(
        (&first["from"], &first["difference"]["amount"]),
        (&json!("2026-10-20"), &json!("80"))
    );
    assert_eq!(first["usage_types"][0]["key"], json!("APN2-NatGateway-Bytes"), "{found}");
    assert_eq!(first["resources"][0]["difference"]["amount"], json!("80"), "{found}");
    let page = get(&server, "/anomalies?lang=en").body;
    assert!(page.contains("APN2-NatGateway-Bytes") && page.contains("2026-10-20"), "{page}");

    let budgets = get(&server, "/api/v1/budgets").json();
    let (whole, team) = (&budgets["items"][0], &budgets["items"][1]);
    assert_eq!((&whole["to_date"], &whole["overrun_percent"]), (&october, &json!(100.0)));
    assert_eq!((&team["to_date"], &team["compared"]), (&october, &Value::Null), "{team}");
    let page = get(&server, "/budgets?lang=ko").body;
    assert!(page.contains("exchange_rate") && page.contains("예산의 130%"), "{page}");

    for by in ["environment", "team"] {
        let costs = get(&server, &format!("/api/v1/costs?group_by={by}&from=2026-10-01")).json();
        let name = if by == "team" { "Live-Ops" } else { "prod" };
        assert_eq!(costs["items"][0]["key"], json!(name), "{costs}");
        assert_eq!(costs["items"][0]["cost"], october, "{costs}");
    }
    for path in ["savings", "commitments"] {
        assert_eq!(get(&server, &format!("/api/v1/{path}")).status, 404, "{path}");
        assert_eq!(get(&server, &format!("/{path}?lang=ko")).status, 200, "{path}");
    }
}

#[test]
fn a_plan_that_waits_is_planned_and_nothing_is_verified() {
    let exports = little();
    let output = exports.trimtab(&["plan", "create", "--by", "kim"]);
    assert!(matches!(output.status.code(), Some(0 | 4)), "{}", stderr(&output));
    let server = Server::start(&exports);
    let savings = get(&server, "/api/v1/savings").json();
    let overview = get(&server, "/api/v1/overview").json();
    assert_eq!(savings["planned"]["amount"], overview["savings"]["planned"], "{savings}");
    assert_eq!(savings["found"]["amount"], overview["savings"]["likely"], "{savings}");
    assert_eq!((&savings["verified"], &savings["applied"]["count"]), (&Value::Null, &json!(0)));
    assert_eq!(savings["planned"]["count"], json!(savings["items"].as_array().map(Vec::len)));
    let page = get(&server, "/savings?lang=en").body;
    assert!(page.contains("Not verified yet"), "{page}");
    let csv = get(&server, "/savings?format=csv").body;
    assert_eq!(csv.lines().count(), savings["items"].as_array().map_or(0, Vec::len) + 1, "{csv}");
}

#[test]
fn a_day_of_korea_has_hours_of_two_days_of_utc() {
    let exports = Exports::empty();
    let mut bill = String::from(
        "BillingAccountId,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,\
         ChargeCategory,BilledCost,EffectiveCost,ListCost,ContractedCost,ServiceName,SubAccountId\n",
    );
    let hours = [
        ("01T14", "01T15", 5),
        ("01T15", "01T16", 7),
        ("02T14", "02T15", 11),
        ("02T15", "02T16", 13),
        ("02T00", "03T00", 100),
    ];
    for (start, end, cost) in hours {
        bill.push_str(&format!(
            "999988887777,USD,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,2026-10-{start}:00:00Z,2026-10-{end}:00:00Z,\
             Usage,{cost},{cost},{cost},{cost},Amazon EC2,111122223333\n"
        ));
    }
    exports.write("billing/hours.csv", bill);
    let from = exports.dir();
    let output = exports.trimtab(&["ingest", "--from", from.to_str().expect("UTF-8")]);
    assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
    let server = Server::start(&exports);
    let day =
        |of: &str| get(&server, &format!("/api/v1/costs/hours?day=2026-10-02&day_of={of}")).json();
    let (utc, korea) = (day("utc"), day("kst"));
    assert_eq!(utc["total"], json!({"amount": "24", "currency": "USD"}), "{utc}");
    assert_eq!(korea["total"], json!({"amount": "18", "currency": "USD"}), "{korea}");
    assert_eq!(
        (&utc["longer"], &korea["items"][0]["at"]),
        (&json!(1), &json!("2026-10-01T15:00:00Z"))
    );
    let page =
        get(&server, "/cost?from=2026-10-02&until=2026-10-02&day_of=kst&lang=ko&currency=USD").body;
    assert!(page.contains("한국 시간 2026-10-02") && page.contains("18.00"), "{page}");
    assert_eq!(get(&server, "/api/v1/costs/hours?day=2026-10-02&day_of=pst").status, 400);
}

#[test]
fn what_commitments_cost_is_what_the_bill_charges_for_them() {
    let exports = Exports::empty();
    let mut bill = String::from(
        "BillingAccountId,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,\
         ChargeCategory,BilledCost,EffectiveCost,ListCost,ContractedCost,ServiceName,SubAccountId,x_UsageType,\
         CommitmentDiscountId,CommitmentDiscountStatus,CommitmentDiscountType\n",
    );
    let plan = "arn:aws:savingsplans::999988887777:savingsplan/0a1b";
    for day in 1..=31 {
        let (end_month, end) = if day == 31 { (11, 1) } else { (10, day + 1) };
        let parts = [
            (8, 12, "APN2-BoxUsage:m5.large", plan, "Used"),
            (2, 0, "APN2-ComputeSP:1yrNoUpfront", plan, "Unused"),
            (4, 4, "APN2-BoxUsage:m5.large", "", ""),
        ];
        for (effective, list, usage, id, status) in parts {
            let kind = if id.is_empty() { "" } else { "Compute Savings Plan" };
            bill.push_str(&format!(
                "999988887777,USD,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,2026-10-{day:02}T00:00:00Z,\
                 2026-{end_month:02}-{end:02}T00:00:00Z,Usage,{effective},{effective},{list},{list},Amazon EC2,111122223333,\
                 {usage},{id},{status},{kind}\n"
            ));
        }
    }
    exports.write("billing/committed.csv", bill);
    let from = exports.dir();
    let output = exports.trimtab(&["ingest", "--from", from.to_str().expect("UTF-8")]);
    assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
    let server = Server::start(&exports);
    let found = get(&server, "/api/v1/commitments").json();
    let last = &found["last"];
    let usd = |amount: &str| json!({"amount": amount, "currency": "USD"});
    assert_eq!((&last["month"], &last["is_whole"]), (&json!("2026-10"), &json!(true)), "{found}");
    assert_eq!((&last["paid"], &last["unused"]), (&usd("310"), &usd("62")), "{found}");
    assert_eq!(
        (&last["used_percent"], &last["compute_coverage_percent"]),
        (&json!(80.0), &json!(75.0))
    );
    assert_eq!(found["items"][0]["on_demand"], usd("372"), "{found}");
    assert_eq!((&found["next_end"], &found["in_inventory"]), (&Value::Null, &json!(0)));
    let page = get(&server, "/commitments?lang=en&currency=USD").body;
    assert!(page.contains("80%") && page.contains("75%") && page.contains("62.00"), "{page}");
}

/// The company of the demo, read as a user's own exports are, with a bill divided by team.
fn divided_company() -> Exports {
    let exports = Exports::empty();
    let home = server::home(&exports);
    std::fs::write(
        home.join("trimtab.toml"),
        "[[allocation]]\nname = \"team\"\ntags = [\"Team\"]\n\
         [[allocation.virtual_tag]]\nvalue = \"network\"\nservices = [\"Amazon Virtual Private*\"]\n\
         [[allocation.shared]]\nname = \"storage\"\nservices = [\"Amazon Simple Storage*\"]\n",
    )
    .expect("a file");
    let story = home.join("story");
    let story = story.to_str().expect("UTF-8");
    for arguments in [
        &["demo", "--no-serve", "--dir", story][..],
        &["ingest", "--from", story],
        &["analyze", "--as-of", "2026-10-31T00:00:00Z"],
    ] {
        let output = exports.trimtab(arguments);
        assert!(matches!(output.status.code(), Some(0 | 4)), "{}", stderr(&output));
    }
    exports
}

#[test]
fn whose_cost_it_is_adds_up_and_use_after_a_change_is_what_the_recommendation_says() {
    let exports = divided_company();
    let server = Server::start(&exports);
    let answer = get(&server, "/api/v1/allocation").json();
    let days = format!("from={}&until={}", answer["from"], answer["until"]).replace('"', "");
    let spent = get(&server, &format!("/api/v1/costs?{days}")).json();
    let decimal = |value: &Value| -> rust_decimal::Decimal {
        value["amount"].as_str().expect("an amount").parse().expect("a number")
    };
    let team = &answer["items"][0];
    assert_eq!(decimal(&team["total"]), decimal(&spent["total"]), "{answer}");
    let owners = team["owners"].as_array().expect("a list");
    let owned: rust_decimal::Decimal = owners.iter().map(|owner| decimal(&owner["cost"])).sum();
    assert_eq!(owned + decimal(&team["unallocated"]), decimal(&team["total"]));
    let borne: rust_decimal::Decimal = owners.iter().map(|owner| decimal(&owner["shared"])).sum();
    assert_eq!(borne, decimal(&team["shared"][0]["cost"]), "{team}");
    assert!(borne > rust_decimal::Decimal::ZERO, "{team}");
    let page = get(&server, "/allocation?lang=en").body;
    for owner in owners {
        assert!(page.contains(owner["owner"].as_str().expect("a name")), "{owner}");
    }

    let filter = "/api/v1/recommendations?filter=check%3Dec2-instance-oversized";
    let item = get(&server, filter).json()["items"][0].clone();
    let id = item["id"].as_str().expect("an identifier");
    let series = get(&server, &format!("/api/v1/recommendations/{id}/series")).json();
    let cpu = &series["panels"][0];
    assert_eq!(cpu["name"], "cpu_max", "{series}");
    let highest = |points: &Value| {
        let points = points.as_array().expect("points").iter();
        points.filter_map(|point| point[1].as_f64()).fold(0.0, f64::max)
    };
    // Figures have two decimals here.
    let measured = item["evidence"]["figures"]["cpu_max"]["value"].as_f64().expect("a figure");
    assert!((highest(&cpu["measured"]) - measured).abs() < 0.006, "{measured}");
    let page = get(&server, &format!("/recommendations/{id}?lang=en")).body;
    assert!(page.contains("Use, now and after"), "{page}");
    let after = item["projected"]["cpu_max"].as_f64().expect("a projection");
    assert!((highest(&cpu["projected"]) - after).abs() < 0.02, "{after}");
}
