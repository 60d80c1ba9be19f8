//! Finds RDS DB instances of which one query makes much of the load.
//!
//! **Why it costs.** A query without the right index keeps the processor busy with rows that nobody
//! asked for. The class is then sized for one query, and every hour of it is paid.
//!
//! **What we do.** Performance Insights says which digests (queries without their values) have most of
//! the load of the last seven days. Where one query has a large share, we ask the rules by which any class
//! is chosen which class would suffice without it: the processor and the sessions shrink by that share,
//! and memory, connections and storage stay as measured. In an Aurora cluster each member shrinks by what the query
//! has of its own load. The saving depends on the repair: it is in no sum of likely savings,
//! and only what it adds to a change of class that needs no repair counts. Its lowest is nothing.
//!
//! **What could go wrong.** Load is sessions at work *or waiting*: a query that waits for locks or
//! for storage uses less of the processor than its share says. A repair seldom takes all of a query
//! away, so the class is the most that it can allow: choose again from a week of new metrics. Texts are
//! kept without literals and without comments; of commands, and of Oracle and SQL Server, no text is kept.
//! The change of class interrupts the database, and before the repair it would be too small.
//!
//! **Where others err.** They see a busy database and call it right, or propose a larger one.
//!
//! # 한국어
//!
//! 쿼리 하나가 부하의 많은 부분을 차지하는 RDS DB 인스턴스를 찾습니다.
//!
//! **비용이 드는 이유.** 알맞은 인덱스가 없는 쿼리는 아무도 요청하지 않은 행을 읽느라 프로세서를 씁니다. 그러면 쿼리
//! 하나에 맞춰 클래스를 정하게 되고, 그 비용이 매시간 나갑니다.
//!
//! **제안하는 조치.** 최근 7일 동안 어떤 다이제스트(값을 뺀 쿼리)의 부하가 컸는지 Performance Insights에서 읽습니다. 한
//! 쿼리의 비율이 크면 그 쿼리가 없을 때 충분한 클래스를 다른 클래스와 같은 기준으로 고릅니다. 프로세서와 세션은 그 비율만큼 줄이고
//! 메모리, 연결 수, 스토리지는 측정값 그대로 둡니다. Aurora 클러스터에서는 멤버마다 그 쿼리가 차지한 비율만큼 줄입니다. 이 절감은 수정에
//! 달려 있으므로 예상 절감 합계에 넣지 않고, 수정 없이 가능한 클래스 변경보다 더 줄어드는 만큼만 셉니다. 최저 절감액은 0입니다.
//!
//! **주의할 점.** 부하는 실행 중이거나 *대기 중인* 세션입니다. 잠금이나 스토리지를 기다리는 쿼리는 비율에 비해 프로세서를 덜 씁니다. 수정해도
//! 쿼리의 부하가 모두 사라지는 일은 드물어, 제시한 클래스는 얻을 수 있는 최대치입니다. 일주일 동안 새 지표를 모아 다시 고르세요. 쿼리
//! 텍스트는 리터럴과 주석을 뺀 것만 보관하고, 쿼리가 아닌 명령과 Oracle, SQL Server의 텍스트는 보관하지 않습니다. 클래스를 바꾸면
//! 데이터베이스가 중단되며, 수정 전에 바꾸면 용량이 부족합니다.
//!
//! **다른 도구와 다른 점.** 바쁜 데이터베이스를 보면 적정하다고 하거나 더 큰 클래스를 제안합니다.

use trimtab_model::action::{Action, QueryRepair};
use trimtab_model::database::DatabaseEngine;
use trimtab_model::metric::Statistic;
use trimtab_model::money::Money;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::resource::db_load::{DbDigest, DbLoad, DigestStatement};
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText};

use crate::check::{Check, Facts, Judgement, Need};
use crate::database::choice::choices;
use crate::database::demand::LOW_THEN_MEAN;
use crate::database::digests::evidence_without;
use crate::database::engine::Engine;
use crate::database::exemption;
use crate::database::subject::{DbSubject, missing};
use crate::database::together::{self, load_of};
use crate::sizing::demand::PEAK_THEN_MEAN;
use crate::sizing::series::MINIMUM_HOURS;
use crate::traffic::Coming;
use crate::verdict::{Proposal, exempt, judge_each, pass, unknown};

const PEAKS: &[Statistic] = PEAK_THEN_MEAN;

