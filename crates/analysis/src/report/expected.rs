//! What the month under way comes to, for whoever shows no report.

use trimtab_model::money::Money;
use trimtab_model::text::Text;

use super::facts::ReportFacts;
use super::forecast::MonthForecast;
use super::ledger::Ledger;

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
