//! `trimtab scan`.

use serde_json::{Value, json};

use trimtab_app::failure::Failure;
use trimtab_app::pipeline::{self, Metrics, ScanRequest, Scanned};
use trimtab_model::collection::Collection;
use trimtab_render::document::{ScanHole, ScanReport, scan_report, scan_table};

use crate::cli::ScanArgs;
use crate::console::Console;
use crate::terminal::{Printed, ProgressBar, print_json, print_text};

/// Reads accounts into the data directory.
pub fn run(console: &Console, args: &ScanArgs) -> Result<Printed, Failure> {
    let request = ScanRequest {
        profile: args.profile.clone(),
        accounts: args.account.clone(),
        regions: args.region.clone(),
        services: args.services.clone(),
        metrics: if args.no_metrics { Metrics::Skip } else { Metrics::Read },
    };
    let locale = console.style.locale();
    let bar = ProgressBar::start(&locale.text("progress-scan"), locale, console.quiet);
    let scanned = pipeline::scan(&console.settings, &request, &mut |step| {
        bar.say(&locale.text_with(
            "progress-scan-step",
            &[
                ("done", &step.done.to_string()),
                ("of", &step.of.to_string()),
                ("account", step.collection.account.as_str()),
                ("region", step.collection.region.as_str()),
                ("kind", step.collection.kind.as_str()),
            ],
        ));
    })?;
    drop(bar);
    let report = report(&scanned);
    if console.is_json() {
        print_json(&document(console, &scanned))?;
    } else if console.is_table() {
        print_text(&scan_report(&report, &console.style))?;
    } else {
        console.print_table("scan", &scan_table(&scanned.collections, &console.list_style()))?;
    }
    let whole = report.holes.is_empty() && scanned.metric_holes.is_empty();
    Ok(match (scanned.finished, whole) {
        (false, _) => Printed::Interrupted,
        (true, false) => Printed::Partial,
        (true, true) => Printed::Complete,
    })
}

fn report(scanned: &Scanned) -> ScanReport {
    ScanReport {
        holes: holes(&scanned.collections),
        collections: scanned.collections.clone(),
        calls: scanned.calls.values().sum(),
        finished: scanned.finished,
    }
}

/// Returns what could not be read, for a page.
pub fn holes(collections: &[Collection]) -> Vec<ScanHole> {
    pipeline::holes(collections)
        .into_iter()
        .map(|hole| ScanHole {
            account: hole.account,
            region: hole.region,
            reason: hole.reason,
            kinds: hole.kinds,
        })
        .collect()
}

fn document(console: &Console, scanned: &Scanned) -> Value {
    let language = console.style.language;
    json!({
        "schema": "trimtab/v1/scan",
        "finished": scanned.finished,
        "metrics_requested": scanned.metrics_requested,
        "samples": scanned.samples,
        "metric_holes": scanned.metric_holes.iter().map(|hole| json!({
            "account": hole.account, "region": hole.region,
            "code": hole.reason.code, "message": hole.reason.text.get(language),
        })).collect::<Vec<_>>(),
        "resumed": scanned.resumed.map(|at| at.to_string()),
        "calls": scanned.calls.iter().map(|(operation, count)| json!({
            "service": operation.service, "operation": operation.name, "count": count,
        })).collect::<Vec<_>>(),
        "items": scanned.collections.iter().map(|one| json!({
            "account": one.account,
            "region": one.region,
            "resource_type": one.kind,
            "outcome": one.outcome.as_str(),
            "resources": one.resources,
            "reasons": one.reasons.iter().map(|reason| json!({
                "code": reason.code, "message": reason.text.get(language),
            })).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    })
}
