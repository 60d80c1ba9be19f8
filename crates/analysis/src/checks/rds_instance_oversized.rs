//! Finds RDS DB instances for whose use a cheaper class would do.
//!
//! **Why it costs.** A database class is billed by the hour, twice with Multi-AZ, and is
//! rarely looked at again after the launch.
//!
//! **What we do.** Propose up to three classes of the same engine and architecture,
//! cheapest first, that cover what was used: the processor with headroom, memory with
//! headroom and with what was swapped out, the peak of connections with a quarter of room against the new
//! class's limit, and storage operations against what the class sustains. The limit is what its
//! parameter group makes of `max_connections`, else the engine's default, with the least memory
//! that the engine may have. Where Performance Insights is on, the sessions at work or waiting must have
//! a vCPU each. Where the processor or connections follow users who are expected to become more, both are
//! taken as much higher, sessions at work as the processor; a fall is not counted on. A class that RDS does
//! not sell for the engine version is left out. Without `FreeableMemory` no class with less memory is proposed. Burstable classes are not
//! proposed for production or where no tag names the environment, nor where CPU credits ran out.
//!
//! With less memory, reads from storage can only rise. We say how far at most: not at all where
//! the new buffer holds what the present one may hold, else by the part that does not fit, if the pages
//! that are read least leave first. PostgreSQL also caches in memory that `FreeableMemory` counts as free:
//! its memory shrinks only where all its data fits, or where the storage sustains every page that
//! statements read; else the size is *unknown*.
//!
//! **What could go wrong.** The change interrupts the database. Less memory means more
//! reads from storage, a lower connection limit, and failure to start where a parameter
//! group fixes sizes that no longer fit: a fixed buffer that is larger than the new memory
//! keeps the class, and a group that was not read is named. Any member of an Aurora cluster may become the
//! writer, so each is sized by the highest use of all; where they are of several classes, replicate
//! with another cluster, or are of a Multi-AZ cluster, they are left alone. So are instances with pending
//! modifications.
//!
//! **Where others err.** They look at the processor alone and halve the memory that
//! holds the working set, or propose a class that admits fewer clients than connect.
//!
//! # 한국어
//!
//! 실제 사용량이라면 더 저렴한 클래스로 충분한 RDS DB 인스턴스를 찾습니다.
//!
//! **비용이 드는 이유.** 데이터베이스 클래스는 시간마다 청구되고 Multi-AZ이면 두 배인데, 출시 뒤에 다시
//! 살펴보는 일은 드뭅니다.
//!
//! **제안하는 조치.** 엔진과 아키텍처가 같은 클래스 가운데 실제 사용량을 감당하는 것을 가격이 낮은
//! 순서로 세 가지까지 제안합니다. 프로세서와 메모리에는 여유분을 더하고 스왑으로 나간 양도 메모리 사용량에 넣습니다. 최대
//! 연결 수는 4분의 1의 여유를 두어 새 클래스의 한도와, 스토리지 작업 수는 클래스가 지속할 수 있는 수준과 비교합니다. 연결
//! 한도는 파라미터 그룹의 `max_connections`로, 그 값이 없으면 엔진 기본값으로 계산하며, 엔진이 쓸 수 있는 메모리를 가장 적게 잡습니다.
//! Performance Insights가 켜져 있으면 실행되거나 대기하는 세션마다 vCPU가 하나씩 있어야 합니다. 프로세서나 연결 수가
//! 사용자 수를 따르고 사용자가 늘어날 것으로 예상되면 그만큼 크게 보고, 활성 세션은 프로세서와 같은 비율로 키웁니다. 줄어든다는 예상은
//! 반영하지 않습니다. 해당 엔진 버전에서 RDS가 판매하지 않는 클래스는 제외합니다. `FreeableMemory` 지표가 없으면 메모리가 더 적은 클래스는 제안하지 않습니다. 버스트형 클래스는 운영
//! 환경이나 환경을 알려 주는 태그가 없는 곳, CPU 크레딧이 바닥난 적이 있는 곳에는 제안하지 않습니다.
//!
//! 메모리가 줄면 스토리지 읽기는 늘기만 하므로 어디까지 늘 수 있는지 함께 알립니다. 지금 버퍼에 있을 수 있는 것을 새 버퍼가 모두 담으면
//! 늘지 않고, 그렇지 않으면 가장 적게 읽는 페이지부터 밀려난다고 보아 담지 못하는 비율만큼 늘 수 있습니다. PostgreSQL은 `FreeableMemory`가
//! 여유로 세는 메모리도 캐시로 쓰므로, 데이터 전체가 들어가거나 쿼리가 읽는 모든 페이지를 스토리지가 감당할 때만 메모리를 줄이고,
//! 아니면 *판단 보류*로 둡니다.
//!
//! **주의할 점.** 변경할 때 데이터베이스가 중단됩니다. 메모리가 줄면 스토리지 읽기가 늘고 연결 한도가
//! 낮아지며, 파라미터 그룹에 고정된 크기가 새 클래스에 맞지 않으면 시작하지 못합니다. 그래서 고정된 버퍼가
//! 새 메모리보다 크면 클래스를 유지하고, 읽지 못한 파라미터 그룹은 결과에 밝힙니다. Aurora 클러스터는 어느 멤버든 라이터가 될 수
//! 있으므로 전체 멤버의 최대 사용량으로 각 멤버의 크기를 정합니다. 멤버의 클래스가 서로 다르거나, 다른 클러스터와 복제 관계이거나,
//! Multi-AZ 클러스터라면 그대로 둡니다. 적용 대기 중인 수정 사항이 있는 인스턴스도 그대로 둡니다.
//!
//! **다른 도구와 다른 점.** 프로세서만 보고 작업 집합이 올라가 있는 메모리를 절반으로 줄이거나, 실제
//! 접속 수보다 연결 한도가 낮은 클래스를 제안하는 도구가 있습니다.

