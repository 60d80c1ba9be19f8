//! What decides whether the sizes of a group may be changed, besides a look at it.

use trimtab_model::metric::Statistic;
use trimtab_model::observed::GroupPreflight;

use super::measured::{self, Asked, Measured};
use super::whole::Reading;
use crate::error::AwsError;
use crate::inventory::auto_scaling_group::DESCRIBE;
use crate::observe::unless_absent;

const DESCRIBE_VERSIONS: &str = "ec2:DescribeLaunchTemplateVersions";

/// What is read besides a look.
pub(crate) const READS: &[&str] = &[DESCRIBE_VERSIONS, measured::READS[0], measured::READS[1]];

/// A template or a version of it that is no more.
const ABSENT: &[&str] = &[
    "InvalidLaunchTemplateId.NotFound",
    "InvalidLaunchTemplateName.NotFoundException",
    "InvalidLaunchTemplateId.VersionNotFound",
];

/// Adds what a look does not tell.
pub(super) async fn complete(reading: &mut Reading<'_>, facts: &mut GroupPreflight) {
    let id = reading.change.resource.id.clone();
    let has_template = has_template(reading).await;
    facts.has_template = reading.noted(has_template).flatten();
    let asked = [Asked::of(&id, "AWS/AutoScaling", "GroupInServiceInstances", Statistic::Maximum)];
    let found = Measured::of(reading, &asked).await;
    let peak = found.highest("GroupInServiceInstances");
    facts.peak_in_service = peak.map(|peak| peak.ceil() as u32);
}

/// Returns whether the version of the launch template is there; absent for a group without any.
async fn has_template(reading: &Reading<'_>) -> Result<Option<bool>, AwsError> {
    let session = reading.session;
    let name = reading.change.resource.id.as_str();
    let request = session.autoscaling().describe_auto_scaling_groups();
    let answer = request.auto_scaling_group_names(name).send().await;
    let answer = answer.map_err(|error| AwsError::of(DESCRIBE, &error))?;
    let mut all = answer.auto_scaling_groups.unwrap_or_default().into_iter();
    let found = all.find(|one| one.auto_scaling_group_name.as_deref() == Some(name));
    let Some(found) = found else { return Ok(None) };
    let mixed = found
        .mixed_instances_policy
        .and_then(|policy| policy.launch_template)
        .and_then(|template| template.launch_template_specification);
    let Some(template) = found.launch_template.or(mixed) else { return Ok(None) };
    let version = template.version.unwrap_or_else(|| "$Default".to_owned());
    let mut request = session.ec2().describe_launch_template_versions().versions(version);
    request = match (template.launch_template_id, template.launch_template_name) {
        (Some(id), _) => request.launch_template_id(id),
        (None, Some(name)) => request.launch_template_name(name),
        (None, None) => return Ok(None),
    };
    let answer = request.send().await;
    let answer = answer.map_err(|error| AwsError::of(DESCRIBE_VERSIONS, &error));
    let versions =
        unless_absent(answer, ABSENT)?.and_then(|answer| answer.launch_template_versions);
    Ok(Some(versions.is_some_and(|all| !all.is_empty())))
}
