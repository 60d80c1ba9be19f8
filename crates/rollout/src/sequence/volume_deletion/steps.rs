//! The steps, watching, and the commands for a person.

use jiff::SignedDuration;

use trimtab_model::observed::{Observed, SnapshotObserved, VolumeObserved};
use trimtab_model::text::Reason;

use super::back::back;
use super::drill::{CLEAR, PASSED};
use super::forward::forward;
use crate::sequence::quarantine::{END, QUARANTINE};
use crate::sequence::volume_snapshot::{self, SNAPSHOT};
use crate::sequence::{Afterwards, Decision, Reaction, Sequence, Watch, Work};

/// How a volume is deleted.
pub(in crate::sequence) static SEQUENCE: Sequence =
    Sequence { forward, back, release, is_disrupted, watch, react, manual };

pub(super) const DELETE: &str = "delete-volume";

pub(super) const POLL: SignedDuration = SignedDuration::from_secs(15);
/// What was asked may not be seen at once.
pub(super) const SETTLES: SignedDuration = SignedDuration::from_secs(60);
/// A volume that is being deleted for longer than this is not.
pub(super) const DEADLINE: SignedDuration = SignedDuration::from_mins(30);

/// The snapshot stays: it is all that is left of the volume.
fn release(_: &Work<'_>) -> Decision {
    Decision::Done
}

/// Nothing uses it, else it would not be deleted.
fn is_disrupted(_: &Work<'_>) -> bool {
    false
}

fn watch(work: &Work<'_>) -> Watch {
    match (work.now_is, &work.progress.after) {
        (Observed::Volume(_), Some(Observed::Gone)) => Watch::Hold(Reason::new(
            "restored-by-others",
            "Somebody has it back out of the Recycle Bin.",
            "다른 사람이 휴지통에서 볼륨을 복원했습니다.",
        )),
        _ => Watch::Undisturbed,
    }
}

fn react(step: &str, code: &str) -> Reaction {
    let seconds = SignedDuration::from_secs;
    match (step, code) {
        // It is attached again, or gone already: looking says which.
        (DELETE, "VolumeInUse" | "InvalidVolume.NotFound" | "IncorrectState") => Reaction::Observe,
        (SNAPSHOT, "ConcurrentSnapshotLimitExceeded" | "SnapshotCreationPerVolumeRateExceeded") => {
            Reaction::Retry { attempts: 6, pause: seconds(60), then: Afterwards::Abort }
        }
        // What a drill left may be going already.
        (PASSED | CLEAR, "InvalidVolume.NotFound" | "IncorrectState") => Reaction::Observe,
        (QUARANTINE | END | PASSED | CLEAR, _) => {
            Reaction::Retry { attempts: 3, pause: seconds(10), then: Afterwards::Abort }
        }
        _ => Reaction::Give(Afterwards::Abort),
    }
}

pub(super) fn manual(work: &Work<'_>) -> Vec<String> {
    let id = &work.change.resource.id;
    let region = &work.change.resource.region;
    let Observed::Volume(before) = &work.progress.before else { return Vec::new() };
    let mut commands =
        vec![format!("aws ec2 describe-volumes --volume-ids {id} --region {region}")];
    if before.is_recycled == Some(true) {
        commands.push(format!(
            "aws ec2 restore-volume-from-recycle-bin --volume-id {id} --region {region}"
        ));
    }
    commands.push(made_of_snapshot(work, before));
    if let Observed::Volume(now) = work.now_is {
        commands.extend(now.drills.iter().map(|drill| {
            format!("aws ec2 delete-volume --volume-id {} --region {region}", drill.id)
        }));
    }
    commands
}

/// Returns the command that makes a volume of the snapshot, or the one that finds it.
fn made_of_snapshot(work: &Work<'_>, before: &VolumeObserved) -> String {
    let region = &work.change.resource.region;
    let zone = match &work.change.action {
        trimtab_model::action::Action::DeleteVolume { availability_zone, .. } => {
            availability_zone.as_deref()
        }
        _ => None,
    };
    let known = match work.now_is {
        Observed::Volume(now) => volume_snapshot::latest(work, now),
        _ => None,
    };
    let made = work.made_of(SNAPSHOT, "snapshot");
    let Some(snapshot) = known.map(|one: &SnapshotObserved| one.id.as_str()).or(made) else {
        return format!(
            "aws ec2 describe-snapshots --owner-ids self --filters Name=tag:trimtab:change,Values={} --region {region}",
            work.change.id
        );
    };
    let settings = &before.settings;
    let flag = |name: &str, value: Option<u32>| {
        value.map(|value| format!(" --{name} {value}")).unwrap_or_default()
    };
    let (iops, throughput) = match settings.volume_type.as_str() {
        "gp3" => (settings.iops, settings.throughput_mib_s),
        "io1" | "io2" => (settings.iops, None),
        _ => (None, None),
    };
    format!(
        "aws ec2 create-volume --snapshot-id {snapshot} --availability-zone {} --volume-type {}{}{} --region {region}",
        zone.unwrap_or("<its zone>"),
        settings.volume_type,
        flag("iops", iops),
        flag("throughput", throughput),
    )
}
