//! Finds burstable instances that pay so much for bursts that a fixed one is cheaper.
//!
//! **Why it costs.** In unlimited mode a T instance never slows down; what it uses above its baseline
//! over a day is charged by the vCPU-hour, on top of its hours.
//!
//! **What we do.** Stop the instance, change it to the cheapest type without credits that has at least its
//! vCPUs and memory, start it. Only if that type costs less than hours and surplus together.
//!
//! **What could go wrong.** The machine is away for some minutes, and may not find capacity to start.
//! If the load falls again, the burstable type was the cheaper one. Standard mode would end
//! the charge too, by slowing the machine down to its baseline: we do not propose that.
//!
//! **Where others err.** They flag a low credit balance, which costs nothing, and do not read
//! `CPUSurplusCreditsCharged`, which does.
//!
//! # 한국어
//!
//! 버스트 요금이 많아 고정 성능 유형이 더 저렴한 인스턴스를 찾습니다.
//!
//! **비용이 드는 이유.** 무제한 모드의 T 인스턴스는 느려지지 않는 대신, 하루 동안 기준 성능을 넘겨 사용한 만큼
//! 시간 요금 외에 vCPU-시간 단위로 추가 과금됩니다.
//!
//! **제안하는 조치.** 인스턴스를 중지하고, vCPU와 메모리가 같거나 더 많은 크레딧 없는 유형 가운데 가장 저렴한
//! 것으로 바꾼 뒤 시작합니다. 그 가격이 시간 요금과 추가 요금의 합보다 낮을 때만 제안합니다.
//!
//! **주의할 점.** 몇 분 동안 중단되며, 시작할 때 용량을 확보하지 못할 수 있습니다. 부하가 다시 줄면 버스트
//! 가능 유형이 더 저렴할 수 있습니다. 표준 모드로 바꿔도 추가 요금은 없어지지만 기준 성능으로 느려지므로 제안하지
//! 않습니다.
//!
//! **다른 도구와 다른 점.** 비용이 들지 않는 크레딧 잔액 부족만 알리고, 실제로 과금되는
//! `CPUSurplusCreditsCharged` 지표는 보지 않는 도구가 많습니다.

use rust_decimal::Decimal;

use trimtab_model::action::Action;
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::metric::Statistic;
use trimtab_model::policy::{Permission, SizingPolicy};
use trimtab_model::price::InstanceTypeFacts;
use trimtab_model::recommendation::{
    ActionType, CostComponent, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::instance::Instance;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS, Observation};
use crate::pricing::Tariff;
use crate::saving::{INSTANCE_HOURS_AND_CREDITS, estimate_of};
use crate::sizing::burstable::{is_burstable, surplus_price};
use crate::sizing::exemption;
use crate::sizing::fit::{is_compatible, offers};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

/// Credits in a vCPU-hour: one credit is one vCPU for a minute.
const CREDITS_PER_VCPU_HOUR: f64 = 60.0;

/// Days in a month of 730 hours.
const DAYS_PER_MONTH: f64 = 730.0 / 24.0;

