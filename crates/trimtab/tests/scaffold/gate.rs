//! `gate.sh`, with a program in place of the AWS CLI.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use trimtab_render::scaffold::{Iac, Runtime, Scaffold, Template};

use super::project::{project, write};

/// Answers as the AWS CLI does: `FIGURES` has a line `metric count value` for what is known. What it was
/// asked is in `asked`.
const AWS: &str = r#"#!/bin/sh
[ "$DOWN" != yes ] || exit 255
echo "$@" >> asked
case "$1 $2" in
"sts get-caller-identity") echo 111122223333 ;;
"sqs get-queue-url") echo https://queue ;;
"sqs get-queue-attributes") echo "$LETTERS" ;;
"apigatewayv2 get-apis") echo a1b2c3 ;;
"cloudwatch get-metric-statistics")
    while [ "$1" != --metric-name ]; do shift; done
    printf '%s\n' "$FIGURES" | awk -v metric="$2" '$1 == metric { print $2 "\t" $3; found = 1 }
        END { if (!found) print "0\tNone" }' ;;
esac
"#;

const WELL: &str = "Invocations 3 12\nErrors 3 0.0\nThrottles 3 0.0\nDuration 3 812.5\nAsyncEventAge 3 40.0\n\
                    5xx 3 0.0\nCount 3 12\nApproximateAgeOfOldestMessage 3 2.0";

/// Returns the exit code of the gate, and what it said.
fn gate(id: &str, figures: &str, letters: &str, arguments: &[&str]) -> (i32, String) {
    let project = project(id, Runtime::Python, Iac::Terraform);
    let (code, said, _) = gate_of(&project, figures, letters, arguments);
    (code, said)
}

/// Returns the exit code of a project's gate, what it said and what it asked.
fn gate_of(
    project: &Scaffold,
    figures: &str,
    letters: &str,
    arguments: &[&str],
) -> (i32, String, String) {
    run(project, "./gate.sh", figures, letters, arguments)
}

/// Returns the exit code of a project's script, what it said and what it asked.
fn run(
    project: &Scaffold,
    script: &str,
    figures: &str,
    letters: &str,
    arguments: &[&str],
) -> (i32, String, String) {
    let home = tempfile::tempdir().expect("a temporary directory");
    write(project, home.path());
    let program = home.path().join("bin/aws");
    std::fs::create_dir_all(home.path().join("bin")).expect("ours");
    std::fs::write(&program, AWS).expect("a file of our own");
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).expect("ours");
    let path = format!("{}:/usr/bin:/bin", home.path().join("bin").display());
    let output = Command::new(Path::new(script))
        .args(arguments)
        .current_dir(home.path())
        .env("PATH", path)
        .env("FIGURES", figures)
        .env("LETTERS", letters)
        .env("DOWN", if figures.is_empty() { "yes" } else { "no" })
        .output()
        .expect("bash runs");
    let said = [output.stdout, output.stderr].concat();
    let asked = std::fs::read_to_string(home.path().join("asked")).unwrap_or_default();
    let said = String::from_utf8_lossy(&said).into_owned();
    (output.status.code().expect("it ends"), said, asked)
}

#[test]
fn the_gate_opens_where_all_is_well() {
    for id in ["s3-notice", "http", "schedule", "queue"] {
        let (code, said) = gate(id, WELL, "0", &["60"]);
        assert_eq!(code, 0, "{id}: {said}");
        assert!(said.contains("duration is 812.5"), "{said}");
    }
}

#[test]
fn the_gate_stays_shut_where_anything_is_not_well() {
    for (figures, letters, what) in [
        (WELL.replace("Errors 3 0.0", "Errors 3 1.0"), "0", "errors is 1.0"),
        (WELL.replace("Throttles 3 0.0", "Throttles 3 2.0"), "0", "throttles is 2.0"),
        (WELL.replace("812.5", "240000.5"), "0", "duration is 240000.5, and may be 240000"),
        (WELL.to_owned(), "1", "dead_letters is 1"),
    ] {
        let (code, said) = gate("queue", &figures, letters, &[]);
        assert_eq!(code, 1, "{said}");
        assert!(said.contains(&format!("not well {what}")), "{said}");
    }
}

