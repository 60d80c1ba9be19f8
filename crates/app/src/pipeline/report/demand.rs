//! Which workload a resource is of, and how far the demand of workloads rises above its average.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use trimtab_analysis::report::Elasticity;
use trimtab_analysis::traffic::peak_and_average;
use trimtab_model::document::Days;
use trimtab_model::period::Period;
use trimtab_model::resource::{ResourceKey, ResourceKind, ResourceRef};
use trimtab_model::snapshot::Snapshot;
use trimtab_store::metrics::Measured;

use crate::config::Settings;
use crate::failure::Failure;
use crate::pipeline::measured::KeptMetrics;

/// What demand is measured by.
const METRIC: &str = "CPUUtilization";

/// Machines of a workload that are read: each is one question.
const MOST_MACHINES: usize = 12;

/// Returns the workload of each resource that carries a tag with the key, however it is spelled.
pub(super) fn workload_of(snapshot: &Snapshot, key: &str) -> BTreeMap<ResourceKey, String> {
    let tags = snapshot.tags().into_iter();
    let named = tags.filter_map(|(resource, tags)| {
        let (_, value) = tags.iter().find(|(name, _)| name.eq_ignore_ascii_case(key))?;
        (!value.trim().is_empty()).then(|| (resource.key(), value.clone()))
    });
    named.collect()
}

/// Returns how far CPU of the machines and databases of each workload rose above its average in some
/// days, from the metrics that are kept.
///
/// # Errors
/// Fails if they cannot be read.
pub(super) fn elasticity(
    settings: &Settings,
    snapshot: &Snapshot,
    workloads: &BTreeMap<ResourceKey, String>,
    days: Days,
) -> Result<Vec<Elasticity>, Failure> {
    let midnight = |date: jiff::civil::Date| date.to_zoned_datetime(TimeZone::UTC).ok();
    let end = days.last.tomorrow().ok().and_then(midnight);
    let window = midnight(days.first)
        .zip(end)
        .and_then(|(start, end)| Period::new(start.timestamp(), end.timestamp()).ok());
    let Some(window) = window else { return Ok(Vec::new()) };
    let mut machines: BTreeMap<&str, Vec<ResourceRef>> = BTreeMap::new();
    for kind in [ResourceKind::Instance, ResourceKind::DbInstance] {
        for resource in snapshot.references(kind) {
            if let Some(workload) = workloads.get(&resource.key()) {
                machines.entry(workload).or_default().push(resource);
            }
        }
    }
    if machines.is_empty() {
        return Ok(Vec::new());
    }
    let metrics = KeptMetrics::open(settings)?;
    let mut all = Vec::new();
    for (workload, machines) in machines {
        let mut series = Vec::new();
        for machine in machines.iter().take(MOST_MACHINES) {
            series.extend(usual(metrics.read(machine, &[METRIC], window)?));
        }
        let found = peak_and_average(series.iter().map(|one| one.points.as_slice()));
        all.extend(found.map(|(peak, average)| Elasticity {
            workload: workload.to_owned(),
            metric: METRIC.to_owned(),
            peak,
            average,
            measured: (count(machines.len().min(MOST_MACHINES)), count(machines.len())),
        }));
    }
    Ok(all)
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// Returns the series of one statistic of a machine: its averages, at whatever periods they come.
fn usual(measured: Vec<Measured>) -> Option<Measured> {
    let mut averages =
        measured.into_iter().filter(|one| one.statistic.eq_ignore_ascii_case("average"));
    let mut first = averages.next()?;
    for other in averages {
        first.points.extend(other.points);
    }
    Some(first)
}
