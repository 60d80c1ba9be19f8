//! EC2 Auto Scaling: sizes and refreshes of groups.

use aws_sdk_autoscaling::Client;
use aws_sdk_autoscaling::types;

use trimtab_model::action::GroupSizes;
use trimtab_model::call::CallResult;
use trimtab_model::id::ResourceId;

use super::answer::{self, nothing, one, result};

/// A version of a launch template.
pub(super) struct Template<'a> {
    pub(super) name: &'a str,
    pub(super) version: &'a str,
}

/// A scheduled action, whole; without sizes it empties the group.
pub(super) struct Wanted<'a> {
    pub(super) name: &'a str,
    pub(super) recurrence: &'a str,
    pub(super) time_zone: &'a str,
    pub(super) sizes: Option<GroupSizes>,
}

/// Sets a scheduled action of a group. One of the same name would be overwritten: whoever asks
/// has looked.
pub(super) async fn put_schedule(
    client: &Client,
    group: &ResourceId,
    wanted: Wanted<'_>,
) -> CallResult {
    let number = |value: u32| i32::try_from(value).ok();
    let sizes = wanted.sizes;
    let answer = client
        .put_scheduled_update_group_action()
        .auto_scaling_group_name(group.as_str())
        .scheduled_action_name(wanted.name)
        .recurrence(wanted.recurrence)
        .time_zone(wanted.time_zone)
        .set_min_size(sizes.map_or(Some(0), |sizes| number(sizes.min_size)))
        .set_max_size(sizes.and_then(|sizes| number(sizes.max_size)))
        .set_desired_capacity(sizes.map_or(Some(0), |sizes| number(sizes.desired_capacity)))
        .send()
        .await;
    result(answer, nothing)
}

/// Deletes a scheduled action of a group.
pub(super) async fn delete_schedule(client: &Client, group: &ResourceId, name: &str) -> CallResult {
    let request = client.delete_scheduled_action().auto_scaling_group_name(group.as_str());
    result(request.scheduled_action_name(name).send().await, nothing)
}

/// How fast a refresh goes, and what lets AWS take it back.
pub(super) struct Pace<'a> {
    pub(super) least: u8,
    pub(super) most: Option<u8>,
    pub(super) checkpoints: &'a [u8],
    pub(super) pause_seconds: u32,
    pub(super) alarms: &'a [String],
}

/// Sets the sizes of a group, and nothing else.
pub(super) async fn resize(client: &Client, group: &ResourceId, to: GroupSizes) -> CallResult {
    let numbers = [to.min_size, to.max_size, to.desired_capacity].map(i32::try_from);
    let [Ok(least), Ok(most), Ok(desired)] = numbers else {
        return answer::refused("NotSent", "no group is so large", None);
    };
    let answer = client
        .update_auto_scaling_group()
        .auto_scaling_group_name(group.as_str())
        .min_size(least)
        .max_size(most)
        .desired_capacity(desired)
        .send()
        .await;
    result(answer, nothing)
}

/// Replaces the instances of a group by those of a version of its launch template.
///
/// The group's own template is not touched before: only so can the refresh be taken back.
pub(super) async fn refresh(
    client: &Client,
    group: &ResourceId,
    template: Template<'_>,
    pace: Pace<'_>,
) -> CallResult {
    let to = types::LaunchTemplateSpecification::builder().version(template.version);
    let to = match template.name.starts_with("lt-") {
        true => to.launch_template_id(template.name),
        false => to.launch_template_name(template.name),
    };
    let is_paused = !pace.checkpoints.is_empty();
    let checkpoints: Vec<i32> = pace.checkpoints.iter().copied().map(i32::from).collect();
    let pause = i32::try_from(pace.pause_seconds).ok();
    let alarms = types::AlarmSpecification::builder().set_alarms(Some(pace.alarms.to_vec()));
    let preferences = types::RefreshPreferences::builder()
        .min_healthy_percentage(i32::from(pace.least))
        .set_max_healthy_percentage(pace.most.map(i32::from))
        .set_checkpoint_percentages(is_paused.then_some(checkpoints))
        .set_checkpoint_delay(pause.filter(|_| is_paused))
        .set_alarm_specification((!pace.alarms.is_empty()).then(|| alarms.build()))
        .skip_matching(true)
        .auto_rollback(true)
        .build();
    let answer = client
        .start_instance_refresh()
        .auto_scaling_group_name(group.as_str())
        .strategy(types::RefreshStrategy::Rolling)
        .desired_configuration(
            types::DesiredConfiguration::builder().launch_template(to.build()).build(),
        )
        .preferences(preferences)
        .send()
        .await;
    result(answer, |output| one("refresh", output.instance_refresh_id()))
}

/// Takes the refresh of a group back that is under way.
pub(super) async fn roll_back(client: &Client, group: &ResourceId) -> CallResult {
    let request = client.rollback_instance_refresh().auto_scaling_group_name(group.as_str());
    result(request.send().await, nothing)
}
