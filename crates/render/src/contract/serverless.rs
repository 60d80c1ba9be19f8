//! `trimtab serverless … -o json`.

use serde_json::{Value, json};

use trimtab_model::serverless::{Candidate, Fit, FunctionSimulation};

/// The name and version of the list's shape.
pub const SERVERLESS_LIST_SCHEMA: &str = "trimtab/v1/serverless.list";
/// The name and version of the shape of one.
pub const SERVERLESS_SHOW_SCHEMA: &str = "trimtab/v1/serverless.show";

/// The name and version of the shape of a simulation.
pub const SERVERLESS_SIMULATE_SCHEMA: &str = "trimtab/v1/serverless.simulate";

/// Returns a simulation as JSON.
pub fn function_simulation_json(candidate: &Candidate, simulation: &FunctionSimulation) -> Value {
    json!({
        "schema": SERVERLESS_SIMULATE_SCHEMA,
        "resource": candidate.resource,
        "simulation": simulation,
    })
}

/// Returns candidates as JSON. Amounts are dollars for a month of 730 hours, at the basis that each price names.
pub fn candidates_json<'a>(all: impl Iterator<Item = &'a Candidate>) -> Value {
    json!({ "schema": SERVERLESS_LIST_SCHEMA, "items": all.map(item).collect::<Vec<_>>() })
}

/// Returns one candidate as JSON.
pub fn candidate_json(candidate: &Candidate) -> Value {
    json!({ "schema": SERVERLESS_SHOW_SCHEMA, "item": item(candidate) })
}

fn item(candidate: &Candidate) -> Value {
    let (economics, unknown) = match &candidate.economics {
        // What no function can do costs nothing as one.
        Ok(_) if candidate.fit == Fit::DoesNotFit => (Value::Null, Value::Null),
        Ok(economics) => (json!(economics), Value::Null),
        Err(unknown) => (Value::Null, json!(unknown)),
    };
    json!({
        "resource": candidate.resource,
        "server": candidate.server,
        "fit": candidate.fit,
        "changes": candidate.changes,
        "obstacles": candidate.obstacles,
        "signals_not_seen": candidate.signals_not_seen,
        "workload": candidate.workload,
        "trigger": candidate.trigger,
        "economics": economics,
        "economics_unknown": unknown,
    })
}
