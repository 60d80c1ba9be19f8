//! Whether a resource was watched for long enough, without a gap.
//!
//! What failed before a gap has failed. What was well before it says nothing about the gap, so
//! the time that counts begins again behind it: the watch is extended, and ends with a person
//! where the gaps do not.

use jiff::Timestamp;

use trimtab_model::text::Reason;

use super::case::Case;
use super::finding::Findings;
use super::judge::Read;
use super::signal::{is_sparse, name};

/// Adds whether it was watched for as long as it must be.
pub(super) fn look(case: &Case<'_>, gates: &[Read<'_>], findings: &mut Findings) {
    let gaps = gates
        .iter()
        .filter(|one| !is_sparse(one.gate.signal))
        .filter_map(|one| Some((one.series.last_gap(case.settled()?)?, one.gate.signal)));
    let gap = gaps.max();
    let since = gap.map_or(case.since, |(end, _)| end);
    if case.now.duration_since(since) >= case.soak {
        return;
    }
    let until = since.saturating_add(case.soak).unwrap_or(Timestamp::MAX);
    findings.inconclusive(match gap {
        Some((end, signal)) => {
            let (en, ko) = name(signal);
            Reason::new(
                "gap",
                format!("{en} has a gap that ended at {end}. It is watched until {until}."),
                format!("{ko}에 {end}까지 빈 구간이 있어 {until}까지 지켜봅니다."),
            )
        }
        None => Reason::new(
            "soaking",
            format!("It is watched until {until}."),
            format!("{until}까지 지켜봅니다."),
        ),
    });
}
