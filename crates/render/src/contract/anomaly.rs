//! `trimtab anomaly … -o json`, and the same of the API.

use serde_json::{Map, Value, json};

use trimtab_model::anomaly::{
    Acknowledgement, Anomalies, AnomalyItem, AnomalyPart, AnomalyStanding,
};

use super::text::money;

/// The name and version of the list's shape.
pub const LIST_SCHEMA: &str = "trimtab/v1/anomaly.list";
/// The name and version of the shape of one.
pub const SHOW_SCHEMA: &str = "trimtab/v1/anomaly.show";

/// Returns what stands out as JSON, those `items` of it that are wanted.
pub fn anomalies_json<'a>(all: &Anomalies, items: impl Iterator<Item = &'a AnomalyItem>) -> Value {
    json!({
        "schema": LIST_SCHEMA,
        "from": all.judged.map(|(from, _)| from),
        "until": all.judged.map(|(_, until)| until),
        "covered_days": all.covered_days,
        "least_weeks": all.least_weeks,
        "provisional_from": all.provisional_from,
        "currency": all.currency.code(),
        "basis": if all.is_effective { "effective" } else { "billed" },
        "least_amount": all.least_amount.map(money),
        "least_percent": all.least_percent,
        "rose": all.rose.map(money),
        "items": items.map(|item| Value::Object(fields(item))).collect::<Vec<_>>(),
    })
}

/// Returns one anomaly as JSON.
pub fn anomaly_json(item: &AnomalyItem) -> Value {
    json!({ "schema": SHOW_SCHEMA, "item": fields(item) })
}

fn fields(item: &AnomalyItem) -> Map<String, Value> {
    let growth = match &item.standing {
        AnomalyStanding::Returned { growth, .. } => Some(money(*growth)),
        AnomalyStanding::Open | AnomalyStanding::Acknowledged(_) => None,
    };
    [
        ("id", json!(item.id)),
        ("service", json!(item.of.service)),
        ("account", json!(item.of.account)),
        ("is_rise", json!(item.of.is_rise)),
        ("from", json!(item.from)),
        ("until", json!(item.until)),
        ("days", json!(item.days.len())),
        ("cost", money(item.cost)),
        ("usual", money(item.usual)),
        ("difference", money(item.difference)),
        ("is_provisional", json!(item.is_provisional)),
        ("status", json!(item.standing.as_str())),
        ("growth", json!(growth)),
        ("acknowledgement", json!(item.standing.acknowledgement().map(said))),
        ("usage_types", parts(&item.usage_types)),
        ("resources", parts(&item.resources)),
        ("is_explained", json!(item.is_explained)),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .into_iter()
    .collect()
}

fn said(said: &Acknowledgement) -> Value {
    json!({
        "kind": said.kind.as_str(),
        "reason": said.reason,
        "by": said.by,
        "at": said.at,
    })
}

fn parts(all: &[AnomalyPart]) -> Value {
    let part = |one: &AnomalyPart| json!({ "key": one.key, "difference": money(one.difference) });
    all.iter().map(part).collect()
}
