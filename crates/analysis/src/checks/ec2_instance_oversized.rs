//! Finds EC2 instances for whose use a cheaper type would do.
//!
//! **Why it costs.** Sizes are chosen for a launch day that never came, and hours are
//! billed for all of a type, used or not.
//!
//! **What we do.** Propose up to three types of the same architecture and a current
//! generation, cheapest first, that cover what was used: the chosen percentile of the
//! processor with headroom, the highest memory use with headroom, network, EBS
//! throughput and EBS operations against what a type sustains. Burstable types are
//! priced with the CPU credits that the observed use would cost. Where the processor or
//! memory follows users who are expected to become more, demand is taken as much higher;
//! a fall is not counted on. Without a memory metric
//! no type with less memory is proposed. An instance that is short of something is
//! listed only if a type that suffices costs less; otherwise it passes as
//! `underprovisioned`, so that nobody shrinks it.
//!
//! **What could go wrong.** The change stops the instance. Capacity may be gone when it
//! starts, a public address that is not an Elastic IP changes, and demand may grow
//! beyond what was seen. Members of Auto Scaling groups, Spot instances and instances
//! with data on an instance store are left alone.
//!
//! **Where others err.** They size on processor use alone, on averages, or on three
//! days; they show the memory of the smaller type without checking it; and they price a
//! busy machine on a burstable type without its credits.
//!
//! # 한국어
//!
//! 실제 사용량이라면 더 저렴한 유형으로 충분한 EC2 인스턴스를 찾습니다.
//!
//! **비용이 드는 이유.** 크기는 끝내 오지 않은 출시일의 부하에 맞춰 정해지고, 요금은 쓰든 쓰지 않든
//! 유형 전체에 대해 시간마다 청구됩니다.
//!
//! **제안하는 조치.** 아키텍처가 같은 현재 세대에서 실제 사용량을 감당하는 유형을 가격이 낮은 순서로 세
//! 가지까지 제안합니다. 선택한 백분위의 프로세서 사용률과 최대 메모리 사용량에 각각 여유분을 더하고,
//! 네트워크, EBS 처리량, EBS 작업 수는 유형이 지속할 수 있는 수준과 비교합니다. 버스트형 유형의
//! 가격에는 관측된 사용량이 쓸 CPU 크레딧의 비용을 넣습니다. 프로세서나 메모리가 사용자 수를 따르고
//! 사용자가 늘어날 것으로 예상되면 수요를 그만큼 크게 봅니다. 줄어든다는 예상은 반영하지 않습니다. 메모리 지표가 없으면 메모리가 더 적은
//! 유형은 제안하지 않습니다. 무언가가 부족한 인스턴스는 충분하면서 더 저렴한 유형이 있을 때만 목록에
//! 나오고, 그렇지 않으면 아무도 줄이지 않도록 `underprovisioned` 판정과 함께 정상으로 둡니다.
//!
//! **주의할 점.** 변경할 때 인스턴스가 중지됩니다. 다시 시작할 때 용량이 없을 수 있고, Elastic IP가
//! 아닌 퍼블릭 주소는 바뀌며, 수요가 관측된 수준보다 늘어날 수 있습니다. Auto Scaling 그룹에 속한
//! 인스턴스, 스팟 인스턴스, 인스턴스 스토어에 데이터가 있는 인스턴스는 건드리지 않습니다.
//!
//! **다른 도구와 다른 점.** 프로세서 사용률만 보거나, 평균만 보거나, 사흘치만 보고 크기를 정하는 도구가
//! 있습니다. 더 작은 유형의 메모리를 보여 주면서 충분한지는 확인하지 않고, 바쁜 서버를 버스트형
//! 유형으로 옮기면서 크레딧 비용을 빼기도 합니다.

use std::collections::BTreeMap;

use trimtab_model::action::Action;
use trimtab_model::charge::ResourceCharge;
use trimtab_model::id::RegionId;
use trimtab_model::metric::Statistic;
use trimtab_model::policy::Permission;
use trimtab_model::price::InstanceTypeFacts;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, RecommendationOption, Restart, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::instance::Instance;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text, counted};

