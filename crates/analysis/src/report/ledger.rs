//! The charges of a report in one currency and one basis, and their sums.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use trimtab_model::commitment::BillState;
use trimtab_model::document::{CostBasis, Days};
use trimtab_model::id::SubAccountId;
use trimtab_model::money::{Currency, Money};
use trimtab_model::text::Text;

use super::facts::{DayCharge, MeterMonth, MonthCharge, ReportFacts};

/// What a group of charges is about: a service in an account.
pub(super) type Place = (String, Option<SubAccountId>);

/// The charges of a report in one currency and one basis.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ledger<'a> {
    facts: &'a ReportFacts<'a>,
    /// The currency of every amount.
    pub(super) currency: Currency,
    /// Which cost every amount is.
    pub(super) basis: CostBasis,
    /// The days that the bill covers, none of which is later than the moment of the report.
    pub(super) covered: Days,
}

impl<'a> Ledger<'a> {
    /// Opens the charges; absent where there is no bill of days that are over.
    ///
    /// The currency is that of the most charges: amounts of two currencies are never added. The
    /// basis is the effective cost, unless a charge has none.
    pub(super) fn open(facts: &'a ReportFacts<'a>) -> Option<Self> {
        Self::over(facts, covered(facts)?)
    }

    /// Opens the charges for sums of months: a bill whose charges span whole months has those too,
    /// though nothing is known of its days.
    pub(super) fn open_months(facts: &'a ReportFacts<'a>) -> Option<Self> {
        let whole = facts.bill.months.iter().filter(|month| month.state == BillState::Whole);
        let spans = whole.map(|month| days_of(month.month)).chain(covered(facts));
        let all = spans.reduce(|left, right| Days {
            first: left.first.min(right.first),
            last: left.last.max(right.last),
        });
        Self::over(facts, all?)
    }

    fn over(facts: &'a ReportFacts<'a>, covered: Days) -> Option<Self> {
        let mut counts: BTreeMap<Currency, u64> = BTreeMap::new();
        for day in facts.bill.days {
            *counts.entry(day.billed.currency).or_default() += 1;
        }
        let months = facts.bill.months.iter().map(|month| month.billed.currency);
        let most = counts.iter().max_by_key(|(currency, count)| (**count, **currency));
        let currency = most.map(|(currency, _)| *currency).or_else(|| months.min())?;
        let of_currency = |money: Money| money.currency == currency;
        let mut days = facts.bill.days.iter().filter(|day| of_currency(day.billed));
        let mut months = facts.bill.months.iter().filter(|month| of_currency(month.billed));
        let mut meters = facts.bill.meters.iter().filter(|meter| of_currency(meter.billed));
        let is_effective = days.all(|day| day.effective.is_some())
            && months.all(|month| month.effective.is_some())
            && meters.all(|meter| meter.effective.is_some());
        let basis = if is_effective { CostBasis::Effective } else { CostBasis::Billed };
        Some(Self { facts, currency, basis, covered })
    }

    /// Returns the currencies that stand beside this one and are not looked at.
    pub(super) fn other_currencies(self) -> BTreeSet<Currency> {
        let mut all = self.facts.currencies();
        all.remove(&self.currency);
        all
    }

    fn chosen(self, billed: Money, effective: Option<Money>) -> Option<Money> {
        match self.basis {
            CostBasis::Effective => effective,
            CostBasis::Billed => Some(billed),
        }
        .filter(|money| money.currency == self.currency)
    }

    fn days_within(self, days: Days) -> impl Iterator<Item = (&'a DayCharge, Money)> {
        let covered = self.covered;
        self.facts.bill.days.iter().filter_map(move |day| {
            let is_within = days.contains(day.date) && covered.contains(day.date);
            let amount = self.chosen(day.billed, day.effective)?;
            is_within.then_some((day, amount))
        })
    }

    /// Returns those of `days` that the bill covers; absent where it covers none.
    pub(super) fn covered_of(self, days: Days) -> Option<Days> {
        let part = Days {
            first: days.first.max(self.covered.first),
            last: days.last.min(self.covered.last),
        };
        (part.first <= part.last).then_some(part)
    }

