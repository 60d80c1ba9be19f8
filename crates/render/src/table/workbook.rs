//! A list as a workbook: rows that can be sorted, narrowed and added up, and how to read them.

use jiff::Timestamp;

use trimtab_model::document::Tone as Colour;

use super::cell::{Cell, Tone};
use super::column::Kind;
use super::output::Table;
use crate::style::Style;
use crate::workbook::{
    About, Book, Cell as Sheet, Column, Filter, Grid, Line, Row, Sign, Span, WorkbookError,
};

/// What a list that is taken away is.
#[derive(Debug, Clone, Copy)]
pub struct Taken<'a> {
    /// Its name, in the reader's language.
    pub name: &'a str,
    /// The conditions that its rows meet, as they stand in the address.
    pub conditions: &'a [(String, String)],
    /// The order of its rows; absent where it is the list's own.
    pub order: Option<&'a str>,
    /// When it is taken.
    pub moment: Timestamp,
}

/// Writes a list as a workbook: all of its rows and columns, amounts in their own currency.
///
/// # Errors
/// Fails if there is more than a sheet has room for.
pub fn workbook(table: &Table, taken: Taken<'_>, style: &Style) -> Result<Vec<u8>, WorkbookError> {
    let locale = style.locale();
    let subject = table.len().to_string();
    let about = About { title: taken.name, subject: &subject, moment: taken.moment };
    let mut book = Book::new(about, style)?;
    let name = book.name(taken.name);
    let mut page = book.page(name)?;
    page.grid(&grid(table, style), Filter::On)?;
    page.finish(1)?;
    let tally = book.tally();
    let name = book.name(&locale.text("workbook-definitions"));
    let mut page = book.page(name)?.with_margin();
    page.line(&locale.text("workbook-definitions"), Line::Title)?;
    page.row += 1;
    page.grid(&facts(table, taken, style), Filter::Off)?;
    page.row += 1;
    for line in [
        locale.text("workbook-says-own-currency"),
        locale.text("workbook-says-unknown"),
        locale.text("workbook-says-moments"),
        locale.text("workbook-says-digits"),
    ] {
        page.sentence(&line, Line::Body);
    }
    page.tallied(tally);
    page.finish(0)?;
    book.finish()
}

fn facts(table: &Table, taken: Taken<'_>, style: &Style) -> Grid {
    let locale = style.locale();
    let none = || locale.text("workbook-none");
    let conditions: Vec<String> =
        taken.conditions.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    let conditions = if conditions.is_empty() { none() } else { conditions.join(" · ") };
    let zone = style.time_zone.iana_name().unwrap_or("UTC").to_owned();
    let facts = [
        (locale.text("workbook-list"), Sheet::Text(taken.name.to_owned())),
        (locale.text("workbook-made"), Sheet::Moment(taken.moment)),
        (locale.text("workbook-rows"), Sheet::Number(table.len().into())),
        (locale.text("workbook-conditions"), Sheet::Text(conditions)),
        (locale.text("workbook-order"), Sheet::Text(taken.order.map_or_else(none, str::to_owned))),
        (locale.text("workbook-time-zone"), Sheet::Text(zone)),
    ];
    let columns = [locale.text("workbook-item"), locale.text("workbook-meaning")];
    let rows = facts.map(|(name, cell)| Row::plain(vec![Sheet::Text(name), cell]));
    Grid { columns: columns.map(Column::new).to_vec(), rows: rows.to_vec() }
}

fn grid(table: &Table, style: &Style) -> Grid {
    let locale = style.locale();
    let mut grid = Grid::default();
    for column in table.columns() {
        grid.columns.push(Column::new(&column.title));
        if column.kind == Kind::Range {
            let title = [("title", column.title.as_str())];
            grid.columns.push(Column::new(locale.text_with("workbook-low-of", &title)));
            grid.columns.push(Column::new(locale.text_with("workbook-high-of", &title)));
        }
    }
    for row in table.rows() {
        let cells = row.iter().zip(table.columns()).flat_map(|((cell, tone), column)| {
            let colour = match tone {
                Tone::Plain => Colour::Plain,
                Tone::Saved => Colour::Fell,
                Tone::Danger => Colour::Danger,
            };
            cells(cell, column.kind).into_iter().map(move |cell| (cell, colour))
        });
        grid.rows.push(Row { cells: cells.collect(), is_total: false });
    }
    grid
}

/// Returns a cell as the cells of a sheet: a column of ranges has three.
fn cells(cell: &Cell, kind: Kind) -> Vec<Sheet> {
    let missing = || Sheet::Unknown(String::new());
    match (cell, kind) {
        // Of words a dash says enough: there may be none.
        (Cell::Missing, Kind::Text | Kind::Timestamp) => vec![Sheet::Text("–".to_owned())],
        (Cell::Range { likely, low, high }, Kind::Range) => {
            vec![Sheet::amount(*likely), Sheet::amount(*low), Sheet::amount(*high)]
        }
        (other, Kind::Range) => vec![single(other), missing(), missing()],
        (other, _) => vec![single(other)],
    }
}

fn single(cell: &Cell) -> Sheet {
    match cell {
        Cell::Text(text) if text.is_empty() => Sheet::Empty,
        Cell::Text(text) => Sheet::Text(text.clone()),
        Cell::Currency(currency) => Sheet::Text(currency.code().to_owned()),
        Cell::Count(count) => Sheet::Number((*count).into()),
        Cell::Number(number) => Sheet::Number(*number),
        Cell::Money(money) | Cell::Amount(money) | Cell::Range { likely: money, .. } => {
            Sheet::amount(*money)
        }
        Cell::Price(money) | Cell::UnitCost(money) => {
            Sheet::Amount { money: *money, span: Span::Unit, sign: Sign::Minus }
        }
        Cell::Percent(percent) => Sheet::percent(*percent),
        Cell::Timestamp(moment) => Sheet::Moment(*moment),
        Cell::Missing => Sheet::Unknown(String::new()),
    }
}
