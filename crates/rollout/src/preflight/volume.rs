//! May a volume be changed, or deleted?

use jiff::SignedDuration;

use trimtab_model::action::VolumeSettings;
use trimtab_model::observed::{Obstacle, VolumePreflight};

use super::finding::{Findings, block, clear, found, known, unread, when};
use super::owner::managed;

const VOLUMES: &str = "ec2:DescribeVolumes";
const METRICS: &str = "cloudwatch:GetMetricData";
/// What gp3 has without being asked.
const GP3_IOPS: u32 = 3000;
const GP3_MIB_S: u32 = 125;

/// The rows, in order: titles in English and in Korean.
pub(super) const ROWS: [(&str, &str); 6] = [
    ("Not being modified", "수정 중이 아님"),
    ("State", "상태"),
    ("Attached to one instance", "한 인스턴스에만 연결"),
    ("Root volume", "루트 볼륨"),
    ("What it is asked for", "사용량"),
    ("Managed by a tool", "관리 도구"),
];

/// Returns everything that stands in the way of new settings of a volume.
pub fn volume(facts: &VolumePreflight, to: &VolumeSettings) -> Findings {
    rows(facts, to).concat()
}

/// Judges every row, in order.
pub(super) fn rows(facts: &VolumePreflight, to: &VolumeSettings) -> [Findings; 6] {
    let source = "ec2:DescribeVolumesModifications";
    let modification = facts.modification.as_ref();
    let modified = known(modification, "ModificationState", source, |state| match state.as_str() {
        "none" | "completed" => clear(),
        "failed" => block(
            "modification-failed",
            "Its last modification failed.",
            "마지막 수정이 실패한 상태입니다.",
        ),
        state => found(
            Obstacle::Wait,
            "being-modified",
            format!("A modification of it is {state}: it takes no other until that is completed."),
            format!("수정이 {state} 상태입니다. 끝날 때까지 다시 수정할 수 없습니다."),
        ),
    });
    let state = known(facts.state.as_ref(), "State", VOLUMES, |state| {
        when(!matches!(state.as_str(), "available" | "in-use"), || {
            block(
                "volume-state",
                format!("The volume is in state {state}."),
                format!("볼륨 상태: {state}."),
            )
        })
    });
    let shared =
        known(facts.is_multi_attach.as_ref(), "MultiAttachEnabled", VOLUMES, |is_shared| {
            when(*is_shared, || {
                block(
                    "multi-attach",
                    "It may be attached to several instances: its type cannot change.",
                    "여러 인스턴스에 연결할 수 있는 볼륨이라 유형을 바꿀 수 없습니다.",
                )
            })
        });
    let root =
        known(facts.is_root.as_ref(), "RootDeviceName", "ec2:DescribeInstances", |is_root| {
            when(*is_root && matches!(to.volume_type.as_str(), "st1" | "sc1"), || {
                block(
                    "root-on-disk",
                    "A root volume cannot be on st1 or sc1.",
                    "루트 볼륨은 st1이나 sc1로 바꿀 수 없습니다.",
                )
            })
        });
    let owner = managed(facts.tags.as_ref(), VOLUMES);
    [modified, state, shared, root, asked(facts, to), owner]
}

/// Whether what it is asked for fits the new settings.
fn asked(facts: &VolumePreflight, to: &VolumeSettings) -> Findings {
    let (default_iops, default_mib_s) = match to.volume_type.as_str() {
        "gp3" => (Some(GP3_IOPS), Some(GP3_MIB_S)),
        _ => (None, None),
    };
    let limits = [
        (facts.iops, to.iops.or(default_iops), "IOPS"),
        (facts.mib_s, to.throughput_mib_s.or(default_mib_s), "MiB/s"),
    ];
    limits
        .into_iter()
        .flat_map(|(asked, most, unit)| {
            let Some(most) = most else { return clear() };
            let Some(asked) = asked else { return unread(&format!("Volume {unit}"), METRICS) };
            when(asked > f64::from(most), || {
                block(
                    "volume-asked-more",
                    format!("It is asked for {asked:.0} {unit}, and would have {most}."),
                    format!("사용량이 {asked:.0} {unit}이지만 변경하면 {most} {unit}입니다."),
                )
            })
        })
        .collect()
}

/// The rows, in order: titles in English and in Korean.
pub(super) const DELETION_ROWS: [(&str, &str); 4] = [
    ("Attached to nothing", "연결 없음"),
    ("Recycle Bin", "휴지통"),
    ("Uses of its snapshot", "스냅샷 사용처"),
    ("Managed by a tool", "관리 도구"),
];

/// Returns everything that stands in the way of the deletion of a volume.
pub fn volume_deletion(facts: &VolumePreflight, kept: SignedDuration) -> Findings {
    deletion_rows(facts, kept).concat()
}

