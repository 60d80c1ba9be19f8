//! A recommendation that may become a change.

use trimtab_model::environment::Environment;
use trimtab_model::migration::Migration;
use trimtab_model::plan::Ancestry;
use trimtab_model::recommendation::Recommendation;

use super::nature::Nature;
use super::subject::Subject;

/// A recommendation that nothing speaks against by itself.
#[derive(Debug, Clone)]
pub(super) struct Draft<'a> {
    pub(super) recommendation: &'a Recommendation,
    pub(super) subject: Subject<'a>,
    pub(super) environment: Environment,
    pub(super) nature: Nature,
    pub(super) ancestry: Ancestry,
    /// The migration whose last step it is.
    pub(super) migration: Option<&'a Migration>,
}

/// Returns the environment that a resource counts as: of what its tags say and what they said
/// when it was recommended, the more careful one; what says nothing is production.
pub(super) fn environment(recommendation: &Recommendation, subject: Subject<'_>) -> Environment {
    match recommendation.resource.environment.max(subject.environment()) {
        Environment::Dev => Environment::Dev,
        Environment::Staging => Environment::Staging,
        Environment::Prod | Environment::Unknown => Environment::Prod,
    }
}
