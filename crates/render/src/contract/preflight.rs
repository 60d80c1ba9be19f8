//! `trimtab plan preflight … -o json`.

use serde_json::{Value, json};

use trimtab_model::text::Language;

use super::analysis::reason;
use crate::document::plan::PreflightPage;

/// The name and version of what stands in the way of a plan.
pub const SCHEMA: &str = "trimtab/v1/plan.preflight";

/// Returns what stands in the way of a plan as JSON.
pub fn preflight_json(page: &PreflightPage<'_>, language: Language) -> Value {
    let named = |all: &[(String, trimtab_model::text::Reason)]| -> Vec<Value> {
        all.iter()
            .map(|(change, why)| json!({ "change": change, "reason": reason(why, language) }))
            .collect()
    };
    let items: Vec<Value> = page
        .rows
        .iter()
        .map(|row| {
            let reasons: Vec<Value> = row.reasons.iter().map(|one| reason(one, language)).collect();
            json!({
                "change": row.change,
                "resource": row.resource,
                "row": row.row,
                "about": row.title.get(language),
                "verdict": row.verdict.as_str(),
                "reasons": reasons,
                "step": row.step.as_ref().map(|step| step.get(language)),
            })
        })
        .collect();
    json!({
        "schema": SCHEMA,
        "plan": page.plan,
        "read_at": page.at,
        "clear": page.refused.is_empty(),
        "refused": named(&page.refused),
        "unread": named(&page.unread),
        "items": items,
    })
}
