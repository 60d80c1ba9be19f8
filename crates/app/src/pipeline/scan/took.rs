//! Keeps what asking AWS took: calls are counted, and what AWS charges is priced as of then.

use jiff::Timestamp;

use trimtab_aws::access::Access;
use trimtab_model::api_use::{ApiPurpose, ApiUse, OperationCalls, PaidUse};
use trimtab_store::state::State;

use crate::failure::{Failure, Kind};
use crate::pipeline::state::now;

/// A run that asked AWS.
#[derive(Debug, Clone, Copy)]
pub(in crate::pipeline) struct Took {
    /// What for.
    pub(in crate::pipeline) purpose: ApiPurpose,
    /// When it began.
    pub(in crate::pipeline) began: Timestamp,
    /// Whether all was asked that should be.
    pub(in crate::pipeline) finished: bool,
}

/// Keeps what a run took. What was asked and answered is there without it: where it cannot be kept, that is said in the
/// log.
pub(in crate::pipeline) fn keep(
    state: &State,
    access: &Access,
    took: Took,
    paid: Result<PaidUse, Failure>,
) {
    let calls = access.calls().counts().into_iter();
    let calls = calls.map(|(operation, count)| OperationCalls {
        service: operation.service,
        operation: operation.name,
        count,
    });
    let Took { purpose, began, finished } = took;
    let kept = paid.and_then(|paid| {
        let calls = calls.collect();
        let api_use = ApiUse { purpose, began, ended: now(), finished, calls, paid: vec![paid] };
        state.keep_api_use(&api_use).map_err(|cause| Failure::from_error(Kind::Failed, &cause))
    });
    if let Err(failure) = kept {
        tracing::warn!(cause = %failure.message.en, "what asking AWS took could not be kept");
    }
}
