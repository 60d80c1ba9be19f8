//! `cloudwatch:DescribeAlarms`: the metric alarms.

use std::collections::BTreeMap;

use aws_sdk_cloudwatch::types::{AlarmType, Dimension, Metric, MetricAlarm};
use futures::FutureExt;

use trimtab_model::id::ResourceId;
use trimtab_model::queue;
use trimtab_model::resource::alarm::Alarm;
use trimtab_model::resource::{ResourceKind, Tags};

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, number, tagging};

pub(crate) const DESCRIBE: &str = "cloudwatch:DescribeAlarms";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::Alarm,
    reach: Reach::Region,
    actions: &[DESCRIBE, tagging::GET_RESOURCES],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let request =
        session.cloudwatch().describe_alarms().alarm_types(AlarmType::MetricAlarm).max_records(100);
    pages(DESCRIBE, request.into_paginator().send(), |page| {
        for mut alarm in page.metric_alarms.unwrap_or_default() {
            let Some(name) = alarm.alarm_name.take() else { continue };
            let kind = kind(alarm, session.account().as_str());
            part.snapshot.alarms.push(session.resource(name, Tags::new(), kind));
        }
    })
    .await
}

fn kind(alarm: MetricAlarm, account: &str) -> Alarm {
    let since = alarm.state_transitioned_timestamp.or(alarm.state_updated_timestamp);
    let queries = alarm.metrics.unwrap_or_default();
    let watched = queries.iter().filter(|query| query.metric_stat.is_some());
    // Another account's queue has no name here.
    let own = watched.clone().filter(|query| query.account_id().is_none_or(|id| id == account));
    let expression_queues =
        own.filter_map(|query| queue_of(query.metric_stat.as_ref()?.metric.as_ref()?)).collect();
    Alarm {
        alarm_arn: alarm.alarm_arn,
        state_value: alarm.state_value.map(|word| word.as_str().to_owned()),
        state_since: moment::optional(since.as_ref()),
        actions_enabled: alarm.actions_enabled,
        namespace: alarm.namespace,
        metric_name: alarm.metric_name,
        dimensions: dimensions(alarm.dimensions.unwrap_or_default()),
        period_seconds: number::positive(alarm.period),
        metric_count: number::length(watched.count().max(1)),
        expression_queues,
    }
}

/// Returns the queue that a metric of SQS is of.
fn queue_of(metric: &Metric) -> Option<ResourceId> {
    if metric.namespace() != Some(queue::NAMESPACE) {
        return None;
    }
    let names = metric.dimensions().iter().filter(|one| one.name() == Some(queue::DIMENSION));
    names.filter_map(Dimension::value).map(ResourceId::from).next()
}

fn dimensions(dimensions: Vec<Dimension>) -> BTreeMap<String, String> {
    dimensions.into_iter().filter_map(|one| Some((one.name?, one.value?))).collect()
}
