//! Finds RDS DB instances with much more storage than they will fill.
//!
//! **Why it costs.** RDS charges what is allocated, twice with a standby, and allocated storage
//! never shrinks in place: after one import that ran away it stays large for ever.
//!
//! **What we do.** Propose a blue/green deployment with less storage: the most that was used, plus
//! the growth of the coming 90 days at the pace of the window, plus a quarter of room. A size below
//! which RDS lays storage out over fewer volumes is never crossed downwards, and gp2, whose speed
//! follows its size, keeps the IOPS that were used.
//!
//! Where the free space lasts less than 90 days at that pace, nothing is proposed and the days are said.
//!
//! **What could go wrong.** A blue/green deployment copies the database, which takes hours and is
//! paid twice meanwhile; the switch interrupts writes for about a minute. Afterwards the old
//! instance stays as `-old1` and drifts apart. Triggers, replication slots and unlogged tables need
//! care. Storage autoscaling may grow it again: lower its limit too.
//!
//! **Where others err.** They propose a smaller size as if it were a setting. It is not.
//!
//! # 한국어
//!
//! 채울 수 있는 것보다 훨씬 많은 스토리지를 할당한 RDS DB 인스턴스를 찾습니다.
//!
//! **비용이 드는 이유.** RDS는 할당한 크기만큼 과금하고 대기 인스턴스가 있으면 두 배입니다. 할당한 스토리지는 그 자리에서 줄일 수
//! 없으므로, 한 번 잘못된 대량 적재가 있으면 계속 큰 상태로 남습니다.
//!
//! **제안하는 조치.** 더 작은 스토리지로 블루/그린 배포를 제안합니다. 크기는 최대 사용량에 관측 기간의 추세로 본 향후 90일 증가분과
//! 25%의 여유를 더한 값입니다. RDS가 볼륨 수를 줄이는 경계 아래로는 내리지 않으며, 크기에 따라 속도가 정해지는 gp2는 사용한 IOPS를
//! 유지합니다.
//!
//! 이 추세로 남은 공간이 90일을 버티지 못하면 아무것도 제안하지 않고 남은 일수를 알립니다.
//!
//! **주의할 점.** 블루/그린 배포는 데이터베이스를 복사하므로 몇 시간이 걸리고 그동안 비용이 두 배입니다. 전환할 때 약 1분간 쓰기가
//! 중단됩니다. 이후 기존 인스턴스는 `-old1`로 남아 내용이 달라집니다. 트리거와 복제 슬롯, 로그를 남기지 않는 테이블은 주의가 필요합니다.
//! 스토리지 자동 확장으로 다시 커질 수 있으니 한도도 함께 낮추세요.
//!
//! **다른 도구와 다른 점.** 다른 도구는 크기 축소를 단순한 설정 변경처럼 제안하지만 그렇지 않습니다.

use trimtab_model::action::{Action, Configuration};
use trimtab_model::evidence::{Evidence, Figure};
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
use crate::database::storage::{DB_STORAGE, known, storage, storage_now, striped_from_gib};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS, Observation};
use crate::pricing::Tariff;
use crate::saving::estimate_of;
use crate::verdict::{Proposal, exempt, judge_each, pass, risk};

const LOWS: &[Statistic] = &[Statistic::Minimum, Statistic::Average];
const PEAKS: &[Statistic] = &[Statistic::Maximum, Statistic::Average];
const BYTES_PER_GIB: f64 = 1_073_741_824.0;

/// The smallest storage that RDS allocates.
const SMALLEST_GIB: u32 = 20;

/// Days of growth that the new size must hold.
const GROWTH_DAYS: f64 = 90.0;

/// Engines that a blue/green deployment of RDS can shrink.
const ENGINES: &[&str] = &["mysql", "mariadb", "postgres"];

