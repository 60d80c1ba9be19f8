//! Whether a class can be had for a database as it is, and what it has there.

use aws_sdk_rds::types::{DbInstance, OrderableDbInstanceOption};

use trimtab_model::id::DbInstanceClass;
use trimtab_model::observed::DbInstancePreflight;

use super::whole::Reading;
use crate::error::AwsError;
use crate::page::pages;

pub(super) const DESCRIBE: &str = "rds:DescribeOrderableDBInstanceOptions";

/// Adds whether the new class is offered for the engine's exact version, its licence, its storage
/// and its zone.
pub(super) async fn complete(
    reading: &mut Reading<'_>,
    found: &DbInstance,
    to: &DbInstanceClass,
    facts: &mut DbInstancePreflight,
) {
    let options = options(reading, found, to).await;
    let Some(options) = reading.noted(options) else { return };
    let fitting: Vec<_> = options.iter().filter(|one| fits(one, found)).collect();
    facts.is_orderable = Some(!fitting.is_empty());
    let has = |of: fn(&OrderableDbInstanceOption) -> Option<bool>| {
        let words: Vec<Option<bool>> = fitting.iter().map(|one| of(one)).collect();
        if words.contains(&Some(true)) {
            Some(true)
        } else {
            words.into_iter().collect::<Option<Vec<bool>>>().map(|_| false)
        }
    };
    facts.to_multi_az = has(|one| one.multi_az_capable);
    facts.to_performance_insights = has(|one| one.supports_performance_insights);
}

async fn options(
    reading: &Reading<'_>,
    found: &DbInstance,
    to: &DbInstanceClass,
) -> Result<Vec<OrderableDbInstanceOption>, AwsError> {
    let request = reading
        .session
        .rds()
        .describe_orderable_db_instance_options()
        .engine(found.engine().unwrap_or_default())
        .set_engine_version(found.engine_version().map(str::to_owned))
        .set_license_model(found.license_model().map(str::to_owned))
        .db_instance_class(to.as_str());
    let mut all = Vec::new();
    pages(DESCRIBE, request.into_paginator().send(), |page| {
        all.extend(page.orderable_db_instance_options.unwrap_or_default());
    })
    .await?;
    all.retain(|one| one.db_instance_class() == Some(to.as_str()));
    Ok(all)
}

/// Returns whether an option is of the storage and the zones that a database has. What an option
/// does not name it does not limit.
fn fits(option: &OrderableDbInstanceOption, found: &DbInstance) -> bool {
    let storage = option.storage_type().zip(found.storage_type());
    let same_storage = storage.is_none_or(|(offers, has)| offers == has);
    let zones = option.availability_zones();
    let has_zone = |zone: Option<&str>| {
        zone.is_none_or(|zone| zones.is_empty() || zones.iter().any(|one| one.name() == Some(zone)))
    };
    same_storage
        && has_zone(found.availability_zone())
        && has_zone(found.secondary_availability_zone())
}

#[cfg(test)]
mod tests {
    use aws_sdk_rds::types::AvailabilityZone;

    use super::*;

    #[test]
    fn an_option_must_be_of_its_storage_and_zone() {
        let zone = |name: &str| AvailabilityZone::builder().name(name).build();
        let option = OrderableDbInstanceOption::builder()
            .storage_type("gp3")
            .availability_zones(zone("ap-northeast-2a"))
            .build();
        let database = |storage: &str, zone: &str| {
            DbInstance::builder().storage_type(storage).availability_zone(zone).build()
        };
        assert!(fits(&option, &database("gp3", "ap-northeast-2a")));
        assert!(!fits(&option, &database("io1", "ap-northeast-2a")));
        assert!(!fits(&option, &database("gp3", "ap-northeast-2c")));
    }
}
