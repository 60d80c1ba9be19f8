//! Finds RDS DB instances on gp2 storage where gp3 is cheaper.
//!
//! **Why it costs.** gp3 gives its IOPS whatever the size, so that no GiB has to be bought
//! for speed. In many regions both cost the same per GiB: then there is nothing to save,
//! and we say so instead of recommending a change for nothing.
//!
//! **What we do.** Change the storage type in the maintenance window. Below 400 GiB (200
//! for Oracle) RDS refuses IOPS and throughput, so they are not sent; from there on gp3
//! starts at 12,000 IOPS and 500 MiB/s, which are included. SQL Server's storage is not
//! striped and keeps 3,000 IOPS and 125 MiB/s.
//!
//! **What could go wrong.** Storage optimises for hours, in which no other change of storage
//! is possible. gp2 of 400 GiB and more is striped over four volumes and gives up to 1,000
//! MiB/s: 500 can be slower, so the risk is higher there; where more was used than gp3 includes, nothing
//! is proposed. Where gp2's baseline is above
//! what gp3 includes, the peak of two weeks with a fifth of room must fit what is included. Without
//! that proof IOPS would have to be bought; their price is not in the catalogue, and we say
//! *unknown*.
//!
//! **Where others err.** They promise the fifth that gp3 saves on EC2 volumes.
//!
//! # 한국어
//!
//! gp3로 바꾸면 더 저렴한 gp2 스토리지의 RDS DB 인스턴스를 찾습니다.
//!
//! **비용이 드는 이유.** gp3는 크기와 관계없이 IOPS를 제공하므로 속도를 얻으려고 GiB를 더 살 필요가
//! 없습니다. GiB당 요금이 같은 리전이 많습니다. 그런 곳에서는 절감할 것이 없으며, 얻는 것 없는 변경을
//! 권하는 대신 그렇다고 알립니다.
//!
//! **제안하는 조치.** 유지 관리 기간에 스토리지 유형을 바꿉니다. 400 GiB(Oracle은 200) 미만에서는 RDS가
//! IOPS와 처리량 지정을 거부하므로 보내지 않습니다. 그 이상에서 gp3는 12,000 IOPS와 500 MiB/s에서
//! 시작하며 이 성능은 요금에 포함되어 있습니다. SQL Server의 스토리지는 스트라이핑하지 않으므로 3,000
//! IOPS와 125 MiB/s를 유지합니다.
//!
//! **주의할 점.** 스토리지 최적화에 몇 시간이 걸리고 그동안 스토리지를 다시 변경할 수 없습니다. 400 GiB
//! 이상의 gp2는 볼륨 네 개로 스트라이핑되어 최대 1,000 MiB/s를 냅니다. 500은 그보다 느릴 수 있으므로 이
//! 경우 위험을 높이고, gp3에 포함된 처리량보다 많이 사용했다면 제안하지 않습니다. gp2의 기준 성능이 gp3에 포함된 IOPS보다 높으면, 2주간의 최대 사용량에 여유 20%를 더한 값이 포함된 양에 들어가야
//! 합니다. 이를 확인할 수 없으면 IOPS를 따로 사야 하는데, 그 가격이 단가표에 없으므로 *판단 보류*로 둡니다.
//!
//! **다른 도구와 다른 점.** gp3가 EC2 볼륨에서 절감하는 5분의 1을 RDS에서도 약속합니다.

use trimtab_model::action::{Action, DbStorageSettings};
use trimtab_model::evidence::{Evidence, Figure, MetricCoverage, UnseenSignal};
use trimtab_model::id::ResourceId;
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::database::names;
use crate::database::storage_use::{
    PEAKS, StorageUse, operations_figure, optimises_for_hours, throughput_figure,
};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS, Observation};
use crate::pricing::{Tariff, copies};
use crate::saving::{Commitment, Meter, estimate_of};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

/// Picks the storage of a DB instance.
const STORAGE: Meter = Meter {
    charges: |charge| {
        charge.usage_type.as_deref().is_some_and(|usage| usage.contains("GP2-Storage"))
    },
    commitment: Commitment::Impossible,
};

/// IOPS and MiB/s of gp3 on striped storage, included.
const STRIPED: (u32, u32) = (12_000, 500);

/// IOPS of gp3 on storage that is not striped, included.
const UNSTRIPED_IOPS: u32 = 3000;

