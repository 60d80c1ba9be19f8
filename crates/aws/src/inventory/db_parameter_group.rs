//! `rds:DescribeDBParameters` of the groups that DB instances use, the few that decide a size.
//!
//! Of each group only parameters that hold numbers are asked for by name: one call per group.

use std::collections::BTreeMap;

use aws_sdk_rds::types::Filter;
use futures::FutureExt;

use trimtab_model::resource::db_parameter_group::{DbParameter, DbParameterGroup};
use trimtab_model::resource::{ResourceKind, Tags};

use super::db_instance;
use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;

const DESCRIBE: &str = "rds:DescribeDBParameters";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::DbParameterGroup,
    reach: Reach::Region,
    actions: &[db_instance::DESCRIBE, DESCRIBE],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let mut groups: BTreeMap<String, &[&str]> = BTreeMap::new();
    for db in db_instance::instances(session).await? {
        let names = names(db.engine.as_deref().unwrap_or_default());
        for group in db.db_parameter_groups.unwrap_or_default() {
            if let (Some(group), false) = (group.db_parameter_group_name, names.is_empty()) {
                groups.insert(group, names);
            }
        }
    }
    for (group, names) in groups {
        let read = parameters(session, &group, names).await;
        let kind = DbParameterGroup { parameters: part.detail(read) };
        part.snapshot.db_parameter_groups.push(session.resource(group, Tags::new(), kind));
    }
    Ok(())
}

/// Returns the parameters that decide what class an engine fits on.
fn names(engine: &str) -> &'static [&'static str] {
    match engine {
        "mysql" | "mariadb" | "aurora-mysql" => {
            &["max_connections", "innodb_buffer_pool_size", "performance_schema"]
        }
        "postgres" | "aurora-postgresql" => &["max_connections", "shared_buffers"],
        _ => &[],
    }
}

async fn parameters(
    session: &Session,
    group: &str,
    names: &[&str],
) -> Result<BTreeMap<String, DbParameter>, AwsError> {
    let names = names.iter().map(|name| (*name).to_owned()).collect();
    let filter = Filter::builder().name("parameter-name").set_values(Some(names)).build();
    let listing =
        session.rds().describe_db_parameters().db_parameter_group_name(group).filters(filter);
    let mut found = BTreeMap::new();
    pages(DESCRIBE, listing.into_paginator().send(), |page| {
        for one in page.parameters.unwrap_or_default() {
            let Some(name) = one.parameter_name else { continue };
            let parameter = DbParameter { value: one.parameter_value, source: one.source };
            found.insert(name, parameter);
        }
    })
    .await?;
    Ok(found)
}