#[test]
fn what_cannot_be_known_is_not_well() {
    for figures in ["Invocations 0 0.0", "", &WELL.replace("Duration 3", "Nothing 3")] {
        let (code, said) = gate("queue", figures, "0", &["60"]);
        assert_eq!(code, 2, "{said}");
    }
}

#[test]
fn nothing_is_known_and_nothing_is_deployed_with_the_credentials_of_another_account() {
    let mut project = project("queue", Runtime::Python, Iac::Terraform);
    project.account = Some("111122223333".to_owned());
    let (code, said, asked) = gate_of(&project, WELL, "0", &["60"]);
    assert_eq!(code, 0, "{said}");
    assert!(asked.starts_with("sts get-caller-identity "), "{asked}");
    let (code, said, _) = gate_of(&project, "", "0", &["60"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("AWS does not say whose credentials these are"), "{said}");

    project.account = Some("444455556666".to_owned());
    let (code, said, asked) = gate_of(&project, WELL, "0", &["60"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("these credentials are of the account 111122223333"), "{said}");
    assert!(!asked.contains("cloudwatch"), "{asked}");
    for iac in Iac::ALL {
        project.iac = iac;
        let (code, said, asked) = run(&project, "./deploy.sh", WELL, "0", &["shadow"]);
        assert_eq!(code, 1, "{said}");
        assert!(said.contains("sign in to the account 444455556666"), "{said}");
        assert_eq!(asked.lines().count(), 1, "{asked}");
    }
}

#[test]
fn what_is_no_number_of_minutes_is_refused() {
    for minutes in ["an hour", "4", "655201", "10000000", "-5"] {
        assert_eq!(gate("queue", WELL, "0", &[minutes]).0, 64, "{minutes}");
    }
    assert_eq!(gate("queue", WELL, "0", &["0090"]).0, 0, "in tens, not in eights");
}

#[test]
fn an_api_that_nobody_asked_is_not_well() {
    for figures in [WELL.replace("Count 3 12", "Count 3 0.0"), WELL.replace("Count", "Nothing")] {
        let (code, said) = gate("http", &figures, "0", &["60"]);
        assert_eq!(code, 2, "{said}");
        assert!(said.contains("there were no requests in the last 60 minutes"), "{said}");
    }
    let (code, said) = gate("http", &WELL.replace("5xx 3", "5xx 0"), "0", &["60"]);
    assert_eq!(code, 2, "no figure of errors is not none: {said}");
    let (code, said) = gate("http", &WELL.replace("5xx 3 0.0", "5xx 3 1.0"), "0", &["60"]);
    assert_eq!(code, 1, "{said}");
}

#[test]
fn what_runs_seldom_is_looked_at_for_two_runs() {
    let mut project = project("schedule", Runtime::Python, Iac::Terraform);
    for (expression, minutes, period) in [
        ("cron(0 18 * * ? *)", 2880, 300),
        ("cron(0 18 ? * MON *)", 20_160, 3600),
        ("cron(0 18 1 * ? *)", 89_280, 7200),
    ] {
        project.template = Template::Schedule { expression: expression.to_owned() };
        let (code, said, asked) = gate_of(&project, WELL, "0", &["60"]);
        assert_eq!(code, 0, "{said}");
        assert!(said.contains(&format!("looking back for {minutes} minutes")), "{said}");
        assert!(asked.contains(&format!("--period {period} ")), "{asked}");
        let (code, said, _) = gate_of(&project, "Invocations 0 None", "0", &["60"]);
        assert_eq!(code, 2, "{said}");
        assert!(said.contains(&format!("no runs in the last {minutes} minutes")), "{said}");
    }
}
