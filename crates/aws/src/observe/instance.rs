//! An instance, its checks, traffic, snapshots and reservations.

use aws_sdk_ec2::types;
use tokio::sync::Mutex;

use trimtab_model::action::Action;
use trimtab_model::observed::{
    CheckState, InstanceObserved, InstancePreflight, Observed, StatusChecks,
};
use trimtab_model::plan::Change;
use trimtab_model::resource::instance::InstanceState;

use super::resource::{Facts, Look, incomplete, is_opted_in, unless_absent};
use super::surroundings::{self, Surroundings};
use super::{Known, fingerprint, obstacle, preflight, snapshot, target, type_traits};
use crate::error::AwsError;
use crate::inventory;
use crate::inventory::instance::{DESCRIBE, DESCRIBE_CREDITS, GROUP_TAG};
use crate::moment;
use crate::session::Session;
use crate::tags;

const DESCRIBE_STATUS: &str = "ec2:DescribeInstanceStatus";

/// What is read.
pub(crate) const READS: &[&str] = &[
    DESCRIBE,
    DESCRIBE_STATUS,
    DESCRIBE_CREDITS,
    target::DESCRIBE_GROUPS,
    target::DESCRIBE_HEALTH,
    snapshot::DESCRIBE,
    snapshot::DESCRIBE_RESERVATIONS,
    type_traits::DESCRIBE_TYPES,
    type_traits::DESCRIBE_OFFERINGS,
    type_traits::DESCRIBE_ZONES,
    preflight::DESCRIBE_PLACEMENT,
    preflight::DESCRIBE_VOLUMES,
    preflight::DESCRIBE_HOSTS,
    surroundings::DESCRIBE_ATTRIBUTE,
    surroundings::DESCRIBE_MEMBERS,
    surroundings::DESCRIBE_ALARMS,
    surroundings::LIST_CLUSTERS,
    surroundings::LIST_MACHINES,
];

/// Codes that say that there is no such instance.
const ABSENT: &[&str] = &["InvalidInstanceID.NotFound", "InvalidInstanceID.Malformed"];

/// Looks at the instance of a change.
pub(super) async fn look(
    session: &Session,
    known: &Mutex<Known>,
    change: &Change,
) -> Result<Look, AwsError> {
    let id = change.resource.id.as_str();
    let Some(found) = described(session, id).await? else { return Ok(Look::gone()) };
    let tags = tags::ec2(found.tags.clone());
    let kind = inventory::instance::kind(found.clone(), tags.get(GROUP_TAG).cloned())
        .ok_or_else(|| incomplete(DESCRIBE))?;
    let mut resource = session.resource(id, tags, kind);
    let credits = inventory::instance::credits(session, std::slice::from_ref(&resource)).await?;
    resource.kind.cpu_credits = credits.get(id).cloned();
    let status = status(session, id).await?;
    let targets = target::of_instance(session, known, &found).await?;
    let around = Surroundings::of(session, known, id).await;
    let mut unread = around.unread.clone();
    let wanted = match &change.action {
        Action::ModifyInstanceType { to, .. } => Some(to),
        _ => None,
    };
    let facts = InstancePreflight {
        events: Some(status.as_ref().map(events).unwrap_or_default()),
        targets: Some(targets.by_id.clone()),
        ..preflight::facts(session, known, &found, &resource, wanted, &around, &mut unread).await
    };
    let kind = &resource.kind;
    let observed = InstanceObserved {
        fingerprint: fingerprint::instance(&resource),
        obstacles: obstacle::of_instance(&facts, wanted, &targets.by_address),
        checks: (kind.state == InstanceState::Running).then(|| checks(status.as_ref())),
        state: kind.state.clone(),
        state_reason: found.state_reason.and_then(|reason| reason.code),
        instance_type: kind.instance_type.clone(),
        launch_time: kind.launch_time,
        availability_zone: kind.availability_zone.clone(),
        platform: kind.platform_details.clone(),
        volumes: kind.volume_ids.iter().cloned().collect(),
        cpu_credits: kind.cpu_credits.clone(),
        is_opted_in: is_opted_in(&resource.tags),
        targets: targets.by_id,
        snapshots: snapshot::of_change(session, &change.id).await?,
        reservations: snapshot::reservations(session, &change.id).await?,
    };
    Ok(Look {
        observed: Observed::Instance(observed),
        facts: Facts::Instance(Box::new(facts)),
        unread,
    })
}

