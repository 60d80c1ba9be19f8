//! A saving that depends on a repair is counted after everything that needs none.
//!
//! With the smaller machine that suffices as it is, a repair saves only what the still smaller one
//! saves on top; and of a machine that rests at night only the hours that are left.

use rust_decimal::Decimal;

use trimtab_model::action::Action;
use trimtab_model::analysis::Superseded;
use trimtab_model::evidence::{COUNTED_AFTER, Figure};
use trimtab_model::money::Money;
use trimtab_model::recommendation::{Estimate, Recommendation};
use trimtab_model::text::Text;

use super::overlap::{changes_hours_cost, covered_by};
use crate::saving::keep_share;

/// Reduces the repair among changes of one resource by what the others save.
///
/// A repair of which nothing is left is superseded.
pub(super) fn behind_changes(changes: &mut Vec<Recommendation>, superseded: &mut Vec<Superseded>) {
    let Some(at) = changes.iter().position(Recommendation::is_conditional) else { return };
    let resize = changes.iter().find(|change| changes_hours_cost(&change.action)).cloned();
    let hours = changes
        .iter()
        .find(|change| matches!(change.action, Action::ApplySchedule { .. }))
        .cloned();
    let Some(repair) = changes.get_mut(at) else { return };
    if let Some(resize) = &resize {
        count_after_resize(repair, resize);
    }
    if let Some(hours) = &hours {
        let estimate = &mut repair.estimated_monthly_savings;
        let is_conversion = matches!(repair.action, Action::ConvertServerless(_));
        let function = is_conversion.then_some(estimate.cost_after.amount);
        count_after_hours(estimate, &hours.estimated_monthly_savings, function);
    }
    let Some(earlier) = resize.or(hours) else { return };
    if repair.estimated_monthly_savings.likely.rounded().is_positive() {
        note(repair, &earlier);
        return;
    }
    let recommendation = changes.remove(at);
    let by = earlier.id.clone();
    superseded.push(Superseded { recommendation, by, reason: covered_by(&earlier) });
}

/// Leaves what the repair saves beyond a change of the machine.
fn count_after_resize(repair: &mut Recommendation, resize: &Recommendation) {
    starts_from(&mut repair.action, &resize.action);
    let earlier = &resize.estimated_monthly_savings;
    for estimate in estimates(repair) {
        beyond(estimate, earlier);
    }
    for option in &mut repair.options {
        starts_from(&mut option.action, &resize.action);
    }
    repair.options.retain(|option| option.estimated_monthly_savings.likely.is_positive());
}

/// Has the repair begin with the machine that suffices without it.
fn starts_from(repair: &mut Action, resize: &Action) {
    match (repair, resize) {
        (Action::FixApplication(fix), Action::ModifyInstanceType { to, .. }) => {
            fix.from = to.clone();
        }
        (Action::FixQuery(fix), Action::ModifyDbInstanceClass { to, .. }) => fix.from = to.clone(),
        (Action::ConvertServerless(conversion), Action::ModifyInstanceType { to, .. }) => {
            conversion.server = to.to_string();
        }
        _ => {}
    }
}

fn estimates(repair: &mut Recommendation) -> impl Iterator<Item = &mut Estimate> {
    std::iter::once(&mut repair.estimated_monthly_savings)
        .chain(repair.options.iter_mut().map(|option| &mut option.estimated_monthly_savings))
}

fn beyond(estimate: &mut Estimate, earlier: &Estimate) {
    // Amounts of two currencies cannot be compared: nothing is left that could be shown.
    let less = |own: Money, other: Money| match own.currency == other.currency {
        true => own.amount.saturating_sub(other.amount).max(Decimal::ZERO),
        false => Decimal::ZERO,
    };
    estimate.high.amount = less(estimate.high, earlier.high);
    estimate.likely.amount = less(estimate.likely, earlier.likely);
    estimate.low.amount = less(estimate.low, earlier.low);
    estimate.before_discounts.amount = less(estimate.before_discounts, earlier.before_discounts);
    // The earlier change may save its best case: then no more than that remains.
    estimate.cost_now.amount = less(estimate.cost_now, earlier.likely);
    // The steps of the bill are those of the whole cost.
    estimate.billed = None;
    if !earlier.formula_after.is_empty() {
        estimate.formula_now = earlier.formula_after.clone();
    }
    settle(estimate);
}

/// Leaves what is saved in the hours that are left.
fn count_after_hours(estimate: &mut Estimate, hours: &Estimate, function: Option<Decimal>) {
    let saved = hours
        .high
        .amount
        .checked_div(hours.cost_now.amount)
        .unwrap_or(Decimal::ONE)
        .clamp(Decimal::ZERO, Decimal::ONE);
    let left = Decimal::ONE - saved;
    keep_share(estimate, left);
    if let Some(function) = function {
        // The hours of the server shrink; what the function costs does not.
        let lost = function.checked_mul(saved).unwrap_or(function);
        for amount in [&mut estimate.low, &mut estimate.likely, &mut estimate.high] {
            amount.amount = amount.amount.saturating_sub(lost).max(Decimal::ZERO);
        }
    }
    settle(estimate);
}

