//! Finds instances whose graphics processors do nothing.
//!
//! **Why it costs.** A graphics processor is most of the price of the instance that has it.
//!
//! **What we do.** Stop the instance, change it to the cheapest type without one that has at least its vCPUs and
//! memory and the same architecture, start it. An instance whose CPU does nothing either is found by
//! `ec2-instance-idle`, which proposes to stop it.
//!
//! **What could go wrong.** A stop erases the instance store that most of these types have: copy from
//! it what must stay. A job once a month lies outside the window. Drivers of the processor
//! and programs that insist on it must be content without. The default, less than 5 % for 99 %
//! of 14 days, is close to Compute Optimizer's.
//!
//! **Where others err.** Without metrics of the processor they look at the CPU, which says
//! nothing of it, or print one price for every type. We want the CloudWatch agent's
//! `nvidia_smi_utilization_gpu` and `nvidia_smi_utilization_memory`, and say *unknown* without
//! either: work may wait for the processor's memory while its cores do little.
//!
//! # 한국어
//!
//! GPU를 쓰지 않는 GPU 인스턴스를 찾습니다.
//!
//! **비용이 드는 이유.** GPU 인스턴스 가격의 대부분은 GPU 가격입니다.
//!
//! **제안하는 조치.** 인스턴스를 중지하고, 아키텍처가 같으며 vCPU와 메모리가 같거나 더 많은 GPU 없는 유형 가운데
//! 가장 저렴한 것으로 바꾼 뒤 시작합니다. CPU까지 쓰지 않는 인스턴스는 `ec2-instance-idle`에서 중지를
//! 제안합니다.
//!
//! **주의할 점.** 이런 유형에는 대부분 인스턴스 스토어가 있으며 중지하면 데이터가 지워집니다. 필요한 데이터는 먼저
//! 복사하세요. 한 달에 한 번 실행되는 작업은 관측 기간 밖에 있을 수 있습니다. GPU 드라이버나 GPU가 꼭 필요한
//! 프로그램이 없어도 되는지 확인하세요. 기준값(14일 중 99% 동안 5% 미만)은 Compute Optimizer와 비슷합니다.
//!
//! **다른 도구와 다른 점.** GPU 지표가 없으면 관련 없는 CPU로 판단하거나, 모든 유형에 같은 가격을 쓰는 도구가
//! 많습니다. trimtab은 CloudWatch 에이전트의 `nvidia_smi_utilization_gpu`와 `nvidia_smi_utilization_memory`
//! 지표가 모두 있어야 판단합니다. GPU 코어가 한가해도 GPU 메모리를 쓰는 작업이 있을 수 있기 때문입니다.

use trimtab_model::action::Action;
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::metric::Statistic;
use trimtab_model::policy::{Permission, SizingPolicy};
use trimtab_model::price::InstanceTypeFacts;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::instance::Instance;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS, Observation};
use crate::pricing::Tariff;
use crate::saving::{INSTANCE_HOURS, estimate_of};
use crate::sizing::exemption;
use crate::sizing::fit::{is_compatible, offers};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

/// The CloudWatch agent's use of the processor, in percent.
const GPU: &str = "nvidia_smi_utilization_gpu";

/// The CloudWatch agent's use of the processor's memory bus, in percent.
const GPU_MEMORY: &str = "nvidia_smi_utilization_memory";

