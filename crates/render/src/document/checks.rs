//! The list of checks, and the page of one.

use trimtab_model::recommendation::{ActionType, Threshold};
use trimtab_model::resource::ResourceKind;
use trimtab_model::text::StaticText;

use super::page::Page;
use super::words;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};
use crate::width::wrapped;
use crate::{sanitise, unit};

/// What a page says of a check.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckPage<'a> {
    /// Its identifier.
    pub id: &'a str,
    /// Its title.
    pub title: StaticText,
    /// The kind of resource it judges.
    pub kind: ResourceKind,
    /// What it recommends.
    pub action_type: ActionType,
    /// What it reads, as names of sources such as `metrics:AWS/EC2:CPUUtilization`.
    pub needs: Vec<String>,
    /// Its thresholds.
    pub thresholds: &'a [Threshold],
    /// Its documentation, as Markdown; paragraphs separated by empty lines.
    pub docs: &'a str,
}

/// Makes the table of checks.
pub fn checks_list(checks: &[CheckPage<'_>], style: &Style) -> Table {
    let locale = style.locale();
    let mut table = Table::new(vec![
        Column::new("check", locale.text("column-check"), Kind::Text, Priority::Essential),
        Column::new("title", locale.text("column-title"), Kind::Text, Priority::Essential),
        Column::new("type", locale.text("column-type"), Kind::Text, Priority::Normal),
        Column::new(
            "resource_type",
            locale.text("column-resource-type"),
            Kind::Text,
            Priority::Wide,
        ),
    ]);
    for check in checks {
        table.row(vec![
            Cell::text(check.id),
            Cell::text(check.title.get(style.language)),
            Cell::Text(words::action_type(check.action_type, locale)),
            Cell::text(check.kind.as_str()),
        ]);
    }
    table
}

/// Returns the page of one check.
pub fn check_show(check: &CheckPage<'_>, style: &Style) -> String {
    let locale = style.locale();
    let mut page = Page::new(style);
    page.strong(&format!("{} · {}", check.id, check.title.get(style.language)));
    page.gap();
    page.labelled(&locale.text("label-resource-type"), check.kind.as_str());
    page.labelled(&locale.text("label-type"), &words::action_type(check.action_type, locale));
    page.labelled(&locale.text("label-needs"), &sanitise(&check.needs.join(", ")));
    page.gap();
    paragraphs(&mut page, check.docs, style);
    if !check.thresholds.is_empty() {
        page.heading(&locale.text("check-thresholds"));
        page.block(&thresholds(check, style).terminal(style));
        page.gap();
        for threshold in check.thresholds {
            page.bullet(&format!("{}: {}", threshold.name, threshold.text.get(style.language)));
        }
    }
    page.finish()
}

fn thresholds(check: &CheckPage<'_>, style: &Style) -> Table {
    let locale = style.locale();
    let mut table = Table::new(vec![
        Column::new("name", locale.text("column-threshold"), Kind::Text, Priority::Essential),
        Column::new("default", locale.text("column-default"), Kind::Number, Priority::Essential),
    ]);
    for threshold in check.thresholds {
        table.row(vec![
            Cell::text(threshold.name),
            Cell::Text(unit::quantity(threshold.default, threshold.unit, locale)),
        ]);
    }
    table
}

/// Adds Markdown as it is, each paragraph wrapped; lists and headings keep their lines.
fn paragraphs(page: &mut Page<'_>, docs: &str, style: &Style) {
    let mut paragraph = String::new();
    let flush = |page: &mut Page<'_>, paragraph: &mut String| {
        for line in wrapped(paragraph, style.width) {
            page.line(&line);
        }
        paragraph.clear();
    };
    for line in docs.lines().map(|line| sanitise(line.trim_end())) {
        let own_line = ["- ", "* ", "#", "|", ">", " "].iter().any(|mark| line.starts_with(mark));
        if line.is_empty() || own_line {
            flush(page, &mut paragraph);
        }
        if line.is_empty() {
            page.gap();
        } else if own_line {
            page.line(&line);
        } else {
            paragraph.push_str(&line);
            paragraph.push(' ');
        }
    }
    flush(page, &mut paragraph);
}
