//! The changes of a plan, one a row.

use trimtab_model::plan::Plan;

use super::words as plan_words;
use crate::document::words;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};

/// Makes the table of a plan's changes, in the order in which they reach the account.
pub fn plan_change_table(plan: &Plan, style: &Style) -> Table {
    let locale = style.locale();
    let text = |key, title: String, priority| Column::new(key, title, Kind::Text, priority);
    let mut table = Table::new(vec![
        text("change", locale.text("column-change-id"), Priority::Essential),
        text("stage", locale.text("column-stage"), Priority::Essential),
        text("wave", locale.text("column-wave"), Priority::High),
        text("resource", locale.text("column-resource"), Priority::Essential),
        text("what", locale.text("column-change"), Priority::Essential).cut_late(),
        Column::new(
            "saving",
            locale.text("column-monthly-saving"),
            Kind::Range,
            Priority::Essential,
        ),
        text("class", locale.text("column-class"), Priority::Normal),
        text("risk", locale.text("column-risk"), Priority::High).ranked(words::risk_scale(locale)),
        text("downtime", locale.text("column-downtime"), Priority::Normal),
        text("recovery", locale.text("column-recovery"), Priority::Low),
        text("recommendation", locale.text("column-recommendation"), Priority::Wide),
        text("resource_id", locale.text("column-resource-id"), Priority::Wide),
        text("account", locale.text("column-account"), Priority::Wide),
        text("region", locale.text("column-region"), Priority::Wide),
        text("migration", locale.text("column-migration"), Priority::Wide),
    ]);
    for stage in &plan.stages {
        for wave in &stage.waves {
            for change in &wave.changes {
                let saving = &change.estimated_monthly_savings;
                table.row(vec![
                    Cell::text(change.id.as_str()),
                    Cell::text(stage.environment.as_str()),
                    Cell::Text(plan_words::wave(wave.name, locale)),
                    Cell::Text(words::resource_name(&change.resource)),
                    Cell::Text(words::change(&change.action, locale)),
                    Cell::Range { likely: saving.likely, low: saving.low, high: saving.high },
                    Cell::Text(plan_words::class(change.class, locale)),
                    Cell::Text(words::risk(change.risk, locale)),
                    Cell::Text(plan_words::downtime(change, locale)),
                    Cell::Text(plan_words::recovery(&change.recovery, locale)),
                    Cell::text(change.recommendation.as_str()),
                    Cell::text(change.resource.id.as_str()),
                    Cell::text(change.resource.account.as_str()),
                    Cell::text(change.resource.region.as_str()),
                    change.migration.as_ref().map_or(Cell::Missing, |one| Cell::text(&one.name)),
                ]);
            }
        }
    }
    table
}