/// The check.
pub static CHECK: Check = Check {
    id: "ec2-instance-gpu-idle",
    title: StaticText {
        en: "GPU instance whose GPU does nothing",
        ko: "GPU를 쓰지 않는 GPU 인스턴스",
    },
    kind: ResourceKind::Instance,
    action_type: ActionType::Rightsize,
    needs: &[
        Need::Kind(ResourceKind::Instance),
        Need::OptionalMetric("CWAgent", GPU, &[Statistic::Maximum]),
        Need::OptionalMetric("CWAgent", GPU_MEMORY, &[Statistic::Maximum]),
        Need::OptionalBilling,
    ],
    thresholds: &[
        Threshold {
            name: "max_gpu_percent",
            default: "5",
            unit: "%",
            text: StaticText {
                en: "The use of the graphics processor must stay below this for 99 % of the window.",
                ko: "기간의 99% 동안 GPU 사용률이 이 값보다 낮아야 합니다.",
            },
        },
        MIN_DAYS,
        MIN_COVERAGE_PERCENT,
    ],
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
    if current.accelerators == 0 {
        return Ok(pass("no-gpu", "The type has no graphics processor.", "GPU가 없는 유형입니다."));
    }
    if let Some(verdict) = exemption::verdict(instance) {
        return Ok(verdict);
    }
    let names = std::slice::from_ref(&instance.id);
    let max_percent = check.threshold_f64(facts, "max_gpu_percent");
    let found = |metric| {
        Observation::find(facts, instance, names, "CWAgent", metric, &[Statistic::Maximum])
    };
    for seen in [found(GPU), found(GPU_MEMORY)].into_iter().flatten() {
        if seen.profile.p99 >= max_percent {
            return Ok(pass(
                "in-use",
                format!(
                    "{} was at {:.1} % or more for 1 % of the time.",
                    seen.metric, seen.profile.p99
                ),
                format!(
                    "{} 지표가 기간의 1% 동안 {:.1}% 이상이었습니다.",
                    seen.metric, seen.profile.p99
                ),
            ));
        }
    }
    let watched = |metric| {
        let statistics = &[Statistic::Maximum];
        Observation::complete(check, facts, instance, names, "CWAgent", metric, statistics)
    };
    let (seen, memory) = (watched(GPU)?, watched(GPU_MEMORY)?);
    let tariff = Tariff::of(facts, instance);
    let price_now = tariff.running_hours(kind)?;
    let Some(to) = without_gpu(facts, instance, current) else {
        return Ok(pass(
            "no-other-type",
            "No type without a graphics processor and with its vCPUs and memory is offered here.",
            "이 리전에는 vCPU와 메모리가 같거나 더 많은 GPU 없는 유형이 없습니다.",
        ));
    };
    let reference = instance.reference(ResourceKind::Instance);
    let savings = estimate_of(
        facts,
        &reference,
        names,
        INSTANCE_HOURS,
        vec![price_now],
        vec![tariff.instance_hours(&to.instance_type)?],
    )?;
    let days = seen.days().min(memory.days());
    let figure = |name: &str, label: &str, of: &Observation<'_>| {
        Figure::number(name, label, label, of.profile.p99, "%").against(max_percent)
    };
    let (from_type, to_type) = (kind.instance_type.clone(), to.instance_type.clone());
    Ok(Proposal {
        reason: Reason::new(
            "gpu-idle",
            format!("Its graphics processor stayed below {max_percent} % for 99 % of {days:.0} days."),
            format!("{days:.0}일 중 99% 동안 GPU 사용률이 {max_percent}% 미만이었습니다."),
        ),
        action: Action::ModifyInstanceType { from: from_type, to: to_type },
        finding: Finding::Overprovisioned,
        reason_codes: vec![ReasonCode::Idle],
        savings,
        performance_risk: risk(instance.environment, 1),
        effort: ImplementationEffort::Medium,
        restart_needed: Restart::Needed,
        undo: undo(current),
        evidence: Evidence {
            window_days: Some(days as u32),
            figures: vec![
                figure("gpu_p99", "GPU p99", &seen),
                figure("gpu_memory_p99", "GPU memory p99", &memory),
            ],
            coverage: vec![seen.coverage(), memory.coverage()],
            signals_not_seen: vec![UnseenSignal {
                name: "encoder".to_owned(),
                text: Text::new(
                    "Whether its video encoder is used, and whether a program starts only where it finds the processor.",
                    "동영상 인코더를 쓰는지, GPU가 있어야만 시작되는 프로그램이 있는지 알 수 없습니다.",
                ),
            }],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

fn undo(current: &InstanceTypeFacts) -> Undo {
    match current.instance_store_gb {
        None => Undo::Exact,
        Some(size) => Undo::Compensating(Text::new(
            format!("The stop erases what is on its {size} GB of instance store."),
            format!("중지하면 인스턴스 스토어 {size}GB의 데이터가 지워집니다."),
        )),
    }
}

/// Finds the cheapest type without accelerators that has at least the vCPUs and the memory.
fn without_gpu<'a>(
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
    let without = InstanceTypeFacts { accelerators: 0, series: String::new(), ..current.clone() };
    let prices = facts.prices;
    offers(prices, &instance.region, policy.estimated_prices)
        .into_iter()
        .map(|offer| offer.facts)
        .find(|to| {
            is_compatible(&instance.kind, &without, to, policy)
                && to.vcpu >= current.vcpu
                && to.memory_mib >= current.memory_mib
                // Flex types give their full CPU for part of the day only.
                && !to.attributes.contains("flex")
        })
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;
    use trimtab_model::price::InstanceTypeFacts;

    use super::CHECK;
    use crate::scene::{Scene, check, flat, instance_facts, scene};

    fn gpu(percent: f64) -> Scene {
        let g5 = InstanceTypeFacts { accelerators: 1, ..instance_facts("g5.xlarge", 4, 16) };
        scene()
            .instance(|instance| instance.kind.instance_type = "g5.xlarge".into())
            .instance_type(g5, "1.006")
            .instance_type(instance_facts("m6i.xlarge", 4, 16), "0.192")
            .metric(
                "i-1",
                "CWAgent",
                "nvidia_smi_utilization_gpu",
                Statistic::Maximum,
                flat(percent, 14),
            )
    }

    fn with_memory(scene: Scene, percent: f64) -> Scene {
        let metric = "nvidia_smi_utilization_memory";
        scene.metric("i-1", "CWAgent", metric, Statistic::Maximum, flat(percent, 14))
    }

    #[test]
    fn an_idle_gpu_fires() {
        check(&CHECK, with_memory(gpu(0.0), 0.0), "recommend 371.39 / 594.22 / 594.22");
    }

    #[test]
    fn a_type_without_gpu_passes() {
        let mut scene = gpu(0.0);
        scene.snapshot.instances[0].kind.instance_type = "m6i.xlarge".into();
        check(&CHECK, scene, "pass no-gpu");
    }

    #[test]
    fn a_use_just_under_the_threshold_fires_and_at_it_passes() {
        check(&CHECK, with_memory(gpu(4.9), 4.9), "recommend 371.39 / 594.22 / 594.22");
        check(&CHECK, gpu(5.0), "pass in-use");
    }

    #[test]
    fn a_gpu_that_nobody_watched_is_unknown() {
        let mut scene = gpu(0.0);
        scene.profiles = Default::default();
        check(&CHECK, scene, "unknown metric-missing");
    }

    #[test]
    fn a_gpu_whose_memory_nobody_watched_is_unknown() {
        check(&CHECK, gpu(0.0), "unknown metric-missing");
    }

    #[test]
    fn a_loaded_memory_passes() {
        check(&CHECK, with_memory(gpu(0.0), 40.0), "pass in-use");
    }
}
