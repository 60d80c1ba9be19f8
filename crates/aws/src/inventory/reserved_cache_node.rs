//! `elasticache:DescribeReservedCacheNodes`.

use aws_sdk_elasticache::types;
use futures::FutureExt;

use trimtab_model::resource::reserved_cache_node::ReservedCacheNode;
use trimtab_model::resource::{ResourceKind, Tags};

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, number, tags};

const DESCRIBE: &str = "elasticache:DescribeReservedCacheNodes";
const LIST_TAGS: &str = "elasticache:ListTagsForResource";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::ReservedCacheNode,
    reach: Reach::Region,
    actions: &[DESCRIBE, LIST_TAGS],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let mut found = Vec::new();
    let listing = session.elasticache().describe_reserved_cache_nodes().max_records(100);
    let listed = pages(DESCRIBE, listing.into_paginator().send(), |page| {
        found.extend(page.reserved_cache_nodes.unwrap_or_default());
    })
    .await;
    for purchase in found {
        let Some(id) = purchase.reserved_cache_node_id.clone() else { continue };
        let tags = match &purchase.reservation_arn {
            Some(arn) => {
                let tags = tags_of(session, arn).await;
                part.detail(tags).unwrap_or_default()
            }
            None => Tags::new(),
        };
        let Some(kind) = kind(purchase) else { continue };
        part.snapshot.reserved_cache_nodes.push(session.resource(id, tags, kind));
    }
    listed
}

async fn tags_of(session: &Session, arn: &str) -> Result<Tags, AwsError> {
    let answer = session
        .elasticache()
        .list_tags_for_resource()
        .resource_name(arn)
        .send()
        .await
        .map_err(|error| AwsError::of(LIST_TAGS, &error))?;
    let pairs = answer.tag_list.unwrap_or_default().into_iter();
    Ok(tags::of_pairs(pairs.map(|tag| (tag.key, tag.value))))
}

fn kind(purchase: types::ReservedCacheNode) -> Option<ReservedCacheNode> {
    let charges = purchase.recurring_charges.unwrap_or_default();
    let hourly = charges
        .iter()
        .find(|charge| charge.recurring_charge_frequency.as_deref() == Some("Hourly"));
    Some(ReservedCacheNode {
        reservation_arn: purchase.reservation_arn,
        cache_node_type: purchase.cache_node_type?,
        cache_node_count: number::positive(purchase.cache_node_count),
        product_description: purchase.product_description,
        offering_type: purchase.offering_type,
        start_time: moment::optional(purchase.start_time.as_ref()),
        duration_seconds: number::count(purchase.duration),
        state: purchase.state,
        fixed_price: purchase.fixed_price.and_then(number::decimal),
        usage_price: purchase.usage_price.and_then(number::decimal),
        recurring_hourly_charge: hourly
            .and_then(|charge| number::decimal(charge.recurring_charge_amount?)),
    })
}
