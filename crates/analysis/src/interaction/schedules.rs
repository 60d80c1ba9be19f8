//! Hours off are counted at what the hours cost after the changes that come before.
//!
//! A smaller machine first, then its hours: half of a half is a quarter, never the whole.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use trimtab_model::action::{Action, ScheduleTarget};
use trimtab_model::analysis::Superseded;
use trimtab_model::evidence::{COUNTED_AFTER, Figure};
use trimtab_model::id::{RegionId, ResourceId, SubAccountId};
use trimtab_model::recommendation::{CostComponent, Estimate, Recommendation};
use trimtab_model::resource::ResourceKind;
use trimtab_model::text::Text;

use super::overlap::{changes_hours_cost, covered_by};
use crate::saving::keep_share;
use crate::schedule::credits::{credits, is_burstable};
use crate::schedule::saving::{off_share, running};

/// Reduces the schedule among changes of one resource by what the others save of its hours.
///
/// A schedule of which nothing is left is superseded.
pub(super) fn behind_changes(changes: &mut Vec<Recommendation>, superseded: &mut Vec<Superseded>) {
    let earlier = changes.iter().find(|change| {
        changes_hours_cost(&change.action) && !matches!(change.action, Action::ApplySchedule { .. })
    });
    let Some(earlier) = earlier.cloned() else { return };
    let saved = share(&earlier.estimated_monthly_savings, None);
    let mut at = 0;
    while let Some(change) = changes.get_mut(at) {
        if !matches!(change.action, Action::ApplySchedule { .. }) || reduce(change, saved) {
            same_hours(change, &earlier);
            at += 1;
            continue;
        }
        let recommendation = changes.remove(at);
        let by = earlier.id.clone();
        superseded.push(Superseded { recommendation, by, reason: covered_by(&earlier) });
    }
}

/// Where a member of a cluster is.
type Member = (SubAccountId, RegionId, ResourceId);

/// Reduces the schedule of a cluster by what changes of its members save of their hours.
pub(super) fn behind_members(standing: &mut Vec<Recommendation>, superseded: &mut Vec<Superseded>) {
    let mut members: BTreeMap<Member, Recommendation> = BTreeMap::new();
    for change in standing.iter() {
        if change.resource.kind == ResourceKind::DbInstance && changes_hours_cost(&change.action) {
            let place = &change.resource;
            let member = (place.account.clone(), place.region.clone(), place.id.clone());
            members.insert(member, change.clone());
        }
    }
    let mut at = 0;
    while let Some(change) = standing.get_mut(at) {
        let changed = changed_members(change, &members);
        let Some(first) = changed.first().map(|change| (*change).clone()) else {
            at += 1;
            continue;
        };
        let cost = &change.estimated_monthly_savings;
        let saved = changed
            .iter()
            .map(|member| share(&member.estimated_monthly_savings, Some(cost)))
            .fold(Decimal::ZERO, Decimal::saturating_add);
        if reduce(change, saved) {
            count_after(change, &first);
            at += 1;
            continue;
        }
        let recommendation = standing.remove(at);
        let by = first.id.clone();
        superseded.push(Superseded { recommendation, by, reason: covered_by(&first) });
    }
}

/// Returns the changes of the members of a cluster that a schedule stops.
fn changed_members<'a>(
    schedule: &Recommendation,
    changes: &'a BTreeMap<Member, Recommendation>,
) -> Vec<&'a Recommendation> {
    let Action::ApplySchedule { target: ScheduleTarget::DbCluster { members }, .. } =
        &schedule.action
    else {
        return Vec::new();
    };
    let place = &schedule.resource;
    members
        .iter()
        .filter_map(|id| changes.get(&(place.account.clone(), place.region.clone(), id.clone())))
        .collect()
}

/// Returns the share of a cost that a change may save: its own, or that of `whole`.
///
/// The best case counts, so that what is left for the hours is never too much. Where amounts
/// of two currencies would have to be compared, everything may be saved.
fn share(change: &Estimate, whole: Option<&Estimate>) -> Decimal {
    let cost = whole.unwrap_or(change).cost_now;
    if cost.currency != change.high.currency || !cost.is_positive() {
        return Decimal::ONE;
    }
    let share = change.high.amount.checked_div(cost.amount).unwrap_or(Decimal::ONE);
    share.clamp(Decimal::ZERO, Decimal::ONE)
}

/// Leaves of a schedule what remains when such a share of the cost is saved before, and
/// returns whether that is anything.
fn reduce(schedule: &mut Recommendation, saved: Decimal) -> bool {
    let left = Decimal::ONE - saved.clamp(Decimal::ZERO, Decimal::ONE);
    let estimate = &mut schedule.estimated_monthly_savings;
    keep_share(estimate, left);
    estimate.cost_after.amount = estimate.cost_now.amount.saturating_sub(estimate.likely.amount);
    estimate.high.rounded().is_positive()
}

/// Shows the hours of the type that the earlier change leaves, where it leaves one type.
fn same_hours(schedule: &mut Recommendation, earlier: &Recommendation) {
    let Action::ApplySchedule { schedule: plan, .. } = &schedule.action else { return };
    let off = off_share(&plan.week);
    let estimate = &mut schedule.estimated_monthly_savings;
    if let Some(formula) = as_many(&earlier.estimated_monthly_savings, &estimate.formula_now) {
        estimate.formula_after = running(&formula, off);
        estimate.formula_now = formula;
    }
    if let Action::ModifyInstanceType { to, .. } | Action::MigrateInstance { to, .. } =
        &earlier.action
        && is_burstable(to)
        && !schedule.evidence.notes.contains(&credits())
    {
        schedule.evidence.notes.push(credits());
    }
    count_after(schedule, earlier);
}

/// Returns what a change leaves of so many hours as a schedule counts; absent where it leaves
/// something of another shape.
///
/// A schedule may count fewer: the tasks that run while nobody uses a service.
fn as_many(change: &Estimate, counted: &[CostComponent]) -> Option<Vec<CostComponent>> {
    let (before, after) = (&change.formula_now, &change.formula_after);
    if after.is_empty() || after.len() != counted.len() {
        return None;
    }
    if before.len() != after.len() {
        return Some(after.clone());
    }
    let parts = after.iter().zip(before).zip(counted).map(|((after, before), own)| {
        let quantity = match own.quantity == before.quantity {
            true => after.quantity,
            false => {
                let part = own.quantity.checked_div(before.quantity)?;
                after.quantity.checked_mul(part)?.round_dp(4)
            }
        };
        Some(CostComponent { quantity, ..after.clone() })
    });
    parts.collect()
}

fn count_after(schedule: &mut Recommendation, earlier: &Recommendation) {
    let id = earlier.id.as_str();
    let figure = Figure::word(COUNTED_AFTER, "Counted after", "먼저 적용할 추천", id);
    schedule.evidence.figures.push(figure);
    schedule.evidence.notes.push(Text::new(
        format!("Its amounts are those that remain after {id}."),
        format!("금액은 {id} 추천을 먼저 적용한 뒤의 것입니다."),
    ));
}