/// MiB/s of gp3 on storage that is not striped, included.
const UNSTRIPED_MIB_S: u32 = 125;

const LOWS: &[Statistic] = &[Statistic::Minimum, Statistic::Average];

/// The check.
pub static CHECK: Check = Check {
    id: "rds-storage-gp2",
    title: StaticText {
        en: "RDS storage of the older type gp2",
        ko: "구형 gp2 유형의 RDS 스토리지",
    },
    kind: ResourceKind::DbInstance,
    action_type: ActionType::Upgrade,
    needs: &[
        Need::Kind(ResourceKind::DbInstance),
        Need::OptionalMetric("AWS/RDS", "ReadIOPS", PEAKS),
        Need::OptionalMetric("AWS/RDS", "WriteIOPS", PEAKS),
        Need::OptionalMetric("AWS/RDS", "ReadThroughput", PEAKS),
        Need::OptionalMetric("AWS/RDS", "WriteThroughput", PEAKS),
        Need::OptionalMetric("AWS/RDS", "BurstBalance", LOWS),
        Need::OptionalBilling,
    ],
    thresholds: &[
        Threshold {
            name: "min_size_gib",
            default: "20",
            unit: "GiB",
            text: StaticText {
                en: "Smallest storage that is reported; RDS's gp3 starts at 20 GiB.",
                ko: "보고 대상이 되는 스토리지의 최소 크기입니다. RDS의 gp3는 20 GiB부터입니다.",
            },
        },
        Threshold {
            name: "room_percent",
            default: "20",
            unit: "%",
            text: StaticText {
                en: "Room above the highest use, where gp3 includes less than gp2's baseline.",
                ko: "gp3에 포함된 성능이 gp2의 기준 성능보다 낮을 때 최대 사용량 위에 남겨 두는 여유입니다.",
            },
        },
        MIN_DAYS,
        MIN_COVERAGE_PERCENT,
    ],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::DbInstance, &facts.snapshot.db_instances, judge)
    },
};

