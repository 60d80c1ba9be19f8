//! What the owner wants to be looked at: queries and alarms that the settings name.

use trimtab_model::gate::{ALARM_NAME, ALARMS, HealthGate, Presence, Signal};
use trimtab_model::metric::{PROMETHEUS, Statistic};

use super::Watched;
use super::prometheus::escaped;
use super::source::{A_MINUTE, Metric};
use crate::plan::services::normalised;
use crate::plan::subject::Subject;
use crate::plan::watch::OwnQuery;

/// Puts the owner's queries in place of the gates of their signals, and adds the alarms that the
/// owner names. What the owner asks for must be there: without it, nothing passes.
pub(super) fn added(
    watched: &Watched<'_>,
    subject: Subject<'_>,
    mut gates: Vec<HealthGate>,
) -> Vec<HealthGate> {
    let service = watched.services.name(subject.tags());
    let own: Vec<&OwnQuery> = watched
        .watch
        .queries
        .iter()
        .filter(|one| match &one.service {
            Some(wanted) => service.as_deref() == Some(normalised(wanted).as_str()),
            None => true,
        })
        .collect();
    let made: Vec<HealthGate> = own
        .iter()
        .map(|one| {
            // What was forecast is of the signal, and not of where it is read.
            let replaced = gates.iter().find(|gate| gate.signal == one.signal);
            let (expected, busy) = replaced.map_or((None, None), |one| (one.expected, one.busy));
            HealthGate { expected, busy, ..gate(watched, subject, one, service.as_deref()) }
        })
        .collect();
    gates.retain(|gate| !own.iter().any(|one| one.signal == gate.signal));
    gates.extend(made);
    gates.extend(named(watched));
    gates
}

/// Makes the gates of the alarms that the owner wants to be looked at with every change.
pub(super) fn named(watched: &Watched<'_>) -> impl Iterator<Item = HealthGate> {
    watched.watch.alarms.iter().map(|name| alarm(watched, name, ALARM_NAME, true))
}

fn gate(
    watched: &Watched<'_>,
    subject: Subject<'_>,
    own: &OwnQuery,
    service: Option<&str>,
) -> HealthGate {
    let address = match subject {
        Subject::Instance(one) => one.kind.private_addresses.first().map(String::as_str),
        Subject::DbInstance(one) => one.kind.endpoint_address.as_deref(),
        _ => None,
    };
    // Last what anybody may have written into a tag: it is not searched again.
    let query = [
        ("$id", watched.resource.id.as_str()),
        ("$address", address.unwrap_or_default()),
        ("$service", service.unwrap_or_default()),
    ]
    .into_iter()
    .fold(own.query.clone(), |query, (word, value)| query.replace(word, &escaped(value)));
    Metric::new(PROMETHEUS, "query", Statistic::Average, own.step_seconds)
        .gate(watched, &watched.resource.id, own.signal, Presence::Required)
        .query(query)
        .scaled(own.scale)
        .limit(own.limit.or_else(|| general(watched, own.signal)))
        .done()
}

/// Returns the limit of the rules, where the plan's page should show it.
fn general(watched: &Watched<'_>, signal: Signal) -> Option<f64> {
    let limits = &watched.rules.limits;
    match signal {
        Signal::CpuUtilization => Some(limits.cpu_percent),
        Signal::MemoryUtilization => Some(limits.memory_percent),
        Signal::Swap => Some(limits.swap_percent),
        Signal::LatencyP95 => Some(limits.latency_p95_ms),
        Signal::ErrorRate => Some(limits.error_percent),
        Signal::Availability => Some(limits.availability_percent),
        _ => None,
    }
}

/// Makes the gate of alarms by a dimension, or of one by its name.
pub(super) fn alarm(
    watched: &Watched<'_>,
    value: &str,
    dimension: &'static str,
    is_named: bool,
) -> HealthGate {
    let presence = if is_named { Presence::Required } else { Presence::Optional };
    Metric::new(ALARMS, dimension, Statistic::Maximum, A_MINUTE)
        .gate(watched, &value.into(), Signal::Alarm, presence)
        .done()
}
