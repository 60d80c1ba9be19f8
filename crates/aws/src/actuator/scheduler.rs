//! EventBridge Scheduler: schedules in a group of our own.

use aws_sdk_scheduler::Client;
use aws_sdk_scheduler::types::{
    FlexibleTimeWindow, FlexibleTimeWindowMode, RetryPolicy, Tag, Target,
};

use trimtab_model::action::SCHEDULE_GROUP;
use trimtab_model::call::CallResult;

use super::answer::{self, nothing, result};
use super::perform::Purpose;
use crate::observe::schedule::description;

/// The tag of the group: what it is for. What a schedule is for stands in its description.
const GROUP_TAG: (&str, &str) = ("trimtab:group", "schedules");
/// How long a call that failed is tried again: behind it, the hour is not the planned one.
const RETRY_SECONDS: i32 = 3600;
/// How often.
const RETRIES: i32 = 10;
/// The longest client token (EventBridge Scheduler API reference).
const LONGEST_TOKEN: usize = 64;

/// A schedule, whole.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) name: &'a str,
    pub(super) expression: &'a str,
    pub(super) time_zone: &'a str,
    pub(super) target: &'a str,
    pub(super) input: &'a str,
    pub(super) role: &'a str,
}

/// Makes the group.
pub(super) async fn create_group(client: &Client, name: &str) -> CallResult {
    let tag = match Tag::builder().key(GROUP_TAG.0).value(GROUP_TAG.1).build() {
        Ok(tag) => tag,
        Err(error) => return answer::refused("NotSent", &error.to_string(), None),
    };
    let request = client.create_schedule_group().name(name).tags(tag).client_token(name);
    result(request.send().await, nothing)
}

/// Makes a schedule that acts at its hour, and not around it.
pub(super) async fn create(
    client: &Client,
    wanted: Wanted<'_>,
    purpose: Purpose<'_>,
) -> CallResult {
    let retries = RetryPolicy::builder()
        .maximum_event_age_in_seconds(RETRY_SECONDS)
        .maximum_retry_attempts(RETRIES)
        .build();
    let target = Target::builder()
        .arn(wanted.target)
        .role_arn(wanted.role)
        .input(wanted.input)
        .retry_policy(retries)
        .build();
    let exact = FlexibleTimeWindow::builder().mode(FlexibleTimeWindowMode::Off).build();
    let (target, exact) = match (target, exact) {
        (Ok(target), Ok(exact)) => (target, exact),
        (Err(error), _) | (_, Err(error)) => {
            return answer::refused("NotSent", &error.to_string(), None);
        }
    };
    let Wanted { name, expression, time_zone, .. } = wanted;
    let answer = client
        .create_schedule()
        .group_name(SCHEDULE_GROUP)
        .name(name)
        .description(description(&purpose.tags()))
        .schedule_expression(expression)
        .schedule_expression_timezone(time_zone)
        .flexible_time_window(exact)
        .target(target)
        .client_token(token(purpose, name))
        .send()
        .await;
    result(answer, nothing)
}

/// Deletes a schedule.
pub(super) async fn delete(client: &Client, name: &str) -> CallResult {
    let request = client.delete_schedule().group_name(SCHEDULE_GROUP).name(name);
    result(request.send().await, nothing)
}

/// Returns the client token of a schedule, the same for the same one of the same plan.
fn token(purpose: Purpose<'_>, name: &str) -> String {
    let plain = |sign: char| if sign.is_ascii_alphanumeric() { sign } else { '-' };
    let front: String =
        format!("{}-{}-", purpose.plan, purpose.change).chars().map(plain).collect();
    // Its end says which of the resource's schedules it is.
    let room = LONGEST_TOKEN.saturating_sub(front.len());
    let name: Vec<char> = name.chars().map(plain).collect();
    let kept = name.get(name.len().saturating_sub(room)..).unwrap_or_default();
    front + &kept.iter().collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_of_the_letters_that_aws_takes_and_not_too_long() {
        let (plan, change) = ("P-0123456789ab".into(), "C-0123456789ab".into());
        let purpose = Purpose { plan: &plan, change: &change };
        let long = format!("trimtab-{}.x-stop-1", "a".repeat(60));
        let (one, other) = (token(purpose, &long), token(purpose, "trimtab-i-1-start-2"));
        assert!(one.len() <= LONGEST_TOKEN && one.ends_with("-x-stop-1"), "{one}");
        assert_eq!(other, "P-0123456789ab-C-0123456789ab-trimtab-i-1-start-2");
    }
}
