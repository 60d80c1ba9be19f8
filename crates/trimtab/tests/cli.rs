//! The binary from outside: what it prints, where, and how it exits.

mod support;

use support::{Exports, json, stderr, stdout};

const AS_OF: &str = "2026-11-01T00:00:00Z";

#[test]
fn analyze_prints_one_json_document_in_the_contract_shape() {
    let exports = Exports::small();
    let dir = exports.dir();
    let output = exports.trimtab(&[
        "analyze",
        "--from",
        dir.to_str().unwrap(),
        "--as-of",
        AS_OF,
        "-o",
        "json",
    ]);
    let analysis = json(&output);
    assert_eq!(analysis["schema"], "trimtab/v1/analysis");
    assert_eq!(analysis["as_of"], AS_OF);
    for key in ["coverage", "totals", "items", "unknown", "passed"] {
        assert!(!analysis[key].is_null(), "{key} is missing");
    }
    let item = analysis["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|item| item["check"] == "ebs-volume-unattached")
        .expect("the volume is found");
    assert_eq!(item["resource_id"], "vol-0a");
    assert_eq!(item["resource_type"], "AWS::EC2::Volume");
    assert_eq!(item["account"], "111122223333");
    assert_eq!(item["region"], "ap-northeast-2");
    assert_eq!(item["environment"], "dev");
    assert_eq!(item["current"]["volume_type"], "gp2");
    assert!(item["estimated_monthly_savings"]["likely"].is_string());
    assert!(item["performance_risk"].is_u64());
    assert!(item["commands"]["apply"].as_array().is_some_and(|commands| !commands.is_empty()));
}

#[test]
fn the_savings_never_exceed_what_the_resource_costs() {
    let exports = Exports::small();
    let dir = exports.dir();
    let analysis = json(&exports.trimtab(&[
        "analyze",
        "--from",
        dir.to_str().unwrap(),
        "--as-of",
        AS_OF,
        "-o",
        "json",
    ]));
    for item in analysis["items"].as_array().unwrap() {
        let savings = &item["estimated_monthly_savings"];
        let number =
            |key: &str| savings[key].as_str().unwrap().parse::<rust_decimal::Decimal>().unwrap();
        assert!(number("low") <= number("likely") && number("likely") <= number("high"));
        assert!(number("high") <= number("cost_now"), "{item}");
    }
}

#[test]
fn f05_cost_summary_is_exact_and_keeps_currencies_apart() {
    let exports = Exports::small();
    let dir = exports.dir();
    assert!(exports.trimtab(&["ingest", "--from", dir.to_str().unwrap()]).status.success());
    // Twice is once.
    assert!(exports.trimtab(&["ingest", "--from", dir.to_str().unwrap()]).status.success());
    let summary = json(&exports.trimtab(&["cost", "summary", "--by", "currency", "-o", "json"]));
    assert_eq!(summary["schema"], "trimtab/v1/cost.summary");
    let billed = |code: &str| {
        let items = summary["items"].as_array().unwrap();
        let item = items.iter().find(|item| item["key"] == code).unwrap();
        (item["billed"]["amount"].as_str().unwrap().to_owned(), item["list"].is_null())
    };
    assert_eq!(billed("USD"), ("14.6320000001".to_owned(), true));
    assert_eq!(billed("KRW"), ("1500".to_owned(), true));
}

#[test]
fn a_bad_file_is_named_with_row_and_column_and_the_rest_is_kept() {
    let exports = Exports::small();
    exports.write(
        "billing/broken.csv",
        support::BILL
            .replace("11.4000000001,11.4000000001,11.4", "eleven,11.4,11.4")
            .replace("2026-10", "2026-09"),
    );
    let dir = exports.dir();
    let output = exports.trimtab(&["ingest", "--from", dir.to_str().unwrap()]);
    let errors = stderr(&output);
    assert!(
        errors.contains("broken.csv") && errors.contains("row 2") && errors.contains("BilledCost"),
        "{errors}"
    );
    assert!(errors.contains("hint:"), "{errors}");
    assert_eq!(output.status.code(), Some(4), "{errors}");
    let summary = json(&exports.trimtab(&["cost", "summary", "--by", "month", "-o", "json"]));
    assert_eq!(summary["items"].as_array().unwrap().len(), 2, "{summary}");
}

#[test]
fn rec_list_show_dismiss_and_reopen_work_on_the_latest_analysis() {
    let exports = Exports::small();
    let dir = exports.dir();
    exports.trimtab(&["analyze", "--from", dir.to_str().unwrap(), "--as-of", AS_OF, "-o", "json"]);
    let list = json(&exports.trimtab(&["rec", "list", "-o", "json"]));
    let before = list["items"].as_array().unwrap().len();
    let id = list["items"][0]["id"].as_str().unwrap().to_owned();
    let shown = stdout(&exports.trimtab(&["rec", "show", &id]));
    assert!(shown.contains("aws ec2"), "{shown}");
    assert!(
        exports
            .trimtab(&["rec", "dismiss", &id, "--reason", "kept for the audit"])
            .status
            .success()
    );
    let after = json(&exports.trimtab(&["rec", "list", "-o", "json"]));
    assert_eq!(after["items"].as_array().unwrap().len(), before - 1);
    assert!(exports.trimtab(&["rec", "reopen", &id]).status.success());
    let again = json(&exports.trimtab(&["rec", "list", "-o", "json"]));
    assert_eq!(again["items"].as_array().unwrap().len(), before);
}

#[test]
fn why_a_recommendation_is_hidden_is_shown_with_it() {
    let exports = Exports::small();
    let dir = exports.dir();
    exports.trimtab(&["analyze", "--from", dir.to_str().unwrap(), "--as-of", AS_OF, "-o", "json"]);
    let list = json(&exports.trimtab(&["rec", "list", "-o", "json"]));
    let id = list["items"][0]["id"].as_str().unwrap().to_owned();
    assert!(json(&exports.trimtab(&["rec", "show", &id, "-o", "json"]))["disposition"].is_null());
    exports.trimtab(&["rec", "dismiss", &id, "--reason", "audit", "--until", "2999-12-31"]);
    let shown = exports.trimtab(&["rec", "show", &id]);
    assert!(stderr(&shown).contains("dismissed until 2999-12-31"), "{}", stderr(&shown));
    let shown = json(&exports.trimtab(&["rec", "show", &id, "-o", "json"]));
    assert_eq!(
        shown["disposition"],
        serde_json::json!({ "kind": "dismissed", "reason": "audit", "until": "2999-12-31" })
    );
}

#[test]
fn json_follows_the_order_that_was_asked_for() {
    let exports = Exports::small();
    let dir = exports.dir();
    exports.trimtab(&["analyze", "--from", dir.to_str().unwrap(), "--as-of", AS_OF, "-o", "json"]);
    let first = |sort: &str| {
        let sorted =
            exports.trimtab(&["rec", "list", "-o", "json", "--sort", sort, "--limit", "1"]);
        json(&sorted)["items"][0]["id"].as_str().unwrap_or_default().to_owned()
    };
    assert_ne!(first("saving"), first("saving:desc"));
    let wrong = exports.trimtab(&["rec", "list", "-o", "json", "--sort", "nothing"]);
    assert_eq!(wrong.status.code(), Some(2));
}

#[test]
fn a_data_directory_that_cannot_be_written_is_told_before_the_work() {
    let exports = Exports::small();
    let dir = exports.dir();
    let file = exports.write("a-file", "");
    let place = file.to_str().unwrap();
    let failed =
        exports.trimtab(&["analyze", "--from", dir.to_str().unwrap(), "--data-dir", place]);
    assert_eq!(failed.status.code(), Some(1));
    assert!(stdout(&failed).is_empty());
    assert!(stderr(&failed).contains("--data-dir"), "{}", stderr(&failed));
}

#[test]
fn both_languages_say_the_same_thing() {
    let exports = Exports::small();
    let dir = exports.dir();
    let run = |lang: &str| {
        stdout(&exports.trimtab(&[
            "analyze",
            "--from",
            dir.to_str().unwrap(),
            "--as-of",
            AS_OF,
            "--lang",
            lang,
            "-o",
            "table",
        ]))
    };
    let (english, korean) = (run("en"), run("ko"));
    assert!(english.contains("old-logs") && korean.contains("old-logs"));
    assert!(korean.chars().any(|c| ('가'..='힣').contains(&c)));
    assert!(!english.chars().any(|c| ('가'..='힣').contains(&c)), "{english}");
}

#[test]
fn mistakes_say_what_to_do_next() {
    let exports = Exports::empty();
    let output = exports.trimtab(&["analyze", "--from", "nowhere"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("hint:"), "{}", stderr(&output));
    let output = exports.trimtab(&["rec", "list"]);
    assert!(stderr(&output).contains("trimtab analyze"), "{}", stderr(&output));
    assert_eq!(exports.trimtab(&["analyse"]).status.code(), Some(2));
    let output = exports.trimtab(&["rec", "list", "--filter", "savings>5"]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
}

#[test]
fn help_speaks_korean_too() {
    let exports = Exports::empty();
    let help = stdout(&exports.trimtab(&["--lang", "ko", "rec", "list", "--help"]));
    assert!(help.contains("사용법"), "{help}");
}

#[test]
fn mistakes_on_the_command_line_are_said_in_korean_too() {
    let exports = Exports::empty();
    let output = exports.trimtab(&["--lang", "ko", "rec", "lst"]);
    assert_eq!(output.status.code(), Some(2));
    let text = stderr(&output);
    assert!(text.contains("오류: 모르는 명령입니다: lst"), "{text}");
    assert!(text.contains("trimtab rec --help") && text.contains("사용법: trimtab rec"), "{text}");
    let english = stderr(&exports.trimtab(&["--lang", "en", "rec", "lst"]));
    assert!(english.contains("unrecognized subcommand"), "{english}");
}

#[test]
fn the_page_of_a_check_is_in_the_language_asked_for() {
    let exports = Exports::empty();
    let show = |lang| {
        stdout(&exports.trimtab(&["checks", "show", "ebs-volume-unattached", "--lang", lang]))
    };
    let (english, korean) = (show("en"), show("ko"));
    assert!(english.contains("Why it costs") && !english.contains("한국어"), "{english}");
    assert!(korean.contains("비용이 드는 이유") && !korean.contains("Why it costs"), "{korean}");
}

#[test]
fn manual_pages_are_in_the_language_asked_for() {
    let exports = Exports::empty();
    let page = |lang| stdout(&exports.trimtab(&["man", "--lang", lang]));
    assert!(page("en").contains(".SH NAME\ntrimtab"), "{}", page("en"));
    assert!(page("ko").contains(".SH 이름\ntrimtab"), "{}", page("ko"));
    let dir = exports.dir().join("man");
    let written = exports.trimtab(&["man", "--dir", dir.to_str().unwrap(), "--lang", "ko"]);
    assert!(written.status.success(), "{}", stderr(&written));
    let list = std::fs::read_to_string(dir.join("trimtab-rec-list.1")).unwrap();
    assert!(list.contains(".SH 설명\n추천을 절감액이 큰 순서로"), "{list}");
    assert!(!dir.join("trimtab-docs.1").exists(), "hidden commands have no page");
}

#[test]
fn an_amount_is_converted_only_with_a_dated_rate() {
    let exports = Exports::small();
    let dir = exports.dir();
    exports.trimtab(&["ingest", "--from", dir.to_str().unwrap()]);
    let output = exports.trimtab(&["cost", "summary", "--currency", "KRW", "-o", "table"]);
    assert!(stderr(&output).contains("exchange_rate"), "{}", stderr(&output));
}
