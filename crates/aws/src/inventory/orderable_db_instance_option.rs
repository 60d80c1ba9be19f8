//! `rds:DescribeOrderableDBInstanceOptions`, for the engines and versions that run here.
//!
//! A version has some hundred classes, each with several types of storage. We ask once per
//! engine, version and licence in use and not per class: five to ten pages of 100 for each.
//! Where ten versions run, that is less than one call per DB instance and candidate.

use std::collections::BTreeSet;

use futures::FutureExt;

use trimtab_model::resource::orderable_db_instance_option::{
    OrderableClass, OrderableDbInstanceOption,
};
use trimtab_model::resource::{ResourceKind, Tags};

use super::db_instance;
use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;

const DESCRIBE: &str = "rds:DescribeOrderableDBInstanceOptions";

/// Engines that list their instances with RDS, and whose classes no check changes.
const OTHERS: &[&str] = &["docdb", "neptune"];

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::OrderableDbInstanceOption,
    reach: Reach::Region,
    actions: &[db_instance::DESCRIBE, DESCRIBE],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let versions: BTreeSet<(String, String, Option<String>)> = db_instance::instances(session)
        .await?
        .into_iter()
        .filter_map(|db| Some((db.engine?, db.engine_version?, db.license_model)))
        .filter(|(engine, _, _)| !OTHERS.contains(&engine.as_str()))
        .collect();
    for (engine, engine_version, license_model) in versions {
        let read = classes(session, &engine, &engine_version, license_model.as_deref()).await;
        // Nothing for sale of a version that runs says that the question was not understood.
        let Some(classes) = part.detail(read).filter(|classes| !classes.is_empty()) else {
            continue;
        };
        let license = license_model.as_deref().unwrap_or("any");
        let id = format!("{engine}/{engine_version}/{license}");
        let classes = classes.into_iter().collect();
        let kind = OrderableDbInstanceOption { engine, engine_version, license_model, classes };
        let resource = session.resource(id, Tags::new(), kind);
        part.snapshot.orderable_db_instance_options.push(resource);
    }
    Ok(())
}

async fn classes(
    session: &Session,
    engine: &str,
    engine_version: &str,
    license_model: Option<&str>,
) -> Result<BTreeSet<OrderableClass>, AwsError> {
    let listing = session
        .rds()
        .describe_orderable_db_instance_options()
        .engine(engine)
        .engine_version(engine_version)
        .set_license_model(license_model.map(str::to_owned))
        .max_records(100);
    let mut found = BTreeSet::new();
    pages(DESCRIBE, listing.into_paginator().send(), |page| {
        for option in page.orderable_db_instance_options.unwrap_or_default() {
            let Some(class) = option.db_instance_class else { continue };
            found.insert(OrderableClass {
                db_instance_class: class.into(),
                storage_type: option.storage_type,
                multi_az_capable: option.multi_az_capable,
            });
        }
    })
    .await?;
    Ok(found)
}
