//! Lists of pages: narrowed, sorted and taken away by their address, and what leads from one to the next.

use serde_json::{Value, json};

use crate::client::{ask, get, little, place};
use crate::money::two_months;
use crate::server::{self, Server};
use crate::support::{Exports, stderr, stdout};

fn ingested(bill: &str) -> Exports {
    let exports = Exports::empty();
    exports.write("billing/two-months.csv", bill);
    let from = exports.dir();
    let output = exports.trimtab(&["ingest", "--from", from.to_str().expect("UTF-8")]);
    assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
    exports
}

#[test]
fn a_list_is_narrowed_by_what_is_shown_and_says_what_cannot_be_compared() {
    let exports = little();
    let server = Server::start(&exports);
    let list = |query: &str| get(&server, &format!("/recommendations?lang=en&{query}")).body;
    let links = |page: &str| page.matches("href=\"/recommendations/R-").count();
    let all = links(&list("sort=id"));
    assert!(all > 0, "{}", list("sort=id"));
    // An account is a name, although it could be read as a number.
    assert_eq!(links(&list("f.account=%3D111122223333")), all);
    assert_eq!(links(&list("f.risk=%3C%3Dvery%20high")), all);
    assert_eq!(links(&list("f.risk=%3Every-high")), 0);
    let wrong = list("f.risk=%3C%3Dtiny");
    assert!(wrong.contains("cannot be compared") && wrong.contains("Very low, Low"), "{wrong}");
    assert!(wrong.contains("value=\"&lt;=tiny\""), "what was written stays: {wrong}");
    assert_eq!(get(&server, "/recommendations?format=csv&f.saving=%3Emuch").status, 400);
    // The sums are of what is listed, whichever of the two narrows it.
    let sums = |page: &str| {
        let rest = page.split_once("id=\"sums\"").map(|(_, rest)| rest).expect("sums");
        rest.split_once("class=\"card\"").map_or("", |(sums, _)| sums).to_owned()
    };
    let counted = |page: &str| sums(page).contains(&format!("{all} recommendation"));
    assert!(counted(&list("sort=id")), "{}", list("sort=id"));
    assert!(!counted(&list("f.saving=%3E99999999")), "{}", list("f.saving=%3E99999999"));
}

#[test]
fn lists_of_a_page_are_taken_away_one_by_one() {
    let exports = little();
    let server = Server::start(&exports);
    for (path, media_type) in [
        ("/settings?format=csv", "text/csv; charset=utf-8"),
        ("/settings?format=json&f.key=language", "application/json"),
        ("/settings?list=audit&format=csv", "text/csv; charset=utf-8"),
    ] {
        let answer = get(&server, path);
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (200, Some(media_type)),
            "{path}"
        );
    }
    let id = get(&server, "/api/v1/recommendations?limit=1").json()["items"][0]["id"].clone();
    let id = id.as_str().expect("a recommendation").to_owned();
    let figures = get(&server, &format!("/recommendations/{id}?list=figures&format=csv"));
    assert!(figures.body.starts_with("figure,value,threshold"), "{}", figures.body);
    let page = get(&server, &format!("/recommendations/{id}?lang=en")).body;
    assert!(page.contains("Step by step") && page.contains("When it may start"), "{page}");
}