fn judge(check: &Check, facts: &Facts<'_>, db: &Resource<DbInstance>) -> Result<Verdict, Unknown> {
    match db.kind.storage_type.as_deref() {
        Some("gp2") => {}
        Some(_) => {
            return Ok(pass(
                "not-gp2",
                "The storage is not of type gp2.",
                "gp2 스토리지가 아닙니다.",
            ));
        }
        None => return Err(storage_unknown()),
    }
    let Some(size_gib) = db.kind.allocated_storage_gib else { return Err(storage_unknown()) };
    let min_size_gib = check.threshold_f64(facts, "min_size_gib");
    if f64::from(size_gib) < min_size_gib {
        return Ok(pass(
            "too-small",
            format!("The storage has {size_gib} GiB, less than {min_size_gib}."),
            format!("스토리지 크기가 {size_gib} GiB로 {min_size_gib} GiB보다 작습니다."),
        ));
    }
    let layout = Layout::of(&db.kind.engine, size_gib);
    let baseline = size_gib.saturating_mul(3);
    let included = match layout {
        Layout::Striped => STRIPED.0,
        Layout::Single => UNSTRIPED_IOPS,
    };
    let used = Used::of(check, facts, db);
    let room = 1.0 + check.threshold_f64(facts, "room_percent") / 100.0;
    let proven = used.iops.is_some_and(|peak| peak * room <= f64::from(included));
    if baseline > included && !proven {
        return Err(unknown(
            "iops-price-missing",
            format!(
                "gp2 gives {baseline} IOPS here and gp3 includes {included}: the price of the rest is not known."
            ),
            format!(
                "gp2는 {baseline} IOPS를 제공하지만 gp3 기본 제공은 {included} IOPS이며, 나머지의 가격이 없습니다."
            ),
            &["prices:rds/gp3_iops", "metrics:AWS/RDS:ReadIOPS", "metrics:AWS/RDS:WriteIOPS"],
        ));
    }
    let from = DbStorageSettings {
        storage_type: "gp2".to_owned(),
        allocated_storage_gib: size_gib,
        iops: None,
        storage_throughput_mib_s: None,
    };
    if used.mib_s.is_some_and(|peak| peak > f64::from(layout.included_mib_s())) {
        return Ok(pass(
            "throughput-in-use",
            "It used more MiB/s than gp3 includes.",
            "gp3에 포함된 처리량보다 많이 사용했습니다.",
        ));
    }
    let to = layout.on_gp3(size_gib);
    let tariff = Tariff::of(facts, db);
    let quantity = rust_decimal::Decimal::from(size_gib) * copies(&db.kind);
    let now = tariff.meter("gp2 storage", quantity, "rds/storage_gp2_single_az")?;
    let after = tariff.meter("gp3 storage", quantity, "rds/storage_gp3_single_az")?;
    let reference = db.reference(ResourceKind::DbInstance);
    let arn = db.kind.db_instance_arn.as_deref().map(ResourceId::new);
    let names: Vec<_> = std::iter::once(db.id.clone()).chain(arn).collect();
    let savings = estimate_of(facts, &reference, &names, STORAGE, vec![now], vec![after])?;
    let striped = layout == Layout::Striped;
    let mut evidence = Evidence {
        figures: vec![
            Figure::number("size_gib", "Storage", "스토리지", f64::from(size_gib), "GiB")
                .against(min_size_gib),
            Figure::number(
                "baseline_iops",
                "IOPS of gp2",
                "gp2 기본 IOPS",
                f64::from(baseline),
                "IOPS",
            )
            .against(f64::from(included)),
        ],
        notes: vec![optimises_for_hours()],
        ..Evidence::default()
    };
    evidence
        .figures
        .extend(used.iops.map(|peak| operations_figure(peak).against(f64::from(included))));
    evidence.figures.extend(
        used.mib_s.map(|peak| throughput_figure(peak).against(f64::from(layout.included_mib_s()))),
    );
    evidence.figures.extend(used.burst_left_percent.map(|left| {
        Figure::number(
            "burst_balance_min",
            "Burst credits, fewest",
            "최소 버스트 크레딧",
            left,
            "%",
        )
    }));
    if used.burst_left_percent.is_some_and(|left| left < 1.0) {
        evidence.notes.push(Text::new(
            "gp2 ran out of burst credits and slowed down to its baseline; gp3 has no credits.",
            "gp2의 버스트 크레딧이 바닥나 기준 성능으로 느려진 적이 있습니다. gp3에는 크레딧이 없습니다.",
        ));
    }
    evidence.coverage = used.coverage;
    if striped && used.mib_s.is_none() {
        evidence.signals_not_seen.push(UnseenSignal {
            name: "throughput".to_owned(),
            text: Text::new(
                "Whether more than 500 MiB/s are used: gp2 of this size bursts to 1,000.",
                "이 크기의 gp2는 1,000 MiB/s까지 버스트하는데, 500 MiB/s를 넘게 쓰는지 알 수 없습니다.",
            ),
        });
    }
    Ok(Proposal {
        action: Action::ModifyDbStorage { from, to },
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::NewGenerationStorageTypeAvailable],
        reason: Reason::new(
            "gp2",
            format!("gp3 stores the {size_gib} GiB for less."),
            format!("스토리지 {size_gib} GiB를 gp3로 바꾸면 더 저렴합니다."),
        ),
        savings,
        performance_risk: risk(db.environment, if striped { 2 } else { 0 }),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Exact,
        evidence,
    }
    .into_verdict(check, reference))
}

fn storage_unknown() -> Unknown {
    unknown(
        "storage-unknown",
        "The type or the size of the storage is not known.",
        "스토리지 유형이나 크기를 알 수 없습니다.",
        &["inventory:describe-db-instances"],
    )
}

/// The highest use that was watched long and completely enough, counted as if reads and writes were
/// at their highest at once.
#[derive(Debug, Default)]
struct Used {
    iops: Option<f64>,
    mib_s: Option<f64>,
    burst_left_percent: Option<f64>,
    coverage: Vec<MetricCoverage>,
}

impl Used {
    fn of(check: &Check, facts: &Facts<'_>, db: &Resource<DbInstance>) -> Self {
        let names = names::of_instance(db);
        let operations = StorageUse::operations(check, facts, db).ok();
        let throughput = StorageUse::throughput(check, facts, db).ok();
        let burst = Observation::find(facts, db, &names, "AWS/RDS", "BurstBalance", LOWS);
        Self {
            iops: operations.as_ref().map(|one| one.peak),
            mib_s: throughput.as_ref().map(|one| one.peak),
            burst_left_percent: burst.map(|one| one.profile.min),
            coverage: [operations, throughput]
                .into_iter()
                .flatten()
                .flat_map(|one| one.coverage)
                .chain(burst.map(|one| one.coverage()))
                .collect(),
        }
    }
}

