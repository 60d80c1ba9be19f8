//! Finds managed node groups of EKS on x86 for which AWS offers Arm types of the same make for
//! less.
//!
//! **Why it costs.** AWS sells its own Arm processors, Graviton, for less than Intel's and AMD's
//! with the same vCPUs and memory, and a node group holds many of them.
//!
//! **What we do.** Build the images for both architectures, make a second node group of the Arm
//! types beside the first, let the pods move, and delete the first. Each Arm type has the same
//! series and size, is no older, has at least as much of everything and is offered in the region.
//! The saving is the machines that run now, at the difference of the two prices.
//!
//! **What could go wrong.** An image without arm64, an agent on every node or a driver keeps pods
//! from starting on the new nodes. Pods that name a node or its architecture stay behind. Groups on
//! Spot, on Windows and with accelerators are left alone, for their prices and images follow other
//! rules.
//!
//! **Where others err.** They flag every group on x86 by the name of its image type, with a fixed
//! share or no amount, and do not see what runs where a launch template names the type.
//!
//! # 한국어
//!
//! 같은 구성의 Arm 유형이 더 저렴한 x86 EKS 관리형 노드 그룹을 찾습니다.
//!
//! **비용이 드는 이유.** AWS의 Arm 프로세서인 Graviton은 vCPU와 메모리가 같은 Intel, AMD 유형보다 저렴하며,
//! 노드 그룹에는 이런 인스턴스가 여러 대 있습니다.
//!
//! **제안하는 조치.** 이미지를 두 아키텍처용으로 빌드하고, 기존 그룹 옆에 Arm 유형의 노드 그룹을 만들어 파드를 옮긴 뒤 기존
//! 그룹을 삭제합니다. Arm 유형은 시리즈와 크기가 같고, 세대가 더 오래되지 않았으며, 모든 사양이 같거나 더 많고, 해당 리전에서
//! 제공됩니다. 절감액은 지금 실행 중인 인스턴스에 두 가격의 차이를 곱한 값입니다.
//!
//! **주의할 점.** arm64 이미지가 없거나 노드마다 실행되는 에이전트, 드라이버가 지원하지 않으면 새 노드에서 파드가 시작되지
//! 않습니다. 노드나 아키텍처를 지정한 파드는 옮겨지지 않습니다. 스팟, Windows, 가속기 노드 그룹은 가격과 이미지 조건이 달라
//! 추천하지 않습니다.
//!
//! **다른 도구와 다른 점.** 이미지 유형 이름만 보고 모든 x86 그룹을 고정 비율로, 또는 금액 없이 보고하며, 시작 템플릿이 유형을
//! 정하는 그룹에서 실제로 무엇이 실행되는지는 보지 못하는 도구가 있습니다.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use trimtab_model::action::{Action, Configuration, ContainerSetting, GroupSizes, NodeShape};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::id::{InstanceType, ResourceId};
use trimtab_model::price::InstanceTypeFacts;
use trimtab_model::recommendation::{
    ActionType, CostComponent, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo,
    Unknown, Verdict,
};
use trimtab_model::resource::eks_nodegroup::EksNodegroup;
use trimtab_model::resource::instance::InstanceState;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::fargate::size::amount;
use crate::pricing::Tariff;
use crate::saving::{INSTANCE_HOURS, estimate_of};
use crate::sizing::arm::arm_equal;
use crate::verdict::{Proposal, exempt, judge_each, pass, risk, unknown};

/// The Arm image type in the place of each x86 one that AWS keeps.
const AMI_TYPES: &[(&str, &str)] = &[
    ("AL2_x86_64", "AL2_ARM_64"),
    ("AL2023_x86_64_STANDARD", "AL2023_ARM_64_STANDARD"),
    ("BOTTLEROCKET_x86_64", "BOTTLEROCKET_ARM_64"),
    ("BOTTLEROCKET_x86_64_FIPS", "BOTTLEROCKET_ARM_64_FIPS"),
];

