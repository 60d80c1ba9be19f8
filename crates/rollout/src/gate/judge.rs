//! The verdict of the gates of one change.

use std::collections::BTreeMap;

use jiff::Timestamp;

use trimtab_model::gate::{Blame, GateQuery, GateReading, GateState, GateVerdict};
use trimtab_model::period::Period;
use trimtab_model::plan::{Change, GateLimits};
use trimtab_model::text::Reason;

/// Returns what must be read to judge a change that is watched since `since`; nothing where it
/// has no gates.
pub fn query(change: &Change, since: Timestamp, now: Timestamp) -> Option<GateQuery> {
    let period = Period::new(since, now.max(since)).ok()?;
    let sources: Vec<_> = change
        .gates
        .iter()
        .flat_map(|gate| std::iter::once(&gate.source).chain(&gate.controls))
        .cloned()
        .collect();
    (!sources.is_empty()).then_some(GateQuery { sources, periods: vec![period] })
}

/// Judges the gates of a change that is watched since `since`.
pub fn judge(
    change: &Change,
    limits: &GateLimits,
    since: Timestamp,
    reading: Option<&GateReading>,
    now: Timestamp,
) -> GateVerdict {
    let _ = (limits, reading);
    let watched = now.duration_since(since) >= change.soak;
    let state = match watched {
        true if change.gates.is_empty() => GateState::Pass,
        _ => GateState::Inconclusive,
    };
    let reasons = vec![Reason::new("no-data", "Nothing was read.", "읽은 지표가 없습니다.")];
    GateVerdict { state, blame: Blame::Change, reasons, figures: BTreeMap::new() }
}