/// Judges every row of a deletion, in order.
pub(super) fn deletion_rows(facts: &VolumePreflight, kept: SignedDuration) -> [Findings; 4] {
    let state = known(facts.state.as_ref(), "State", VOLUMES, |state| {
        when(state != "available", || {
            block(
                "volume-in-use",
                format!("The volume is in state {state}."),
                format!("볼륨 상태: {state}."),
            )
        })
    });
    let days = facts.recycle_bin_days.as_ref();
    let bin = known(days, "Recycle Bin rules", "rbin:ListRules, rbin:GetRule", |days| {
        when(SignedDuration::from_hours(24 * i64::from(*days)) < kept, || {
            let wanted = kept.as_hours() / 24;
            block(
                "no-recycle-bin",
                format!("The Recycle Bin keeps it for {days} days, and {wanted} are asked for."),
                format!("휴지통 보존 기간이 {days}일이며 최소 {wanted}일이어야 합니다."),
            )
        })
    });
    let uses = facts.snapshot_uses.as_ref();
    let source = "ec2:DescribeImages, ec2:DescribeSnapshotAttribute, ec2:DescribeLockedSnapshots";
    let snapshot = known(uses, "Uses of the snapshot", source, |uses| {
        uses.iter()
            .flat_map(|one| {
                block(
                    "snapshot-in-use",
                    format!("Its snapshot is not ours alone: {one}."),
                    format!("스냅샷을 다른 곳에서도 사용합니다: {one}."),
                )
            })
            .collect()
    });
    let owner = managed(facts.tags.as_ref(), VOLUMES);
    [state, bin, snapshot, owner]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn facts() -> VolumePreflight {
        VolumePreflight {
            state: Some("available".to_owned()),
            is_multi_attach: Some(false),
            is_root: Some(false),
            iops: Some(100.0),
            mib_s: Some(10.0),
            snapshot_uses: Some(Vec::new()),
            recycle_bin_days: Some(14),
            modification: Some("none".to_owned()),
            tags: Some(BTreeMap::new()),
        }
    }

    fn codes(found: Findings) -> Vec<String> {
        found.into_iter().map(|(_, why)| why.code).collect()
    }

    fn check(to: &str, alter: impl FnOnce(&mut VolumePreflight), expected: &[&str]) {
        let mut facts = facts();
        alter(&mut facts);
        let to = VolumeSettings { volume_type: to.to_owned(), iops: None, throughput_mib_s: None };
        assert_eq!(codes(volume(&facts, &to)), expected);
    }

    fn check_deletion(alter: impl FnOnce(&mut VolumePreflight), expected: &[&str]) {
        let mut facts = facts();
        alter(&mut facts);
        let kept = SignedDuration::from_hours(14 * 24);
        assert_eq!(codes(volume_deletion(&facts, kept)), expected);
    }

    #[test]
    fn a_plain_volume_becomes_gp3() {
        check("gp3", |_| {}, &[]);
        check("gp3", |one| one.state = Some("error".to_owned()), &["volume-state"]);
        check("gp3", |one| one.is_multi_attach = Some(true), &["multi-attach"]);
        check("gp3", |one| one.is_root = Some(true), &[]);
        check("sc1", |one| one.is_root = Some(true), &["root-on-disk"]);
    }

    #[test]
    fn d30_a_volume_that_is_being_modified_is_left_until_it_is_done() {
        let state = |state: &'static str| {
            move |one: &mut VolumePreflight| one.modification = Some(state.to_owned())
        };
        check("gp3", state("completed"), &[]);
        check("gp3", state("optimizing"), &["being-modified"]);
        check("gp3", state("something-new"), &["being-modified"]);
        check("gp3", state("failed"), &["modification-failed"]);
        check("gp3", |one| one.modification = None, &["unknown-modification-state"]);
    }

    #[test]
    fn d32_a_gp3_that_gives_less_than_is_asked_for_is_never_made() {
        check("gp3", |one| one.mib_s = Some(126.0), &["volume-asked-more"]);
        check("gp3", |one| one.iops = Some(3001.0), &["volume-asked-more"]);
        check("gp3", |one| one.mib_s = None, &["unknown-volume-mi-b-s"]);
    }

    #[test]
    fn h02_the_recycle_bin_must_keep_it_long_enough() {
        check_deletion(|_| {}, &[]);
        check_deletion(|one| one.recycle_bin_days = Some(13), &["no-recycle-bin"]);
        check_deletion(|one| one.recycle_bin_days = Some(0), &["no-recycle-bin"]);
        check_deletion(|one| one.recycle_bin_days = None, &["unknown-recycle-bin-rules"]);
    }

    #[test]
    fn h03_a_volume_that_is_attached_is_not_deleted() {
        check_deletion(|one| one.state = Some("in-use".to_owned()), &["volume-in-use"]);
    }

    #[test]
    fn h04_a_snapshot_that_others_use_is_told_with_each_reason() {
        let uses = ["the image ami-1", "a lock"].map(str::to_owned).to_vec();
        let twice = ["snapshot-in-use", "snapshot-in-use"];
        check_deletion(|one| one.snapshot_uses = Some(uses), &twice);
    }
}
