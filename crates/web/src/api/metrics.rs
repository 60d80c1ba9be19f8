//! What Prometheus reads.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use trimtab_app::failure::Failure;
use trimtab_app::pipeline::now;
use trimtab_model::money::Money;
use trimtab_render::number::decimal_text;

use crate::blocking;
use crate::problem::Problem;
use crate::reader::Reader;
use crate::shared::{Shared, Visible};
use crate::view::overview;

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
const FAMILIES: [(&str, &str); 8] = [
    ("trimtab_cost_effective", "EffectiveCost of the last 30 days of the bill."),
    ("trimtab_cost_month_to_date", "EffectiveCost of the calendar month so far, UTC."),
    (
        "trimtab_cost_month_forecast",
        "What the calendar month is expected to cost, UTC: the likely amount and its P10 and P90.",
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
    ("trimtab_runs", "Runs that have not ended, and those that wait for a person."),
];

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
    let overview = overview(shared)?;
    let mut text = String::new();
    if let Some(spent) = &overview.spending {
        let last: Vec<_> = amount(",window=\"30d\"", spent.last_month).into_iter().collect();
        family(&mut text, "trimtab_cost_effective", &last);
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
    Ok(text)
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
