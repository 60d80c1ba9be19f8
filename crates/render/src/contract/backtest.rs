//! `trimtab backtest -o json`.

use serde_json::{Value, json};

use trimtab_model::backtest::Backtest;
use trimtab_model::period::Period;
use trimtab_model::text::Language;

use super::analysis::resource;

/// The name and version of this shape.
pub const SCHEMA: &str = "trimtab/v1/backtest";

/// Returns a backtest as JSON. `language` chooses the language of sentences only.
pub fn backtest_json(backtest: &Backtest, language: Language) -> Value {
    let period = |period: Period| json!({ "start": period.start().to_string(), "end": period.end().to_string() });
    let windows: Vec<Value> = backtest
        .windows
        .iter()
        .map(|window| {
            json!({
                "train": period(window.train),
                "test": period(window.test),
                "machines": window.machines,
            })
        })
        .collect();
    let not_judged: Vec<Value> = backtest
        .not_judged
        .iter()
        .map(|left_out| {
            json!({
                "resource": resource(&left_out.resource),
                "windows": left_out.windows,
                "reason": left_out.reason.code,
                "message": left_out.reason.text.get(language),
            })
        })
        .collect();
    json!({
        "schema": SCHEMA,
        "windows": windows,
        "harm": backtest.harm,
        "prices": backtest.prices.get(language),
        "monthly_cost_now": backtest.monthly_cost_now,
        "rules": backtest.rules,
        "reliability": backtest.reliability,
        "not_judged": not_judged,
    })
}