/// The check.
pub static CHECK: Check = Check {
    id: "ec2-instance-burst-surplus",
    title: StaticText {
        en: "Burstable instance that pays more for bursts than a fixed one costs",
        ko: "버스트 요금 때문에 고정 성능 유형보다 비싼 인스턴스",
    },
    kind: ResourceKind::Instance,
    action_type: ActionType::Rightsize,
    needs: &[
        Need::Kind(ResourceKind::Instance),
        Need::Metric("AWS/EC2", "CPUSurplusCreditsCharged", &[Statistic::Sum]),
        Need::OptionalBilling,
    ],
    thresholds: &[MIN_DAYS, MIN_COVERAGE_PERCENT],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::Instance, &facts.snapshot.instances, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    instance: &Resource<Instance>,
) -> Result<Verdict, Unknown> {
    let kind = &instance.kind;
    let Some(current) = facts.prices.instance_types.get(&kind.instance_type) else {
        return Err(unknown(
            "type-unknown",
            format!("The catalogue does not know the type {}.", kind.instance_type),
            format!("카탈로그에 없는 유형입니다: {}.", kind.instance_type),
            &["prices:types"],
        ));
    };
    if !is_burstable(current) || kind.cpu_credits.as_deref() == Some("standard") {
        return Ok(pass(
            "no-surplus",
            "The instance cannot buy CPU credits.",
            "CPU 크레딧을 추가로 구매하는 인스턴스가 아닙니다.",
        ));
    }
    if let Some(verdict) = exemption::verdict(instance) {
        return Ok(verdict);
    }
    let names = std::slice::from_ref(&instance.id);
    let charged = Observation::complete(
        check,
        facts,
        instance,
        names,
        "AWS/EC2",
        "CPUSurplusCreditsCharged",
        &[Statistic::Sum],
    )?;
    let vcpu_hours = charged.profile.sum / charged.days() * DAYS_PER_MONTH / CREDITS_PER_VCPU_HOUR;
    let quantity = Decimal::from_f64_retain(vcpu_hours).unwrap_or_default().round_dp(4);
    let Some(price) = surplus_price(&current.family).filter(|_| quantity > Decimal::ZERO) else {
        return Ok(pass(
            "no-surplus-charged",
            "No surplus credits were charged.",
            "추가 크레딧 요금이 발생하지 않았습니다.",
        ));
    };
    let credits =
        CostComponent { name: format!("CPU credits of {}", kind.instance_type), quantity, price };
    let tariff = Tariff::of(facts, instance);
    let formula_now = vec![tariff.running_hours(kind)?, credits];
    let Some(to) = fixed(facts, instance, current) else {
        return Ok(pass(
            "nothing-fixed",
            "No type without credits and with the same vCPUs and memory is offered here.",
            "이 리전에는 vCPU와 메모리가 같거나 더 많은 고정 성능 유형이 없습니다.",
        ));
    };
    let reference = instance.reference(ResourceKind::Instance);
    let savings = estimate_of(
        facts,
        &reference,
        names,
        INSTANCE_HOURS_AND_CREDITS,
        formula_now,
        vec![tariff.instance_hours(&to.instance_type)?],
    )?;
    let (from_type, to_type) = (kind.instance_type.clone(), to.instance_type.clone());
    Ok(Proposal {
        reason: Reason::new(
            "surplus-charged",
            format!("{vcpu_hours:.0} vCPU-hours a month above its baseline are charged; {to_type} costs less."),
            format!("기준 성능을 넘는 월 {vcpu_hours:.0} vCPU-시간이 과금되고 있으며, 더 저렴한 고정 성능 유형이 있습니다: {to_type}."),
        ),
        action: Action::ModifyInstanceType { from: from_type, to: to_type },
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::SurplusCredits],
        savings,
        performance_risk: risk(instance.environment, 0),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::Needed,
        undo: Undo::Exact,
        evidence: Evidence {
            window_days: Some(charged.days() as u32),
            figures: vec![Figure::number(
                "surplus_vcpu_hours",
                "Charged above the baseline a month",
                "기준 성능을 넘어 과금된 월 사용량",
                vcpu_hours,
                "vCPU-hours",
            )],
            coverage: vec![charged.coverage()],
            signals_not_seen: vec![UnseenSignal {
                name: "load_ahead".to_owned(),
                text: Text::new(
                    "Whether the load stays as high as it was.",
                    "앞으로도 부하가 지금처럼 높을지 알 수 없습니다.",
                ),
            }],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

/// Finds the cheapest type without credits that has at least the vCPUs and the memory.
fn fixed<'a>(
    facts: &Facts<'a>,
    instance: &Resource<Instance>,
    current: &InstanceTypeFacts,
) -> Option<&'a InstanceTypeFacts> {
    let policy = SizingPolicy {
        burstable: Permission::Deny,
        other_architecture: Permission::Deny,
        previous_generation: Permission::Deny,
        ..facts.policy.sizing(instance.environment)
    };
    let prices = facts.prices;
    offers(prices, &instance.region, policy.estimated_prices)
        .into_iter()
        .map(|offer| offer.facts)
        .find(|to| {
            is_compatible(&instance.kind, current, to, policy)
                && to.vcpu >= current.vcpu
                && to.memory_mib >= current.memory_mib
                // Flex types give their full CPU for part of the day only.
                && !to.attributes.contains("flex")
        })
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;

    use super::CHECK;
    use crate::scene::{Scene, check, flat, instance_facts, scene};

    /// A t3.large, of which so many credits are charged every five minutes.
    fn bursting(credits: f64) -> Scene {
        scene()
            .instance(|instance| {
                instance.kind.instance_type = "t3.large".into();
                instance.kind.cpu_credits = Some("unlimited".into());
            })
            .instance_type(instance_facts("t3.large", 2, 8), "0.0832")
            .instance_type(instance_facts("m6i.large", 2, 8), "0.096")
            .metric("i-1", "AWS/EC2", "CPUSurplusCreditsCharged", Statistic::Sum, flat(credits, 14))
    }

    #[test]
    fn a_machine_that_bursts_all_the_time_fires() {
        // 7 credits in five minutes are 1.4 vCPUs: 60.74 + 51.10 becomes 70.08.
        check(&CHECK, bursting(7.0), "recommend 26.10 / 41.76 / 41.76");
    }

    #[test]
    fn a_machine_that_is_charged_for_no_surplus_passes() {
        check(&CHECK, bursting(0.0), "pass no-surplus-charged");
        let mut standard = bursting(7.0);
        standard.snapshot.instances[0].kind.cpu_credits = Some("standard".into());
        check(&CHECK, standard, "pass no-surplus");
    }

    #[test]
    fn a_surplus_just_under_the_difference_of_the_types_passes() {
        // 9.344 USD a month are the difference: 186.88 vCPU-hours, 1.28 credits in five minutes.
        check(&CHECK, bursting(1.28), "pass no-saving");
        check(&CHECK, bursting(1.3), "recommend 0.09 / 0.15 / 0.15");
    }

    #[test]
    fn a_machine_whose_credits_nobody_watched_is_unknown() {
        let mut scene = bursting(7.0);
        scene.profiles = Default::default();
        check(&CHECK, scene, "unknown metric-missing");
    }
}
