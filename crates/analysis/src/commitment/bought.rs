//! Every Savings Plan and reservation of an inventory, in the same words.

use jiff::Timestamp;

use trimtab_model::resource::{Resource, ResourceRef};
use trimtab_model::snapshot::Snapshot;

use super::terms::Commitment;
use super::utilization::is_of;

/// What was bought, and until when it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bought {
    /// The commitment.
    pub reference: ResourceRef,
    /// Its ARN, where the API tells it.
    pub arn: Option<String>,
    /// What it covers, such as `4 × db.m5.large`.
    pub subject: String,
    /// Its state, as the API names it.
    pub state: Option<String>,
    /// From when on it counts.
    pub start: Option<Timestamp>,
    /// Until when.
    pub end: Option<Timestamp>,
}

impl Bought {
    fn of<K: Commitment>(resource: &Resource<K>) -> Self {
        let terms = resource.kind.terms();
        Self {
            reference: resource.reference(K::KIND),
            arn: terms.arn.map(str::to_owned),
            subject: terms.subject.clone(),
            state: terms.state.map(str::to_owned),
            start: terms.start,
            end: terms.end,
        }
    }

    /// Returns whether a bill's identifier is that of this commitment.
    pub fn is_named(&self, commitment_discount_id: &str) -> bool {
        is_of(commitment_discount_id, &self.reference, self.arn.as_deref())
    }

    /// Returns whether it counts at a moment, as far as its state and its end tell.
    pub fn is_running(&self, now: Timestamp) -> bool {
        self.state.as_deref().is_none_or(|state| state == "active")
            && self.end.is_none_or(|end| end > now)
    }
}

/// Returns every commitment of an inventory.
pub fn bought(snapshot: &Snapshot) -> Vec<Bought> {
    fn all<K: Commitment>(resources: &[Resource<K>]) -> impl Iterator<Item = Bought> {
        resources.iter().map(Bought::of)
    }
    all(&snapshot.savings_plans)
        .chain(all(&snapshot.reserved_instances))
        .chain(all(&snapshot.reserved_db_instances))
        .chain(all(&snapshot.reserved_cache_nodes))
        .chain(all(&snapshot.reserved_redshift_nodes))
        .chain(all(&snapshot.reserved_search_instances))
        .chain(all(&snapshot.reserved_memory_db_nodes))
        .collect()
}
