//! `trimtab scan`.

use serde_json::{Value, json};

use trimtab_app::failure::Failure;
use trimtab_app::pipeline::{
    self, Ask, MetricPrice, Metrics, PlaceEstimate, ScanProgress, ScanRequest, Scanned,
};
use trimtab_model::collection::Collection;
use trimtab_model::text::{Language, Reason};
use trimtab_render::document::{
    MetricCost, ScanEstimate, ScanHole, ScanMetrics, ScanPlace, ScanPrometheus, ScanReport,
    estimate_table, scan_estimate, scan_report, scan_table,
};
use trimtab_render::locale::Locale;
use trimtab_render::time;

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
        budget: args.budget,
        since: args.since,
        second_opinion: if args.no_second_opinion { Ask::Skip } else { Ask::Ask },
        prometheus: args.prometheus.clone(),
    };
    if args.estimate {
        return estimate(console, &request);
    }
    let locale = console.style.locale();
    let bar = ProgressBar::start(&locale.text("progress-scan"), locale, console.quiet);
    let scanned = pipeline::scan(&console.settings, &request, &mut |step| {
        bar.say(&message(locale, step));
    })?;
    drop(bar);
    if let Some(since) = scanned.metrics_since.filter(|since| since.asked < since.from) {
        let from = time::date(since.from, &console.style.time_zone);
        console.say(&locale.text_with("scan-since", &[("from", &from)]));
    }
    let report = report(&scanned);
    if console.is_json() {
        print_json(&document(console, &scanned))?;
    } else if console.is_table() {
        print_text(&scan_report(&report, &console.style))?;
    } else {
        console.print_table("scan", &scan_table(&scanned.collections, &console.list_style()))?;
    }
    let whole = report.holes.is_empty()
        && scanned.metric_holes.is_empty()
        && !scanned.second_opinions.iter().any(|reading| reading.outcome.is_hole())
        && scanned.prometheus.as_ref().is_none_or(|read| read.holes.is_empty());
    Ok(match (scanned.finished, whole) {
        (false, _) => Printed::Interrupted,
        (true, false) => Printed::Partial,
        (true, true) => Printed::Complete,
    })
}

fn message(locale: Locale, step: ScanProgress<'_>) -> String {
    match step {
        ScanProgress::Listing { collection, done, of } => locale.text_with(
            "progress-scan-step",
            &[
                ("done", &done.to_string()),
                ("of", &of.to_string()),
                ("account", collection.account.as_str()),
                ("region", collection.region.as_str()),
                ("kind", collection.kind.as_str()),
            ],
        ),
        ScanProgress::Metrics { account, region, done, of } => locale.text_with(
            "progress-scan-metrics",
            &[
                ("done", &done.to_string()),
                ("of", &of.to_string()),
                ("account", account.as_str()),
                ("region", region.as_str()),
            ],
        ),
    }
}

/// Says what a scan would do.
fn estimate(console: &Console, request: &ScanRequest) -> Result<Printed, Failure> {
    let estimate = pipeline::estimate(&console.settings, request)?;
    let mut page = ScanEstimate {
        places: estimate.places.into_iter().map(place).collect(),
        closed: estimate.closed.into_iter().map(|one| (one.account, one.reason)).collect(),
        cost: None,
        time: estimate.time,
    };
    page.cost = cost(estimate.metric_price.as_ref(), page.known_metrics());
    if console.is_json() {
        print_json(&estimate_document(console, &page))?;
    } else if console.is_table() {
        print_text(&scan_estimate(&page, &console.style))?;
    } else {
        let table = estimate_table(&page, &console.list_style());
        console.print_table("scan.estimate", &table)?;
    }
    Ok(if page.closed.is_empty() { Printed::Complete } else { Printed::Partial })
}

fn place(place: PlaceEstimate) -> ScanPlace {
    let PlaceEstimate { account, region, listings, metrics } = place;
    ScanPlace { account, region, listings, metrics }
}

