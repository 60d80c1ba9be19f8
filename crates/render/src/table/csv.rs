//! CSV by RFC 4180, and tab-separated values for pipes.

use super::cell::Cell;
use super::column::Kind;
use super::output::{Table, field_count};
use crate::sanitise;

/// Returns `text` such that no spreadsheet takes it for a formula.
///
/// A text that begins with one of `= + - @ TAB CR LF`, or their full-width forms, also
/// behind blanks, gets an apostrophe in front. Quoting alone does not help.
pub fn guarded(text: &str) -> String {
    let starts_formula = |c: char| {
        matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠')
    };
    let is_blank = |c: char| c.is_whitespace() || sanitise::is_hidden(c);
    let dangerous = text.starts_with(starts_formula)
        || text.trim_start_matches(is_blank).starts_with(starts_formula);
    if dangerous { format!("'{text}") } else { text.to_owned() }
}

/// Writes RFC 4180 with a header; lines end in CR LF. Values are sanitised: a spreadsheet
/// or a terminal may be the next reader.
pub(super) fn comma_separated(table: &Table) -> String {
    let mut text = String::new();
    let mut write = |fields: Vec<String>| {
        let quoted: Vec<String> = fields.iter().map(|field| quoted(field)).collect();
        text.push_str(&quoted.join(","));
        text.push_str("\r\n");
    };
    write(header(table));
    for row in table.rows() {
        write(fields(table, row.iter().map(|(cell, _)| cell), |text| guarded(&sanitise(text))));
    }
    text
}

/// Writes fields separated by tabs, with a header; values are sanitised, so that one row is one line.
pub(super) fn tab_separated(table: &Table) -> String {
    let mut text = header(table).join("\t");
    text.push('\n');
    for row in table.rows() {
        text.push_str(&fields(table, row.iter().map(|(cell, _)| cell), sanitise).join("\t"));
        text.push('\n');
    }
    text
}

fn header(table: &Table) -> Vec<String> {
    table.columns().iter().flat_map(|column| column.field_names()).collect()
}

fn fields<'a>(
    table: &Table,
    row: impl Iterator<Item = &'a Cell>,
    text: impl Fn(&str) -> String,
) -> Vec<String> {
    row.zip(table.columns())
        .flat_map(|(cell, column)| {
            let mut fields = match cell {
                Cell::Text(value) => vec![text(value)],
                other => other.fields(),
            };
            // A column of one kind has as many fields in every row.
            fields.resize(field_count(column.kind).max(1), String::new());
            debug_assert!(column.kind != Kind::Text || fields.len() == 1);
            fields
        })
        .collect()
}

fn quoted(field: &str) -> String {
    if field.contains(['"', ',', '\r', '\n']) || field.trim() != field {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}
