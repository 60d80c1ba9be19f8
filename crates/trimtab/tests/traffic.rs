//! Traffic, as its users see it.

#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod support;

use serde_json::json;
use support::{Exports, json, stderr, stdout};

/// A day of two players and a crawler: a form that is sent twice, and ten rooms one by one.
fn log() -> String {
    let line = |second: u32, client: &str, request: &str, agent: &str| {
        format!(
            "{client} - - [01/Oct/2026:03:00:{second:02} +0000] \"{request} HTTP/1.1\" 200 512 \"-\" \"{agent}\"\n"
        )
    };
    let mut text = String::new();
    for second in [1, 2] {
        text.push_str(&line(second, "10.0.0.1", "POST /orders?item=7", "MyGame/1.4"));
    }
    for room in 0..10 {
        text.push_str(&line(30, "10.0.0.2", &format!("GET /rooms/{room}"), "MyGame/1.3"));
    }
    text.push_str(&line(40, "192.0.2.1", "GET /robots.txt", "Googlebot/2.1"));
    text
}

fn exports() -> Exports {
    let exports = Exports::empty();
    exports.write("traffic/logs/lobby/access.log", log());
    exports
}

/// Runs `trimtab traffic COMMAND --from DIR` and further arguments.
fn run(exports: &Exports, command: &str, more: &[&str]) -> std::process::Output {
    let dir = exports.dir();
    let from = dir.to_str().expect("UTF-8");
    exports.trimtab(&[&["traffic", command, "--from", from], more].concat())
}

#[test]
fn a_summary_counts_requests_clients_and_bots() {
    let exports = exports();
    let output = run(&exports, "summary", &["-o", "json"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let document = json(&output);
    assert_eq!(document["schema"], "trimtab/v1/traffic.summary");
    let item = &document["items"][0];
    assert_eq!(item["service"], "lobby");
    assert_eq!(item["source"], "combined");
    assert_eq!(item["requests"], 13);
    assert_eq!(item["days"][0]["dau"], 2);
    assert_eq!(item["lines"]["used"], 13);
    let duplicates = json!({ "retry": 0, "repeat": 1, "polling": 0, "fan_out": 9, "herd": 0 });
    assert_eq!(item["duplicates"], duplicates);
    let page = stdout(&run(&exports, "summary", &["-o", "table", "--lang", "ko"]));
    assert!(page.contains("개별 조회 9"), "{page}");
}

#[test]
fn duplicates_name_the_endpoint_and_mask_what_was_asked() {
    let exports = exports();
    for format in ["table", "csv", "md", "json", "jsonl"] {
        let output = run(&exports, "duplicates", &["-o", format]);
        let text = stdout(&output);
        assert!(output.status.success(), "{format}: {}", stderr(&output));
        let masked = if format == "md" { "/orders?item=\\*" } else { "/orders?item=*" };
        assert!(text.contains("/rooms/{}") && text.contains(masked), "{format}: {text}");
        for secret in ["10.0.0", "item=7", "/rooms/3"] {
            assert!(!text.contains(secret), "{secret} in {format}: {text}");
        }
    }
    let text = stdout(&run(&exports, "endpoints", &["-o", "csv", "--service", "lobby"]));
    assert!(text.contains("lobby,POST,/orders,2,"), "{text}");
}

#[test]
fn what_is_not_there_says_what_to_do() {
    let exports = exports();
    let output = run(&exports, "summary", &["--service", "match"]);
    assert!(!output.status.success());
    assert!(stderr(&output).contains("give one of these: lobby"), "{}", stderr(&output));
    exports.write("traffic/logs/lobby/notes.log", "hello\n");
    let output = run(&exports, "summary", &["-o", "json"]);
    assert_eq!(output.status.code(), Some(4));
    assert_eq!(json(&output)["items"][0]["requests"], 13);
}

#[test]
fn what_is_ingested_keeps_the_figures_and_not_the_log() {
    let exports = exports();
    let dir = exports.dir();
    let output = exports.trimtab(&["ingest", "--from", dir.to_str().expect("UTF-8")]);
    assert!(output.status.success(), "{}", stderr(&output));
    let document = json(&exports.trimtab(&["traffic", "summary", "-o", "json"]));
    assert_eq!(document["items"][0]["requests"], 13);
    let kept = exports.data_dir().join("traffic/services.json");
    let kept = std::fs::read_to_string(kept).expect("what was kept");
    assert!(!kept.contains("10.0.0"), "{kept}");
}
