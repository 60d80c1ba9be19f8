//! `ec2:DescribeAddresses`.

use aws_sdk_ec2::types;
use futures::FutureExt;

use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::address::Address;

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::part::Part;
use crate::session::Session;
use crate::tags;

pub(crate) const DESCRIBE: &str = "ec2:DescribeAddresses";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::Address,
    reach: Reach::Region,
    actions: &[DESCRIBE],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    // AWS gives all addresses at once; there are no pages.
    let answer = session
        .ec2()
        .describe_addresses()
        .send()
        .await
        .map_err(|error| AwsError::of(DESCRIBE, &error))?;
    for address in answer.addresses.unwrap_or_default() {
        let tags = tags::ec2(address.tags.clone());
        let id = address.allocation_id.clone().or(address.public_ip.clone());
        let Some(id) = id else { continue };
        part.snapshot.addresses.push(session.resource(id, tags, kind(address)));
    }
    Ok(())
}

/// Returns what the answer says of an address.
pub(crate) fn kind(address: types::Address) -> Address {
    Address {
        public_ip: address.public_ip,
        association_id: address.association_id,
        instance_id: address.instance_id.filter(|id| !id.is_empty()),
        network_interface_id: address.network_interface_id.filter(|id| !id.is_empty()),
        public_ipv4_pool: address.public_ipv4_pool,
    }
}