use trimtab_model::action::Action;
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, Restart, Undo, Unknown, Verdict,
};
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, counted};

use crate::check::{Check, Facts, Judgement, Need};
use crate::database::choice::{DbChoice, DbQuestion, DbSpec, choices, shortfalls};
use crate::database::demand::{DbDemand, LOW_THEN_MEAN};
use crate::database::engine::Engine;
use crate::database::evidence::{evidence, finding, under};
use crate::database::exemption;
use crate::database::obstacle::{held, obstacle, undecided, unmeasured};
use crate::database::subject::{DbSubject, missing};
use crate::database::together;
use crate::sizing::demand::PEAK_THEN_MEAN;
use crate::traffic::Coming;
use crate::verdict::{Proposal, judge_each};

const PEAKS: &[Statistic] = PEAK_THEN_MEAN;

/// Finds DB instances whose class does not fit their use.
pub static CHECK: Check = Check {
    id: "rds-instance-oversized",
    title: StaticText {
        en: "RDS DB instance larger or dearer than its use needs",
        ko: "사용량에 비해 크거나 비싼 RDS DB 인스턴스",
    },
    kind: ResourceKind::DbInstance,
    action_type: ActionType::Rightsize,
    needs: &[
        Need::Kind(ResourceKind::DbInstance),
        Need::Kind(ResourceKind::DbCluster),
        Need::Kind(ResourceKind::DbParameterGroup),
        Need::Kind(ResourceKind::OrderableDbInstanceOption),
        Need::Kind(ResourceKind::PendingMaintenanceAction),
        Need::Kind(ResourceKind::DbLoad),
        Need::Metric("AWS/RDS", "CPUUtilization", PEAKS),
        Need::OptionalMetric("AWS/RDS", "FreeableMemory", LOW_THEN_MEAN),
        Need::OptionalMetric("AWS/RDS", "SwapUsage", PEAKS),
        Need::OptionalMetric("AWS/RDS", "FreeStorageSpace", LOW_THEN_MEAN),
        Need::OptionalMetric("AWS/RDS", "CPUCreditBalance", LOW_THEN_MEAN),
        Need::OptionalMetric("AWS/RDS", "DatabaseConnections", PEAKS),
        Need::OptionalMetric("AWS/RDS", "ReadIOPS", PEAKS),
        Need::OptionalMetric("AWS/RDS", "WriteIOPS", PEAKS),
        Need::OptionalMetric("AWS/RDS", "ReadThroughput", PEAKS),
        Need::OptionalMetric("AWS/RDS", "WriteThroughput", PEAKS),
        Need::OptionalBilling,
    ],
    thresholds: &[],
    judge,
};

fn judge(check: &Check, facts: &Facts<'_>) -> Vec<Judgement> {
    let databases = &facts.snapshot.db_instances;
    // The users of the coming weeks, read once and not once per database.
    let coming = Coming::of(facts, ResourceKind::DbInstance, databases, |db| vec![db.id.clone()]);
    judge_each(check, facts, ResourceKind::DbInstance, databases, |check, facts, db| {
        verdict(check, facts, db, &coming)
    })
}

