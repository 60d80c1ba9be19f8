//! What must be known of a group before its instances are replaced, and the versions of its
//! launch template that a change made.

use aws_sdk_autoscaling::types::{self as groups, LifecycleState};
use aws_sdk_ec2::types::LaunchTemplateVersion;
use tokio::sync::Mutex;

use trimtab_model::action::InstanceRefresh;
use trimtab_model::id::ChangeId;
use trimtab_model::observed::{RefreshPreflight, TemplateVersionObserved};
use trimtab_model::resource::Tags;

use super::resource::{is_opted_in, unless_absent};
use super::surroundings::noted;
use super::{Known, group, type_traits};
use crate::error::AwsError;
use crate::page::pages;
use crate::session::Session;
use crate::{number, tags};

const DESCRIBE_TEMPLATES: &str = "ec2:DescribeLaunchTemplates";
const DESCRIBE_VERSIONS: &str = "ec2:DescribeLaunchTemplateVersions";
const DESCRIBE_HOOKS: &str = "autoscaling:DescribeLifecycleHooks";

/// What is read.
pub(crate) const READS: &[&str] = &[
    group::DESCRIBE,
    group::DESCRIBE_REFRESHES,
    DESCRIBE_HOOKS,
    DESCRIBE_TEMPLATES,
    DESCRIBE_VERSIONS,
    type_traits::DESCRIBE_TYPES,
    type_traits::DESCRIBE_OFFERINGS,
];

/// Codes that say that there is no such template or version.
const ABSENT: &[&str] = &[
    "InvalidLaunchTemplateId.NotFound",
    "InvalidLaunchTemplateId.VersionNotFound",
    "InvalidLaunchTemplateId.Malformed",
    "InvalidLaunchTemplateName.NotFoundException",
];
/// What stands where the API says that there is none.
const NONE: &str = "none";

/// Versions of a launch template: the one that the group launches from, and those of a change.
#[derive(Debug, Default)]
pub(super) struct Versions {
    pub(super) made: Vec<TemplateVersionObserved>,
    current: Option<Current>,
}

/// What of a version decides whether there is a way back. Its user data is dropped with the
/// answer.
#[derive(Debug)]
struct Current {
    instance_type: String,
    image: String,
    has_profile: bool,
}

impl Versions {
    /// Reads the versions of a template. One that is gone has none.
    pub(super) async fn of(
        session: &Session,
        plan: &InstanceRefresh,
        change: &ChangeId,
    ) -> Result<Self, AwsError> {
        let request = session.ec2().describe_launch_template_versions().max_results(200);
        let request = match plan.launch_template.starts_with("lt-") {
            true => request.launch_template_id(&plan.launch_template),
            false => request.launch_template_name(&plan.launch_template),
        };
        let mut versions = Self::default();
        let listed = pages(DESCRIBE_VERSIONS, request.into_paginator().send(), |page| {
            for one in page.launch_template_versions.unwrap_or_default() {
                versions.add(one, plan, change);
            }
        })
        .await;
        unless_absent(listed, ABSENT)?;
        Ok(versions)
    }

    fn add(&mut self, one: LaunchTemplateVersion, plan: &InstanceRefresh, change: &ChangeId) {
        let Some(number) = one.version_number.map(|number| number.to_string()) else { return };
        let data = one.launch_template_data;
        let instance_type = data.as_ref().and_then(|data| data.instance_type.clone());
        if number == plan.from_version {
            let word = |text: Option<&str>| text.unwrap_or(NONE).to_owned();
            self.current = Some(Current {
                instance_type: word(instance_type.as_ref().map(|word| word.as_str())),
                image: word(data.as_ref().and_then(|data| data.image_id())),
                has_profile: data
                    .as_ref()
                    .is_some_and(|data| data.iam_instance_profile().is_some()),
            });
        }
        if one.version_description.as_deref() == Some(change.as_str()) {
            self.made.push(TemplateVersionObserved {
                number,
                instance_type: instance_type.map(|word| word.as_str().into()),
                change: change.clone(),
            });
        }
    }
}

