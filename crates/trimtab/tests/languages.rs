//! What goes wrong is told in the reader's language, to the last line.

mod support;

use support::{Exports, stderr, stdout};

/// What begins a line of a failure in Korean.
const LABELS: [&str; 3] = ["오류:", "원인:", "조치:"];

/// Runs `trimtab --lang ko` and checks what it says about the failure.
fn check(exports: &Exports, arguments: &[&str], expected: &str) {
    let arguments = [arguments, &["--lang", "ko"]].concat();
    let output = exports.trimtab(&arguments);
    assert!(!output.status.success(), "{}", stdout(&output));
    let told = stderr(&output);
    let lines: Vec<&str> = told
        .lines()
        .filter(|line| LABELS.iter().any(|label| line.trim_start().starts_with(label)))
        .collect();
    for label in ["오류:", "조치:"] {
        let has_label = |line: &&str| line.trim_start().starts_with(label);
        assert!(lines.iter().any(has_label), "no line begins with {label}: {told}");
    }
    for line in &lines {
        let sentence = LABELS
            .iter()
            .fold(line.trim_start(), |line, label| line.strip_prefix(label).unwrap_or(line));
        assert!(sentence.chars().any(is_hangul), "not in Korean: {line}");
    }
    assert!(told.contains(expected), "{expected:?} is not in {told}");
}

fn is_hangul(letter: char) -> bool {
    ('가'..='힣').contains(&letter)
}

/// Ingests one bad file beside a small company's exports.
fn check_file(name: &str, content: impl AsRef<[u8]>, expected: &str) {
    let exports = Exports::small();
    exports.write(name, content);
    let dir = exports.dir();
    check(&exports, &["ingest", "--from", dir.to_str().expect("UTF-8")], expected);
}

#[test]
fn a_foreign_file_is_told_in_korean() {
    check_file(
        "billing/notes.csv",
        "name,phone\nkim,1\n",
        "청구서(CSV, gzip CSV, Parquet)가 아닙니다",
    );
    check_file(
        "billing/cut.parquet",
        b"PAR1\0\0\0\0 not to the end",
        "잘렸거나 손상된 Parquet입니다",
    );
    check_file("inventory/describe-volumes.json", "{\"Volumes\": [", "JSON이 중간에 끝납니다");
    check_file("inventory/notes.txt", "hello", ".json 파일이 아닙니다");
    check_file("metrics/odd.csv", "a,b\n1,2\n", "필요한 열이 없습니다");
    check_file("metrics/cut.parquet", b"PAR1\0\0\0\0 not to the end", "잘렸거나 손상된");
    check_file("traffic/users.csv", "date,dau\n2026-10-01,many\n", "사용자 수가 아닙니다");
}

#[test]
fn a_bad_number_is_told_with_row_and_column_in_korean() {
    let bill = support::BILL.replacen("11.4000000001", "11|4", 1);
    check_file("billing/september.csv", bill, "2행, BilledCost 열: `11|4`: 숫자가 아닙니다");
    let samples = "resource_id,namespace,metric,statistic,period_seconds,timestamp,value\n\
                   i-0a,AWS/EC2,CPUUtilization,Average,300,2026-10-01T00:00:00Z,high\n";
    check_file("metrics/cpu.csv", samples, "2행, value 열: \"high\": 숫자가 아닙니다");
}

#[test]
fn a_mistake_in_the_command_is_told_in_korean() {
    let exports = Exports::empty();
    let filter = ["rec", "list", "--filter", "savings>500usd"];
    check(&exports, &filter, "1번째 글자: 필드가 와야 합니다");
    check(&exports, &["rec", "list", "--filter", "risk<=tiny"], "위험이 아닙니다");
    check(&exports, &["rec", "list", "--sort", "saving:up"], "정렬 순서가 아닙니다");
    check(&exports, &["checks", "show", "nothing"], "그런 점검이 없습니다");
    check(&exports, &["checks", "list", "--columns", "colour"], "열이 없습니다");
    check(&exports, &["config", "path", "-o", "csv", "--tz", "Asia/Atlantis"], "시간대가 아닙니다");
}

#[test]
fn an_unknown_key_of_the_configuration_is_told_in_korean() {
    let exports = Exports::empty();
    let path = exports.write("trimtab.toml", "lang = \"ko\"\ncurency = \"KRW\"\n");
    let path = path.to_str().expect("UTF-8");
    check(
        &exports,
        &["config", "show", "--config", path],
        "2번째 줄: 그런 키가 없습니다: `curency`",
    );
    check(
        &exports,
        &["config", "show", "--config", "nowhere.toml"],
        "파일이나 디렉터리가 없습니다",
    );
}

#[test]
fn what_is_not_there_yet_is_told_in_korean() {
    let exports = Exports::empty();
    check(&exports, &["analyze"], "아직 읽은 것이 없습니다");
    check(&exports, &["rec", "list"], "아직 분석한 것이 없습니다");
    check(&exports, &["cost", "summary", "--by", "month"], "아직 수집한 청구서가 없습니다");
    check(&exports, &["ingest", "--from", "nowhere"], "디렉터리가 없습니다: nowhere");
    let dir = exports.dir();
    let dir = dir.to_str().expect("UTF-8");
    check(&exports, &["analyze", "--from", dir], "trimtab이 읽는 것이 하나도 없는");
}

#[test]
fn a_data_directory_that_is_a_file_is_told_in_korean_with_its_cause() {
    let exports = Exports::empty();
    let file = exports.write("file", "");
    let below = file.join("data");
    let arguments = ["rec", "list", "--data-dir", below.to_str().expect("UTF-8")];
    check(&exports, &arguments, "원인: 디렉터리가 아닙니다");
}

#[test]
fn machines_get_problems_in_english_whatever_the_language() {
    let exports = Exports::small();
    exports.write("billing/notes.csv", "name,phone\nkim,1\n");
    let dir = exports.dir();
    let dir = dir.to_str().expect("UTF-8");
    let output = exports.trimtab(&["ingest", "--from", dir, "-o", "json", "--lang", "ko"]);
    let document = support::json(&output);
    let error = document.pointer("/errors/0").expect("an error");
    for field in ["problem", "hint"] {
        let text = error.get(field).and_then(serde_json::Value::as_str);
        assert!(text.is_some_and(|text| text.is_ascii()), "{field}: {error}");
    }
}
