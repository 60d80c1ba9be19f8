//! Changes that must not be in one plan, and those that must come one after the other.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use trimtab_model::id::{RegionId, ResourceId, SubAccountId};
use trimtab_model::migration::Migration;
use trimtab_model::recommendation::Recommendation;
use trimtab_model::resource::{ResourceKind, ResourceRef};
use trimtab_model::text::Reason;

use super::draft::Draft;
use super::migrations;
use super::subject::Subject;

/// A resource without what its tags say.
type Place = (ResourceKind, SubAccountId, RegionId, ResourceId);

/// A draft that another one keeps out of the plan.
pub(super) struct Refused<'a> {
    pub(super) draft: Draft<'a>,
    pub(super) reason: Reason,
}

/// Keeps one change of each resource: the stop of what a function replaced, which makes every other
/// one pointless, else the one that saves most. Volumes of such a machine wait: their gates are those
/// of a machine that runs. That a machine's volume is not deleted beside it needs nothing here: no
/// volume is deleted that a machine has.
pub(super) fn settle<'a>(drafts: Vec<Draft<'a>>) -> (Vec<Draft<'a>>, Vec<Refused<'a>>) {
    let mut refused = Vec::new();
    let mut kept: BTreeMap<Place, Draft<'a>> = BTreeMap::new();
    let mut by_saving = drafts;
    by_saving.sort_by(|left, right| {
        let is_last = |draft: &Draft<'_>| draft.migration.is_none();
        let by_kind = is_last(left).cmp(&is_last(right));
        by_kind.then_with(|| more(left.recommendation, right.recommendation))
    });
    for draft in by_saving {
        match kept.entry(place(&draft.recommendation.resource)) {
            Entry::Occupied(other) => {
                let kept = other.get();
                let reason = match kept.migration {
                    Some(migration) => migrations::stopped_for_good(migration),
                    None => same_resource(kept.recommendation),
                };
                refused.push(Refused { draft, reason });
            }
            Entry::Vacant(free) => {
                free.insert(draft);
            }
        }
    }
    let mut waiting: BTreeMap<Place, &Migration> = BTreeMap::new();
    for draft in kept.values() {
        let (Some(migration), Subject::Instance(machine)) = (draft.migration, draft.subject) else {
            continue;
        };
        let of = &draft.recommendation.resource;
        for volume in &machine.kind.volume_ids {
            let (account, region) = (of.account.clone(), of.region.clone());
            waiting.insert((ResourceKind::Volume, account, region, volume.clone()), migration);
        }
    }
    let mut rest = Vec::new();
    for (place, draft) in kept {
        match waiting.get(&place) {
            Some(migration) => {
                let reason = migrations::stopped_first(migration);
                refused.push(Refused { draft, reason });
            }
            None => rest.push(draft),
        }
    }
    (rest, refused)
}

/// Which of the drafts must come before others: a machine before its volumes, and a replica
/// before its source, which it must keep up with.
pub(super) fn predecessors(drafts: &[&Draft<'_>]) -> Vec<Vec<usize>> {
    let mut before: BTreeMap<Place, Vec<usize>> = BTreeMap::new();
    for (index, draft) in drafts.iter().enumerate() {
        let of = &draft.recommendation.resource;
        let near =
            |kind, id: &ResourceId| (kind, of.account.clone(), of.region.clone(), id.clone());
        let followers: Vec<Place> = match draft.subject {
            Subject::Instance(machine) => {
                let volumes = machine.kind.volume_ids.iter();
                volumes.map(|volume| near(ResourceKind::Volume, volume)).collect()
            }
            Subject::DbInstance(replica) => {
                let source = replica.kind.read_replica_source.iter();
                source.map(|source| near(ResourceKind::DbInstance, source)).collect()
            }
            _ => Vec::new(),
        };
        for follower in followers {
            before.entry(follower).or_default().push(index);
        }
    }
    let of = |draft: &&Draft<'_>| before.get(&place(&draft.recommendation.resource)).cloned();
    drafts.iter().map(|draft| of(draft).unwrap_or_default()).collect()
}

/// Orders by what is saved, most first, then by identifier.
pub(super) fn more(left: &Recommendation, right: &Recommendation) -> Ordering {
    let saved = |one: &Recommendation| one.estimated_monthly_savings.likely;
    let (its, others) = (saved(left), saved(right));
    // Currencies are not compared: the one that comes first in the alphabet goes first.
    its.currency
        .code()
        .cmp(others.currency.code())
        .then_with(|| others.amount.cmp(&its.amount))
        .then_with(|| left.id.cmp(&right.id))
}

fn place(of: &ResourceRef) -> Place {
    (of.kind, of.account.clone(), of.region.clone(), of.id.clone())
}

fn same_resource(kept: &Recommendation) -> Reason {
    Reason::new(
        "same-resource",
        format!("{} changes the same resource and saves no less.", kept.id),
        format!("같은 자원을 변경하는 {}의 절감액이 더 크거나 같아 그 추천만 남겼습니다.", kept.id),
    )
}
