//! `ec2:DescribeReservedInstances`, which comes in one page.

use aws_sdk_ec2::types;
use futures::FutureExt;

use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::reserved_instances::ReservedInstances;

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, number, tags};

const DESCRIBE: &str = "ec2:DescribeReservedInstances";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::ReservedInstances,
    reach: Reach::Region,
    actions: &[DESCRIBE],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let answer = session
        .ec2()
        .describe_reserved_instances()
        .send()
        .await
        .map_err(|error| AwsError::of(DESCRIBE, &error))?;
    for purchase in answer.reserved_instances.unwrap_or_default() {
        let tags = tags::ec2(purchase.tags.clone());
        let Some(id) = purchase.reserved_instances_id.clone() else { continue };
        let Some(kind) = kind(purchase) else { continue };
        part.snapshot.reserved_instances.push(session.resource(id, tags, kind));
    }
    Ok(())
}

fn kind(purchase: types::ReservedInstances) -> Option<ReservedInstances> {
    let hourly = |charge: &types::RecurringCharge| {
        charge.frequency == Some(types::RecurringChargeFrequency::Hourly)
    };
    Some(ReservedInstances {
        instance_type: purchase.instance_type?.as_str().into(),
        instance_count: number::count(purchase.instance_count)?,
        product_description: purchase.product_description.map(|word| word.as_str().to_owned()),
        state: purchase.state.map(|word| word.as_str().to_owned()),
        start: moment::optional(purchase.start.as_ref()),
        end: moment::optional(purchase.end.as_ref()),
        duration_seconds: number::count(purchase.duration),
        offering_class: purchase.offering_class.map(|word| word.as_str().to_owned()),
        offering_type: purchase.offering_type.map(|word| word.as_str().to_owned()),
        scope: purchase.scope.map(|word| word.as_str().to_owned()),
        availability_zone: purchase.availability_zone,
        instance_tenancy: purchase.instance_tenancy.map(|word| word.as_str().to_owned()),
        currency_code: purchase.currency_code.map(|word| word.as_str().to_owned()),
        fixed_price: purchase.fixed_price.and_then(number::decimal),
        usage_price: purchase.usage_price.and_then(number::decimal),
        recurring_hourly_charge: purchase
            .recurring_charges
            .unwrap_or_default()
            .iter()
            .find(|charge| hourly(charge))
            .and_then(|charge| number::decimal(charge.amount?)),
    })
}