use crate::check::{Check, Facts, Judgement, Need};
use crate::saving::{self, Commitment, INSTANCE_HOURS, Meter};
use crate::sizing::agent;
use crate::sizing::choice::{Choice, Question, choices, monthly_formula_now};
use crate::sizing::demand::{Demand, PEAK_THEN_MEAN};
use crate::sizing::evidence::{evidence, finding, under};
use crate::sizing::exemption;
use crate::sizing::fit::{MissingFigure, Offer, Spec, offers, shortfalls};
use crate::sizing::forecast::Forecast;
use crate::sizing::headroom::Requirement;
use crate::sizing::licensed::family_at_billed_rate;
use crate::sizing::performance::Performance;
use crate::traffic::{Coming, ExpectedGrowth};
use crate::verdict::{Proposal, judge_each};

const SUM: &[Statistic] = &[Statistic::Sum];

/// Picks the hours of an instance, and the CPU credits billed on top of them.
const HOURS_AND_CREDITS: Meter =
    Meter { charges: is_hour_or_credit, commitment: Commitment::Possible };

fn is_hour_or_credit(charge: &ResourceCharge) -> bool {
    (INSTANCE_HOURS.charges)(charge)
        || charge.usage_type.as_deref().is_some_and(|word| word.contains("CPUCredits"))
}

/// Finds instances whose type does not fit their use.
pub static CHECK: Check = Check {
    id: "ec2-instance-oversized",
    title: StaticText {
        en: "EC2 instance larger or dearer than its use needs",
        ko: "사용량에 비해 크거나 비싼 EC2 인스턴스",
    },
    kind: ResourceKind::Instance,
    action_type: ActionType::Rightsize,
    needs: &[
        Need::Kind(ResourceKind::Instance),
        Need::Kind(ResourceKind::ManagedInstance),
        Need::Metric("AWS/EC2", "CPUUtilization", PEAK_THEN_MEAN),
        Need::OptionalMetric("CWAgent", "mem_used_percent", PEAK_THEN_MEAN),
        Need::OptionalMetric("CWAgent", "Memory % Committed Bytes In Use", PEAK_THEN_MEAN),
        Need::OptionalMetric("AWS/EC2", "NetworkIn", SUM),
        Need::OptionalMetric("AWS/EC2", "NetworkOut", SUM),
        Need::OptionalMetric("AWS/EC2", "EBSReadBytes", SUM),
        Need::OptionalMetric("AWS/EC2", "EBSWriteBytes", SUM),
        Need::OptionalMetric("AWS/EC2", "EBSReadOps", SUM),
        Need::OptionalMetric("AWS/EC2", "EBSWriteOps", SUM),
        Need::OptionalBilling,
    ],
    thresholds: &[],
    judge,
};

fn judge(check: &Check, facts: &Facts<'_>) -> Vec<Judgement> {
    let instances = &facts.snapshot.instances;
    // Sorting a region's types once, and not once per instance.
    let mut offered: BTreeMap<(&RegionId, Permission), Vec<Offer<'_>>> = BTreeMap::new();
    for instance in instances {
        let estimated = facts.policy.sizing(instance.environment).estimated_prices;
        offered
            .entry((&instance.region, estimated))
            .or_insert_with(|| offers(facts.prices, &instance.region, estimated));
    }
    let performance = Performance::of(facts.prices);
    // The users of the coming weeks, read once and not once per instance.
    let coming =
        Coming::of(facts, ResourceKind::Instance, instances, |instance| vec![instance.id.clone()]);
    judge_each(check, facts, ResourceKind::Instance, instances, |check, facts, instance| {
        let policy = facts.policy.sizing(instance.environment);
        let offers = offered.get(&(&instance.region, policy.estimated_prices));
        let offers = offers.map(Vec::as_slice).unwrap_or_default();
        verdict(check, facts, instance, offers, (&performance, coming.growth(instance)))
    })
}

