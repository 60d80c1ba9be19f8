//! `trimtab serverless functions -o json`.

use serde_json::{Value, json};

use trimtab_model::function_use::FunctionUse;

use super::text::money;

/// The name and version of the shape.
pub const SCHEMA: &str = "trimtab/v1/serverless.functions";

/// Returns functions as JSON. Amounts and counts are for a month of 730 hours.
pub fn functions_json<'a>(all: impl Iterator<Item = &'a FunctionUse>) -> Value {
    json!({ "schema": SCHEMA, "items": all.map(item).collect::<Vec<_>>() })
}

fn item(function: &FunctionUse) -> Value {
    let (work, work_unknown) = parts(function.work.as_ref());
    let (month, cost_unknown) = match &function.cost {
        Ok(month) => (Some(month), Value::Null),
        Err(unknown) => (None, json!(unknown)),
    };
    json!({
        "resource": function.resource,
        "tags": function.tags,
        "function_arn": function.function_arn,
        "memory_mb": function.memory_mb,
        "architecture": function.architecture,
        "timeout_seconds": function.timeout_seconds,
        "kept_ready": function.kept_ready,
        "work": work,
        "work_unknown": work_unknown,
        "cost": month.map(|month| money(month.cost)),
        "cost_source": month.map(|month| month.source),
        "cost_components": month.map(|month| &month.components),
        "cost_unknown": cost_unknown,
        "remarks": function.remarks,
    })
}

fn parts<T: serde::Serialize, E: serde::Serialize>(result: Result<&T, &E>) -> (Value, Value) {
    match result {
        Ok(known) => (json!(known), Value::Null),
        Err(unknown) => (Value::Null, json!(unknown)),
    }
}
