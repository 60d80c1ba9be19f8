//! Markdown tables, for pull requests and wikis.

use super::output::Table;
use crate::style::Style;
use crate::width::Alignment;

/// Writes a table of GitHub's Markdown.
pub(super) fn markdown(table: &Table, style: &Style) -> String {
    let line = |fields: Vec<String>| format!("| {} |\n", fields.join(" | "));
    let mut text = line(table.columns().iter().map(|column| escaped(&column.title)).collect());
    let rule = table.columns().iter().map(|column| match column.alignment() {
        Alignment::Left => "---".to_owned(),
        Alignment::Right => "---:".to_owned(),
    });
    text.push_str(&line(rule.collect()));
    for row in table.rows() {
        text.push_str(&line(row.iter().map(|(cell, _)| escaped(&cell.shown(style))).collect()));
    }
    text
}

/// Escapes what Markdown or HTML would read as markup.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '!' | '~' | '#' | '@' => {
                safe.push('\\');
                safe.push(c);
            }
            c => safe.push(c),
        }
    }
    safe
}