fn verdict(
    check: &Check,
    facts: &Facts<'_>,
    instance: &Resource<Instance>,
    offers: &[Offer<'_>],
    (performance, growth): (&Performance, Option<&ExpectedGrowth>),
) -> Result<Verdict, Unknown> {
    if let Some(verdict) = exemption::verdict(instance) {
        return Ok(verdict);
    }
    let current_type = &instance.kind.instance_type;
    let current = facts
        .prices
        .instance_types
        .get(current_type)
        .ok_or_else(|| not_in_catalogue(current_type.as_str(), "type"))?;
    if let Some(verdict) = exemption::instance_store(current) {
        return Ok(verdict);
    }
    let licensed = family_at_billed_rate(facts, instance, current, offers)?;
    let licensed: Option<Vec<Offer<'_>>> = licensed.as_ref().map(|family| {
        family.iter().map(|one| Offer { facts: one.facts, price: &one.price }).collect()
    });
    let offers = licensed.as_deref().unwrap_or(offers);
    let policy = facts.policy.sizing(instance.environment);
    let demand = Demand::of_instance(facts, instance, current)?;
    let seen = Forecast::of_instance(facts, instance)?;
    let forecast = growth.map_or_else(|| seen.clone(), |growth| growth.applied(&seen));
    let required_now = Requirement::new(&demand, policy, current);
    let requirement = growth.map_or(required_now, |growth| {
        required_now.grown(growth.cpu, growth.memory, demand.memory_percent.is_some())
    });
    let question = Question {
        instance: &instance.kind,
        current,
        demand: &demand,
        forecast: &forecast,
        performance,
        requirement: &requirement,
        policy,
    };
    // What runs now may be no longer offered to others; its list price still holds.
    let price = offers
        .iter()
        .find(|offer| offer.facts.instance_type == *current_type)
        .map(|offer| offer.price)
        .or_else(|| facts.prices.instance_hour(&instance.region, current_type))
        .ok_or_else(|| not_in_catalogue(current_type.as_str(), "price"))?;
    let (formula_now, monthly_now) = monthly_formula_now(Offer { facts: current, price }, &demand)
        .ok_or_else(|| not_in_catalogue(current_type.as_str(), "price"))?;

    // What is short now; not what users to come would make short.
    let short = shortfalls(&required_now, current, MissingFigure::Enough);
    let found = choices(question, offers, monthly_now);
    let Some(best) = found.first() else {
        if !short.is_empty() {
            return Ok(Verdict::Pass(underprovisioned(current, &demand, &short)));
        }
        let of_today = Question { requirement: &required_now, forecast: &seen, ..question };
        let held = growth.filter(|_| !choices(of_today, offers, monthly_now).is_empty());
        let reason = held.map_or_else(|| optimized(current, &demand), ExpectedGrowth::held);
        return Ok(Verdict::Pass(reason));
    };
    let resource = instance.reference(ResourceKind::Instance);
    let options = found
        .iter()
        .map(|choice| {
            Ok(RecommendationOption {
                action: modify(current, choice),
                estimated_monthly_savings: saving::estimate_of(
                    facts,
                    &resource,
                    std::slice::from_ref(&instance.id),
                    HOURS_AND_CREDITS,
                    formula_now.clone(),
                    choice.formula.clone(),
                )?,
                performance_risk: choice.risk,
                expected: choice.expected.clone(),
                projected: choice.projected.clone(),
            })
        })
        .collect::<Result<Vec<_>, Unknown>>()?;
    let chosen = options.first().expect("one option per choice, and there is a choice");
    let (finding, reason_codes) = finding(&short, current, best.offer.facts, question);
    let mut evidence = evidence(question, best);
    evidence.notes.extend(growth.map(|growth| growth.note.clone()));
    evidence.notes.extend(cautions(instance));
    if demand.memory_percent.is_none() {
        evidence.notes.extend(agent::note(facts, instance));
    }
    let proposal = Proposal {
        action: chosen.action.clone(),
        finding,
        reason_codes,
        reason: reason(finding, current, best, &demand),
        savings: chosen.estimated_monthly_savings.clone(),
        performance_risk: best.risk,
        effort: effort(current, best.offer.facts),
        restart_needed: Restart::Needed,
        undo: Undo::Exact,
        evidence,
    };
    Ok(proposal.into_verdict(check, resource).with(|recommendation| {
        recommendation.action_type = action_type(current, best.offer.facts);
        recommendation.projected = best.projected.clone();
        recommendation.options = options;
    }))
}

fn modify(current: &InstanceTypeFacts, choice: &Choice<'_>) -> Action {
    Action::ModifyInstanceType {
        from: current.instance_type.clone(),
        to: choice.offer.facts.instance_type.clone(),
    }
}

fn action_type(current: &InstanceTypeFacts, candidate: &InstanceTypeFacts) -> ActionType {
    let is_arm = |facts: &InstanceTypeFacts| facts.architecture.contains("arm64");
    if is_arm(candidate) && !is_arm(current) {
        ActionType::MigrateToGraviton
    } else {
        ActionType::Rightsize
    }
}

/// Compute Optimizer's scale: the same architecture is little work, another one is more.
fn effort(current: &InstanceTypeFacts, candidate: &InstanceTypeFacts) -> ImplementationEffort {
    if action_type(current, candidate) == ActionType::MigrateToGraviton {
        ImplementationEffort::Medium
    } else if current.hypervisor != candidate.hypervisor {
        ImplementationEffort::Low
    } else {
        ImplementationEffort::VeryLow
    }
}

