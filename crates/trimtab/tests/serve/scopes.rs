//! What a reader looks at goes along from page to page, and every page says what it makes of that.

use serde_json::json;

use crate::client::{ask, get, place};
use crate::money::two_months;
use crate::server::{self, Server};
use crate::support::{Exports, stderr, stdout};

/// Two accounts, one of live-ops in production, and a volume of each.
fn two_accounts() -> Exports {
    let exports = Exports::small();
    let other = two_months()
        .lines()
        .skip(1)
        .map(|line| format!("{line}\n"))
        .collect::<String>()
        .replace("111122223333", "444455556666")
        .replace("nat-0a", "nat-0b")
        .replace("Live-Ops", "data")
        .replace("\"\"live\"\"", "\"\"dev\"\"");
    exports.write("billing/october.csv", two_months() + &other);
    std::fs::write(
        server::home(&exports).join("trimtab.toml"),
        "[[account]]\nid = \"111122223333\"\nalias = \"game-prod\"\n",
    )
    .expect("a file of ours");
    for arguments in
        [&["ingest", "--from", exports.dir().to_str().expect("UTF-8")][..], &["analyze"]]
    {
        let output = exports.trimtab(arguments);
        assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
    }
    exports
}

/// Returns a page as somebody reads it who looks at what the cookie says.
fn page(server: &Server, path: &str, scope: &str) -> String {
    let bearer = format!("Bearer {}", place(server).1);
    let cookie = format!("trimtab_lang=en; trimtab_scope={scope}");
    let headers = [("Authorization", bearer.as_str()), ("Cookie", cookie.as_str())];
    let answer = ask(server, "GET", path, &headers, "");
    assert_eq!(answer.status, 200, "{path}");
    answer.body
}

#[test]
fn the_parts_of_a_bill_are_the_whole_and_the_api_is_asked_by_address_alone() {
    let exports = two_accounts();
    let server = Server::start(&exports);
    let total = |query: &str| {
        let answer = get(&server, &format!("/api/v1/overview?{query}"));
        assert_eq!(answer.status, 200, "{query}");
        answer.json()["spending"]["last_month"]["amount"].as_str().map(str::to_owned)
    };
    assert_eq!(total("").as_deref(), Some("760"));
    for part in [
        "account=111122223333",
        "environment=dev",
        "team=LIVE-ops",
        "account=444455556666&team=data",
    ] {
        assert_eq!(total(part).as_deref(), Some("380"), "{part}");
    }
    assert_eq!(total("account=*").as_deref(), Some("760"));
    assert_eq!(total("account=111122223333&team=data").as_deref(), Some("0"));
    let bearer = format!("Bearer {}", place(&server).1);
    let headers = [("Authorization", bearer.as_str()), ("Cookie", "trimtab_scope=team=data")];
    let whole = ask(&server, "GET", "/api/v1/overview", &headers, "").json();
    assert_eq!(whole["spending"]["last_month"]["amount"], json!("760"));
    for path in [
        "/api/v1/overview",
        "/api/v1/costs",
        "/api/v1/recommendations",
        "/api/v1/anomalies",
        "/api/v1/resources",
        "/api/v1/plans",
        "/api/v1/runs",
        "/api/v1/tags/coverage",
    ] {
        let answer = get(&server, &format!("{path}?environment=live&lang=en"));
        assert_eq!((answer.status, &answer.json()["code"]), (400, &json!("usage")), "{path}");
    }
    let day = get(&server, "/api/v1/costs/hours?day=2026-10-02&team=data");
    assert_eq!(day.status, 400, "{}", day.body);
    // What is not kept apart so is not answered as if it were.
    for path in [
        "/api/v1/anomalies?team=data",
        "/api/v1/allocation?environment=prod",
        "/api/v1/budgets?account=1",
        "/api/v1/commitments?team=data",
        "/api/v1/costs/bridge?team=data",
        "/api/v1/savings?account=1",
    ] {
        let answer = get(&server, path);
        assert_eq!((answer.status, &answer.json()["code"]), (400, &json!("usage")), "{path}");
    }
    assert_eq!(get(&server, "/api/v1/overview?team=%20data%20").status, 200);
    let called = get(&server, "/api/v1/costs?account=game-prod").json();
    let numbered = get(&server, "/api/v1/costs?account=111122223333").json();
    assert_eq!(called["total"], numbered["total"]);
    assert_ne!(called["total"]["amount"], json!("0"));
    let spaced = get(&server, "/api/v1/costs?account=%20").json();
    assert_eq!(spaced["total"]["amount"], json!("760"), "{spaced}");
    let scopes = get(&server, "/api/v1/scopes").json();
    assert_eq!(scopes["teams"], json!(["data", "Live-Ops"]), "{scopes}");
    assert_eq!(scopes["accounts"][0], json!({"alias": "game-prod", "id": "111122223333"}));
}

