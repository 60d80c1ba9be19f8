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
fn f02_a_small_parquet_file_that_claims_gigabytes_is_refused() {
    let mut file = b"PAR1".to_vec();
    file.extend([0x15, 0x04].repeat(180));
    let footer = u32::MAX - 64;
    file.extend(footer.to_le_bytes());
    file.extend(b"PAR1");
    check("billing/huge.parquet", &file, "footer");
    check("metrics/huge.parquet", &file, "footer");
}

#[test]
fn f01_a_page_of_html_named_parquet_is_not_a_bill() {
    check("billing/error.parquet", b"<html><body>403 Forbidden</body></html>", "error.parquet");
}

#[test]
fn f01_an_empty_file_is_not_a_bill() {
    check("billing/empty.csv", b"", "empty");
}

#[test]
fn a_truncated_gzip_is_refused() {
    let mut file = gzip(support::BILL.repeat(20).as_bytes());
    file.truncate(file.len() / 2);
    check("billing/cut.csv.gz", &file, "cut.csv.gz");
}

#[test]
fn f02_a_compression_bomb_is_refused() {
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

/// Returns the most memory in KiB that a process and its children have had, as far as they live.
#[cfg(target_os = "linux")]
fn peak_of(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let own = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let own = own.and_then(|text| text.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0);
    let children = std::fs::read_to_string(format!("/proc/{process}/task/{process}/children"))
        .unwrap_or_default();
    children
        .split_whitespace()
        .filter_map(|child| child.parse().ok())
        .map(peak_of)
        .fold(own, u64::max)
}

/// Ten million rows are a benchmark, which says 268 MiB for them; here it is that the rows of a
/// file are not held.
#[cfg(target_os = "linux")]
#[test]
fn f03_more_rows_take_no_more_memory_and_add_up_to_the_same() {
    let peak = |rows: u32| {
        let exports = Exports::empty();
        let (header, row) =
            (support::BILL.lines().next().unwrap(), support::BILL.lines().nth(1).unwrap());
        let mut bill = format!("{header}\n");
        for number in 0..rows {
            bill.push_str(&row.replace("vol-0a", &format!("vol-{}", number % 500)));
            bill.push('\n');
        }
        exports.write("billing/bill.csv", bill);
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_trimtab"))
            .args(["ingest", "--from", exports.dir().to_str().unwrap()])
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", exports.dir())
            .env("TRIMTAB_DATA_DIR", exports.data_dir())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let mut peak = 0;
        let status = loop {
            peak = peak.max(peak_of(child.id()));
            match child.try_wait().unwrap() {
                Some(status) => break status,
                None => std::thread::sleep(std::time::Duration::from_millis(2)),
            }
        };
        assert!(status.success());
        let summary =
            json(&exports.trimtab(&["cost", "summary", "--by", "currency", "-o", "json"]));
        // 11.4000000001 a row, in units of its last digit.
        let sum = 114_000_000_001 * u64::from(rows);
        let (whole, part) = (sum / 10_000_000_000, sum % 10_000_000_000);
        let expected =
            format!("{whole}.{part:010}").trim_end_matches('0').trim_end_matches('.').to_owned();
        assert_eq!(summary["items"][0]["billed"]["amount"], expected, "{summary}");
        peak
    };
    let (few, many) = (peak(20_000), peak(200_000));
    // The file of the many has 60 MiB; what is held of it are its groups.
    assert!(few > 0 && many < few + 40 * 1024, "{few} KiB and {many} KiB");
}
