//! Finds x86 instances for which AWS offers an Arm type of the same make for less.
//!
//! **Why it costs.** AWS sells its own Arm processors, Graviton, for less than Intel's and AMD's with the
//! same vCPUs and memory; a vCPU of Graviton is a whole core.
//!
//! **What we do.** Build the software for arm64, start an instance of the Arm type in the place of the old
//! one, move over, keep the old one stopped until nobody misses it. The Arm type has the same series and
//! size, is no older, has at least the same vCPUs and memory, and network and EBS throughput within
//! 5 %, and is offered in the region; the saving is the difference of the two prices there.
//!
//! **What could go wrong.** An x86 machine cannot be changed in place: everything on it must exist for arm64, and
//! some commercial software does not. Test under load before users move.
//!
//! **Where others err.** They promise a fixed share, such as 20 or 40 %, and flag Windows machines, software
//! from the Marketplace and members of Auto Scaling groups alike.
//!
//! # 한국어
//!
//! 같은 구성의 Arm 유형이 더 저렴한 x86 인스턴스를 찾습니다.
//!
//! **비용이 드는 이유.** AWS의 Arm 프로세서인 Graviton은 vCPU와 메모리가 같은 Intel, AMD 유형보다 저렴하며,
//! Graviton의 vCPU 하나는 물리 코어 하나입니다.
//!
//! **제안하는 조치.** 소프트웨어를 arm64용으로 빌드하고 Arm 인스턴스를 새로 시작해 옮긴 뒤, 문제가 없는지 확인될
//! 때까지 기존 인스턴스는 중지해 둡니다. Arm 유형은 시리즈와 크기가 같고, 세대가 더 오래되지 않았으며, vCPU와
//! 메모리가 같거나 더 많고, 네트워크와 EBS 처리량은 5% 이내로 같으며, 해당 리전에서 제공됩니다. 절감액은 그 리전의 두 가격 차이입니다.
//!
//! **주의할 점.** x86 인스턴스는 그대로 바꿀 수 없습니다. 설치된 모든 소프트웨어가 arm64를 지원해야 하며, 일부
//! 상용 소프트웨어는 지원하지 않습니다. 사용자를 옮기기 전에 부하 시험을 하세요.
//!
//! **다른 도구와 다른 점.** 20%나 40% 같은 고정 비율을 약속하고, Windows, Marketplace 소프트웨어, Auto Scaling
//! 그룹의 인스턴스까지 똑같이 보고하는 도구가 많습니다.

use rust_decimal::Decimal;

use trimtab_model::action::Action;
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::instance::Instance;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::pricing::Tariff;
use crate::saving::{INSTANCE_HOURS, estimate_of};
use crate::sizing::arm::arm_equal;
use crate::sizing::exemption;
use crate::verdict::{Proposal, exempt, judge_each, pass, risk, unknown};

