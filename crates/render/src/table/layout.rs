//! Aligned columns for a terminal, CJK-width aware, as wide as the terminal allows.

use super::cell::Tone;
use super::column::{Column, Cut, Kind, Priority};
use super::output::{Table, Width};
use crate::style::Style;
use crate::width::{cells, padded, truncated};

/// Cells between two columns.
const GAP: usize = 2;
/// A text column is not cut below this.
const NARROWEST: usize = 8;
/// Long words give way first, down to this: a cut name says more than a missing column.
const COMFORTABLE: usize = 26;
/// When no column can go any more, words that may be cut give way down to this first.
const SNUG: usize = 16;
/// A text that says little when cut gives way down to this before columns go,
const COMFORTABLE_WHOLE: usize = 44;
/// and down to this only when nothing else is left.
const SNUG_WHOLE: usize = 28;

/// Writes header, a thin rule and rows, each ended by a line break.
pub(super) fn terminal(table: &Table, style: &Style, width: Width) -> String {
    let mut table = table.clone();
    let mut grid = Grid::of(&table, style);
    if width == Width::Fit {
        grid.shrink(&table, style.width, comfortable);
        while grid.total() > style.width {
            // What matters least goes first; of two equals, the right one.
            let Some(index) = least_important(&table) else { break };
            let kept: Vec<usize> =
                (0..table.columns().len()).filter(|other| *other != index).collect();
            table.keep(&kept);
            grid = Grid::of(&table, style);
            grid.shrink(&table, style.width, comfortable);
        }
        grid.shrink(&table, style.width, snug);
        grid.shrink(&table, style.width, |_| NARROWEST);
    }
    grid.write(&table, style)
}

fn comfortable(column: &Column) -> usize {
    match column.cut {
        Cut::Early => COMFORTABLE,
        Cut::Late => COMFORTABLE_WHOLE,
    }
}

fn snug(column: &Column) -> usize {
    match column.cut {
        Cut::Early => SNUG,
        Cut::Late => SNUG_WHOLE,
    }
}

fn least_important(table: &Table) -> Option<usize> {
    table
        .columns()
        .iter()
        .enumerate()
        .filter(|(_, column)| column.priority > Priority::Essential)
        .max_by_key(|(index, column)| (column.priority, *index))
        .map(|(index, _)| index)
}

struct Grid {
    rows: Vec<Vec<String>>,
    widths: Vec<usize>,
}

impl Grid {
    fn of(table: &Table, style: &Style) -> Self {
        let rows: Vec<Vec<String>> = table
            .rows()
            .iter()
            .map(|row| row.iter().map(|(cell, _)| cell.shown(style)).collect())
            .collect();
        let widths = table
            .columns()
            .iter()
            .enumerate()
            .map(|(index, column)| {
                let widest =
                    rows.iter().filter_map(|row| row.get(index)).map(|text| cells(text)).max();
                widest.unwrap_or(0).max(cells(&column.title))
            })
            .collect();
        Self { rows, widths }
    }

    /// One cell of margin on the left, a gap between columns.
    fn total(&self) -> usize {
        1 + self.widths.iter().sum::<usize>() + GAP * self.widths.len().saturating_sub(1)
    }

    /// Narrows the widest text column, one cell at a time, until the table fits or no
    /// text column is wider than its `narrowest`.
    fn shrink(&mut self, table: &Table, available: usize, narrowest: impl Fn(&Column) -> usize) {
        while self.total() > available {
            let widest = self
                .widths
                .iter_mut()
                .zip(table.columns())
                .filter(|(width, column)| column.kind == Kind::Text && **width > narrowest(column))
                .max_by_key(|(width, _)| **width);
            let Some((width, _)) = widest else { return };
            *width -= 1;
        }
    }

    fn write(&self, table: &Table, style: &Style) -> String {
        let mut text = String::new();
        let titles = table.columns().iter().map(|column| (column.title.clone(), Tone::Plain));
        text.push_str(&style.bold(&self.line(table, style, titles)));
        text.push('\n');
        let rule = "─".repeat(self.total().saturating_sub(1));
        text.push_str(&format!(" {}\n", style.dim(&rule)));
        for (shown, row) in self.rows.iter().zip(table.rows()) {
            let toned = shown.iter().cloned().zip(row.iter().map(|(_, tone)| *tone));
            text.push_str(&self.line(table, style, toned));
            text.push('\n');
        }
        text
    }

    fn line(
        &self,
        table: &Table,
        style: &Style,
        row: impl Iterator<Item = (String, Tone)>,
    ) -> String {
        let mut line = String::from(" ");
        let last = self.widths.len().saturating_sub(1);
        for (index, ((shown, tone), (width, column))) in
            row.zip(self.widths.iter().zip(table.columns())).enumerate()
        {
            let cut = truncated(&shown, *width);
            let filled = padded(&cut, *width, column.alignment());
            // A coloured last cell must not end in blanks either.
            let filled = if index == last { filled.trim_end().to_owned() } else { filled };
            line.push_str(&match tone {
                Tone::Plain => filled,
                Tone::Saved => style.green(&filled),
                Tone::Danger => style.red(&filled),
            });
            if index < last {
                line.push_str(&" ".repeat(GAP));
            }
        }
        // Blanks at the end would wrap on a narrow terminal.
        line.truncate(line.trim_end().len());
        line
    }
}
