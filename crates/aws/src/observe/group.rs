//! An Auto Scaling group and its latest refresh.

use aws_sdk_autoscaling::types::{self, LifecycleState};

use trimtab_model::action::GroupSizes;
use trimtab_model::observed::{GroupObserved, GroupPreflight, Observed, RefreshObserved};
use trimtab_model::plan::Change;

use super::fingerprint;
use super::resource::{Facts, Look, incomplete, is_opted_in};
use crate::error::AwsError;
use crate::inventory;
use crate::inventory::auto_scaling_group::DESCRIBE;
use crate::session::Session;
use crate::{moment, number, tags};

const DESCRIBE_REFRESHES: &str = "autoscaling:DescribeInstanceRefreshes";

/// What is read.
pub(crate) const READS: &[&str] = &[DESCRIBE, DESCRIBE_REFRESHES];

/// Looks at the group of a change.
pub(super) async fn look(session: &Session, change: &Change) -> Result<Look, AwsError> {
    let name = change.resource.id.as_str();
    let request = session.autoscaling().describe_auto_scaling_groups();
    let answer = request.auto_scaling_group_names(name).send().await;
    let answer = answer.map_err(|error| AwsError::of(DESCRIBE, &error))?;
    let mut all = answer.auto_scaling_groups.unwrap_or_default().into_iter();
    let found = all.find(|one| one.auto_scaling_group_name.as_deref() == Some(name));
    let Some(found) = found else { return Ok(Look::gone()) };
    let pairs = found.tags.clone().unwrap_or_default().into_iter();
    let tags = tags::of_pairs(pairs.map(|tag| (tag.key, tag.value)));
    let in_service = found
        .instances()
        .iter()
        .filter(|one| one.lifecycle_state() == Some(&LifecycleState::InService))
        .count();
    let kind = inventory::auto_scaling_group::kind(found).ok_or_else(|| incomplete(DESCRIBE))?;
    let resource = session.resource(name, tags, kind);
    let kind = &resource.kind;
    let refresh = refresh(session, name).await?;
    let templates = kind.launch_templates.iter().flatten();
    let facts = GroupPreflight {
        refresh_status: Some(
            refresh.as_ref().map_or_else(|| "none".to_owned(), |one| one.status.clone()),
        ),
        suspended: kind.suspended_processes.clone(),
        // Where AWS leaves the version out, the default one stands.
        template_version: templates
            .filter(|one| one.launch_template_id.is_some() || one.launch_template_name.is_some())
            .map(|one| one.version.clone().unwrap_or_else(|| "$Default".to_owned()))
            .next(),
        tags: Some(resource.tags.clone()),
        ..GroupPreflight::default()
    };
    let observed = GroupObserved {
        fingerprint: fingerprint::group(&resource),
        obstacles: Vec::new(),
        sizes: GroupSizes {
            min_size: kind.min_size,
            max_size: kind.max_size,
            desired_capacity: kind.desired_capacity,
        },
        in_service: number::length(in_service),
        is_opted_in: is_opted_in(&resource.tags),
        refresh,
    };
    Ok(Look::whole(Observed::Group(observed), Facts::Group(facts)))
}

async fn refresh(session: &Session, name: &str) -> Result<Option<RefreshObserved>, AwsError> {
    let request = session.autoscaling().describe_instance_refreshes();
    let answer = request.auto_scaling_group_name(name).send().await;
    let answer = answer.map_err(|error| AwsError::of(DESCRIBE_REFRESHES, &error))?;
    let all = answer.instance_refreshes.unwrap_or_default().into_iter();
    let latest = all.max_by_key(|one| moment::optional(one.start_time.as_ref()));
    Ok(latest.map(|one| observed(&one)))
}

fn observed(one: &types::InstanceRefresh) -> RefreshObserved {
    let template = one.desired_configuration().and_then(|to| to.launch_template());
    RefreshObserved {
        status: one.status().map_or("Unknown", |word| word.as_str()).to_owned(),
        percent: one.percentage_complete.and_then(|percent| u8::try_from(percent).ok()),
        version: template.and_then(|one| one.version()).map(str::to_owned),
    }
}
