//! Finds RDS storage with provisioned IOPS that nobody uses.
//!
//! **Why it costs.** io1 and io2 charge every provisioned operation per second, used or not, and
//! more per GiB than gp3, twice with a standby. gp3 includes 12,000 IOPS and 500 MiB/s from 400 GiB
//! on (200 for Oracle), and 3,000 IOPS and 125 MiB/s below.
//!
//! **What we do.** Where the peak of two weeks, with a fifth of room, fits into what gp3 includes,
//! change to gp3. Where it does not, lower the provisioned IOPS to the peak with that room, never
//! below 1,000 or half an operation per GiB, which RDS requires. Where the region's price list or
//! the bill has no price of gp3, the second way is taken.
//!
//! **What could go wrong.** Storage optimises for hours, in which no other change of storage is
//! possible. io2 promises a steadier latency than gp3. A load that comes once a quarter is not
//! in the window.
//!
//! **Where others err.** They look at the mean, or at reads alone.
//!
//! # 한국어
//!
//! 사용하지 않는 IOPS를 프로비저닝한 RDS 스토리지를 찾습니다.
//!
//! **비용이 드는 이유.** io1과 io2는 사용 여부와 관계없이 프로비저닝한 IOPS만큼 과금되고 GiB당 가격도 gp3보다 비싸며, 대기 인스턴스가
//! 있으면 두 배입니다. gp3는 400 GiB(Oracle은 200 GiB)부터 12,000 IOPS와 500 MiB/s, 그 아래에서는 3,000 IOPS와 125 MiB/s를 기본으로
//! 제공합니다.
//!
//! **제안하는 조치.** 2주간의 최대 사용량에 여유를 20% 더한 값이 gp3 기본 제공량에 들어가면 gp3로 변경합니다. 들어가지 않으면 IOPS를 그
//! 값까지 낮추되, RDS의 하한인 1,000 IOPS와 GiB당 0.5 IOPS 아래로는 내리지 않습니다. 정가표와 청구서에 gp3 가격이 없을 때도 IOPS를
//! 낮추는 방법을 제안합니다.
//!
//! **주의할 점.** 몇 시간 동안 스토리지 최적화가 진행되며 그동안 다른 스토리지 변경은 할 수 없습니다. io2는 gp3보다 지연 시간이 더
//! 일정합니다. 분기에 한 번 있는 부하는 관측 기간에 없을 수 있습니다.
//!
//! **다른 도구와 다른 점.** 다른 도구는 평균값이나 읽기만 봅니다.

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
use crate::database::storage::{DB_STORAGE, gp3_included, known, storage, storage_now};
use crate::database::storage_use::{
    PEAKS, ROOM_PERCENT, StorageUse, counted_at_once, not_available, operations_figure,
    optimises_for_hours, throughput_figure,
};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS};
use crate::pricing::Tariff;
use crate::saving::estimate_of;
use crate::verdict::{Proposal, judge_each, pass, risk};

/// The fewest IOPS that RDS provisions.
const FEWEST_IOPS: u32 = 1_000;