async fn described(session: &Session, id: &str) -> Result<Option<types::Instance>, AwsError> {
    let answer = session.ec2().describe_instances().instance_ids(id).send().await;
    let answer = answer.map_err(|error| AwsError::of(DESCRIBE, &error));
    let Some(answer) = unless_absent(answer, ABSENT)? else { return Ok(None) };
    let all = answer.reservations.unwrap_or_default().into_iter();
    Ok(all
        .flat_map(|one| one.instances.unwrap_or_default())
        .find(|one| one.instance_id.as_deref() == Some(id)))
}

async fn status(session: &Session, id: &str) -> Result<Option<types::InstanceStatus>, AwsError> {
    let request =
        session.ec2().describe_instance_status().instance_ids(id).include_all_instances(true);
    let answer = request.send().await.map_err(|error| AwsError::of(DESCRIBE_STATUS, &error));
    let answer = unless_absent(answer, ABSENT)?;
    let all = answer.and_then(|answer| answer.instance_statuses).unwrap_or_default();
    Ok(all.into_iter().find(|one| one.instance_id.as_deref() == Some(id)))
}

/// A check that AWS does not tell is none that passed.
fn checks(status: Option<&types::InstanceStatus>) -> StatusChecks {
    let word = |summary: Option<&types::InstanceStatusSummary>| {
        summary.and_then(|one| one.status.as_ref()).map_or(CheckState::NotYet, check)
    };
    let ebs = status.and_then(|one| one.attached_ebs_status.as_ref());
    let ebs = ebs.and_then(|one| one.status.as_ref());
    StatusChecks {
        system: word(status.and_then(|one| one.system_status.as_ref())),
        instance: word(status.and_then(|one| one.instance_status.as_ref())),
        attached_ebs: ebs.filter(|word| **word != types::SummaryStatus::NotApplicable).map(check),
    }
}

fn check(word: &types::SummaryStatus) -> CheckState {
    match word {
        types::SummaryStatus::Ok => CheckState::Ok,
        types::SummaryStatus::Impaired => CheckState::Impaired,
        _ => CheckState::NotYet,
    }
}

/// Returns what AWS has scheduled, with the day from which on it may come.
fn events(status: &types::InstanceStatus) -> Vec<String> {
    // What is over is listed for a week, with a word before its description.
    let is_over = |event: &&types::InstanceStatusEvent| {
        let words = event.description().unwrap_or_default();
        words.starts_with("[Completed]") || words.starts_with("[Canceled]")
    };
    status
        .events()
        .iter()
        .filter(|event| !is_over(event))
        .map(|event| {
            let code = event.code().map_or("unknown", |code| code.as_str());
            let from = moment::optional(event.not_before.as_ref());
            from.map_or_else(|| code.to_owned(), |from| format!("{code} {from}"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(word: &str) -> types::InstanceStatusSummary {
        types::InstanceStatusSummary::builder().status(types::SummaryStatus::from(word)).build()
    }

    #[test]
    fn d26_a_word_that_nobody_knows_is_no_ok() {
        let status = types::InstanceStatus::builder()
            .system_status(summary("ok"))
            .instance_status(summary("splendid"))
            .build();
        let read = checks(Some(&status));
        assert_eq!((read.system, read.instance), (CheckState::Ok, CheckState::NotYet));
        assert!(!read.are_ok());
        assert!(!checks(None).are_ok());
    }

    #[test]
    fn an_event_that_is_over_is_none() {
        let event = |words: &str| {
            types::InstanceStatusEvent::builder()
                .code(types::EventCode::InstanceRetirement)
                .description(words)
                .build()
        };
        let status = types::InstanceStatus::builder()
            .events(event("[Completed] The instance was retired"))
            .events(event("The instance is running on degraded hardware"))
            .build();
        assert_eq!(events(&status), ["instance-retirement"]);
    }
}
