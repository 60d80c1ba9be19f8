//! What AWS recommends and trimtab does not.

use trimtab_model::opinion::OnlyAws;

use super::words;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};

/// Makes the table of what AWS alone recommends.
pub fn only_aws_table(found: &[OnlyAws], style: &Style) -> Table {
    let locale = style.locale();
    let text = |key, title: String, priority| Column::new(key, title, Kind::Text, priority);
    let mut table = Table::new(vec![
        text("source", locale.text("column-source"), Priority::Essential),
        text("resource", locale.text("column-resource"), Priority::Essential),
        text("finding", locale.text("column-finding"), Priority::Essential),
        text("recommended", locale.text("column-recommended"), Priority::High),
        Column::new("saving", locale.text("column-monthly-saving"), Kind::Money, Priority::High),
        text("reason", locale.text("column-reason"), Priority::Essential).cut_late(),
        text("resource_type", locale.text("column-resource-type"), Priority::Wide),
        text("resource_id", locale.text("column-resource-id"), Priority::Wide),
        text("account", locale.text("column-account"), Priority::Wide),
        text("region", locale.text("column-region"), Priority::Wide),
        text("code", locale.text("column-code"), Priority::Wide),
    ]);
    for one in found {
        let opinion = &one.opinion;
        let proposed: Vec<&str> = opinion.recommended.values().map(String::as_str).collect();
        let proposed = match proposed.is_empty() {
            true => opinion.summary.clone(),
            false => Some(proposed.join(" ")),
        };
        table.row(vec![
            Cell::text(opinion.source.as_str()),
            Cell::Text(words::resource_name(&one.resource)),
            Cell::text(&opinion.finding),
            Cell::optional(proposed),
            opinion.monthly_saving.map_or(Cell::Missing, Cell::Money),
            Cell::text(one.reason.text.get(style.language)),
            Cell::text(one.resource.kind.as_str()),
            Cell::text(one.resource.id.as_str()),
            Cell::text(one.resource.account.as_str()),
            Cell::text(one.resource.region.as_str()),
            Cell::text(&one.reason.code),
        ]);
    }
    table
}
