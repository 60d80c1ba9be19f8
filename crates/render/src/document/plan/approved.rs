//! What was approved, in numbers.

use std::collections::BTreeSet;

use trimtab_model::plan::{ChangeClass, Stage};

use super::page::PlanSaving;
use super::words as plan_words;
use crate::document::page::Page;
use crate::sanitise;
use crate::style::Style;

/// Returns what a stage does, in numbers: how many changes of which kind, where, and what they
/// save.
pub fn plan_approved(stage: &Stage, savings: &[PlanSaving], style: &Style) -> String {
    let locale = style.locale();
    let changes = || stage.waves.iter().flat_map(|wave| &wave.changes);
    let of_class = |class| changes().filter(|change| change.class == class).count().to_string();
    let accounts: BTreeSet<String> =
        changes().map(|change| sanitise(change.resource.account.as_str())).collect();
    let count = changes().count().to_string();
    let mut text = Page::new(style);
    let arguments = [
        ("changes", locale.text_with("plan-changes", &[("count", &count)])),
        ("waves", stage.waves.len().to_string()),
        ("accounts", accounts.into_iter().collect::<Vec<_>>().join(", ")),
    ];
    let arguments: Vec<(&str, &str)> =
        arguments.iter().map(|(name, value)| (*name, value.as_str())).collect();
    text.bullet(&locale.text_with("plan-approved-scope", &arguments));
    let classes = locale.text_with(
        "plan-approved-classes",
        &[
            ("reversible", &of_class(ChangeClass::Reversible)),
            ("slow", &of_class(ChangeClass::Slow)),
            ("destructive", &of_class(ChangeClass::Destructive)),
        ],
    );
    text.bullet(&classes);
    if let Some(longest) = changes().map(|change| change.downtime_budget).max() {
        let longest = plan_words::length(longest, locale);
        text.bullet(&locale.text_with("plan-approved-downtime", &[("longest", &longest)]));
    }
    for saving in savings {
        let range = style.monthly_range(saving.likely, saving.low, saving.high);
        let basis = locale.text("plan-saving-basis");
        text.bullet(&format!("{} · {basis}", style.green(&range)));
    }
    text.finish()
}
