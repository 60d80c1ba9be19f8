//! `trimtab plan … -o json` and `trimtab apply … -o json`.

use serde_json::{Map, Value, json};

use trimtab_model::gate::{HealthGate, Presence};
use trimtab_model::plan::{Ancestry, Change, LeftOut, Stage};
use trimtab_model::text::Language;

use super::analysis::{estimate, reason, resource, undo, word};
use super::text::money;
use crate::document::plan::words;
use crate::document::plan::{
    PlanDifference, PlanNote, PlanPage, PlanSaving, PlanSlot, PlannedCall, PlannedCalls,
};
use crate::document::run::words::direction_code;

/// The name and version of a plan's shape.
pub const SHOW_SCHEMA: &str = "trimtab/v1/plan.show";
/// The name and version of the list of plans.
pub const LIST_SCHEMA: &str = "trimtab/v1/plan.list";
/// The name and version of what was found in a plan.
pub const LINT_SCHEMA: &str = "trimtab/v1/plan.lint";
/// The name and version of what differs between two plans.
pub const DIFF_SCHEMA: &str = "trimtab/v1/plan.diff";
/// The name and version of a timetable.
pub const SIMULATE_SCHEMA: &str = "trimtab/v1/plan.simulate";
/// The name and version of a dry run.
pub const DRY_RUN_SCHEMA: &str = "trimtab/v1/apply.dry-run";

/// Returns a plan as JSON. `language` chooses the language of sentences only.
pub fn plan_json(page: &PlanPage<'_>, language: Language) -> Value {
    let mut value = head(page);
    let plan = page.plan;
    let stages: Vec<Value> =
        plan.stages.iter().map(|stage| stage_json(page, stage, language)).collect();
    let left_out: Vec<Value> = plan.left_out.iter().map(|one| left(one, language)).collect();
    value.insert("schema".to_owned(), json!(SHOW_SCHEMA));
    value.insert("rules".to_owned(), word(&plan.rules));
    value.insert("stages".to_owned(), json!(stages));
    value.insert("left_out".to_owned(), json!(left_out));
    value.insert("findings".to_owned(), findings(&page.notes, language));
    value.insert("next".to_owned(), json!(page.next));
    Value::Object(value)
}

