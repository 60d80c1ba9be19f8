//! The week that a report is about, and the one before it.

use jiff::Span;
use jiff::civil::Date;

use trimtab_model::document::Days;
use trimtab_model::money::Money;

use super::facts::ReportFacts;
use super::ledger::{Ledger, percent_of};

/// Returns the last whole week from Monday to Sunday that is over.
///
/// The days of a bill are UTC days, so a week is over when its Sunday is in UTC and in the zone.
pub fn last_week(facts: &ReportFacts<'_>) -> Option<Days> {
    let today = facts.yesterday()?.tomorrow().ok()?;
    let monday = today.saturating_sub(days(today.weekday().to_monday_zero_offset().into()));
    Some(Days { first: monday.saturating_sub(days(7)), last: monday.yesterday().ok()? })
}

/// Returns the days of the last week that the bill covers, and the same days a week earlier; absent where it covers none.
pub fn compared_days(facts: &ReportFacts<'_>) -> Option<[Days; 2]> {
    let days = Ledger::open(facts)?.covered_of(last_week(facts)?)?;
    Some([days, earlier(days, 7)])
}

/// Returns the same days so many days earlier.
pub(super) fn earlier(period: Days, by: i64) -> Days {
    Days { first: before(period.first, by), last: before(period.last, by) }
}

/// Returns the day so many days earlier.
pub(super) fn before(date: Date, by: i64) -> Date {
    date.saturating_sub(days(by))
}

fn days(count: i64) -> Span {
    Span::new().days(count)
}

/// The cost of some days beside that of the same days a week earlier.
#[derive(Debug, Clone, Copy)]
pub(super) struct Comparison {
    /// The days of the week that the bill covers.
    pub(super) days: Days,
    /// The same days of the week before.
    pub(super) days_before: Days,
    /// What they cost.
    pub(super) cost: Money,
    /// What those before cost; absent where the bill does not cover them.
    pub(super) cost_before: Option<Money>,
}

impl Comparison {
    /// Compares the days of `week` that the bill covers; absent where it covers none.
    pub(super) fn of(ledger: Ledger<'_>, week: Days) -> Option<Self> {
        let days = ledger.covered_of(week)?;
        let days_before = earlier(days, 7);
        Some(Self {
            days,
            days_before,
            cost: ledger.sum(days)?,
            cost_before: ledger.sum(days_before),
        })
    }

    /// Returns by how much more it was.
    pub(super) fn change(&self) -> Option<Money> {
        self.cost.checked_sub(self.cost_before?).ok()
    }

    /// Returns by how much more it was, in percent.
    pub(super) fn percent(&self) -> Option<f64> {
        percent_of(self.change()?, self.cost_before?)
    }
}
