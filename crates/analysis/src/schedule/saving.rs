//! What the hours off are worth.

use jiff::Span;
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

use trimtab_model::calendar::{Calendar, HOURS_PER_WEEK, WeekHour};
use trimtab_model::money::{Money, MoneyError};
use trimtab_model::recommendation::{CostComponent, Estimate, Unknown};
use trimtab_model::schedule::WeekPlan;
use trimtab_model::text::Text;

use crate::saving::AMOUNT_DECIMALS;
use crate::verdict::unknown;

/// Days ahead in which holidays are counted.
const COMING_DAYS: i32 = 30;

/// A holiday on which a week would have been on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComingHoliday {
    /// The day.
    pub date: Date,
    /// What it is called.
    pub name: Text,
    /// Hours of it that are on by its weekday and off by a Sunday.
    pub hours: usize,
}

/// Returns the holidays of the next 30 days that would be off instead of on.
pub fn coming_holidays(calendar: &Calendar, now: Timestamp, week: &WeekPlan) -> Vec<ComingHoliday> {
    let today = calendar.day_of(now);
    let last = today.saturating_add(Span::new().days(COMING_DAYS));
    calendar
        .holidays_between(today.tomorrow().unwrap_or(today), last)
        .map(|(date, name)| {
            let on = |day: jiff::civil::Weekday| {
                (0..24).filter(|hour| !week.is_off(WeekHour::of(day, *hour))).count()
            };
            let hours = on(date.weekday()).saturating_sub(on(jiff::civil::Weekday::Sunday));
            ComingHoliday { date, name: name.clone(), hours }
        })
        .filter(|holiday| holiday.hours > 0)
        .collect()
}

/// Takes from what stopping for good would save the share of the hours off.
///
/// `low` and `likely` count an average week; `high` also the holidays of the next 30 days, on
/// which somebody must see to it that nothing starts. A month is 730 hours in any case.
///
/// # Errors
/// Returns `Unknown` if an amount overflows.
pub fn of_hours_off(
    stopped: Estimate,
    week: &WeekPlan,
    holidays: &[ComingHoliday],
) -> Result<Estimate, Unknown> {
    let off = share(week.off_hours(), HOURS_PER_WEEK);
    let on_holidays: usize = holidays.iter().map(|holiday| holiday.hours).sum();
    let days = usize::try_from(COMING_DAYS).unwrap_or_default();
    let most = off.saturating_add(share(on_holidays, days * 24)).min(Decimal::ONE);
    let part = |money: Money, share: Decimal| -> Result<Money, MoneyError> {
        Ok(money.times(share)?.cut(AMOUNT_DECIMALS))
    };
    let narrow = || -> Result<Estimate, MoneyError> {
        let likely = part(stopped.likely, off)?;
        Ok(Estimate {
            low: part(stopped.low, off)?,
            likely,
            high: part(stopped.high, most)?,
            before_discounts: part(stopped.before_discounts, off)?,
            cost_after: stopped.cost_now.checked_sub(likely)?,
            formula_after: running(&stopped.formula_now, off),
            ..stopped.clone()
        })
    };
    narrow().map_err(|cause| {
        unknown(
            "amounts-not-computable",
            format!("The amounts cannot be computed: {cause}."),
            format!("금액을 계산할 수 없습니다: {cause}."),
            &["billing"],
        )
    })
}

/// Returns what remains of a formula of hours when so large a share of them is off.
pub fn running(formula: &[CostComponent], off: Decimal) -> Vec<CostComponent> {
    let on = Decimal::ONE - off;
    formula
        .iter()
        .map(|component| CostComponent {
            quantity: component.quantity.checked_mul(on).unwrap_or(component.quantity).round_dp(4),
            ..component.clone()
        })
        .collect()
}

/// Returns the share of a week that is off.
pub fn off_share(week: &WeekPlan) -> Decimal {
    share(week.off_hours(), HOURS_PER_WEEK)
}

fn share(part: usize, whole: usize) -> Decimal {
    Decimal::from(part).checked_div(Decimal::from(whole)).unwrap_or_default()
}
