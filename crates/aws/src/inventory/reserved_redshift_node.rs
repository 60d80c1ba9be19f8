//! `redshift:DescribeReservedNodes`.

use aws_sdk_redshift::types;
use futures::FutureExt;

use trimtab_model::resource::reserved_redshift_node::ReservedRedshiftNode;
use trimtab_model::resource::{ResourceKind, Tags};

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, number};

const DESCRIBE: &str = "redshift:DescribeReservedNodes";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::ReservedRedshiftNode,
    reach: Reach::Region,
    actions: &[DESCRIBE],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let listing = session.redshift().describe_reserved_nodes().max_records(100);
    pages(DESCRIBE, listing.into_paginator().send(), |page| {
        for purchase in page.reserved_nodes.unwrap_or_default() {
            let Some(id) = purchase.reserved_node_id.clone() else { continue };
            let Some(kind) = kind(purchase) else { continue };
            // No call tells the tags of these purchases.
            part.snapshot.reserved_redshift_nodes.push(session.resource(id, Tags::new(), kind));
        }
    })
    .await
}

fn kind(purchase: types::ReservedNode) -> Option<ReservedRedshiftNode> {
    let charges = purchase.recurring_charges.unwrap_or_default();
    let hourly = charges
        .iter()
        .find(|charge| charge.recurring_charge_frequency.as_deref() == Some("Hourly"));
    Some(ReservedRedshiftNode {
        node_type: purchase.node_type?,
        node_count: number::positive(purchase.node_count),
        offering_type: purchase.offering_type,
        currency_code: purchase.currency_code,
        start_time: moment::optional(purchase.start_time.as_ref()),
        duration_seconds: number::count(purchase.duration),
        state: purchase.state,
        fixed_price: purchase.fixed_price.and_then(number::decimal),
        usage_price: purchase.usage_price.and_then(number::decimal),
        recurring_hourly_charge: hourly
            .and_then(|charge| number::decimal(charge.recurring_charge_amount?)),
    })
}
