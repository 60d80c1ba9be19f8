//! Saved views, and the search that finds them.

use serde_json::{Value, json};

use crate::client::{Answer, ask, get, little, place, post, post_with};
use crate::server::Server;
use crate::support::Exports;

fn sent(server: &Server, method: &str, path: &str, body: &str, cookie: &str) -> Answer {
    let bearer = format!("Bearer {}", place(server).1);
    let headers = [("Authorization", bearer.as_str()), ("Cookie", cookie)];
    ask(server, method, path, &headers, body)
}

fn names(server: &Server) -> Vec<String> {
    let all = get(server, "/api/v1/views").json();
    let items = all["items"].as_array().cloned().unwrap_or_default();
    items.iter().filter_map(|one| one["name"].as_str().map(str::to_owned)).collect()
}

#[test]
fn a_view_is_saved_by_the_api_once_opened_renamed_and_deleted() {
    let exports = little();
    let server = Server::start(&exports);
    let wish = json!({"name": "팀별 비용", "address": "/cost?group_by=team"});
    let key = [("Idempotency-Key", "key-1")];
    let first = post_with(&server, "/api/v1/views", &key, &wish);
    assert_eq!(first.status, 201, "{}", first.body);
    assert_eq!(first.json()["address"], json!("/cost?group_by=team&account=*"));
    let again = post_with(&server, "/api/v1/views", &key, &wish);
    assert_eq!((again.status, again.json()), (201, first.json()));
    let other = json!({"name": "other", "address": "/cost"});
    assert_eq!(post_with(&server, "/api/v1/views", &key, &other).status, 422);
    let taken = post(&server, "/api/v1/views", &wish);
    assert_eq!((taken.status, &taken.json()["code"]), (400, &json!("usage")));
    assert_eq!(names(&server), ["팀별 비용"]);
    // It is in the head of every page, which was kept before.
    for _ in 0..2 {
        let page = get(&server, "/recommendations").body;
        assert!(page.contains("href=\"/cost?group_by=team&amp;account=*\""), "{page}");
    }
    let id = first.json()["id"].as_str().expect("an id").to_owned();
    let renamed = post(&server, &format!("/api/v1/views/{id}/rename"), &json!({"name": "teams"}));
    assert_eq!((renamed.status, &renamed.json()["name"]), (200, &json!("teams")));
    let path = format!("/api/v1/views/{id}");
    assert_eq!(sent(&server, "DELETE", &path, "", "").status, 200);
    assert_eq!(sent(&server, "DELETE", &path, "", "").status, 404);
    assert!(names(&server).is_empty());
    for address in ["https://evil.example/", "//evil.example", "/login", "/nowhere", "javascript:1"]
    {
        let answer = post(&server, "/api/v1/views", &json!({"name": "x", "address": address}));
        assert_eq!((answer.status, &answer.json()["code"]), (400, &json!("usage")), "{address}");
    }
    let unknown =
        post(&server, "/api/v1/views", &json!({"name": "x", "address": "/", "by": "kim"}));
    assert_eq!(unknown.status, 400);
}

#[test]
fn a_view_is_saved_by_a_form_with_what_is_looked_at() {
    let exports = little();
    let server = Server::start(&exports);
    let body = "name=%3Cb%3Emine%3C%2Fb%3E&address=%2Frecommendations%3Ff.risk%3Dlow%26cursor%3D50";
    let saved = sent(&server, "POST", "/views", body, "trimtab_scope=team=live");
    assert_eq!(saved.status, 303, "{}", saved.body);
    assert_eq!(saved.header("location"), Some("/recommendations?f.risk=low&cursor=50"));
    let kept = get(&server, "/api/v1/views").json()["items"][0].clone();
    assert_eq!(kept["address"], json!("/recommendations?f.risk=low&team=live"));
    let list = get(&server, "/views?lang=en").body;
    assert!(list.contains("&lt;b&gt;mine&lt;/b&gt;") && !list.contains("<b>mine"), "{list}");
    let file = get(&server, "/views?format=csv").body;
    assert!(file.starts_with("name,page,address"), "{file}");
    let id = kept["id"].as_str().expect("an id");
    let change = |body: String| sent(&server, "POST", "/views/change", &body, "trimtab_lang=en");
    assert_eq!(change("do=delete".to_owned()).status, 400);
    assert_eq!(change(format!("do=rename&chosen={id}&chosen=V-0&name=x")).status, 400);
    assert_eq!(change(format!("do=burn&chosen={id}")).status, 400);
    assert_eq!(change("do=rename&chosen=V-0&name=x".to_owned()).status, 404);
    assert_eq!(change(format!("do=rename&chosen={id}&name=ours")).status, 303);
    assert_eq!(names(&server), ["ours"]);
    assert_eq!(change(format!("do=delete&chosen={id}")).status, 303);
    assert!(names(&server).is_empty());
    // Where a form is sent to leads back to where the form is.
    assert_eq!(get(&server, "/views/change").header("location"), Some("/views"));
}

