//! Reports of the past, what was sent of them, and what is sent next.

use serde_json::{Value, json};

use crate::client::get;
use crate::money::two_months;
use crate::server::{Server, home};
use crate::shapes::conforms;
use crate::support::{Exports, stderr, stdout};

fn ingested() -> Exports {
    let exports = Exports::empty();
    exports.write("billing/two-months.csv", two_months());
    let from = exports.dir();
    let output = exports.trimtab(&["ingest", "--from", from.to_str().expect("UTF-8")]);
    assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
    exports
}

#[test]
fn every_past_period_opens_as_of_its_end_and_is_taken_away() {
    let exports = ingested();
    let server = Server::start(&exports);
    let all = get(&server, "/api/v1/reports");
    conforms(&server, "get", "/api/v1/reports", "200", &all);
    let all = all.json();
    let archive = all["archive"].as_array().cloned().unwrap_or_default();
    let of = |period: &str| -> Vec<&Value> {
        archive.iter().filter(|one| one["period"] == period).collect()
    };
    assert_eq!((of("monthly").len(), of("quarterly").len()), (2, 1), "{archive:?}");
    let september = of("monthly")[1];
    assert_eq!(september["from"], json!("2026-09-01"));
    assert_eq!(september["as_of"], json!("2026-10-01T00:00:00Z"));
    assert_eq!(
        (&september["is_whole"], &of("quarterly")[0]["is_whole"]),
        (&json!(true), &json!(false))
    );
    assert!(of("weekly").len() >= 8, "{archive:?}");
    assert_eq!((&all["deliveries"], &all["schedule"]), (&json!([]), &json!([])));

    let href = september["href"].as_str().expect("an address");
    let page = get(&server, &format!("{href}&lang=en"));
    assert_eq!(page.status, 200);
    assert!(page.body.contains("2026-09-01") && page.body.contains("--as-of 2026-10-01T00:00:00Z"));
    for file in september["formats"].as_array().into_iter().flatten() {
        let answer = get(&server, file["href"].as_str().expect("an address"));
        assert_eq!(answer.status, 200, "{file}");
        assert_eq!(answer.header("content-type"), file["media_type"].as_str(), "{file}");
    }
    // The command line makes the same of the same moment.
    let file = get(&server, &format!("{href}&format=json")).json();
    let output = exports.trimtab(&["report", "monthly", "--as-of", "2026-10-01", "-o", "json"]);
    let own: Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    assert_eq!(file["period"], own["period"]);
    assert_eq!(get(&server, "/reports?period=weekly&as_of=yesterday").status, 400);
    let page = get(&server, "/reports/archive?lang=ko").body;
    assert!(
        page.contains("지난 보고서") && page.contains("자동으로 보내는 보고서가 없습니다"),
        "{page}"
    );
}

#[test]
fn what_did_not_arrive_is_said_first_and_on_every_page_until_it_did() {
    let exports = ingested();
    let config = |url: &str| {
        let files = home(&exports).join("sent");
        std::fs::create_dir_all(&files).expect("a directory of ours");
        let text = format!(
            "[notify.files.kept]\ndirectory = \"{}\"\nformats = [\"md\"]\n\n[notify.{url}\n\n[notify.reports]\nmonthly = [\"kept\", \"team\"]\n",
            files.display()
        );
        std::fs::write(home(&exports).join("trimtab.toml"), text).expect("a file of ours");
    };
    config("webhook.team]\nurl = \"http://127.0.0.1:9/hook\"");
    let send = ["report", "monthly", "--as-of", "2026-11-01", "--send"];
    assert_eq!(exports.trimtab(&send).status.code(), Some(1));
    let server = Server::start(&exports);
    let all = get(&server, "/api/v1/reports");
    conforms(&server, "get", "/api/v1/reports", "200", &all);
    let all = all.json();
    let failed = &all["deliveries"][0];
    assert_eq!(
        (&failed["channel"], &failed["outcome"]),
        (&json!("team"), &json!("failed")),
        "{all}"
    );
    assert_eq!(failed["commands"][0], json!("trimtab notify test team"));
    assert_eq!(failed["attempts"], json!(1));
    // What is said to do is done: it is of the same days, and tried for whom it did not reach.
    let command = failed["commands"][1].as_str().expect("a command").to_owned();
    let words: Vec<&str> = command.split(' ').skip(1).collect();
    assert_eq!(exports.trimtab(&words).status.code(), Some(1), "{command}");
    let again = get(&server, "/api/v1/reports").json();
    let failed_again = &again["deliveries"][0];
    assert_eq!(
        (&failed_again["from"], &failed_again["attempts"]),
        (&failed["from"], &json!(2)),
        "{again}"
    );
    assert_eq!(again["deliveries"].as_array().map(Vec::len), Some(2));
    assert_eq!(all["deliveries"][1]["outcome"], json!("sent"));
    let october = &all["archive"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|one| one["period"] == "monthly" && one["from"] == "2026-10-01");
    let october = october.expect("October");
    assert_eq!((&october["sent"], &october["failed"]), (&json!(1), &json!(1)));
    assert_eq!(all["schedule"].as_array().map(Vec::len), Some(2));
    for path in ["/?lang=en", "/cost?lang=en", "/reports?lang=en"] {
        let page = get(&server, path).body;
        assert!(page.contains("1 report did not arrive"), "{path}: {page}");
    }
    let page = get(&server, "/reports/archive?lang=en").body;
    assert!(
        page.contains("--send --missing --to team") && page.contains("trimtab notify test team")
    );
    drop(server);

    // The channel is mended, and what is missing is sent.
    let files = home(&exports).join("team");
    std::fs::create_dir_all(&files).expect("a directory of ours");
    config(&format!("files.team]\ndirectory = \"{}\"\nformats = [\"md\"]", files.display()));
    let again = [&send[..], &["--to", "team", "--missing"]].concat();
    let output = exports.trimtab(&again);
    assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
    let server = Server::start(&exports);
    assert!(!get(&server, "/?lang=en").body.contains("did not arrive"));
    let deliveries = get(&server, "/api/v1/reports").json()["deliveries"].clone();
    let failures = deliveries.as_array().into_iter().flatten();
    assert_eq!(failures.filter(|one| one["is_failure"] == json!(true)).count(), 0, "{deliveries}");
}
