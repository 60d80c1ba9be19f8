//! `trimtab demo --run -o json`.

use serde_json::{Value, json};

use trimtab_model::gate::GateVerdict;
use trimtab_model::journal::{Event, Journal};
use trimtab_model::text::Language;

use super::analysis::{estimate, reason, resource};
use super::text::money;
use crate::document::plan::PlanSaving;
use crate::document::plan::words as plan_words;
use crate::document::rollout::{CheckedChange, RolloutPage, measured};
use crate::document::run::words;

/// The name and version of a rollout's shape.
pub const SCHEMA: &str = "trimtab/v1/demo.run";

/// Returns a rollout as JSON. `language` chooses the language of sentences only.
pub fn rollout_json(page: &RolloutPage<'_>, language: Language) -> Value {
    let changes: Vec<Value> = page.changes.iter().map(|one| change(one, page, language)).collect();
    json!({
        "schema": SCHEMA,
        "plan": page.plan_id,
        "hash": page.hash,
        "run": page.run,
        "seed": page.seed,
        "status": words::run_outcome_code(Some(page.outcome)),
        "items": changes,
        "verified": {
            "holds": page.holds(),
            "machines_running_before": page.running,
            "stopped": page.stopped,
            "drained": page.drained,
            "reservations_left": page.reserved,
            "journal_entries": page.entries,
            "audit_lines": page.audit_lines,
            "audit_intents": page.audit_intents,
            "calls": page.calls,
            "calls_without_intent": page.unannounced,
        },
        "savings": {
            "planned": sums(&page.planned),
            "confirmed": sums(&page.confirmed),
            "taken_back": sums(&page.taken_back),
            "is_estimated": true,
        },
    })
}

fn sums(savings: &[PlanSaving]) -> Value {
    let sum = |one: &PlanSaving| {
        json!({
            "likely": money(one.likely),
            "low": money(one.low),
            "high": money(one.high),
            "currency": one.likely.currency.code(),
            "period": "month",
        })
    };
    savings.iter().map(sum).collect()
}

fn change(one: &CheckedChange<'_>, page: &RolloutPage<'_>, language: Language) -> Value {
    let id = &one.change.id;
    let wave = page.plan.place(id).and_then(|(stage, wave)| {
        Some(plan_words::wave_code(page.plan.stages.get(stage)?.waves.get(wave)?.name))
    });
    let mut item = resource(&one.change.resource);
    let fields = [
        ("change", json!(id)),
        ("stage", json!(one.stage.as_str())),
        ("wave", json!(wave)),
        ("current", json!(one.change.action.current())),
        ("recommended", json!(one.change.action.recommended())),
        ("status", json!(one.outcome.map_or("waiting", words::change_outcome_code))),
        ("expected", json!(one.expected)),
        ("found", json!(one.found)),
        ("agrees", json!(one.agrees())),
        ("outages", json!(one.outages)),
        ("longest_outage_seconds", json!(one.longest.map(|length| length.as_secs()))),
        ("downtime_budget_seconds", json!(one.change.downtime_budget.as_secs())),
        ("is_within_budget", json!(one.is_within_budget)),
        ("events", events(page.journal, one, language)),
        ("estimated_monthly_savings", estimate(&one.change.estimated_monthly_savings)),
    ];
    item.extend(fields.map(|(key, value)| (key.to_owned(), value)));
    Value::Object(item)
}

/// Lists what happened to a change, in order.
fn events(journal: &Journal, one: &CheckedChange<'_>, language: Language) -> Value {
    let its = journal.entries().iter().filter(|entry| entry.event.change() == Some(&one.change.id));
    its.map(|entry| {
        let mut value = event(&entry.event, language);
        if let Some(fields) = value.as_object_mut() {
            fields.insert("at".to_owned(), json!(entry.at));
        }
        value
    })
    .collect()
}

fn event(event: &Event, language: Language) -> Value {
    let with = |kind: &str, why| json!({ "event": kind, "reason": reason(why, language) });
    match event {
        Event::ChangeStarted { .. } => json!({ "event": "started" }),
        Event::PreflightJudged { rows, found, refusal, .. } => json!({
            "event": "preflight",
            "rows": rows,
            "found": found.len(),
            "reason": refusal.as_ref().map(|why| reason(why, language)),
        }),
        Event::Intent { direction, call, .. } => json!({
            "event": "call",
            "direction": words::direction_code(*direction),
            "action": call.iam_action(),
        }),
        Event::SoakStarted { .. } => json!({ "event": "made" }),
        Event::SoakRestarted { reason, .. } => with("watched-anew", reason),
        Event::GateJudged { verdict, evidence, .. } => judged(verdict, evidence, language),
        Event::Paged { reason, .. } => with("paged", reason),
        Event::Held { reason, .. } => with("held", reason),
        Event::Unheld { .. } => json!({ "event": "unheld" }),
        Event::RollbackStarted { reason, .. } => with("rollback", reason),
        Event::ChangeClosed { outcome, reason: why, .. } => json!({
            "event": "closed",
            "status": words::change_outcome_code(*outcome),
            "reason": reason(why, language),
        }),
        // These are of no single change, or of no run that is begun here.
        Event::RunStarted { .. }
        | Event::LeaseTaken { .. }
        | Event::Wished { .. }
        | Event::StageStarted { .. }
        | Event::StageApproved { .. }
        | Event::WaveHalted { .. }
        | Event::Outcome { .. }
        | Event::Adopted { .. }
        | Event::RunClosed { .. } => json!({ "event": "other" }),
    }
}

fn judged(verdict: &GateVerdict, evidence: &str, language: Language) -> Value {
    let reasons: Vec<Value> = verdict.reasons.iter().map(|one| reason(one, language)).collect();
    let beyond = measured(verdict).iter().filter(|one| !one.is_well()).count();
    json!({
        "event": "gates",
        "state": words::gate_state_code(verdict.state),
        "reasons": reasons,
        "figures": verdict.figures,
        "beyond_limit": beyond,
        "evidence_sha256": evidence,
    })
}
