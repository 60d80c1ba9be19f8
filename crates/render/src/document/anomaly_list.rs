//! Days of the bill that stand out, as lists and one by one.

use trimtab_model::anomaly::{AnomalyItem, AnomalyKind, AnomalyPart, AnomalyStanding};

use crate::document::page::Page;
use crate::locale::Locale;
use crate::number;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table, Tone};
use crate::{sanitise, time};

/// Makes the list of what stands out, with how each stands.
pub fn anomaly_table<'a>(items: impl Iterator<Item = &'a AnomalyItem>, style: &Style) -> Table {
    let column = column(style);
    let mut table = Table::new(vec![
        column("id", "column-id", Kind::Text, Priority::High),
        column("from", "column-from", Kind::Text, Priority::Essential),
        column("until", "column-until", Kind::Text, Priority::Wide),
        column("days", "column-days", Kind::Count, Priority::High),
        column("service", "column-service", Kind::Text, Priority::Essential),
        column("account", "column-account", Kind::Text, Priority::High),
        column("difference", "column-difference", Kind::Money, Priority::Essential),
        column("percent", "column-percent", Kind::Percent, Priority::High),
        column("cost", "column-cost", Kind::Money, Priority::Wide),
        column("usual", "column-usual", Kind::Money, Priority::Wide),
        column("usage_types", "column-driver-types", Kind::Text, Priority::Essential),
        column("resources", "column-driver-resources", Kind::Text, Priority::High),
        column("state", "column-bill-state", Kind::Text, Priority::Wide),
        column("standing", "column-status", Kind::Text, Priority::High),
        column("growth", "column-grown", Kind::Money, Priority::Wide),
        column("kind", "column-anomaly-kind", Kind::Text, Priority::Wide),
        column("reason", "column-reason", Kind::Text, Priority::Wide),
        column("by", "column-said-by", Kind::Text, Priority::Wide),
        column("at", "column-said-at", Kind::Timestamp, Priority::Wide),
    ]);
    for item in items {
        table.toned_row(row(item, style));
    }
    table
}

fn row(item: &AnomalyItem, style: &Style) -> Vec<(Cell, Tone)> {
    let locale = style.locale();
    let plain = |cell| (cell, Tone::Plain);
    let state = if item.is_provisional { "chart-provisional" } else { "chart-settled" };
    let tone = if item.of.is_rise { Tone::Danger } else { Tone::Plain };
    let (standing, standing_tone) = match &item.standing {
        AnomalyStanding::Returned { .. } => (standing_word(&item.standing, locale), Tone::Danger),
        other => (standing_word(other, locale), Tone::Plain),
    };
    let growth = match &item.standing {
        AnomalyStanding::Returned { growth, .. } => Cell::Amount(*growth),
        AnomalyStanding::Open | AnomalyStanding::Acknowledged(_) => Cell::Missing,
    };
    let said = item.standing.acknowledgement();
    let percent = number::percent_of(item.difference.amount, item.usual.amount);
    vec![
        plain(Cell::text(item.id.as_str())),
        plain(Cell::text(item.from.to_string())),
        plain(Cell::text(item.until.to_string())),
        plain(Cell::Count(item.days.len() as u64)),
        plain(Cell::optional(item.of.service.as_deref())),
        plain(Cell::optional(item.of.account.as_deref())),
        (Cell::Amount(item.difference), tone),
        plain(percent.map_or(Cell::Missing, Cell::Percent)),
        plain(Cell::Amount(item.cost)),
        plain(Cell::Amount(item.usual)),
        plain(parts(&item.usage_types, item.is_explained, style)),
        plain(parts(&item.resources, item.is_explained, style)),
        plain(Cell::text(locale.text(state))),
        (Cell::text(standing), standing_tone),
        plain(growth),
        plain(Cell::optional(said.map(|said| kind_word(said.kind, locale)))),
        plain(Cell::optional(said.map(|said| said.reason.as_str()))),
        plain(Cell::optional(said.map(|said| said.by.as_str()))),
        plain(said.map_or(Cell::Missing, |said| Cell::Timestamp(said.at))),
    ]
}

