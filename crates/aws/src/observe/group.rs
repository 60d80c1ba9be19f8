//! An Auto Scaling group and its latest refresh.

use std::collections::BTreeMap;

use aws_sdk_autoscaling::types::{self, LifecycleState};
use jiff::Timestamp;
use tokio::sync::Mutex;

use trimtab_model::action::{Action, GroupSizes, InstanceRefresh};
use trimtab_model::observed::{
    GroupObserved, GroupPreflight, Observed, RefreshObserved, RefreshPreflight,
};
use trimtab_model::plan::Change;
use trimtab_model::resource::Resource;
use trimtab_model::resource::auto_scaling_group::AutoScalingGroup;
use trimtab_rollout::preflight;

use super::instance_refresh::{self, Versions};
use super::resource::{Facts, Look, incomplete, is_opted_in};
use super::{Known, fingerprint};
use crate::error::AwsError;
use crate::inventory;
pub(super) use crate::inventory::auto_scaling_group::DESCRIBE;
use crate::session::Session;
use crate::{moment, number, tags};

pub(super) const DESCRIBE_REFRESHES: &str = "autoscaling:DescribeInstanceRefreshes";

/// What is read.
pub(crate) const READS: &[&str] = &[DESCRIBE, DESCRIBE_REFRESHES];

/// Looks at the group of a change.
pub(super) async fn look(
    session: &Session,
    known: &Mutex<Known>,
    change: &Change,
) -> Result<Look, AwsError> {
    let name = change.resource.id.as_str();
    let request = session.autoscaling().describe_auto_scaling_groups();
    let answer = request.auto_scaling_group_names(name).send().await;
    let answer = answer.map_err(|error| AwsError::of(DESCRIBE, &error))?;
    let mut all = answer.auto_scaling_groups.unwrap_or_default().into_iter();
    let found = all.find(|one| one.auto_scaling_group_name.as_deref() == Some(name));
    let Some(found) = found else { return Ok(Look::gone()) };
    let pairs = found.tags.clone().unwrap_or_default().into_iter();
    let tags = tags::of_pairs(pairs.map(|tag| (tag.key, tag.value)));
    let kind = inventory::auto_scaling_group::kind(found.clone());
    let resource = session.resource(name, tags, kind.ok_or_else(|| incomplete(DESCRIBE))?);
    let refresh = refresh(session, name).await?;
    let observed = observed(&found, &resource, refresh);
    match &change.action {
        Action::RefreshInstances(plan) => {
            refreshed(session, known, change, plan, &found, &resource, observed).await
        }
        _ => {
            let facts = facts(&resource, observed.refresh.as_ref());
            Ok(Look::whole(Observed::Group(observed), Facts::Group(facts)))
        }
    }
}

fn observed(
    found: &types::AutoScalingGroup,
    resource: &Resource<AutoScalingGroup>,
    refresh: Option<RefreshObserved>,
) -> GroupObserved {
    let kind = &resource.kind;
    let mut launched_from: BTreeMap<String, u32> = BTreeMap::new();
    let serving = found
        .instances()
        .iter()
        .filter(|one| one.lifecycle_state() == Some(&LifecycleState::InService));
    let in_service = serving.clone().count();
    for one in serving {
        let version = one.launch_template().and_then(|of| of.version()).unwrap_or("none");
        *launched_from.entry(version.to_owned()).or_default() += 1;
    }
    GroupObserved {
        fingerprint: fingerprint::launching(resource),
        obstacles: Vec::new(),
        sizes: GroupSizes {
            min_size: kind.min_size,
            max_size: kind.max_size,
            desired_capacity: kind.desired_capacity,
        },
        in_service: number::length(in_service),
        is_opted_in: is_opted_in(&resource.tags),
        refresh,
        version: version(kind),
        launched_from,
        versions: Vec::new(),
    }
}

/// Returns the version that a group launches from. Where AWS leaves it out, the default one
/// stands.
fn version(kind: &AutoScalingGroup) -> Option<String> {
    let templates = kind.launch_templates.iter().flatten();
    templates
        .filter(|one| one.launch_template_id.is_some() || one.launch_template_name.is_some())
        .map(|one| one.version.clone().unwrap_or_else(|| "$Default".to_owned()))
        .next()
}