/// The check.
pub static CHECK: Check = Check {
    id: "rds-storage-io1",
    title: StaticText {
        en: "RDS storage with provisioned IOPS that are not used",
        ko: "사용하지 않는 IOPS를 프로비저닝한 RDS 스토리지",
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
    let (storage_type, size_gib) = match db.kind.storage_type.as_deref() {
        Some("io1" | "io2") => known(&db.kind)?,
        Some(_) => {
            return Ok(pass(
                "not-provisioned",
                "The storage has no provisioned IOPS of io1 or io2.",
                "io1이나 io2의 프로비저닝 IOPS를 쓰지 않습니다.",
            ));
        }
        None => known(&db.kind)?,
    };
    if let Some(verdict) = not_available(&db.kind) {
        return Ok(verdict);
    }
    let names = names::of_instance(db);
    let operations = StorageUse::operations(check, facts, db)?;
    let throughput = StorageUse::throughput(check, facts, db)?;
    let room = 1.0 + check.threshold_f64(facts, "room_percent") / 100.0;
    let (peak, rate) = (operations.peak, throughput.peak);
    let needed = peak * room;
    let (included, included_rate) = gp3_included(&db.kind.engine, size_gib);
    let tariff = Tariff::of(facts, db);
    let fits = needed <= f64::from(included) && rate * room <= f64::from(included_rate);
    let on_gp3 = fits.then(|| storage(&tariff, &db.kind, "gp3", size_gib, None).ok()).flatten();
    let fewest = FEWEST_IOPS.max(size_gib.div_ceil(2));
    let (to_type, to_iops, formula_after) = match on_gp3 {
        Some(formula) => ("gp3", None, formula),
        None => {
            // Rounded up to hundreds, which are easier to read and to ask for.
            let iops = ((needed / 100.0).ceil() * 100.0).min(f64::from(u32::MAX)) as u32;
            let iops = iops.max(fewest);
            let formula = storage(&tariff, &db.kind, storage_type, size_gib, Some(iops))?;
            (storage_type, Some(iops), formula)
        }
    };
    let reference = db.reference(ResourceKind::DbInstance);
    let formula_now = storage_now(&tariff, &db.kind)?;
    let savings = estimate_of(facts, &reference, &names, DB_STORAGE, formula_now, formula_after)?;
    let days = operations.days.min(throughput.days);
    let settings = |storage_type: &str, iops| DbStorageSettings {
        storage_type: storage_type.to_owned(),
        allocated_storage_gib: size_gib,
        iops,
        storage_throughput_mib_s: None,
    };
    Ok(Proposal {
        action: Action::ModifyDbStorage {
            from: settings(storage_type, db.kind.iops),
            to: settings(to_type, to_iops),
        },
        finding: Finding::Overprovisioned,
        reason_codes: vec![ReasonCode::EBSIOPSOverprovisioned],
        reason: Reason::new(
            "iops-unused",
            format!("At most {peak:.0} operations a second were used in {days:.0} days."),
            format!("{days:.0}일 동안 초당 최대 {peak:.0}회의 작업만 사용했습니다."),
        ),
        savings,
        performance_risk: risk(db.environment, 1),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Exact,
        evidence: Evidence {
            window_days: Some(days as u32),
            figures: vec![
                operations_figure(peak).against(f64::from(db.kind.iops.unwrap_or_default())),
                throughput_figure(rate).against(f64::from(included_rate)),
            ],
            coverage: [operations.coverage, throughput.coverage].concat(),
            notes: vec![counted_at_once(), optimises_for_hours()],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use trimtab_model::action::Action;
    use trimtab_model::metric::Statistic;

    use super::CHECK;
    use crate::scene::{Scene, check, flat, recommended, scene};

    fn provisioned(iops: u32, reads: f64) -> Scene {
        let mut scene = scene()
            .price("rds/storage_io1_single_az", "0.125")
            .price("rds/iops_io1_single_az", "0.10")
            .db_instance(|db| {
                db.kind.storage_type = Some("io1".into());
                db.kind.iops = Some(iops);
            });
        for (metric, value) in [
            ("ReadIOPS", reads),
            ("WriteIOPS", 0.0),
            ("ReadThroughput", 1e6),
            ("WriteThroughput", 0.0),
        ] {
            scene = scene.metric("db", "AWS/RDS", metric, Statistic::Maximum, flat(value, 14));
        }
        scene
    }

    #[test]
    fn storage_whose_operations_nobody_uses_fires() {
        // io1: 12.50 + 300; gp3 at 0.092: 9.20.
        check(&CHECK, provisioned(3000, 100.0), "recommend 303.30 / 303.30 / 303.30");
    }

    #[test]
    fn storage_that_is_used_passes() {
        check(&CHECK, provisioned(6000, 5000.0), "pass no-saving");
        check(&CHECK, scene().db_instance(|_| ()), "pass not-provisioned");
    }

    #[test]
    fn just_under_what_gp3_includes_it_changes_and_above_it_lowers() {
        let type_after = |reads| match recommended(&CHECK, &provisioned(9000, reads)).action {
            Action::ModifyDbStorage { to, .. } => (to.storage_type, to.iops),
            other => panic!("{other:?}"),
        };
        assert_eq!(type_after(2500.0), ("gp3".to_owned(), None));
        assert_eq!(type_after(2501.0), ("io1".to_owned(), Some(3100)));
    }

    #[test]
    fn without_metrics_it_is_unknown() {
        let scene = scene().db_instance(|db| db.kind.storage_type = Some("io1".into()));
        check(&CHECK, scene, "unknown metric-missing");
    }

    #[test]
    fn without_a_price_of_gp3_the_operations_are_lowered() {
        // From 3000 to the least, 1000.
        let scene = provisioned(3000, 100.0).without_price("rds/storage_gp3_single_az");
        check(&CHECK, scene, "recommend 200.00 / 200.00 / 200.00");
    }
}
