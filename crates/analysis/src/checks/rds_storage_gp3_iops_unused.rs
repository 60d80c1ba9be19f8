//! Finds RDS gp3 storage with extra IOPS or throughput that nobody uses.
//!
//! **Why it costs.** gp3 includes 3,000 IOPS and 125 MiB/s, and from 400 GiB on (200 for Oracle) 12,000
//! IOPS and 500 MiB/s, as RDS lays it out over four volumes. What is provisioned above that is
//! charged whether it is used or not, twice with a standby.
//!
//! **What we do.** Lower both to the peak of two weeks with a fifth of room, never below what is included,
//! and never to more than one MiB/s for every four IOPS, which gp3 requires. Where neither the price list nor
//! the bill has the price, we say *unknown*.
//!
//! **What could go wrong.** Storage optimises for hours, in which no other change of storage is
//! possible. A load that comes once a quarter is not in the window. A class that sustains less
//! than the storage keeps the use low: a larger class later may want the IOPS back.
//!
//! **Where others err.** They apply the 3,000 IOPS of an EC2 volume to striped storage, or look at
//! IOPS alone and forget the throughput.
//!
//! # 한국어
//!
//! 추가로 프로비저닝한 IOPS나 처리량을 사용하지 않는 RDS gp3 스토리지를 찾습니다.
//!
//! **비용이 드는 이유.** gp3에는 3,000 IOPS와 125 MiB/s가 포함되어 있고, RDS가 볼륨 네 개로 나누는 400 GiB(Oracle은 200)부터는 12,000
//! IOPS와 500 MiB/s가 포함됩니다. 그보다 많이 프로비저닝한 양은 사용하지 않아도 과금되며, 대기 인스턴스가 있으면 두 배입니다.
//!
//! **제안하는 조치.** 두 값을 2주간의 최대 사용량에 여유 20%를 더한 값까지 낮춥니다. 포함된 양보다 낮추지 않으며, gp3의 조건에 따라
//! 4 IOPS당 1 MiB/s를 넘지 않게 합니다. 가격이 정가표에도 청구서에도 없으면 *판단 보류*로 둡니다.
//!
//! **주의할 점.** 몇 시간 동안 스토리지 최적화가 진행되며 그동안 다른 스토리지 변경은 할 수 없습니다. 분기에 한 번 있는 부하는 관측 기간에
//! 없을 수 있습니다. 스토리지보다 성능 한도가 낮은 클래스를 쓰면 사용량이 낮게 보이므로, 나중에 클래스를 키우면 IOPS가 다시 필요할 수
//! 있습니다.
//!
//! **다른 도구와 다른 점.** EC2 볼륨의 3,000 IOPS 기준을 스트라이핑된 스토리지에도 적용하거나, IOPS만 보고 처리량은 보지 않는 도구가 있습니다.

use trimtab_model::action::{Action, DbStorageSettings};
use trimtab_model::evidence::Evidence;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown, Verdict,
};
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText};

use crate::check::{Check, Facts, Need};
use crate::database::names;
use crate::database::storage::{GP3_EXTRA, gp3_extra, gp3_included, known};
use crate::database::storage_use::{
    PEAKS, ROOM_PERCENT, StorageUse, counted_at_once, not_available, operations_figure,
    optimises_for_hours, throughput_figure,
};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS};
use crate::pricing::Tariff;
use crate::saving::estimate_of;
use crate::verdict::{Proposal, judge_each, pass, risk};

/// IOPS that gp3 must have for each MiB/s.
const IOPS_PER_MIB_S: u32 = 4;

/// The check.
pub static CHECK: Check = Check {
    id: "rds-storage-gp3-iops-unused",
    title: StaticText {
        en: "RDS gp3 storage with extra IOPS or throughput that is not used",
        ko: "추가 IOPS나 처리량을 사용하지 않는 RDS gp3 스토리지",
    },
    kind: ResourceKind::DbInstance,
    action_type: ActionType::Rightsize,
    needs: &[
        Need::Kind(ResourceKind::DbInstance),
        Need::Metric("AWS/RDS", "ReadIOPS", PEAKS),
        Need::Metric("AWS/RDS", "WriteIOPS", PEAKS),
        Need::Metric("AWS/RDS", "ReadThroughput", PEAKS),
        Need::Metric("AWS/RDS", "WriteThroughput", PEAKS),
        Need::OptionalBilling,
    ],
    thresholds: &[ROOM_PERCENT, MIN_DAYS, MIN_COVERAGE_PERCENT],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::DbInstance, &facts.snapshot.db_instances, judge)
    },
};

