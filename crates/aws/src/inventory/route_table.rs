//! `ec2:DescribeRouteTables`.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::Route;
use futures::FutureExt;

use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::route_table::RouteTable;

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::tags;

const DESCRIBE: &str = "ec2:DescribeRouteTables";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::RouteTable,
    reach: Reach::Region,
    actions: &[DESCRIBE],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let stream = session.ec2().describe_route_tables().max_results(100).into_paginator().send();
    pages(DESCRIBE, stream, |page| {
        for table in page.route_tables.unwrap_or_default() {
            let Some(id) = table.route_table_id else { continue };
            let associations = table.associations.unwrap_or_default();
            let targets: BTreeSet<String> =
                table.routes.unwrap_or_default().into_iter().filter_map(target).collect();
            let kind = RouteTable {
                vpc_id: table.vpc_id,
                main: associations.iter().any(|one| one.main == Some(true)),
                subnet_ids: associations.into_iter().filter_map(|one| one.subnet_id).collect(),
                targets: targets.into_iter().collect(),
            };
            part.snapshot.route_tables.push(session.resource(id, tags::ec2(table.tags), kind));
        }
    })
    .await
}

/// Returns what a route leads to; a route within the VPC leads nowhere.
fn target(route: Route) -> Option<String> {
    route
        .nat_gateway_id
        .or(route.transit_gateway_id)
        .or(route.vpc_peering_connection_id)
        .or(route.network_interface_id)
        .or(route.instance_id)
        .or(route.egress_only_internet_gateway_id)
        .or(route.local_gateway_id)
        .or(route.carrier_gateway_id)
        .or(route.core_network_arn)
        .or(route.odb_network_arn)
        .or(route.gateway_id)
        .filter(|target| target != "local")
}
