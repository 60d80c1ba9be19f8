//! A table of a page: sorted, narrowed, its columns chosen, taken away as a file, all by its
//! address.

use std::collections::BTreeSet;

use maud::{Markup, html};

use trimtab_model::explain::Explain;
use trimtab_model::text::Text;
use trimtab_render::table::{
    Cell, Column, Direction, Kind, Priority, Sort, SortError, Table, TableError, Tone,
};
use trimtab_render::width::Alignment;

use crate::file::FORMATS;
use crate::query::Query;
use crate::reader::Reader;

/// Rows of one page of a table.
const ROWS: usize = 50;
/// Characters of a word that is not broken.
const WORD: usize = 24;
/// Characters of a cell that are shown; all of them are in the file.
const LONGEST: usize = 160;

/// What a row leads to: its cells by the keys of their columns.
pub(crate) type Link<'a> = &'a dyn Fn(&Row<'_>) -> Option<String>;

/// A table on a page.
pub(crate) struct Sheet<'a> {
    /// An identifier that no other piece of the page has: `list` for what the page is about, else the word by which an
    /// address names the list that it narrows, sorts and takes away.
    pub(crate) id: &'a str,
    /// What it lists, for those who do not see it.
    pub(crate) caption: &'a str,
    /// All of its rows.
    pub(crate) table: &'a Table,
    /// The column whose cells are links, and where they lead.
    pub(crate) link: Option<(&'a str, Link<'a>)>,
    /// The column whose value is sent for each row that is chosen.
    pub(crate) choose: Option<&'a str>,
    /// Whether it may be taken away as a file from its address.
    pub(crate) has_files: bool,
}

/// What stands in a cell in place of its words, which it is given.
pub(crate) type Draw<'a> = &'a dyn Fn(&Row<'_>, Markup) -> Markup;

/// One row.
pub(crate) struct Row<'a> {
    columns: &'a [Column],
    cells: &'a [(Cell, Tone)],
}

impl Row<'_> {
    /// Returns the words of a column.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        let place = self.columns.iter().position(|column| column.key == key)?;
        match self.cells.get(place) {
            Some((Cell::Text(text), _)) => Some(text),
            _ => None,
        }
    }
}

/// Returns the places of the rows of a table that an address asks for, in its order.
///
/// # Errors
/// Says what is wrong: a column that the table does not have, or an order that is none.
pub(crate) fn asked(table: &Table, reader: &Reader) -> Result<Vec<usize>, Text> {
    let conditions = reader.query.under("f.");
    let text = |cause: TableError| cause.text();
    let mut places = table.matching(conditions, &reader.style).map_err(text)?;
    if let Some(sort) = reader.query.get("sort") {
        let sort: Sort = sort.parse().map_err(|cause: SortError| cause.text())?;
        let order = table.sorted(&sort).map_err(text)?;
        let kept: BTreeSet<usize> = places.into_iter().collect();
        places = order.into_iter().filter(|place| kept.contains(place)).collect();
    }
    Ok(places)
}

/// The identifier of what a page is about.
const MAIN: &str = "list";

/// Returns the reader as one list of a page sees it: what an address asks of another list of the page is not asked of
/// this one.
fn of_list(reader: &Reader, id: &str) -> Reader {
    let wanted = (id != MAIN).then_some(id);
    if reader.query.get("list") == wanted {
        return reader.clone();
    }
    let others: Vec<String> = reader.query.under("f.").map(|(key, _)| format!("f.{key}")).collect();
    let own = ["sort", "columns", "cursor", "format", "list"].into_iter().map(str::to_owned);
    let query = others.into_iter().chain(own);
    let query = query.fold(reader.query.clone(), |query, key| query.with(&key, None));
    Reader { query: query.with("list", wanted), ..reader.clone() }
}

/// Returns a table with its tools.
pub(crate) fn sheet(reader: &Reader, sheet: &Sheet<'_>) -> Markup {
    drawn_sheet(reader, sheet, &[])
}

