//! The gates of a function.

use trimtab_model::gate::{Presence, Signal};
use trimtab_model::metric::Statistic;

use super::Watched;
use super::source::{A_MINUTE, Gate, Metric};

/// Returns the gates of a function. How long a call may take is the function's own affair, so
/// its time is compared with earlier times and has no limit.
pub(super) fn gates(watched: &Watched<'_>) -> Vec<Gate> {
    let of = |name, statistic, signal| {
        let metric = Metric::new("AWS/Lambda", name, statistic, A_MINUTE);
        metric.gate(watched, &watched.resource.id, signal, Presence::Required)
    };
    vec![
        of("Invocations", Statistic::Sum, Signal::Requests),
        of("Errors", Statistic::Sum, Signal::FailedRequests),
        of("Duration", Statistic::Average, Signal::LatencyP95).percentile("p95"),
    ]
}
