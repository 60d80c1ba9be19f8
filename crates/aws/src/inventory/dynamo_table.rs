//! `dynamodb:ListTables` and `dynamodb:DescribeTable`.

use aws_sdk_dynamodb::types;
use futures::FutureExt;

use trimtab_model::resource::dynamo_table::{BillingMode, DynamoTable, TableIndex, Throughput};
use trimtab_model::resource::{ResourceKind, Tags};

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, number, tags};

const LIST: &str = "dynamodb:ListTables";
const DESCRIBE: &str = "dynamodb:DescribeTable";
const LIST_TAGS: &str = "dynamodb:ListTagsOfResource";

/// More pages of tags than a table can have.
const MOST_TAG_PAGES: usize = 100;

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::DynamoTable,
    reach: Reach::Region,
    actions: &[LIST, DESCRIBE, LIST_TAGS],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let mut names = Vec::new();
    let stream = session.dynamodb().list_tables().limit(100).into_paginator().send();
    let listed =
        pages(LIST, stream, |page| names.extend(page.table_names.unwrap_or_default())).await;
    for name in names {
        let described = describe(session, &name).await;
        let Some(table) = part.detail(described).flatten() else { continue };
        let tags = match &table.table_arn {
            Some(arn) => {
                let tags = tags_of(session, arn).await;
                part.detail(tags).unwrap_or_default()
            }
            None => Tags::new(),
        };
        part.snapshot.dynamo_tables.push(session.resource(name, tags, kind(table)));
    }
    listed
}

async fn describe(
    session: &Session,
    name: &str,
) -> Result<Option<types::TableDescription>, AwsError> {
    let answer = session
        .dynamodb()
        .describe_table()
        .table_name(name)
        .send()
        .await
        .map_err(|error| AwsError::of(DESCRIBE, &error))?;
    Ok(answer.table)
}

/// The listing has no paginator; a table has fifty tags at most, ten to a page.
async fn tags_of(session: &Session, arn: &str) -> Result<Tags, AwsError> {
    let (mut all, mut next) = (Vec::new(), None);
    for _ in 0..MOST_TAG_PAGES {
        let answer = session
            .dynamodb()
            .list_tags_of_resource()
            .resource_arn(arn)
            .set_next_token(next)
            .send()
            .await
            .map_err(|error| AwsError::of(LIST_TAGS, &error))?;
        all.extend(answer.tags.unwrap_or_default());
        next = answer.next_token.filter(|token| !token.is_empty());
        if next.is_none() {
            return Ok(tags::of_pairs(all.into_iter().map(|tag| (Some(tag.key), Some(tag.value)))));
        }
    }
    Err(AwsError::Endless { action: LIST_TAGS.to_owned() })
}

fn kind(table: types::TableDescription) -> DynamoTable {
    let on_demand = table
        .billing_mode_summary
        .and_then(|summary| summary.billing_mode)
        .is_some_and(|mode| mode == types::BillingMode::PayPerRequest);
    DynamoTable {
        table_arn: table.table_arn,
        table_status: table.table_status.map(|word| word.as_str().to_owned()),
        creation_date_time: moment::optional(table.creation_date_time.as_ref()),
        billing_mode: if on_demand { BillingMode::PayPerRequest } else { BillingMode::Provisioned },
        throughput: throughput(table.provisioned_throughput.as_ref()),
        indexes: table
            .global_secondary_indexes
            .unwrap_or_default()
            .into_iter()
            .filter_map(|index| {
                Some(TableIndex {
                    index_name: index.index_name?,
                    throughput: throughput(index.provisioned_throughput.as_ref()),
                    index_size_bytes: number::count(index.index_size_bytes),
                })
            })
            .collect(),
        table_size_bytes: number::count(table.table_size_bytes),
        item_count: number::count(table.item_count),
        table_class: table
            .table_class_summary
            .and_then(|summary| summary.table_class)
            .map(|word| word.as_str().to_owned()),
        replica_count: number::length(table.replicas.unwrap_or_default().len()),
        deletion_protection_enabled: table.deletion_protection_enabled,
    }
}

/// On demand, the service writes zeros.
fn throughput(units: Option<&types::ProvisionedThroughputDescription>) -> Throughput {
    let count = |value: Option<i64>| number::count(value).unwrap_or(0);
    Throughput {
        read_capacity_units: count(units.and_then(|units| units.read_capacity_units)),
        write_capacity_units: count(units.and_then(|units| units.write_capacity_units)),
    }
}
