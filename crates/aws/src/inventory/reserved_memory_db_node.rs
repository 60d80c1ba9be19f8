//! `memorydb:DescribeReservedNodes`.

use aws_sdk_memorydb::types;
use futures::FutureExt;

use trimtab_model::resource::reserved_memory_db_node::ReservedMemoryDbNode;
use trimtab_model::resource::{ResourceKind, Tags};

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, number, tags};

const DESCRIBE: &str = "memorydb:DescribeReservedNodes";
const LIST_TAGS: &str = "memorydb:ListTags";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::ReservedMemoryDbNode,
    reach: Reach::Region,
    actions: &[DESCRIBE, LIST_TAGS],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let mut found = Vec::new();
    let listing = session.memorydb().describe_reserved_nodes();
    let listed = pages(DESCRIBE, listing.into_paginator().send(), |page| {
        found.extend(page.reserved_nodes.unwrap_or_default());
    })
    .await;
    for purchase in found {
        let Some(id) = purchase.reservation_id.clone() else { continue };
        let tags = match &purchase.arn {
            Some(arn) => {
                let tags = tags_of(session, arn).await;
                part.detail(tags).unwrap_or_default()
            }
            None => Tags::new(),
        };
        let Some(kind) = kind(purchase) else { continue };
        part.snapshot.reserved_memory_db_nodes.push(session.resource(id, tags, kind));
    }
    listed
}

async fn tags_of(session: &Session, arn: &str) -> Result<Tags, AwsError> {
    let answer = session
        .memorydb()
        .list_tags()
        .resource_arn(arn)
        .send()
        .await
        .map_err(|error| AwsError::of(LIST_TAGS, &error))?;
    let pairs = answer.tag_list.unwrap_or_default().into_iter();
    Ok(tags::of_pairs(pairs.map(|tag| (tag.key, tag.value))))
}

fn kind(purchase: types::ReservedNode) -> Option<ReservedMemoryDbNode> {
    let charges = purchase.recurring_charges.unwrap_or_default();
    let hourly = charges
        .iter()
        .find(|charge| charge.recurring_charge_frequency.as_deref() == Some("Hourly"));
    Some(ReservedMemoryDbNode {
        arn: purchase.arn,
        node_type: purchase.node_type?,
        node_count: number::positive(Some(purchase.node_count)),
        offering_type: purchase.offering_type,
        start_time: moment::optional(purchase.start_time.as_ref()),
        duration_seconds: number::count(Some(purchase.duration)),
        state: purchase.state,
        fixed_price: number::decimal(purchase.fixed_price),
        recurring_hourly_charge: hourly
            .and_then(|charge| number::decimal(charge.recurring_charge_amount)),
    })
}
