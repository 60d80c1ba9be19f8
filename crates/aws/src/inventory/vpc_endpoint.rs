//! `ec2:DescribeVpcEndpoints`.

use futures::FutureExt;

use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::vpc_endpoint::VpcEndpoint;

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, tags};

const DESCRIBE: &str = "ec2:DescribeVpcEndpoints";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::VpcEndpoint,
    reach: Reach::Region,
    actions: &[DESCRIBE],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let stream = session.ec2().describe_vpc_endpoints().max_results(1000).into_paginator().send();
    pages(DESCRIBE, stream, |page| {
        for endpoint in page.vpc_endpoints.unwrap_or_default() {
            let (Some(id), Some(service_name)) = (endpoint.vpc_endpoint_id, endpoint.service_name)
            else {
                continue;
            };
            let Some(vpc_endpoint_type) = endpoint.vpc_endpoint_type else { continue };
            let kind = VpcEndpoint {
                vpc_endpoint_type: vpc_endpoint_type.as_str().to_owned(),
                vpc_id: endpoint.vpc_id,
                service_name,
                // Some endpoints answer with a capital: `Available`.
                state: endpoint.state.map(|word| word.as_str().to_ascii_lowercase()),
                subnet_ids: endpoint.subnet_ids.unwrap_or_default(),
                route_table_ids: endpoint.route_table_ids.unwrap_or_default(),
                private_dns_enabled: endpoint.private_dns_enabled,
                private_dns_only_for_inbound_resolver_endpoint: endpoint
                    .dns_options
                    .and_then(|options| options.private_dns_only_for_inbound_resolver_endpoint),
                requester_managed: endpoint.requester_managed,
                creation_timestamp: moment::optional(endpoint.creation_timestamp.as_ref()),
            };
            part.snapshot.vpc_endpoints.push(session.resource(id, tags::ec2(endpoint.tags), kind));
        }
    })
    .await
}
