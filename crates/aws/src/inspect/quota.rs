//! How many vCPUs of a family may run, and how many do.

use std::collections::BTreeMap;

use aws_sdk_ec2::types::{CapacityReservationState, Filter};

use trimtab_model::id::InstanceType;

use super::whole::Reading;
use crate::actuator::CHANGE_TAG;
use crate::error::AwsError;
use crate::observe::type_traits;
use crate::page::pages;
use crate::tags;

pub(super) const GET: &str = "servicequotas:GetServiceQuota";
const DESCRIBE: &str = crate::inventory::instance::DESCRIBE;
const DESCRIBE_RESERVATIONS: &str = crate::observe::DESCRIBE_RESERVATIONS;

/// The quotas of running On-Demand instances by the letters that the families begin with, and
/// their codes (EC2 user guide, "On-Demand Instance quotas"; Service Quotas, service `ec2`). A
/// family that is not here has a quota whose code is not known, and its quota stays unread.
const QUOTAS: &[(&[&str], &str)] = &[
    (&["a", "c", "d", "h", "i", "im", "is", "m", "r", "t", "z"], "L-1216C47A"),
    (&["g", "gr", "vt"], "L-DB2E81BA"),
    (&["p"], "L-417A185B"),
    (&["dl"], "L-6E869C2A"),
    (&["f"], "L-74FC7D96"),
    (&["x"], "L-7295265B"),
];
/// What counts as running: what starts and what has not stopped yet as well.
const RUNNING: &[&str] = &["pending", "running", "stopping"];

/// What a quota allows, and what is used of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quota {
    pub(super) most: u32,
    pub(super) running: u32,
}

/// Returns the code of the quota that a type counts for.
pub(super) fn code(of: &InstanceType) -> Option<&'static str> {
    let family = of.as_str();
    let letters = family.find(|sign: char| sign.is_ascii_digit())?;
    let letters = family.get(..letters)?;
    QUOTAS.iter().find(|(all, _)| all.contains(&letters)).map(|(_, code)| *code)
}

/// Reads the quota that a type counts for, and adds up what runs of it.
pub(super) async fn of(reading: &mut Reading<'_>, wanted: &InstanceType) -> Option<Quota> {
    let Some(code) = code(wanted) else {
        reading.note(AwsError::Failed {
            action: GET.to_owned(),
            code: "UnknownFamily".to_owned(),
            message: format!("which quota {wanted} counts for is not known"),
        });
        return None;
    };
    let most = most(reading, code).await;
    let most = reading.noted(most)?;
    let running = running(reading, code).await;
    let running = reading.noted(running)?;
    Some(Quota { most, running })
}

async fn most(reading: &Reading<'_>, code: &str) -> Result<u32, AwsError> {
    let client = reading.session.service_quotas();
    let answer = client.get_service_quota().service_code("ec2").quota_code(code).send().await;
    let answer = answer.map_err(|error| AwsError::of(GET, &error))?;
    let value = answer.quota.and_then(|one| one.value).filter(|one| *one >= 0.0);
    // A quota is a whole number, and none is larger than this.
    value.map(|value| value.min(f64::from(u32::MAX)) as u32).ok_or_else(|| AwsError::Failed {
        action: GET.to_owned(),
        code: "IncompleteAnswer".to_owned(),
        message: format!("the answer lacks the value of {code}"),
    })
}

/// Adds up the vCPUs of all On-Demand instances and unused reservations of a quota. With other
/// processor options an instance may count for less than its type has; here it counts for all.
async fn running(reading: &Reading<'_>, code: &str) -> Result<u32, AwsError> {
    let mut types: BTreeMap<String, u32> = BTreeMap::new();
    let states = RUNNING.iter().map(|one| (*one).to_owned()).collect();
    let filter = Filter::builder().name("instance-state-name").set_values(Some(states)).build();
    let request = reading.session.ec2().describe_instances().filters(filter);
    pages(DESCRIBE, request.into_paginator().send(), |page| {
        let all = page.reservations.unwrap_or_default().into_iter();
        for one in all.flat_map(|one| one.instances.unwrap_or_default()) {
            let Some(name) = one.instance_type.filter(|_| one.instance_lifecycle.is_none()) else {
                continue;
            };
            *types.entry(name.as_str().to_owned()).or_default() += 1;
        }
    })
    .await?;
    let change = reading.change.id.as_str();
    let request = reading.session.ec2().describe_capacity_reservations();
    pages(DESCRIBE_RESERVATIONS, request.into_paginator().send(), |page| {
        for one in page.capacity_reservations.unwrap_or_default() {
            // What is held for this very change is what it will run in.
            let tags = tags::ec2(one.tags);
            let is_ours = tags.get(CHANGE_TAG).map(String::as_str) == Some(change);
            let is_active = one.state == Some(CapacityReservationState::Active) && !is_ours;
            let free = crate::number::count(one.available_instance_count).unwrap_or(0);
            let Some(name) = one.instance_type.filter(|_| is_active) else { continue };
            *types.entry(name).or_default() += free;
        }
    })
    .await?;
    let mut all: u32 = 0;
    for (name, count) in types {
        let name = InstanceType::new(name);
        if self::code(&name) != Some(code) {
            continue;
        }
        let found = type_traits::of(reading.session, reading.known, &name).await?;
        let vcpu = found.traits.vcpu.ok_or_else(|| AwsError::Failed {
            action: type_traits::DESCRIBE_TYPES.to_owned(),
            code: "IncompleteAnswer".to_owned(),
            message: format!("the answer lacks the vCPUs of {name}"),
        })?;
        all = all.saturating_add(vcpu.saturating_mul(count));
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_counts_for_the_quota_of_its_letters() {
        let of = |name: &str| code(&InstanceType::new(name));
        for standard in ["m5.large", "t3a.nano", "im4gn.large", "z1d.large", "r8g.large"] {
            assert_eq!(of(standard), Some("L-1216C47A"), "{standard}");
        }
        assert_eq!(of("g5g.xlarge"), Some("L-DB2E81BA"));
        assert_eq!(of("x2iedn.xlarge"), Some("L-7295265B"));
        // No code is guessed.
        for unknown in ["u-6tb1.metal", "hpc7a.96xlarge", "trn1.2xlarge", "quantum.large"] {
            assert_eq!(of(unknown), None, "{unknown}");
        }
    }
}
