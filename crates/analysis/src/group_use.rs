//! What the instances of an Auto Scaling group do together, and what they cost.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use trimtab_model::action::GroupSizes;
use trimtab_model::evidence::Figure;
use trimtab_model::id::{InstanceType, ResourceId};
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{CostComponent, Unknown, Verdict};
use trimtab_model::resource::Resource;
use trimtab_model::resource::auto_scaling_group::AutoScalingGroup;
use trimtab_model::resource::instance::Instance;

use crate::check::{Check, Facts};
use crate::observation::{Observation, missing};
use crate::ownership;
use crate::pricing::Tariff;
use crate::verdict::{exempt, unknown};

/// Returns the sizes of the group.
pub fn sizes(group: &AutoScalingGroup) -> GroupSizes {
    GroupSizes {
        min_size: group.min_size,
        max_size: group.max_size,
        desired_capacity: group.desired_capacity,
    }
}

/// Returns the verdict on a group whose size somebody else decides, or that would not follow.
pub fn not_ours(group: &Resource<AutoScalingGroup>) -> Option<Verdict> {
    if let Some(manager) = ownership::manager(&group.tags).filter(|manager| manager.replaces()) {
        return Some(Verdict::Exempt(manager.reason()));
    }
    let suspended = group.kind.suspended_processes.iter().flatten();
    suspended.into_iter().any(|process| process == "Terminate").then(|| {
        exempt(
            "terminate-suspended",
            "The group's process Terminate is suspended: it would not become smaller.",
            "그룹의 Terminate 프로세스가 일시 중지되어 있어 줄어들지 않습니다.",
        )
    })
}

/// Finds a metric under the group's name, else of every member.
///
/// # Errors
/// Returns `Unknown` if neither was watched long and completely enough.
pub fn watched<'a>(
    check: &Check,
    facts: &Facts<'a>,
    group: &Resource<AutoScalingGroup>,
    metric: &'static str,
    statistics: &[Statistic],
) -> Result<Vec<Observation<'a>>, Unknown> {
    let find = |id: &ResourceId| {
        Observation::find(facts, group, std::slice::from_ref(id), "AWS/EC2", metric, statistics)
    };
    if let Some(whole) = find(&group.id) {
        whole.require(check, facts)?;
        return Ok(vec![whole]);
    }
    if group.kind.instance_ids.is_empty() {
        return Err(missing("AWS/EC2", metric, statistics));
    }
    group
        .kind
        .instance_ids
        .iter()
        .map(|id| {
            let seen = find(id).ok_or_else(|| missing("AWS/EC2", metric, statistics))?;
            seen.require(check, facts)?;
            Ok(seen)
        })
        .collect()
}

/// Returns a month of the group's members at list prices, one component per type.
///
/// # Errors
/// Returns `Unknown` if a member was not read, runs on spare capacity, or has no price.
pub fn cost(
    facts: &Facts<'_>,
    group: &Resource<AutoScalingGroup>,
) -> Result<Vec<CostComponent>, Unknown> {
    let tariff = Tariff::of(facts, group);
    let mut types: BTreeMap<InstanceType, CostComponent> = BTreeMap::new();
    for id in &group.kind.instance_ids {
        let instance = member(facts, group, id)?;
        if let Some(lifecycle) = &instance.kind.instance_lifecycle {
            return Err(unknown(
                "price-missing",
                format!(
                    "The price list has no price of the life cycle {lifecycle}, in which {id} runs."
                ),
                format!("정가표에 수명 주기 {lifecycle}의 가격이 없습니다. 해당 인스턴스: {id}."),
                &["billing"],
            ));
        }
        let hours = tariff.running_hours(&instance.kind)?;
        match types.get_mut(&instance.kind.instance_type) {
            Some(sum) => sum.quantity += hours.quantity,
            None => {
                types.insert(instance.kind.instance_type.clone(), hours);
            }
        }
    }
    Ok(types.into_values().collect())
}

/// Returns a formula with each quantity times `share`.
pub fn scaled(formula: &[CostComponent], share: Decimal) -> Vec<CostComponent> {
    formula
        .iter()
        .map(|component| CostComponent {
            quantity: (component.quantity * share).round_dp(4),
            ..component.clone()
        })
        .collect()
}

fn member<'a>(
    facts: &Facts<'a>,
    group: &Resource<AutoScalingGroup>,
    id: &ResourceId,
) -> Result<&'a Resource<Instance>, Unknown> {
    facts
        .snapshot
        .instances
        .iter()
        .find(|instance| {
            instance.id == *id
                && instance.account == group.account
                && instance.region == group.region
        })
        .ok_or_else(|| {
            unknown(
                "members-unknown",
                format!("The member {id} of the group was not read."),
                format!("그룹 인스턴스의 정보가 없습니다: {id}."),
                &["inventory:describe-instances"],
            )
        })
}

/// Returns how often the group changed of late, for the evidence.
pub fn recent_activities(group: &AutoScalingGroup) -> Option<Figure> {
    let count = f64::from(group.recent_activities?);
    Some(Figure::number(
        "scaling_activities",
        "Scaling activities in 30 days",
        "최근 30일 동안의 조정 활동",
        count,
        "",
    ))
}

/// Returns how many instances the group needs to keep its zones, one in each.
pub fn zones(group: &AutoScalingGroup) -> u32 {
    let zones = group.availability_zones.as_ref().map_or(1, Vec::len);
    u32::try_from(zones).unwrap_or(u32::MAX).max(1)
}
