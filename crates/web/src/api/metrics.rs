//! What Prometheus reads.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use trimtab_app::failure::{Failure, Kind};
use trimtab_app::pipeline::{now, runs};
use trimtab_model::journal::RunOutcome;
use trimtab_model::money::{Money, MoneyError};
use trimtab_render::document::run::words::run_outcome_code;
use trimtab_render::number::decimal_text;
use trimtab_store::cost::{CostFilter, GroupBy};

use crate::blocking;
use crate::pages::unit_cost;
use crate::problem::Problem;
use crate::reader::Reader;
use crate::scope::Scope;
use crate::shared::{Shared, Visible};
use crate::view::{Basis, Grouping, Narrowed, before, grouped_daily, overview};

/// Answers with the metrics. What is not known is not there.
pub(crate) async fn show(State(shared): State<Arc<Shared>>, reader: Reader) -> Response {
    match blocking::read(&shared, written).await {
        Ok(text) => {
            let media_type = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
            ([(header::CONTENT_TYPE, media_type)], text).into_response()
        }
        Err(failure) => Problem::of(&failure, reader.style.language).into_response(),
    }
}

/// Every family of metrics, and what it is. All of them are gauges.
const FAMILIES: [(&str, &str); 13] = [
    ("trimtab_cost_effective", "EffectiveCost of the last 30 days of the bill."),
    (
        "trimtab_cost_effective_by_service",
        "The same by service: the 20 largest, and all others together.",
    ),
    (
        "trimtab_cost_effective_by_account",
        "The same by account: the 20 largest, and all others together.",
    ),
    (
        "trimtab_cost_effective_by_environment",
        "The same by environment, as tags and accounts name it.",
    ),
    ("trimtab_cost_month_to_date", "EffectiveCost of the calendar month so far, UTC."),
    (
        "trimtab_cost_month_forecast",
        "What the calendar month is expected to cost, UTC: the likely amount and its P10 and P90.",
    ),
    (
        "trimtab_unit_cost",
        "What one user cost on the last day, or in the last month, for which cost and users are known.",
    ),
    (
        "trimtab_savings_monthly",
        "Estimated savings a month of 730 hours: found, in plans that live, applied and not taken back.",
    ),
    ("trimtab_recommendations", "Open recommendations."),
    (
        "trimtab_data_age_seconds",
        "How old what is shown is: the bill since the end of its last day.",
    ),
    ("trimtab_plans_waiting", "Plans that wait for somebody's word."),
    ("trimtab_runs", "Runs that have not ended, and those of them that wait for a person."),
    ("trimtab_runs_ended", "Runs that have ended, by how; those whose journal is damaged, too."),
];

/// Days whose cost is told by service, account and environment.
const DAYS: i32 = 30;
/// Names of one label at most: each is a series that Prometheus keeps.
const NAMES: usize = 20;
/// What all names beyond that are called together, and what has none.
const OTHER: &str = "other";
const NAMELESS: &str = "none";

/// A label set and a value.
type Sample = (String, String);

/// Writes a family; one without samples is not there.
fn family(text: &mut String, name: &str, samples: &[Sample]) {
    if samples.is_empty() {
        return;
    }
    let help = FAMILIES.iter().find(|(known, _)| *known == name).map_or("", |(_, help)| *help);
    text.push_str(&format!("# HELP {name} {help}\n# TYPE {name} gauge\n"));
    for (labels, value) in samples {
        text.push_str(&format!("{name}{labels} {value}\n"));
    }
}

/// Returns the sample of an amount that is known.
fn amount(labels: &str, money: Option<Money>) -> Option<Sample> {
    money.map(|money| {
        let labels = format!("{{currency=\"{}\"{labels}}}", money.currency.code());
        (labels, decimal_text(money.amount))
    })
}

