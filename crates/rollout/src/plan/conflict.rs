//! Changes that must not be in one plan, and those that must come one after the other.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use trimtab_model::action::Action;
use trimtab_model::id::{RegionId, ResourceId, SubAccountId};
use trimtab_model::recommendation::Recommendation;
use trimtab_model::text::Reason;

use super::draft::Draft;
use super::subject::Subject;

/// Where a resource is, and its name there.
type Place = (SubAccountId, RegionId, ResourceId);

/// A draft that another one keeps out of the plan.
pub(super) struct Refused<'a> {
    pub(super) draft: Draft<'a>,
    pub(super) reason: Reason,
}

/// Keeps one change of each resource, the one that saves most, and no deletion of a volume
/// whose machine is changed.
pub(super) fn settle<'a>(drafts: Vec<Draft<'a>>) -> (Vec<Draft<'a>>, Vec<Refused<'a>>) {
    let mut refused = Vec::new();
    let mut kept: Vec<Draft<'a>> = Vec::new();
    let mut by_saving = drafts;
    by_saving.sort_by(|left, right| more(left.recommendation, right.recommendation));
    for draft in by_saving {
        match kept.iter().find(|one| is_same(one, &draft)) {
            Some(other) => {
                let reason = same_resource(other.recommendation);
                refused.push(Refused { draft, reason });
            }
            None => kept.push(draft),
        }
    }
    let volumes: BTreeSet<Place> = kept.iter().flat_map(volumes).collect();
    let (kept, of_machines): (Vec<_>, Vec<_>) =
        kept.into_iter().partition(|draft| !deletes_one_of(draft, &volumes));
    refused.extend(of_machines.into_iter().map(|draft| Refused {
        draft,
        reason: Reason::new(
            "volume-of-planned-machine",
            "Its machine is changed in the same plan, and is taken back with all of its volumes.",
            "같은 계획에서 변경되는 서버의 볼륨입니다. 되돌릴 때 모든 볼륨이 필요합니다.",
        ),
    }));
    (kept, refused)
}

/// Returns whether one change must come before another: a machine before its volumes, and a
/// replica before its source, which it must keep up with.
pub(super) fn is_before(one: &Draft<'_>, other: &Draft<'_>) -> bool {
    match (one.subject, other.subject) {
        (Subject::Instance(machine), Subject::Volume(volume)) => {
            machine.kind.volume_ids.contains(&volume.id)
                || volume.kind.attachments.iter().any(|at| at.instance_id == machine.id)
        }
        (Subject::DbInstance(replica), Subject::DbInstance(source)) => {
            replica.account == source.account
                && replica.kind.read_replica_source.as_ref() == Some(&source.id)
        }
        _ => false,
    }
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

fn is_same(one: &Draft<'_>, other: &Draft<'_>) -> bool {
    let kind = |draft: &Draft<'_>| draft.recommendation.resource.kind;
    let own = |draft: &Draft<'_>| place(draft, &draft.recommendation.resource.id);
    kind(one) == kind(other) && own(one) == own(other)
}

/// Names the volumes of a machine that is changed.
fn volumes(draft: &Draft<'_>) -> Vec<Place> {
    match draft.subject {
        Subject::Instance(machine) => {
            machine.kind.volume_ids.iter().map(|volume| place(draft, volume)).collect()
        }
        _ => Vec::new(),
    }
}

fn deletes_one_of(draft: &Draft<'_>, volumes: &BTreeSet<Place>) -> bool {
    matches!(draft.recommendation.action, Action::DeleteVolume { .. })
        && volumes.contains(&place(draft, &draft.recommendation.resource.id))
}

fn place(draft: &Draft<'_>, id: &ResourceId) -> Place {
    let of = &draft.recommendation.resource;
    (of.account.clone(), of.region.clone(), id.clone())
}

fn same_resource(kept: &Recommendation) -> Reason {
    Reason::new(
        "same-resource",
        format!("{} changes the same resource and saves no less.", kept.id),
        format!("같은 자원을 변경하는 {}의 절감액이 더 크거나 같아 그 추천만 남겼습니다.", kept.id),
    )
}
