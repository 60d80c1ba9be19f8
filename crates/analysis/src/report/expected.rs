//! What the month under way comes to, for whoever shows no report.

use trimtab_model::document::{CostBasis, Days, FanPoint};
use trimtab_model::money::{Currency, Money};
use trimtab_model::text::Text;

use super::facts::ReportFacts;
use super::forecast::MonthForecast;
use super::ledger::{Ledger, days_of};

/// What the month under way is expected to cost, as the reports have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpectedMonth {
    /// What is expected.
    pub likely: Money,
    /// One time in ten it is less.
    pub low: Money,
    /// One time in ten it is more.
    pub high: Money,
}

/// Returns what the month of the last day of the bill is expected to cost; absent without a bill.
///
/// # Errors
/// Says what is missing.
pub fn expected_month(facts: &ReportFacts<'_>) -> Option<Result<ExpectedMonth, Text>> {
    let ledger = Ledger::open(facts)?;
    let forecast = MonthForecast::of(ledger, ledger.covered.last);
    Some(forecast.map(|MonthForecast { likely, low, high, .. }| ExpectedMonth {
        likely,
        low,
        high,
    }))
}

/// How the month under way stands beside its budget.
#[derive(Debug, Clone, PartialEq)]
pub struct BudgetOutlook {
    /// The currency of every amount.
    pub currency: Currency,
    /// Which cost every amount is.
    pub basis: CostBasis,
    /// The days of the month that the bill covers.
    pub days: Days,
    /// What they cost; absent where the bill does not cover the month from its first day on.
    pub to_date: Option<Money>,
    /// What the month is expected to cost, or what is missing to say so.
    pub expected: Result<ExpectedMonth, Text>,
    /// How likely the month costs more than the budget, in percent; absent without a forecast or a budget
    /// in the currency of the bill.
    pub overrun_percent: Option<f64>,
    /// The running sum by day; empty without a forecast.
    pub points: Vec<FanPoint>,
}

/// Compares the month of the last day of the bill with the budget of `facts`; absent without a bill.
pub fn budget_outlook(facts: &ReportFacts<'_>) -> Option<BudgetOutlook> {
    let ledger = Ledger::open(facts)?;
    let month = days_of(ledger.covered.last);
    let days = ledger.covered_of(month)?;
    let forecast = MonthForecast::of(ledger, ledger.covered.last);
    let known = forecast.as_ref().ok();
    let to_date = (days.first == month.first).then(|| ledger.sum(days)).flatten();
    let is_passed = to_date.zip(facts.budget).is_some_and(|(spent, budget)| {
        spent.currency == budget.currency && spent.amount > budget.amount
    });
    let overrun_percent = known.zip(facts.budget).and_then(|(month, budget)| {
        if is_passed {
            return Some(100.0);
        }
        month.overrun_percent(budget)
    });
    Some(BudgetOutlook {
        currency: ledger.currency,
        basis: ledger.basis,
        days,
        to_date,
        overrun_percent,
        points: known.map(|month| month.points.clone()).unwrap_or_default(),
        expected: forecast.map(|MonthForecast { likely, low, high, .. }| ExpectedMonth {
            likely,
            low,
            high,
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::scene::{Scene, date, usd};

    #[test]
    fn the_month_so_far_is_the_sum_of_its_days_and_a_larger_budget_is_less_likely_passed() {
        let mut scene = Scene::full();
        let of = |scene: &Scene| budget_outlook(&scene.facts()).expect("a bill");
        let outlook = of(&scene);
        let month = Days { first: date("2026-11-01"), last: date("2026-11-22") };
        let days = scene.days.iter().filter(|day| month.contains(day.date));
        let sum = days.fold(usd("0"), |sum, day| sum.checked_add(day.effective.unwrap()).unwrap());
        assert_eq!((outlook.days, outlook.to_date), (month, Some(sum)));
        let chance = |scene: &mut Scene, budget: Money| {
            scene.budget = Some(budget);
            of(scene).overrun_percent
        };
        let likely = outlook.expected.map(|month| month.likely).expect("a forecast");
        let even = chance(&mut scene, likely);
        assert!(even.is_some_and(|percent| (40.0..60.0).contains(&percent)), "{even:?}");
        assert!(chance(&mut scene, usd("60000")) < even);
        assert_eq!(chance(&mut scene, usd("100")), Some(100.0));
        scene.budget = None;
        assert_eq!(of(&scene).overrun_percent, None);
    }

    #[test]
    fn a_mean_of_three_days_that_has_no_end_of_digits_is_no_obstacle() {
        let mut scene = Scene::full();
        for (place, day) in scene.days.iter_mut().enumerate() {
            day.effective = Some(usd(&format!("{}.0001", 1_000 + place)));
        }
        let outlook = budget_outlook(&scene.facts()).expect("a bill");
        assert!(outlook.expected.is_ok(), "{:?}", outlook.expected);
    }

    #[test]
    fn ten_days_of_a_bill_make_no_forecast_and_say_what_it_needs() {
        let mut scene = Scene::full();
        scene.covered = Some(Days { first: date("2026-11-13"), last: date("2026-11-22") });
        let outlook = budget_outlook(&scene.facts()).expect("a bill");
        assert_eq!((outlook.to_date, outlook.overrun_percent), (None, None));
        assert!(outlook.expected.is_err());
    }
}