fn judge(check: &Check, facts: &Facts<'_>, db: &Resource<DbInstance>) -> Result<Verdict, Unknown> {
    let (storage_type, size_gib) = known(&db.kind)?;
    if storage_type != "gp3" {
        return Ok(pass("not-gp3", "The storage is not of type gp3.", "gp3 스토리지가 아닙니다."));
    }
    let (included, included_rate) = gp3_included(&db.kind.engine, size_gib);
    let iops = db.kind.iops.unwrap_or(included).max(included);
    let rate = db.kind.storage_throughput_mib_s.unwrap_or(included_rate).max(included_rate);
    if (iops, rate) == (included, included_rate) {
        return Ok(pass(
            "included-only",
            "It has the IOPS and the throughput that are included.",
            "요금에 포함된 IOPS와 처리량만 쓰고 있습니다.",
        ));
    }
    if let Some(verdict) = not_available(&db.kind) {
        return Ok(verdict);
    }
    let names = names::of_instance(db);
    let operations = StorageUse::operations(check, facts, db)?;
    let throughput = StorageUse::throughput(check, facts, db)?;
    let room = 1.0 + check.threshold_f64(facts, "room_percent") / 100.0;
    let (peak, peak_rate) = (operations.peak, throughput.peak);
    let to_rate = rounded_up(peak_rate * room, 25.0).clamp(included_rate, rate);
    let to_iops = rounded_up(peak * room, 100.0)
        .max(to_rate.saturating_mul(IOPS_PER_MIB_S))
        .clamp(included, iops);
    if (to_iops, to_rate) == (iops, rate) {
        return Ok(pass(
            "in-use",
            format!("Up to {peak:.0} IOPS and {peak_rate:.0} MiB/s were used."),
            format!("최대 {peak:.0} IOPS와 {peak_rate:.0} MiB/s를 사용했습니다."),
        ));
    }
    let tariff = Tariff::of(facts, db);
    let formula_now = gp3_extra(&tariff, &db.kind, size_gib, Some(iops), Some(rate))?;
    let formula_after = gp3_extra(&tariff, &db.kind, size_gib, Some(to_iops), Some(to_rate))?;
    let reference = db.reference(ResourceKind::DbInstance);
    let savings = estimate_of(facts, &reference, &names, GP3_EXTRA, formula_now, formula_after)?;
    let days = operations.days.min(throughput.days);
    let settings = |iops, rate| DbStorageSettings {
        storage_type: "gp3".to_owned(),
        allocated_storage_gib: size_gib,
        iops: Some(iops),
        storage_throughput_mib_s: Some(rate),
    };
    Ok(Proposal {
        action: Action::ModifyDbStorage {
            from: settings(iops, rate),
            to: settings(to_iops, to_rate),
        },
        finding: Finding::Overprovisioned,
        reason_codes: reason_codes((iops, rate), (to_iops, to_rate)),
        reason: Reason::new(
            "extra-unused",
            format!("At most {peak:.0} IOPS and {peak_rate:.0} MiB/s were used in {days:.0} days, of {iops} and {rate}."),
            format!("{days:.0}일 동안 {iops} IOPS 중 최대 {peak:.0}, {rate} MiB/s 중 최대 {peak_rate:.0}만 사용했습니다."),
        ),
        savings,
        performance_risk: risk(db.environment, 1),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Exact,
        evidence: Evidence {
            window_days: Some(days as u32),
            figures: vec![
                operations_figure(peak)
                    .against(f64::from(to_iops)),
                throughput_figure(peak_rate)
                    .against(f64::from(to_rate)),
            ],
            coverage: [operations.coverage, throughput.coverage].concat(),
            notes: vec![counted_at_once(), optimises_for_hours()],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

/// Rounds up to a multiple that is easier to read and to ask for.
fn rounded_up(wanted: f64, multiple: f64) -> u32 {
    ((wanted / multiple).ceil() * multiple).clamp(0.0, f64::from(u32::MAX)) as u32
}

/// Returns a code for each of IOPS and throughput that becomes less.
fn reason_codes(from: (u32, u32), to: (u32, u32)) -> Vec<ReasonCode> {
    let iops = (to.0 < from.0).then_some(ReasonCode::EBSIOPSOverprovisioned);
    let rate = (to.1 < from.1).then_some(ReasonCode::EBSThroughputOverprovisioned);
    iops.into_iter().chain(rate).collect()
}

#[cfg(test)]
mod tests {
    use trimtab_model::action::Action;
    use trimtab_model::metric::Statistic;

    use super::CHECK;
    use crate::database::storage_use::BYTES_PER_MIB;
    use crate::scene::{Scene, check, flat, recommended, scene};

    /// 500 GiB with so many IOPS and MiB/s, of which so many are used, without prices.
    fn unpriced((iops, rate): (u32, u32), (used, used_rate): (f64, f64)) -> Scene {
        let mut scene = scene().db_instance(|db| {
            db.kind.storage_type = Some("gp3".into());
            db.kind.allocated_storage_gib = Some(500);
            db.kind.iops = Some(iops);
            db.kind.storage_throughput_mib_s = Some(rate);
        });
        for (metric, value) in [
            ("ReadIOPS", used),
            ("WriteIOPS", 0.0),
            ("ReadThroughput", used_rate * BYTES_PER_MIB),
            ("WriteThroughput", 0.0),
        ] {
            scene = scene.metric("db", "AWS/RDS", metric, Statistic::Maximum, flat(value, 14));
        }
        scene
    }

    fn provisioned(has: (u32, u32), used: (f64, f64)) -> Scene {
        unpriced(has, used)
            .price("rds/gp3_iops_single_az", "0.02")
            .price("rds/gp3_throughput_single_az", "0.08")
    }

    #[test]
    fn extra_that_nobody_uses_fires() {
        // 8000 IOPS at 0.02 and 250 MiB/s at 0.08.
        let scene = provisioned((20_000, 750), (900.0, 40.0));
        check(&CHECK, scene, "recommend 180.00 / 180.00 / 180.00");
    }

    #[test]
    fn extra_that_is_used_passes() {
        check(&CHECK, provisioned((20_000, 500), (18_000.0, 40.0)), "pass in-use");
        check(&CHECK, provisioned((12_000, 500), (900.0, 40.0)), "pass included-only");
        check(&CHECK, scene().db_instance(|_| ()), "pass not-gp3");
    }

    #[test]
    fn just_under_what_is_included_nothing_is_bought_and_above_it_the_peak_is() {
        let after = |used| match recommended(&CHECK, &provisioned((20_000, 500), used)).action {
            Action::ModifyDbStorage { to, .. } => (to.iops, to.storage_throughput_mib_s),
            other => panic!("{other:?}"),
        };
        assert_eq!(after((10_000.0, 40.0)), (Some(12_000), Some(500)));
        assert_eq!(after((10_001.0, 40.0)), (Some(12_100), Some(500)));
    }

    #[test]
    fn throughput_keeps_the_iops_that_it_needs() {
        let scene = provisioned((20_000, 4000), (900.0, 3300.0));
        match recommended(&CHECK, &scene).action {
            // 3960 with room, rounded up; each needs four IOPS.
            Action::ModifyDbStorage { to, .. } => {
                assert_eq!((to.iops, to.storage_throughput_mib_s), (Some(15_900), Some(3_975)));
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_standby_costs_twice_and_has_its_own_rate_on_the_bill() {
        let with_standby = |mut scene: Scene| {
            scene.snapshot.db_instances[0].kind.multi_az = Some(true);
            scene
        };
        let listed = with_standby(provisioned((20_000, 500), (900.0, 40.0)));
        check(&CHECK, listed, "recommend 320.00 / 320.00 / 320.00");
        let billed = with_standby(unpriced((20_000, 500), (900.0, 40.0))).bill(
            "db",
            "RDS:Multi-AZ-GP3-PIOPS",
            "8000",
            "320",
        );
        assert!(recommended(&CHECK, &billed).estimated_monthly_savings.likely.is_positive());
    }

    #[test]
    fn without_metrics_or_a_price_it_is_unknown() {
        check(&CHECK, unpriced((20_000, 500), (900.0, 40.0)), "unknown price-missing");
        let scene = scene().db_instance(|db| {
            db.kind.storage_type = Some("gp3".into());
            db.kind.iops = Some(6_000);
        });
        check(&CHECK, scene, "unknown metric-missing");
    }
}
