//! The key figures of a report, each with what it is known by.

use jiff::civil::Date;
use rust_decimal::Decimal;

use trimtab_model::document::{Days, Figure, Sentence, Tone, Value};
use trimtab_model::money::Money;
use trimtab_model::text::Text;

use super::facts::ReportFacts;
use super::forecast::MonthForecast;
use super::ledger::{Ledger, days_of, percent_of};
use super::week::Comparison;

fn no_bill() -> Text {
    Text::new(
        "no bill of these days is kept in the data directory; `trimtab ingest` reads one",
        "데이터 디렉터리에 이 기간의 청구 데이터가 없습니다. `trimtab ingest`로 읽을 수 있습니다",
    )
}

/// Makes the figure of what the month cost so far.
pub(super) fn month_to_date(facts: &ReportFacts<'_>, ledger: Option<Ledger<'_>>) -> Figure {
    let days = ledger.and_then(|ledger| {
        let month = days_of(facts.yesterday()?);
        ledger.covered_of(month).filter(|days| days.first == month.first)
    });
    let sum = ledger.zip(days).and_then(|(ledger, days)| ledger.sum(days));
    let value = sum.map_or_else(
        || {
            Value::Missing(if ledger.is_none() {
                no_bill()
            } else {
                Text::new(
                    "the bill does not cover the month from its first day on",
                    "청구 데이터에 이달 1일부터의 비용이 없습니다",
                )
            })
        },
        Value::Amount,
    );
    Figure {
        name: "month_to_date".into(),
        label: Text::new("Month to date", "이번 달 누적"),
        value,
        note: days.map(|days| until(facts, days, sum)),
        tone: Tone::Plain,
    }
}

fn until(facts: &ReportFacts<'_>, days: Days, sum: Option<Money>) -> Sentence {
    let line = Sentence::plain(
        "{first} to {last}",
        "{first}–{last}",
        &[("first", Value::Date(days.first)), ("last", Value::Date(days.last))],
    );
    let share = sum.zip(facts.budget).and_then(|(sum, budget)| percent_of(sum, budget));
    match share {
        Some(share) => line.then(Sentence::plain(
            "· {share} of the budget",
            "· 예산의 {share}",
            &[("share", Value::Percent(share))],
        )),
        None => line,
    }
}

/// Makes the figure of what the month is expected to cost.
pub(super) fn month_end(
    facts: &ReportFacts<'_>,
    forecast: Option<&Result<MonthForecast, Text>>,
) -> Figure {
    let (value, note, tone) = match forecast {
        None => (Value::Missing(no_bill()), None, Tone::Plain),
        Some(Err(why)) => (Value::Missing(why.clone()), None, Tone::Plain),
        Some(Ok(forecast)) => {
            let value =
                Value::Range { low: forecast.low, likely: forecast.likely, high: forecast.high };
            let chance =
                facts.budget.and_then(|budget| Some((budget, forecast.overrun_percent(budget)?)));
            let note = chance.map(|(budget, chance)| {
                Sentence::plain(
                    "budget {budget} · {chance} chance of more",
                    "예산 {budget} · 초과 확률 {chance}",
                    &[("budget", Value::Amount(budget)), ("chance", Value::Percent(chance))],
                )
            });
            let over = chance.is_some_and(|(_, chance)| chance > 50.0);
            (value, note, if over { Tone::Danger } else { Tone::Plain })
        }
    };
    Figure {
        name: "month_end".into(),
        label: Text::new("Month end, expected", "월말 예상"),
        value,
        note,
        tone,
    }
}

/// Makes the figure of what all recommendations together save.
pub(super) fn found(facts: &ReportFacts<'_>) -> Figure {
    let missing = || Value::Missing(Text::new("no analysis was made", "분석 결과가 없습니다"));
    let total = facts.analysis.and_then(|analysis| {
        let totals = &analysis.totals;
        // Amounts of two currencies are never added: the largest count speaks here, and the
        // decisions say the sums of all.
        totals.values().max_by_key(|total| total.recommendations)
    });
    let note = total.and_then(|total| {
        let share = percent_of(total.likely, total.monthly_cost.as_ref()?.effective)?;
        Some(Sentence::plain(
            "estimated · {share} of the monthly cost",
            "예상치 · 월 비용의 {share}",
            &[("share", Value::Percent(share))],
        ))
    });
    let value = match (facts.analysis, total) {
        (None, _) => missing(),
        (Some(_), None) => Value::Missing(Text::new(
            "the analysis found nothing to save",
            "분석에서 찾은 절감이 없습니다",
        )),
        (Some(_), Some(total)) => {
            Value::MonthlyRange { low: total.low, likely: total.likely, high: total.high }
        }
    };
    Figure {
        name: "found".into(),
        label: Text::new("Savings found", "찾은 절감"),
        value,
        note,
        tone: if total.is_some() { Tone::Fell } else { Tone::Plain },
    }
}

/// Makes the figure of what a user of a day cost.
pub(super) fn per_user(
    facts: &ReportFacts<'_>,
    ledger: Option<Ledger<'_>>,
    comparison: Option<&Comparison>,
) -> Figure {
    let now = comparison.and_then(|week| user_cost(facts, week.days, week.cost));
    let before = comparison.and_then(|week| user_cost(facts, week.days_before, week.cost_before?));
    let value = now.map_or_else(
        || {
            Value::Missing(if ledger.is_none() {
                no_bill()
            } else {
                Text::new(
                    "users of each of these days are not known; `users.csv` or traffic logs would say",
                    "이 기간의 일별 사용자 수를 모릅니다. `users.csv`나 트래픽 로그가 있으면 알 수 있습니다",
                )
            })
        },
        Value::UnitPrice,
    );
    let change =
        now.zip(before).and_then(|(now, before)| percent_of(now.checked_sub(before).ok()?, before));
    Figure {
        name: "per_user".into(),
        label: Text::new("Cost per daily user", "DAU당 비용"),
        value,
        note: change.map(|change| {
            Sentence::plain(
                "{change} against the week before",
                "전주 대비 {change}",
                &[("change", Value::PercentChange(change))],
            )
        }),
        tone: Tone::Plain,
    }
}

/// Absent where users of one of the days are not known, or there were none.
pub(super) fn user_cost(facts: &ReportFacts<'_>, days: Days, cost: Money) -> Option<Money> {
    let of_day = |date: Date| facts.users.iter().find(|users| users.date == date);
    let mut users = 0_u64;
    for date in days.iter() {
        users = users.checked_add(of_day(date)?.units)?;
    }
    let amount = cost.amount.checked_div(Decimal::from(users))?;
    Some(Money::new(amount, cost.currency))
}
