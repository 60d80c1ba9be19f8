//! Tables on pages: columns as wide as they need, text wrapped, the header on every page.

use trimtab_model::document::{Rows, Tone, Value};

use super::super::edition::Edition;
use super::super::words;
use super::blocks::ink;
use super::sheet::{Ink, LEADING, MARGIN, Mark, Sheet, Weight};

const SIZE: f32 = 8.0;
const PADDING: f32 = 4.0;
/// A column of words takes no more than this of its own accord.
const WIDEST_WORDS: f32 = 190.0;
/// Nor a column of numbers, where a reason stands in place of a number.
const WIDEST_NUMBER: f32 = 96.0;
/// A column is never narrower.
const NARROWEST: f32 = 34.0;

/// A cell as it is set.
struct Cell {
    lines: Vec<String>,
    is_right: bool,
    ink: Ink,
    weight: Weight,
}

/// Sets a table.
pub(super) fn rows(sheet: &mut Sheet<'_>, rows: &Rows, edition: &Edition<'_>) {
    let style = edition.style;
    if let Some(title) = &rows.title {
        sheet.needs(60.0);
        sheet.words(
            (MARGIN, sheet.y + 8.5),
            8.5,
            &words::words(title, style),
            Ink::Plain,
            Weight::Bold,
        );
        sheet.y += 8.5 * LEADING;
    }
    let widths = widths(sheet, rows, edition);
    let header: Vec<Cell> = rows
        .columns
        .iter()
        .zip(&widths)
        .map(|(column, width)| Cell {
            lines: sheet.typeface.wrapped(&words::words(&column.title, style), SIZE, *width),
            is_right: column.kind.is_number(),
            ink: Ink::Soft,
            weight: Weight::Regular,
        })
        .collect();
    line(sheet, &header, &widths);
    for row in &rows.rows {
        let cells: Vec<Cell> = row
            .cells
            .iter()
            .zip(&rows.columns)
            .zip(&widths)
            .map(|(((value, tone), column), width)| {
                let is_missing = matches!(value, Value::Missing(_));
                let plain = if is_missing { Ink::Soft } else { Ink::Plain };
                let is_bold = row.is_total || matches!(tone, Tone::Fell | Tone::Rose);
                Cell {
                    lines: sheet.typeface.wrapped(&words::shown(value, style), SIZE, *width),
                    is_right: column.kind.is_number() && !is_missing,
                    ink: ink(*tone, plain),
                    weight: if is_bold { Weight::Bold } else { Weight::Regular },
                }
            })
            .collect();
        if sheet.needs(height(&cells)) {
            line(sheet, &header, &widths);
        }
        line(sheet, &cells, &widths);
    }
    sheet.space(3.0);
}

fn height(cells: &[Cell]) -> f32 {
    let lines = cells.iter().map(|cell| cell.lines.len()).max().unwrap_or(1);
    let lines = u16::try_from(lines).unwrap_or(u16::MAX);
    f32::from(lines) * SIZE * LEADING + 2.0 * PADDING
}

fn line(sheet: &mut Sheet<'_>, cells: &[Cell], widths: &[f32]) {
    let height = height(cells);
    sheet.needs(height);
    let top = sheet.y + PADDING;
    let mut x = MARGIN;
    for (cell, width) in cells.iter().zip(widths) {
        let mut y = top;
        for text in &cell.lines {
            let room = width - sheet.typeface.width(text, SIZE);
            let left = if cell.is_right { x + room.max(0.0) } else { x };
            sheet.words((left, y + SIZE), SIZE, text, cell.ink, cell.weight);
            y += SIZE * LEADING;
        }
        x += width + 2.0 * PADDING;
    }
    sheet.y += height;
    let (y, width) = (sheet.y, Sheet::width());
    sheet.mark(Mark::Area { x: MARGIN, y, width, height: 0.5, ink: Ink::Line });
    sheet.y += 0.5;
}

/// Numbers get what they need; words share the rest by what they would like.
fn widths(sheet: &Sheet<'_>, rows: &Rows, edition: &Edition<'_>) -> Vec<f32> {
    let style = edition.style;
    let liked: Vec<(f32, bool)> = rows
        .columns
        .iter()
        .enumerate()
        .map(|(index, column)| {
            let is_number = column.kind.is_number();
            let title = sheet.typeface.width(&words::words(&column.title, style), SIZE);
            let cells = rows.rows.iter().filter_map(|row| row.cells.get(index));
            let widest = cells
                .map(|(value, _)| sheet.typeface.width(&words::shown(value, style), SIZE))
                .fold(title, f32::max);
            let most = if is_number { WIDEST_NUMBER } else { WIDEST_WORDS };
            (widest.clamp(NARROWEST, most) + 1.0, is_number)
        })
        .collect();
    let count = u16::try_from(liked.len()).unwrap_or(u16::MAX);
    let room = Sheet::width() - f32::from(count) * 2.0 * PADDING;
    let sum = |of: bool| -> f32 {
        liked.iter().filter(|(_, is_number)| *is_number == of).map(|(width, _)| width).sum()
    };
    let (numbers, words) = (sum(true), sum(false));
    let for_words = room - numbers;
    // With very many numbers all columns share alike.
    if words <= 0.0 || for_words < words * 0.3 {
        let all = numbers + words;
        return liked.iter().map(|(width, _)| width * room / all.max(1.0)).collect();
    }
    liked
        .iter()
        .map(|(width, is_number)| if *is_number { *width } else { width * for_words / words })
        .collect()
}
