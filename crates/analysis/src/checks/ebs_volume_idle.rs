//! Finds EBS volumes that are attached and that nothing reads or writes.
//!
//! **Why it costs.** A volume is charged for its size, and for its IOPS and throughput
//! where they are provisioned, whether anything reads it or not.
//!
//! **What we do.** Unmount and detach it, leave it detached for some days, take a snapshot,
//! delete it. The snapshot is charged for the blocks that hold data, at about half the price
//! of gp3 or less; *low* counts it at the full size of the volume, kept for ever. The
//! threshold is Compute Optimizer's and Trusted Advisor's: fewer than one read or write a
//! day, here on every single day of 14 or as long as was read.
//!
//! **What could go wrong.** A volume that waits for an emergency or a yearly job looks idle.
//! A line of `/etc/fstab` without `nofail` stops the next boot when the volume is gone. Which
//! volume is the root device is not listed: we go by the names that AWS uses for it
//! (`/dev/xvda`, `/dev/sda`, `/dev/sda1`, `/dev/nvme0n1`) and leave those alone; AWS itself
//! refuses to detach the root device of a running instance. The undo makes a new volume,
//! with a new id, from the snapshot. What Kubernetes, an Auto Scaling group or another
//! manager attaches is its own to decide.
//!
//! **Where others err.** An absent metric is read as silence. EBS reports only while a volume
//! is attached, and on Xen instances only while it is used, so a volume attached yesterday
//! has no samples either. We want the Sum of reads and of writes, each for 95 % of the
//! window, or we say *unknown*; volumes of a stopped instance are left to
//! `ec2-instance-stopped`.
//!
//! # 한국어
//!
//! 인스턴스에 연결되어 있지만 읽기도 쓰기도 없는 EBS 볼륨을 찾습니다.
//!
//! **비용이 드는 이유.** 볼륨은 읽든 읽지 않든 크기만큼 요금이 부과되고, IOPS와 처리량을
//! 프로비저닝했다면 그 요금도 부과됩니다.
//!
//! **제안하는 조치.** 마운트를 해제하고 분리한 뒤, 며칠 동안 분리된 상태로 두었다가 스냅샷을 만들고
//! 삭제합니다. 스냅샷은 데이터가 있는 블록만큼만 과금되며 단가는 gp3의 절반 정도이거나 그보다 낮습니다.
//! 하한(*low*)은 볼륨 크기 전체의 스냅샷을 계속 보관한다고 가정합니다. 기준값은 Compute Optimizer와
//! Trusted Advisor의 것을 따릅니다. 하루 읽기와 쓰기가 1회 미만이어야 하며, trimtab은 14일 또는 읽은
//! 기간 전체의 모든 날에 이 조건을 적용합니다.
//!
//! **주의할 점.** 비상시를 위해 대기하거나 1년에 한 번 도는 작업에 쓰는 볼륨도 유휴로 보입니다.
//! `/etc/fstab`에 `nofail` 없이 적혀 있으면 볼륨이 없어진 뒤의 부팅이 멈춥니다. 어느 볼륨이 루트
//! 디바이스인지는 목록에 나오지 않으므로, AWS가 루트에 쓰는 이름(`/dev/xvda`, `/dev/sda`, `/dev/sda1`,
//! `/dev/nvme0n1`)으로 판단하여 그 볼륨은 건드리지 않습니다. 실행 중인 인스턴스의 루트 디바이스는 AWS도
//! 분리를 거부합니다. 되돌릴 때는 스냅샷에서 새 ID의 새 볼륨을 만듭니다. Kubernetes, Auto Scaling 그룹,
//! 그 밖의 관리 도구가 연결한 볼륨은 그 도구가 결정할 몫으로 둡니다.
//!
//! **다른 도구와 다른 점.** 지표가 없는 것을 사용량이 없는 것으로 읽는 도구가 있습니다. EBS는 볼륨이
//! 연결된 동안에만 지표를 보내고, Xen 인스턴스에서는 사용하는 동안에만 보내므로, 어제 연결한 볼륨에도
//! 표본이 없습니다. trimtab은 읽기와 쓰기 각각의 Sum이 기간의 95% 이상 있어야 판단하고, 그렇지 않으면
//! *판단 보류*로 둡니다. 중지된 인스턴스의 볼륨은 `ec2-instance-stopped`에서 다룹니다.

