//! Volumes that are not changed, or not deleted.

use trimtab_model::action::VolumeSettings;
use trimtab_model::resource::Resource;
use trimtab_model::resource::volume::Volume;
use trimtab_model::text::Reason;

use super::{changed, refuse};
use crate::plan::inventory::Inventory;

/// The size from which gp2 gives 250 MiB/s without credits.
const GP2_FULL_FROM_GIB: u32 = 334;
const GP2_FULL_MIB_S: u32 = 250;
/// What gp3 includes. The 3 MiB/s below gp2's 128 are taken.
const GP3_MIB_S: u32 = 125;
const GP3_IOPS: u32 = 3_000;
const GP2_MOST_IOPS: u32 = 16_000;
/// Device names of root volumes, which cannot be throughput-optimized.
const ROOTS: &[&str] = &["/dev/xvda", "/dev/sda1"];

/// Returns why a volume's settings are not changed.
pub(super) fn of_change(
    volume: &Resource<Volume>,
    from: &VolumeSettings,
    to: &VolumeSettings,
    size_gib: u32,
) -> Option<Reason> {
    let kind = &volume.kind;
    if kind.volume_type != from.volume_type {
        return changed("VolumeType", &from.volume_type, &kind.volume_type);
    }
    if kind.size_gib != size_gib {
        return changed("Size", size_gib, kind.size_gib);
    }
    if kind.multi_attach_enabled == Some(true) {
        return refuse(
            "multi-attach",
            "Several instances share it: its type is fixed.",
            "여러 인스턴스가 함께 사용하는 볼륨이라 유형을 바꿀 수 없습니다.",
        );
    }
    let is_root = kind
        .attachments
        .iter()
        .filter_map(|at| at.device.as_deref())
        .any(|device| ROOTS.contains(&device));
    if is_root && matches!(to.volume_type.as_str(), "st1" | "sc1") {
        return refuse(
            "root-on-hard-disk",
            "It is a root volume, which cannot be on a hard disk.",
            "루트 볼륨은 HDD 유형으로 바꿀 수 없습니다.",
        );
    }
    (from.volume_type == "gp2" && to.volume_type == "gp3").then(|| of_gp3(to, size_gib)).flatten()
}

/// Returns why gp3 would be slower than the gp2 that is there. It cannot be turned back quickly,
/// so it begins with all that gp2 gives and is trimmed later.
fn of_gp3(to: &VolumeSettings, size_gib: u32) -> Option<Reason> {
    let iops = size_gib.saturating_mul(3).clamp(GP3_IOPS, GP2_MOST_IOPS);
    let given = to.iops.unwrap_or(GP3_IOPS);
    if given < iops {
        return slower("IOPS", u64::from(iops), u64::from(given));
    }
    // Above 170 GiB and below that size, gp2 passes 128 on credits only.
    let throughput = if size_gib >= GP2_FULL_FROM_GIB { GP2_FULL_MIB_S } else { GP3_MIB_S };
    let given = to.throughput_mib_s.unwrap_or(GP3_MIB_S);
    if given < throughput {
        return slower("MiB/s", u64::from(throughput), u64::from(given));
    }
    None
}

fn slower(unit: &str, was: u64, is: u64) -> Option<Reason> {
    refuse(
        "slower-volume",
        format!("gp2 of this size gives {was} {unit} and the change only {is}."),
        format!("이 크기의 gp2는 {was} {unit}를 제공하지만 변경 후에는 {is}뿐입니다."),
    )
}

/// Returns why a volume is not deleted.
pub(super) fn of_deletion(volume: &Resource<Volume>, inventory: &Inventory<'_>) -> Option<Reason> {
    let is_used = volume.kind.state != "available"
        || !volume.kind.attachments.is_empty()
        || inventory.machine(volume).is_some();
    if is_used {
        return refuse(
            "attached",
            "It is not free: only an available volume is deleted.",
            "사용 중인 볼륨입니다. available 상태의 볼륨만 삭제합니다.",
        );
    }
    None
}
