//! Which settings are asked for, and when they are there.

use trimtab_model::action::{Action, VolumeSettings};
use trimtab_model::observed::VolumeObserved;

use crate::sequence::Work;

/// What gp3 has without being asked, and what it costs nothing to have.
const GP3_IOPS: u32 = 3000;
const GP3_MIB_S: u32 = 125;
/// The most that a gp2 volume gives, and from which size on it gives so much throughput.
const GP2_MOST_IOPS: u32 = 16_000;
const GP2_MOST_MIB_S: u32 = 250;
const GP2_FULL_THROUGHPUT_GIB: u32 = 334;
/// Up to this size gp2 gives 128 MiB/s, which is what gp3 has but for three.
const GP2_LITTLE_THROUGHPUT_GIB: u32 = 170;

/// Returns the settings that the plan leads to.
pub(super) fn planned<'a>(work: &Work<'a>) -> Option<&'a VolumeSettings> {
    match &work.change.action {
        Action::ModifyVolume { to, .. } => Some(to),
        _ => None,
    }
}

/// Returns the settings of the first step: those of the plan, and from gp2 to gp3 at least what
/// gp2 gave at its best.
pub(super) fn first(to: &VolumeSettings, before: &VolumeObserved) -> VolumeSettings {
    if before.settings.volume_type != "gp2" || to.volume_type != "gp3" {
        return to.clone();
    }
    let size = before.size_gib;
    let iops = size.saturating_mul(3).clamp(GP3_IOPS, GP2_MOST_IOPS);
    let throughput = match size {
        GP2_FULL_THROUGHPUT_GIB.. => GP2_MOST_MIB_S,
        // Between the two it depends on the burst balance: as much as it can be.
        size if size > GP2_LITTLE_THROUGHPUT_GIB => GP2_MOST_MIB_S,
        _ => GP3_MIB_S,
    };
    VolumeSettings {
        volume_type: to.volume_type.clone(),
        iops: Some(to.iops.unwrap_or(GP3_IOPS).max(iops)),
        throughput_mib_s: Some(to.throughput_mib_s.unwrap_or(GP3_MIB_S).max(throughput)),
    }
}

/// Returns the settings as `ModifyVolume` takes them: a type that has no IOPS or throughput to
/// set refuses them, though describing it names them.
pub(super) fn sendable(settings: &VolumeSettings) -> VolumeSettings {
    let (iops, throughput) = match settings.volume_type.as_str() {
        "gp3" => (settings.iops, settings.throughput_mib_s),
        "io1" | "io2" => (settings.iops, None),
        _ => (None, None),
    };
    VolumeSettings { volume_type: settings.volume_type.clone(), iops, throughput_mib_s: throughput }
}

/// Returns whether a volume has the settings that were asked for.
pub(super) fn has(now: &VolumeSettings, wanted: &VolumeSettings) -> bool {
    let wanted = sendable(wanted);
    let is = |now: Option<u32>, wanted: Option<u32>| wanted.is_none() || now == wanted;
    now.volume_type == wanted.volume_type
        && is(now.iops, wanted.iops)
        && is(now.throughput_mib_s, wanted.throughput_mib_s)
}

/// Returns whether a modification is under way.
pub(super) fn is_modifying(now: &VolumeObserved) -> bool {
    now.modification.as_ref().is_some_and(|one| one.state == "modifying")
}

/// Returns whether the last modification is still being worked on, so that none is taken.
pub(super) fn is_busy(now: &VolumeObserved) -> bool {
    // A word that this version does not know is no end.
    now.modification
        .as_ref()
        .is_some_and(|one| !matches!(one.state.as_str(), "completed" | "failed"))
}
