//! Files that mean harm, or are merely broken: each a clear error, nothing lost.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail by panicking")]

mod support;

use std::io::Write;

use support::{Exports, json, stderr};

/// Ingests the exports and returns stderr; the run must end with partial data, quickly,
/// and with the good bill in the lake.
fn ingest_beside_a_good_bill(exports: &Exports) -> String {
    let dir = exports.dir();
    let output = exports.trimtab(&["ingest", "--from", dir.to_str().unwrap()]);
    let errors = stderr(&output);
    assert_eq!(output.status.code(), Some(4), "{errors}");
    assert!(errors.contains("hint:"), "{errors}");
    let summary = json(&exports.trimtab(&["cost", "summary", "--by", "month", "-o", "json"]));
    assert!(!summary["items"].as_array().unwrap().is_empty(), "the good bill is lost: {summary}");
    errors
}

fn check(name: &str, content: &[u8], expected: &str) {
    let exports = Exports::small();
    // The good bill was there before: what the bad file may have belonged to stays as it was.
    let dir = exports.dir();
    assert!(exports.trimtab(&["ingest", "--from", dir.to_str().unwrap()]).status.success());
    exports.write(name, content);
    let errors = ingest_beside_a_good_bill(&exports);
    let file = name.rsplit('/').next().unwrap();
    assert!(errors.contains(file), "{errors}");
    assert!(errors.contains(expected), "{expected:?} is not in {errors}");
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_small_parquet_file_that_claims_gigabytes_is_refused() {
    let mut file = b"PAR1".to_vec();
    file.extend([0x15, 0x04].repeat(180));
    let footer = u32::MAX - 64;
    file.extend(footer.to_le_bytes());
    file.extend(b"PAR1");
    check("billing/huge.parquet", &file, "footer");
    check("metrics/huge.parquet", &file, "footer");
}

#[test]
fn a_page_of_html_named_parquet_is_not_a_bill() {
    check("billing/error.parquet", b"<html><body>403 Forbidden</body></html>", "error.parquet");
}

#[test]
fn an_empty_file_is_not_a_bill() {
    check("billing/empty.csv", b"", "empty");
}

#[test]
fn a_truncated_gzip_is_refused() {
    let mut file = gzip(support::BILL.repeat(20).as_bytes());
    file.truncate(file.len() / 2);
    check("billing/cut.csv.gz", &file, "cut.csv.gz");
}

#[test]
fn a_compression_bomb_is_refused() {
    let mut content = support::BILL.as_bytes().to_vec();
    content.resize(64 << 20, b'\n');
    check("billing/bomb.csv.gz", &gzip(&content), "bomb.csv.gz");
}

#[test]
fn an_unknown_charge_category_names_row_and_column() {
    let content = support::BILL.replace(",Credit,", ",Gift,").replace("2026-10", "2026-07");
    check("billing/gift.csv", content.as_bytes(), "row 5, column ChargeCategory");
}

#[test]
fn a_missing_required_column_is_named() {
    let content = support::BILL.replace("BilledCost", "Billed Cost");
    check("billing/column.csv", content.as_bytes(), "BilledCost");
}

#[test]
fn a_bad_date_names_row_and_column() {
    let content = support::BILL.replacen(
        "2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,Usage",
        "yesterday,2026-11-01T00:00:00Z,Usage",
        1,
    );
    check("billing/date.csv", content.as_bytes(), "row 2, column ChargePeriodStart");
}

#[cfg(unix)]
#[test]
fn g05_a_link_out_of_the_directory_is_not_followed() {
    let exports = Exports::small();
    let dir = exports.dir();
    assert!(exports.trimtab(&["ingest", "--from", dir.to_str().unwrap()]).status.success());
    std::os::unix::fs::symlink("/etc/hostname", dir.join("billing/link.csv")).unwrap();
    let errors = ingest_beside_a_good_bill(&exports);
    assert!(
        errors.contains("link.csv") && errors.contains("out of the input directory"),
        "{errors}"
    );
}

#[test]
fn broken_inventory_and_metrics_cost_only_themselves() {
    let nested = "[".repeat(100_000);
    check(
        "inventory/111122223333/ap-northeast-2/describe-instances.json",
        nested.as_bytes(),
        "describe-instances.json",
    );
    check(
        "metrics/cpu.csv",
        b"resource_id,namespace,metric,statistic,period_seconds,timestamp,value\ni-1,AWS/EC2,CPUUtilization,Maximum,300,2026-10-01T00:00:00Z,lots\n",
        "row 2, column value",
    );
    check("traffic/users.csv", b"date,dau\n2026-10-01,many\n", "row 2");
}

#[test]
fn text_from_tags_cannot_drive_the_terminal() {
    let exports = Exports::small();
    let volumes =
        support::VOLUMES.replace("old-logs", "\\u001b]0;owned\\u0007\\u202e=HYPERLINK(1)");
    exports.write("inventory/111122223333/ap-northeast-2/describe-volumes.json", volumes);
    let dir = exports.dir();
    for format in ["table", "csv", "md", "json"] {
        let output = exports.trimtab(&[
            "analyze",
            "--from",
            dir.to_str().unwrap(),
            "--as-of",
            "2026-11-01T00:00:00Z",
            "-o",
            format,
        ]);
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{format}: {text:?}");
        if format == "csv" {
            assert!(!text.contains(",=HYPERLINK"), "{text}");
        }
    }
}

#[test]
fn a_part_of_a_bill_that_cannot_be_read_leaves_the_bill_as_it_was() {
    let part = |resource: &str| {
        let lines: Vec<&str> = support::BILL.lines().take(2).collect();
        format!("{}\n", lines.join("\n")).replace("vol-0a", resource)
    };
    let exports = Exports::empty();
    exports.write("billing/a.csv", part("vol-1"));
    exports.write("billing/b.csv", part("vol-2"));
    let dir = exports.dir();
    let total = || {
        let summary =
            json(&exports.trimtab(&["cost", "summary", "--by", "currency", "-o", "json"]));
        summary["items"][0]["billed"]["amount"].as_str().unwrap().to_owned()
    };
    assert!(exports.trimtab(&["ingest", "--from", dir.to_str().unwrap()]).status.success());
    assert_eq!(total(), "22.8000000002");
    // Whatever the part has become, it is not taken for nothing.
    for damaged in ["not a bill at all\n", "some,other\n1,2\n", ""] {
        exports.write("billing/b.csv", damaged);
        let output = exports.trimtab(&["ingest", "--from", dir.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(4));
        assert_eq!(total(), "22.8000000002", "after {damaged:?}");
    }
    // A manifest is no part of a bill.
    exports.write("billing/b.csv", part("vol-2"));
    exports.write("billing/report-Manifest.json", "{\"reportKeys\": []}");
    exports.trimtab(&["ingest", "--from", dir.to_str().unwrap()]);
    assert_eq!(total(), "22.8000000002");
}

#[test]
fn a_bill_beside_its_compressed_copy_counts_once() {
    let exports = Exports::empty();
    exports.write("billing/a.csv", support::BILL);
    exports.write("billing/a.csv.gz", gzip(support::BILL.as_bytes()));
    let dir = exports.dir();
    let output = exports.trimtab(&["ingest", "--from", dir.to_str().unwrap()]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stderr(&output).contains("same content"), "{}", stderr(&output));
    let summary = json(&exports.trimtab(&["cost", "summary", "--by", "currency", "-o", "json"]));
    assert_eq!(summary["items"][1]["billed"]["amount"], "14.6320000001", "{summary}");
}
