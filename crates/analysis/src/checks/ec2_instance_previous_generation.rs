//! Finds EC2 instances of a previous generation that a current one replaces at no higher price.
//!
//! **Why it costs.** A newer generation gives the same vCPUs and memory, faster, mostly for
//! less; AWS does not lower the price of the old ones.
//!
//! **What we do.** Stop the instance, change the type, start it. The successor has the same
//! series, size and architecture, at least the same vCPUs, memory, network and EBS
//! throughput, is offered in the region and costs no more by the hour.
//!
//! **What could go wrong.** From Xen to Nitro the machine needs the drivers of ENA and NVMe,
//! and disks get other device names: mount by UUID or label. Without ENA enabled we leave
//! the instance alone. A stopped machine may not find capacity to start. Instance-store
//! data is lost by a stop, so types with instance store are left to their owner. T3 bursts
//! beyond its credits at a charge by default; T2 does not.
//!
//! **Where others err.** They name a newer family without asking whether the region offers
//! it, what it costs there, or whether the machine can boot on it.
//!
//! # 한국어
//!
//! 같거나 더 낮은 가격의 현재 세대로 바꿀 수 있는 이전 세대 EC2 인스턴스를 찾습니다.
//!
//! **비용이 드는 이유.** 새 세대는 같은 vCPU와 메모리를 더 빠르게, 대부분 더 저렴하게 제공합니다. AWS는
//! 이전 세대의 가격을 내리지 않습니다.
//!
//! **제안하는 조치.** 인스턴스를 중지하고 유형을 바꾼 다음 시작합니다. 제안하는 유형은 계열, 크기,
//! 아키텍처가 같고, vCPU, 메모리, 네트워크, EBS 처리량이 지금 이상이며, 그 리전에서 제공되고, 시간당
//! 가격이 지금보다 높지 않습니다.
//!
//! **주의할 점.** Xen에서 Nitro로 옮기려면 서버에 ENA와 NVMe 드라이버가 있어야 하고 디스크의 디바이스
//! 이름이 바뀝니다. UUID나 레이블로 마운트하세요. ENA가 활성화되어 있지 않으면 그 인스턴스는 건드리지
//! 않습니다. 중지한 뒤 시작할 때 용량이 없을 수 있습니다. 인스턴스 스토어의 데이터는 중지하면
//! 사라지므로 인스턴스 스토어가 있는 유형은 소유자에게 맡깁니다. T3는 기본 설정에서 크레딧을 넘는
//! 버스트에 요금이 부과되고, T2는 그렇지 않습니다.
//!
//! **다른 도구와 다른 점.** 리전에서 제공되는지, 그곳의 가격은 얼마인지, 서버가 그 유형으로 부팅할 수
//! 있는지 확인하지 않고 새 계열의 이름만 알려 주는 도구가 있습니다.

use trimtab_model::action::Action;
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::price::InstanceTypeFacts;
use trimtab_model::recommendation::{
    ActionType, CostComponent, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo,
    Unknown, Verdict,
};
use trimtab_model::resource::instance::{Instance, InstanceState};
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::ownership::{Manager, manager};
use crate::pricing::Tariff;
use crate::saving::{INSTANCE_HOURS, estimate_of};
use crate::verdict::{Proposal, exempt, judge_each, pass, risk, unknown};

