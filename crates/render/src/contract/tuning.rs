//! `trimtab serverless tune -o json`.

use serde_json::{Value, json};

use trimtab_model::tuning::Tuning;

/// The name and version of the shape.
pub const SCHEMA: &str = "trimtab/v1/serverless.tune";

/// Returns sizes beside one another as JSON. Amounts are dollars.
pub fn tuning_json(tuning: &Tuning) -> Value {
    json!({ "schema": SCHEMA, "tuning": tuning, "chosen": tuning.chosen() })
}