/// Returns the list of plans as JSON.
pub fn plan_list_json(plans: &[PlanPage<'_>]) -> Value {
    let items: Vec<Value> = plans.iter().map(|page| Value::Object(head(page))).collect();
    json!({ "schema": LIST_SCHEMA, "items": items })
}

/// Returns what was found in a plan as JSON.
pub fn plan_lint_json(page: &PlanPage<'_>, language: Language) -> Value {
    let forbids = page.notes.iter().any(|note| note.severity == "error");
    json!({
        "schema": LINT_SCHEMA,
        "plan": page.id,
        "can_be_approved": !forbids,
        "items": findings(&page.notes, language),
    })
}

/// Returns what differs between two plans as JSON.
pub fn plan_diff_json(before: &str, after: &str, differences: &[PlanDifference]) -> Value {
    let items: Vec<Value> = differences
        .iter()
        .map(|one| {
            json!({
                "kind": one.kind.as_str(),
                "change": one.change,
                "resource": one.resource,
                "field": one.field,
                "before": one.before,
                "after": one.after,
            })
        })
        .collect();
    json!({ "schema": DIFF_SCHEMA, "before": before, "after": after, "items": items })
}

/// Returns a call that would be made as JSON.
fn call(one: &PlannedCall) -> Value {
    json!({
        "at": one.at,
        "window_until": one.window_until,
        "change": one.change,
        "direction": direction_code(one.direction),
        "action": one.action,
        "command": one.command,
    })
}

/// Returns a timetable, and the calls that it leads to, as JSON.
pub fn plan_simulate_json(
    plan: &str,
    slots: &[PlanSlot],
    calls: &[PlannedCall],
    language: Language,
) -> Value {
    let items: Vec<Value> = slots
        .iter()
        .map(|slot| {
            json!({
                "change": slot.change,
                "stage": slot.stage,
                "wave": words::wave_code(slot.wave),
                "start": slot.start,
                "made": slot.made,
                "watched": slot.watched,
                "reason": slot.reason.as_ref().map(|one| reason(one, language)),
            })
        })
        .collect();
    let calls: Vec<Value> = calls.iter().map(call).collect();
    json!({ "schema": SIMULATE_SCHEMA, "plan": plan, "items": items, "calls": calls })
}

/// Returns every call that a plan would make as JSON.
pub fn dry_run_json(
    page: &PlanPage<'_>,
    planned: &[PlannedCalls<'_>],
    language: Language,
) -> Value {
    let items: Vec<Value> = planned
        .iter()
        .map(|one| {
            let calls: Vec<Value> = one.calls.iter().map(call).collect();
            let refused = one.refused.as_ref().map(|one| reason(one, language));
            let mut item = resource(&one.change.resource);
            item.insert("change".to_owned(), json!(one.change.id));
            item.insert("stage".to_owned(), json!(one.stage.as_str()));
            item.insert("start".to_owned(), json!(one.begins));
            item.insert("refused".to_owned(), json!(refused));
            item.insert("calls".to_owned(), json!(calls));
            Value::Object(item)
        })
        .collect();
    json!({
        "schema": DRY_RUN_SCHEMA,
        "plan": page.id,
        "hash": page.hash,
        "changed": false,
        "savings": savings(&page.savings),
        "items": items,
        "next": page.next,
    })
}

fn head(page: &PlanPage<'_>) -> Map<String, Value> {
    let plan = page.plan;
    let accounts: Vec<Value> = plan
        .accounts
        .iter()
        .map(|(account, alias)| json!({ "account": account, "alias": alias }))
        .collect();
    let approvals: Vec<Value> = page
        .approvals
        .iter()
        .map(|one| json!({ "stage": one.stage, "by": one.by, "at": one.at }))
        .collect();
    let attestations: Vec<Value> = page
        .attestations
        .iter()
        .map(|one| {
            json!({
                "change": one.change, "row": one.row, "by": one.by, "note": one.note, "at": one.at,
            })
        })
        .collect();
    [
        ("plan", json!(page.id)),
        ("hash", json!(page.hash)),
        ("created_at", json!(plan.created_at)),
        ("created_by", json!(plan.created_by)),
        ("expires_at", json!(plan.expires_at)),
        ("built_from", json!(plan.built_from)),
        ("changes", json!(plan.changes().count())),
        ("savings", savings(&page.savings)),
        ("accounts", json!(accounts)),
        ("approvals", json!(approvals)),
        ("attestations", json!(attestations)),
        ("runs", json!(page.runs)),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .into_iter()
    .collect()
}

fn savings(savings: &[PlanSaving]) -> Value {
    savings
        .iter()
        .map(|one| {
            json!({
                "likely": money(one.likely),
                "low": money(one.low),
                "high": money(one.high),
            })
        })
        .collect()
}

fn stage_json(page: &PlanPage<'_>, stage: &Stage, language: Language) -> Value {
    let waves: Vec<Value> = stage
        .waves
        .iter()
        .map(|wave| {
            let changes: Vec<Value> =
                wave.changes.iter().map(|one| change(one, language)).collect();
            json!({ "wave": words::wave_code(wave.name), "changes": changes })
        })
        .collect();
    let approved: Vec<&str> = page
        .approvals
        .iter()
        .filter(|one| one.stage == stage.environment.as_str())
        .map(|one| one.by.as_str())
        .collect();
    json!({
        "stage": stage.environment.as_str(),
        "approval": words::approval_code(stage.approval),
        "approved_by": approved,
        "waves": waves,
    })
}

fn change(change: &Change, language: Language) -> Value {
    let mut item = resource(&change.resource);
    let managed = match &change.ancestry {
        Ancestry::Own => Value::Null,
        Ancestry::Possibly(tool) => json!(tool),
    };
    let gates: Vec<Value> = change.gates.iter().map(gate).collect();
    let migration = change.migration.as_ref().map(|one| {
        json!({
            "name": one.name,
            "region": one.region,
            "replaces": one.replaces.label(),
            "soak_days": one.soak_days,
        })
    });
    let fields = [
        ("change", json!(change.id)),
        ("recommendation", json!(change.recommendation)),
        ("current", json!(change.action.current())),
        ("recommended", json!(change.action.recommended())),
        ("expected", json!(change.expected.0)),
        ("class", json!(words::class_code(change.class))),
        ("undo", undo(&change.undo, language)),
        ("recovery_point", json!(words::recovery_code(&change.recovery))),
        ("performance_risk", json!(change.risk.value())),
        ("downtime_seconds", json!(change.downtime_budget.as_secs())),
        ("duration_seconds", json!(change.duration.as_secs())),
        ("watched_seconds", json!(change.soak.as_secs())),
        ("gates", json!(gates)),
        ("possibly_managed_by", managed),
        ("migration", json!(migration)),
        ("estimated_monthly_savings", estimate(&change.estimated_monthly_savings)),
    ];
    item.extend(fields.map(|(key, value)| (key.to_owned(), value)));
    Value::Object(item)
}

fn gate(gate: &HealthGate) -> Value {
    json!({
        "signal": word(&gate.signal),
        "namespace": gate.source.namespace,
        "metric": gate.source.metric,
        "limit": gate.limit,
        "expected": gate.expected,
        "controls": gate.controls.len(),
        "is_required": gate.presence == Presence::Required,
    })
}

fn left(one: &LeftOut, language: Language) -> Value {
    let mut item = resource(&one.resource);
    item.insert("recommendation".to_owned(), json!(one.recommendation));
    item.insert("reason".to_owned(), reason(&one.reason, language));
    let patch = one
        .patch
        .as_ref()
        .map(|patch| json!({ "owner": patch.owner, "format": patch.format, "text": patch.text }));
    item.insert("patch".to_owned(), json!(patch));
    Value::Object(item)
}

fn findings(notes: &[PlanNote], language: Language) -> Value {
    notes
        .iter()
        .map(|note| {
            json!({
                "severity": note.severity,
                "change": note.change,
                "code": note.reason.code,
                "message": note.reason.text.get(language),
            })
        })
        .collect()
}