/// The check.
pub static CHECK: Check = Check {
    id: "ec2-instance-previous-generation",
    title: StaticText {
        en: "EC2 instance of a previous generation",
        ko: "이전 세대 유형의 EC2 인스턴스",
    },
    kind: ResourceKind::Instance,
    action_type: ActionType::Upgrade,
    needs: &[Need::Kind(ResourceKind::Instance), Need::OptionalBilling],
    thresholds: &[Threshold {
        name: "min_saving_percent",
        default: "0",
        unit: "%",
        text: StaticText {
            en: "Least saving by the hour, in percent of the price now, that is worth a restart.",
            ko: "재시작할 가치가 있다고 보는 시간당 최소 절감률입니다.",
        },
    }],
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
    if kind.state != InstanceState::Running {
        return Ok(pass(
            "not-running",
            "The instance does not run.",
            "실행 중인 인스턴스가 아닙니다.",
        ));
    }
    let Some(now) = facts.prices.instance_types.get(&kind.instance_type) else {
        return Err(unknown(
            "type-unknown",
            format!("The catalogue does not know the type {}.", kind.instance_type),
            format!("카탈로그에 {} 유형의 정보가 없습니다.", kind.instance_type),
            &["prices:types"],
        ));
    };
    if now.current_generation {
        return Ok(pass(
            "current",
            "The type is of a current generation.",
            "현재 세대 유형입니다.",
        ));
    }
    if let Some(obstacle) = obstacle(instance, now) {
        return obstacle;
    }
    let tariff = Tariff::of(facts, instance);
    let price_now = tariff.running_hours(kind)?;
    let Some((to, price_after)) = successor(facts, instance, now, &tariff)? else {
        return Ok(pass(
            "no-successor",
            "No current type of the same series and size is offered here.",
            "이 리전에는 같은 시리즈와 크기의 현재 세대 유형이 없습니다.",
        ));
    };
    let saving_percent = if price_now.price.usd.is_zero() {
        rust_decimal::Decimal::ZERO
    } else {
        (price_now.price.usd - price_after.price.usd) / price_now.price.usd
            * rust_decimal::Decimal::ONE_HUNDRED
    };
    let min_percent = check.threshold(facts, "min_saving_percent");
    if saving_percent < min_percent {
        return Ok(pass(
            "saves-too-little",
            format!(
                "{} costs {saving_percent:.1} % less, not the {min_percent} % asked for.",
                to.instance_type
            ),
            format!(
                "{}의 절감률은 {saving_percent:.1}%로 기준 {min_percent}%에 못 미칩니다.",
                to.instance_type
            ),
        ));
    }
    let reference = instance.reference(ResourceKind::Instance);
    let savings = estimate_of(
        facts,
        &reference,
        std::slice::from_ref(&instance.id),
        INSTANCE_HOURS,
        vec![price_now],
        vec![price_after],
    )?;
    let crosses = crosses_to_nitro(now, to);
    let (from_type, to_type) = (kind.instance_type.clone(), to.instance_type.clone());
    Ok(Proposal {
        reason: Reason::new(
            "previous-generation",
            format!("{to_type} replaces {from_type} with the same vCPUs and memory or more."),
            format!(
                "{to_type} 유형은 {from_type} 이상의 vCPU와 메모리를 제공하는 현재 세대 유형입니다."
            ),
        ),
        action: Action::ModifyInstanceType { from: from_type, to: to_type },
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::NewGenerationAvailable],
        savings,
        performance_risk: risk(instance.environment, u8::from(crosses)),
        effort: if crosses { ImplementationEffort::Medium } else { ImplementationEffort::Low },
        restart_needed: Restart::Needed,
        undo: Undo::Exact,
        evidence: evidence(now, to, crosses),
    }
    .into_verdict(check, reference))
}

/// Returns why the type of this instance may not be changed in place, or what is not known about it.
fn obstacle(
    instance: &Resource<Instance>,
    now: &InstanceTypeFacts,
) -> Option<Result<Verdict, Unknown>> {
    let kind = &instance.kind;
    if kind.auto_scaling_group_name.is_some() {
        return Some(Ok(Verdict::Exempt(Manager::AutoScaling.reason())));
    }
    if let Some(manager) = manager(&instance.tags).filter(|manager| manager.replaces()) {
        return Some(Ok(Verdict::Exempt(manager.reason())));
    }
    if let Some(lifecycle) = &kind.instance_lifecycle {
        return Some(Ok(exempt(
            "not-on-demand",
            format!(
                "The instance is of the life cycle {lifecycle}: its type cannot be changed in place."
            ),
            format!("수명 주기가 {lifecycle}인 인스턴스라 유형을 바로 바꿀 수 없습니다."),
        )));
    }
    if now.instance_store_gb.is_some() || kind.root_device_type.as_deref() == Some("instance-store")
    {
        return Some(Ok(exempt(
            "instance-store",
            "A stop would lose what is on the instance store.",
            "중지하면 인스턴스 스토어의 데이터가 사라집니다.",
        )));
    }
    if kind.virtualization_type.as_deref() == Some("paravirtual") {
        return Some(Ok(exempt(
            "paravirtual",
            "Current types cannot boot a paravirtual machine.",
            "현재 세대 유형에서는 반가상화(PV) 이미지를 부팅할 수 없습니다.",
        )));
    }
    match kind.ena_support {
        Some(true) => None,
        Some(false) => Some(Ok(exempt(
            "no-ena",
            "Enhanced networking (ENA) is off, and current types need it: install the driver first.",
            "현재 세대 유형에 필요한 ENA가 꺼져 있습니다. 드라이버를 먼저 설치해야 합니다.",
        ))),
        None => Some(Err(unknown(
            "ena-unknown",
            "Whether enhanced networking (ENA) is on, which current types need, is not known.",
            "현재 세대 유형에 필요한 ENA가 켜져 있는지 알 수 없습니다.",
            &["inventory:describe-instances"],
        ))),
    }
}

