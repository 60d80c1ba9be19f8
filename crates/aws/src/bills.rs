//! Which exports of the bill an account has made, and where AWS delivers them.

use aws_sdk_bcmdataexports::types::Export;
use aws_sdk_costandusagereport::types::ReportDefinition;

use crate::bucket_region::region_of;
use crate::error::AwsError;
use crate::page::pages;
use crate::session::Session;

/// The action that lists data exports.
pub const LIST_EXPORTS: &str = "bcm-data-exports:ListExports";
/// The action that says what a data export holds and where it goes.
pub const GET_EXPORT: &str = "bcm-data-exports:GetExport";
/// The action that lists legacy reports.
pub const DESCRIBE_REPORTS: &str = "cur:DescribeReportDefinitions";
/// The actions that read what was delivered, in one bucket.
pub const BUCKET_ACTIONS: &[&str] = &["s3:GetBucketLocation", "s3:ListBucket"];
/// The action that reads what was delivered, object by object.
pub const GET_OBJECT: &str = "s3:GetObject";

/// An export of the bill.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct BillExport {
    /// Its name.
    pub name: String,
    /// What it is: the table of a data export, or `CUR (legacy)`.
    pub table: String,
    /// The bucket.
    pub bucket: String,
    /// The prefix below which its periods lie.
    pub prefix: String,
    /// The region of the bucket.
    pub region: String,
}

/// What was found, and what could not be asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FoundExports {
    /// The exports, data exports first.
    pub exports: Vec<BillExport>,
    /// Why the list may lack some.
    pub errors: Vec<AwsError>,
}

/// Finds the exports of an account: data exports of CUR 2.0 and FOCUS, and legacy reports.
///
/// Data exports of other tables, such as recommendations, are no bills and are left out.
pub async fn exports(session: &Session) -> FoundExports {
    let home = session.in_region(session.partition().billing_region());
    let mut found = FoundExports::default();
    for listed in [data_exports(&home).await, reports(&home).await] {
        match listed {
            Ok(exports) => found.exports.extend(exports),
            Err(error) => found.errors.push(error),
        }
    }
    found
}

/// Returns the region of a bucket.
///
/// # Errors
/// Fails without permission, and on a bucket that does not exist.
pub async fn bucket_region(session: &Session, bucket: &str) -> Result<String, AwsError> {
    region_of(session, bucket).await
}

async fn data_exports(session: &Session) -> Result<Vec<BillExport>, AwsError> {
    let client = session.data_exports();
    let mut arns = Vec::new();
    pages(LIST_EXPORTS, client.list_exports().into_paginator().send(), |page| {
        arns.extend(page.exports.unwrap_or_default().into_iter().map(|export| export.export_arn));
    })
    .await?;
    let mut exports = Vec::new();
    for arn in arns {
        let answer = client.get_export().export_arn(arn).send().await;
        let answer = answer.map_err(|error| AwsError::of(GET_EXPORT, &error))?;
        exports.extend(answer.export.and_then(data_export));
    }
    exports.sort();
    Ok(exports)
}

fn data_export(export: Export) -> Option<BillExport> {
    let table = table(&export.data_query?.query_statement)?;
    let place = export.destination_configurations?.s3_destination?;
    Some(BillExport {
        prefix: below(&place.s3_prefix, &export.name),
        name: export.name,
        table,
        bucket: place.s3_bucket,
        region: place.s3_region,
    })
}

/// Returns the table that a query reads, if it is one of the bill.
fn table(query: &str) -> Option<String> {
    let words: Vec<&str> = query.split_whitespace().collect();
    let from = words.iter().position(|word| word.eq_ignore_ascii_case("from"))?;
    let name = words.get(from + 1)?.trim_end_matches(';').to_ascii_uppercase();
    (name == "COST_AND_USAGE_REPORT" || name.starts_with("FOCUS_")).then_some(name)
}

async fn reports(session: &Session) -> Result<Vec<BillExport>, AwsError> {
    let stream = session.reports().describe_report_definitions().into_paginator().send();
    let mut found = Vec::new();
    pages(DESCRIBE_REPORTS, stream, |page| {
        found.extend(page.report_definitions.unwrap_or_default().into_iter().map(report));
    })
    .await?;
    found.sort();
    Ok(found)
}

fn report(report: ReportDefinition) -> BillExport {
    BillExport {
        prefix: below(&report.s3_prefix, &report.report_name),
        name: report.report_name,
        table: "CUR (legacy)".to_owned(),
        bucket: report.s3_bucket,
        region: report.s3_region.as_str().to_owned(),
    }
}

fn below(prefix: &str, name: &str) -> String {
    match prefix.trim_matches('/') {
        "" => name.to_owned(),
        prefix => format!("{prefix}/{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_a_query_says_whether_it_is_a_bill() {
        for (query, expected) in [
            ("SELECT a, b FROM COST_AND_USAGE_REPORT", Some("COST_AND_USAGE_REPORT")),
            ("select * from focus_1_2_aws;", Some("FOCUS_1_2_AWS")),
            ("SELECT a FROM FOCUS_1_0_AWS WHERE a = 'from here'", Some("FOCUS_1_0_AWS")),
            ("SELECT a FROM COST_OPTIMIZATION_RECOMMENDATIONS", None),
            ("SELECT a", None),
        ] {
            assert_eq!(table(query).as_deref(), expected, "{query}");
        }
    }

    #[test]
    fn an_export_lies_below_its_prefix_and_its_name() {
        assert_eq!(below("/bills/", "focus"), "bills/focus");
        assert_eq!(below("", "focus"), "focus");
    }
}