fn verdict(
    check: &Check,
    facts: &Facts<'_>,
    db: &Resource<DbInstance>,
    coming: &Coming,
) -> Result<Verdict, Unknown> {
    if let Some(verdict) = exemption::unchangeable(db) {
        return Ok(verdict);
    }
    let engine = Engine::of(&db.kind).ok_or_else(|| missing(db, "engine"))?;
    if let Some(verdict) = together::exempted(facts, db, &engine)? {
        return Ok(verdict);
    }
    let subject = DbSubject::of(facts, db, &engine)?;
    let DbSubject { current, region, monthly_now, .. } = subject;
    let used = together::used(facts, db, &current)?;
    let demand = &used.demand;
    let growth = together::growth(facts, db, coming)?;
    let question = subject.question(facts, &used, growth.as_ref());
    // What is short now; not what users to come would make short.
    let of_today = DbQuestion { growth: None, ..question };
    let short = shortfalls(of_today, &current);
    let found = choices(question, facts.prices, region, monthly_now);
    let Some(best) = found.first() else {
        let held_back = growth.as_ref().filter(|_| {
            short.is_empty() && !choices(of_today, facts.prices, region, monthly_now).is_empty()
        });
        if let Some(growth) = held_back {
            return Ok(Verdict::Pass(growth.held()));
        }
        return match undecided(question, facts.prices, region, monthly_now) {
            Some(spec) if short.is_empty() => Err(unmeasured(question, spec)),
            _ => Ok(Verdict::Pass(
                obstacle(question, facts.prices, region, monthly_now)
                    .filter(|_| short.is_empty())
                    .map_or_else(|| unchanged(db, demand, &short), |one| held(question, one)),
            )),
        };
    };
    let options = found
        .iter()
        .map(|choice| subject.option(facts, change(db, choice), choice))
        .collect::<Result<Vec<_>, Unknown>>()?;
    let chosen = options.first().expect("one option per choice, and there is a choice");
    let (finding, reason_codes) = finding(&short, question, best);
    let proposal = Proposal {
        action: chosen.action.clone(),
        finding,
        reason_codes,
        reason: reason(finding, db, best, demand),
        savings: chosen.estimated_monthly_savings.clone(),
        performance_risk: best.risk,
        effort: ImplementationEffort::Low,
        restart_needed: Restart::Needed,
        undo: Undo::Exact,
        evidence: evidence(facts, question, best),
    };
    let action_type = if best.class.is_arm() && !current.is_arm() {
        ActionType::MigrateToGraviton
    } else {
        ActionType::Rightsize
    };
    Ok(proposal.into_verdict(check, db.reference(ResourceKind::DbInstance)).with(
        |recommendation| {
            recommendation.action_type = action_type;
            recommendation.projected = best.projected.clone();
            recommendation.options = options;
        },
    ))
}

fn change(db: &Resource<DbInstance>, choice: &DbChoice<'_>) -> Action {
    Action::ModifyDbInstanceClass {
        from: db.kind.db_instance_class.clone(),
        to: choice.class.facts.db_instance_class.clone(),
    }
}

fn reason(
    finding: Finding,
    db: &Resource<DbInstance>,
    best: &DbChoice<'_>,
    demand: &DbDemand,
) -> Reason {
    let (from, to) = (&db.kind.db_instance_class, &best.class.facts.db_instance_class);
    let (cpu, days) = (demand.cpu_percent.p99_5, demand.window_days);
    if finding == Finding::Underprovisioned {
        return Reason::new(
            "underprovisioned-and-dearer",
            format!(
                "In {} {from} was short (CPU {cpu:.1} % at P99.5); {to} suffices and costs less.",
                counted(days, "day")
            ),
            format!(
                "최근 {days}일간 {from} 클래스는 부족했습니다(CPU P99.5 {cpu:.1}%). {to} 클래스로 충분하고 더 저렴합니다."
            ),
        );
    }
    Reason::new(
        "cheaper-class-covers-demand",
        format!(
            "In {} it used {cpu:.1} % CPU at P99.5; {to} covers its demand for less than {from}.",
            counted(days, "day")
        ),
        format!(
            "최근 {days}일간 CPU P99.5가 {cpu:.1}%였습니다. {to} 클래스로 {from}보다 저렴하게 수요를 충족합니다."
        ),
    )
}

