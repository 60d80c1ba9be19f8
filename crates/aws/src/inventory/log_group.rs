//! `logs:DescribeLogGroups`, and of those that hold much, when an event came last and who
//! subscribes to them.

use aws_sdk_cloudwatchlogs::types::{self, OrderBy};
use futures::FutureExt;
use jiff::Timestamp;

use trimtab_model::resource::log_group::LogGroup;
use trimtab_model::resource::{ResourceKind, Tags};

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, number, tagging};

pub(crate) const DESCRIBE: &str = "logs:DescribeLogGroups";
const DESCRIBE_STREAMS: &str = "logs:DescribeLogStreams";
const DESCRIBE_SUBSCRIPTIONS: &str = "logs:DescribeSubscriptionFilters";

/// A group below this costs cents a month: it is not worth two calls.
const WORTH_A_CALL_BYTES: u64 = 1 << 30;

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::LogGroup,
    reach: Reach::Region,
    actions: &[DESCRIBE, DESCRIBE_STREAMS, DESCRIBE_SUBSCRIPTIONS, tagging::GET_RESOURCES],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let stream = session.logs().describe_log_groups().limit(50).into_paginator().send();
    let mut found = Vec::new();
    let listed = pages(DESCRIBE, stream, |page| {
        found.extend(page.log_groups.unwrap_or_default());
    })
    .await;
    for group in found {
        let Some(name) = group.log_group_name.clone() else { continue };
        let mut kind = kind(group);
        if kind.stored_bytes.is_some_and(|bytes| bytes >= WORTH_A_CALL_BYTES) {
            kind.last_ingestion_time = part.detail(last_ingestion(session, &name).await).flatten();
            kind.subscription_filter_count = part.detail(subscriptions(session, &name).await);
        }
        // The listing has no tags; those come from the tagging API.
        part.snapshot.log_groups.push(session.resource(name, Tags::new(), kind));
    }
    listed
}

/// Returns what the listing says of a group.
pub(crate) fn kind(group: types::LogGroup) -> LogGroup {
    LogGroup {
        arn: group.arn,
        retention_in_days: number::positive(group.retention_in_days),
        stored_bytes: number::count(group.stored_bytes),
        creation_time: group.creation_time.and_then(moment::of_millis),
        log_group_class: group.log_group_class.map(|word| word.as_str().to_owned()),
        metric_filter_count: number::count(group.metric_filter_count),
        subscription_filter_count: None,
        last_ingestion_time: None,
    }
}

/// Returns when the latest event of a group came; absent where it has no stream.
async fn last_ingestion(session: &Session, name: &str) -> Result<Option<Timestamp>, AwsError> {
    let answer = session
        .logs()
        .describe_log_streams()
        .log_group_name(name)
        .order_by(OrderBy::LastEventTime)
        .descending(true)
        .limit(1)
        .send()
        .await
        .map_err(|error| AwsError::of(DESCRIBE_STREAMS, &error))?;
    let streams = answer.log_streams.unwrap_or_default();
    let times = |millis: Option<i64>| millis.and_then(moment::of_millis);
    Ok(streams
        .iter()
        .flat_map(|one| [times(one.last_event_timestamp), times(one.last_ingestion_time)])
        .flatten()
        .max())
}

/// Returns how many subscriptions a group has, of which AWS allows two.
async fn subscriptions(session: &Session, name: &str) -> Result<u32, AwsError> {
    let request = session.logs().describe_subscription_filters().log_group_name(name);
    let answer =
        request.send().await.map_err(|error| AwsError::of(DESCRIBE_SUBSCRIPTIONS, &error))?;
    Ok(number::length(answer.subscription_filters.unwrap_or_default().len()))
}
