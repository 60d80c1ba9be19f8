//! Files that are damaged, foreign or hostile: each a clear error, the lake unchanged.

use std::sync::Arc;

use arrow::array::{ArrayRef, DictionaryArray, Int32Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;

use trimtab_store::billing::Limits;

use crate::support::{Bench, FOCUS, convert_with, gzip, text};

const ROW: &str = "1,1,1,USD,Usage,2026-10-01,2026-10-02,2026-10-01,1,,,,,";

#[track_caller]
fn check(bytes: impl AsRef<[u8]>, expected: &str) {
    let bench = Bench::new();
    let kept = bench.focus("kept.csv", &[ROW]);
    bench.ingest(&[kept]);
    let before = bench.totals();
    let error = bench.refusal(&bench.file("bill", bytes));
    assert!(!error.hint.en.is_empty());
    let shown = error.to_string();
    assert!(shown.ends_with(expected), "{shown}");
    assert_eq!(bench.totals(), before);
}

fn focus(row: &str) -> String {
    text(FOCUS, &[ROW, row])
}

fn parquet(rows: usize) -> Vec<u8> {
    let columns = FOCUS.split(',').zip(ROW.split(',')).map(|(name, value)| {
        let value = (!value.is_empty()).then_some(value);
        let array: ArrayRef = Arc::new(StringArray::from(vec![value; rows]));
        (name, array)
    });
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

#[test]
fn bad_cells_name_row_and_column() {
    check(focus(&ROW.replacen('1', "1;5", 1)), "row 3, column BilledCost: `1;5` is not a number");
    check(focus(&ROW.replacen('1', "NaN", 1)), "row 3, column BilledCost: `NaN` is not a number");
    check(
        focus(&ROW.replacen('1', "0.1234567890123456789", 1)),
        "row 3, column BilledCost: `0.1234567890123456789` has more than 18 decimals",
    );
    check(
        focus(&ROW.replacen('1', "", 1)),
        "row 3, column BilledCost: is empty and no commitment discount explains it",
    );
    check(
        focus(&ROW.replace("Usage", "Surprise")),
        "row 3, column ChargeCategory: `Surprise` is not a charge category",
    );
    check(
        focus(&ROW.replace("USD", "dollars")),
        "row 3, column BillingCurrency: `dollars` is not a currency code",
    );
    check(
        focus(&ROW.replacen("2026-10-01", "2026-13-01", 1)),
        "row 3, column ChargePeriodStart: `2026-13-01` is not a date",
    );
    check(focus(&ROW.replacen("2026-10-01", "", 1)), "row 3, column ChargePeriodStart: is empty");
    check(focus("1,2,3"), "row 3: has 3 fields where the header has 14");
}

#[test]
fn f04_what_is_no_number_is_no_cost() {
    for word in ["NaN", "nan", "Infinity", "-inf", "+Inf", "1e999999", "0x10", "1,5", "−1"] {
        let row = ROW.replacen('1', &format!("\"{word}\""), 1);
        let bench = Bench::new();
        let error = bench.refusal(&bench.file("bill.csv", focus(&row)));
        assert_eq!(error.row, Some(3), "{word}: {error}");
        assert!(error.to_string().contains("BilledCost"), "{word}: {error}");
        assert_eq!(bench.totals(), Vec::<String>::new());
    }
}

#[test]
fn f01_bad_texts_are_refused() {
    check("", ": is empty");
    check(
        text("date,dau", &["2026-10-01,5"]),
        "is none of FOCUS, CUR 2.0 and legacy CUR, in CSV, gzip CSV or Parquet",
    );
    check("<!DOCTYPE html><html></html>", "is a web page or XML, not a bill");
    check(b"PK\x03\x04zip", "is a zip archive");
    check(b"\xff\xfeB\0i\0", "is UTF-16 text");
    check(
        text(&FOCUS.replace("EffectiveCost", "Other"), &[]),
        "column EffectiveCost: looks like FOCUS 1.0 and lacks a column that it cannot do without",
    );
    check(
        text(&FOCUS.replace("Tags", "BilledCost"), &[]),
        "row 1, column BilledCost: has a column twice",
    );
    check(
        focus(&ROW.replace("Usage", "Us\0ge")),
        "row 3, column ChargeCategory: contains a NUL byte",
    );
    let mut latin = focus(&format!("{ROW}e")).into_bytes();
    let length = latin.len();
    latin[length - 2] = 0xe9;
    check(latin, "row 3, column Tags: is not UTF-8");
    check(
        focus(&format!("{ROW}{}", "x".repeat(2 << 20))),
        "row 3, column Tags: has a field of 2097152 bytes",
    );
    check(focus(&format!("\"{}", "x".repeat(40 << 20))), "has a row that does not end");
    check(gzip(&gzip(focus(ROW).as_bytes())), "is an archive within an archive");
}

#[test]
fn a_byte_order_mark_is_no_matter() {
    let bench = Bench::new();
    let ingested = bench.ingest(&[bench.file("bill.csv", format!("\u{feff}{}", focus(ROW)))]);
    assert_eq!(ingested.rows(), 2);
}

#[test]
fn a_cut_gzip_is_refused() {
    let whole = gzip(focus(ROW).as_bytes());
    check(&whole[..whole.len() / 2], "ends in the middle");
    check(&whole[..whole.len() - 4], "ends in the middle");
}

#[test]
fn f02_a_bomb_is_refused() {
    let row = format!("{ROW}{}", "x".repeat(1_000_000));
    let bomb = text(FOCUS, &[row.as_str(); 50]);
    check(gzip(bomb.as_bytes()), "unfolds to more than a bill of its size can be");
}

#[test]
fn f01_a_cut_or_damaged_parquet_is_refused() {
    let whole = parquet(1000);
    let bench = Bench::new();
    assert_eq!(bench.ingest(&[bench.file("bill", &whole)]).rows(), 1000);
    check(&whole[..whole.len() - 1], "its footer is missing");
    check(&whole[..10], "it is too short");
    check([&whole[..4], &whole[204..]].concat(), "its description is broken");
    let mut long = whole.clone();
    let length = long.len();
    long[length - 8..length - 4].copy_from_slice(&u32::MAX.to_le_bytes());
    check(&long, "its footer is longer than the file");
}

#[test]
fn a_flipped_byte_never_takes_the_process_down() {
    let whole = parquet(50);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bill");
    // Every byte of the footer and of the first pages, two flips each.
    let places: Vec<usize> = (0..whole.len()).step_by(whole.len() / 250 + 1).collect();
    for at in places {
        for flip in [0x01, 0xff] {
            let mut bytes = whole.clone();
            bytes[at] ^= flip;
            std::fs::write(&path, bytes).unwrap();
            let staging = tempfile::tempdir().unwrap();
            // Some flips change a value that nobody can tell is wrong; what matters is
            // that an answer comes.
            drop(convert_with(&path, staging.path(), Limits::default()));
        }
    }
}

#[test]
fn f02_a_small_parquet_that_claims_millions_is_refused() {
    // Run-length encoding says any number of equal rows in a few bytes, if a page is as
    // large as a writer wants.
    let rows = 2_000_000;
    let columns = FOCUS.split(',').map(|name| {
        let keys = Int32Array::from(vec![0; rows]);
        let values: ArrayRef = Arc::new(StringArray::from(vec!["1"]));
        (name, Arc::new(DictionaryArray::new(keys, values)) as ArrayRef)
    });
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let properties = WriterProperties::builder()
        .set_data_page_row_count_limit(usize::MAX)
        .set_write_batch_size(rows)
        .build();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    let bytes = writer.into_inner().unwrap();
    assert!(bytes.len() < 10_000);
    let expected = format!("claims {rows} rows in {} bytes", bytes.len());
    check(bytes, &expected);
}

#[test]
fn f02_a_page_that_claims_more_than_it_can_hold_is_refused() {
    let whole = parquet(1);
    // The first page header follows the magic: field 1 page type, field 2 its unfolded
    // size as a varint. Five bytes of varint in place of the header claim two gigabytes.
    let mut bytes = whole.clone();
    bytes.splice(6..7, [0xfe, 0xff, 0xff, 0xff, 0x0f]);
    let bench = Bench::new();
    let error = bench.refusal(&bench.file("bill", &bytes));
    assert!(error.problem.en.contains("claims") || error.problem.en.contains("broken"), "{error}");
}

#[test]
fn limits_hold() {
    let bench = Bench::new();
    let file = bench.focus("bill.csv", &[ROW, ROW, ROW]);
    let staging = tempfile::tempdir().unwrap();
    let limits = Limits { rows: 2, ..Limits::default() };
    let error = convert_with(&file, staging.path(), limits).unwrap_err().error;
    assert!(error.problem.en.contains("more than 2 rows"));
    let staging = tempfile::tempdir().unwrap();
    let limits = Limits { columns: 3, ..Limits::default() };
    let error = convert_with(&file, staging.path(), limits).unwrap_err().error;
    assert!(error.problem.en.contains("more than 3 columns"));
    let other = ROW.replace("2026-10-01", "2026-11-01");
    let file = bench.focus("groups.csv", &[ROW, &other]);
    let staging = tempfile::tempdir().unwrap();
    let limits = Limits { groups: 1, ..Limits::default() };
    let error = convert_with(&file, staging.path(), limits).unwrap_err().error;
    assert!(error.problem.en.contains("billing periods"));
}