use trimtab_model::action::{Action, VolumeSettings};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::instance::{Instance, InstanceState};
use trimtab_model::resource::volume::Volume;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text, counted};

use crate::check::{Check, Facts, Need, days_between};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS, Observation, busiest_day};
use crate::ownership::{Manager, manager};
use crate::pricing::Tariff;
use crate::recovery::less_kept_snapshots;
use crate::saving::{EVERYTHING, deletion};
use crate::verdict::{Proposal, exempt, judge_each, pass, risk, unknown};

/// What both together count every operation.
const SIGNALS: [&str; 2] = ["VolumeReadOps", "VolumeWriteOps"];

/// The names of root devices, without `/dev/` and the number of a partition (EC2 User
/// Guide, "Device names for volumes", and the usual name on Nitro).
const ROOT_DEVICES: &[&str] = &["xvda", "sda", "nvme0n1"];

/// The check.
pub static CHECK: Check = Check {
    id: "ebs-volume-idle",
    title: StaticText {
        en: "Attached EBS volume that nothing reads or writes",
        ko: "연결만 되어 있고 읽기와 쓰기가 없는 EBS 볼륨",
    },
    kind: ResourceKind::Volume,
    action_type: ActionType::Delete,
    needs: &[
        Need::Kind(ResourceKind::Volume),
        Need::Kind(ResourceKind::Instance),
        Need::Metric("AWS/EBS", "VolumeReadOps", &[Statistic::Sum]),
        Need::Metric("AWS/EBS", "VolumeWriteOps", &[Statistic::Sum]),
        Need::OptionalBilling,
    ],
    thresholds: &[
        Threshold {
            name: "max_operations_per_day",
            default: "1",
            unit: "operations/day",
            text: StaticText {
                en: "Reads and writes together on the busiest day must stay below this.",
                ko: "가장 바쁜 날의 읽기와 쓰기 횟수 합계가 이 값보다 작아야 합니다.",
            },
        },
        MIN_DAYS,
        MIN_COVERAGE_PERCENT,
    ],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::Volume, &facts.snapshot.volumes, judge)
    },
};

