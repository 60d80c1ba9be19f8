//! The steps, how long each may take, and the commands for a person.

use jiff::SignedDuration;

use trimtab_model::observed::{Observed, VolumeObserved};

use super::back::back;
use super::forward::{forward, release};
use super::settings::sendable;
use super::watch::watch;
use crate::sequence::{Afterwards, Reaction, Sequence, Work};

/// How a volume's settings are changed.
pub(in crate::sequence) static SEQUENCE: Sequence =
    Sequence { forward, back, release, is_disrupted, watch, react, manual };

pub(in crate::sequence) const MODIFY: &str = "modify-volume";
pub(super) const TRIM: &str = "trim-volume";

pub(super) const POLL: SignedDuration = SignedDuration::from_secs(30);
/// What was asked may not be seen at once.
pub(super) const SETTLES: SignedDuration = SignedDuration::from_secs(60);
/// A modification of a terabyte that is full takes about a day.
pub(super) const DEADLINE: SignedDuration = SignedDuration::from_hours(24);
/// How often one and the same modification is asked for.
pub(super) const MOST: usize = 3;

/// Refusals that say when, and not that never.
pub(super) const TOO_OFTEN: &[&str] = &["VolumeModificationRateExceeded"];
const UNDER_WAY: &[&str] = &["IncorrectModificationState", "IncorrectState"];

/// A volume serves while it is modified.
fn is_disrupted(_: &Work<'_>) -> bool {
    false
}

fn react(step: &str, code: &str) -> Reaction {
    match (step, code) {
        (MODIFY | TRIM, code) if TOO_OFTEN.contains(&code) => Reaction::Give(Afterwards::Decide),
        (MODIFY | TRIM, code) if UNDER_WAY.contains(&code) => Reaction::Observe,
        _ => Reaction::Give(Afterwards::Abort),
    }
}

pub(super) fn manual(work: &Work<'_>) -> Vec<String> {
    let id = &work.change.resource.id;
    let region = &work.change.resource.region;
    let Observed::Volume(before) = &work.progress.before else { return Vec::new() };
    let to = sendable(&before.settings);
    let iops = to.iops.map(|iops| format!(" --iops {iops}")).unwrap_or_default();
    let throughput =
        to.throughput_mib_s.map(|one| format!(" --throughput {one}")).unwrap_or_default();
    vec![
        format!("aws ec2 describe-volumes-modifications --volume-ids {id} --region {region}"),
        format!(
            "aws ec2 modify-volume --volume-id {id} --volume-type {}{iops}{throughput} --region {region}",
            to.volume_type
        ),
    ]
}

/// Returns what it is and what it was.
pub(super) fn both<'a>(work: &Work<'a>) -> Option<(&'a VolumeObserved, &'a VolumeObserved)> {
    match (work.now_is, &work.progress.before) {
        (Observed::Volume(now), Observed::Volume(before)) => Some((now, before)),
        _ => None,
    }
}
