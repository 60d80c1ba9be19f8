//! The function that took the work of an instance over: whether it is there, works, and ran.

use std::collections::BTreeMap;

use aws_sdk_lambda::types::EnvironmentResponse;
use jiff::{SignedDuration, Timestamp};

use trimtab_model::gate::AlarmState;
use trimtab_model::id::ResourceId;
use trimtab_model::metric::Statistic;
use trimtab_model::migration::Migration;
use trimtab_model::observed::{InstancePreflight, SuccessorFacts, SuccessorMode};

use super::measured::{Asked, Measured, PERIOD};
use super::whole::Reading;
use crate::error::AwsError;
use crate::moment;
use crate::observe::function;
use crate::session::Session;

/// What tells whether it is there.
pub(super) const GET: &str = function::GET;

/// CloudWatch keeps points of five minutes for 63 days (CloudWatch User Guide, "Metrics retention").
const FINE_DAYS: u32 = 60;
const AN_HOUR: u32 = 3_600;
/// And points of an hour for 455 days.
const MOST_DAYS: u32 = 450;
/// The variable of its environment that tells whether it writes.
const MODE: &str = "MODE";

/// Adds what is known of the function, for an instance that one replaces.
pub(super) async fn complete(reading: &mut Reading<'_>, facts: &mut InstancePreflight) {
    let Some(migration) = reading.change.migration.clone() else { return };
    let found = configured(reading.session, &migration.name, reading.now).await;
    let found = reading.noted(found);
    let days = migration.soak_days.clamp(1, MOST_DAYS);
    let function = ResourceId::new(&migration.name);
    let asked = ["Invocations", "Errors"]
        .map(|metric| Asked::of(&function, "AWS/Lambda", metric, Statistic::Sum));
    let length = SignedDuration::from_hours(24 * i64::from(days));
    let measured = Measured::by(reading, &asked, length, point_seconds(days)).await;
    let alarms = alarms(reading.session, &migration).await;
    let alarms = reading.noted(alarms);
    let configured = found.clone().flatten().unwrap_or_default();
    facts.successor = SuccessorFacts {
        exists: found.map(|one| one.is_some()),
        mode: configured.mode,
        unchanged_days: configured.unchanged_days,
        // Lambda measures nothing of a function that does not run: an answer without a point tells
        // that.
        runs: measured.total("Invocations"),
        // Each run has a point of this, so that none at all tells nothing.
        errors: measured.latest_highest("Errors").and(measured.total("Errors")),
        days,
        alarms,
    };
}

/// Returns what the alarms of the checks are.
async fn alarms(
    session: &Session,
    migration: &Migration,
) -> Result<BTreeMap<String, Option<AlarmState>>, AwsError> {
    let names: Vec<String> = migration.checks.iter().map(|check| check.alarm(migration)).collect();
    let states = crate::alarms::states(session, &names).await?;
    let state = |name: String| {
        let state = states.get(&name).map(|(state, _)| *state);
        (name, state)
    };
    Ok(names.into_iter().map(state).collect())
}

/// Returns how long a point is of those that are there for so many days.
fn point_seconds(days: u32) -> u32 {
    if days > FINE_DAYS { AN_HOUR } else { PERIOD }
}

/// What its configuration says, as far as it was read.
#[derive(Debug, Clone, Default)]
struct Configured {
    mode: Option<SuccessorMode>,
    unchanged_days: Option<u32>,
}

/// Returns what is said of the function; absent where there is none.
async fn configured(
    session: &Session,
    name: &str,
    now: Timestamp,
) -> Result<Option<Configured>, AwsError> {
    let answer = session.lambda().get_function_configuration().function_name(name).send().await;
    let answer = answer.map_err(|error| AwsError::of(GET, &error));
    Ok(function::if_there(answer)?.map(|found| Configured {
        mode: mode(found.environment.as_ref()),
        unchanged_days: found.last_modified.as_deref().and_then(|text| days_since(text, now)),
    }))
}

/// Returns what `MODE` says; absent where Lambda could not read the environment, as without its key.
fn mode(environment: Option<&EnvironmentResponse>) -> Option<SuccessorMode> {
    let Some(environment) = environment else { return Some(SuccessorMode::Absent) };
    if environment.error.is_some() {
        return None;
    }
    let word = environment.variables.as_ref().and_then(|all| all.get(MODE));
    Some(match word.map(String::as_str) {
        Some("live") => SuccessorMode::Live,
        Some("shadow") => SuccessorMode::Shadow,
        Some(_) => SuccessorMode::Other,
        None => SuccessorMode::Absent,
    })
}

/// Returns the whole days since a moment that Lambda writes; none of what is still to come.
fn days_since(text: &str, now: Timestamp) -> Option<u32> {
    let since = moment::of_text(text)?;
    let hours = now.duration_since(since).as_hours().max(0);
    u32::try_from(hours / 24).ok()
}

#[cfg(test)]
mod tests {
    use aws_sdk_lambda::types::EnvironmentError;

    use super::*;

    #[test]
    fn the_mode_is_the_only_variable_that_is_looked_at() {
        let with = |key: &str, value: &str| {
            mode(Some(&EnvironmentResponse::builder().variables(key, value).build()))
        };
        assert_eq!(with("MODE", "live"), Some(SuccessorMode::Live));
        assert_eq!(with("MODE", "shadow"), Some(SuccessorMode::Shadow));
        assert_eq!(with("MODE", "LIVE"), Some(SuccessorMode::Other));
        assert_eq!(with("TOKEN", "live"), Some(SuccessorMode::Absent));
        assert_eq!(mode(None), Some(SuccessorMode::Absent));
        let denied = EnvironmentError::builder().error_code("AccessDeniedException").build();
        let denied = EnvironmentResponse::builder().error(denied).build();
        assert_eq!(mode(Some(&denied)), None);
    }

    #[test]
    fn days_since_a_change_are_whole_and_never_negative() {
        let now = "2026-11-28T09:30:00Z".parse().expect("a moment");
        let days = |text| days_since(text, now);
        assert_eq!(days("2026-11-14T09:30:00.000+0000"), Some(14));
        assert_eq!(days("2026-11-14T09:31:00.000+0000"), Some(13));
        assert_eq!(days("2026-11-29T09:30:00.000+0000"), Some(0));
        assert_eq!(days("yesterday"), None);
    }

    #[test]
    fn what_five_minutes_are_forgotten_of_is_read_by_the_hour() {
        assert_eq!([1, 14, 60].map(point_seconds), [PERIOD; 3]);
        assert_eq!([61, 365].map(point_seconds), [AN_HOUR; 2]);
    }
}