fn written(shared: &Shared) -> Result<String, Failure> {
    let overview = overview(shared, &Scope::default())?;
    let mut text = String::new();
    if let Some(spent) = &overview.spending {
        let last: Vec<_> = amount(",window=\"30d\"", spent.last_month).into_iter().collect();
        family(&mut text, "trimtab_cost_effective", &last);
        for (name, label, grouping) in BY {
            family(&mut text, name, &by(shared, label, &grouping)?);
        }
        let month: Vec<_> = amount("", spent.month_to_date).into_iter().collect();
        family(&mut text, "trimtab_cost_month_to_date", &month);
        let forecast = [
            amount(",quantile=\"likely\"", spent.month_forecast),
            amount(",quantile=\"0.1\"", spent.month_forecast_low),
            amount(",quantile=\"0.9\"", spent.month_forecast_high),
        ];
        let forecast: Vec<_> = forecast.into_iter().flatten().collect();
        family(&mut text, "trimtab_cost_month_forecast", &forecast);
    }
    family(&mut text, "trimtab_unit_cost", &per_user(shared)?);
    if let Some(found) = &overview.savings {
        let stages =
            [("found", Some(found.likely)), ("planned", found.planned), ("applied", found.applied)];
        let samples: Vec<_> = stages
            .into_iter()
            .filter_map(|(stage, money)| amount(&format!(",stage=\"{stage}\""), money))
            .collect();
        family(&mut text, "trimtab_savings_monthly", &samples);
    }
    let mut ages = Vec::new();
    if let Some(visible) = shared.analysis()? {
        family(&mut text, "trimtab_recommendations", &counted(&visible));
        ages.push(age("analysis", visible.open.as_of));
    }
    let until = overview.spending.as_ref().and_then(|spent| spent.until.tomorrow().ok());
    if let Some(end) = until.and_then(|day| day.to_zoned_datetime(TimeZone::UTC).ok()) {
        ages.push(age("bill", end.timestamp()));
    }
    family(&mut text, "trimtab_data_age_seconds", &ages);
    let waiting = (String::new(), overview.plans_waiting.to_string());
    family(&mut text, "trimtab_plans_waiting", &[waiting]);
    let runs = [
        ("{status=\"open\"}".to_owned(), overview.runs_open.to_string()),
        ("{status=\"held\"}".to_owned(), overview.runs_held.to_string()),
    ];
    family(&mut text, "trimtab_runs", &runs);
    family(&mut text, "trimtab_runs_ended", &ended(shared)?);
    Ok(text)
}

/// The families of cost by name: their label, and what they are kept apart by.
const BY: [(&str, &str, Grouping); 3] = [
    ("trimtab_cost_effective_by_service", "service", Grouping::By(GroupBy::Service)),
    ("trimtab_cost_effective_by_account", "account", Grouping::By(GroupBy::Account)),
    ("trimtab_cost_effective_by_environment", "env", Grouping::Environment),
];

/// Returns the cost of the last days of the bill by a name; nothing where the bill does not cover all of them.
fn by(shared: &Shared, label: &str, grouping: &Grouping) -> Result<Vec<Sample>, Failure> {
    let all = (&CostFilter::default(), &Narrowed::default());
    let Some(daily) = grouped_daily(shared, grouping, Basis::Effective, all)? else {
        return Ok(Vec::new());
    };
    let Some(last) = daily.last() else { return Ok(Vec::new()) };
    let first = before(last, DAYS - 1);
    if !daily.covers(first, last) {
        return Ok(Vec::new());
    }
    let costs = daily.by_key(first, last).and_then(largest);
    let costs = costs.map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    let sample = |(name, cost): (String, Money)| {
        amount(&format!(",window=\"{DAYS}d\",{label}=\"{}\"", escaped(&name)), Some(cost))
    };
    Ok(costs.into_iter().filter_map(sample).collect())
}

/// Keeps the largest amounts by name, and adds up the rest. Each name is there once.
fn largest(mut costs: Vec<(Option<String>, Money)>) -> Result<Vec<(String, Money)>, MoneyError> {
    costs.sort_by_key(|(_, cost)| std::cmp::Reverse(cost.amount));
    let mut sums: Vec<(String, Money)> = Vec::new();
    for (place, (name, cost)) in costs.into_iter().enumerate() {
        let name = match name {
            Some(name) if place < NAMES => name,
            None if place < NAMES => NAMELESS.to_owned(),
            _ => OTHER.to_owned(),
        };
        match sums.iter_mut().find(|(known, _)| *known == name) {
            Some((_, sum)) => *sum = sum.checked_add(cost)?,
            None => sums.push((name, cost)),
        }
    }
    Ok(sums)
}

/// Writes a text so that it may stand in a label.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

/// Returns what one user cost at last.
fn per_user(shared: &Shared) -> Result<Vec<Sample>, Failure> {
    let mut samples = Vec::new();
    for per in ["dau", "mau"] {
        let costs = unit_cost::costs(shared, per)?;
        let last = costs.and_then(|costs| costs.rows.iter().rev().find_map(|row| row.per_unit));
        samples.extend(amount(&format!(",per=\"{per}\""), last));
    }
    Ok(samples)
}

