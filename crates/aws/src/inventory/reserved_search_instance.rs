//! `es:DescribeReservedInstances`: OpenSearch Service keeps its older name in IAM.

use aws_sdk_opensearch::types;
use futures::FutureExt;

use trimtab_model::resource::reserved_search_instance::ReservedSearchInstance;
use trimtab_model::resource::{ResourceKind, Tags};

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, number};

const DESCRIBE: &str = "es:DescribeReservedInstances";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::ReservedSearchInstance,
    reach: Reach::Region,
    actions: &[DESCRIBE],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let listing = session.opensearch().describe_reserved_instances().max_results(100);
    pages(DESCRIBE, listing.into_paginator().send(), |page| {
        for purchase in page.reserved_instances.unwrap_or_default() {
            let Some(id) = purchase.reserved_instance_id.clone() else { continue };
            let Some(kind) = kind(purchase) else { continue };
            // No call tells the tags of these purchases.
            part.snapshot.reserved_search_instances.push(session.resource(id, Tags::new(), kind));
        }
    })
    .await
}

fn kind(purchase: types::ReservedInstance) -> Option<ReservedSearchInstance> {
    let charges = purchase.recurring_charges.unwrap_or_default();
    let hourly = charges
        .iter()
        .find(|charge| charge.recurring_charge_frequency.as_deref() == Some("Hourly"));
    Some(ReservedSearchInstance {
        reservation_name: purchase.reservation_name,
        instance_type: purchase.instance_type?.as_str().to_owned(),
        instance_count: number::positive(Some(purchase.instance_count)),
        payment_option: purchase.payment_option.map(|word| word.as_str().to_owned()),
        currency_code: purchase.currency_code,
        start_time: moment::optional(purchase.start_time.as_ref()),
        duration_seconds: number::count(Some(purchase.duration)),
        state: purchase.state,
        fixed_price: purchase.fixed_price.and_then(number::decimal),
        usage_price: purchase.usage_price.and_then(number::decimal),
        recurring_hourly_charge: hourly
            .and_then(|charge| number::decimal(charge.recurring_charge_amount?)),
    })
}
