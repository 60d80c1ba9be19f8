//! The blue/green deployment that a change made, the copy in it, and how far the copy is behind.

use aws_sdk_cloudwatch::types::{Dimension, Statistic};
use aws_sdk_rds::types::{BlueGreenDeployment, Filter};
use aws_smithy_types::DateTime;
use jiff::{SignedDuration, Timestamp};

use trimtab_model::action::DatabaseSwitch;
use trimtab_model::id::ChangeId;
use trimtab_model::observed::{DeploymentObserved, GreenObserved};

use super::resource::unless_absent;
use crate::actuator::CHANGE_TAG;
use crate::error::AwsError;
use crate::inventory::db_instance::DESCRIBE as DESCRIBE_DATABASES;
use crate::session::Session;
use crate::{number, tags};

pub(super) const DESCRIBE: &str = "rds:DescribeBlueGreenDeployments";
pub(super) const READ_LAG: &str = "cloudwatch:GetMetricStatistics";

/// Codes that say that there is none.
const ABSENT: &[&str] =
    &["BlueGreenDeploymentNotFoundFault", "DBInstanceNotFound", "DBInstanceNotFoundFault"];
/// How far back the lag of a copy is read: it comes every minute.
const LATELY: SignedDuration = SignedDuration::from_mins(5);
/// The order in which statuses of a switch that is over come last.
const COMPLETED: &str = "SWITCHOVER_COMPLETED";

/// Reads the deployment that a change made, by its name.
pub(super) async fn of_change(
    session: &Session,
    change: &ChangeId,
) -> Result<Option<DeploymentObserved>, AwsError> {
    let name = DatabaseSwitch::deployment_name(change);
    let all = listed(session, "blue-green-deployment-name", &name).await?;
    let Some(found) = all.into_iter().find(|one| is_of(one, change)) else { return Ok(None) };
    let status = found.status.clone().unwrap_or_else(|| "UNKNOWN".to_owned());
    let green = match member(found.target()) {
        Some(id) => green(session, id, status == COMPLETED).await?,
        None => None,
    };
    Ok(Some(DeploymentObserved {
        id: found.blue_green_deployment_identifier.clone().unwrap_or_default(),
        status,
        details: found.status_details.clone(),
        change: change.clone(),
        blue: member(found.source()).map(Into::into),
        green,
    }))
}

/// Returns the name of the database that an ARN is of.
pub(crate) fn member(arn: Option<&str>) -> Option<&str> {
    arn.and_then(|arn| arn.split_once(":db:")).map(|(_, id)| id)
}

/// Returns the status of a deployment of a database that is not of this change; `none` where
/// there is no other.
pub(super) async fn other(
    session: &Session,
    source_arn: &str,
    change: &ChangeId,
) -> Result<String, AwsError> {
    let all = listed(session, "source", source_arn).await?;
    let other = all.into_iter().find(|one| !is_of(one, change));
    let status = other.map(|one| one.status.unwrap_or_else(|| "UNKNOWN".to_owned()));
    Ok(status.unwrap_or_else(|| "none".to_owned()))
}

async fn listed(
    session: &Session,
    name: &str,
    value: &str,
) -> Result<Vec<BlueGreenDeployment>, AwsError> {
    let filter = Filter::builder().name(name).values(value).build();
    let request = session.rds().describe_blue_green_deployments().filters(filter);
    let answer = request.send().await.map_err(|error| AwsError::of(DESCRIBE, &error));
    let answer = unless_absent(answer, ABSENT)?;
    Ok(answer.and_then(|answer| answer.blue_green_deployments).unwrap_or_default())
}

fn is_of(one: &BlueGreenDeployment, change: &ChangeId) -> bool {
    let all = one.tag_list.iter().flatten();
    let pairs = all.map(|tag| (tag.key.clone(), tag.value.clone()));
    tags::of_pairs(pairs).get(CHANGE_TAG).map(String::as_str) == Some(change.as_str())
}

async fn green(
    session: &Session,
    id: &str,
    is_switched: bool,
) -> Result<Option<GreenObserved>, AwsError> {
    let answer = session.rds().describe_db_instances().db_instance_identifier(id).send().await;
    let answer = answer.map_err(|error| AwsError::of(DESCRIBE_DATABASES, &error));
    let all = unless_absent(answer, ABSENT)?.and_then(|answer| answer.db_instances);
    let Some(found) = all.unwrap_or_default().into_iter().next() else { return Ok(None) };
    let Some(class) = found.db_instance_class() else { return Ok(None) };
    Ok(Some(GreenObserved {
        id: id.into(),
        dbi_resource_id: found.dbi_resource_id.clone(),
        status: found.db_instance_status().unwrap_or("unknown").to_owned(),
        class: class.into(),
        storage_gib: number::count(found.allocated_storage()),
        lag_seconds: if is_switched { None } else { lag(session, id).await? },
    }))
}

/// Reads the latest lag of a copy; none where CloudWatch has no point yet.
async fn lag(session: &Session, id: &str) -> Result<Option<f64>, AwsError> {
    let now = Timestamp::now();
    let since = now.saturating_sub(LATELY).unwrap_or(now);
    let name = Dimension::builder().name("DBInstanceIdentifier").value(id).build();
    let answer = session
        .cloudwatch()
        .get_metric_statistics()
        .namespace("AWS/RDS")
        .metric_name("ReplicaLag")
        .dimensions(name)
        .start_time(DateTime::from_secs(since.as_second()))
        .end_time(DateTime::from_secs(now.as_second()))
        .period(60)
        .statistics(Statistic::Maximum)
        .send()
        .await
        .map_err(|error| AwsError::of(READ_LAG, &error))?;
    let points = answer.datapoints.unwrap_or_default().into_iter();
    let latest = points.max_by_key(|point| point.timestamp.map(|at| at.secs()));
    // RDS says -1 where replication does not run: that is not close.
    Ok(latest.and_then(|point| point.maximum).filter(|lag| lag.is_finite() && *lag >= 0.0))
}