/// Finds the cheapest current type that gives all that `now` gives, and its price here.
///
/// Absent where the region offers none. `Unknown` where the offer or every price is missing.
fn successor<'a>(
    facts: &Facts<'a>,
    instance: &Resource<Instance>,
    now: &InstanceTypeFacts,
    tariff: &Tariff<'_>,
) -> Result<Option<(&'a InstanceTypeFacts, CostComponent)>, Unknown> {
    let offered =
        facts.prices.regions.get(&instance.region).and_then(|region| region.offered.as_ref());
    let Some(offered) = offered else {
        return Err(unknown(
            "offer-unknown",
            format!("Which types {} offers is not known.", instance.region),
            format!("{} 리전에서 제공되는 유형 정보가 없습니다.", instance.region),
            &["prices:offerings"],
        ));
    };
    let mut unpriced = None;
    let mut best: Option<(&InstanceTypeFacts, CostComponent)> = None;
    let prices = facts.prices;
    for to in prices.instance_types.values().filter(|to| replaces(now, to)) {
        if !offered.contains(&to.instance_type) {
            continue;
        }
        match tariff.instance_hours(&to.instance_type) {
            Ok(price) => {
                let better = best.as_ref().is_none_or(|(other, other_price)| {
                    (price.price.usd, std::cmp::Reverse(to.generation))
                        < (other_price.price.usd, std::cmp::Reverse(other.generation))
                });
                if better {
                    best = Some((to, price));
                }
            }
            Err(nothing) => unpriced = Some(nothing),
        }
    }
    match (best, unpriced) {
        (None, Some(nothing)) => Err(nothing),
        (best, _) => Ok(best),
    }
}

/// Returns whether `to` gives at least what `now` gives, in the same series and size.
fn replaces(now: &InstanceTypeFacts, to: &InstanceTypeFacts) -> bool {
    fn no_less<T: PartialOrd>(to: Option<T>, now: Option<T>) -> bool {
        match (to, now) {
            (Some(to), Some(now)) => to >= now,
            (_, None) => true,
            (None, Some(_)) => false,
        }
    }
    to.current_generation
        && to.generation > now.generation
        && to.series == now.series
        && to.size == now.size
        && to.architecture == now.architecture
        && to.burstable == now.burstable
        && !to.bare_metal
        // Flex types give their full CPU for part of the day only.
        && !to.attributes.contains("flex")
        && to.vcpu >= now.vcpu
        && to.memory_mib >= now.memory_mib
        && to.accelerators == now.accelerators
        && to.instance_store_gb.is_none()
        && no_less(to.network_baseline_gbps, now.network_baseline_gbps)
        && no_less(to.ebs_baseline_mb_s, now.ebs_baseline_mb_s)
}

/// Returns whether the hypervisor changes, or may change.
fn crosses_to_nitro(now: &InstanceTypeFacts, to: &InstanceTypeFacts) -> bool {
    now.hypervisor.is_none() || now.hypervisor != to.hypervisor
}

