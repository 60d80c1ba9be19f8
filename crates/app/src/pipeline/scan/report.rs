//! What a scan could not see, told once per account, region and reason.

use std::collections::BTreeMap;

use trimtab_model::collection::{Collection, Outcome};
use trimtab_model::id::{RegionId, SubAccountId};
use trimtab_model::resource::ResourceKind;
use trimtab_model::text::Reason;
use trimtab_store::state::State;

use crate::failure::{Failure, Kind};

/// One thing that could not be read, and everything that is missing for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hole {
    /// The account.
    pub account: SubAccountId,
    /// The region.
    pub region: RegionId,
    /// How the listings ended.
    pub outcome: Outcome,
    /// Why.
    pub reason: Reason,
    /// What is missing.
    pub kinds: Vec<ResourceKind>,
}

/// Returns how each listing ended the last time it was tried; empty before the first scan.
///
/// # Errors
/// Fails when the state cannot be read.
pub fn last_collections(state: &State) -> Result<Vec<Collection>, Failure> {
    let collections =
        state.collections().map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    Ok(collections.into_iter().map(|(_, collection)| collection).collect())
}

/// Returns what is missing, in order of account and region; one entry per reason.
pub fn holes(collections: &[Collection]) -> Vec<Hole> {
    let mut holes: BTreeMap<(SubAccountId, RegionId, Outcome, String), Hole> = BTreeMap::new();
    for collection in collections.iter().filter(|collection| collection.outcome.is_hole()) {
        for reason in &collection.reasons {
            let key = (
                collection.account.clone(),
                collection.region.clone(),
                collection.outcome,
                reason.text.en.clone(),
            );
            holes
                .entry(key)
                .or_insert_with(|| Hole {
                    account: collection.account.clone(),
                    region: collection.region.clone(),
                    outcome: collection.outcome,
                    reason: reason.clone(),
                    kinds: Vec::new(),
                })
                .kinds
                .push(collection.kind);
        }
    }
    holes.into_values().collect()
}