    /// Returns the cost of all `days`; absent where the bill does not cover them all.
    pub(super) fn sum(self, days: Days) -> Option<Money> {
        if self.covered_of(days) != Some(days) {
            return None;
        }
        self.days_within(days)
            .try_fold(Money::zero(self.currency), |sum, (_, amount)| sum.checked_add(amount).ok())
    }

    /// Returns the cost of one day; absent where the bill does not cover it.
    pub(super) fn day(self, date: Date) -> Option<Money> {
        self.sum(Days { first: date, last: date })
    }

    /// Returns the cost of `days` by service and account; absent where an amount is too large.
    pub(super) fn by_place(self, days: Days) -> Option<BTreeMap<Place, Money>> {
        let mut sums: BTreeMap<Place, Money> = BTreeMap::new();
        for (day, amount) in self.days_within(days) {
            let place = (day.service.clone(), day.account.clone());
            let sum = sums.entry(place).or_insert(Money::zero(self.currency));
            *sum = sum.checked_add(amount).ok()?;
        }
        Some(sums)
    }

    /// Returns the provisional days within `days`.
    pub(super) fn provisional(self, days: Days) -> Vec<Date> {
        let all = self.facts.bill.provisional.iter().copied();
        all.filter(|date| days.contains(*date) && self.covered.contains(*date)).collect()
    }

    /// Returns whether a day's charges may still change.
    pub(super) fn is_provisional(self, date: Date) -> bool {
        self.facts.bill.provisional.contains(&date)
    }

    /// Returns the sum of a month, and what the bill says of it.
    pub(super) fn month(self, month: Date) -> Option<(&'a MonthCharge, Money)> {
        self.facts.bill.months.iter().find_map(|charge| {
            let amount = self.chosen(charge.billed, charge.effective)?;
            (charge.month == month).then_some((charge, amount))
        })
    }

    /// Returns what a month of the bill cost; absent in another currency.
    pub(super) fn of_month(self, charge: &MonthCharge) -> Option<Money> {
        self.chosen(charge.billed, charge.effective)
    }

    /// Iterates over the meters of a month.
    pub(super) fn meters(self, month: Date) -> impl Iterator<Item = (&'a MeterMonth, Money)> {
        self.facts.bill.meters.iter().filter_map(move |meter| {
            let amount = self.chosen(meter.billed, meter.effective)?;
            (meter.month == month).then_some((meter, amount))
        })
    }
}

/// Returns the days of the bill that are over.
fn covered(facts: &ReportFacts<'_>) -> Option<Days> {
    let covered = facts.bill.covered?;
    let covered = Days { last: covered.last.min(facts.yesterday()?), ..covered };
    (covered.first <= covered.last).then_some(covered)
}

/// Returns `part` of `whole` in percent; absent where there is no whole.
pub(super) fn percent_of(part: Money, whole: Money) -> Option<f64> {
    if part.currency != whole.currency || whole.amount.is_zero() {
        return None;
    }
    part.amount.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(whole.amount.abs())?.to_f64()
}

/// Adds up amounts of one currency; absent where one differs or they are too large.
pub(super) fn total(currency: Currency, amounts: impl IntoIterator<Item = Money>) -> Option<Money> {
    amounts.into_iter().try_fold(Money::zero(currency), |sum, amount| sum.checked_add(amount).ok())
}

/// Returns the first of the month before.
pub(super) fn month_before(month: Date) -> Option<Date> {
    month.first_of_month().yesterday().ok().map(Date::first_of_month)
}

/// Returns what people call a month.
pub(super) fn month_name(month: Date) -> Text {
    Text::new(
        month.strftime("%B %Y").to_string(),
        format!("{}년 {}월", month.year(), month.month()),
    )
}

/// Returns the days of a month.
pub(super) fn days_of(month: Date) -> Days {
    Days { first: month.first_of_month(), last: month.last_of_month() }
}
