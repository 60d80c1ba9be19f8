//! Finds burstable RDS DB instances that pay so much for bursts that a fixed class is cheaper.
//!
//! **Why it costs.** T3 and T4g classes of RDS always run in unlimited mode: they never slow down, and
//! what they use above their baseline over a day is charged by the vCPU-hour, on top of their hours.
//! There is no standard mode to switch to, as there is on EC2.
//!
//! **What we do.** Change to the cheapest class without credits that has at least its vCPUs and memory, the
//! same processor architecture, and is for sale for the engine version. Only if that class costs less than
//! hours and credits together. What the credits cost is read from the bill of 14 days or more; without
//! one we say *unknown*.
//!
//! **What could go wrong.** The change interrupts the database. If the load falls again, the
//! burstable class was the cheaper one. A slow query is often what burns the credits: with an index
//! instead, nothing has to be changed.
//!
//! **Where others err.** They flag a low `CPUCreditBalance`, which costs nothing on these classes, and
//! do not read the `CPUCredits` on the bill, which do.
//!
//! # 한국어
//!
//! 버스트 요금이 많아 고정 성능 클래스가 더 저렴한 버스트형 RDS DB 인스턴스를 찾습니다.
//!
//! **비용이 드는 이유.** RDS의 T3와 T4g 클래스는 항상 무제한 모드로 동작합니다. 느려지지 않는 대신, 하루 동안 기준 성능을 넘겨 사용한 만큼
//! 시간 요금 외에 vCPU-시간 단위로 추가 과금됩니다. EC2와 달리 표준 모드로 바꿀 수 없습니다.
//!
//! **제안하는 조치.** vCPU와 메모리가 같거나 더 많고 프로세서 아키텍처가 같으며 해당 엔진 버전에서 판매되는, 크레딧 없는 클래스 가운데 가장
//! 저렴한 것으로 변경합니다. 그 가격이 시간 요금과 크레딧 요금의 합보다 낮을 때만 제안합니다. 크레딧 요금은 14일 이상의 청구서에서 읽으며,
//! 없으면 *판단 보류*로 둡니다.
//!
//! **주의할 점.** 변경할 때 데이터베이스가 중단됩니다. 부하가 다시 줄면 버스트형 클래스가 더 저렴할 수 있습니다. 느린 쿼리가 크레딧을
//! 소모하는 경우가 많으며, 인덱스를 추가하면 아무것도 바꿀 필요가 없습니다.
//!
//! **다른 도구와 다른 점.** 이 클래스에서는 비용이 들지 않는 `CPUCreditBalance` 부족만 알리고, 실제로 과금되는 청구서의 `CPUCredits`는 보지
//! 않는 도구가 많습니다.

use trimtab_model::action::Action;
use trimtab_model::charge::ResourceCharge;
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::recommendation::{
    ActionType, CostComponent, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::billed::{part, require_days};
use crate::check::{Check, Facts, Need};
use crate::database::choice::{component, price};
use crate::database::class::Class;
use crate::database::engine::Engine;
use crate::database::orderable::Orderable;
use crate::database::{exemption, maintenance, names};
use crate::observation::MIN_DAYS;
use crate::pricing::usage_name;
use crate::saving::{Commitment, DB_INSTANCE_HOURS, Meter, estimate_of};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

/// Picks the hours of a DB instance and the CPU credits it bought.
const HOURS_AND_CREDITS: Meter = Meter {
    charges: |charge| (DB_INSTANCE_HOURS.charges)(charge) || is_credit(charge),
    commitment: Commitment::Possible,
};

fn is_credit(charge: &ResourceCharge) -> bool {
    let usage = charge.usage_type.as_deref().map(usage_name);
    usage.is_some_and(|usage| usage.starts_with("CPUCredits:db."))
}

/// The check.
pub static CHECK: Check = Check {
    id: "rds-instance-burst-surplus",
    title: StaticText {
        en: "Burstable RDS DB instance that pays more for bursts than a fixed class costs",
        ko: "버스트 요금 때문에 고정 성능 클래스보다 비싼 RDS DB 인스턴스",
    },
    kind: ResourceKind::DbInstance,
    action_type: ActionType::Rightsize,
    needs: &[
        Need::Kind(ResourceKind::DbInstance),
        Need::Kind(ResourceKind::OrderableDbInstanceOption),
        Need::Kind(ResourceKind::PendingMaintenanceAction),
        Need::Billing,
    ],
    thresholds: &[MIN_DAYS],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::DbInstance, &facts.snapshot.db_instances, judge)
    },
};

