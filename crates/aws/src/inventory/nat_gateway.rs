//! `ec2:DescribeNatGateways`.

use futures::FutureExt;

use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::nat_gateway::NatGateway;

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, tags};

const DESCRIBE: &str = "ec2:DescribeNatGateways";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::NatGateway,
    reach: Reach::Region,
    actions: &[DESCRIBE],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let stream = session.ec2().describe_nat_gateways().max_results(1000).into_paginator().send();
    pages(DESCRIBE, stream, |page| {
        for gateway in page.nat_gateways.unwrap_or_default() {
            let (Some(id), Some(state)) = (gateway.nat_gateway_id, gateway.state) else { continue };
            let kind = NatGateway {
                state: state.as_str().to_owned(),
                create_time: moment::optional(gateway.create_time.as_ref()),
                vpc_id: gateway.vpc_id,
                subnet_id: gateway.subnet_id,
                connectivity_type: gateway.connectivity_type.map(|word| word.as_str().to_owned()),
                allocation_ids: gateway
                    .nat_gateway_addresses
                    .unwrap_or_default()
                    .into_iter()
                    .filter_map(|address| address.allocation_id)
                    .collect(),
            };
            part.snapshot.nat_gateways.push(session.resource(id, tags::ec2(gateway.tags), kind));
        }
    })
    .await
}
