//! The lists of a resource's page: what it is bound to, and what was done to it.

use maud::{Markup, html};

use trimtab_model::relation::Relation;
use trimtab_model::resource::ResourceKind;
use trimtab_render::document::{relation_table, words};
use trimtab_render::style::Style;
use trimtab_render::table::{Cell, Column, Kind, Priority, Table, Tone};
use trimtab_render::{sanitise, time};
use trimtab_store::state::DispositionKind;

use super::savings::status;
use crate::reader::Reader;
use crate::ui::{self, Sheet, card, sheet};
use crate::view::{ResourceChange, ResourceDecision, resource_address};

/// The name of the list of relations in an address.
pub(super) const RELATIONS: &str = "relations";
/// The name of the list of changes.
pub(super) const CHANGES: &str = "changes";

/// What it is attached to and what depends on it.
pub(super) fn relations(reader: &Reader, relations: &[Relation]) -> Markup {
    let title = reader.text("web-relations");
    let table = relation_table(relations, &reader.style);
    let link = |row: &ui::Row<'_>| {
        let kind = row.text("kind")?;
        ResourceKind::ALL.iter().find(|one| one.as_str() == kind)?;
        // What the inventory does not have has no place, and no page.
        Some(resource_address(
            kind,
            row.text("account")?,
            row.text("region")?,
            row.text("resource_id")?,
        ))
    };
    let body = html! {
        @if relations.is_empty() {
            p class="nothing" { (reader.text("web-relations-none")) }
        } @else {
            (sheet(reader, &Sheet {
                id: RELATIONS,
                caption: &title,
                table: &table,
                link: Some(("resource", &link)),
                choose: None,
                has_files: true,
            }))
        }
    };
    card(&title, Some(&reader.text("web-relations-about")), &body)
}

/// Makes the table of changes.
pub(super) fn change_table(changes: &[ResourceChange], style: &Style) -> Table {
    let locale = style.locale();
    let column =
        |key, name: &str, kind, priority| Column::new(key, locale.text(name), kind, priority);
    let has_reasons = changes.iter().any(|one| one.reason.is_some());
    let if_any = |has: bool| if has { Priority::High } else { Priority::Wide };
    let mut table = Table::new(vec![
        column("plan", "column-plan", Kind::Text, Priority::Essential),
        column("change", "column-change", Kind::Text, Priority::Essential),
        column("status", "column-status", Kind::Text, Priority::Essential),
        column(
            "at",
            "column-at",
            Kind::Timestamp,
            if_any(changes.iter().any(|one| one.at.is_some())),
        ),
        column("run", "column-run", Kind::Text, Priority::High),
        column("estimated", "column-estimated-monthly", Kind::Money, Priority::High),
        column("reason", "column-reason", Kind::Text, if_any(has_reasons)),
        column("recommendation", "column-recommendation", Kind::Text, Priority::Wide),
    ]);
    for one in changes {
        let (word, tone) = status(one.status);
        let plain = |cell| (cell, Tone::Plain);
        let action = one.action.as_ref().map(|action| words::change(action, locale));
        table.toned_row(vec![
            plain(Cell::text(&one.plan)),
            plain(Cell::optional(action)),
            (Cell::text(locale.text(word)), tone),
            plain(one.at.map_or(Cell::Missing, Cell::Timestamp)),
            plain(Cell::optional(Some(one.runs.join(", ")).filter(|runs| !runs.is_empty()))),
            plain(one.estimated_monthly_savings.map_or(Cell::Missing, Cell::Money)),
            plain(Cell::optional(one.reason.as_ref().map(|text| text.get(style.language)))),
            plain(Cell::text(&one.recommendation)),
        ]);
    }
    table
}

/// What was done to it, or is planned.
pub(super) fn changes(reader: &Reader, changes: &[ResourceChange]) -> Markup {
    let title = reader.text("web-resource-changes");
    let table = change_table(changes, &reader.style);
    let link = |row: &ui::Row<'_>| row.text("plan").map(|id| format!("/plans/{id}"));
    let runs: Vec<&String> = changes.iter().flat_map(|one| &one.runs).collect();
    let body = html! {
        @if changes.is_empty() {
            p class="nothing" { (reader.text("web-resource-changes-none")) }
        } @else {
            (sheet(reader, &Sheet {
                id: CHANGES,
                caption: &title,
                table: &table,
                link: Some(("plan", &link)),
                choose: None,
                has_files: true,
            }))
            @if !runs.is_empty() {
                p class="about" {
                    (reader.text("web-runs")) ": "
                    @for (place, run) in runs.iter().enumerate() {
                        @if place > 0 { ", " }
                        a href={ "/runs/" (run) } { (run) }
                    }
                }
            }
        }
    };
    card(&title, Some(&reader.text("web-resource-changes-about")), &body)
}

/// What people decided about its recommendations.
pub(super) fn decisions(reader: &Reader, decisions: &[ResourceDecision]) -> Markup {
    if decisions.is_empty() {
        return html! {};
    }
    let body = html! {
        ul class="rows" {
            @for one in decisions {
                li {
                    div class="row-words" {
                        p { (decision(reader, one)) }
                        p class="about" {
                            a href={ "/recommendations/" (one.recommendation) } { (one.recommendation) }
                            " · " (time::date_time(one.at, &reader.style.time_zone))
                        }
                    }
                    @if !one.holds { (ui::status(&reader.text("web-decision-over"), "")) }
                }
            }
        }
    };
    card(&reader.text("web-decisions"), None, &body)
}

fn decision(reader: &Reader, one: &ResourceDecision) -> String {
    let reason = one.reason.as_deref().map(sanitise).unwrap_or_default();
    let until = one.until.map(|day| day.to_string());
    match (one.kind, until) {
        (DispositionKind::Dismissed, None) => {
            reader.text_with("web-dismissed", &[("reason", &reason)])
        }
        (DispositionKind::Dismissed, Some(until)) => {
            reader.text_with("web-dismissed-until", &[("until", &until), ("reason", &reason)])
        }
        (DispositionKind::Snoozed, until) => {
            let until = until.unwrap_or_default();
            reader.text_with("web-snoozed", &[("until", &until), ("reason", &reason)])
        }
    }
}
