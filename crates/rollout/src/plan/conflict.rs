//! Changes that must not be in one plan, and those that must come one after the other.

use std::cmp::Ordering;

use trimtab_model::recommendation::Recommendation;
use trimtab_model::text::Reason;

use super::draft::Draft;
use super::subject::Subject;

/// A draft that another one keeps out of the plan.
pub(super) struct Refused<'a> {
    pub(super) draft: Draft<'a>,
    pub(super) reason: Reason,
}

/// Keeps one change of each resource, the one that saves most. That a machine's volume is not
/// deleted beside it needs nothing here: no volume is deleted that a machine has.
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
    let (one, other) = (&one.recommendation.resource, &other.recommendation.resource);
    one.kind == other.kind
        && one.id == other.id
        && one.account == other.account
        && one.region == other.region
}

fn same_resource(kept: &Recommendation) -> Reason {
    Reason::new(
        "same-resource",
        format!("{} changes the same resource and saves no less.", kept.id),
        format!("같은 자원을 변경하는 {}의 절감액이 더 크거나 같아 그 추천만 남겼습니다.", kept.id),
    )
}