fn status(refresh: Option<&RefreshObserved>) -> Option<String> {
    Some(refresh.map_or_else(|| "none".to_owned(), |one| one.status.clone()))
}

fn facts(
    resource: &Resource<AutoScalingGroup>,
    refresh: Option<&RefreshObserved>,
) -> GroupPreflight {
    GroupPreflight {
        refresh_status: status(refresh),
        suspended: resource.kind.suspended_processes.clone(),
        template_version: version(&resource.kind),
        tags: Some(resource.tags.clone()),
        ..GroupPreflight::default()
    }
}

/// Looks further for a change that replaces the instances.
async fn refreshed(
    session: &Session,
    known: &Mutex<Known>,
    change: &Change,
    plan: &InstanceRefresh,
    found: &types::AutoScalingGroup,
    resource: &Resource<AutoScalingGroup>,
    mut observed: GroupObserved,
) -> Result<Look, AwsError> {
    let versions = Versions::of(session, plan, &change.id).await?;
    let mut unread = Vec::new();
    let facts = instance_refresh::facts(session, known, found, plan, &versions, &mut unread).await;
    let facts = RefreshPreflight {
        refresh_status: status(observed.refresh.as_ref()),
        suspended: resource.kind.suspended_processes.clone(),
        template_version: version(&resource.kind),
        tags: Some(resource.tags.clone()),
        ..facts
    };
    observed.obstacles = preflight::instance_refresh(&facts, plan);
    observed.versions = versions.made;
    let facts = Facts::Refresh(Box::new(facts));
    Ok(Look { observed: Observed::Group(observed), facts, unread })
}

async fn refresh(session: &Session, name: &str) -> Result<Option<RefreshObserved>, AwsError> {
    let request = session.autoscaling().describe_instance_refreshes();
    let answer = request.auto_scaling_group_name(name).send().await;
    let answer = answer.map_err(|error| AwsError::of(DESCRIBE_REFRESHES, &error))?;
    let all = answer.instance_refreshes.unwrap_or_default().into_iter();
    Ok(latest(all.collect()).map(|one| of(&one)))
}

/// Returns the refresh that was asked for last. One that is pending has not begun, and so has no
/// start: none is newer. AWS lists them from the newest on.
fn latest(all: Vec<types::InstanceRefresh>) -> Option<types::InstanceRefresh> {
    let begun = |one: &types::InstanceRefresh| {
        // What was cancelled before it began has an end only.
        let at = one.start_time.as_ref().or(one.end_time.as_ref());
        moment::optional(at).unwrap_or(Timestamp::MAX)
    };
    all.into_iter().rev().max_by_key(begun)
}

fn of(one: &types::InstanceRefresh) -> RefreshObserved {
    let template = one.desired_configuration().and_then(|to| to.launch_template());
    RefreshObserved {
        status: one.status().map_or("Unknown", |word| word.as_str()).to_owned(),
        percent: one.percentage_complete.and_then(|percent| u8::try_from(percent).ok()),
        version: template.and_then(|one| one.version()).map(str::to_owned),
        started_at: moment::optional(one.start_time.as_ref()),
        ended_at: moment::optional(one.end_time.as_ref()),
        reason: one.status_reason().map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use aws_smithy_types::DateTime;

    use super::*;

    fn refresh(id: &str, start: Option<i64>, end: Option<i64>) -> types::InstanceRefresh {
        types::InstanceRefresh::builder()
            .instance_refresh_id(id)
            .set_start_time(start.map(DateTime::from_secs))
            .set_end_time(end.map(DateTime::from_secs))
            .build()
    }

    #[test]
    fn a_refresh_that_has_not_begun_is_newer_than_any_that_has() {
        let check = |all: Vec<types::InstanceRefresh>, expected: &str| {
            let found = latest(all).and_then(|one| one.instance_refresh_id);
            assert_eq!(found.as_deref(), Some(expected));
        };
        let old = || refresh("old", Some(100), Some(200));
        check(vec![old(), refresh("new", Some(300), None)], "new");
        check(vec![refresh("pending", None, None), old()], "pending");
        check(vec![old(), refresh("pending", None, None)], "pending");
        // One that was cancelled before it began is as old as its end.
        check(vec![refresh("new", Some(300), None), refresh("never", None, Some(250))], "new");
        assert!(latest(Vec::new()).is_none());
    }
}