fn unchanged(db: &Resource<DbInstance>, demand: &DbDemand, short: &[DbSpec]) -> Reason {
    let (class, cpu) = (&db.kind.db_instance_class, demand.cpu_percent.p99_5);
    if short.is_empty() {
        return Reason::new(
            "optimized",
            format!("No cheaper class covers its use (CPU {cpu:.1} % at P99.5 on {class})."),
            format!("사용량(CPU P99.5 {cpu:.1}%, {class})을 충족하는 더 저렴한 클래스가 없습니다."),
        );
    }
    let codes: Vec<String> = short.iter().map(|spec| format!("{:?}", under(*spec))).collect();
    let list = codes.join(", ");
    Reason::new(
        "underprovisioned",
        format!("{class} is short ({list}): CPU {cpu:.1} % at P99.5. It must not shrink."),
        format!("{class}의 용량이 부족합니다({list}): CPU P99.5 {cpu:.1}%. 축소하면 안 됩니다."),
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use trimtab_model::environment::Environment;
    use trimtab_model::policy::{Permission, SizingPolicy};
    use trimtab_model::price::DbClassFacts;
    use trimtab_model::recommendation::ReasonCode;
    use trimtab_model::resource::db_load::DbBufferUse;

    use super::*;
    use crate::database::class::Class;
    use crate::scene::{Scene, check, flat, recommended, scene, with_db_class};
    use crate::sizing::fit::tests::instance_type;
    use crate::traffic::tests::{following, users};

    const GIB: f64 = 1_073_741_824.0;

    fn class(scene: Scene, name: &str, vcpu: u32, memory_gib: u32, usd: &str) -> Scene {
        let machine = name.trim_start_matches("db.");
        with_db_class(scene, instance_type(machine, vcpu, u64::from(memory_gib) << 10), usd)
    }

    /// MySQL prices of us-east-1 with a db.r5.xlarge running in production.
    fn running_with(change: impl FnOnce(&mut Resource<DbInstance>)) -> Scene {
        let classes = [
            ("db.t3.large", 2, 8, "0.136"),
            ("db.m5.large", 2, 8, "0.171"),
            ("db.r5.large", 2, 16, "0.25"),
            ("db.m5.xlarge", 4, 16, "0.342"),
            ("db.r5.xlarge", 4, 32, "0.50"),
        ];
        classes
            .into_iter()
            .fold(scene(), |scene, (name, vcpu, memory, usd)| class(scene, name, vcpu, memory, usd))
            .db_instance(|db| {
                db.environment = Environment::Prod;
                db.kind.db_instance_class = "db.r5.xlarge".into();
                change(db);
            })
    }

    fn running() -> Scene {
        running_with(|_| {})
    }

    fn metric(scene: Scene, name: &str, statistic: Statistic, value: f64) -> Scene {
        scene.metric("db", "AWS/RDS", name, statistic, flat(value, 14))
    }

    /// CPU at `percent`, and `used` GiB of 32.
    fn used(scene: Scene, percent: f64, used: f64) -> Scene {
        let scene = metric(scene, "CPUUtilization", Statistic::Maximum, percent);
        metric(scene, "FreeableMemory", Statistic::Minimum, (32.0 - used) * GIB)
    }

    fn connected(scene: Scene, connections: f64) -> Scene {
        metric(scene, "DatabaseConnections", Statistic::Maximum, connections)
    }

    fn chosen(scene: &Scene) -> String {
        match recommended(&CHECK, scene).action {
            Action::ModifyDbInstanceClass { to, .. } => to.as_str().to_owned(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn fires_with_the_cheapest_class_that_covers_a_quiet_database() {
        let scene = connected(used(running(), 10.0, 5.0), 100.0);
        let recommendation = recommended(&CHECK, &scene);
        assert_eq!(chosen(&scene), "db.m5.large");
        assert_eq!(recommendation.finding, Finding::Overprovisioned);
        assert_eq!(
            recommendation.reason_codes,
            [ReasonCode::CPUOverprovisioned, ReasonCode::MemoryOverprovisioned]
        );
        // 730 × (0.50 - 0.171).
        let likely = recommendation.estimated_monthly_savings.likely.rounded().amount;
        assert_eq!(likely.to_string(), "240.17");
    }

    #[test]
    fn a_database_that_needs_its_class_passes() {
        check(&CHECK, connected(used(running(), 70.0, 28.0), 100.0), "pass optimized");
    }

    #[test]
    fn memory_just_under_the_headroom_fires_and_just_above_it_does_not() {
        // 12.8 GiB is 80 % of 16.
        let at = |gib| chosen(&connected(used(running(), 10.0, gib), 100.0));
        assert_eq!(at(12.79), "db.r5.large");
        check(&CHECK, connected(used(running(), 10.0, 12.9), 100.0), "pass optimized");
    }

    #[test]
    fn without_processor_metrics_the_size_is_unknown() {
        check(&CHECK, running(), "unknown insufficient-data");
    }

    #[test]
    fn without_freeable_memory_memory_does_not_shrink() {
        let scene = metric(running(), "CPUUtilization", Statistic::Maximum, 10.0);
        check(&CHECK, scene, "unknown memory-not-measured");
    }

    #[test]
    fn the_connection_limit_of_the_new_class_is_kept() {
        // 8 GiB admit 614 connections by default, 491 with a quarter of room; 16 GiB twice that.
        let at = |connections| chosen(&connected(used(running(), 10.0, 5.0), connections));
        assert_eq!(at(491.0), "db.m5.large");
        assert_eq!(at(492.0), "db.r5.large");
    }

    #[test]
    fn the_limit_is_what_the_parameter_group_says() {
        // By default 8 GiB admit 614 connections; here each class admits 5000, and 32 GiB no more.
        let fixed = connected(used(running(), 10.0, 5.0), 4000.0);
        let fixed = fixed.parameters(&[("max_connections", "5000")]);
        assert_eq!(chosen(&fixed), "db.m5.large");
        // A tenth of the default: 8 GiB admit 61, of which 49 leave room, 16 GiB twice that.
        let formula = [("max_connections", "{DBInstanceClassMemory/125828800}")];
        let at = |peak| chosen(&connected(used(running(), 10.0, 5.0), peak).parameters(&formula));
        assert_eq!(at(48.0), "db.m5.large");
        assert_eq!(at(50.0), "db.r5.large");
        let odd = connected(used(running(), 10.0, 5.0), 40.0)
            .parameters(&[("max_connections", "{EndPointPort/2}")]);
        check(&CHECK, odd, "unknown connection-limit-unknown");
    }

    #[test]
    fn connections_that_no_cheaper_class_admits_hold_it() {
        // 16 GiB admit 1228 connections at least, of which 982 leave room.
        check(&CHECK, connected(used(running(), 10.0, 5.0), 983.0), "pass connections-need-memory");
    }

    #[test]
    fn what_was_swapped_out_counts_as_used() {
        let with = |swapped: f64| {
            let scene = connected(used(running(), 10.0, 6.0), 100.0);
            chosen(&metric(scene, "SwapUsage", Statistic::Maximum, swapped * GIB))
        };
        // 6.4 GiB are 80 % of 8.
        assert_eq!(with(0.4), "db.m5.large");
        assert_eq!(with(0.5), "db.r5.large");
    }

    /// Another engine at the prices of MySQL.
    fn of_engine(engine: &str, change: impl FnOnce(&mut Resource<DbInstance>)) -> Scene {
        let mut scene = running_with(|db| {
            db.kind.engine = engine.into();
            change(db);
        });
        for region in scene.prices.regions.values_mut() {
            let prices = std::mem::take(&mut region.db_instance_hour);
            region.db_instance_hour = prices
                .into_iter()
                .map(|(mut key, price)| {
                    key.engine = engine.to_owned();
                    (key, price)
                })
                .collect();
        }
        scene
    }

    #[test]
    fn the_only_member_of_an_aurora_cluster_is_sized_by_auroras_limits() {
        let with = |connections| {
            let scene = of_engine("aurora-mysql", |db| {
                db.kind.db_cluster_identifier = Some("game".into());
                db.kind.storage_type = Some("aurora".into());
            });
            connected(used(scene, 10.0, 5.0), connections)
        };
        // 8 GiB admit 135 connections, 16 GiB 1000.
        assert_eq!(chosen(&with(108.0)), "db.m5.large");
        assert_eq!(chosen(&with(109.0)), "db.r5.large");
        check(&CHECK, with(801.0), "pass connections-need-memory");
    }

    /// A PostgreSQL that stores so many GiB of 100.
    fn postgres(stored_gib: f64) -> Scene {
        let scene = of_engine("postgres", |db| db.kind.storage_type = Some("gp3".into()));
        let free = (100.0 - stored_gib) * GIB;
        let scene = connected(used(scene, 10.0, 5.0), 100.0);
        let scene = metric(scene, "FreeStorageSpace", Statistic::Minimum, free);
        let scene = metric(scene, "ReadIOPS", Statistic::Maximum, 10.0);
        metric(scene, "WriteIOPS", Statistic::Maximum, 20.0)
    }

    #[test]
    fn memory_that_the_page_cache_uses_keeps_the_size_unknown() {
        // 2 GiB of data fit 8 beside the 5 in use, 10 fit 16, and 60 fit nothing smaller.
        assert_eq!(chosen(&postgres(2.0)), "db.m5.large");
        assert_eq!(chosen(&postgres(10.0)), "db.r5.large");
        check(&CHECK, postgres(60.0), "unknown working-set-unknown");
        let counted = |page_reads_p99_5| {
            postgres(60.0).db_load(|load| {
                load.kind.buffer = Some(DbBufferUse { page_reads_p99_5, held_bytes_max: None });
            })
        };
        // The storage sustains 3000 operations, of which 20 are writes.
        assert_eq!(chosen(&counted(2_980.0)), "db.m5.large");
        check(&CHECK, counted(2_981.0), "pass reads-may-rise");
    }

    #[test]
    fn reads_are_bounded_by_what_does_not_fit_the_buffer() {
        let scene = connected(used(running(), 10.0, 5.0), 100.0);
        let scene = metric(scene, "ReadIOPS", Statistic::Maximum, 100.0);
        let scene = metric(scene, "WriteIOPS", Statistic::Maximum, 50.0);
        let with = |page_reads_p99_5, held_gib: f64| {
            let held_bytes_max = Some(held_gib * GIB);
            let mut scene = scene.clone();
            scene = scene.db_load(|load| {
                load.kind.buffer = Some(DbBufferUse { page_reads_p99_5, held_bytes_max });
            });
            let figures = recommended(&CHECK, &scene).evidence.figures;
            let found = figures.into_iter().find(|figure| figure.name == "reads_at_most");
            found.map(|figure| figure.value)
        };
        // The buffer of 8 GiB has 5.4 at least. Of 6 GiB a tenth does not fit.
        let number = |value| Some(trimtab_model::evidence::FigureValue::Number(value));
        assert_eq!(with(1_100.0, 5.0), number(100.0));
        assert_eq!(with(1_100.0, 6.0), number(200.0));
    }

    #[test]
    fn a_class_whose_credits_ran_out_keeps_its_processors() {
        let with = |credits: f64| {
            let scene = running_with(|db| {
                db.environment = Environment::Dev;
                db.kind.db_instance_class = "db.t3.xlarge".into();
            });
            let scene = class(scene, "db.t3.xlarge", 4, 16, "0.272");
            let scene = metric(scene, "CPUUtilization", Statistic::Maximum, 5.0);
            let scene = metric(scene, "FreeableMemory", Statistic::Minimum, 13.0 * GIB);
            metric(connected(scene, 20.0), "CPUCreditBalance", Statistic::Minimum, credits)
        };
        assert_eq!(chosen(&with(100.0)), "db.t3.large");
        check(&CHECK, with(0.0), "pass optimized");
    }

    #[test]
    fn a_buffer_of_a_fixed_size_keeps_the_memory_that_it_needs() {
        let with = |gib: u64| {
            let bytes = (gib << 30).to_string();
            connected(used(running(), 10.0, 5.0), 100.0)
                .parameters(&[("innodb_buffer_pool_size", &bytes)])
        };
        assert_eq!(chosen(&with(6)), "db.m5.large");
        assert_eq!(chosen(&with(12)), "db.r5.large");
        // It uses 5 GiB, but on 16 GiB the engine would not start with a buffer of 20.
        check(&CHECK, with(20), "pass buffer-fixed");
    }

    #[test]
    fn sessions_at_work_hold_vcpus() {
        let with = |sessions: f64| {
            connected(used(running(), 10.0, 5.0), 100.0).db_load(|load| load.kind.p99_5 = sessions)
        };
        // 1.6 are 80 % of two vCPUs, and 3.2 of four.
        assert_eq!(chosen(&with(1.6)), "db.m5.large");
        assert_eq!(chosen(&with(1.7)), "db.m5.xlarge");
        // As many vCPUs as now are no fewer, whatever the load.
        assert_eq!(chosen(&with(9.0)), "db.m5.xlarge");
        let mut narrow = with(9.0);
        narrow.prices.db_classes.remove(&"db.m5.xlarge".into());
        check(&CHECK, narrow, "pass load-needs-vcpus");
    }

    #[test]
    fn a_class_that_is_not_for_sale_is_left_out() {
        let scene = || connected(used(running(), 10.0, 5.0), 100.0);
        let unseen = |scene: &Scene| {
            let evidence = recommended(&CHECK, scene).evidence;
            evidence.signals_not_seen.iter().any(|signal| signal.name == "orderable")
        };
        assert!(unseen(&scene()));
        let sold = scene().selling(&["db.r5.large", "db.r5.xlarge"]);
        assert_eq!(chosen(&sold), "db.r5.large");
        assert!(!unseen(&sold));
        check(&CHECK, scene().selling(&["db.r5.xlarge"]), "pass not-orderable");
    }

    #[test]
    fn pending_maintenance_is_said() {
        let scene = connected(used(running(), 10.0, 5.0), 100.0);
        let notes = |scene: &Scene| {
            let notes = recommended(&CHECK, scene).evidence.notes;
            notes.iter().filter(|note| note.en.contains("Maintenance is pending")).count()
        };
        assert_eq!(notes(&scene), 0);
        let pending =
            scene.pending_maintenance_action(|_| ()).pending_maintenance_action(|other| {
                other.kind.resource_identifier =
                    "arn:aws:rds:us-east-1:111122223333:db:other".into();
            });
        assert_eq!(notes(&pending), 1);
    }

    #[test]
    fn storage_operations_hold_a_class() {
        // Large sustains 3,600 operations, xlarge 7,200.
        let scene = connected(used(running(), 10.0, 5.0), 100.0);
        let scene = metric(scene, "ReadIOPS", Statistic::Maximum, 2000.0);
        let scene = metric(scene, "WriteIOPS", Statistic::Maximum, 1700.0);
        assert_eq!(chosen(&scene), "db.m5.xlarge");
    }

    /// The database at some 36 % of four vCPUs, `connections` for themselves and one for eight users.
    fn visited(per_day: f64, connections: f64) -> Scene {
        let users = users(per_day);
        let scene = metric(running(), "FreeableMemory", Statistic::Minimum, 27.0 * GIB);
        let cpu = if connections > 0.0 { flat(10.0, 28) } else { following(&users, 2.0, 85.0) };
        let opened =
            if connections > 0.0 { following(&users, connections, 8.0) } else { flat(100.0, 28) };
        let (cpu_metric, opened_metric) = ("CPUUtilization", "DatabaseConnections");
        let scene = scene.metric("db", "AWS/RDS", cpu_metric, Statistic::Maximum, cpu);
        let mut scene = scene.metric("db", "AWS/RDS", opened_metric, Statistic::Maximum, opened);
        scene.traffic = users;
        scene
    }

    fn unvisited(mut scene: Scene) -> Scene {
        scene.traffic = trimtab_model::traffic::Traffic::default();
        scene
    }

    #[test]
    fn users_that_are_expected_to_grow_keep_a_larger_class() {
        let grown = visited(0.02, 0.0);
        assert_eq!(chosen(&unvisited(grown.clone())), "db.m5.large");
        assert_eq!(chosen(&grown), "db.m5.xlarge");
        let notes = recommended(&CHECK, &grown).evidence.notes;
        let note =
            notes.iter().find(|note| note.en.starts_with("Users are expected")).expect("one");
        assert!(note.en.contains("sessions at work") && note.ko.contains("활성 세션"), "{note:?}");
        // Where the larger one is not there, the class stays, and why is said.
        let mut narrow = grown;
        narrow.prices.db_classes.remove(&"db.m5.xlarge".into());
        check(&CHECK, narrow, "pass users-expected-to-grow");
    }

    #[test]
    fn connections_follow_users_too() {
        let grown = visited(0.02, 50.0);
        assert_eq!(chosen(&unvisited(grown.clone())), "db.m5.large");
        assert_eq!(chosen(&grown), "db.r5.large");
    }

    #[test]
    fn a_fall_of_users_is_not_counted_on() {
        let fallen = visited(-0.02, 0.0);
        let notes = recommended(&CHECK, &fallen).evidence.notes;
        assert!(!notes.iter().any(|note| note.en.starts_with("Users are expected")));
        assert_eq!(chosen(&fallen), chosen(&unvisited(fallen.clone())));
    }

    #[test]
    fn a_burstable_class_is_for_development_only() {
        let development = running_with(|db| db.environment = Environment::Dev);
        assert_eq!(chosen(&connected(used(development, 5.0, 5.0), 100.0)), "db.t3.large");
        assert_eq!(chosen(&connected(used(running(), 5.0, 5.0), 100.0)), "db.m5.large");
    }

    #[test]
    fn multi_az_costs_twice() {
        let scene = running_with(|db| db.kind.multi_az = Some(true));
        let scene = connected(used(scene, 10.0, 5.0), 100.0);
        let savings = recommended(&CHECK, &scene).estimated_monthly_savings;
        assert_eq!(savings.likely.rounded().amount.to_string(), "480.34");
    }

    #[test]
    fn what_is_decided_elsewhere_is_left_alone() {
        type Change = fn(&mut Resource<DbInstance>);
        let table: [(Change, &str); 4] = [
            (|db| db.kind.has_pending_modifications = true, "exempt pending-modifications"),
            (|db| db.kind.db_instance_status = "stopped".into(), "pass not-available"),
            (|db| db.kind.db_instance_class = "db.serverless".into(), "exempt serverless"),
            (|db| db.kind.engine = "db2-se".into(), "unknown no-engine-in-catalogue"),
        ];
        for (change, expected) in table {
            check(&CHECK, connected(used(running_with(change), 10.0, 5.0), 100.0), expected);
        }
    }

    /// Two members of a cluster, the second of which used so much processor and memory.
    fn two_members(engine: &str, (percent, gib): (f64, f64)) -> Scene {
        let member = |db: &mut Resource<DbInstance>| {
            db.environment = Environment::Prod;
            db.kind.db_instance_class = "db.r5.xlarge".into();
            db.kind.db_cluster_identifier = Some("game".into());
            db.kind.storage_type = Some("aurora".into());
        };
        let scene = of_engine(engine, member).db_instance(|db| {
            db.id = "reader".into();
            db.kind.engine = engine.into();
            member(db);
        });
        let scene = connected(used(scene, 10.0, 5.0), 100.0);
        [
            ("CPUUtilization", Statistic::Maximum, percent),
            ("FreeableMemory", Statistic::Minimum, (32.0 - gib) * GIB),
            ("DatabaseConnections", Statistic::Maximum, 100.0),
        ]
        .into_iter()
        .fold(scene, |scene, (metric, statistic, value)| {
            scene.metric("reader", "AWS/RDS", metric, statistic, flat(value, 14))
        })
        .db_cluster(|cluster| {
            cluster.kind.engine = engine.into();
            let mut reader = cluster.kind.db_cluster_members[0].clone();
            reader.db_instance_identifier = "reader".into();
            cluster.kind.db_cluster_members.push(reader);
        })
    }

    fn first(scene: &Scene) -> Verdict {
        (CHECK.judge)(&CHECK, &scene.facts()).into_iter().next().expect("two").verdict
    }

    #[test]
    fn members_of_a_cluster_are_sized_by_the_busiest_of_them() {
        let class = |scene: &Scene| {
            let Verdict::Recommend(found) = first(scene) else { panic!("a recommendation") };
            let Action::ModifyDbInstanceClass { to, .. } = found.action else { panic!("a class") };
            to.as_str().to_owned()
        };
        assert_eq!(class(&two_members("aurora-mysql", (10.0, 5.0))), "db.m5.large");
        assert_eq!(class(&two_members("aurora-mysql", (50.0, 5.0))), "db.m5.xlarge");
        assert_eq!(class(&two_members("aurora-mysql", (10.0, 10.0))), "db.r5.large");
    }

    #[test]
    fn members_that_are_not_alike_or_not_all_known_are_not_sized() {
        let code = |scene: &Scene| match first(scene) {
            Verdict::Exempt(reason) | Verdict::Unknown(Unknown { reason, .. }) => reason.code,
            other => panic!("{other:?}"),
        };
        let alike = || two_members("aurora-mysql", (10.0, 5.0));
        assert_eq!(code(&two_members("mysql", (10.0, 5.0))), "cluster-members-together");
        let mut several = alike();
        several.snapshot.db_instances[1].kind.db_instance_class = "db.r5.large".into();
        assert_eq!(code(&several), "cluster-classes-differ");
        let mut global = alike();
        global.snapshot.db_clusters[0].kind.global_cluster_identifier = Some("world".into());
        assert_eq!(code(&global), "replication");
        let mut unlisted = alike();
        unlisted.snapshot.db_clusters.clear();
        assert_eq!(code(&unlisted), "members-not-listed");
        let mut unwatched = alike();
        unwatched.profiles = Default::default();
        assert_eq!(code(&unwatched), "insufficient-data");
    }

    proptest! {
        #[test]
        fn a_recommended_class_covers_the_demand_and_costs_less(
            percent in 0.0_f64..100.0,
            memory in 0.0_f64..32.0,
            connections in 0.0_f64..3000.0,
            environment in 0_usize..4,
        ) {
            let environment = Environment::ALL[environment];
            let scene = running_with(|db| db.environment = environment);
            let scene = connected(used(scene, percent, memory), connections);
            let judgement = (CHECK.judge)(&CHECK, &scene.facts()).into_iter().next().expect("one");
            let Verdict::Recommend(recommendation) = judgement.verdict else { return Ok(()) };
            for option in &recommendation.options {
                let Action::ModifyDbInstanceClass { to, .. } = &option.action else { panic!("a class") };
                let after = Class::find(&scene.prices, to).expect("known");
                prop_assert!(percent / 100.0 * 4.0 <= f64::from(after.facts.vcpu) * 0.8 + 1e-9);
                prop_assert!(memory <= after.memory_gib() * 0.8 + 1e-9 || after.memory_gib() >= 32.0);
                let savings = &option.estimated_monthly_savings;
                prop_assert!(savings.cost_after.amount < savings.cost_now.amount);
            }
        }
    }

    #[test]
    fn estimated_prices_wait_for_permission() {
        let mut scene = connected(used(running(), 10.0, 5.0), 100.0);
        let facts = DbClassFacts {
            db_instance_class: "db.m5.medium".into(),
            family: "m5".to_owned(),
            vcpu: 1,
            memory_gib: 8.into(),
            current_generation: true,
        };
        scene.prices.db_classes.insert("db.m5.medium".into(), facts);
        let region = scene.prices.regions.get_mut(&"us-east-1".into()).expect("the scene's region");
        let (mut key, mut price) = region
            .db_instance_hour
            .iter()
            .find(|(key, _)| key.db_instance_class.as_str() == "db.m5.large")
            .map(|(key, price)| (key.clone(), price.clone()))
            .expect("priced");
        key.db_instance_class = "db.m5.medium".into();
        key.license = String::new();
        price.usd = "0.09".parse().expect("a decimal");
        price.basis = trimtab_model::price::PriceBasis::Estimated;
        region.db_instance_hour_estimated.insert(key, price);
        assert_eq!(chosen(&scene), "db.m5.large");
        let policy =
            SizingPolicy { estimated_prices: Permission::Allow, ..SizingPolicy::default() };
        scene.policy.sizing.insert(Environment::Prod, policy);
        assert_eq!(chosen(&scene), "db.m5.medium");
    }
}