/// Counts the runs that have ended by how.
fn ended(shared: &Shared) -> Result<Vec<Sample>, Failure> {
    let known = [
        RunOutcome::Complete,
        RunOutcome::RolledBack,
        RunOutcome::Partial,
        RunOutcome::Refused,
        RunOutcome::Cancelled,
        RunOutcome::NeedsOperator,
    ];
    let names = known.into_iter().map(|outcome| run_outcome_code(Some(outcome)));
    let mut counts: BTreeMap<&str, u64> = names.chain(["damaged"]).map(|name| (name, 0)).collect();
    for run in runs::list(shared.state())?.iter().filter(|run| !run.record.is_simulated) {
        let name = match run.outcome() {
            None if run.journal.is_err() => "damaged",
            None => continue,
            outcome => run_outcome_code(outcome),
        };
        *counts.entry(name).or_default() += 1;
    }
    let sample =
        |(name, count): (&str, u64)| (format!("{{outcome=\"{name}\"}}"), count.to_string());
    Ok(counts.into_iter().map(sample).collect())
}

fn age(source: &str, since: Timestamp) -> Sample {
    let seconds = now().as_second() - since.as_second();
    (format!("{{source=\"{source}\"}}"), seconds.to_string())
}

/// Counts what is open by kind, risk and environment.
fn counted(visible: &Visible) -> Vec<Sample> {
    let mut counts: BTreeMap<(&str, u8, &str), u64> = BTreeMap::new();
    for item in &visible.open.items {
        let environment = item.resource.environment.as_str();
        let key = (item.action_type.as_str(), item.performance_risk.value(), environment);
        *counts.entry(key).or_default() += 1;
    }
    let sample = |((kind, risk, environment), count): ((&str, u8, &str), u64)| {
        let labels = format!("{{type=\"{kind}\",risk=\"{risk}\",env=\"{environment}\"}}");
        (labels, count.to_string())
    };
    counts.into_iter().map(sample).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    /// Gathers what stands under a key, however deep.
    fn gather<'a>(value: &'a Value, key: &str, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    if name == key {
                        found.extend(value.as_str());
                    }
                    gather(value, key, found);
                }
            }
            Value::Array(values) => values.iter().for_each(|value| gather(value, key, found)),
            _ => {}
        }
    }

    #[test]
    fn a_label_has_twenty_names_and_one_for_the_rest() {
        let usd = |amount: i64| Money::usd(amount.into());
        let mut costs: Vec<_> = (1..=25).map(|at| (Some(format!("s{at}")), usd(at))).collect();
        costs.push((None, usd(100)));
        costs.push((Some(OTHER.to_owned()), usd(50)));
        let kept = largest(costs).unwrap();
        let names: BTreeSet<&str> = kept.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!((kept.len(), names.len()), (NAMES, NAMES));
        assert_eq!(kept[0], (NAMELESS.to_owned(), usd(100)));
        // Somebody's own "other" is added to it: s1 to s7 are beyond the twenty.
        assert_eq!(kept[1], (OTHER.to_owned(), usd(50 + 28)));
        let sum = kept.iter().fold(usd(0), |sum, (_, cost)| sum.checked_add(*cost).unwrap());
        assert_eq!(sum, usd(325 + 150));
    }

    #[test]
    fn a_name_cannot_end_its_label() {
        assert_eq!(escaped("a\"b\\c\nd"), "a\\\"b\\\\c\\nd");
    }

    #[test]
    fn the_dashboard_for_grafana_asks_for_metrics_that_there_are() {
        let text = include_str!("../../../../docs/grafana/trimtab.json");
        let dashboard: Value = serde_json::from_str(text).unwrap();
        let mut asked = Vec::new();
        gather(&dashboard, "expr", &mut asked);
        assert!(asked.len() >= FAMILIES.len());
        let known: BTreeSet<&str> = FAMILIES.iter().map(|(name, _)| *name).collect();
        let is_name = |c: char| c.is_ascii_lowercase() || c == '_';
        let words = asked.iter().flat_map(|expr| expr.split(|c| !is_name(c)));
        let named: BTreeSet<&str> = words.filter(|word| word.starts_with("trimtab_")).collect();
        assert_eq!(named, known);
        let mut ids = Vec::new();
        for panel in dashboard.pointer("/panels").and_then(Value::as_array).unwrap() {
            ids.push(panel.get("id").and_then(Value::as_u64).unwrap());
        }
        let unique: BTreeSet<&u64> = ids.iter().collect();
        assert_eq!(unique.len(), ids.len());
    }
}