fn judge(check: &Check, facts: &Facts<'_>, db: &Resource<DbInstance>) -> Result<Verdict, Unknown> {
    let Some(current) = Class::find(facts.prices, &db.kind.db_instance_class) else {
        return Err(missing(db));
    };
    if !current.is_burstable() {
        return Ok(pass(
            "not-burstable",
            "Its class has no credits.",
            "크레딧이 없는 클래스입니다.",
        ));
    }
    if let Some(verdict) = exemption::verdict(db, &facts.snapshot.db_instances) {
        return Ok(verdict);
    }
    require_days(facts, check.threshold(facts, MIN_DAYS.name))?;
    let reference = db.reference(ResourceKind::DbInstance);
    let names = names::of_instance(db);
    let label = format!("CPU credits of {}", db.kind.db_instance_class);
    let Some(credits) = part(facts, &reference, &names, &label, is_credit) else {
        return Ok(pass(
            "no-surplus-charged",
            "No CPU credits were charged.",
            "CPU 크레딧 요금이 발생하지 않았습니다.",
        ));
    };
    let (hours, fixed) = prices(facts, db, &current)?;
    let Some((to, cost_after)) = fixed else {
        return Ok(pass(
            "nothing-fixed",
            "No class without credits and with the same vCPUs and memory is offered here.",
            "이 리전에는 vCPU와 메모리가 같거나 더 많은 고정 성능 클래스가 없습니다.",
        ));
    };
    let vcpu_hours = credits.quantity.round();
    let now = vec![hours, credits];
    let savings = estimate_of(facts, &reference, &names, HOURS_AND_CREDITS, now, vec![cost_after])?;
    let (from, to) = (db.kind.db_instance_class.clone(), to.facts.db_instance_class.clone());
    Ok(Proposal {
        reason: Reason::new(
            "surplus-charged",
            format!("{vcpu_hours} vCPU-hours a month above its baseline are charged; {to} costs less than {from} with them."),
            format!("기준 성능을 넘는 월 {vcpu_hours} vCPU-시간이 과금되고 있으며, 이를 더한 {from}보다 저렴한 클래스가 있습니다: {to}."),
        ),
        action: Action::ModifyDbInstanceClass { from, to },
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::SurplusCredits],
        savings,
        performance_risk: risk(db.environment, 0),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::Needed,
        undo: Undo::Exact,
        evidence: evidence(facts, db, &current),
    }
    .into_verdict(check, reference))
}

fn evidence(facts: &Facts<'_>, db: &Resource<DbInstance>, current: &Class<'_>) -> Evidence {
    let baseline = current.baseline_share.map(|share| {
        let percent = share * 100.0;
        Figure::number(
            "baseline_percent",
            "CPU that the class sustains",
            "클래스의 기준 CPU 성능",
            percent,
            "%",
        )
    });
    let mut notes = vec![Text::new(
        "A class change interrupts the database, for one to two minutes with Multi-AZ, longer without. It waits for the maintenance window.",
        "클래스를 변경하면 데이터베이스가 중단됩니다(Multi-AZ는 약 1~2분, 단일 AZ는 더 길어짐). 변경은 유지 관리 기간에 적용됩니다.",
    )];
    notes.extend(maintenance::notes(facts, db));
    let load_ahead = UnseenSignal {
        name: "load_ahead".to_owned(),
        text: Text::new(
            "Whether the load stays as high as it was.",
            "앞으로도 부하가 지금처럼 높을지 알 수 없습니다.",
        ),
    };
    let unseen =
        [Orderable::of(facts, db).unseen(), maintenance::unseen(facts, db), Some(load_ahead)];
    Evidence {
        figures: baseline.into_iter().collect(),
        signals_not_seen: unseen.into_iter().flatten().collect(),
        notes,
        ..Evidence::default()
    }
}

/// A class and its monthly cost.
type Priced<'a> = (Class<'a>, CostComponent);

