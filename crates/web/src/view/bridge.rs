//! What made the difference between two months: use, price, exchange rate, what is new and what is gone.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;
use utoipa::ToSchema;

use trimtab_app::failure::Failure;
use trimtab_app::pipeline::{self, report};
use trimtab_model::document::{BridgeStep, ChartBlock, ChartData};
use trimtab_model::money::Money;
use trimtab_model::text::Text;

use super::amount::{Amount, amount, amount_or_none, english_or_none};
use super::savings;
use crate::query::Query;
use crate::shared::Shared;

/// Months that can be chosen.
const MONTHS: usize = 12;

/// What made the difference between a month and the one before.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CostBridge {
    /// The month, as `2026-10`.
    pub(crate) month: String,
    /// The month before.
    pub(crate) before: String,
    /// What the month before cost; null where it cannot be compared.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    pub(crate) from: Option<Money>,
    /// What the month cost.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    pub(crate) to: Option<Money>,
    /// What lies between: together with `from` they are `to`, to the last digit. A step of nothing is left out.
    pub(crate) steps: Vec<BridgeStepOf>,
    /// Why the months cannot be compared.
    #[serde(serialize_with = "english_or_none")]
    #[schema(value_type = Option<String>)]
    pub(crate) missing: Option<Text>,
    /// The months that the bill covers as a whole, the latest first.
    pub(crate) months: Vec<String>,
    /// The same, for the chart.
    #[serde(skip)]
    pub(crate) chart: Option<ChartBlock>,
}

/// One step from a month to the next.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct BridgeStepOf {
    /// `usage`, `price`, `exchange_rate`, `new`, `gone`, `optimisation`, `other_charges` or `unexplained`.
    pub(crate) name: String,
    /// The difference.
    #[serde(serialize_with = "amount")]
    #[schema(value_type = Amount)]
    pub(crate) amount: Money,
}

/// Compares the month that an address asks for, else the last whole one, with the one before; none without a
/// bill of a whole month.
///
/// # Errors
/// Fails on a month that is none, and if the lake cannot be read.
pub(crate) fn bridge(shared: &Shared, query: &Query) -> Result<Option<CostBridge>, Failure> {
    if !shared.has_bills()? {
        return Ok(None);
    }
    let asked = query.get("month").map(first_of).transpose()?;
    let visible = shared.analysis()?;
    let now = savings::moment(visible.as_ref());
    let as_of = visible.as_ref().map(|visible| visible.open.as_of);
    let known = pipeline::known_until(shared.covered()?.map(|days| days.last), as_of, now);
    let lake = shared.lake()?;
    let months = report::whole_months(&lake, &shared.settings, known)?;
    let Some(month) = asked.or(months.last().copied()) else { return Ok(None) };
    let plans = report::plan_summaries(shared.state(), now)?;
    // Meters of two months are read: what is asked again and has not changed is not read again.
    // A bill that reaches into today is known until now: the day tells as much.
    let day = known.to_zoned_datetime(TimeZone::UTC).date();
    let question = format!("{month} {day} {plans:?}");
    let made = shared.bridge(&question, || {
        report::cost_bridge(&lake, &shared.settings, &plans, month, (known, now))
    })?;
    Ok(made.map(|made| CostBridge::of(month, &months, made)))
}

fn first_of(text: &str) -> Result<Date, Failure> {
    format!("{text}-01").parse().map_err(|_| {
        Failure::usage(
            (format!("`{text}` is no month"), format!("월이 아닙니다: `{text}`")),
            ("write it as 2026-10", "2026-10과 같이 쓰세요"),
        )
    })
}

fn name(month: Date) -> String {
    month.strftime("%Y-%m").to_string()
}

impl CostBridge {
    fn of(month: Date, months: &[Date], made: Result<ChartBlock, Text>) -> Self {
        let before = month.yesterday().unwrap_or(month);
        let (chart, missing) = match made {
            Ok(chart) => (Some(chart), None),
            Err(why) => (None, Some(why)),
        };
        let (mut ends, mut between): (Option<(Money, Money)>, &[BridgeStep]) = (None, &[]);
        if let Some(ChartData::Bridge { from, steps, to }) = chart.as_ref().map(|one| &one.data) {
            ends = Some((from.amount, to.amount));
            between = steps;
        }
        let steps = between
            .iter()
            .map(|step| BridgeStepOf { name: step.name.clone(), amount: step.amount })
            .collect();
        Self {
            month: name(month),
            before: name(before),
            from: ends.map(|(from, _)| from),
            to: ends.map(|(_, to)| to),
            steps,
            missing,
            months: months.iter().rev().take(MONTHS).copied().map(name).collect(),
            chart,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_lead_from_one_month_to_the_next() {
        let usd = |amount: i64| Money::usd(amount.into());
        let step = |name: &str, amount: i64| BridgeStep {
            name: name.into(),
            label: Text::verbatim(name),
            amount: usd(amount),
        };
        let chart = ChartBlock {
            name: "bridge".into(),
            title: Text::verbatim(""),
            caption: None,
            data: ChartData::Bridge {
                from: step("from", 100),
                steps: vec![step("usage", 30), step("gone", -10)],
                to: step("to", 120),
            },
        };
        let month: Date = "2026-10-01".parse().unwrap();
        let shown = CostBridge::of(month, &[month], Ok(chart));
        let sum =
            shown.steps.iter().fold(shown.from.unwrap().amount, |sum, one| sum + one.amount.amount);
        assert_eq!(sum, shown.to.unwrap().amount);
        assert_eq!((shown.month.as_str(), shown.before.as_str()), ("2026-10", "2026-09"));
        let unknown = CostBridge::of(month, &[month], Err(Text::verbatim("no bill")));
        assert_eq!((unknown.from, unknown.to, unknown.steps.len()), (None, None, 0));
    }
}
