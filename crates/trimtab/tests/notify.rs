//! Reports that leave: to a real mail server and a real web server on loopback.
#![expect(
    clippy::indexing_slicing,
    reason = "a JSON value that is not there is null, and fails its assertion"
)]

mod receivers;
#[expect(dead_code, reason = "the other test programs use the rest of it")]
#[path = "browser/server.rs"]
mod server;
mod support;

use std::process::{Command, Output};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use receivers::Receivers;
use server::{Server, home};
use support::{Exports, json as json_of, stderr, stdout};

/// How long something may take that happens in another process.
const PATIENCE: Duration = Duration::from_secs(60);

/// The exports of the small company, read and analysed.
fn read(exports: Exports) -> Exports {
    let from = exports.dir();
    for arguments in [&["ingest", "--from", from.to_str().expect("UTF-8")][..], &["analyze"]] {
        let output = exports.trimtab(arguments);
        assert!(
            matches!(output.status.code(), Some(0 | 4)),
            "{}{}",
            stdout(&output),
            stderr(&output)
        );
    }
    exports
}

/// Writes trimtab.toml beside the data directory. `SMTP` and `WEB` stand for the ports, `HOME` for
/// the directory.
fn configure(exports: &Exports, receivers: &Receivers, text: &str) {
    let home = home(exports);
    let text = text
        .replace("SMTP", &receivers.smtp.to_string())
        .replace("WEB", &receivers.web.to_string())
        .replace("HOME", home.to_str().expect("UTF-8"));
    std::fs::write(home.join("trimtab.toml"), text).expect("a file of our own");
}