fn cautions(instance: &Resource<Instance>) -> Vec<Text> {
    let mut cautions = Vec::new();
    if instance.kind.has_public_ip == Some(true) {
        cautions.push(Text::new(
            "A public address that is not an Elastic IP changes when the instance stops.",
            "탄력적 IP가 아닌 퍼블릭 주소는 인스턴스를 중지하면 바뀝니다.",
        ));
    }
    if instance.kind.platform_details.is_none() {
        cautions.push(Text::new(
            "The inventory does not name the platform; Linux prices were used.",
            "인벤토리에 플랫폼 정보가 없어 Linux 가격을 사용했습니다.",
        ));
    }
    if instance.kind.ena_support.is_none() {
        cautions.push(Text::new(
            "The inventory does not say whether ENA is supported, which every Nitro type needs.",
            "인벤토리에 ENA 지원 여부가 없습니다. 모든 Nitro 유형에는 ENA가 필요합니다.",
        ));
    }
    cautions
}

fn reason(
    finding: Finding,
    current: &InstanceTypeFacts,
    best: &Choice<'_>,
    demand: &Demand,
) -> Reason {
    let (from, to) = (&current.instance_type, &best.offer.facts.instance_type);
    let cpu = demand.cpu.percent.p99_5;
    let days = demand.window_days;
    let memory_en = demand.memory_percent.map_or_else(
        || "memory not measured".to_owned(),
        |used| format!("memory at most {used:.1} %"),
    );
    let memory_ko = demand
        .memory_percent
        .map_or_else(|| "메모리 측정값 없음".to_owned(), |used| format!("메모리 최대 {used:.1}%"));
    let used_ko = demand.memory_percent.map_or_else(
        || format!("CPU P99.5 {cpu:.1}%이고 메모리는 측정되지 않았습니다"),
        |used| format!("CPU P99.5 {cpu:.1}%, 메모리 최대 {used:.1}%입니다"),
    );
    if finding == Finding::Underprovisioned {
        return Reason::new(
            "underprovisioned-and-dearer",
            format!(
                "In {} {from} was short (CPU {cpu:.1} % at P99.5, {memory_en}); {to} suffices and costs less.",
                counted(days, "day")
            ),
            format!(
                "최근 {days}일간 {from} 유형은 부족했습니다(CPU P99.5 {cpu:.1}%, {memory_ko}). {to} 유형으로 충분하고 더 저렴합니다."
            ),
        );
    }
    Reason::new(
        "cheaper-type-covers-demand",
        format!(
            "In {} it used {cpu:.1} % CPU at P99.5, {memory_en}; {to} covers that for less than {from}.",
            counted(days, "day")
        ),
        format!(
            "최근 {days}일간 사용량은 {used_ko}. {to} 유형으로 {from}보다 저렴하게 충족합니다."
        ),
    )
}

fn optimized(current: &InstanceTypeFacts, demand: &Demand) -> Reason {
    let cpu = demand.cpu.percent.p99_5;
    Reason::new(
        "optimized",
        format!(
            "No cheaper type covers its use (CPU {cpu:.1} % at P99.5 on {}).",
            current.instance_type
        ),
        format!(
            "사용량(CPU P99.5 {cpu:.1}%, {})을 충족하는 더 저렴한 유형이 없습니다.",
            current.instance_type
        ),
    )
}

fn underprovisioned(current: &InstanceTypeFacts, demand: &Demand, short: &[Spec]) -> Reason {
    let codes: Vec<String> = short.iter().map(|spec| format!("{:?}", under(*spec))).collect();
    let cpu = demand.cpu.percent.p99_5;
    let memory = demand.memory_percent.map_or_else(|| "-".to_owned(), |used| format!("{used:.1}"));
    let list = codes.join(", ");
    Reason::new(
        "underprovisioned",
        format!(
            "{} is short ({list}): CPU {cpu:.1} % at P99.5, memory at most {memory} %. It must not shrink.",
            current.instance_type
        ),
        format!(
            "{}의 용량이 부족합니다({list}): CPU P99.5 {cpu:.1}%, 메모리 최대 {memory}%. 축소하면 안 됩니다.",
            current.instance_type
        ),
    )
}

