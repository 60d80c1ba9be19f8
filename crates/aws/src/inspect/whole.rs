//! The facts of a change, whole.

use jiff::Timestamp;
use tokio::sync::Mutex;

use trimtab_model::observed::{Facts, Inspected};
use trimtab_model::plan::Change;

use super::{address, db_instance, function, group, instance, log_group, volume};
use crate::error::AwsError;
use crate::observe::{self, Known};
use crate::part::reason;
use crate::session::Session;

/// What is read, and what could not be.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    pub(super) session: &'a Session,
    pub(super) known: &'a Mutex<Known>,
    pub(super) change: &'a Change,
    pub(super) now: Timestamp,
    unread: Vec<AwsError>,
}

impl Reading<'_> {
    /// Returns what was read, or notes why it was not.
    pub(super) fn noted<T>(&mut self, answer: Result<T, AwsError>) -> Option<T> {
        answer.map_err(|error| self.note(error)).ok()
    }

    /// Notes why something could not be read.
    pub(super) fn note(&mut self, error: AwsError) {
        if !self.unread.contains(&error) {
            self.unread.push(error);
        }
    }
}

/// Reads everything that can stand in the way of a change.
///
/// # Errors
/// Fails if the resource itself could not be seen.
pub(crate) async fn inspect(
    session: &Session,
    known: &Mutex<Known>,
    change: &Change,
    now: Timestamp,
) -> Result<Inspected, AwsError> {
    let look = observe::look(session, known, change).await?;
    let mut reading = Reading { session, known, change, now, unread: look.unread };
    let facts = match look.facts {
        Facts::Instance(mut facts) => {
            instance::complete(&mut reading, &look.observed, &mut facts).await;
            Facts::Instance(facts)
        }
        Facts::DbInstance(mut facts) => {
            db_instance::complete(&mut reading, &mut facts).await;
            Facts::DbInstance(facts)
        }
        Facts::DbStorage(mut facts) => {
            db_instance::complete_storage(&mut reading, &mut facts).await;
            Facts::DbStorage(facts)
        }
        Facts::Volume(mut facts) => {
            volume::complete(&mut reading, &look.observed, &mut facts).await;
            Facts::Volume(facts)
        }
        Facts::Function(mut facts) => {
            function::complete(&mut reading, &mut facts).await;
            Facts::Function(facts)
        }
        Facts::Group(mut facts) => {
            group::complete(&mut reading, &mut facts).await;
            Facts::Group(facts)
        }
        Facts::LogGroup(mut facts) => {
            log_group::complete(&mut reading, &mut facts).await;
            Facts::LogGroup(facts)
        }
        Facts::Address(mut facts) => {
            address::complete(&mut reading, &look.observed, &mut facts).await;
            Facts::Address(facts)
        }
        Facts::None => Facts::None,
    };
    let unread = reading.unread.iter().map(reason).collect();
    Ok(Inspected { facts, unread, ..Inspected::default() })
}
