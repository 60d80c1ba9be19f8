//! One look at the resource of a change.

use tokio::sync::Mutex;

pub use trimtab_model::observed::Facts;
use trimtab_model::observed::Observed;
use trimtab_model::plan::Change;
use trimtab_model::resource::{ResourceKind, Tags};

use super::{Known, address, db_instance, function, group, instance, log_group, volume};
use crate::error::AwsError;
use crate::session::Session;

/// The tag by which an owner lets trimtab change a resource, and its value.
const OPT_IN: (&str, &str) = ("trimtab:apply", "allowed");

/// A resource as it was just seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// What it is, with the obstacles that can be told from this alone.
    pub observed: Observed,
    /// What must be known besides, before it is changed, as far as a look tells: what was
    /// measured, quotas, keys and what is offered are read when it is inspected.
    pub facts: Facts,
    /// What could not be read, and is absent from the facts.
    pub unread: Vec<AwsError>,
}

impl Look {
    /// Says that there is no such resource.
    pub(super) fn gone() -> Self {
        Self::whole(Observed::Gone, Facts::None)
    }

    /// Makes one of which everything could be read.
    pub(super) fn whole(observed: Observed, facts: Facts) -> Self {
        Self { observed, facts, unread: Vec::new() }
    }
}

/// Looks at the resource of a change.
///
/// # Errors
/// Fails if something that the next step depends on could not be read, and for a kind that
/// trimtab changes nothing of.
pub(crate) async fn look(
    session: &Session,
    known: &Mutex<Known>,
    change: &Change,
) -> Result<Look, AwsError> {
    match change.resource.kind {
        ResourceKind::Instance => instance::look(session, known, change).await,
        ResourceKind::Volume => volume::look(session, change).await,
        ResourceKind::Address => address::look(session, change).await,
        ResourceKind::DbInstance => db_instance::look(session, change).await,
        ResourceKind::Function => function::look(session, change).await,
        ResourceKind::LogGroup => log_group::look(session, change).await,
        ResourceKind::AutoScalingGroup => group::look(session, change).await,
        other => Err(AwsError::Failed {
            action: other.as_str().to_owned(),
            code: "NotBuilt".to_owned(),
            message: "trimtab changes nothing of this kind".to_owned(),
        }),
    }
}

/// Returns whether the owner lets trimtab change a resource with these tags.
pub(super) fn is_opted_in(tags: &Tags) -> bool {
    tags.get(OPT_IN.0).is_some_and(|value| value == OPT_IN.1)
}

/// Returns nothing where AWS says that there is no such thing.
pub(crate) fn unless_absent<T>(
    answer: Result<T, AwsError>,
    codes: &[&str],
) -> Result<Option<T>, AwsError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(AwsError::Failed { code, .. }) if codes.contains(&code.as_str()) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Says that an answer lacks what each has.
pub(super) fn incomplete(action: &str) -> AwsError {
    AwsError::Failed {
        action: action.to_owned(),
        code: "IncompleteAnswer".to_owned(),
        message: "the answer lacks what identifies the resource".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_word_lets_a_resource_be_changed() {
        let tags = |value: &str| Tags::from([("trimtab:apply".to_owned(), value.to_owned())]);
        assert!(is_opted_in(&tags("allowed")));
        assert!(!is_opted_in(&tags("Allowed")));
        assert!(!is_opted_in(&tags("")));
        assert!(!is_opted_in(&Tags::new()));
    }
}