/// The check.
pub static CHECK: Check = Check {
    id: "rds-storage-overallocated",
    title: StaticText {
        en: "RDS DB instance with more storage than it will fill",
        ko: "채울 수 있는 것보다 많은 스토리지를 할당한 RDS DB 인스턴스",
    },
    kind: ResourceKind::DbInstance,
    action_type: ActionType::Rightsize,
    needs: &[
        Need::Kind(ResourceKind::DbInstance),
        Need::Metric("AWS/RDS", "FreeStorageSpace", LOWS),
        Need::OptionalMetric("AWS/RDS", "ReadIOPS", PEAKS),
        Need::OptionalMetric("AWS/RDS", "WriteIOPS", PEAKS),
        Need::OptionalBilling,
    ],
    thresholds: &[
        Threshold {
            name: "room_percent",
            default: "25",
            unit: "%",
            text: StaticText {
                en: "Room above the use that is expected; a blue/green deployment needs 20 at least.",
                ko: "예상 사용량 위의 여유입니다. 블루/그린 배포에는 최소 20이 필요합니다.",
            },
        },
        Threshold {
            name: "min_freed_gib",
            default: "100",
            unit: "GiB",
            text: StaticText {
                en: "Least storage that must become free: a copy of the database is much work.",
                ko: "줄어들어야 하는 최소 크기입니다. 데이터베이스 복사는 손이 많이 가는 작업입니다.",
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
    if db.kind.db_cluster_identifier.is_some() {
        return Ok(exempt(
            "cluster-member",
            "Its storage belongs to the cluster and shrinks by itself where it is Aurora's.",
            "스토리지가 클러스터에 속하며, Aurora라면 저절로 줄어듭니다.",
        ));
    }
    if !ENGINES.contains(&db.kind.engine.as_str()) {
        return Ok(exempt(
            "engine-cannot-shrink",
            format!("Storage of {} shrinks only by an export and an import.", db.kind.engine),
            format!(
                "{} 엔진의 스토리지는 내보내기와 가져오기로만 줄일 수 있습니다.",
                db.kind.engine
            ),
        ));
    }
    if db.kind.db_instance_status != "available" || db.kind.read_replica_source.is_some() {
        return Ok(pass(
            "not-deployable",
            "It is not available, or it is a replica, which follows its source.",
            "사용 가능한 상태가 아니거나, 원본을 따르는 복제본입니다.",
        ));
    }
    let (storage_type, size_gib) = known(&db.kind)?;
    let names = names::of_instance(db);
    let free =
        Observation::complete(check, facts, db, &names, "AWS/RDS", "FreeStorageSpace", LOWS)?;
    let used = (f64::from(size_gib) - free.profile.min / BYTES_PER_GIB).max(0.0);
    // Free space falls as data grows.
    let growth = (-free.profile.trend_per_day.unwrap_or(0.0) / BYTES_PER_GIB).max(0.0);
    let room = 1.0 + check.threshold_f64(facts, "room_percent").max(20.0) / 100.0;
    let mut to_gib = ceil((used + growth * GROWTH_DAYS) * room).max(SMALLEST_GIB);
    if let Some(from) = striped_from_gib(&db.kind.engine).filter(|from| size_gib >= *from) {
        to_gib = to_gib.max(from);
    }
    let mut coverage = vec![free.coverage()];
    if storage_type == "gp2" {
        for metric in ["ReadIOPS", "WriteIOPS"] {
            coverage.push(
                Observation::complete(check, facts, db, &names, "AWS/RDS", metric, PEAKS)?
                    .coverage(),
            );
        }
        let peak: f64 = ["ReadIOPS", "WriteIOPS"]
            .iter()
            .filter_map(|metric| Observation::find(facts, db, &names, "AWS/RDS", metric, PEAKS))
            .map(|series| series.profile.max)
            .sum();
        to_gib = to_gib.max(ceil(peak * room / 3.0));
    }
    let freed = f64::from(size_gib.saturating_sub(to_gib));
    let min_freed = check.threshold_f64(facts, "min_freed_gib");
    if freed < min_freed {
        let free_gib = free.profile.last_value.max(0.0) / BYTES_PER_GIB;
        let until_full = free_gib / growth;
        if growth > 0.0 && until_full < GROWTH_DAYS {
            return Ok(filling(db, growth, free_gib, until_full));
        }
        return Ok(pass(
            "not-much-free",
            format!("Of {size_gib} GiB it needs {to_gib} with room and growth."),
            format!("증가분과 여유를 더하면 {size_gib} GiB 중 {to_gib} GiB가 필요합니다."),
        ));
    }
    let tariff = Tariff::of(facts, db);
    let after = storage(&tariff, &db.kind, storage_type, to_gib, db.kind.iops)?;
    let reference = db.reference(ResourceKind::DbInstance);
    let now = storage_now(&tariff, &db.kind)?;
    let savings = estimate_of(facts, &reference, &names, DB_STORAGE, now, after)?;
    let days = free.days();
    let setting = |allocated_storage_gib| Configuration::DbAllocatedStorage {
        db_instance_arn: db.kind.db_instance_arn.clone(),
        allocated_storage_gib,
    };
    let mut notes = vec![Text::new(
        "While both copies exist, both are paid; delete the old one once the new one has proved itself.",
        "두 사본이 있는 동안에는 둘 다 과금됩니다. 새 인스턴스가 검증되면 기존 것을 삭제하세요.",
    )];
    notes.extend(db.kind.max_allocated_storage_gib.map(|limit| {
        Text::new(
            format!("Storage autoscaling may grow it up to {limit} GiB again."),
            format!("스토리지 자동 확장으로 다시 {limit} GiB까지 커질 수 있습니다."),
        )
    }));
    Ok(Proposal {
        action: Action::Configure { from: setting(size_gib), to: setting(to_gib) },
        finding: Finding::Overprovisioned,
        reason_codes: vec![ReasonCode::StorageOverprovisioned],
        reason: Reason::new(
            "storage-free",
            format!("At most {used:.0} of {size_gib} GiB were used in {days:.0} days."),
            format!("{days:.0}일 동안 {size_gib} GiB 중 최대 {used:.0} GiB만 사용했습니다."),
        ),
        savings,
        performance_risk: risk(db.environment, 2),
        effort: ImplementationEffort::High,
        restart_needed: Restart::Needed,
        undo: Undo::Compensating(Text::new(
            "Before the switch the copy is simply deleted. After it the old instance is still there but lacks what was written since; storage itself can grow again at any time.",
            "전환 전이라면 사본만 삭제하면 됩니다. 전환 후에는 기존 인스턴스가 남아 있지만 그 뒤의 변경 내용이 없습니다. 스토리지는 언제든 다시 늘릴 수 있습니다.",
        )),
        evidence: Evidence {
            window_days: Some(days as u32),
            figures: vec![
                Figure::number("used_max_gib", "Storage used, maximum", "최대 사용 스토리지", used.round(), "GiB")
                    .against(f64::from(size_gib)),
                Figure::number("growth_gib_per_day", "Growth a day", "하루 증가량", (growth * 100.0).round() / 100.0, "GiB"),
            ],
            coverage,
            notes,
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

/// Says when the storage is full at the pace of the window, and what happens then.
fn filling(db: &Resource<DbInstance>, growth: f64, free_gib: f64, until_full: f64) -> Verdict {
    let allocated = db.kind.allocated_storage_gib.unwrap_or_default();
    let limit = db.kind.max_allocated_storage_gib.filter(|limit| *limit > allocated);
    let (then, then_ko) = match limit {
        Some(limit) => (
            format!("autoscaling may grow it up to {limit} GiB, and it never shrinks back"),
            format!("자동 확장으로 {limit} GiB까지 커질 수 있고 다시 줄지 않습니다"),
        ),
        None => (
            "autoscaling is off or at its limit, so the database would stop".to_owned(),
            "자동 확장이 꺼져 있거나 한도에 이르러 데이터베이스가 멈출 수 있습니다".to_owned(),
        ),
    };
    pass(
        "storage-filling",
        format!(
            "It grows by {growth:.1} GiB a day; the {free_gib:.0} GiB that are free last {until_full:.0} days at that pace. Then {then}."
        ),
        format!(
            "하루 {growth:.1} GiB씩 늘고 있어 남은 {free_gib:.0} GiB는 이 속도로 {until_full:.0}일이면 찹니다. 그 뒤에는 {then_ko}."
        ),
    )
}

fn ceil(gib: f64) -> u32 {
    gib.ceil().clamp(0.0, f64::from(u32::MAX)) as u32
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;

    use super::{BYTES_PER_GIB, CHECK};
    use crate::scene::{Scene, check, flat, scene};

    fn allocated(size_gib: u32, free_gib: f64) -> Scene {
        scene()
            .db_instance(|db| {
                db.kind.storage_type = Some("gp3".into());
                db.kind.allocated_storage_gib = Some(size_gib);
            })
            .metric(
                "db",
                "AWS/RDS",
                "FreeStorageSpace",
                Statistic::Minimum,
                flat(free_gib * BYTES_PER_GIB, 14),
            )
    }

    #[test]
    fn storage_that_stays_empty_fires() {
        // 300 GiB with 40 used: 50 are enough; 250 GiB at 0.092.
        check(&CHECK, allocated(300, 260.0), "recommend 23.00 / 23.00 / 23.00");
    }

    #[test]
    fn storage_that_is_filled_passes() {
        check(&CHECK, allocated(300, 50.0), "pass not-much-free");
    }

    #[test]
    fn just_under_the_freed_storage_passes_and_so_does_the_striped_size() {
        // 200.8 with room of 300: 99 free.
        check(&CHECK, allocated(300, 139.4), "pass not-much-free");
        check(&CHECK, allocated(450, 440.0), "pass not-much-free");
    }

    #[test]
    fn without_the_metric_it_is_unknown() {
        let scene = scene().db_instance(|db| db.kind.storage_type = Some("gp3".into()));
        check(&CHECK, scene, "unknown metric-missing");
        let growing = allocated(300, 260.0).without_price("rds/storage_gp3_single_az");
        check(&CHECK, growing, "unknown price-missing");
    }

    #[test]
    fn a_database_that_grows_keeps_its_storage() {
        let mut profile = flat(260.0 * BYTES_PER_GIB, 14);
        profile.trend_per_day = Some(-2.0 * BYTES_PER_GIB);
        let scene = allocated(300, 260.0).metric(
            "db",
            "AWS/RDS",
            "FreeStorageSpace",
            Statistic::Minimum,
            profile,
        );
        check(&CHECK, scene, "pass not-much-free");
    }

    #[test]
    fn storage_that_fills_within_the_growth_that_is_kept_is_said() {
        let growing = |gib_per_day: f64| {
            let mut profile = flat(100.0 * BYTES_PER_GIB, 14);
            profile.trend_per_day = Some(-gib_per_day * BYTES_PER_GIB);
            let metric = "FreeStorageSpace";
            allocated(300, 100.0).metric("db", "AWS/RDS", metric, Statistic::Minimum, profile)
        };
        check(&CHECK, growing(2.0), "pass storage-filling");
        check(&CHECK, growing(1.0), "pass not-much-free");
    }
}