#[test]
fn what_was_chosen_narrows_pages_and_files_and_an_address_stands_before_it() {
    let exports = two_accounts();
    let server = Server::start(&exports);
    assert_eq!(get(&server, "/api/v1/scopes").status, 200);
    let cost = |scope: &str, query: &str| {
        page(&server, &format!("/cost?format=csv&group_by=account{query}"), scope)
    };
    assert_eq!(cost("", "").lines().count(), 3);
    let one = cost("account=444455556666", "");
    assert!(one.lines().count() == 2 && one.contains("444455556666"), "{one}");
    // An address that says what is looked at says all of it.
    assert_eq!(cost("account=444455556666", "&account=*").lines().count(), 3);
    assert!(cost("account=444455556666", "&team=live-ops").contains("111122223333"));
    // Kept answers are of one choice.
    for _ in 0..2 {
        assert!(
            page(&server, "/cost", "account=111122223333").contains("Only game-prod is shown.")
        );
        assert!(page(&server, "/cost", "team=data").contains("Only data is shown."));
        assert!(!page(&server, "/cost", "").contains("is shown."));
    }
    let budgets = page(&server, "/budgets", "team=data");
    assert!(budgets.contains("cannot be narrowed to data and shows everything"), "{budgets}");
    let resources = page(&server, "/resources", "account=444455556666");
    assert!(resources.contains("There is nothing of what is looked at."), "{resources}");
    let found = page(&server, "/recommendations", "account=444455556666");
    assert!(!found.contains("href=\"/recommendations/R-"), "{found}");
    // What the switcher offers, and that it needs no script.
    let form = page(&server, "/", "");
    for part in [
        "action=\"/preferences\"",
        "game-prod (111122223333)",
        ">Live-Ops<",
        "<details class=\"popover\"",
    ] {
        assert!(form.contains(part), "{part}: {form}");
    }
}

#[test]
fn a_choice_is_kept_by_its_form_and_forgotten_by_it() {
    let exports = two_accounts();
    let server = Server::start(&exports);
    let chosen = |query: &str| {
        let answer = get(&server, &format!("/preferences?scope=chosen&{query}"));
        let cookie = answer.header("set-cookie").unwrap_or_default().to_owned();
        (answer.status, cookie, answer.header("location").unwrap_or_default().to_owned())
    };
    let back = "back=%2Fcost%3Faccount%3D1%26group_by%3Dteam";
    let (status, cookie, to) = chosen(&format!("account=game-prod&environment=prod&team=&{back}"));
    assert_eq!((status, to.as_str()), (303, "/cost?group_by=team"));
    assert!(cookie.starts_with("trimtab_scope=account=111122223333&environment=prod;"), "{cookie}");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let (_, cookie, _) = chosen(back);
    assert!(cookie.starts_with("trimtab_scope=;") && cookie.contains("Max-Age=0"), "{cookie}");
    assert_eq!(chosen("environment=live").0, 400);
    // No name of a team becomes a header of its own.
    let (_, cookie, _) = chosen("team=a%0d%0aSet-Cookie:%20b%3D1");
    assert!(cookie.is_empty(), "{cookie}");
    assert_eq!(chosen("back=//evil.example").2, "/");
    // A link of another site does not change what its reader looks at from then on.
    let bearer = format!("Bearer {}", place(&server).1);
    let headers = [("Authorization", bearer.as_str()), ("Sec-Fetch-Site", "cross-site")];
    let answer = ask(&server, "GET", "/preferences?scope=chosen&account=1", &headers, "");
    assert_eq!((answer.status, answer.header("set-cookie")), (303, None));
}