/// Finds DB instances whose load comes from one query.
pub static CHECK: Check = Check {
    id: "rds-instance-query-heavy",
    title: StaticText {
        en: "RDS DB instance of which one query makes much of the load",
        ko: "쿼리 하나가 부하의 많은 부분을 차지하는 RDS DB 인스턴스",
    },
    kind: ResourceKind::DbInstance,
    action_type: ActionType::FixApplication,
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
    thresholds: &[Threshold {
        name: "min_load_percent",
        default: "30",
        unit: "%",
        text: StaticText {
            en: "Share of the load from which on a query is looked at: classes halve from one size to the next, and with headroom less than a third seldom decides between two.",
            ko: "쿼리를 살펴보기 시작하는 부하 비율. 클래스는 한 단계마다 절반이 되므로, 여유분까지 생각하면 3분의 1보다 작은 부하로 클래스가 달라지는 일은 드뭅니다.",
        },
    }],
    judge,
};

fn judge(check: &Check, facts: &Facts<'_>) -> Vec<Judgement> {
    // Without Performance Insights nothing can be said of any instance, which coverage says once.
    if facts.snapshot.db_loads.iter().all(|load| load.kind.digests.is_none()) {
        return Vec::new();
    }
    // The users of the coming weeks, read once and not once per instance.
    let instances = &facts.snapshot.db_instances;
    let coming = Coming::of(facts, ResourceKind::DbInstance, instances, |db| vec![db.id.clone()]);
    judge_each(check, facts, ResourceKind::DbInstance, instances, |check, facts, db| {
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
    let digests = digests(load_of(facts, db))?;
    let least = check.threshold_f64(facts, "min_load_percent") / 100.0;
    let heavy = digests.iter().filter(|digest| digest.load_share >= least);
    let query = heavy.clone().find(|one| matches!(one.statement, DigestStatement::Query(_)));
    let Some(query) = query else { return without_query(db, digests, heavy.collect()) };

    let subject = DbSubject::of(facts, db, &engine)?;
    let measured = together::used(facts, db, &subject.current)?;
    let left = together::used_without(facts, db, &subject.current, &query.id)?;
    let growth = together::growth(facts, db, coming)?;
    let with = subject.question(facts, &measured, growth.as_ref());
    let without = subject.question(facts, &left, growth.as_ref());
    let class_for = |question| choices(question, facts.prices, subject.region, subject.monthly_now);
    let share = query.load_share * 100.0;
    let found = class_for(without);
    let Some(best) = found.first() else {
        return Ok(pass(
            "query-without-saving",
            format!(
                "One query makes {share:.0} % of its load, but no cheaper class suffices without it either."
            ),
            format!(
                "쿼리 하나가 부하의 {share:.0}%를 차지하지만, 없애도 더 저렴한 클래스로는 부족합니다."
            ),
        ));
    };
    let (from, to) = (&db.kind.db_instance_class, &best.class.facts.db_instance_class);
    // A class that suffices as it is owes nothing to the query.
    if class_for(with).first().is_some_and(|now| now.class.facts.db_instance_class == *to) {
        return Ok(pass(
            "class-suffices-with-query",
            format!("One query makes {share:.0} % of its load, but {to} suffices with it as well."),
            format!(
                "쿼리 하나가 부하의 {share:.0}%를 차지하지만, {to} 클래스는 그대로도 충분합니다."
            ),
        ));
    }
    let action = Action::FixQuery(QueryRepair {
        digest: query.id.clone(),
        from: from.clone(),
        to: to.clone(),
    });
    let mut option = subject.option(facts, action, best)?;
    // What a repair takes away is not known: a part of the query may leave the class as it is.
    let savings = &mut option.estimated_monthly_savings;
    savings.low = Money::zero(savings.low.currency);
    let proposal = Proposal {
        action: option.action.clone(),
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::HeavyQuery],
        reason: Reason::new(
            "query-heavy",
            format!(
                "One query makes {share:.0} % of its load. Without it {to} would suffice instead of {from}."
            ),
            format!(
                "쿼리 하나가 부하의 {share:.0}%를 차지합니다. 없애면 {from} 대신 {to} 클래스로 충분합니다."
            ),
        ),
        savings: option.estimated_monthly_savings.clone(),
        performance_risk: best.risk,
        effort: ImplementationEffort::High,
        restart_needed: Restart::Needed,
        undo: Undo::Exact,
        evidence: evidence_without(facts, with, without, best, query),
    };
    let reference = db.reference(ResourceKind::DbInstance);
    Ok(proposal.into_verdict(check, reference).with(|recommendation| {
        recommendation.projected = best.projected.clone();
        recommendation.options = vec![option];
    }))
}

/// Returns the digests of a load that was sampled long enough, the most first.
fn digests(load: Option<&DbLoad>) -> Result<&[DbDigest], Unknown> {
    let load = load.ok_or_else(|| {
        unknown(
            "load-not-sampled",
            "Performance Insights is off, had no load to sample, or was not read: nobody knows which queries it works for.",
            "Performance Insights가 꺼져 있거나, 표본이 없거나, 읽지 못해 어떤 쿼리의 부하인지 알 수 없습니다.",
            &["inventory:get-resource-metrics"],
        )
    })?;
    let hours = f64::from(load.samples) * f64::from(load.period_seconds) / 3600.0;
    if hours < MINIMUM_HOURS {
        return Err(unknown(
            "load-sampled-briefly",
            format!("Its load was sampled for {hours:.0} hours; {MINIMUM_HOURS:.0} are needed."),
            format!(
                "부하 표본이 {hours:.0}시간 분량뿐입니다. {MINIMUM_HOURS:.0}시간이 필요합니다."
            ),
            &["inventory:get-resource-metrics"],
        ));
    }
    load.digests.as_deref().ok_or_else(|| {
        unknown(
            "digests-not-read",
            "Which queries its load comes from was not read (pi:DescribeDimensionKeys).",
            "어떤 쿼리의 부하인지 읽지 못했습니다(pi:DescribeDimensionKeys).",
            &["inventory:describe-dimension-keys"],
        )
    })
}

/// Returns the verdict where no query is heavy: something else may be.
fn without_query(
    db: &Resource<DbInstance>,
    digests: &[DbDigest],
    heavy: Vec<&DbDigest>,
) -> Result<Verdict, Unknown> {
    let most = digests.first().map_or(0.0, |digest| digest.load_share * 100.0);
    let engine = &db.kind.engine;
    if heavy.is_empty() {
        return Ok(pass(
            "no-query-heavy",
            format!("No query makes more than {most:.0} % of its load."),
            format!("부하의 {most:.0}%를 넘게 차지하는 쿼리가 없습니다."),
        ));
    }
    if DatabaseEngine::of_rds(engine).is_none() {
        return Ok(exempt(
            "engine-texts-not-kept",
            format!(
                "One statement makes {most:.0} % of its load. Texts of {engine} are not kept, because their literals cannot be told surely: look at it in Performance Insights."
            ),
            format!(
                "구문 하나가 부하의 {most:.0}%를 차지합니다. {engine} 엔진의 텍스트는 리터럴을 확실히 가려낼 수 없어 보관하지 않으니 Performance Insights에서 확인하세요."
            ),
        ));
    }
    if heavy.iter().any(|digest| digest.statement == DigestStatement::Unread) {
        return Err(unknown(
            "digest-without-text",
            format!(
                "One statement makes {most:.0} % of its load, but Performance Insights had no text of it."
            ),
            format!(
                "구문 하나가 부하의 {most:.0}%를 차지하지만 Performance Insights에 텍스트가 없습니다."
            ),
            &["inventory:describe-dimension-keys"],
        ));
    }
    Ok(pass(
        "command-heavy",
        format!("{most:.0} % of its load is a command that is no query, such as COMMIT."),
        format!("부하의 {most:.0}%는 COMMIT처럼 쿼리가 아닌 명령입니다."),
    ))
}

#[cfg(test)]
mod tests {
    use trimtab_model::environment::Environment;
    use trimtab_model::resource::db_cluster::DbClusterMember;

    use super::*;
    use crate::scene::{Scene, busy_database, check, flat, recommended};

    const GIB: f64 = 1_073_741_824.0;
    const QUERY: &str = "SELECT name FROM players WHERE guild_id = ?";

    fn digest(id: &str, text: &str, load_share: f64) -> DbDigest {
        let statement = DigestStatement::of(Some(text), "mysql");
        DbDigest { id: id.to_owned(), db_id: None, statement, load_share }
    }

    /// A busy database, with a load of these digests.
    fn with(digests: Vec<DbDigest>) -> Scene {
        busy_database().db_load(|load| load.kind.digests = Some(digests))
    }

    #[test]
    fn a_query_of_most_of_the_load_fires() {
        let scene = with(vec![digest("A1", QUERY, 0.6), digest("B2", "COMMIT", 0.2)]);
        // 24 % of 4 vCPU fit 2 with headroom: 730 × (0.50 - 0.25).
        check(&CHECK, scene.clone(), "recommend 0.00 / 182.50 / 182.50");
        let found = recommended(&CHECK, &scene);
        assert!(found.is_conditional());
        let expected = QueryRepair {
            digest: "A1".to_owned(),
            from: "db.r5.xlarge".into(),
            to: "db.r5.large".into(),
        };
        assert_eq!(found.action, Action::FixQuery(expected));
        assert!(found.evidence.notes.iter().any(|note| note.en.ends_with(QUERY)));
    }

    #[test]
    fn only_what_it_adds_to_a_change_without_repair_is_its_own() {
        let scene = with(vec![digest("A1", QUERY, 0.6)]);
        let analysis = crate::analyze(&scene.facts());
        let of = |check: &str| {
            let found = analysis.items.iter().find(|item| item.check.as_str() == check);
            found.unwrap_or_else(|| panic!("{check} is not there"))
        };
        let likely = |check| of(check).estimated_monthly_savings.likely.rounded().amount;
        // db.m5.xlarge suffices with the query: 730 × (0.50 - 0.342), then 730 × (0.342 - 0.25).
        assert_eq!(likely("rds-instance-oversized").to_string(), "115.34");
        assert_eq!(likely(CHECK.id).to_string(), "67.16");
        let Action::FixQuery(repair) = &of(CHECK.id).action else { panic!("a repair") };
        assert_eq!(repair.from, "db.m5.xlarge".into());
    }

    #[test]
    fn an_instance_whose_load_is_no_query_passes() {
        check(&CHECK, with(vec![digest("B2", "COMMIT", 0.6)]), "pass command-heavy");
        check(&CHECK, with(Vec::new()), "pass no-query-heavy");
        check(&CHECK, with(vec![digest("A1", QUERY, 0.32)]), "pass class-suffices-with-query");
        check(&CHECK, busy_database(), "nothing");
    }

    #[test]
    fn a_query_just_under_the_threshold_passes() {
        check(&CHECK, with(vec![digest("A1", QUERY, 0.299)]), "pass no-query-heavy");
    }

    #[test]
    fn a_load_without_digests_or_too_short_is_unknown() {
        let beside = |scene: Scene| {
            scene.db_load(|load| {
                load.id = "other".into();
                load.kind.digests = Some(vec![digest("A1", QUERY, 0.6)]);
            })
        };
        check(&CHECK, beside(busy_database()), "unknown load-not-sampled");
        check(&CHECK, beside(busy_database().db_load(|_| {})), "unknown digests-not-read");
        // 30 hours have 360 samples of five minutes.
        let brief = busy_database().db_load(|load| {
            load.kind.samples = 359;
            load.kind.digests = Some(vec![digest("A1", QUERY, 0.6)]);
        });
        check(&CHECK, brief, "unknown load-sampled-briefly");
    }

    #[test]
    fn of_a_cluster_each_member_shrinks_by_its_own_share() {
        // The writer's 60 % become 24; what the reader does without the query stays.
        let of = |reader_percent: f64| {
            let mut scene = with(vec![digest("A1", QUERY, 0.6)]);
            for region in scene.prices.regions.values_mut() {
                let prices = std::mem::take(&mut region.db_instance_hour).into_iter();
                let aurora = |mut key: trimtab_model::price::DbPriceKey| {
                    key.engine = "aurora-mysql".to_owned();
                    key
                };
                region.db_instance_hour = prices.map(|(key, price)| (aurora(key), price)).collect();
            }
            let member = |name: &str| DbClusterMember {
                db_instance_identifier: name.into(),
                is_cluster_writer: Some(name == "db"),
            };
            scene = scene
                .db_cluster(|cluster| {
                    cluster.kind.db_cluster_members = vec![member("db"), member("reader")];
                })
                .db_instance(|db| {
                    db.id = "reader".into();
                    db.environment = Environment::Prod;
                    db.kind.db_instance_class = "db.r5.xlarge".into();
                });
            for db in &mut scene.snapshot.db_instances {
                db.kind.engine = "aurora-mysql".to_owned();
                db.kind.db_cluster_identifier = Some("game".into());
            }
            [
                ("CPUUtilization", Statistic::Maximum, reader_percent),
                ("FreeableMemory", Statistic::Minimum, 20.0 * GIB),
                ("DatabaseConnections", Statistic::Maximum, 100.0),
            ]
            .into_iter()
            .fold(scene, |scene, (name, statistic, value)| {
                scene.metric("reader", "AWS/RDS", name, statistic, flat(value, 14))
            })
        };
        check(&CHECK, of(30.0), "recommend 0.00 / 182.50 / 182.50");
        check(&CHECK, of(50.0), "pass class-suffices-with-query");
    }

    #[test]
    fn of_other_engines_no_text_is_kept() {
        let statement = DigestStatement::of(Some(QUERY), "sqlserver-se");
        let mut scene = with(vec![DbDigest { statement, ..digest("A1", QUERY, 0.6) }]);
        check(&CHECK, scene.clone(), "unknown digest-without-text");
        for db in &mut scene.snapshot.db_instances {
            db.kind.engine = "sqlserver-se".to_owned();
        }
        check(&CHECK, scene, "exempt engine-texts-not-kept");
    }
}