const MAIL: &str = "
[notify.mail.lead]
host = \"127.0.0.1\"
port = SMTP
security = \"none\"
from = \"trimtab <cost@example.com>\"
to = [\"팀장 <lead@example.com>\"]
";

const SLACK: &str = "
[notify.slack.team]
url_file = \"HOME/slack-url\"
";

/// Writes the address of the Slack channel, which is a secret, into its file.
fn slack_address(exports: &Exports, receivers: &Receivers) {
    let address = format!("http://127.0.0.1:{}/services/T0/B0/hunter2", receivers.web);
    std::fs::write(home(exports).join("slack-url"), address).expect("a file of our own");
}

/// Returns the rows of a list, and asserts how the command ended.
fn rows(output: &Output, code: i32) -> Vec<Value> {
    assert_eq!(output.status.code(), Some(code), "{}{}", stdout(output), stderr(output));
    json_of(output)["items"].as_array().cloned().unwrap_or_default()
}

/// Waits until something holds, and fails if it never does.
fn until(what: &str, holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < PATIENCE, "it never happened: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A bill whose last week is dearer, of a service that is called this.
fn company(service: &str) -> Exports {
    let exports = Exports::empty();
    let mut bill = String::from(
        "BillingAccountId,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,ChargeCategory,BilledCost,EffectiveCost,ServiceName,SubAccountId,RegionId,ResourceId\n",
    );
    let quoted = service.replace('"', "\"\"");
    for day in 1..=31 {
        let cost = if day >= 19 { 90 } else { 40 };
        let next =
            if day == 31 { "2026-11-01".to_owned() } else { format!("2026-10-{:02}", day + 1) };
        bill.push_str(&format!(
            "999988887777,USD,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,2026-10-{day:02}T00:00:00Z,{next}T00:00:00Z,Usage,{cost},{cost},\"{quoted}\",111122223333,ap-northeast-2,i-0a\n"
        ));
    }
    exports.write("billing/october.csv", bill);
    read(exports)
}

/// The report of the week of October 19th.
const WEEKLY: [&str; 5] = ["report", "weekly", "--send", "--as-of", "2026-10-26T12:00:00Z"];

fn send(exports: &Exports, more: &[&str]) -> Output {
    let arguments: Vec<&str> = WEEKLY.iter().chain(more).copied().collect();
    exports.trimtab(&arguments)
}

#[test]
fn a_report_arrives_as_mail_in_korean_with_its_charts_and_nothing_from_outside() {
    let receivers = Receivers::start();
    let exports = company("Amazon Elastic Compute Cloud");
    configure(&exports, &receivers, MAIL);
    let sent = rows(&send(&exports, &["--to", "lead", "--lang", "ko", "-o", "json"]), 0);
    assert_eq!(sent.len(), 1);
    assert_eq!((&sent[0]["result"], &sent[0]["tries"]), (&json!("sent"), &json!(1)), "{sent:?}");
    let mails = receivers.of_kind("mail");
    assert_eq!(mails.len(), 1);
    let mail = &mails[0];
    assert_eq!(mail["to"], json!(["lead@example.com"]));
    let subject = mail["subject"].as_str().expect("a subject");
    assert!(subject.starts_with("주간 비용 보고: "), "{subject}");
    assert_eq!(mail["defects"], json!([]));
    assert!(mail["message_id"].as_str().is_some_and(|id| id.ends_with("@example.com>")));
    let parts = mail["parts"].as_array().expect("parts");
    let kinds: Vec<&str> = parts.iter().filter_map(|part| part["type"].as_str()).collect();
    assert_eq!(
        kinds.get(..4),
        Some(&["multipart/alternative", "text/plain", "multipart/related", "text/html"][..])
    );
    let text = |kind: &str| {
        let part = parts.iter().find(|part| part["type"] == kind).expect("a part");
        part["text"].as_str().expect("text").to_owned()
    };
    assert!(text("text/plain").contains("지난주 비용"), "{}", text("text/plain"));
    let html = text("text/html");
    assert!(html.contains("지난주 비용"));
    for outside in ["src=\"http", "<link", "<script", "url(", "@import", "//fonts"] {
        assert!(!html.contains(outside), "{outside}");
    }
    let pictures: Vec<&Value> = parts.iter().filter(|part| part["type"] == "image/png").collect();
    assert!(!pictures.is_empty());
    assert_eq!(html.matches("cid:").count(), pictures.len());
    for picture in pictures {
        let id = picture["id"].as_str().expect("a content id").trim_matches(['<', '>']);
        assert!(html.contains(&format!("cid:{id}")), "{id}");
        assert_eq!(picture["disposition"], "inline");
        let bytes = picture["hex"].as_str().expect("bytes");
        // The signature of PNG, and its first chunk.
        assert!(bytes.starts_with("89504e470d0a1a0a0000000d49484452"), "{id}");
        assert!(picture["length"].as_u64().is_some_and(|length| length > 4_000), "{picture}");
    }
}

#[test]
fn each_receiver_has_an_answer_of_their_own() {
    let receivers = Receivers::start();
    let exports = company("Amazon Elastic Compute Cloud");
    let two = MAIL.replace("to = [", "to = [\"bounce@example.com\", ");
    configure(&exports, &receivers, &two);
    receivers.answer(&json!({ "smtp": ["451 4.3.0 try later"] }));
    let sent = rows(&send(&exports, &["--to", "lead", "-o", "json"]), 1);
    assert_eq!(
        (&sent[0]["to"], &sent[0]["result"]),
        (&json!("bounce@example.com"), &json!("refused"))
    );
    // Put off once, then refused: what is refused is not tried again.
    assert_eq!(sent[0]["tries"], json!(2), "{sent:?}");
    assert!(sent[0]["note"].as_str().is_some_and(|note| note.contains("550")), "{sent:?}");
    assert_eq!((&sent[1]["to"], &sent[1]["result"]), (&json!("lead@example.com"), &json!("sent")));
    assert_eq!(receivers.of_kind("mail").len(), 1);
    receivers.answer(&json!({ "smtp": ["451 4.3.0 try later"] }));
    configure(&exports, &receivers, MAIL);
    let again = rows(&send(&exports, &["--to", "lead", "-o", "json"]), 0);
    assert_eq!((&again[0]["result"], &again[0]["tries"]), (&json!("sent"), &json!(2)));
    let mails = receivers.of_kind("mail");
    assert_eq!(mails[0]["message_id"], mails[1]["message_id"], "a second copy is known for one");
}

#[test]
fn a_mail_server_is_sent_nothing_without_the_encryption_that_was_asked_for() {
    let receivers = Receivers::start();
    let exports = company("Amazon Elastic Compute Cloud");
    configure(&exports, &receivers, &MAIL.replace("\"none\"", "\"starttls\""));
    let sent = rows(&send(&exports, &["--to", "lead", "-o", "json"]), 1);
    assert_eq!(sent[0]["result"], "refused");
    assert!(sent[0]["note"].as_str().is_some_and(|note| note.contains("STARTTLS")), "{sent:?}");
    assert_eq!(receivers.received(), Vec::<Value>::new());
}

#[test]
fn a_mail_server_whose_certificate_nobody_vouches_for_is_sent_nothing() {
    let exports = read(Exports::small());
    let (certificate, key) = (home(&exports).join("cert.pem"), home(&exports).join("key.pem"));
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=mail"])
        .args(["-addext", "subjectAltName=DNS:localhost"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .output();
    if !made.is_ok_and(|made| made.status.success()) {
        eprintln!("skipped: there is no openssl that makes a certificate");
        return;
    }
    let receivers = Receivers::start_with(&[&certificate, &key]);
    let mail = MAIL.replace("\"none\"", "\"starttls\"").replace("127.0.0.1", "localhost");
    std::fs::write(home(&exports).join("password"), "open sesame").expect("a file of our own");
    let login = format!("{mail}username = \"cost\"\npassword_file = \"HOME/password\"\n");
    configure(&exports, &receivers, &login);
    let test = || exports.trimtab(&["notify", "test", "-o", "json"]);
    assert_eq!(rows(&test(), 1)[0]["result"], "failed");
    assert_eq!(receivers.received(), Vec::<Value>::new());
    configure(&exports, &receivers, &format!("{login}ca_file = \"HOME/cert.pem\"\n"));
    assert_eq!(rows(&test(), 0)[0]["result"], "sent");
    assert_eq!(receivers.of_kind("mail").len(), 1);
}

#[test]
fn a_password_comes_from_a_file_and_shows_nowhere() {
    let receivers = Receivers::start();
    let exports = company("Amazon Elastic Compute Cloud");
    let login = format!("{MAIL}username = \"cost\"\npassword_file = \"HOME/password\"\n");
    configure(&exports, &receivers, &login);
    let password = home(&exports).join("password");
    let test = || exports.trimtab(&["notify", "test", "lead", "-o", "json", "-vv"]);
    let missing = test();
    assert_eq!(rows(&missing, 1)[0]["result"], "failed");
    std::fs::write(&password, "hunter2\n").expect("a file of our own");
    let wrong = test();
    assert_eq!(rows(&wrong, 1)[0]["result"], "refused");
    std::fs::write(&password, "open sesame\n").expect("a file of our own");
    let right = test();
    assert_eq!(rows(&right, 0)[0]["result"], "sent");
    let show = exports.trimtab(&["config", "show", "--origin"]);
    assert!(stdout(&show).contains("notify.mail.lead"));
    for output in [&missing, &wrong, &right, &show] {
        let told = format!("{}{}", stdout(output), stderr(output));
        for secret in ["hunter2", "open sesame", "b3BlbiBzZXNhbWU", "aHVudGVyMg"] {
            assert!(!told.contains(secret), "{told}");
        }
    }
}

#[test]
fn slack_takes_a_report_within_its_limits_and_its_address_shows_nowhere() {
    let receivers = Receivers::start();
    let exports = company("Amazon Elastic Compute Cloud");
    configure(&exports, &receivers, SLACK);
    slack_address(&exports, &receivers);
    receivers
        .answer(&json!({ "web": [{ "status": 429, "retry_after": "1", "body": "rate_limited" }] }));
    let sent = send(&exports, &["--to", "team", "--lang", "ko", "-o", "json", "-vv"]);
    let row = &rows(&sent, 0)[0];
    assert_eq!((&row["result"], &row["tries"]), (&json!("sent"), &json!(2)), "{row}");
    let taken = receivers.of_kind("slack");
    assert_eq!(taken.len(), 1);
    assert!(taken[0]["body"].as_str().is_some_and(|body| body.contains("주간 비용 보고")));
    receivers.answer(
        &json!({ "web": [{ "status": 404, "body": "no_service /services/T0/B0/hunter2" }] }),
    );
    let refused = send(&exports, &["--to", "team", "-o", "json", "-vv"]);
    let row = &rows(&refused, 1)[0];
    assert_eq!((&row["result"], &row["tries"]), (&json!("refused"), &json!(1)), "{row}");
    let list = exports.trimtab(&["notify", "list", "-o", "csv"]);
    assert!(stdout(&list).contains("refused"), "{}", stdout(&list));
    let show = exports.trimtab(&["config", "show"]);
    for output in [&sent, &refused, &list, &show] {
        let told = format!("{}{}", stdout(output), stderr(output));
        assert!(!told.contains("hunter2"), "{told}");
    }
    let state = std::fs::read(exports.data_dir().join("state.sqlite")).expect("the state");
    assert!(!state.windows(7).any(|bytes| bytes == b"hunter2"), "it is in the state");
}

#[test]
fn the_slack_of_these_tests_refuses_what_slack_refuses() {
    let receivers = Receivers::start();
    let section = |length: usize| json!({ "type": "section", "text": { "type": "mrkdwn", "text": "가".repeat(length) } });
    let field = json!({ "type": "mrkdwn", "text": "x" });
    let fields = |count: usize| json!({ "type": "section", "fields": vec![field.clone(); count] });
    let blocks = |blocks: Vec<Value>| json!({ "text": "x", "blocks": blocks });
    for fits in [vec![section(3_000)], vec![section(1); 50], vec![fields(10)]] {
        let answer = receivers.post_to_slack(&blocks(fits));
        assert!(answer.contains(" 200 "), "{answer}");
    }
    let header =
        json!({ "type": "header", "text": { "type": "plain_text", "text": "x".repeat(151) } });
    for too_much in [vec![section(3_001)], vec![section(1); 51], vec![fields(11)], vec![header]] {
        let answer = receivers.post_to_slack(&blocks(too_much));
        assert!(answer.contains(" 400 "), "{answer}");
    }
}

#[test]
fn a_webhook_is_signed_and_what_was_not_answered_is_sent_again_under_the_same_name() {
    let receivers = Receivers::start();
    let exports = company("Amazon Elastic Compute Cloud");
    configure(
        &exports,
        &receivers,
        "[notify.webhook.portal]\nurl = \"http://127.0.0.1:WEB/reports\"\nsecret_file = \"HOME/secret\"\n",
    );
    std::fs::write(home(&exports).join("secret"), "both know this\n").expect("a file of our own");
    receivers.answer(&json!({ "web": [{ "silent": true }, { "status": 503 }] }));
    let sent = rows(&send(&exports, &["--to", "portal", "-o", "json"]), 0);
    assert_eq!((&sent[0]["result"], &sent[0]["tries"]), (&json!("sent"), &json!(3)), "{sent:?}");
    assert_eq!(rows(&send(&exports, &["--to", "portal", "-o", "json"]), 0).len(), 1);
    let taken = receivers.of_kind("webhook");
    assert_eq!(taken.len(), 2);
    let header = |one: &Value, name: &str| {
        one["headers"][name].as_str().map(str::to_owned).expect("a header")
    };
    let name = header(&taken[0], "idempotency-key");
    assert!(name.starts_with("trimtab-weekly-2026-10-19-"), "{name}");
    assert_eq!(name, header(&taken[1], "idempotency-key"));
    assert_eq!(header(&taken[0], "x-trimtab-event"), "report.weekly");
    let body = taken[0]["body"].as_str().expect("a body");
    let document: Value = serde_json::from_str(body).expect("JSON");
    assert_eq!(document["schema"], "trimtab/v1/report");
    let proof = Receivers::python(
        "import hmac, sys; print('sha256=' + hmac.new(b'both know this', f'{sys.argv[1]}.{sys.argv[2]}'.encode(), 'sha256').hexdigest())",
        &[&header(&taken[0], "x-trimtab-timestamp"), body],
    );
    assert_eq!(header(&taken[0], "x-trimtab-signature"), proof);
}

#[test]
fn a_channel_that_fails_keeps_the_report_from_no_other() {
    let receivers = Receivers::start();
    let exports = company("Amazon Elastic Compute Cloud");
    let all = format!(
        "{MAIL}{SLACK}[notify.files.archive]\ndirectory = \"HOME/archive\"\nformats = [\"html\", \"pdf\"]\n[notify.reports]\nweekly = [\"team\", \"lead\", \"archive\"]\n"
    );
    configure(&exports, &receivers, &all);
    let planned = rows(&send(&exports, &["--dry-run", "-o", "json"]), 1);
    let results: Vec<&str> = planned.iter().filter_map(|row| row["result"].as_str()).collect();
    assert_eq!(results, ["failed", "would-send", "would-send"]);
    assert_eq!(receivers.received(), Vec::<Value>::new());
    // The file with the address of Slack is not there.
    let sent = rows(&send(&exports, &["-o", "json"]), 1);
    let results: Vec<&str> = sent.iter().filter_map(|row| row["result"].as_str()).collect();
    assert_eq!(results, ["failed", "sent", "sent"]);
    let archive = home(&exports).join("archive");
    let page = std::fs::read(archive.join("trimtab-weekly-2026-10-19.html")).expect("a page");
    assert!(page.starts_with(b"<!DOCTYPE html>"));
    let pdf = std::fs::read(archive.join("trimtab-weekly-2026-10-19.pdf")).expect("a PDF");
    assert!(pdf.starts_with(b"%PDF-"));
    let unknown = send(&exports, &["--to", "leed", "--lang", "ko"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(stderr(&unknown).contains("archive, lead, team"), "{}", stderr(&unknown));
}

#[test]
fn hostile_names_are_no_headers_no_markup_and_no_mentions() {
    let receivers = Receivers::start();
    let exports =
        company("Evil\r\nBcc: evil@example.com\r\n\r\n<script>alert(1)</script> <!channel>");
    configure(&exports, &receivers, &format!("{MAIL}{SLACK}"));
    slack_address(&exports, &receivers);
    rows(&send(&exports, &["--to", "lead,team", "-o", "json"]), 0);
    let mail = &receivers.of_kind("mail")[0];
    assert_eq!(mail["to"], json!(["lead@example.com"]));
    let raw = mail["raw"].as_str().expect("the mail");
    assert!(!raw.lines().any(|line| line.to_lowercase().starts_with("bcc:")), "{raw}");
    let names: Vec<&str> = mail["headers"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|header| header[0].as_str())
        .collect();
    assert!(!names.contains(&"Bcc"), "{names:?}");
    let parts = mail["parts"].as_array().expect("parts");
    let html = parts.iter().find(|part| part["type"] == "text/html").expect("a page");
    let html = html["text"].as_str().expect("text");
    assert!(html.contains("Evil") && !html.contains("<script"), "{html}");
    let slack = &receivers.of_kind("slack")[0];
    let body = slack["body"].as_str().expect("a body");
    assert!(body.contains("Evil") && !body.contains("<script") && !body.contains("<!channel"));
}

/// Channels of the weekly report, and a directory that shows that a schedule has looked.
fn scheduled(channels: &str, marker: &str) -> String {
    format!(
        "{MAIL}{SLACK}[notify.files.{marker}]\ndirectory = \"HOME/{marker}\"\nformats = [\"md\"]\n[notify.reports]\nweekly = [{channels}, \"{marker}\"]\nweekly_at = \"mon 09:00\"\n"
    )
}

/// Waits until the schedule has written into the directory of a marker: what stands before it in
/// the list was looked at.
fn wait_for(exports: &Exports, marker: &str) {
    let dir = home(exports).join(marker);
    let written = || {
        std::fs::read_dir(&dir)
            .into_iter()
            .flatten()
            .flatten()
            .any(|entry| entry.file_name().to_string_lossy().ends_with(".md"))
    };
    until(marker, written);
}

/// Returns how the last delivery through a channel stands.
fn last(exports: &Exports, channel: &str) -> String {
    let list = rows(&exports.trimtab(&["notify", "list", "-o", "json"]), 0);
    let row = list.iter().find(|row| row["channel"] == channel).expect("the channel");
    row["last"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn the_schedule_sends_what_is_due_once_also_after_a_restart() {
    let receivers = Receivers::start();
    let exports = read(Exports::small());
    slack_address(&exports, &receivers);
    configure(&exports, &receivers, &scheduled("\"lead\", \"team\"", "first"));
    let server = Server::start_with(&exports, &["--schedule"]);
    wait_for(&exports, "first");
    drop(server);
    configure(&exports, &receivers, &scheduled("\"lead\", \"team\"", "second"));
    let _server = Server::start_with(&exports, &["--schedule"]);
    wait_for(&exports, "second");
    assert_eq!(receivers.of_kind("mail").len(), 1);
    assert_eq!(receivers.of_kind("slack").len(), 1);
    assert_eq!(last(&exports, "lead"), "sent");
}

#[test]
fn a_server_that_dies_before_the_answer_leaves_a_doubt_and_no_second_mail() {
    let receivers = Receivers::start();
    let exports = read(Exports::small());
    configure(&exports, &receivers, &scheduled("\"lead\"", "first"));
    receivers.hold();
    let server = Server::start_with(&exports, &["--schedule"]);
    until("a mail without an answer", || receivers.is_holding());
    assert_eq!(last(&exports, "lead"), "sending");
    // Dropping it kills it, without a word.
    drop(server);
    let _server = Server::start_with(&exports, &["--schedule"]);
    wait_for(&exports, "first");
    assert_eq!(last(&exports, "lead"), "uncertain");
    assert_eq!(receivers.of_kind("mail").len(), 1);
    // A person who has looked sends it again.
    let id = |mail: &Value| mail["message_id"].as_str().map(str::to_owned);
    let now = Receivers::python(
        "import datetime; print(datetime.datetime.now(datetime.UTC).strftime('%Y-%m-%dT%H:%M:%SZ'))",
        &[],
    );
    let sent = exports.trimtab(&[
        "report",
        "weekly",
        "--as-of",
        &now,
        "--send",
        "--missing",
        "--to",
        "lead",
        "-o",
        "json",
    ]);
    assert_eq!(rows(&sent, 0)[0]["result"], "sent");
    assert_eq!(last(&exports, "lead"), "sent");
    let mails = receivers.of_kind("mail");
    assert_eq!((mails.len(), id(&mails[0])), (2, id(&mails[1])));
}

#[test]
fn of_two_servers_on_one_data_directory_one_sends() {
    let receivers = Receivers::start();
    let exports = read(Exports::small());
    let mut servers = Vec::new();
    for marker in ["one", "two"] {
        configure(&exports, &receivers, &scheduled("\"lead\"", marker));
        servers.push(Server::start_with(&exports, &["--schedule"]));
    }
    for marker in ["one", "two"] {
        wait_for(&exports, marker);
    }
    assert_eq!(receivers.of_kind("mail").len(), 1);
}

#[test]
fn a_schedule_without_channels_is_refused_and_says_what_to_write() {
    let exports = read(Exports::small());
    let output = exports.trimtab(&["serve", "--addr", "127.0.0.1:0", "--schedule", "--lang", "ko"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("notify.reports"), "{}", stderr(&output));
    let sent = exports.trimtab(&["report", "weekly", "--send", "--lang", "ko"]);
    assert_eq!(sent.status.code(), Some(2));
    let list = exports.trimtab(&["notify", "list", "--lang", "ko"]);
    assert!(list.status.success() && stderr(&list).contains("채널"), "{}", stderr(&list));
}
