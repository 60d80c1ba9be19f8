//! The function that took the work of an instance over: whether it is there, and ran.

use jiff::SignedDuration;

use trimtab_model::id::ResourceId;
use trimtab_model::metric::Statistic;
use trimtab_model::observed::{InstancePreflight, SuccessorFacts};

use super::measured::{Asked, Measured};
use super::whole::Reading;
use crate::error::AwsError;
use crate::observe::function;
use crate::session::Session;

/// What tells whether it is there.
pub(super) const GET: &str = function::GET;

/// CloudWatch keeps points of five minutes for 63 days (CloudWatch User Guide, "Metrics retention").
const MOST_DAYS: u32 = 60;

/// Adds what is known of the function, for an instance that one replaces.
pub(super) async fn complete(reading: &mut Reading<'_>, facts: &mut InstancePreflight) {
    let Some(migration) = reading.change.migration.clone() else { return };
    let exists = exists(reading.session, &migration.name).await;
    let exists = reading.noted(exists);
    let days = migration.soak_days.clamp(1, MOST_DAYS);
    let function = ResourceId::new(&migration.name);
    let asked = [Asked::of(&function, "AWS/Lambda", "Invocations", Statistic::Sum)];
    let length = SignedDuration::from_hours(24 * i64::from(days));
    let found = Measured::since(reading, &asked, length).await;
    // Lambda measures nothing of a function that does not run: an answer without a point tells that.
    let runs = found.total("Invocations");
    facts.successor = SuccessorFacts { exists, runs, days };
}

async fn exists(session: &Session, name: &str) -> Result<bool, AwsError> {
    let answer = session.lambda().get_function_configuration().function_name(name).send().await;
    let answer = answer.map_err(|error| AwsError::of(GET, &error));
    Ok(function::if_there(answer)?.is_some())
}