#[test]
fn a_server_that_only_shows_saves_nothing() {
    let exports = little();
    let server = Server::start_with(&exports, &["--read-only"]);
    let refused = post(&server, "/api/v1/views", &json!({"name": "x", "address": "/cost"}));
    assert_eq!((refused.status, &refused.json()["code"]), (403, &json!("read-only")));
    assert_eq!(sent(&server, "POST", "/views", "name=x&address=%2Fcost", "").status, 403);
    assert_eq!(sent(&server, "DELETE", "/api/v1/views/V-0", "", "").status, 403);
    assert!(!get(&server, "/cost").body.contains("action=\"/views\""));
}

#[test]
fn the_search_finds_pages_views_recommendations_and_resources() {
    let exports = little();
    let server = Server::start(&exports);
    post(&server, "/api/v1/views", &json!({"name": "Old volumes", "address": "/waste"}));
    let find = |question: &str| {
        let answer = get(&server, &format!("/find?part=list&lang=en&q={question}"));
        assert_eq!(answer.status, 200, "{question}");
        answer.body
    };
    let volume = find("vol-0a");
    assert!(
        volume.contains("href=\"/recommendations/R-") && volume.contains("href=\"/resource?"),
        "{volume}"
    );
    assert!(!volume.contains("<html"), "the list alone: {volume}");
    assert!(find("OLD%20vol").contains("Old volumes"));
    assert!(find("%EC%B6%94%EC%B2%9C").contains("href=\"/recommendations\""));
    assert!(find("no-such-thing").contains("Nothing has such a name."));
    assert!(find("%3Cscript%3E").contains("Nothing has such a name."));
    let all = find("");
    assert!(all.matches("<li>").count() > 17 && all.contains("href=\"/settings\""), "{all}");
    let whole = get(&server, "/find?q=%3Cscript%3E&lang=en").body;
    assert!(whole.contains("value=\"&lt;script&gt;\"") && whole.contains("<html"), "{whole}");
    assert!(get(&server, "/cost").body.contains("href=\"/find\""));
}

#[test]
fn settings_say_what_is_configured_and_no_secret() {
    let exports = Exports::small();
    let configuration = "timezone = \"Asia/Seoul\"\n\n[[account]]\nid = \"111122223333\"\nalias = \"game-prod\"\nrole = \"trimtab-read\"\n\
        apply_role = \"trimtab-apply\"\n\n[rollout]\napprovers = [\"kim\"]\n\n[[rollout.window]]\n\
        environments = [\"prod\"]\ndays = [\"tue\"]\nfrom = \"04:00\"\nuntil = \"06:00\"\ntimezone = \"Asia/Seoul\"\n\n\
        [[rollout.freeze]]\nname = \"event\"\nfrom = \"2027-02-05\"\nuntil = \"2027-02-10\"\n\n\
        [notify.webhook.bot]\nurl = \"https://hooks.example.com/T0/secret-path\"\n\n\
        [[exchange_rate]]\nfrom = \"USD\"\nto = \"KRW\"\nrate = \"1385.2\"\ndate = \"2026-10-31\"\nsource = \"Bank of Korea\"\n";
    std::fs::write(crate::server::home(&exports).join("trimtab.toml"), configuration)
        .expect("a file of ours");
    assert!(
        exports
            .trimtab(&["ingest", "--from", exports.dir().to_str().expect("UTF-8")])
            .status
            .success()
    );
    let server = Server::start(&exports);
    let said = get(&server, "/api/v1/settings").json();
    let account = &said["accounts"][0];
    assert_eq!(
        (&account["alias"], &account["apply_role"]),
        (&json!("game-prod"), &json!("trimtab-apply"))
    );
    assert_eq!((&account["last_read"], &said["authentication"]), (&Value::Null, &json!("token")));
    assert_eq!(
        (&said["approvers"], &said["exchange_rates"][0]["rate"]),
        (&json!(["kim"]), &json!("1385.2"))
    );
    assert_eq!(said["times"].as_array().map(Vec::len), Some(2), "{said}");
    let page = get(&server, "/settings?lang=en").body;
    for part in [
        "trimtab-read",
        "kim",
        "Freeze",
        "Tue 04:00–06:00 Asia/Seoul",
        "Bank of Korea",
        "rollout.gate.cpu_percent",
        "[[account]]",
        "Whoever has the token",
        "Nothing was changed yet.",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    for text in [page, said.to_string()] {
        assert!(!text.contains("secret-path"), "{text}");
    }
    for list in ["accounts", "times", "sizing", "limits", "channels", "rates", "exceptions"] {
        let file = get(&server, &format!("/settings?list={list}&format=csv"));
        assert_eq!(
            (file.status, file.header("content-type")),
            (200, Some("text/csv; charset=utf-8")),
            "{list}"
        );
    }
    assert!(get(&server, "/settings?list=audit&lang=en").body.contains("<h1>Audit log</h1>"));
}
