//! What Prometheus reads.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use std::collections::BTreeMap;

use trimtab_app::failure::Failure;
use trimtab_app::pipeline::now;
use trimtab_model::money::Money;
use trimtab_render::number::decimal_text;

use crate::blocking;
use crate::problem::Problem;
use crate::reader::Reader;
use crate::shared::Shared;
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

fn written(shared: &Shared) -> Result<String, Failure> {
    let overview = overview(shared)?;
    let mut text = String::new();
    let mut family = |name: &str, help: &str, samples: &[(String, String)]| {
        if samples.is_empty() {
            return;
        }
        text.push_str(&format!("# HELP {name} {help}\n# TYPE {name} gauge\n"));
        for (labels, value) in samples {
            text.push_str(&format!("{name}{labels} {value}\n"));
        }
    };
    let one = |labels: &str, money: Option<Money>| {
        let sample = |money: Money| {
            let labels = format!("{{currency=\"{}\"{labels}}}", money.currency.code());
            (labels, decimal_text(money.amount))
        };
        money.map(sample)
    };
    if let Some(spent) = &overview.spending {
        let last: Vec<_> = one(",window=\"30d\"", spent.last_month).into_iter().collect();
        family("trimtab_cost_effective", "EffectiveCost of the last 30 days of the bill.", &last);
        let month: Vec<_> = one("", spent.month_to_date).into_iter().collect();
        family("trimtab_cost_month_to_date", "EffectiveCost of the calendar month, UTC.", &month);
    }
    if let Some(found) = &overview.savings {
        let stages = [("found", found.likely), ("planned", found.planned)];
        let samples: Vec<_> = stages
            .into_iter()
            .filter_map(|(stage, money)| one(&format!(",stage=\"{stage}\""), Some(money)))
            .collect();
        family("trimtab_savings_monthly", "Estimated savings a month of 730 hours.", &samples);
    }
    if let Some(visible) = shared.analysis()? {
        let mut counts: BTreeMap<(String, u8, &str), u64> = BTreeMap::new();
        for item in &visible.open.items {
            let environment = item.resource.environment.as_str();
            let key =
                (item.action_type.as_str().to_owned(), item.performance_risk.value(), environment);
            *counts.entry(key).or_default() += 1;
        }
        let samples: Vec<_> = counts
            .into_iter()
            .map(|((kind, risk, environment), count)| {
                (
                    format!("{{type=\"{kind}\",risk=\"{risk}\",env=\"{environment}\"}}"),
                    count.to_string(),
                )
            })
            .collect();
        family("trimtab_recommendations", "Open recommendations.", &samples);
        let age = now().as_second() - visible.open.as_of.as_second();
        let age = [("{source=\"analysis\"}".to_owned(), age.to_string())];
        family("trimtab_data_age_seconds", "How old what is shown is.", &age);
    }
    let runs = [
        ("{status=\"open\"}".to_owned(), overview.runs_open.to_string()),
        ("{status=\"held\"}".to_owned(), overview.runs_held.to_string()),
    ];
    family("trimtab_runs", "Runs that have not ended.", &runs);
    Ok(text)
}