/// Returns a table with its tools, the cells of some columns drawn: of the rows that are shown alone.
pub(crate) fn drawn_sheet(
    reader: &Reader,
    sheet: &Sheet<'_>,
    drawn: &[(&str, Draw<'_>)],
) -> Markup {
    let reader = &of_list(reader, sheet.id);
    let query = &reader.query;
    let (rows, wrong) = match asked(sheet.table, reader) {
        Ok(places) => (sheet.table.at(&places), None),
        // What was written stays where it is, to be mended.
        Err(text) => (sheet.table.at(&[]), Some(text)),
    };
    let shown = shown_columns(sheet.table, query);
    let start = query.get("cursor").and_then(|text| text.parse().ok()).unwrap_or(0);
    let start = usize::min(start, rows.len());
    let is_narrowed = query.under("f.").next().is_some();
    html! {
        div id=(sheet.id) class="sheet" {
            form method="get" action=(reader.path) class="sheet-form"
                data-hx-get=(reader.path) data-hx-target={ "#" (sheet.id) }
                data-hx-select={ "#" (sheet.id) } data-hx-swap="outerMorph" data-hx-select-oob="#sums,#scope"
                data-hx-trigger="change, input delay:300ms, submit" data-hx-push-url="true" {
                @for (key, value) in query.pairs() {
                    @if !key.starts_with("f.") && !matches!(key, "columns" | "cursor") {
                        input type="hidden" name=(key) value=(value);
                    }
                }
                div class="sheet-tools" {
                    p class="count" {
                        (count(reader, rows.len(), sheet.table.len()))
                        @if is_narrowed {
                            " · " a href=(without_filters(query).on(&reader.path)) { (reader.text("web-table-clear")) }
                        }
                    }
                    div class="sheet-buttons" {
                        (chooser(reader, sheet.table, &shown))
                        @if sheet.has_files { (files(reader)) }
                        noscript { button type="submit" class="button small" { (reader.text("web-table-apply")) } }
                    }
                }
                div class="sheet-scroll" tabindex="0" role="region" aria-label=(sheet.caption) {
                    table {
                        caption class="hidden" { (sheet.caption) }
                        thead {
                            tr {
                                @if sheet.choose.is_some() { th scope="col" { span class="hidden" { (reader.text("web-table-choose")) } } }
                                @for place in &shown { (heading(reader, sheet.table, *place)) }
                            }
                            tr class="filters" {
                                @if sheet.choose.is_some() { td {} }
                                @for place in &shown { (filter_box(reader, sheet.table, *place)) }
                            }
                        }
                        tbody {
                            @for cells in rows.rows().iter().skip(start).take(ROWS) {
                                (row(reader, sheet, cells, (&shown, drawn)))
                            }
                        }
                    }
                }
                @if let Some(wrong) = &wrong {
                    p class="notice danger" role="alert" { (wrong.get(reader.style.language)) }
                } @else if rows.is_empty() {
                    p class="nothing" { (reader.text("web-table-nothing")) }
                }
                (turning(reader, rows.len(), start))
            }
        }
    }
}

fn count(reader: &Reader, shown: usize, all: usize) -> String {
    let (shown_text, all_text) = (shown.to_string(), all.to_string());
    if shown == all {
        reader.text_with("web-table-count", &[("count", &all_text)])
    } else {
        reader.text_with("web-table-count-of", &[("shown", &shown_text), ("all", &all_text)])
    }
}

fn without_filters(query: &Query) -> Query {
    let keys: Vec<String> = query.under("f.").map(|(key, _)| format!("f.{key}")).collect();
    keys.iter().fold(query.with("cursor", None), |query, key| query.with(key, None))
}

fn shown_columns(table: &Table, query: &Query) -> Vec<usize> {
    let wanted: Vec<&str> = query.all("columns").flat_map(|text| text.split(',')).collect();
    if wanted.is_empty() {
        return table.default_columns();
    }
    let chosen = |(place, column): (usize, &Column)| {
        (wanted.contains(&column.key) || column.priority == Priority::Essential).then_some(place)
    };
    table.columns().iter().enumerate().filter_map(chosen).collect()
}

fn chooser(reader: &Reader, table: &Table, shown: &[usize]) -> Markup {
    html! {
        details class="chooser" {
            summary class="button small" { (reader.text("web-table-columns")) }
            fieldset {
                legend class="hidden" { (reader.text("web-table-columns")) }
                @for (place, column) in table.columns().iter().enumerate() {
                    @let is_essential = column.priority == Priority::Essential;
                    label {
                        input type="checkbox" name="columns" value=(column.key)
                            checked[shown.contains(&place)] disabled[is_essential];
                        (column.title)
                    }
                }
            }
        }
    }
}

fn files(reader: &Reader) -> Markup {
    let to = |format: &str| reader.query.with("cursor", None).with("format", Some(format));
    html! {
        @for (format, name) in FORMATS {
            a class="button small" href=(to(format).on(&reader.path)) download { (name) }
        }
    }
}

fn heading(reader: &Reader, table: &Table, place: usize) -> Markup {
    let Some(column) = table.columns().get(place) else { return html! {} };
    let sort = reader.query.get("sort").and_then(|text| text.parse::<Sort>().ok());
    let now = sort.filter(|sort| sort.key == column.key).map(|sort| sort.direction);
    let is_number = column.alignment() == Alignment::Right;
    // Numbers are first looked at from the largest down, words from A on.
    let next = match (now, is_number) {
        (None, true) | (Some(Direction::Ascending), _) => format!("{}:desc", column.key),
        (None, false) | (Some(Direction::Descending), _) => column.key.to_owned(),
    };
    let (said, sign) = match now {
        Some(Direction::Ascending) => (Some("ascending"), " ↑"),
        Some(Direction::Descending) => (Some("descending"), " ↓"),
        None => (None, ""),
    };
    let to = reader.query.with("cursor", None).with("sort", Some(&next)).on(&reader.path);
    html! {
        th scope="col" class=[is_number.then_some("number")] aria-sort=[said] {
            a href=(to) { (column.title) (sign) }
        }
    }
}

fn filter_box(reader: &Reader, table: &Table, place: usize) -> Markup {
    let Some(column) = table.columns().get(place) else { return html! {} };
    let name = format!("f.{}", column.key);
    let label = reader.text_with("web-table-filter", &[("column", &column.title)]);
    let example = match column.kind {
        Kind::Text | Kind::Timestamp => "",
        Kind::Count | Kind::Number | Kind::Percent | Kind::Money | Kind::Range => ">",
    };
    html! {
        td {
            input type="search" name=(name) value=[reader.query.get(&name)] aria-label=(label)
                placeholder=(example) autocomplete="off";
        }
    }
}

fn row(
    reader: &Reader,
    sheet: &Sheet<'_>,
    cells: &[(Cell, Tone)],
    (shown, drawn): (&[usize], &[(&str, Draw<'_>)]),
) -> Markup {
    let columns = sheet.table.columns();
    let row = Row { columns, cells };
    html! {
        tr {
            @if let Some(key) = sheet.choose {
                td class="choose" {
                    @if let Some(value) = row.text(key) {
                        input type="checkbox" name="chosen" value=(value) form="choice"
                            aria-label=(reader.text_with("web-table-choose-row", &[("name", value)]));
                    }
                }
            }
            @for place in shown {
                @if let (Some(column), Some((cell, tone))) = (columns.get(*place), cells.get(*place)) {
                    @let link = sheet.link.filter(|(key, _)| *key == column.key);
                    @let draw = drawn.iter().find(|(key, _)| *key == column.key);
                    td class=(class(column, *tone)) {
                        @if let Some(address) = link.and_then(|(_, to)| to(&row)) {
                            a href=(address) { (shown_cell(cell, reader)) }
                        } @else if let Some((_, draw)) = draw {
                            (draw(&row, shown_cell(cell, reader)))
                        } @else {
                            (shown_cell(cell, reader))
                        }
                    }
                }
            }
        }
    }
}

fn class(column: &Column, tone: Tone) -> String {
    let side = match column.alignment() {
        Alignment::Right => "number",
        Alignment::Left => "words",
    };
    let colour = match tone {
        Tone::Plain => "",
        Tone::Saved => " saved",
        Tone::Danger => " danger",
    };
    format!("{side}{colour}")
}

/// Returns a cell as it is read, cut where it is long; an amount with its range has that below it.
fn shown_cell(cell: &Cell, reader: &Reader) -> Markup {
    let text = cell.shown(&reader.style);
    if let (Cell::Range { .. }, Some((amount, range))) = (cell, text.split_once(" (")) {
        return html! { span class="amount" { (amount) } span class="range" { "(" (range) } };
    }
    if is_one_word(&text) {
        return html! { span class="whole" { (text) } };
    }
    if text.chars().count() <= LONGEST {
        return html! { (text) };
    }
    let cut: String = text.chars().take(LONGEST).collect();
    html! { (cut) "…" }
}

/// Returns whether a text is read as one: an identifier or a day is not broken at its hyphens.
fn is_one_word(text: &str) -> bool {
    text.contains('-') && !text.contains(char::is_whitespace) && text.chars().count() <= WORD
}

fn turning(reader: &Reader, all: usize, start: usize) -> Markup {
    if all <= ROWS {
        return html! {};
    }
    let to = |start: usize| {
        let cursor = start.to_string();
        let cursor = (start > 0).then_some(cursor.as_str());
        reader.query.with("cursor", cursor).on(&reader.path)
    };
    let end = (start + ROWS).min(all);
    let (from, until, count) = ((start + 1).to_string(), end.to_string(), all.to_string());
    let arguments = [("from", from.as_str()), ("until", until.as_str()), ("all", count.as_str())];
    html! {
        nav class="turning" aria-label=(reader.text("web-table-pages")) {
            @if start > 0 {
                a class="button small" href=(to(start.saturating_sub(ROWS))) rel="prev" { (reader.text("web-table-before")) }
            }
            span { (reader.text_with("web-table-place", &arguments)) }
            @if end < all {
                a class="button small" href=(to(end)) rel="next" { (reader.text("web-table-after")) }
            }
        }
    }
}
