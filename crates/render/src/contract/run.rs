//! `trimtab run … -o json` and `trimtab apply --execute … -o json`.

use serde_json::{Value, json};

use trimtab_model::gate::GateVerdict;
use trimtab_model::journal::Entry;
use trimtab_model::plan::Plan;
use trimtab_model::text::Language;

use super::analysis::{estimate, reason, resource};
use crate::document::run::words;
use crate::document::run::{RunChange, RunPage, entry_words};
use crate::style::Style;

/// The name and version of a run's shape.
pub const RUN_SCHEMA: &str = "trimtab/v1/run.show";

/// Returns a run as JSON. `language` chooses the language of sentences only.
pub fn run_json(run: &RunPage<'_>, language: Language) -> Value {
    let changes: Vec<Value> = run.changes.iter().map(|one| change(one, language)).collect();
    let halted: Vec<Value> = run.halted.iter().map(|one| reason(one, language)).collect();
    json!({
        "schema": RUN_SCHEMA,
        "run": run.id,
        "plan": run.plan_id,
        "started_at": run.started_at,
        "operator": run.operator,
        "is_simulated": run.is_simulated,
        "status": words::run_outcome_code(run.outcome),
        "damaged": run.damaged.as_ref().map(|text| text.get(language)),
        "items": changes,
        "halted": halted,
        "next": run.next,
    })
}

/// Returns an entry of a journal as JSON, for `run watch -o jsonl`: with the event as the journal
/// keeps it, and in words.
pub fn entry_json(entry: &Entry, plan: &Plan, style: &Style) -> Value {
    json!({
        "number": entry.number,
        "at": entry.at,
        "change": entry.event.change(),
        "event": entry.event,
        "said": entry_words(&entry.event, plan, style),
    })
}

fn change(one: &RunChange<'_>, language: Language) -> Value {
    let mut item = resource(&one.change.resource);
    let fields = [
        ("change", json!(one.change.id)),
        ("stage", json!(one.stage)),
        ("current", json!(one.change.action.current())),
        ("recommended", json!(one.change.action.recommended())),
        ("status", json!(words::phase_code(one.phase))),
        ("since", json!(one.since)),
        ("gates", json!(one.verdict.as_ref().map(|verdict| verdict_json(verdict, language)))),
        ("reason", json!(one.reason.as_ref().map(|one| reason(one, language)))),
        ("manual", json!(one.manual)),
        ("estimated_monthly_savings", estimate(&one.change.estimated_monthly_savings)),
    ];
    item.extend(fields.map(|(key, value)| (key.to_owned(), value)));
    Value::Object(item)
}

fn verdict_json(verdict: &GateVerdict, language: Language) -> Value {
    let reasons: Vec<Value> = verdict.reasons.iter().map(|one| reason(one, language)).collect();
    json!({
        "state": words::gate_state_code(verdict.state),
        "reasons": reasons,
        "figures": verdict.figures,
    })
}
