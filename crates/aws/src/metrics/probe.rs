//! Asks CloudWatch whether it would answer. Both calls are charged, as one metric each.

use aws_smithy_types::DateTime;
use jiff::Timestamp;

use aws_sdk_cloudwatch::types;

use super::plan::{GET_METRIC_DATA, LIST_METRICS};
use crate::error::AwsError;
use crate::probe::Finding;
use crate::session::Session;

/// What one probe is charged as: a metric that is asked for, and a request that lists.
pub const CHARGED_AS_METRICS: u64 = 2;

/// A metric that exists everywhere: whether it has samples does not matter.
const NAMESPACE: &str = "AWS/EC2";
const METRIC: &str = "CPUUtilization";
const HOUR: i64 = 3_600;

/// Finds out whether metrics may be read in a place.
pub async fn probe(session: &Session, now: Timestamp) -> Vec<(&'static str, Finding)> {
    vec![
        (GET_METRIC_DATA, finding(read(session, now).await)),
        (LIST_METRICS, finding(list(session).await)),
    ]
}

fn finding(answer: Result<(), AwsError>) -> Finding {
    match answer {
        Ok(()) => Finding::Allowed,
        Err(AwsError::Denied { .. }) => Finding::Denied,
        Err(AwsError::OptedOut { .. }) => Finding::OptedOut,
        Err(other) => Finding::Failed(other),
    }
}

async fn read(session: &Session, now: Timestamp) -> Result<(), AwsError> {
    let metric = types::Metric::builder().namespace(NAMESPACE).metric_name(METRIC).build();
    let statistic = types::MetricStat::builder().metric(metric).period(300).stat("Average").build();
    let question = types::MetricDataQuery::builder().id("q0").metric_stat(statistic).build();
    session
        .cloudwatch()
        .get_metric_data()
        .metric_data_queries(question)
        .start_time(DateTime::from_secs(now.as_second() - HOUR))
        .end_time(DateTime::from_secs(now.as_second()))
        .send()
        .await
        .map(|_page| ())
        .map_err(|error| AwsError::of(GET_METRIC_DATA, &error))
}

async fn list(session: &Session) -> Result<(), AwsError> {
    session
        .cloudwatch()
        .list_metrics()
        .namespace(NAMESPACE)
        .metric_name(METRIC)
        .send()
        .await
        .map(|_page| ())
        .map_err(|error| AwsError::of(LIST_METRICS, &error))
}