/// Makes the list of what somebody has said something of.
pub fn acknowledged_table<'a>(
    items: impl Iterator<Item = &'a AnomalyItem>,
    style: &Style,
) -> Table {
    let column = column(style);
    let locale = style.locale();
    let mut table = Table::new(vec![
        column("id", "column-id", Kind::Text, Priority::High),
        column("from", "column-from", Kind::Text, Priority::Essential),
        column("until", "column-until", Kind::Text, Priority::Wide),
        column("service", "column-service", Kind::Text, Priority::Essential),
        column("account", "column-account", Kind::Text, Priority::Wide),
        column("difference", "column-difference", Kind::Money, Priority::Essential),
        column("kind", "column-anomaly-kind", Kind::Text, Priority::Essential),
        column("reason", "column-reason", Kind::Text, Priority::Essential),
        column("by", "column-said-by", Kind::Text, Priority::High),
        column("at", "column-said-at", Kind::Timestamp, Priority::High),
    ]);
    for item in items {
        let Some(said) = item.standing.acknowledgement() else { continue };
        table.row(vec![
            Cell::text(item.id.as_str()),
            Cell::text(item.from.to_string()),
            Cell::text(item.until.to_string()),
            Cell::optional(item.of.service.as_deref()),
            Cell::optional(item.of.account.as_deref()),
            Cell::Amount(item.difference),
            Cell::text(kind_word(said.kind, locale)),
            Cell::text(&said.reason),
            Cell::text(&said.by),
            Cell::Timestamp(said.at),
        ]);
    }
    table
}

fn column(style: &Style) -> impl Fn(&'static str, &str, Kind, Priority) -> Column {
    let locale = style.locale();
    move |key, title, kind, priority| Column::new(key, locale.text(title), kind, priority)
}

fn parts(all: &[AnomalyPart], is_explained: bool, style: &Style) -> Cell {
    match (all.is_empty(), is_explained) {
        (false, _) => Cell::text(parts_words(all, style)),
        (true, true) => Cell::text(style.locale().text("web-anomalies-no-parts")),
        (true, false) => Cell::Missing,
    }
}

/// Returns parts with by how much each moved.
pub fn parts_words(all: &[AnomalyPart], style: &Style) -> String {
    let words: Vec<String> =
        all.iter().map(|one| format!("{} {}", one.key, style.change(one.difference))).collect();
    words.join(", ")
}

/// Returns what somebody says that an anomaly is.
pub fn kind_word(kind: AnomalyKind, locale: Locale) -> String {
    match kind {
        AnomalyKind::Expected => locale.text("anomaly-expected"),
        AnomalyKind::Real => locale.text("anomaly-real"),
        AnomalyKind::InProgress => locale.text("anomaly-in-progress"),
    }
}

/// Returns how an anomaly stands.
pub fn standing_word(standing: &AnomalyStanding, locale: Locale) -> String {
    match standing {
        AnomalyStanding::Open => locale.text("anomaly-open"),
        AnomalyStanding::Acknowledged(_) => locale.text("anomaly-acknowledged"),
        AnomalyStanding::Returned { .. } => locale.text("anomaly-returned"),
    }
}

/// Returns what was said of an anomaly, by whom and when; absent where nothing was.
pub fn said_words(standing: &AnomalyStanding, style: &Style) -> Option<String> {
    let said = standing.acknowledgement()?;
    let locale = style.locale();
    let kind = kind_word(said.kind, locale);
    let at = time::date_time(said.at, &style.time_zone);
    let (reason, by) = (sanitise(&said.reason), sanitise(&said.by));
    let arguments = [("kind", kind.as_str()), ("reason", &reason), ("by", &by), ("at", &at)];
    let text = locale.text_with("anomaly-said", &arguments);
    match standing {
        AnomalyStanding::Returned { growth, .. } => {
            let growth = style.amount(*growth);
            let grown = locale.text_with("anomaly-grown", &[("growth", &growth)]);
            Some(format!("{text} {grown}"))
        }
        AnomalyStanding::Open | AnomalyStanding::Acknowledged(_) => Some(text),
    }
}

/// Returns one anomaly as a page of a terminal.
pub fn anomaly_show(item: &AnomalyItem, style: &Style) -> String {
    let locale = style.locale();
    let mut text = Page::new(style);
    let unnamed = || locale.text("web-no-name");
    let service = item.of.service.as_deref().map_or_else(unnamed, sanitise);
    text.strong(&format!("{} · {service}", item.id));
    let (from, until) = (item.from.to_string(), item.until.to_string());
    let mut detail = |key: &str, value: &str| text.labelled(&locale.text(key), value);
    detail("column-account", &item.of.account.as_deref().map_or_else(unnamed, sanitise));
    detail("anomaly-days", &if from == until { from } else { format!("{from} – {until}") });
    detail("column-cost", &style.amount(item.cost));
    detail("column-usual", &style.amount(item.usual));
    detail("column-difference", &style.change(item.difference));
    let state = if item.is_provisional { "chart-provisional" } else { "chart-settled" };
    detail("column-bill-state", &locale.text(state));
    for (key, parts) in
        [("column-driver-types", &item.usage_types), ("column-driver-resources", &item.resources)]
    {
        if !parts.is_empty() {
            detail(key, &sanitise(&parts_words(parts, style)));
        }
    }
    detail("column-status", &standing_word(&item.standing, locale));
    if let Some(said) = said_words(&item.standing, style) {
        text.sentence(&said);
    }
    text.finish()
}
