//! Reasons that several steps give.

use jiff::Timestamp;

use trimtab_model::observed::VolumeObserved;
use trimtab_model::text::Reason;

pub(super) fn gone() -> Reason {
    Reason::new(
        "volume-gone",
        "The volume does not exist any more. Its snapshots are kept.",
        "볼륨이 더 이상 없습니다. 스냅샷은 보존합니다.",
    )
}

pub(super) fn foreign(now: &VolumeObserved) -> Reason {
    let settings = &now.settings;
    let number = |one: Option<u32>| one.map_or_else(|| "-".to_owned(), |one| one.to_string());
    let (iops, throughput) = (number(settings.iops), number(settings.throughput_mib_s));
    let kind = &settings.volume_type;
    Reason::new(
        "settings-changed-by-others",
        format!("Somebody set {kind}, {iops} IOPS and {throughput} MiB/s meanwhile."),
        format!("작업 중에 다른 사람이 {kind}, {iops} IOPS, {throughput} MiB/s로 바꿨습니다."),
    )
}

pub(super) fn failed() -> Reason {
    Reason::new(
        "modification-failed",
        "AWS could not finish the modification of the volume.",
        "AWS가 볼륨 변경을 끝내지 못했습니다.",
    )
}

pub(super) fn slow() -> Reason {
    Reason::new(
        "modification-slow",
        "AWS has been working on the modification for more than a day, and the volume may be slower meanwhile.",
        "볼륨 변경이 하루 넘게 진행 중이며 그동안 성능이 낮을 수 있습니다.",
    )
}

pub(super) fn too_often(next: Timestamp) -> Reason {
    Reason::new(
        "modified-too-often",
        format!("The volume takes the next modification from {next} on."),
        format!("이 볼륨은 {next} 이후에 다시 변경할 수 있습니다."),
    )
}

pub(super) fn not_taken() -> Reason {
    Reason::new(
        "settings-not-taken",
        "The settings do not change although AWS accepted the modification.",
        "AWS가 요청을 받아들였지만 설정이 바뀌지 않습니다.",
    )
}
