//! Finds fast snapshot restores that no volume is made from.
//!
//! **Why it costs.** A snapshot that is kept ready for fast restores is charged by the hour in every
//! zone, three quarters of a dollar in us-east-1: more than 500 USD a month, whatever its size.
//!
//! **What we do.** Turn it off in the zone. The snapshot stays, and volumes are made from it as before, only
//! slower at the first reading of each block. Unused means: enabled for 30 days, and none of the volumes
//! that exist was made from the snapshot in the zone since then. Where CloudWatch's
//! credits of the snapshot were watched, they must never have been below their highest value.
//!
//! **What could go wrong.** It may wait for an emergency. Volumes that were made and are gone leave
//! no trace in the listing; only the credits tell of them, and without those *low* is zero. Turned on again, it
//! takes about an hour for each TiB until it is ready.
//!
//! **Where others err.** Most do not look at it at all.
//!
//! # 한국어
//!
//! 빠른 스냅샷 복원이 켜져 있지만 이를 통해 만든 볼륨이 없는 경우를 찾습니다.
//!
//! **비용이 드는 이유.** 빠른 스냅샷 복원은 가용 영역마다 시간 단위로 과금됩니다. us-east-1에서는 시간당
//! 0.75 USD로, 스냅샷 크기와 관계없이 월 500 USD가 넘습니다.
//!
//! **제안하는 조치.** 해당 가용 영역에서 기능을 끕니다. 스냅샷은 그대로 남고 볼륨도 만들 수 있으며, 각 블록을
//! 처음 읽을 때만 느려집니다. 30일 이상 켜져 있었고, 그동안 이 스냅샷으로 같은 영역에 만든 볼륨이 남아 있지 않을
//! 때 제안합니다. CloudWatch의 크레딧 지표가 있으면 크레딧이 최댓값 아래로 내려간 적이 없어야 합니다.
//!
//! **주의할 점.** 비상시에 쓰려고 켜 두었을 수 있습니다. 만들었다가 삭제한 볼륨은 목록에 남지 않고 크레딧 지표에만
//! 나타나므로, 이 지표가 없으면 최소 절감액을 0으로 봅니다. 다시 켜면 TiB당 약 한 시간이 지나야 쓸 수 있습니다.
//!
//! **다른 도구와 다른 점.** 대부분의 도구는 이 항목을 확인하지 않습니다.

use rust_decimal::Decimal;

use trimtab_model::action::Action;
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::id::ResourceId;
use trimtab_model::metric::Statistic;
use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::recommendation::{
    ActionType, CostComponent, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo,
    Unknown, Verdict,
};
use trimtab_model::resource::fast_snapshot_restore::FastSnapshotRestore;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need, days_between};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS, Observation};
use crate::pricing::Tariff;
use crate::saving::{EVERYTHING, deletion, narrowed};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

/// The metric of volumes that may still be made at full speed.
const CREDITS: &str = "FastSnapshotRestoreCreditsBalance";