fn not_in_catalogue(instance_type: &str, what: &str) -> Unknown {
    let (en, ko) = match what {
        "type" => ("facts", "사양"),
        _ => ("price in its region", "해당 리전 가격"),
    };
    Unknown {
        reason: Reason::new(
            format!("no-{what}-in-catalogue"),
            format!("The catalogue has no {en} for {instance_type}."),
            format!("카탈로그에 {instance_type}의 {ko} 정보가 없습니다."),
        ),
        settled_by: vec![format!("prices:ec2:{instance_type}")],
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use trimtab_model::policy::{Preset, SizingPolicy};
    use trimtab_model::profile::UsageProfile;
    use trimtab_model::recommendation::ReasonCode;

    use super::*;
    use crate::scene::{Scene, check, flat, recommended, scene};
    use crate::sizing::fit::tests::instance_type;

    /// Prices of us-east-1; an instance of type m5.xlarge runs.
    fn market() -> Scene {
        scene()
            .instance_type(instance_type("m5.large", 2, 8 << 10), "0.096")
            .instance_type(instance_type("m5.xlarge", 4, 16 << 10), "0.192")
            .instance_type(instance_type("m5.2xlarge", 8, 32 << 10), "0.384")
            .instance_type(instance_type("c5.large", 2, 4 << 10), "0.085")
            .instance_type(instance_type("r5.large", 2, 16 << 10), "0.126")
            .instance_type(instance_type("t3.large", 2, 8 << 10), "0.0832")
            .instance_type(instance_type("t3.xlarge", 4, 16 << 10), "0.1664")
    }

    fn running() -> Scene {
        market().instance(|instance| instance.kind.instance_type = "m5.xlarge".into())
    }

    fn cpu(scene: Scene, profile: UsageProfile) -> Scene {
        scene.metric("i-1", "AWS/EC2", "CPUUtilization", Statistic::Maximum, profile)
    }

    fn memory(scene: Scene, percent: f64) -> Scene {
        scene.metric("i-1", "CWAgent", "mem_used_percent", Statistic::Maximum, flat(percent, 14))
    }

    fn chosen(scene: &Scene) -> String {
        match recommended(&CHECK, scene).action {
            Action::ModifyInstanceType { to, .. } => to.as_str().to_owned(),
            other => panic!("{other:?}"),
        }
    }

    fn by_percentile(scene: Scene) -> Scene {
        with_policy(scene, SizingPolicy::preset(Preset::Default))
    }

    fn without_burstable(scene: Scene) -> Scene {
        let preset = SizingPolicy::preset(Preset::Default);
        with_policy(scene, SizingPolicy { burstable: Permission::Deny, ..preset })
    }

    fn with_policy(mut scene: Scene, policy: SizingPolicy) -> Scene {
        scene.policy.sizing =
            trimtab_model::environment::Environment::ALL.iter().map(|env| (*env, policy)).collect();
        scene
    }

    #[test]
    fn fires_with_the_cheapest_type_that_covers_a_machine_at_a_tenth_of_its_use() {
        let scene = memory(cpu(running(), flat(10.0, 14)), 30.0);
        let recommendation = recommended(&CHECK, &scene);
        assert_eq!(chosen(&scene), "t3.large");
        assert_eq!(recommendation.finding, Finding::Overprovisioned);
        assert_eq!(
            recommendation.reason_codes,
            [ReasonCode::CPUOverprovisioned, ReasonCode::MemoryOverprovisioned]
        );
        let types: Vec<_> = recommendation
            .options
            .iter()
            .map(|option| match &option.action {
                Action::ModifyInstanceType { to, .. } => to.as_str().to_owned(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(types, ["t3.large", "m5.large", "r5.large"]);
        // 730 × (0.192 - 0.0832), and 37.5 % less for a commitment that no bill shows.
        check(&CHECK, scene, "recommend 49.64 / 79.42 / 79.42");
    }

    #[test]
    fn without_a_memory_metric_memory_does_not_shrink() {
        let scene = without_burstable(cpu(running(), flat(10.0, 14)));
        let recommendation = recommended(&CHECK, &scene);
        assert_eq!(chosen(&scene), "r5.large");
        assert!(
            recommendation.evidence.signals_not_seen.iter().any(|unseen| unseen.name == "memory")
        );
    }

    #[test]
    fn what_prometheus_measured_counts_where_cloudwatch_has_nothing_and_is_named() {
        let of = |metric, percent| {
            cpu(running(), flat(10.0, 14)).metric(
                "i-1",
                "Prometheus",
                metric,
                Statistic::Maximum,
                flat(percent, 14),
            )
        };
        let scene = of("mem_used_percent", 30.0);
        assert_eq!(chosen(&scene), "t3.large");
        let coverage = recommended(&CHECK, &scene).evidence.coverage;
        let sources: Vec<_> = coverage.iter().map(|one| one.namespace.as_str()).collect();
        assert_eq!(sources, ["AWS/EC2", "Prometheus"]);
        // The agent measured the same, so that its figure counts, and the two are not added.
        let both = memory(of("mem_used_percent", 90.0), 30.0);
        assert_eq!(chosen(&both), "t3.large");
    }

    #[test]
    fn prometheus_alone_is_enough_for_a_size() {
        let mut scene = running();
        for (metric, percent) in [("CPUUtilization", 10.0), ("mem_used_percent", 30.0)] {
            let profile = flat(percent, 14);
            scene = scene.metric("i-1", "Prometheus", metric, Statistic::Maximum, profile);
        }
        assert_eq!(chosen(&scene), "t3.large");
    }

    #[test]
    fn a_size_holds_what_is_resident_and_what_is_promised() {
        let committed = |percent| {
            let committed = "Memory % Committed Bytes In Use";
            let scene = memory(cpu(running(), flat(10.0, 14)), 30.0);
            let profile = flat(percent, 14);
            without_burstable(scene.metric(
                "i-1",
                "CWAgent",
                committed,
                Statistic::Maximum,
                profile,
            ))
        };
        assert_eq!(chosen(&committed(20.0)), "m5.large");
        assert_eq!(chosen(&committed(70.0)), "r5.large");
    }

    #[test]
    fn a_busy_machine_is_dearer_on_a_burstable_type_than_it_looks() {
        // 38 % of 4 vCPU is 1.52; t3.large sustains 0.6, so 0.92 × 730 × 0.05 = 33.58 a month
        // come on top of 60.74: more than m5.large at 70.08.
        let scene = by_percentile(memory(cpu(running(), flat(38.0, 14)), 30.0));
        assert_eq!(chosen(&scene), "m5.large");
    }

    #[test]
    fn a_machine_that_needs_what_it_has_passes() {
        let scene = without_burstable(memory(cpu(running(), flat(60.0, 14)), 60.0));
        check(&CHECK, scene, "pass optimized");
    }

    #[test]
    fn demand_just_under_the_headroom_fires_and_just_above_it_does_not() {
        // 40 % of 4 vCPU is 80 % of 2; 40.1 % is more.
        let at = |percent| without_burstable(memory(cpu(running(), flat(percent, 14)), 30.0));
        assert_eq!(chosen(&at(40.0)), "m5.large");
        check(&CHECK, at(40.1), "pass optimized");
    }

    #[test]
    fn the_harm_that_is_expected_decides_and_is_shown() {
        let at = |percent| memory(cpu(running(), flat(percent, 14)), 30.0);
        let quiet = recommended(&CHECK, &at(8.0));
        let expected = quiet.options[0].expected.clone().expect("chosen by expected cost");
        assert!(expected.cpu_above_80 < 0.02 && expected.cpu_above_80 > 0.0, "{expected:?}");
        assert!(expected.monthly_usd > rust_decimal::Decimal::ZERO);
        // Just under the headroom of the percentile rule: the next weeks are seldom that flat.
        check(&CHECK, at(79.0), "pass optimized");
        // Who fears nothing takes the cheapest.
        let careless = trimtab_model::policy::HarmWeights {
            cpu_above_80: rust_decimal::Decimal::ZERO,
            cpu_above_100: rust_decimal::Decimal::ZERO,
            memory_above_100: rust_decimal::Decimal::ZERO,
        };
        let policy = SizingPolicy { harm: careless, ..SizingPolicy::default() };
        assert_eq!(chosen(&with_policy(at(79.0), policy)), "c5.large");
    }

    #[test]
    fn a_machine_that_is_short_is_not_shrunk() {
        let scene = memory(cpu(running(), flat(95.0, 14)), 60.0);
        check(&CHECK, scene, "pass underprovisioned");
    }

    #[test]
    fn a_day_of_metrics_leaves_the_size_unknown() {
        let scene = cpu(running(), flat(10.0, 1));
        check(&CHECK, scene, "unknown insufficient-data");
        check(&CHECK, running(), "unknown insufficient-data");
    }

    #[test]
    fn network_and_storage_hold_a_size() {
        // 300 s × 1e8 B/s × 8 = 0.8 Gbit/s each way: 1.6 in all, what m5.xlarge sustains.
        let bytes = flat(300.0 * 1e8, 14);
        let scene = without_burstable(memory(cpu(running(), flat(10.0, 14)), 30.0))
            .metric("i-1", "AWS/EC2", "NetworkIn", Statistic::Sum, bytes.clone())
            .metric("i-1", "AWS/EC2", "NetworkOut", Statistic::Sum, bytes);
        check(&CHECK, scene, "pass optimized");
        let operations = flat(300.0 * 2000.0, 14);
        let scene = without_burstable(memory(cpu(running(), flat(10.0, 14)), 30.0))
            .metric("i-1", "AWS/EC2", "EBSReadOps", Statistic::Sum, operations.clone())
            .metric("i-1", "AWS/EC2", "EBSWriteOps", Statistic::Sum, operations);
        check(&CHECK, scene, "pass optimized");
    }

    #[test]
    fn what_flows_has_chances_and_what_was_not_measured_has_none() {
        // 300 s × 1e7 B/s × 8 = 0.08 Gbit/s each way: a fifth of what m5.large sustains.
        let bytes = flat(300.0 * 1e7, 14);
        let scene = memory(cpu(running(), flat(8.0, 14)), 30.0)
            .metric("i-1", "AWS/EC2", "NetworkIn", Statistic::Sum, bytes.clone())
            .metric("i-1", "AWS/EC2", "NetworkOut", Statistic::Sum, bytes);
        let options = recommended(&CHECK, &scene).options;
        let expected = options[0].expected.clone().expect("chosen by expected cost");
        let network = expected.network.expect("measured");
        assert!(network.above_100 <= network.above_80 && network.above_80 < 0.01, "{network:?}");
        assert!((0.0..0.2).contains(&network.ever_above_100), "{network:?}");
        assert_eq!((expected.ebs_throughput, expected.ebs_operations), (None, None));
    }

    #[test]
    fn averages_are_read_more_carefully_than_maxima() {
        let scene = memory(running(), 30.0).metric(
            "i-1",
            "AWS/EC2",
            "CPUUtilization",
            Statistic::Average,
            flat(10.0, 14),
        );
        let with_averages = recommended(&CHECK, &by_percentile(scene));
        let maxima = by_percentile(cpu(memory(running(), 30.0), flat(10.0, 14)));
        let with_maxima = recommended(&CHECK, &maxima);
        assert!(with_averages.performance_risk > with_maxima.performance_risk);
        assert!(with_averages.evidence.signals_not_seen.iter().any(|s| s.name == "cpu_peaks"));
    }

    #[test]
    fn what_others_decide_is_left_alone() {
        let busy = |change: fn(&mut Resource<Instance>)| {
            let scene = market().instance(|instance| {
                instance.kind.instance_type = "m5.xlarge".into();
                change(instance);
            });
            memory(cpu(scene, flat(10.0, 14)), 30.0)
        };
        type Change = fn(&mut Resource<Instance>);
        let table: [(Change, &str); 6] = [
            (
                |i| i.kind.auto_scaling_group_name = Some("web".into()),
                "exempt auto-scaling-group-member",
            ),
            (|i| i.kind.instance_lifecycle = Some("spot".into()), "exempt instance-lifecycle"),
            (|i| i.kind.tenancy = Some("host".into()), "exempt tenancy"),
            (|i| i.kind.platform_details = Some("Windows".into()), "unknown licensed-platform"),
            (
                |i| i.kind.state = trimtab_model::resource::instance::InstanceState::Stopped,
                "pass not-running",
            ),
            (
                |i| {
                    i.tags.insert("karpenter.sh/nodepool".into(), "x".into());
                },
                "exempt managed",
            ),
        ];
        for (change, expected) in table {
            check(&CHECK, busy(change), expected);
        }
    }

    #[test]
    fn another_architecture_and_another_generation_wait_for_permission() {
        let mut arm = instance_type("m6g.large", 2, 8 << 10);
        arm.architecture = "arm64".to_owned();
        let mut old = instance_type("m4.large", 2, 8 << 10);
        old.current_generation = false;
        let scene = memory(cpu(running(), flat(10.0, 14)), 30.0)
            .instance_type(arm, "0.01")
            .instance_type(old, "0.01");
        assert_eq!(chosen(&scene), "t3.large");
    }

    #[test]
    fn f10_the_bill_replaces_list_prices_and_a_commitment_holds_the_saving_back() {
        let scene = memory(cpu(running(), flat(10.0, 14)), 30.0);
        // 30 days at half the list price: 69.12 for 720 hours is 70.08 a month.
        let billed = scene.clone().bill("i-1", "BoxUsage:m5.xlarge", "720", "69.12");
        check(&CHECK, billed, "recommend 39.71 / 39.71 / 39.71");
        let committed = scene.committed("i-1", "BoxUsage:m5.xlarge", "720", "69.12");
        check(&CHECK, committed, "pass covered-by-commitment");
    }

    #[test]
    fn a_windows_machine_is_priced_by_its_bill_within_its_family() {
        let scene = market().instance(|instance| {
            instance.kind.instance_type = "m5.xlarge".into();
            instance.kind.platform_details = Some("Windows".into());
        });
        let scene = memory(cpu(scene, flat(10.0, 14)), 30.0);
        // m5.xlarge with Windows is 0.376 an hour: 720 hours are 270.72, a month 274.48.
        let scene = scene.bill("i-1", "BoxUsage:m5.xlarge", "720", "270.72");
        assert_eq!(chosen(&scene), "m5.large");
        check(&CHECK, scene, "recommend 137.24 / 137.24 / 137.24");
    }

    #[test]
    fn an_instance_of_a_stack_is_changed_in_its_template() {
        let scene = market().instance(|instance| {
            instance.kind.instance_type = "m5.xlarge".into();
            instance.tags.insert("aws:cloudformation:stack-id".into(), "arn".into());
        });
        let scene = memory(cpu(scene, flat(10.0, 14)), 30.0);
        let notes = recommended(&CHECK, &scene).evidence.notes;
        assert!(notes.iter().any(|note| note.en.contains("CloudFormation")));
    }

    #[test]
    fn data_on_an_instance_store_is_not_risked() {
        let mut disk = instance_type("m5d.xlarge", 4, 16 << 10);
        disk.instance_store_gb = Some(150);
        let scene = market()
            .instance_type(disk, "0.226")
            .instance(|instance| instance.kind.instance_type = "m5d.xlarge".into());
        check(&CHECK, cpu(scene, flat(10.0, 14)), "exempt instance-store-data");
    }

    proptest! {
        #[test]
        fn a_recommended_type_covers_the_demand_and_costs_less(
            percent in 0.0_f64..100.0,
            used in proptest::option::of(0.0_f64..100.0),
            size in 0_usize..7,
            preset in 0_usize..4,
        ) {
            let sizes = ["m5.large", "m5.xlarge", "m5.2xlarge", "c5.large", "r5.large", "t3.large", "t3.xlarge"];
            let presets = [Preset::MaximumSavings, Preset::Balanced, Preset::Default, Preset::MaximumPerformance];
            let policy = SizingPolicy::preset(presets[preset]);
            let mut scene = cpu(
                market().instance(|instance| instance.kind.instance_type = sizes[size].into()),
                flat(percent, 14),
            );
            if let Some(used) = used {
                scene = memory(scene, used);
            }
            scene.policy.sizing = trimtab_model::environment::Environment::ALL
                .iter().map(|env| (*env, policy)).collect();
            let facts = scene.facts();
            let judgement = (CHECK.judge)(&CHECK, &facts).into_iter().next().expect("one");
            let Verdict::Recommend(recommendation) = judgement.verdict else { return Ok(()) };
            let now = &scene.prices.instance_types[&sizes[size].into()];
            for option in &recommendation.options {
                let Action::ModifyInstanceType { to, .. } = &option.action else { panic!("a type") };
                let after = &scene.prices.instance_types[to];
                let vcpu = percent / 100.0 * f64::from(now.vcpu);
                let room = 1.0 - policy.cpu_headroom.share() + 1e-9;
                prop_assert!(vcpu <= f64::from(after.vcpu) * room);
                let memory_now = now.memory_mib as f64;
                match used {
                    None => prop_assert!(after.memory_mib >= now.memory_mib),
                    Some(used) => {
                        let room = 1.0 - policy.memory_headroom.share() + 1e-9;
                        prop_assert!(used / 100.0 * memory_now <= after.memory_mib as f64 * room);
                    }
                }
                let savings = &option.estimated_monthly_savings;
                prop_assert!(savings.cost_after.amount < savings.cost_now.amount);
                prop_assert!(savings.likely.is_positive());
            }
        }
    }
}
