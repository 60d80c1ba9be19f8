//! A lake in a bucket holds the same amounts as one in a directory.

#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod emulator;
mod support;

use std::process::Output;

use serde_json::Value;

use emulator::Emulator;
use support::{Exports, json, stderr, stdout};

const SUMMARY: &[&str] = &["cost", "summary", "--by", "service", "-o", "json"];

/// Runs `trimtab` with its lake in `place` of the emulator.
fn with_lake(emulator: &Emulator, place: &str, arguments: &[&str]) -> Output {
    emulator
        .command(arguments)
        .env("TRIMTAB_LAKE", place)
        .env("AWS_ALLOW_HTTP", "true")
        .output()
        .expect("the binary runs")
}

fn expect_success(output: &Output) {
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(output), stderr(output));
}

/// Returns the amounts of the small bill from a lake in a directory.
fn amounts_of_a_directory(exports: &Exports, ingest: &[&str]) -> Value {
    expect_success(&exports.trimtab(ingest));
    let summary = json(&exports.trimtab(SUMMARY));
    assert_ne!(summary.get("items"), Some(&serde_json::json!([])), "{summary}");
    summary
}

#[test]
fn a_bucket_holds_the_amounts_that_a_directory_holds_however_often_they_are_ingested() {
    let emulator = Emulator::start();
    emulator.make_bucket("lake");
    let exports = Exports::small();
    let dir = exports.dir();
    let ingest = ["ingest", "--from", dir.to_str().expect("UTF-8")];
    let expected = amounts_of_a_directory(&exports, &ingest);
    for _ in 0..2 {
        expect_success(&with_lake(&emulator, "s3://lake/bills", &ingest));
        let summary = with_lake(&emulator, "s3://lake/bills", SUMMARY);
        expect_success(&summary);
        assert_eq!(json(&summary), expected);
    }
    assert!(!emulator.data_dir().join("lake").exists(), "the lake lies in the bucket alone");
}

#[test]
fn a_bucket_that_does_not_exist_is_named() {
    let emulator = Emulator::start();
    let exports = Exports::small();
    let dir = exports.dir();
    let ingest = ["ingest", "--from", dir.to_str().expect("UTF-8")];
    let refused = with_lake(&emulator, "s3://absent/bills", &ingest);
    assert_eq!(refused.status.code(), Some(1), "{}{}", stdout(&refused), stderr(&refused));
    let said = stderr(&refused);
    assert!(said.contains("s3://absent/bills"), "{said}");
    assert_eq!(said.matches("NoSuchBucket").count(), 1, "the reason is told once: {said}");
    assert!(said.contains("make the bucket"), "{said}");
}
