//! `trimtab ingest`.

use std::path::PathBuf;

use serde_json::{Value, json};

use trimtab_app::failure::Failure;
use trimtab_app::pipeline::{
    self, Announced, BillPlace, CostExplorerRequest, Delivered, ExportRequest, IngestRequest,
    Ingested, ReadExport,
};
use trimtab_app::progress::OnProgress;
use trimtab_render::contract;
use trimtab_render::document::{
    IngestFailure, Ingested as Report, IngestedFile, PeriodTotal, Requests, ingest_report,
};
use trimtab_render::money;

use crate::cli::IngestArgs;
use crate::commands::analyze::{isolation, place};
use crate::console::Console;
use crate::terminal::{Printed, ProgressBar, print_json, print_text};

/// Where exports are read from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Source {
    /// A directory.
    Directory(PathBuf),
    /// The bill as AWS delivers it.
    Bill(BillPlace),
    /// Cost Explorer.
    CostExplorer,
}

impl Source {
    /// Reads what `--from` says. A directory that is called `aws` is `./aws`.
    fn parse(text: &str) -> Result<Self, Failure> {
        if let Some(rest) = text.strip_prefix("s3://") {
            let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
            if bucket.is_empty() {
                return Err(unknown(text));
            }
            let prefix = prefix.trim_matches('/').to_owned();
            return Ok(Self::Bill(BillPlace::Bucket { bucket: bucket.to_owned(), prefix }));
        }
        match text {
            "aws" => Ok(Self::Bill(BillPlace::Account)),
            "cost-explorer" => Ok(Self::CostExplorer),
            text if text.contains("://") => Err(unknown(text)),
            text => Ok(Self::Directory(PathBuf::from(text))),
        }
    }
}

/// Fails on a flag that says nothing about the source, rather than to leave it out.
fn refuse_foreign(args: &IngestArgs, source: &Source) -> Result<(), Failure> {
    let (flag, belongs) = match source {
        Source::Directory(_) if args.profile.is_some() => {
            ("--profile", "aws, s3:// or cost-explorer")
        }
        Source::Directory(_) | Source::Bill(_) if args.budget.is_some() => {
            ("--budget", "cost-explorer")
        }
        Source::Directory(_) | Source::Bill(_) | Source::CostExplorer => return Ok(()),
    };
    Err(Failure::usage(
        (
            format!("{flag} says nothing about --from {}", args.from),
            format!("이 위치(--from {})에는 쓸 수 없는 옵션입니다: {flag}", args.from),
        ),
        (format!("it belongs to --from {belongs}"), format!("쓸 수 있는 곳: --from {belongs}")),
    ))
}

fn unknown(text: &str) -> Failure {
    Failure::usage(
        (
            format!("`{text}` is not a place that trimtab reads exports from"),
            format!("trimtab이 읽을 수 없는 위치입니다: `{text}`"),
        ),
        (
            "give a directory, s3://BUCKET/PREFIX, aws or cost-explorer",
            "디렉터리, s3://버킷/접두사, aws, cost-explorer 가운데 하나를 지정하세요",
        ),
    )
}

/// Reads exports into the data directory.
pub fn run(console: &Console, args: &IngestArgs) -> Result<Printed, Failure> {
    console.no_rows()?;
    let source = Source::parse(&args.from)?;
    refuse_foreign(args, &source)?;
    let locale = console.style.locale();
    // What asking costs is said on the same stream, and stays to be read.
    let is_hidden = console.quiet || source == Source::CostExplorer;
    let bar = ProgressBar::start(&locale.text("progress-ingest"), locale, is_hidden);
    let ingested = read(console, args, source, &|progress| bar.show(progress))?;
    drop(bar);
    if console.is_json() {
        print_json(&document(console, &ingested))?;
        console.problems(&ingested.errors, &ingested.notices);
    } else {
        console.notices(&ingested.notices);
        print_text(&ingest_report(&report(console, &ingested), &console.style))?;
        console.problems(&ingested.errors, &[]);
    }
    Ok(if ingested.errors.is_empty() { Printed::Complete } else { Printed::Partial })
}

fn read(
    console: &Console,
    args: &IngestArgs,
    source: Source,
    told: OnProgress<'_>,
) -> Result<Ingested, Failure> {
    let isolation = isolation()?;
    let (profile, account) = (args.profile.clone(), args.account.clone());
    match source {
        Source::Directory(dir) => {
            let place = place(args.account.as_deref(), args.region.as_deref());
            pipeline::ingest(&console.settings, &IngestRequest { dir, place, isolation }, told)
        }
        Source::Bill(place) => {
            let request = ExportRequest { profile, account, place, isolation };
            pipeline::ingest_exports(&console.settings, &request, told)
        }
        Source::CostExplorer => {
            let request = CostExplorerRequest {
                profile,
                account,
                months: args.months,
                budget: args.budget,
                isolation,
            };
            let announce = |announced: &Announced| console.say(&announcement(console, announced));
            pipeline::ingest_cost_explorer(&console.settings, &request, &announce, told)
        }
    }
}

