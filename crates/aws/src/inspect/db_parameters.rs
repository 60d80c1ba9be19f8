//! The parameters that decide whether a class is large enough.

use std::collections::BTreeMap;

use aws_sdk_rds::types::{DbInstance, Filter, Parameter};

use trimtab_model::database::formula::is_fixed;
use trimtab_model::observed::DbInstancePreflight;

use super::whole::Reading;
use crate::error::AwsError;
use crate::page::pages;

pub(super) const DESCRIBE: &str = "rds:DescribeDBParameters";
pub(super) const DESCRIBE_OF_CLUSTER: &str = "rds:DescribeDBClusterParameters";

const CONNECTIONS: &str = "max_connections";
/// Parameters that take memory for themselves, and the bytes of their unit.
const MEMORY: &[(&str, u64)] =
    &[("innodb_buffer_pool_size", 1), ("key_buffer_size", 1), ("shared_buffers", 8192)];

/// The values of a group by name, and whether somebody set them.
type Values = BTreeMap<String, (String, IsSet)>;

/// Who says what a parameter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum IsSet {
    ByUser,
    ByEngine,
}

/// Adds the limit of connections as the group has it or the engine by itself, and what memory
/// parameters take that are the same on every class.
pub(super) async fn complete(
    reading: &mut Reading<'_>,
    found: &DbInstance,
    cluster_group: Option<&str>,
    facts: &mut DbInstancePreflight,
) {
    let mut own = Values::new();
    for group in found.db_parameter_groups() {
        let Some(name) = group.db_parameter_group_name() else { continue };
        let read = parameters(reading, name).await;
        let Some(read) = reading.noted(read) else { return };
        own.extend(read);
    }
    let mut of_cluster = Values::new();
    if found.db_cluster_identifier().is_some() {
        // A member of a cluster whose group is not known may be told anything by it.
        let Some(group) = cluster_group else { return };
        let read = cluster_parameters(reading, group).await;
        let Some(read) = reading.noted(read) else { return };
        of_cluster = read;
    }
    let value = |name: &str| decides(own.get(name), of_cluster.get(name));
    let engine = found.engine().unwrap_or_default();
    let limit = value(CONNECTIONS);
    facts.max_connections = limit.or_else(|| default_connections(engine).map(str::to_owned));
    let fixed = MEMORY.iter().filter_map(|(name, unit)| {
        let value = value(name).filter(|value| is_fixed(value))?;
        let bytes = value.trim().parse::<u64>().ok()?.saturating_mul(*unit);
        Some(((*name).to_owned(), bytes))
    });
    facts.fixed_memory = Some(fixed.collect());
}

/// Returns the value that stands: what somebody set of the instance, then of its cluster, then what
/// either has by itself.
fn decides(own: Option<&(String, IsSet)>, cluster: Option<&(String, IsSet)>) -> Option<String> {
    let is_set = |one: &&(String, IsSet)| one.1 == IsSet::ByUser;
    let set = own.filter(is_set).or(cluster.filter(is_set));
    set.or(own).or(cluster).map(|(value, _)| value.clone())
}

/// Returns the formula of an engine where its group says none (RDS and Aurora user guides, maximum
/// connections); absent where it is not known.
fn default_connections(engine: &str) -> Option<&'static str> {
    match engine {
        "mysql" => Some("{DBInstanceClassMemory/12582880}"),
        "mariadb" => Some("LEAST({DBInstanceClassMemory/25165760},12000)"),
        "postgres" | "aurora-postgresql" => Some("LEAST({DBInstanceClassMemory/9531392},5000)"),
        "aurora-mysql" => Some(
            "GREATEST({log(DBInstanceClassMemory/805306368)*45},{log(DBInstanceClassMemory/8187281418)*1000})",
        ),
        engine if engine.starts_with("sqlserver-") => Some("32767"),
        _ => None,
    }
}

async fn parameters(reading: &Reading<'_>, group: &str) -> Result<Values, AwsError> {
    let filter =
        Filter::builder().name("parameter-name").set_values(Some(wanted().collect())).build();
    let request = reading.session.rds().describe_db_parameters();
    let request = request.db_parameter_group_name(group).filters(filter);
    let mut found = Values::new();
    pages(DESCRIBE, request.into_paginator().send(), |page| {
        found.extend(page.parameters.unwrap_or_default().into_iter().filter_map(named));
    })
    .await?;
    Ok(found)
}

/// Reads the parameters of a cluster's group, which cannot be asked for by name.
async fn cluster_parameters(reading: &Reading<'_>, group: &str) -> Result<Values, AwsError> {
    let request = reading.session.rds().describe_db_cluster_parameters();
    let request = request.db_cluster_parameter_group_name(group);
    let mut found = Values::new();
    pages(DESCRIBE_OF_CLUSTER, request.into_paginator().send(), |page| {
        let all = page.parameters.unwrap_or_default().into_iter().filter_map(named);
        found.extend(all.filter(|(name, _)| wanted().any(|one| one == *name)));
    })
    .await?;
    Ok(found)
}

fn wanted() -> impl Iterator<Item = String> {
    MEMORY.iter().map(|(name, _)| *name).chain([CONNECTIONS]).map(str::to_owned)
}

fn named(one: Parameter) -> Option<(String, (String, IsSet))> {
    let is_set =
        if one.source.as_deref() == Some("user") { IsSet::ByUser } else { IsSet::ByEngine };
    Some((one.parameter_name?, (one.parameter_value?, is_set)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_set_of_the_instance_stands_before_what_the_cluster_says() {
        let set = (String::from("200"), IsSet::ByUser);
        let engine = (String::from("{DBInstanceClassMemory/12582880}"), IsSet::ByEngine);
        let cluster = (String::from("100"), IsSet::ByUser);
        let decided = |own, of_cluster| decides(own, of_cluster);
        assert_eq!(decided(Some(&set), Some(&cluster)).as_deref(), Some("200"));
        assert_eq!(decided(Some(&engine), Some(&cluster)).as_deref(), Some("100"));
        assert_eq!(decided(Some(&engine), None), Some(engine.0.clone()));
        assert_eq!(decided(None, None), None);
    }
}