/// How RDS lays storage out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// One volume.
    Single,
    /// Four volumes.
    Striped,
}

impl Layout {
    fn of(engine: &str, size_gib: u32) -> Self {
        let striped_from = if engine.starts_with("oracle") { 200 } else { 400 };
        if engine.starts_with("sqlserver") || size_gib < striped_from {
            Self::Single
        } else {
            Self::Striped
        }
    }

    fn included_mib_s(self) -> u32 {
        match self {
            Self::Striped => STRIPED.1,
            Self::Single => UNSTRIPED_MIB_S,
        }
    }

    /// Returns the gp3 settings; RDS refuses IOPS and throughput on a single volume of this size.
    fn on_gp3(self, size_gib: u32) -> DbStorageSettings {
        let (iops, throughput) = match self {
            Self::Single => (None, None),
            Self::Striped => (Some(STRIPED.0), Some(STRIPED.1)),
        };
        DbStorageSettings {
            storage_type: "gp3".to_owned(),
            allocated_storage_gib: size_gib,
            iops,
            storage_throughput_mib_s: throughput,
        }
    }
}

#[cfg(test)]
mod tests {
    use trimtab_model::action::Action;

    use trimtab_model::metric::Statistic;

    use super::CHECK;
    use crate::scene::{Scene, check, flat, recommended, scene};

    fn gp2(size_gib: u32) -> Scene {
        scene().db_instance(|db| db.kind.allocated_storage_gib = Some(size_gib))
    }

    #[test]
    fn gp2_storage_fires_where_gp3_is_cheaper() {
        check(&CHECK, gp2(100), "recommend 2.30 / 2.30 / 2.30");
    }

    #[test]
    fn gp2_storage_passes_where_gp3_costs_the_same() {
        check(&CHECK, gp2(100).price("rds/storage_gp3_single_az", "0.115"), "pass no-saving");
    }

    #[test]
    fn storage_of_19_gib_is_just_under_the_threshold() {
        check(&CHECK, gp2(19), "pass too-small");
    }

    #[test]
    fn a_region_without_price_is_unknown() {
        check(&CHECK, gp2(100).without_price("rds/storage_gp3_single_az"), "unknown price-missing");
    }

    #[test]
    fn storage_whose_baseline_gp3_does_not_include_is_unknown() {
        check(&CHECK, gp2(4001), "unknown iops-price-missing");
    }

    #[test]
    fn what_was_used_proves_that_the_included_iops_do() {
        let used = |iops, mib_s: f64| {
            [
                ("ReadIOPS", iops),
                ("WriteIOPS", 0.0),
                ("ReadThroughput", mib_s * 1_048_576.0),
                ("WriteThroughput", 0.0),
            ]
            .into_iter()
            .fold(gp2(5000), |scene, (metric, value)| {
                scene.metric("db", "AWS/RDS", metric, Statistic::Maximum, flat(value, 14))
            })
        };
        // 5000 GiB at 0.023 less.
        check(&CHECK, used(10_000.0, 400.0), "recommend 115.00 / 115.00 / 115.00");
        check(&CHECK, used(10_001.0, 400.0), "unknown iops-price-missing");
        check(&CHECK, used(10_000.0, 501.0), "pass throughput-in-use");
    }

    #[test]
    fn credits_that_ran_out_are_said() {
        let notes = |left| {
            let (metric, low) = ("BurstBalance", Statistic::Minimum);
            let scene = gp2(100).metric("db", "AWS/RDS", metric, low, flat(left, 14));
            recommended(&CHECK, &scene).evidence.notes.len()
        };
        assert_eq!(notes(0.0), notes(50.0) + 1);
    }

    #[test]
    fn iops_are_sent_from_400_gib_on_only() {
        let iops = |size_gib| match recommended(&CHECK, &gp2(size_gib)).action {
            Action::ModifyDbStorage { to, .. } => (to.iops, to.storage_throughput_mib_s),
            other => panic!("{other:?}"),
        };
        assert_eq!(iops(399), (None, None));
        assert_eq!(iops(400), (Some(12_000), Some(500)));
    }
}