/// The check.
pub static CHECK: Check = Check {
    id: "ec2-instance-x86",
    title: StaticText {
        en: "x86 instance for which an Arm type costs less",
        ko: "Arm 유형이 더 저렴한 x86 인스턴스",
    },
    kind: ResourceKind::Instance,
    action_type: ActionType::MigrateToGraviton,
    needs: &[Need::Kind(ResourceKind::Instance), Need::OptionalBilling],
    thresholds: &[Threshold {
        name: "min_saving_percent",
        default: "10",
        unit: "%",
        text: StaticText {
            en: "Least saving by the hour, in percent of the price now, that is worth moving the software.",
            ko: "소프트웨어를 옮길 가치가 있다고 보는 시간당 최소 절감률입니다.",
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
    let Some(current) = facts.prices.instance_types.get(&kind.instance_type) else {
        return Err(unknown(
            "type-unknown",
            format!("The catalogue does not know the type {}.", kind.instance_type),
            format!("카탈로그에 없는 유형입니다: {}.", kind.instance_type),
            &["prices:types"],
        ));
    };
    if kind.architecture.as_deref().unwrap_or(&current.architecture) != "x86_64" {
        return Ok(pass("not-x86", "The instance is not x86_64.", "x86_64 인스턴스가 아닙니다."));
    }
    if kind.platform_details.as_deref().is_some_and(|platform| platform.contains("Windows")) {
        return Ok(pass(
            "windows",
            "Windows does not run on Graviton.",
            "Windows는 Graviton에서 실행되지 않습니다.",
        ));
    }
    if let Some(verdict) = exemption::verdict(instance) {
        return Ok(verdict);
    }
    match kind.has_product_codes {
        Some(false) => {}
        Some(true) => {
            return Ok(exempt(
                "marketplace",
                "Its software comes from the Marketplace, for this architecture.",
                "이 아키텍처용 Marketplace 소프트웨어를 쓰는 인스턴스입니다.",
            ));
        }
        None => {
            return Err(unknown(
                "product-codes-unknown",
                "Whether its software comes from the Marketplace is not known.",
                "Marketplace 소프트웨어를 쓰는지 알 수 없습니다.",
                &["inventory:describe-instances"],
            ));
        }
    }
    let tariff = Tariff::of(facts, instance);
    let price_now = tariff.running_hours(kind)?;
    let Some(to) = arm_equal(facts, &instance.region, instance.environment, current) else {
        return Ok(pass(
            "no-arm-type",
            "No Arm type of the same series and size is offered here.",
            "이 리전에는 시리즈와 크기가 같은 Arm 유형이 없습니다.",
        ));
    };
    let price_after = tariff.instance_hours(&to.instance_type)?;
    let difference = price_now.price.usd - price_after.price.usd;
    let percent = difference
        .checked_mul(Decimal::ONE_HUNDRED)
        .and_then(|hundredfold| hundredfold.checked_div(price_now.price.usd))
        .unwrap_or_default();
    let min_percent = check.threshold(facts, "min_saving_percent");
    if percent < min_percent {
        return Ok(pass(
            "saves-too-little",
            format!(
                "{} costs {percent:.1} % less, not the {min_percent} % asked for.",
                to.instance_type
            ),
            format!(
                "{}의 절감률은 {percent:.1}%로 기준 {min_percent}%에 못 미칩니다.",
                to.instance_type
            ),
        ));
    }
    let reference = instance.reference(ResourceKind::Instance);
    let names = std::slice::from_ref(&instance.id);
    let savings =
        estimate_of(facts, &reference, names, INSTANCE_HOURS, vec![price_now], vec![price_after])?;
    let (from_type, to_type) = (kind.instance_type.clone(), to.instance_type.clone());
    Ok(Proposal {
        reason: Reason::new(
            "arm-is-cheaper",
            format!("{to_type} has the same vCPUs and memory or more and costs {percent:.0} % less by the hour."),
            format!("{to_type} 유형은 vCPU와 메모리가 같거나 더 많으면서 시간당 {percent:.0}% 저렴합니다."),
        ),
        action: Action::MigrateInstance { from: from_type, to: to_type },
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::GravitonAvailable],
        savings,
        performance_risk: risk(instance.environment, 2),
        effort: ImplementationEffort::High,
        restart_needed: Restart::Needed,
        undo: Undo::Compensating(Text::new(
            "The old instance starts again as it was; what was written to the new one since must be carried back.",
            "기존 인스턴스를 다시 시작하면 되지만, 그동안 새 인스턴스에 기록된 데이터는 옮겨야 합니다.",
        )),
        evidence: Evidence {
            figures: vec![
                Figure::number("vcpu", "vCPUs", "vCPU", f64::from(to.vcpu), "").against(f64::from(current.vcpu)),
                Figure::number("memory_gib", "Memory", "메모리", to.memory_mib as f64 / 1024.0, "GiB")
                    .against(current.memory_mib as f64 / 1024.0),
            ],
            signals_not_seen: vec![UnseenSignal {
                name: "software".to_owned(),
                text: Text::new(
                    "Whether everything that runs on it exists for arm64.",
                    "설치된 모든 소프트웨어가 arm64를 지원하는지 알 수 없습니다.",
                ),
            }],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use trimtab_model::price::InstanceTypeFacts;

    use super::CHECK;
    use crate::scene::{Scene, check, instance_facts, scene};

    fn with_arm(usd: &str) -> Scene {
        let arm = InstanceTypeFacts {
            architecture: "arm64".to_owned(),
            cpu_vendor: Some("AWS".to_owned()),
            ..instance_facts("m6g.large", 2, 8)
        };
        scene()
            .instance(|_| ())
            .instance_type(instance_facts("m5.large", 2, 8), "0.096")
            .instance_type(arm, usd)
    }

    #[test]
    fn an_x86_instance_with_a_cheaper_arm_type_fires() {
        check(&CHECK, with_arm("0.077"), "recommend 8.67 / 13.87 / 13.87");
    }

    #[test]
    fn an_arm_instance_passes() {
        let mut scene = with_arm("0.077");
        scene.snapshot.instances[0].kind.architecture = Some("arm64".into());
        check(&CHECK, scene, "pass not-x86");
    }

    #[test]
    fn a_windows_machine_passes_and_marketplace_software_is_exempt() {
        let mut windows = with_arm("0.077");
        windows.snapshot.instances[0].kind.platform_details = Some("Windows".into());
        check(&CHECK, windows, "pass windows");
        let mut bought = with_arm("0.077");
        bought.snapshot.instances[0].kind.has_product_codes = Some(true);
        check(&CHECK, bought, "exempt marketplace");
    }

    #[test]
    fn a_saving_just_under_the_threshold_passes() {
        check(&CHECK, with_arm("0.0865"), "pass saves-too-little");
        check(&CHECK, with_arm("0.0864"), "recommend 4.38 / 7.01 / 7.01");
    }

    #[test]
    fn an_instance_of_which_the_software_is_not_known_is_unknown() {
        let mut scene = with_arm("0.077");
        scene.snapshot.instances[0].kind.has_product_codes = None;
        check(&CHECK, scene, "unknown product-codes-unknown");
    }
}