fn cost(price: Option<&MetricPrice>, metrics: u64) -> Option<MetricCost> {
    let price = price?;
    Some(MetricCost {
        cost: price.of(metrics)?,
        per_thousand: price.per_thousand,
        region: price.region.clone(),
    })
}

fn estimate_document(console: &Console, estimate: &ScanEstimate) -> Value {
    let language = console.style.language;
    json!({
        "schema": "trimtab/v1/scan.estimate",
        "listing_calls": estimate.listings(),
        "metrics": estimate.known_metrics(),
        "unknown_places": estimate.unknown_places(),
        "cost": estimate.cost.as_ref().map(|cost| cost.cost),
        "price": estimate.cost.as_ref().map(price_document),
        "seconds": estimate.time.as_secs(),
        "closed": estimate.closed.iter().map(|(account, reason)| json!({
            "account": account, "code": reason.code, "message": reason.text.get(language),
        })).collect::<Vec<_>>(),
        "items": estimate.places.iter().map(|place| json!({
            "account": place.account,
            "region": place.region,
            "listing_calls": place.listings,
            "metrics": place.metrics,
        })).collect::<Vec<_>>(),
    })
}

fn price_document(cost: &MetricCost) -> Value {
    json!({"per_thousand_metrics": cost.per_thousand, "region": cost.region})
}

fn report(scanned: &Scanned) -> ScanReport {
    ScanReport {
        holes: holes(&scanned.collections),
        collections: scanned.collections.clone(),
        calls: scanned.calls.values().sum(),
        metrics: ScanMetrics {
            requested: scanned.metrics_requested,
            samples: scanned.samples,
            cost: cost(scanned.metric_price.as_ref(), scanned.metrics_requested),
            holes: scanned
                .metric_holes
                .iter()
                .map(|hole| (hole.account.clone(), hole.region.clone(), hole.reason.clone()))
                .collect(),
        },
        opinions: scanned.second_opinions.clone(),
        prometheus: scanned.prometheus.as_ref().map(|read| ScanPrometheus {
            server: read.server.clone(),
            targets: read.targets,
            strangers: read.strangers,
            resources: read.resources,
            samples: read.samples,
            holes: read.holes.clone(),
        }),
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
    let cost = cost(scanned.metric_price.as_ref(), scanned.metrics_requested);
    json!({
        "schema": "trimtab/v1/scan",
        "finished": scanned.finished,
        "metrics_requested": scanned.metrics_requested,
        "metrics_cost": cost.as_ref().map(|cost| cost.cost),
        "metrics_price": cost.as_ref().map(price_document),
        "samples": scanned.samples,
        "metric_holes": scanned.metric_holes.iter().map(|hole| json!({
            "account": hole.account, "region": hole.region,
            "code": hole.reason.code, "message": hole.reason.text.get(language),
        })).collect::<Vec<_>>(),
        "metrics_since": scanned.metrics_since.map(|since| since.from.to_string()),
        "second_opinions": scanned.second_opinions.iter().map(|reading| json!({
            "source": reading.source.as_str(),
            "account": reading.account,
            "region": reading.region,
            "outcome": reading.outcome.as_str(),
            "opinions": reading.opinions,
            "left_out": reading.left_out,
            "reasons": reasons(&reading.reasons, language),
        })).collect::<Vec<_>>(),
        "prometheus": scanned.prometheus.as_ref().map(|read| json!({
            "server": read.server,
            "targets": read.targets,
            "unmatched_targets": read.strangers,
            "resources": read.resources.0,
            "resources_to_watch": read.resources.1,
            "samples": read.samples,
            "holes": read.holes.iter().map(|reason| json!({
                "code": reason.code, "message": reason.text.get(language),
            })).collect::<Vec<_>>(),
        })),
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
            "reasons": reasons(&one.reasons, language),
        })).collect::<Vec<_>>(),
    })
}

fn reasons(reasons: &[Reason], language: Language) -> Value {
    let one = |reason: &Reason| json!({"code": reason.code, "message": reason.text.get(language)});
    reasons.iter().map(one).collect()
}
