//! Bytes that changed after they were written: an error that names them, never wrong sums.

use std::fs::File;
use std::path::{Path, PathBuf};

use parquet::file::reader::{FileReader, SerializedFileReader};
use trimtab_store::billing::Limits;
use trimtab_store::cost::{CostFilter, GroupBy, Source, cost_groups, cost_groups_from};
use trimtab_store::lake::{LakeError, ingest};

use crate::support::{Bench, convert_with};

const ROW: &str = "1,1,1,USD,Usage,2026-10-01,2026-10-02,2026-10-01,1,,Amazon EC2,,,";

/// Flips one bit in the last page of a column.
fn flip(file: &Path, column: &str) {
    let reader = SerializedFileReader::new(File::open(file).unwrap()).unwrap();
    let chunk = reader
        .metadata()
        .row_group(0)
        .columns()
        .iter()
        .find(|chunk| chunk.column_path().string() == column)
        .unwrap();
    let (start, length) = chunk.byte_range();
    let last = usize::try_from(start + length - 1).unwrap();
    let mut bytes = std::fs::read(file).unwrap();
    bytes[last] ^= 1;
    std::fs::write(file, bytes).unwrap();
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

/// Returns the one file of charges in the lake.
fn charges(bench: &Bench) -> PathBuf {
    let files = files(&bench.dir.path().join("data/lake/charges"));
    assert_eq!(files.len(), 1);
    files[0].clone()
}

#[test]
fn a_flipped_bit_in_the_lake_is_named_and_not_added_up() {
    let bench = Bench::new();
    bench.ingest(&[bench.focus("bill.csv", &[ROW])]);
    let file = charges(&bench);
    flip(&file, "BilledCost");
    let ask = |by| cost_groups_from(&bench.lake, &[by], &CostFilter::default(), Source::Rows);
    for by in [GroupBy::Service, GroupBy::Resource] {
        let shown = ask(by).unwrap_err().to_string();
        let name = file.file_name().unwrap().to_str().unwrap();
        assert!(shown.ends_with(&format!("{name}, column BilledCost, is damaged")));
    }
    // The sums per day are a file of their own.
    let groups = cost_groups(&bench.lake, &[GroupBy::Service], &CostFilter::default()).unwrap();
    assert_eq!(groups.len(), 1);
}

#[test]
fn a_flipped_bit_in_staging_leaves_the_lake_as_it_was() {
    let bench = Bench::new();
    bench.ingest(&[bench.focus("first.csv", &[ROW])]);
    let before = bench.totals();
    // Of two services: a column that holds one value throughout need not be read.
    let second = bench.focus("second.csv", &[ROW, &ROW.replace("EC2", "S3")]);
    let convert = |file: &Path, staging: &Path| {
        let converted = convert_with(file, staging, Limits::default())?;
        flip(&files(staging)[0], "ServiceName");
        Ok(converted)
    };
    let now = "2026-11-01T00:00:00Z".parse().unwrap();
    let error = ingest(&bench.lake, &[second], &convert, now).unwrap_err();
    assert!(
        matches!(&error, LakeError::Damaged { column: Some(column), .. } if column == "ServiceName")
    );
    assert_eq!(bench.totals(), before);
}

#[test]
fn f01_a_flipped_bit_in_an_export_with_checksums_is_refused() {
    let bench = Bench::new();
    bench.ingest(&[bench.focus("bill.csv", &[ROW])]);
    // A file of the lake has FOCUS columns and checksums, as an export may have.
    let export = bench.file("export.parquet", std::fs::read(charges(&bench)).unwrap());
    assert_eq!(bench.ingest(std::slice::from_ref(&export)).rows(), 1);
    flip(&export, "BilledCost");
    let error = bench.refusal(&export);
    assert_eq!(error.column.as_deref(), Some("BilledCost"));
    assert_eq!(
        error.problem.en,
        "is Parquet that cannot be read: the checksum of a page does not match"
    );
}