/// Gathers what is known before the first call. What cannot be read is noted, and absent.
pub(super) async fn facts(
    session: &Session,
    known: &Mutex<Known>,
    found: &groups::AutoScalingGroup,
    plan: &InstanceRefresh,
    versions: &Versions,
    unread: &mut Vec<AwsError>,
) -> RefreshPreflight {
    let members = |is: fn(&groups::Instance) -> bool| {
        let all = found.instances().iter().filter(|one| is(one));
        Some(all.filter_map(|one| one.instance_id().map(str::to_owned)).collect())
    };
    let template_tags = noted(template_tags(session, plan).await, unread).flatten();
    let from = noted(type_traits::of(session, known, &plan.from).await, unread);
    let to = noted(type_traits::of(session, known, &plan.to).await, unread);
    let current = versions.current.as_ref();
    RefreshPreflight {
        is_mixed: Some(found.mixed_instances_policy().is_some()),
        has_template: Some(current.is_some()),
        template_type: current.map(|one| one.instance_type.clone()),
        image: current.map(|one| one.image.clone()),
        has_instance_profile: Some(current.is_some_and(|one| one.has_profile)),
        is_template_opted_in: template_tags.as_ref().map(is_opted_in),
        protected: members(|one| one.protected_from_scale_in() == Some(true)),
        standby: members(|one| {
            matches!(
                one.lifecycle_state(),
                Some(LifecycleState::Standby | LifecycleState::EnteringStandby)
            )
        }),
        hooks: noted(hooks(session, found).await, unread),
        has_warm_pool: Some(found.warm_pool_configuration().is_some()),
        zones_without: noted(zones_without(session, known, found, plan).await, unread),
        from: from.map(|one| one.traits).unwrap_or_default(),
        to: to.map(|one| one.traits).unwrap_or_default(),
        template_tags,
        ..RefreshPreflight::default()
    }
}

async fn template_tags(
    session: &Session,
    plan: &InstanceRefresh,
) -> Result<Option<Tags>, AwsError> {
    let request = session.ec2().describe_launch_templates();
    let request = match plan.launch_template.starts_with("lt-") {
        true => request.launch_template_ids(&plan.launch_template),
        false => request.launch_template_names(&plan.launch_template),
    };
    let answer = request.send().await.map_err(|error| AwsError::of(DESCRIBE_TEMPLATES, &error));
    let answer = unless_absent(answer, ABSENT)?;
    let first = answer.and_then(|answer| answer.launch_templates?.into_iter().next());
    Ok(first.map(|one| tags::ec2(one.tags)))
}

async fn hooks(
    session: &Session,
    found: &groups::AutoScalingGroup,
) -> Result<Vec<(String, u32)>, AwsError> {
    let name = found.auto_scaling_group_name().unwrap_or_default();
    let request = session.autoscaling().describe_lifecycle_hooks().auto_scaling_group_name(name);
    let answer = request.send().await.map_err(|error| AwsError::of(DESCRIBE_HOOKS, &error))?;
    let all = answer.lifecycle_hooks.unwrap_or_default().into_iter();
    Ok(all
        .filter_map(|one| {
            let seconds = number::count(one.heartbeat_timeout).unwrap_or(u32::MAX);
            Some((one.lifecycle_hook_name?, seconds))
        })
        .collect())
}

async fn zones_without(
    session: &Session,
    known: &Mutex<Known>,
    found: &groups::AutoScalingGroup,
    plan: &InstanceRefresh,
) -> Result<Vec<String>, AwsError> {
    let mut without = Vec::new();
    for zone in found.availability_zones() {
        if !type_traits::is_offered(session, known, &plan.to, zone).await? {
            without.push(zone.clone());
        }
    }
    Ok(without)
}