/// The check.
pub static CHECK: Check = Check {
    id: "ebs-snapshot-fast-restore-unused",
    title: StaticText {
        en: "Fast snapshot restore that no volume is made from",
        ko: "쓰이지 않는 빠른 스냅샷 복원",
    },
    kind: ResourceKind::FastSnapshotRestore,
    action_type: ActionType::Stop,
    needs: &[
        Need::Kind(ResourceKind::FastSnapshotRestore),
        Need::Kind(ResourceKind::Volume),
        Need::OptionalMetric("AWS/EBS", CREDITS, &[Statistic::Minimum]),
        Need::OptionalBilling,
    ],
    thresholds: &[
        Threshold {
            name: "min_enabled_days",
            default: "30",
            unit: "days",
            text: StaticText {
                en: "Report what has been enabled for at least so many days: a month shows monthly jobs.",
                ko: "이 일수 이상 켜져 있던 것만 보고합니다. 한 달이면 월 단위 작업이 드러납니다.",
            },
        },
        MIN_DAYS,
        MIN_COVERAGE_PERCENT,
    ],
    judge: |check, facts| {
        let restores = &facts.snapshot.fast_snapshot_restores;
        judge_each(check, facts, ResourceKind::FastSnapshotRestore, restores, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    restore: &Resource<FastSnapshotRestore>,
) -> Result<Verdict, Unknown> {
    if restore.kind.state != "enabled" {
        return Ok(pass("not-enabled", "It is not enabled.", "켜져 있지 않습니다."));
    }
    let Some(enabled) = restore.kind.enabled_time else {
        return Err(unknown(
            "enabled-time-unknown",
            "When it was enabled is not known.",
            "언제 켜졌는지 알 수 없습니다.",
            &["inventory:describe-fast-snapshot-restores"],
        ));
    };
    let days = days_between(enabled, facts.now);
    let min_days = check.threshold_f64(facts, "min_enabled_days");
    if f64::from(days) < min_days {
        return Ok(pass(
            "enabled-recently",
            format!("It was enabled {days} days ago."),
            format!("켜진 지 {days}일입니다."),
        ));
    }
    if !facts.snapshot.was_listed(ResourceKind::Volume, &restore.account, &restore.region) {
        return Err(unknown(
            "volumes-not-listed",
            "The volumes of this account and region were not read.",
            "이 계정과 리전의 볼륨 목록이 없습니다.",
            &["inventory:describe-volumes"],
        ));
    }
    let made = facts.snapshot.volumes.iter().find(|volume| {
        volume.kind.snapshot_id.as_ref() == Some(&restore.kind.snapshot_id)
            && volume.kind.availability_zone.as_ref() == Some(&restore.kind.availability_zone)
            && volume.kind.create_time.is_none_or(|created| created >= enabled)
    });
    if let Some(volume) = made {
        return Ok(pass(
            "in-use",
            format!("The volume {} was made from it.", volume.id),
            format!("이 스냅샷으로 만든 볼륨이 있습니다: {}.", volume.id),
        ));
    }
    let names = [restore.id.clone(), restore.kind.snapshot_id.clone()];
    let watched = Observation::complete(
        check,
        facts,
        restore,
        &names,
        "AWS/EBS",
        CREDITS,
        &[Statistic::Minimum],
    )
    .ok();
    if watched.is_some_and(|seen| seen.profile.min < seen.profile.max) {
        return Ok(pass(
            "credits-used",
            "Volumes were made from it: its credits went down.",
            "크레딧이 줄어든 적이 있어 볼륨을 만드는 데 쓰였습니다.",
        ));
    }
    let reference = restore.reference(ResourceKind::FastSnapshotRestore);
    let savings = estimate(facts, restore)?;
    // A volume that came and went is seen by the credits only.
    let low = if watched.is_some() { Decimal::ONE } else { Decimal::ZERO };
    let savings = narrowed(savings, low, Decimal::ONE)?;
    let zone = restore.kind.availability_zone.clone();
    Ok(Proposal {
        reason: Reason::new(
            "no-volume-made",
            format!("Enabled in {zone} for {days} days, and no volume that exists was made from it."),
            format!("{zone}에서 {days}일 동안 켜져 있지만 이를 통해 만든 볼륨이 없습니다."),
        ),
        action: Action::DisableFastSnapshotRestore {
            snapshot_id: restore.kind.snapshot_id.clone(),
            availability_zone: zone,
        },
        finding: Finding::Unused,
        reason_codes: vec![ReasonCode::Unused],
        savings,
        performance_risk: risk(restore.environment, 0),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "Enabled again, it takes about an hour for each TiB until it is ready.",
            "다시 켜면 TiB당 약 한 시간이 지나야 쓸 수 있습니다.",
        )),
        evidence: Evidence {
            window_days: Some(days),
            figures: vec![
                Figure::number("enabled_days", "Enabled for", "켜져 있던 기간", f64::from(days), "days").against(min_days),
            ],
            coverage: watched.iter().map(Observation::coverage).collect(),
            signals_not_seen: vec![UnseenSignal {
                name: "purpose".to_owned(),
                text: Text::new(
                    "Whether it is kept for an emergency, and, without the credits, whether volumes came and went.",
                    "비상용으로 켜 둔 것인지, 크레딧 지표가 없다면 볼륨을 만들었다가 삭제했는지 알 수 없습니다.",
                ),
            }],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

/// Returns what it costs: the bill's rate in the region, by the hour.
///
/// The bill names the snapshot, for all of its zones together: its rate counts here, and not
/// its charge.
fn estimate(
    facts: &Facts<'_>,
    restore: &Resource<FastSnapshotRestore>,
) -> Result<trimtab_model::recommendation::Estimate, Unknown> {
    let tariff = Tariff::of(facts, restore);
    let list: Result<Vec<CostComponent>, Unknown> = tariff
        .meter("fast snapshot restore", HOURS_PER_MONTH.into(), "ebs/fast_snapshot_restore_hour")
        .map(|component| vec![component]);
    let none: [ResourceId; 0] = [];
    let reference = restore.reference(ResourceKind::FastSnapshotRestore);
    deletion(facts, &reference, &none, EVERYTHING, list)
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;

    use super::CHECK;
    use crate::scene::{Scene, check, days_ago, flat, scene};

    fn enabled(days: i64) -> Scene {
        scene()
            .fast_restore(|restore| restore.kind.enabled_time = Some(days_ago(days)))
            .price("ebs/fast_snapshot_restore_hour", "0.75")
    }

    #[test]
    fn one_that_no_volume_was_made_from_fires() {
        check(&CHECK, enabled(30), "recommend 0.00 / 547.50 / 547.50");
        let watched = enabled(30).metric(
            "snap-1/us-east-1a",
            "AWS/EBS",
            "FastSnapshotRestoreCreditsBalance",
            Statistic::Minimum,
            flat(8.0, 14),
        );
        check(&CHECK, watched, "recommend 547.50 / 547.50 / 547.50");
    }

    #[test]
    fn one_that_a_volume_was_made_from_passes() {
        let scene = enabled(30).volume(|volume| {
            volume.kind.snapshot_id = Some("snap-1".into());
            volume.kind.create_time = Some(days_ago(3));
        });
        check(&CHECK, scene, "pass in-use");
    }

    #[test]
    fn one_of_29_days_is_just_under_the_threshold() {
        check(&CHECK, enabled(29), "pass enabled-recently");
    }

    #[test]
    fn without_a_price_it_is_unknown() {
        let scene = enabled(30).without_price("ebs/fast_snapshot_restore_hour");
        check(&CHECK, scene, "unknown price-missing");
    }
}
