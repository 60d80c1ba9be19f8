//! What a month is going to cost, as far as the bill supports saying so.

use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use statrs::distribution::{ContinuousCDF, Normal};

use jiff::civil::{Date, Weekday};

use trimtab_model::document::{
    Block, ChartBlock, ChartData, Days, FanPoint, Section, Sentence, Value,
};
use trimtab_model::money::Money;
use trimtab_model::text::Text;

use super::ledger::{Ledger, days_of, total};
use super::movers::missing_bill;
use super::week::before;

/// Days of the bill that a forecast needs: each day of the week twice.
pub(super) const LEAST_DAYS: usize = 14;
/// Days that it looks at: four weeks, so that a month's events do not live on.
const MOST_DAYS: i64 = 28;
/// Chances beyond these, in percent, are shown as less and as more than a tenth of a percent.
const LEAST_CHANCE: f64 = 0.04;
const MOST_CHANCE: f64 = 99.96;
/// Decimals of a mean: more than any bill has of a day.
const MEAN_DECIMALS: u32 = 10;
/// Standard deviations between the middle and P10 or P90.
const TO_P90: f64 = 1.281_551_565_545;

/// What a month is expected to cost.
#[derive(Debug, Clone)]
pub(super) struct MonthForecast {
    /// What is expected.
    pub(super) likely: Money,
    /// One time in ten it is less.
    pub(super) low: Money,
    /// One time in ten it is more.
    pub(super) high: Money,
    /// The standard deviation of the part that is to come.
    deviation: Money,
    /// The days that it rests on.
    pub(super) rests_on: usize,
    /// The running sum by day.
    pub(super) points: Vec<FanPoint>,
}

/// The days of one weekday, and their mean.
type Means = [Option<Money>; 7];

impl MonthForecast {
    /// Expects the month of `date`: what was charged, and for each day to come the mean of its
    /// weekday over the last four weeks.
    ///
    /// # Errors
    /// Says what is missing.
    pub(super) fn of(ledger: Ledger<'_>, date: Date) -> Result<Self, Text> {
        let month = days_of(date);
        let last = ledger.covered.last;
        if ledger.covered.first > month.first || last < month.first {
            return Err(Text::new(
                "the bill does not cover the month from its first day on",
                "청구 데이터에 이달 1일부터의 비용이 없습니다",
            ));
        }
        let history = settled_days(ledger);
        if history.len() < LEAST_DAYS {
            return Err(Text::new(
                format!(
                    "a forecast needs {LEAST_DAYS} settled days of the bill; there are {}",
                    history.len()
                ),
                format!(
                    "예측에는 확정된 청구 데이터가 {LEAST_DAYS}일 이상 필요합니다. 지금은 {}일입니다",
                    history.len()
                ),
            ));
        }
        Self::from_history(ledger, month, &history).ok_or_else(|| {
            Text::new(
                "the days of the bill do not cover each day of the week, or an amount is too large",
                "청구 데이터에 모든 요일이 있지 않거나 금액이 너무 큽니다",
            )
        })
    }

    fn from_history(ledger: Ledger<'_>, month: Days, history: &[(Date, Money)]) -> Option<Self> {
        let means = weekday_means(ledger, history)?;
        let of_day = |date: Date| means.get(weekday(date)).copied().flatten();
        let daily = daily_spread(history, &means)?;
        let mut sum = Money::zero(ledger.currency);
        let mut to_come = 0_u32;
        let mut points = Vec::new();
        let mut range = None;
        for date in month.iter() {
            let known = ledger.day(date);
            if known.is_none() {
                to_come += 1;
            }
            sum = sum.checked_add(known.or_else(|| of_day(date))?).ok()?;
            let deviation = daily.times(root(to_come)?).ok()?;
            let width = deviation.times(Decimal::from_f64(TO_P90)?).ok()?;
            // Days to come add nothing below zero, unless they do so in the middle already.
            let least = sum.amount.min(Decimal::ZERO);
            range = (to_come > 0).then_some((
                Money::new((sum.amount - width.amount).max(least), sum.currency),
                sum.checked_add(width).ok()?,
            ));
            points.push(FanPoint { date, likely: sum, range });
        }
        let deviation = daily.times(root(to_come)?).ok()?;
        let (low, high) = range.unwrap_or((sum, sum));
        Some(Self { likely: sum, low, high, deviation, rests_on: history.len(), points })
    }

    /// Returns how likely the month costs more than `budget`, in percent.
    pub(super) fn overrun_percent(&self, budget: Money) -> Option<f64> {
        if budget.currency != self.likely.currency {
            return None;
        }
        let room = budget.checked_sub(self.likely).ok()?;
        // How many deviations away the budget is; too many to count are as none.
        let away = room.amount.checked_div(self.deviation.amount).and_then(|away| away.to_f64());
        let chance = match away {
            None if room.amount.is_sign_negative() => 100.0,
            None => 0.0,
            Some(away) => Normal::new(0.0, 1.0).ok()?.sf(away) * 100.0,
        };
        // Days are not normal so far out, and nothing that is to come is certain.
        let is_over = self.points.last().is_none_or(|day| day.range.is_none());
        Some(if is_over { chance } else { chance.clamp(LEAST_CHANCE, MOST_CHANCE) })
    }