fn settle(estimate: &mut Estimate) {
    estimate.likely.amount = estimate.likely.amount.min(estimate.cost_now.amount);
    estimate.high.amount =
        estimate.high.amount.max(estimate.likely.amount).min(estimate.cost_now.amount);
    estimate.low.amount = estimate.low.amount.min(estimate.likely.amount);
    estimate.cost_after.amount = estimate.cost_now.amount.saturating_sub(estimate.likely.amount);
}

fn note(repair: &mut Recommendation, earlier: &Recommendation) {
    let id = earlier.id.as_str();
    let figure = Figure::word(COUNTED_AFTER, "Counted after", "먼저 적용할 추천", id);
    repair.evidence.figures.push(figure);
    repair.evidence.notes.push(match repair.action {
        Action::ConvertServerless(_) | Action::MoveToContainers(_) => Text::new(
            format!("Its amounts are what the move adds to {id}, which needs none."),
            format!("금액은 전환 없이도 가능한 {id} 추천을 적용한 뒤 추가로 줄어드는 것입니다."),
        ),
        _ => Text::new(
            format!("Its amounts are what the repair adds to {id}, which needs none."),
            format!("금액은 수정 없이도 가능한 {id} 추천을 적용한 뒤 추가로 줄어드는 것입니다."),
        ),
    });
}

#[cfg(test)]
mod tests {
    use trimtab_model::action::{ApplicationFault, Repair};
    use trimtab_model::metric::Statistic;

    use super::*;
    use crate::interaction::overlap::resolve;
    use crate::scene::{flat, recommended, scene};
    use crate::sizing::fit::tests::instance_type;

    /// Two changes of one m5.4xlarge: a size of half the price, and a repair after which a
    /// quarter suffices.
    fn changes() -> Vec<Recommendation> {
        let check = crate::checks::ALL
            .iter()
            .find(|check| check.id == "ec2-instance-oversized")
            .expect("a check");
        let scene = scene()
            .instance_type(instance_type("m5.large", 2, 8 << 10), "0.096")
            .instance_type(instance_type("m5.xlarge", 4, 16 << 10), "0.192")
            .instance(|instance| instance.kind.instance_type = "m5.xlarge".into())
            .metric("i-1", "AWS/EC2", "CPUUtilization", Statistic::Maximum, flat(10.0, 14))
            .metric("i-1", "CWAgent", "mem_used_percent", Statistic::Maximum, flat(30.0, 14));
        let resize = recommended(check, &scene);
        let mut repair = resize.clone();
        repair.id = "R-repair".into();
        repair.options.clear();
        repair.action = Action::FixApplication(Repair {
            faults: vec![ApplicationFault::MemoryLeak],
            endpoint: None,
            from: "m5.xlarge".into(),
            to: "m5.medium".into(),
        });
        let estimate = &mut repair.estimated_monthly_savings;
        estimate.likely.amount = estimate.cost_now.amount * Decimal::new(75, 2);
        estimate.high = estimate.likely;
        estimate.cost_after.amount = estimate.cost_now.amount - estimate.likely.amount;
        vec![repair, resize]
    }

    #[test]
    fn only_the_difference_depends_on_the_repair() {
        let before = changes();
        let (standing, superseded) = resolve(before.clone());
        assert!(superseded.is_empty());
        let of = |conditional: bool| {
            let found = standing.iter().find(|one| one.is_conditional() == conditional);
            found.expect("both stand").estimated_monthly_savings.clone()
        };
        let (whole, resize) = (&before[0].estimated_monthly_savings, of(false));
        assert_eq!(of(true).likely.amount + resize.likely.amount, whole.likely.amount);
        assert_eq!(of(true).cost_now.amount, whole.cost_now.amount - resize.likely.amount);
        assert_eq!(of(true).formula_now, resize.formula_after);
        assert!(of(true).high.amount + resize.high.amount <= whole.cost_now.amount);
    }

    #[test]
    fn a_repair_that_adds_nothing_is_superseded() {
        let mut both = changes();
        both[0].estimated_monthly_savings = both[1].estimated_monthly_savings.clone();
        let (standing, superseded) = resolve(both);
        assert_eq!((standing.len(), superseded.len()), (1, 1));
        assert!(superseded[0].recommendation.is_conditional());
    }

    #[test]
    fn without_another_change_all_of_it_is_conditional() {
        let before = changes();
        let (standing, _) = resolve(before[..1].to_vec());
        assert_eq!(standing[0].estimated_monthly_savings, before[0].estimated_monthly_savings);
    }
}
