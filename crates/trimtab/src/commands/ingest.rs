//! `trimtab ingest`.

use serde_json::{Value, json};

use trimtab_app::failure::Failure;
use trimtab_app::pipeline::{self, IngestRequest, Ingested};
use trimtab_render::contract;
use trimtab_render::document::{
    IngestFailure, Ingested as Report, IngestedFile, PeriodTotal, ingest_report,
};

use crate::cli::IngestArgs;
use crate::commands::analyze::{isolation, place};
use crate::console::Console;
use crate::terminal::{Printed, ProgressBar, print_json, print_text};

/// Reads a directory of exports into the data directory.
pub fn run(console: &Console, args: &IngestArgs) -> Result<Printed, Failure> {
    console.no_rows()?;
    let request = IngestRequest {
        dir: args.from.clone(),
        place: place(args.account.as_deref(), args.region.as_deref()),
        isolation: isolation()?,
    };
    let locale = console.style.locale();
    let bar = ProgressBar::start(&locale.text("progress-ingest"), locale, console.quiet);
    let ingested = pipeline::ingest(&console.settings, &request, &|progress| bar.show(progress))?;
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
    ] {
        if rows > 0 {
            files.push(IngestedFile { file: name.to_owned(), format, rows });
        }
    }
    Report {
        files,
        failures: Vec::<IngestFailure>::new(),
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
