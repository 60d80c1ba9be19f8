//! Which files a delivery consists of: the manifest decides, and nothing else does.

use std::collections::BTreeSet;

use serde::Deserialize;

use trimtab_model::text::{StaticText, Text};

const WRONG: StaticText = StaticText {
    en: "check that the bucket holds what AWS delivered, and nothing that was made by hand",
    ko: "버킷의 파일이 AWS가 전달한 그대로인지, 손으로 고친 것이 없는지 확인하세요",
};

/// What a manifest says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// The execution of a data export, or the assembly of a legacy report.
    pub id: String,
    /// The keys of its files.
    pub files: BTreeSet<String>,
}

/// A manifest as it is written: of Data Exports (AWS user guide, *Data Exports manifest file
/// reference*), or of the legacy report.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    execution_id: Option<String>,
    data_files: Option<Vec<String>>,
    assembly_id: Option<String>,
    report_keys: Option<Vec<String>>,
}

/// Reads a manifest.
///
/// # Errors
/// Returns what is wrong and what to do if it is no manifest, or names no file.
pub fn parse(bytes: &[u8]) -> Result<Manifest, (Text, StaticText)> {
    let written: Written = serde_json::from_slice(bytes).map_err(|cause| {
        let problem = Text::new("is no manifest of a bill", "청구서의 매니페스트가 아닙니다");
        (problem.because(&Text::verbatim(cause.to_string())), WRONG)
    })?;
    let id = written.execution_id.or(written.assembly_id).unwrap_or_default();
    let files: BTreeSet<String> = written
        .data_files
        .into_iter()
        .chain(written.report_keys)
        .flatten()
        .map(|file| key(&file).to_owned())
        .filter(|key| !key.is_empty())
        .collect();
    if files.is_empty() {
        let problem =
            Text::new("names no file of a bill", "청구서 파일이 하나도 적혀 있지 않습니다");
        return Err((problem, WRONG));
    }
    Ok(Manifest { id, files })
}

/// Returns the key of a file: Data Exports names it with its bucket, the legacy report
/// without, and with a slash in front where the report has no prefix.
///
/// The bucket is left out on purpose: a copy of a bucket keeps the keys and not the name.
fn key(file: &str) -> &str {
    file.strip_prefix("s3://")
        .map_or(file, |rest| rest.split_once('/').map_or("", |(_, key)| key))
        .trim_start_matches('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_of_manifests_name_keys() {
        let export = br#"{"executionId": "run-1", "exportArn": "arn:aws:bcm-data-exports:x",
            "columns": [{"name": "BilledCost", "type": "double"}],
            "dataFiles": ["s3://bills/p/e/data/BILLING_PERIOD=2026-10/e-00001.csv.gz"]}"#;
        let manifest = parse(export).unwrap();
        assert_eq!(manifest.id, "run-1");
        let files = ["p/e/data/BILLING_PERIOD=2026-10/e-00001.csv.gz".to_owned()];
        assert_eq!(manifest.files, BTreeSet::from(files));
        let report = br#"{"assemblyId": "aaaa", "bucket": "bills", "compression": "GZIP",
            "reportKeys": ["/cur/20261001-20261101/aaaa/cur-00001.csv.gz"]}"#;
        let manifest = parse(report).unwrap();
        assert_eq!(manifest.id, "aaaa");
        let files = ["cur/20261001-20261101/aaaa/cur-00001.csv.gz".to_owned()];
        assert_eq!(manifest.files, BTreeSet::from(files));
    }

    #[test]
    fn what_names_no_file_is_refused() {
        assert!(parse(b"{}").is_err());
        assert!(parse(b"[1]").is_err());
        assert!(parse(br#"{"reportKeys": []}"#).is_err());
        assert!(parse(br#"{"dataFiles": ["s3://bucket"]}"#).is_err());
        assert!(parse(br#"{"reportKeys": "one"}"#).is_err());
    }
}