/// Says what asking will cost, before anything is asked.
fn announcement(console: &Console, announced: &Announced) -> String {
    let locale = console.style.locale();
    let count = announced.requests.to_string();
    match (announced.cost, announced.price) {
        (Some(cost), Some(price)) => locale.text_with(
            "ingest-announced",
            &[
                ("count", &count),
                ("cost", &money::precise(cost)),
                ("price", &money::precise(price)),
            ],
        ),
        _ => locale.text_with("ingest-announced-unpriced", &[("count", &count)]),
    }
}

fn report(console: &Console, ingested: &Ingested) -> Report {
    let locale = console.style.locale();
    let mut files: Vec<IngestedFile> = ingested
        .bills
        .iter()
        .map(|bill| IngestedFile {
            file: bill.file.display().to_string(),
            format: bill.format.as_str().to_owned(),
            rows: bill.rows,
        })
        .collect();
    for (name, format, rows) in [
        ("inventory/", locale.text("ingest-resources"), ingested.resources),
        ("metrics/", locale.text("ingest-metrics"), ingested.metrics_files),
        ("traffic/users.csv", locale.text("ingest-user-days"), ingested.user_days),
        ("traffic/", locale.text("ingest-services"), ingested.services),
    ] {
        if rows > 0 {
            files.push(IngestedFile { file: name.to_owned(), format, rows });
        }
    }
    Report {
        files,
        failures: Vec::<IngestFailure>::new(),
        exports: ingested.exports.iter().map(export).collect(),
        unchanged: ingested
            .periods
            .iter()
            .filter(|period| period.delivered == Delivered::Unchanged)
            .map(|period| period.period.clone())
            .collect(),
        requests: ingested
            .requests
            .as_ref()
            .map(|made| Requests { count: made.requests, cost: made.cost }),
        totals: ingested
            .totals
            .iter()
            .map(|total| PeriodTotal {
                period: match total.bill.billing_account.as_str() {
                    "" => total.bill.billing_period.clone(),
                    account => format!("{} · {account}", total.bill.billing_period),
                },
                billed: total.billed,
                effective: total.effective,
            })
            .collect(),
    }
}

fn export(export: &ReadExport) -> String {
    let parts = [export.name.as_deref(), export.table.as_deref(), Some(&export.url)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn document(console: &Console, ingested: &Ingested) -> Value {
    let language = console.style.language;
    json!({
        "schema": "trimtab/v1/ingest",
        "bills": ingested.bills.iter().map(|bill| json!({
            "file": bill.file, "format": bill.format.as_str(), "rows": bill.rows,
        })).collect::<Vec<_>>(),
        "resources": ingested.resources,
        "metrics_files": ingested.metrics_files,
        "user_days": ingested.user_days,
        "services": ingested.services,
        "exports": ingested.exports.iter().map(|export| json!({
            "name": export.name, "table": export.table, "url": export.url,
        })).collect::<Vec<_>>(),
        "periods": ingested.periods.iter().map(|period| json!({
            "billing_period": period.period,
            "outcome": period.delivered.as_str(),
            "files": period.files,
            "bytes": period.bytes,
        })).collect::<Vec<_>>(),
        "cost_explorer": ingested.requests.as_ref().map(|made| json!({
            "requests": made.requests,
            "cost": made.cost.map(contract::money),
            "cached_months": made.cached,
        })),
        "totals": ingested.totals.iter().map(|total| json!({
            "billing_period": total.bill.billing_period,
            "billing_account": total.bill.billing_account,
            "format": total.format,
            "rows": total.rows,
            "complete": total.complete,
            "billed": contract::money(total.billed),
            "effective": total.effective.map(contract::money),
        })).collect::<Vec<_>>(),
        "errors": ingested.errors.iter().map(|error| json!({
            "file": error.file, "row": error.row, "column": error.column,
            "problem": error.problem.en, "hint": error.hint.en,
        })).collect::<Vec<_>>(),
        "notices": ingested.notices.iter().map(|notice| json!({
            "file": notice.file, "code": notice.reason.code, "rows": notice.rows,
            "message": notice.reason.text.get(language),
        })).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<Source>) {
        assert_eq!(Source::parse(text).ok(), expected, "{text}");
    }

    #[test]
    fn a_source_is_a_directory_a_bucket_or_a_service() {
        let bucket = |bucket: &str, prefix: &str| {
            Some(Source::Bill(BillPlace::Bucket { bucket: bucket.into(), prefix: prefix.into() }))
        };
        check("s3://bills/cur/hourly/", bucket("bills", "cur/hourly"));
        check("s3://bills", bucket("bills", ""));
        check("s3:///cur", None);
        check("gs://bills/cur", None);
        check("aws", Some(Source::Bill(BillPlace::Account)));
        check("./aws", Some(Source::Directory("./aws".into())));
        check("cost-explorer", Some(Source::CostExplorer));
        check("export", Some(Source::Directory("export".into())));
    }
}