    /// Returns how it was made.
    pub(super) fn method(&self) -> Sentence {
        Sentence::plain(
            "Method of the month end: what was charged so far, and for each day to come the mean of \
             its weekday over the last {days} settled days. The range is P10 to P90 of how days \
             differed from those means, taken as independent of each other. Growth and events to \
             come are not in it.",
            "월말 예상 방법: 지금까지의 비용에, 남은 날마다 최근 확정된 {days}일에서 같은 요일의 평균을 더했습니다. \
             범위는 날마다 평균에서 벗어난 정도로 구한 P10–P90이며, 날끼리는 서로 독립이라고 봅니다. 성장 추세와 예정된 이벤트는 \
             들어 있지 않습니다.",
            &[("days", Value::Count(u64::try_from(self.rests_on).unwrap_or(u64::MAX)))],
        )
    }
}

/// Makes the section of the month that is under way.
pub(super) fn outlook(ledger: Option<Ledger<'_>>) -> Section {
    let forecast = ledger.map(|ledger| MonthForecast::of(ledger, ledger.covered.last));
    let blocks = match forecast {
        None => vec![missing_bill()],
        Some(Err(why)) => vec![Block::missing(Sentence::plain(
            "What the month under way is going to cost is not known: {why}.",
            "진행 중인 달의 비용을 예상할 수 없습니다: {why}.",
            &[("why", Value::Text(why))],
        ))],
        Some(Ok(forecast)) => vec![
            Block::chart(ChartBlock {
                name: "fan".into(),
                title: Text::new("The month under way, sum so far", "진행 중인 달의 누적 비용"),
                caption: Some(Sentence::plain(
                    "Month end {range}, P10 to P90.",
                    "월말 {range}, P10–P90.",
                    &[(
                        "range",
                        Value::Range {
                            low: forecast.low,
                            likely: forecast.likely,
                            high: forecast.high,
                        },
                    )],
                )),
                data: ChartData::Fan(forecast.points.clone()),
            }),
            Block::note(forecast.method()),
        ],
    };
    Section { name: "outlook".into(), title: Some(Text::new("Outlook", "전망")), blocks }
}

/// Returns the last days that the bill covers and that no longer change.
fn settled_days(ledger: Ledger<'_>) -> Vec<(Date, Money)> {
    let days = Days { first: before(ledger.covered.last, MOST_DAYS - 1), ..ledger.covered };
    let Some(days) = ledger.covered_of(days) else { return Vec::new() };
    days.iter()
        .filter(|date| !ledger.is_provisional(*date))
        .filter_map(|date| Some((date, ledger.day(date)?)))
        .collect()
}

fn weekday(date: Date) -> usize {
    let day: Weekday = date.weekday();
    usize::try_from(day.to_monday_zero_offset()).unwrap_or_default()
}

/// Absent where a day of the week is missing.
fn weekday_means(ledger: Ledger<'_>, history: &[(Date, Money)]) -> Option<Means> {
    let mut means: Means = [None; 7];
    for (index, mean) in means.iter_mut().enumerate() {
        let of_day: Vec<Money> = history
            .iter()
            .filter(|(date, _)| weekday(*date) == index)
            .map(|(_, amount)| *amount)
            .collect();
        let sum = total(ledger.currency, of_day.iter().copied())?;
        let count = Decimal::from(of_day.len());
        // A third has no end of digits, and a sum that would lose some of them is refused.
        let amount = sum.amount.checked_div(count)?.round_dp(MEAN_DECIMALS);
        *mean = Some(Money::new(amount, ledger.currency));
    }
    Some(means)
}

/// Returns how far a day lies from the mean of its weekday: the standard deviation.
fn daily_spread(history: &[(Date, Money)], means: &Means) -> Option<Money> {
    let currency = history.first()?.1.currency;
    let mut squares = Decimal::ZERO;
    for (date, amount) in history {
        let mean = means.get(weekday(*date)).copied().flatten()?;
        // Six decimals are enough for a spread, and leave room for the square.
        let off = (amount.amount - mean.amount).round_dp(6);
        squares = squares.checked_add(off.checked_mul(off)?)?;
    }
    // Each of the seven means was taken from the same days.
    let freedom = history.len().checked_sub(7).filter(|left| *left > 0)?;
    let variance = squares.checked_div(Decimal::from(freedom))?.to_f64()?;
    Some(Money::new(Decimal::from_f64(variance.sqrt())?.round_dp(6), currency))
}

fn root(count: u32) -> Option<Decimal> {
    Decimal::from_f64(f64::from(count).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The chance that a month of about so much, with so much deviation to come, is above a budget.
    fn chance(likely: i64, deviation: i64, budget: i64) -> f64 {
        let usd = |amount: i64| Money::usd(amount.into());
        let date = "2026-10-20".parse().unwrap();
        let range = Some((usd(likely - deviation), usd(likely + deviation)));
        let month = MonthForecast {
            likely: usd(likely),
            low: usd(likely - deviation),
            high: usd(likely + deviation),
            deviation: usd(deviation),
            rests_on: 28,
            points: vec![FanPoint { date, likely: usd(likely), range }],
        };
        (month.overrun_percent(usd(budget)).unwrap() * 100.0).round() / 100.0
    }

    #[test]
    fn the_chance_counts_deviations_and_nothing_to_come_is_certain() {
        assert_eq!((chance(100, 10, 100), chance(100, 10, 110)), (50.0, 15.87));
        assert_eq!((chance(100, 0, 99), chance(100, 0, 101)), (MOST_CHANCE, LEAST_CHANCE));
        // Credits of more than the use, and charges that cancel out.
        assert_eq!((chance(-50, 10, 100), chance(-50, 0, 100)), (LEAST_CHANCE, LEAST_CHANCE));
        assert_eq!((chance(0, 100, 100), chance(0, 0, 100)), (15.87, LEAST_CHANCE));
    }
}