fn judge(check: &Check, facts: &Facts<'_>, volume: &Resource<Volume>) -> Result<Verdict, Unknown> {
    if let Some(verdict) = left_alone(facts, volume) {
        return Ok(verdict);
    }
    let names = std::slice::from_ref(&volume.id);
    let max_operations = check.threshold_f64(facts, "max_operations_per_day");
    // Use settles it, even where the other direction is missing or the window is short.
    let found: Vec<_> = SIGNALS
        .iter()
        .filter_map(|metric| {
            Observation::find(facts, volume, names, "AWS/EBS", metric, &[Statistic::Sum])
        })
        .collect();
    let operations = busiest_day(&found);
    if operations >= max_operations {
        return Ok(pass(
            "in-use",
            format!("The busiest day had {operations:.0} reads and writes."),
            format!("가장 바쁜 날에 읽기와 쓰기가 {operations:.0}회 있었습니다."),
        ));
    }
    let min_days = check.threshold_f64(facts, MIN_DAYS.name);
    let age_days = volume.kind.create_time.map(|created| days_between(created, facts.now));
    if let Some(age_days) = age_days.filter(|age| f64::from(*age) < min_days) {
        return Ok(pass(
            "too-young",
            format!("The volume is {} old and may not be in use yet.", counted(age_days, "day")),
            format!("생성된 지 {age_days}일이라 아직 사용 전일 수 있습니다."),
        ));
    }
    let attached_to = holders_and_devices(volume)?;
    let seen = SIGNALS
        .iter()
        .map(|metric| {
            Observation::complete(check, facts, volume, names, "AWS/EBS", metric, &[Statistic::Sum])
        })
        .collect::<Result<Vec<_>, Unknown>>()?;
    if seen.iter().any(|signal| signal.profile.days.is_empty()) {
        return Err(unknown(
            "days-missing",
            "The operations were not summed per day.",
            "읽기와 쓰기 횟수의 일별 합계가 없습니다.",
            &["metrics:AWS/EBS:VolumeReadOps", "metrics:AWS/EBS:VolumeWriteOps"],
        ));
    }
    let days = seen.iter().map(Observation::days).fold(f64::INFINITY, f64::min);

    let settings = VolumeSettings {
        volume_type: volume.kind.volume_type.clone(),
        iops: volume.kind.iops,
        throughput_mib_s: volume.kind.throughput_mib_s,
    };
    let size_gib = volume.kind.size_gib;
    let reference = volume.reference(ResourceKind::Volume);
    let tariff = Tariff::of(facts, volume);
    let list = tariff.volume(&settings, size_gib);
    let savings = deletion(facts, &reference, names, EVERYTHING, list)?;
    let mut evidence = Evidence {
        window_days: Some(days as u32),
        figures: vec![
            Figure::number(
                "operations_max",
                "Reads and writes on the busiest day",
                "가장 바쁜 날의 읽기와 쓰기",
                operations,
                "operations/day",
            )
            .against(max_operations),
            Figure::number("size_gib", "Size", "크기", f64::from(size_gib), "GiB"),
            Figure::word("attached_to", "Attached to", "연결된 인스턴스", attached_to),
        ],
        coverage: seen.iter().map(Observation::coverage).collect(),
        signals_not_seen: vec![UnseenSignal {
            name: "purpose".to_owned(),
            text: Text::new(
                "Whether it is kept for an emergency or used less than once in the window.",
                "비상용이거나 관측 기간보다 긴 주기로 쓰이는 볼륨인지 알 수 없습니다.",
            ),
        }],
        notes: vec![Text::new(
            "The commands need the volume detached: first `umount` it in the guest, take it out of /etc/fstab and run `aws ec2 detach-volume`. Leave it detached for some days; until it is deleted, attaching it again brings everything back.",
            "아래 명령은 볼륨을 분리한 뒤에 실행하세요. 먼저 운영체제에서 `umount`하고 /etc/fstab에서 지운 다음 `aws ec2 detach-volume`을 실행하세요. 분리한 채로 며칠 지켜보세요. 삭제하기 전이라면 다시 연결하는 것만으로 원래대로 돌아갑니다.",
        )],
    };
    let savings = less_kept_snapshots(savings, &tariff, size_gib.into(), &mut evidence)?;
    Ok(Proposal {
        action: Action::DeleteVolume {
            settings,
            size_gib,
            availability_zone: volume.kind.availability_zone.clone(),
        },
        finding: Finding::Idle,
        reason_codes: vec![ReasonCode::Idle],
        reason: Reason::new(
            "idle",
            format!("The attached volume of {size_gib} GiB had fewer than {max_operations} reads and writes a day for {}.", counted(format_args!("{days:.0}"), "day")),
            format!("연결된 {size_gib} GiB 볼륨의 읽기와 쓰기가 {days:.0}일 동안 하루 {max_operations}회 미만이었습니다."),
        ),
        savings,
        performance_risk: risk(volume.environment, 1),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "A volume made from the snapshot has the same data and a new id, reads slowly at first, and must be attached and mounted again.",
            "스냅샷에서 만든 볼륨은 데이터는 같지만 ID가 바뀌고 처음 읽을 때 느리며, 다시 연결하고 마운트해야 합니다.",
        )),
        evidence,
    }
    .into_verdict(check, reference))
}

/// Says why a volume is none of this check's business, without a look at its metrics.
fn left_alone(facts: &Facts<'_>, volume: &Resource<Volume>) -> Option<Verdict> {
    if volume.kind.state != "in-use" {
        return Some(pass(
            "not-attached",
            "The volume is not attached.",
            "연결되어 있지 않은 볼륨입니다.",
        ));
    }
    let devices = || volume.kind.attachments.iter().filter_map(|held| held.device.as_deref());
    if let Some(device) = devices().find(|device| is_root(device)) {
        return Some(pass(
            "root-device",
            format!("By its name, {device} is the root device of the instance."),
            format!("디바이스 이름({device})으로 보아 인스턴스의 루트 볼륨입니다."),
        ));
    }
    if let Some(manager) = manager(&volume.tags).filter(|manager| manager.replaces()) {
        return Some(Verdict::Exempt(manager.reason()));
    }
    let holders = holders(facts, volume);
    if let Some(manager) = holders.iter().find_map(|instance| manager_of(instance)) {
        let name = manager.name();
        return Some(exempt(
            "managed",
            format!("{name} manages the instance that holds the volume: change what it launches."),
            format!("이 볼륨이 연결된 인스턴스는 {name}에서 관리합니다. 그쪽 설정을 바꾸세요."),
        ));
    }
    let all_stopped = holders.iter().all(|held| held.kind.state == InstanceState::Stopped);
    if all_stopped && !holders.is_empty() && holders.len() == volume.kind.attachments.len() {
        return Some(pass(
            "instance-stopped",
            "The instance is stopped: its volumes are a matter of ec2-instance-stopped.",
            "중지된 인스턴스의 볼륨입니다. ec2-instance-stopped에서 다룹니다.",
        ));
    }
    None
}

