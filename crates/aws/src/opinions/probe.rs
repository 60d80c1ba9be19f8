//! Whether AWS's opinions may be asked for: each action once, as the kinds are tried.

use trimtab_model::opinion::OpinionSource;

use super::reading::{ACTIONS, answers};
use crate::error::AwsError;
use crate::probe::{Finding, finding, once};
use crate::session::Session;

/// Finds out which of a source's actions are allowed in a place.
///
/// In an account that is not enrolled only the question whether it is can be tried; the others
/// are [`Finding::OptedOut`].
pub async fn probe(session: &Session, source: OpinionSource) -> Vec<(&'static str, Finding)> {
    let (session, asked) = once(session);
    let (errors, opted_out) = match answers(&session, source).await {
        Ok(Some(listed)) => (listed.into_iter().filter_map(Result::err).collect(), false),
        Ok(None) => (Vec::new(), true),
        Err(error) => (vec![error], false),
    };
    let errors: Vec<AwsError> = errors;
    let asked = asked.operations();
    let actions = ACTIONS.iter().filter(|(of, _)| *of == source).flat_map(|(_, actions)| *actions);
    actions
        .map(|action| match finding(action, &errors, &asked) {
            Finding::NotAsked if opted_out => (*action, Finding::OptedOut),
            found => (*action, found),
        })
        .collect()
}

/// Returns whether the account of a probe is enrolled, as far as the probe could see.
pub fn is_enrolled(findings: &[(&'static str, Finding)]) -> bool {
    !findings.iter().any(|(_, finding)| *finding == Finding::OptedOut)
}
