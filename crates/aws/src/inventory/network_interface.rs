//! `ec2:DescribeNetworkInterfaces`.

use futures::FutureExt;

use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::network_interface::NetworkInterface;

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::tags;

const DESCRIBE: &str = "ec2:DescribeNetworkInterfaces";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::NetworkInterface,
    reach: Reach::Region,
    actions: &[DESCRIBE],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let stream =
        session.ec2().describe_network_interfaces().max_results(1000).into_paginator().send();
    pages(DESCRIBE, stream, |page| {
        for interface in page.network_interfaces.unwrap_or_default() {
            let (Some(id), Some(status)) = (interface.network_interface_id, interface.status)
            else {
                continue;
            };
            let association = interface.association;
            let attachment = interface.attachment;
            let kind = NetworkInterface {
                status: status.as_str().to_owned(),
                interface_type: interface.interface_type.map(|word| word.as_str().to_owned()),
                vpc_id: interface.vpc_id,
                subnet_id: interface.subnet_id,
                requester_managed: interface.requester_managed,
                instance_id: attachment.and_then(|one| one.instance_id).map(Into::into),
                public_ip: association.as_ref().and_then(|one| one.public_ip.clone()),
                allocation_id: association.and_then(|one| one.allocation_id),
            };
            let tags = tags::ec2(interface.tag_set);
            part.snapshot.network_interfaces.push(session.resource(id, tags, kind));
        }
    })
    .await
}