#[test]
fn a_refused_approval_is_told_on_the_page_of_its_plan() {
    let exports = little();
    let configuration = "[[account]]\nid = \"111122223333\"\nalias = \"game-prod\"\n\n\
                         [[rollout.window]]\nfrom = \"00:00\"\nuntil = \"00:00\"\ntimezone = \"Asia/Seoul\"\n";
    std::fs::write(server::home(&exports).join("trimtab.toml"), configuration)
        .expect("a file of ours");
    let output = exports.trimtab(&["plan", "create", "--by", "kim"]);
    assert!(matches!(output.status.code(), Some(0 | 4)), "{}", stderr(&output));
    let server = Server::start(&exports);
    let plan = get(&server, "/api/v1/plans").json()["items"][0]["plan"].clone();
    let plan = plan.as_str().expect("a plan").to_owned();
    let bearer = format!("Bearer {}", place(&server).1);
    let headers = [("Authorization", bearer.as_str()), ("Accept-Language", "en")];
    let body = "stage=prod&hash=deadbeefdeadbeef&aliases=game-prod&by=lee";
    let answer = ask(&server, "POST", &format!("/plans/{plan}/approve"), &headers, body);
    assert!(answer.status >= 400, "{}", answer.status);
    assert!(answer.body.contains(&format!("<h1>{plan}</h1>")), "{}", answer.body);
    assert!(!answer.body.contains("This page could not be made"), "{}", answer.body);
    // The list with the plan says that it waits, and its recommendation leads to it.
    let change = get(&server, &format!("/api/v1/plans/{plan}")).json();
    let text = change.to_string();
    let item = text.split("\"recommendation\":\"").nth(1).and_then(|rest| rest.split('"').next());
    let item = item.expect("a change of a recommendation");
    let page = get(&server, &format!("/recommendations/{item}?lang=en")).body;
    assert!(page.contains(&format!("/plans/{plan}")), "{page}");
}

#[test]
fn cost_is_narrowed_down_to_a_resource_and_compared_with_any_days() {
    let exports = ingested(&two_months());
    let server = Server::start(&exports);
    let october = json!({"amount": "390", "currency": "USD"});
    let costs = |query: &str| {
        get(&server, &format!("/api/v1/costs?from=2026-10-01&until=2026-10-31&{query}")).json()
    };
    for query in ["usage_type=APN2-NatGateway-Bytes", "team=LIVE-ops", "environment=prod"] {
        assert_eq!(costs(query)["total"], october, "{query}");
    }
    for query in ["usage_type=BoxUsage", "team=nobody", "environment=dev"] {
        assert_eq!(costs(query)["total"]["amount"], json!("0"), "{query}");
    }
    let both = costs("group_by=team&usage_type=APN2-NatGateway-Bytes&environment=prod");
    assert_eq!(both["items"][0]["key"], json!("Live-Ops"), "{both}");
    // Without other days, those before: September as a whole is named here.
    let against = costs("against_from=2026-09-01&against_until=2026-09-30");
    assert_eq!(against["total_before"]["amount"], json!("300"), "{against}");
    assert_eq!(against["before_from"], json!("2026-09-01"));
    let week = costs("against_from=2026-09-01&against_until=2026-09-07");
    assert_eq!(week["total_before"]["amount"], json!("70"), "{week}");
    let answer = get(&server, "/api/v1/costs?against_from=2026-09-01");
    assert_eq!((answer.status, &answer.json()["code"]), (400, &json!("usage")));
    assert_eq!(
        costs("against_from=2025-09-01&against_until=2025-09-30")["total_before"],
        Value::Null
    );
    let page = get(&server, "/cost?group_by=usage-type&lang=en").body;
    assert!(page.contains("usage_type=APN2-NatGateway-Bytes&amp;group_by=resource"), "{page}");
    let page = get(&server, "/cost?group_by=resource&lang=en").body;
    assert!(page.contains("resource=nat-0a&amp;group_by=usage-type"), "{page}");
}

#[test]
fn a_resource_of_the_bill_leads_to_its_page_where_the_inventory_knows_it() {
    let exports = little();
    let server = Server::start(&exports);
    let page = get(&server, "/cost?group_by=resource&lang=en").body;
    assert!(page.contains("href=\"/resource?kind="), "{page}");
}

#[test]
fn a_bill_that_ended_long_ago_is_marked_on_every_page() {
    let exports = ingested(&two_months().replace("2026-", "2020-"));
    let server = Server::start(&exports);
    for path in ["/", "/cost", "/plans", "/settings"] {
        let page = get(&server, &format!("{path}?lang=en")).body;
        assert!(page.contains("Old bill: until 2020-10-31"), "{path}: {page}");
    }
}