/// Returns whether AWS gives this name to root devices: `/dev/sda1`, but not `/dev/xvdaa`.
fn is_root(device: &str) -> bool {
    let name = device.strip_prefix("/dev/").unwrap_or(device);
    ROOT_DEVICES.iter().any(|root| {
        name.strip_prefix(root).is_some_and(|partition| {
            let number = partition.strip_prefix('p').unwrap_or(partition);
            number.chars().all(|digit| digit.is_ascii_digit())
        })
    })
}

/// Finds the instances that hold the volume, as far as they were read.
fn holders<'a>(facts: &Facts<'a>, volume: &Resource<Volume>) -> Vec<&'a Resource<Instance>> {
    let instances = &facts.snapshot.instances;
    instances
        .iter()
        .filter(|one| one.account == volume.account && one.region == volume.region)
        .filter(|one| volume.kind.attachments.iter().any(|held| held.instance_id == one.id))
        .collect()
}

/// Returns who would attach the volume of an instance again.
fn manager_of(instance: &Resource<Instance>) -> Option<Manager> {
    if instance.kind.auto_scaling_group_name.is_some() {
        return Some(Manager::AutoScaling);
    }
    manager(&instance.tags).filter(|manager| manager.replaces())
}

/// Lists where the volume is attached, each with its device.
///
/// # Errors
/// Returns `Unknown` where the listing does not say: the volume may be a root device.
fn holders_and_devices(volume: &Resource<Volume>) -> Result<String, Unknown> {
    let places: Option<Vec<String>> = volume
        .kind
        .attachments
        .iter()
        .map(|held| Some(format!("{} ({})", held.instance_id, held.device.as_deref()?)))
        .collect();
    match places {
        Some(places) if !places.is_empty() => Ok(places.join(", ")),
        _ => Err(unknown(
            "device-unknown",
            "Where the volume is attached is not known, so it may be a root device.",
            "어느 인스턴스에 어떤 디바이스로 연결되어 있는지 알 수 없어 루트 볼륨일 수 있습니다.",
            &["inventory:describe-volumes"],
        )),
    }
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;
    use trimtab_model::profile::UsageProfile;
    use trimtab_model::resource::instance::InstanceState;
    use trimtab_model::resource::volume::VolumeAttachment;

    use super::{CHECK, SIGNALS};
    use crate::scene::{Scene, check, days_ago, flat, recommended, scene};

    /// A volume that is attached to `i-1` under this name.
    fn attached(device: Option<&str>) -> Scene {
        scene().volume(|volume| {
            volume.kind.state = "in-use".into();
            volume.kind.attachments = vec![VolumeAttachment {
                instance_id: "i-1".into(),
                device: device.map(str::to_owned),
                state: Some("attached".into()),
            }];
        })
    }

    fn watched(scene: Scene, series: &UsageProfile) -> Scene {
        SIGNALS.iter().fold(scene, |scene, metric| {
            scene.metric("vol-1", "AWS/EBS", metric, Statistic::Sum, series.clone())
        })
    }

    /// A data volume with so many reads and as many writes a day.
    fn volume(per_day: f64, days: i64) -> Scene {
        watched(attached(Some("/dev/sdf")), &flat(per_day / 288.0, days))
    }

    #[test]
    fn a_volume_without_operations_fires() {
        check(&CHECK, volume(0.0, 14), "recommend 5.00 / 10.00 / 10.00");
    }

    #[test]
    fn a_volume_that_is_used_passes() {
        check(&CHECK, volume(144.0, 14), "pass in-use");
    }

    #[test]
    fn a_volume_that_is_only_written_passes_without_the_reads() {
        let scene = attached(Some("/dev/sdf")).metric(
            "vol-1",
            "AWS/EBS",
            "VolumeWriteOps",
            Statistic::Sum,
            flat(1.0, 2),
        );
        check(&CHECK, scene, "pass in-use");
    }

    #[test]
    fn a_volume_that_is_used_on_one_day_of_the_window_passes() {
        let mut once = flat(0.0, 14);
        once.days[7].sum = 2.0;
        check(&CHECK, watched(attached(Some("/dev/sdf")), &once), "pass in-use");
    }

    #[test]
    fn a_volume_just_under_the_threshold_fires() {
        check(&CHECK, volume(0.49, 14), "recommend 5.00 / 10.00 / 10.00");
        check(&CHECK, volume(0.51, 14), "pass in-use");
    }

    #[test]
    fn a_volume_watched_for_13_days_is_unknown() {
        check(&CHECK, volume(0.0, 13), "unknown window-too-short");
    }

    #[test]
    fn a_volume_without_metrics_of_both_directions_is_unknown() {
        let reads = attached(Some("/dev/sdf")).metric(
            "vol-1",
            "AWS/EBS",
            "VolumeReadOps",
            Statistic::Sum,
            flat(0.0, 14),
        );
        check(&CHECK, reads, "unknown metric-missing");
        check(&CHECK, attached(Some("/dev/sdf")), "unknown metric-missing");
    }

    #[test]
    fn a_volume_with_a_gap_is_unknown() {
        let gappy = UsageProfile { coverage: 0.949, ..flat(0.0, 14) };
        check(&CHECK, watched(attached(Some("/dev/sdf")), &gappy), "unknown coverage-too-low");
    }

    #[test]
    fn a_root_device_passes() {
        for device in ["/dev/xvda", "/dev/sda1", "/dev/sda", "/dev/nvme0n1", "xvda1"] {
            check(&CHECK, watched(attached(Some(device)), &flat(0.0, 14)), "pass root-device");
        }
    }

    #[test]
    fn a_data_device_that_begins_like_a_root_device_fires() {
        for device in ["/dev/xvdaa", "/dev/nvme1n1", "/dev/sdb"] {
            let scene = watched(attached(Some(device)), &flat(0.0, 14));
            check(&CHECK, scene, "recommend 5.00 / 10.00 / 10.00");
        }
    }

    #[test]
    fn a_volume_without_device_name_is_unknown() {
        check(&CHECK, watched(attached(None), &flat(0.0, 14)), "unknown device-unknown");
        let nowhere = scene().volume(|volume| volume.kind.state = "in-use".into());
        check(&CHECK, watched(nowhere, &flat(0.0, 14)), "unknown device-unknown");
    }

    #[test]
    fn a_volume_of_a_stopped_instance_passes() {
        let stopped = attached(Some("/dev/sdf"))
            .instance(|instance| instance.kind.state = InstanceState::Stopped);
        check(&CHECK, stopped, "pass instance-stopped");
    }

    #[test]
    fn a_volume_that_one_running_instance_shares_is_judged() {
        let mut shared =
            volume(0.0, 14).instance(|instance| instance.kind.state = InstanceState::Stopped);
        shared.snapshot.volumes[0].kind.attachments.push(VolumeAttachment {
            instance_id: "i-2".into(),
            device: Some("/dev/sdg".into()),
            state: Some("attached".into()),
        });
        check(&CHECK, shared, "recommend 5.00 / 10.00 / 10.00");
    }

    #[test]
    fn an_unattached_or_new_volume_passes() {
        check(&CHECK, scene().volume(|_| ()), "pass not-attached");
        let mut new = volume(0.0, 3);
        new.snapshot.volumes[0].kind.create_time = Some(days_ago(3));
        check(&CHECK, new, "pass too-young");
    }

    #[test]
    fn a_volume_of_a_cluster_or_a_group_is_exempt() {
        let mut claim = volume(0.0, 14);
        let tags = &mut claim.snapshot.volumes[0].tags;
        tags.insert("kubernetes.io/created-for/pvc/name".into(), "data".into());
        check(&CHECK, claim, "exempt managed");
        let member = volume(0.0, 14)
            .instance(|instance| instance.kind.auto_scaling_group_name = Some("web".into()));
        check(&CHECK, member, "exempt managed");
    }

    #[test]
    fn the_recommendation_says_that_the_volume_must_be_detached_first() {
        let notes = recommended(&CHECK, &volume(0.0, 14)).evidence.notes;
        assert!(notes.iter().any(|note| note.en.contains("detach-volume")), "{notes:?}");
        assert!(notes.iter().any(|note| note.ko.contains("detach-volume")), "{notes:?}");
    }
}
