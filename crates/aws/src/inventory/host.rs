//! `ec2:DescribeHosts`.

use futures::FutureExt;

use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::host::Host;

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, tags};

const DESCRIBE: &str = "ec2:DescribeHosts";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::Host,
    reach: Reach::Region,
    actions: &[DESCRIBE],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let stream = session.ec2().describe_hosts().max_results(500).into_paginator().send();
    pages(DESCRIBE, stream, |page| {
        for host in page.hosts.unwrap_or_default() {
            // Hosts that others share with this account are theirs to release.
            let owner = host.owner_id.as_deref();
            if owner.is_some_and(|owner| owner != session.account().as_str()) {
                continue;
            }
            let (Some(id), Some(state)) = (host.host_id, host.state) else { continue };
            let properties = host.host_properties;
            let kind = Host {
                state: state.as_str().to_owned(),
                instance_type: properties.as_ref().and_then(|one| one.instance_type.clone()),
                instance_family: properties.and_then(|one| one.instance_family),
                availability_zone: host.availability_zone,
                allocation_time: moment::optional(host.allocation_time.as_ref()),
                auto_placement: host.auto_placement.map(|word| word.as_str().to_owned()),
                host_reservation_id: host.host_reservation_id.filter(|id| !id.is_empty()),
                member_of_service_linked_resource_group: host
                    .member_of_service_linked_resource_group,
                instance_ids: host
                    .instances
                    .unwrap_or_default()
                    .into_iter()
                    .filter_map(|instance| Some(instance.instance_id?.into()))
                    .collect(),
            };
            part.snapshot.hosts.push(session.resource(id, tags::ec2(host.tags), kind));
        }
    })
    .await
}
