//! What differs between two plans, one a row.

use serde_json::Value;

use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};

/// How something differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanDifferenceKind {
    /// A change of the second plan only.
    Added,
    /// A change of the first plan only.
    Removed,
    /// A change of both.
    Changed,
    /// A rule.
    Rule,
}

/// One difference.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanDifference {
    /// How.
    pub kind: PlanDifferenceKind,
    /// The change; absent for a rule.
    pub change: Option<String>,
    /// The resource; absent for a rule.
    pub resource: Option<String>,
    /// The field; absent for a whole change.
    pub field: Option<String>,
    /// The value in the first plan.
    pub before: Option<Value>,
    /// The value in the second plan.
    pub after: Option<Value>,
}

impl PlanDifferenceKind {
    /// Returns the word, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Rule => "rule",
        }
    }
}

/// Makes the table of differences.
pub fn plan_diff_table(differences: &[PlanDifference], style: &Style) -> Table {
    let locale = style.locale();
    let text = |key, title: String, priority| Column::new(key, title, Kind::Text, priority);
    let mut table = Table::new(vec![
        text("kind", locale.text("column-difference"), Priority::Essential),
        text("change", locale.text("column-change-id"), Priority::Essential),
        text("resource", locale.text("column-resource"), Priority::High),
        text("field", locale.text("column-field"), Priority::Essential),
        text("before", locale.text("column-before"), Priority::Essential).cut_late(),
        text("after", locale.text("column-after"), Priority::Essential).cut_late(),
    ]);
    for one in differences {
        let kind = match one.kind {
            PlanDifferenceKind::Added => locale.text("difference-added"),
            PlanDifferenceKind::Removed => locale.text("difference-removed"),
            PlanDifferenceKind::Changed => locale.text("difference-changed"),
            PlanDifferenceKind::Rule => locale.text("difference-rule"),
        };
        table.row(vec![
            Cell::Text(kind),
            Cell::optional(one.change.as_deref()),
            Cell::optional(one.resource.as_deref()),
            Cell::optional(one.field.as_deref()),
            Cell::optional(one.before.as_ref().map(shown)),
            Cell::optional(one.after.as_ref().map(shown)),
        ]);
    }
    table
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