fn evidence(now: &InstanceTypeFacts, to: &InstanceTypeFacts, crosses: bool) -> Evidence {
    let mut evidence = Evidence {
        figures: vec![
            Figure::number("vcpu", "vCPUs", "vCPU", f64::from(to.vcpu), "")
                .against(f64::from(now.vcpu)),
            Figure::number("memory_gib", "Memory", "메모리", to.memory_mib as f64 / 1024.0, "GiB")
                .against(now.memory_mib as f64 / 1024.0),
            Figure::word(
                "generation",
                "Generation",
                "세대",
                format!("{} -> {}", now.family, to.family),
            ),
        ],
        ..Evidence::default()
    };
    if crosses {
        evidence.signals_not_seen.push(UnseenSignal {
            name: "drivers".to_owned(),
            text: Text::new(
                "Whether the NVMe driver is in the boot image and disks are mounted by UUID or label.",
                "부팅 이미지에 NVMe 드라이버가 있는지, 디스크를 UUID나 레이블로 마운트하는지 알 수 없습니다.",
            ),
        });
        evidence.notes.push(Text::new(
            "The change is from Xen to Nitro: disks get other device names. Try one machine first.",
            "Xen에서 Nitro로 바뀌면서 디스크 장치 이름이 달라집니다. 한 대에서 먼저 시험하세요.",
        ));
    }
    if now.burstable {
        evidence.notes.push(Text::new(
            "T3 charges for bursts beyond its credits unless its mode is set to standard, as T2's is.",
            "T3는 기본이 무제한 모드라 크레딧을 넘긴 사용에 요금이 붙습니다. T2처럼 쓰려면 표준 모드로 설정하세요.",
        ));
    }
    evidence
}

#[cfg(test)]
mod tests {
    use trimtab_model::price::InstanceTypeFacts;

    use super::CHECK;
    use crate::scene::{Scene, check, instance_facts, scene};

    fn m4() -> InstanceTypeFacts {
        InstanceTypeFacts {
            current_generation: false,
            hypervisor: Some("xen".to_owned()),
            ..instance_facts("m4.large", 2, 8)
        }
    }

    fn old_instance(successor_usd: &str) -> Scene {
        scene()
            .instance(|instance| instance.kind.instance_type = "m4.large".into())
            .instance_type(m4(), "0.10")
            .instance_type(instance_facts("m6i.large", 2, 8), successor_usd)
    }

    #[test]
    fn an_old_type_with_a_cheaper_successor_fires() {
        check(&CHECK, old_instance("0.08"), "recommend 9.12 / 14.60 / 14.60");
    }

    #[test]
    fn a_current_type_passes() {
        let scene =
            scene().instance(|_| ()).instance_type(instance_facts("m5.large", 2, 8), "0.096");
        check(&CHECK, scene, "pass current");
    }

    #[test]
    fn a_saving_just_under_the_threshold_passes() {
        check(&CHECK, old_instance("0.1001"), "pass saves-too-little");
        check(&CHECK, old_instance("0.10"), "pass no-saving");
    }

    #[test]
    fn a_successor_without_price_is_unknown() {
        let mut scene = old_instance("0.08");
        for region in scene.prices.regions.values_mut() {
            region.instance_hour.remove(&"m6i.large".into());
        }
        check(&CHECK, scene, "unknown price-missing");
    }

    #[test]
    fn a_successor_that_the_region_does_not_offer_passes() {
        let mut scene = old_instance("0.08");
        for region in scene.prices.regions.values_mut() {
            region.offered = Some(["m4.large".into()].into());
        }
        check(&CHECK, scene, "pass no-successor");
    }

    #[test]
    fn a_machine_without_ena_is_exempt_and_one_of_which_nothing_is_known_is_unknown() {
        let with = |ena| {
            let mut scene = old_instance("0.08");
            scene.snapshot.instances[0].kind.ena_support = ena;
            scene
        };
        check(&CHECK, with(Some(false)), "exempt no-ena");
        check(&CHECK, with(None), "unknown ena-unknown");
    }

    #[test]
    fn a_windows_machine_is_unknown_because_its_price_is() {
        let mut scene = old_instance("0.08");
        scene.snapshot.instances[0].kind.platform_details = Some("Windows".into());
        check(&CHECK, scene, "unknown price-missing");
    }
}
