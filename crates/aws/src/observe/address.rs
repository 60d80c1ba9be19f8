//! An Elastic IP address.

use aws_sdk_ec2::types::{self, Filter};

use trimtab_model::observed::{AddressObserved, AddressPreflight, Observed};
use trimtab_model::plan::Change;

use super::fingerprint;
use super::resource::{Facts, Look, is_opted_in, unless_absent};
use super::volume::quarantine;
use crate::actuator::CHANGE_TAG;
use crate::error::AwsError;
use crate::inventory;
use crate::inventory::address::DESCRIBE;
use crate::session::Session;
use crate::tags;

/// What is read.
pub(crate) const READS: &[&str] = &[DESCRIBE];

/// Codes that say that there is no such address.
const ABSENT: &[&str] = &["InvalidAllocationID.NotFound", "InvalidAddress.NotFound"];

/// Looks at the address of a change: the one of its allocation, or the one that the change asked
/// for again and that has another allocation.
pub(super) async fn look(session: &Session, change: &Change) -> Result<Look, AwsError> {
    let id = change.resource.id.as_str();
    let found = match by_allocation(session, id).await? {
        None => by_change(session, change).await?,
        found => found,
    };
    let Some(found) = found else { return Ok(Look::gone()) };
    let id = found.allocation_id.clone().unwrap_or_else(|| id.to_owned());
    let tags = tags::ec2(found.tags.clone());
    let resource = session.resource(id, tags, inventory::address::kind(found));
    let kind = &resource.kind;
    let is_associated = kind.association_id.is_some()
        || kind.instance_id.is_some()
        || kind.network_interface_id.is_some();
    let facts = AddressPreflight {
        is_associated: Some(is_associated),
        is_of_own_pool: kind.public_ipv4_pool.as_deref().map(|pool| pool != "amazon"),
        tags: Some(resource.tags.clone()),
        ..AddressPreflight::default()
    };
    let observed = AddressObserved {
        fingerprint: fingerprint::address(&resource),
        obstacles: Vec::new(),
        public_ip: kind.public_ip.clone(),
        is_associated,
        is_opted_in: is_opted_in(&resource.tags),
        quarantine_until: quarantine(&resource.tags),
    };
    Ok(Look::whole(Observed::Address(observed), Facts::Address(facts)))
}

async fn by_allocation(session: &Session, id: &str) -> Result<Option<types::Address>, AwsError> {
    let answer = session.ec2().describe_addresses().allocation_ids(id).send().await;
    let answer = answer.map_err(|error| AwsError::of(DESCRIBE, &error));
    let all = unless_absent(answer, ABSENT)?.and_then(|answer| answer.addresses);
    let mut all = all.unwrap_or_default().into_iter();
    Ok(all.find(|one| one.allocation_id.as_deref() == Some(id)))
}

async fn by_change(session: &Session, change: &Change) -> Result<Option<types::Address>, AwsError> {
    let name = format!("tag:{CHANGE_TAG}");
    let tag = Filter::builder().name(name).values(change.id.as_str()).build();
    let answer = session.ec2().describe_addresses().filters(tag).send().await;
    let answer = answer.map_err(|error| AwsError::of(DESCRIBE, &error))?;
    let mut all = answer.addresses.unwrap_or_default().into_iter();
    Ok(all.find(|one| {
        let tags = tags::ec2(one.tags.clone());
        tags.get(CHANGE_TAG).is_some_and(|value| value == change.id.as_str())
    }))
}