/// The check.
pub static CHECK: Check = Check {
    id: "eks-nodegroup-x86",
    title: StaticText {
        en: "EKS node group on x86 for which Arm types cost less",
        ko: "Arm 유형이 더 저렴한 x86 EKS 노드 그룹",
    },
    kind: ResourceKind::EksNodegroup,
    action_type: ActionType::MigrateToGraviton,
    needs: &[
        Need::Kind(ResourceKind::EksNodegroup),
        Need::Kind(ResourceKind::Instance),
        Need::OptionalBilling,
    ],
    thresholds: &[Threshold {
        name: "min_saving_percent",
        default: "10",
        unit: "%",
        text: StaticText {
            en: "Least saving by the hour, in percent of the price now, that is worth building the images again.",
            ko: "이미지를 다시 빌드할 가치가 있다고 보는 시간당 최소 절감률입니다.",
        },
    }],
    judge: |check, facts| {
        let groups = &facts.snapshot.eks_nodegroups;
        judge_each(check, facts, ResourceKind::EksNodegroup, groups, judge)
    },
};

/// How many machines of each type run, and which they are.
struct Machines {
    types: BTreeMap<InstanceType, u32>,
    ids: Vec<ResourceId>,
}

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    group: &Resource<EksNodegroup>,
) -> Result<Verdict, Unknown> {
    if let Some(verdict) = not_ours(&group.kind) {
        return Ok(verdict);
    }
    let machines = machines(facts, group)?;
    let tariff = Tariff::of(facts, group);
    let (mut before, mut after, mut arm) = (Vec::new(), Vec::new(), Vec::new());
    for (name, count) in &machines.types {
        let current = known(facts, name)?;
        if let Some(verdict) = not_x86(current) {
            return Ok(verdict);
        }
        let Some(to) = arm_equal(facts, &group.region, group.environment, current) else {
            return Ok(pass(
                "no-arm-type",
                format!("No Arm type of the same series and size as {name} is offered here."),
                format!("이 리전에는 {name} 유형과 시리즈, 크기가 같은 Arm 유형이 없습니다."),
            ));
        };
        before.push(times(tariff.instance_hours(name)?, *count));
        after.push(times(tariff.instance_hours(&to.instance_type)?, *count));
        arm.push(to.instance_type.clone());
    }
    let min_percent = check.threshold(facts, "min_saving_percent");
    let percent = saved_percent(&before, &after).unwrap_or_default();
    if percent < min_percent {
        return Ok(pass(
            "saves-too-little",
            format!("Arm types cost {percent:.1} % less, not the {min_percent} % asked for."),
            format!("Arm 유형의 절감률은 {percent:.1}%로 기준 {min_percent}%에 못 미칩니다."),
        ));
    }
    let reference = group.reference(ResourceKind::EksNodegroup);
    let savings = estimate_of(facts, &reference, &machines.ids, INSTANCE_HOURS, before, after)?;
    let count: u32 = machines.types.values().sum();
    let types = join(&arm);
    Ok(Proposal {
        action: action(group, machines.types.into_keys().collect(), arm),
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::GravitonAvailable],
        reason: Reason::new(
            "arm-is-cheaper",
            format!("{types} in the place of its {count} machines costs {percent:.0} % less by the hour."),
            format!("인스턴스 {count}대를 {types} 유형으로 바꾸면 시간당 {percent:.0}% 저렴합니다."),
        ),
        savings,
        performance_risk: risk(group.environment, 2),
        effort: ImplementationEffort::High,
        restart_needed: Restart::Needed,
        undo: Undo::Compensating(Text::new(
            "A group of the old types is made again, and pods move back to it.",
            "기존 유형의 그룹을 다시 만들고 파드를 옮기면 됩니다.",
        )),
        evidence: Evidence {
            figures: vec![
                Figure::number("machines", "Machines", "인스턴스 수", f64::from(count), ""),
                Figure::word("arm_types", "Arm types", "Arm 유형", types),
            ],
            signals_not_seen: vec![UnseenSignal {
                name: "images".to_owned(),
                text: Text::new(
                    "Whether every image and agent on the nodes exists for arm64.",
                    "노드에서 실행되는 모든 이미지와 에이전트가 arm64용으로 있는지 알 수 없습니다.",
                ),
            }],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

/// Returns the verdict on a group that has no machines, or whose prices follow other rules.
fn not_ours(group: &EksNodegroup) -> Option<Verdict> {
    let ami_type = group.ami_type.as_deref().unwrap_or_default();
    if group.status.as_deref().is_some_and(|status| status != "ACTIVE") {
        return Some(pass("not-active", "The group is changing.", "변경 중인 노드 그룹입니다."));
    }
    if group.desired_size == Some(0) {
        return Some(pass(
            "empty",
            "The group has no machines.",
            "인스턴스가 없는 노드 그룹입니다.",
        ));
    }
    if group.capacity_type.as_deref().is_some_and(|capacity| capacity != "ON_DEMAND") {
        return Some(exempt(
            "not-on-demand",
            "Its machines run on spare or reserved capacity, whose price is another one.",
            "스팟이나 예약 용량으로 실행되어 가격이 다릅니다.",
        ));
    }
    if ami_type.contains("ARM") {
        return Some(arm64());
    }
    ami_type.contains("WINDOWS").then(|| {
        pass(
            "windows",
            "Windows does not run on Graviton.",
            "Windows는 Graviton에서 실행되지 않습니다.",
        )
    })
}

fn not_x86(current: &InstanceTypeFacts) -> Option<Verdict> {
    if current.architecture.contains("arm64") {
        return Some(arm64());
    }
    (current.accelerators > 0).then(|| {
        exempt(
            "accelerated",
            "Its machines have accelerators, whose software decides.",
            "가속기가 있는 인스턴스라 소프트웨어 호환성이 먼저입니다.",
        )
    })
}

fn arm64() -> Verdict {
    pass("arm64", "Its machines run on arm64.", "이미 arm64에서 실행되는 노드 그룹입니다.")
}

/// Returns the machines that run: those that the inventory has in its groups, else as many as
/// are desired of its only type.
fn machines(facts: &Facts<'_>, group: &Resource<EksNodegroup>) -> Result<Machines, Unknown> {
    let names = &group.kind.auto_scaling_groups;
    let is_member =
        |of: Option<&str>| of.is_some_and(|of| names.iter().any(|name| name.as_str() == of));
    let mut found = Machines { types: BTreeMap::new(), ids: Vec::new() };
    for instance in &facts.snapshot.instances {
        let is_ours = instance.account == group.account
            && instance.region == group.region
            && instance.kind.state == InstanceState::Running
            && is_member(instance.kind.auto_scaling_group_name.as_deref());
        if is_ours {
            *found.types.entry(instance.kind.instance_type.clone()).or_default() += 1;
            found.ids.push(instance.id.clone());
        }
    }
    if found.ids.is_empty() {
        let (Some(count), [only]) = (group.kind.desired_size, &*group.kind.instance_types) else {
            return Err(unknown(
                "machines-unknown",
                "Which machines the group runs is not known.",
                "노드 그룹에서 실행 중인 인스턴스를 알 수 없습니다.",
                &["inventory:describe-instances"],
            ));
        };
        found.types.insert(only.clone(), count);
    }
    Ok(found)
}

fn known<'a>(facts: &Facts<'a>, name: &InstanceType) -> Result<&'a InstanceTypeFacts, Unknown> {
    facts.prices.instance_types.get(name).ok_or_else(|| {
        unknown(
            "type-unknown",
            format!("The catalogue does not know the type {name}."),
            format!("카탈로그에 없는 유형입니다: {name}."),
            &["prices:types"],
        )
    })
}

fn times(hours: CostComponent, count: u32) -> CostComponent {
    CostComponent { quantity: hours.quantity * Decimal::from(count), ..hours }
}

fn saved_percent(before: &[CostComponent], after: &[CostComponent]) -> Option<Decimal> {
    let (before, after) = (amount(before)?, amount(after)?);
    (before - after).checked_mul(Decimal::ONE_HUNDRED)?.checked_div(before)
}

fn join(types: &[InstanceType]) -> String {
    types.iter().map(InstanceType::as_str).collect::<Vec<_>>().join(", ")
}

fn action(
    group: &Resource<EksNodegroup>,
    before: Vec<InstanceType>,
    after: Vec<InstanceType>,
) -> Action {
    let kind = &group.kind;
    let id = group.id.as_str();
    let name = id.split_once('/').map_or(id, |(_, name)| name);
    let ami_type = kind.ami_type.as_deref();
    let arm = AMI_TYPES.iter().find(|(x86, _)| Some(*x86) == ami_type).map(|(_, arm)| *arm);
    let shape = |nodegroup_name: String, instance_types, ami_type: Option<&str>| {
        Configuration::Container(ContainerSetting::Nodes(NodeShape {
            cluster_name: kind.cluster_name.clone(),
            nodegroup_name,
            instance_types,
            ami_type: ami_type.map(str::to_owned),
            sizes: GroupSizes {
                min_size: kind.min_size.unwrap_or_default(),
                max_size: kind.max_size.unwrap_or_default(),
                desired_capacity: kind.desired_size.unwrap_or_default(),
            },
        }))
    };
    Action::Configure {
        from: shape(name.to_owned(), before, ami_type),
        to: shape(format!("{name}-arm64"), after, arm),
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::scene::{Scene, check, instance_facts, recommended, scene};
    use trimtab_model::price::InstanceTypeFacts;

    /// A group of two m5.large, with an Arm type at a price.
    fn group(arm: &str) -> Scene {
        let facts = InstanceTypeFacts {
            architecture: "arm64".to_owned(),
            ..instance_facts("m6g.large", 2, 8)
        };
        scene()
            .instance_type(instance_facts("m5.large", 2, 8), "0.096")
            .instance_type(facts, arm)
            .eks_nodegroup(|group| {
                group.kind.desired_size = Some(2);
                group.kind.instance_types = vec!["m5.large".into()];
                group.kind.ami_type = Some("AL2023_x86_64_STANDARD".into());
                group.kind.auto_scaling_groups = vec!["eks-workers".into()];
            })
    }

    #[test]
    fn a_group_on_x86_fires() {
        check(&CHECK, group("0.077"), "recommend 17.34 / 27.74 / 27.74");
        let action = recommended(&CHECK, &group("0.077")).action;
        let target = group("0.077").reference("games/workers");
        let apply = action.commands(&target).apply;
        assert!(apply[0].contains("--nodegroup-name workers-arm64"), "{apply:?}");
        assert!(apply[0].contains("--ami-type AL2023_ARM_64_STANDARD"), "{apply:?}");
    }

    #[test]
    fn a_group_on_arm_and_an_empty_one_pass() {
        let mut arm = group("0.077");
        arm.snapshot.eks_nodegroups[0].kind.ami_type = Some("AL2023_ARM_64_STANDARD".into());
        check(&CHECK, arm, "pass arm64");
        let mut empty = group("0.077");
        empty.snapshot.eks_nodegroups[0].kind.desired_size = Some(0);
        check(&CHECK, empty, "pass empty");
        let mut spot = group("0.077");
        spot.snapshot.eks_nodegroups[0].kind.capacity_type = Some("SPOT".into());
        check(&CHECK, spot, "exempt not-on-demand");
    }

    #[test]
    fn a_saving_just_under_the_threshold_passes() {
        check(&CHECK, group("0.0865"), "pass saves-too-little");
        check(&CHECK, group("0.0864"), "recommend 8.76 / 14.02 / 14.02");
    }

    #[test]
    fn the_machines_that_run_come_before_what_is_desired() {
        let scene = group("0.077")
            .instance(|instance| {
                instance.kind.auto_scaling_group_name = Some("eks-workers".into());
            })
            .bill("i-1", "BoxUsage:m5.large", "720", "69.12");
        check(&CHECK, scene, "recommend 13.87 / 13.87 / 13.87");
    }

    #[test]
    fn a_group_whose_machines_nobody_knows_is_unknown() {
        let mut scene = group("0.077");
        scene.snapshot.eks_nodegroups[0].kind.instance_types.clear();
        check(&CHECK, scene, "unknown machines-unknown");
    }
}