/// Returns the cost of the class now, and the cheapest class without credits that has no less of
/// anything.
fn prices<'a>(
    facts: &Facts<'a>,
    db: &Resource<DbInstance>,
    current: &Class<'_>,
) -> Result<(CostComponent, Option<Priced<'a>>), Unknown> {
    let engine = Engine::of(&db.kind).ok_or_else(|| missing(db))?;
    let region = facts.prices.regions.get(&db.region).ok_or_else(|| missing(db))?;
    let estimates = facts.policy.sizing(db.environment).estimated_prices;
    let cost = |class: &Class<'_>| {
        price(region, &engine, class, estimates).and_then(|price| component(class, price, &db.kind))
    };
    let orderable = Orderable::of(facts, db);
    let fixed = facts
        .prices
        .db_classes
        .keys()
        .filter_map(|name| Class::find(facts.prices, name))
        .filter(|class| {
            !class.is_burstable()
                && class.is_plain()
                && class.facts.current_generation
                && class.is_arm() == current.is_arm()
                && class.has_local_disks() == current.has_local_disks()
                && class.facts.vcpu >= current.facts.vcpu
                && class.memory_gib() >= current.memory_gib()
        })
        .filter(|class| orderable.offers(&db.kind, &class.facts.db_instance_class) != Some(false))
        .filter_map(|class| cost(&class).map(|cost| (class, cost)))
        .min_by(|(a, a_cost), (b, b_cost)| {
            (a_cost.price.usd, &a.facts.db_instance_class)
                .cmp(&(b_cost.price.usd, &b.facts.db_instance_class))
        });
    Ok((cost(current).ok_or_else(|| missing(db))?, fixed))
}

fn missing(db: &Resource<DbInstance>) -> Unknown {
    let (class, engine, region) = (&db.kind.db_instance_class, &db.kind.engine, &db.region);
    unknown(
        "class-not-in-catalogue",
        format!("The catalogue has no facts or no price for {class} of {engine} in {region}."),
        format!("카탈로그에 {region} 리전의 {engine} {class} 사양이나 가격이 없습니다."),
        &[&format!("prices:rds:{engine}:{class}")],
    )
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::scene::{Scene, check, scene};

    /// A db.t3.large for 99.28 a month; a fixed class costs 124.83.
    fn burstable() -> Scene {
        scene()
            .db_class_facts("db.t3.large", 2, 8, "0.136")
            .db_class_facts("db.m5.large", 2, 8, "0.171")
            .db_class_facts("db.m6g.large", 2, 8, "0.152")
            .db_instance(|db| db.kind.db_instance_class = "db.t3.large".into())
    }

    /// So many vCPU-hours of 30 days at 0.075, beside 720 hours.
    fn charged(vcpu_hours: &str, usd: &str) -> Scene {
        burstable().bill("db", "InstanceUsage:db.t3.large", "720", "97.92").bill(
            "db",
            "CPUCredits:db.t3",
            vcpu_hours,
            usd,
        )
    }

    #[test]
    fn credits_that_cost_more_than_the_difference_fires() {
        // 99.28 and 76.04 a month become 124.83.
        check(&CHECK, charged("1000", "75"), "recommend 50.49 / 50.49 / 50.49");
    }

    #[test]
    fn a_class_without_surplus_passes() {
        let quiet = burstable().bill("db", "InstanceUsage:db.t3.large", "720", "97.92");
        check(&CHECK, quiet, "pass no-surplus-charged");
        let fixed = scene()
            .db_class_facts("db.m5.large", 2, 8, "0.171")
            .db_instance(|db| db.kind.db_instance_class = "db.m5.large".into());
        check(&CHECK, fixed, "pass not-burstable");
    }

    #[test]
    fn just_under_the_difference_of_the_classes_it_passes() {
        // The difference is 25.55 a month, which is 25.20 in 30 days.
        check(&CHECK, charged("335", "25.12"), "pass no-saving");
        check(&CHECK, charged("337", "25.27"), "recommend 0.07 / 0.07 / 0.07");
    }

    #[test]
    fn without_a_bill_it_is_unknown() {
        check(&CHECK, burstable(), "unknown bill-too-short");
    }
}
