//! A report as plain text: for terminals, and for mail readers without HTML.

use trimtab_model::document::{
    BarGroup, Block, ChartBlock, ChartData, Decision, Document, Figure, Rows,
};

use super::bars::bar;
use super::chart_rows::chart_rows;
use super::edition::Edition;
use super::words;
use crate::width::{Alignment, cells, padded, truncated, wrapped};

/// Cells of a bar at its longest.
const BAR_CELLS: usize = 24;
/// Cells of a column at its widest.
const COLUMN_CELLS: usize = 44;

/// Writes a report as lines of text.
pub fn plain_text(document: &Document, edition: &Edition<'_>) -> String {
    let style = edition.style;
    let mut lines = vec![words::words(&document.title, style), words::subtitle(document, style)];
    lines.push(String::new());
    lines.extend(wrapped(&words::line(&document.verdict, style), style.width));
    for section in &document.sections {
        lines.push(String::new());
        if let Some(title) = &section.title {
            let title = words::words(title, style);
            lines.push(title.clone());
            lines.push("-".repeat(cells(&title)));
        }
        for block in &section.blocks {
            self::block(block, edition, &mut lines);
        }
    }
    lines.push(String::new());
    for line in words::footer(document, style) {
        lines.extend(wrapped(&line, style.width));
    }
    let mut text = String::new();
    for line in lines {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn block(block: &Block, edition: &Edition<'_>, lines: &mut Vec<String>) {
    let style = edition.style;
    match block {
        Block::Figures(figures) => lines.extend(figures.iter().map(|one| figure(one, edition))),
        Block::Chart(chart) => {
            lines.push(String::new());
            lines.push(words::words(&chart.title, style));
            lines.extend(self::chart(chart, edition));
        }
        Block::Rows(rows) => {
            if let Some(title) = &rows.title {
                lines.push(words::words(title, style));
            }
            lines.extend(table(rows, edition));
        }
        Block::Note(note) => {
            lines.extend(wrapped(&words::line(&note.sentence, style), style.width));
        }
        Block::Decisions(decisions) => {
            for one in &decisions.items {
                decision(one, edition, lines);
            }
            lines.extend(words::more_decisions(decisions.more, style));
        }
    }
}

fn figure(figure: &Figure, edition: &Edition<'_>) -> String {
    let style = edition.style;
    let label = padded(&words::words(&figure.label, style), 24, Alignment::Left);
    let note = figure.note.as_ref().map(|note| words::line(note, style));
    let note = note.map_or_else(String::new, |note| format!("  {note}"));
    format!("{label} {}{note}", words::shown(&figure.value, style))
}

fn decision(decision: &Decision, edition: &Edition<'_>, lines: &mut Vec<String>) {
    let style = edition.style;
    let locale = style.locale();
    let risk = words::shown(&decision.risk, style);
    let mut parts = vec![
        words::words(&decision.title, style),
        words::shown(&decision.savings, style),
        locale.text_with("report-risk", &[("risk", &risk)]),
    ];
    parts.extend(words::deadline(decision, style));
    parts.extend(words::owner(decision, style));
    for (index, line) in
        wrapped(&parts.join(" · "), style.width.saturating_sub(2)).into_iter().enumerate()
    {
        lines.push(format!("{}{line}", if index == 0 { "- " } else { "  " }));
    }
    let state = wrapped(&words::line(&decision.state, style), style.width.saturating_sub(2));
    lines.extend(state.into_iter().map(|line| format!("  {line}")));
    let address = decision.link.as_ref().and_then(|link| edition.address(&link.target));
    lines.extend(address.map(|address| format!("  {address}")));
}

/// Days become bars; other charts are tables.
fn chart(chart: &ChartBlock, edition: &Edition<'_>) -> Vec<String> {
    let ChartData::DailyBars(bars) = &chart.data else {
        return table(&chart_rows(chart), edition);
    };
    let most = bars.iter().filter_map(|bar| bar.amount).map(|money| money.amount).max();
    let row = |one: &trimtab_model::document::Bar| {
        let mark = match one.group {
            BarGroup::Previous => "·",
            BarGroup::Current => " ",
        };
        let Some((amount, most)) = one.amount.zip(most) else {
            return format!("{mark} {}  –", one.date);
        };
        let drawn = padded(&bar(amount.amount, most, BAR_CELLS), BAR_CELLS, Alignment::Left);
        let provisional = if one.is_provisional { " *" } else { "" };
        format!("{mark} {}  {drawn} {}{provisional}", one.date, edition.style.amount(amount))
    };
    let mut lines: Vec<String> = bars.iter().map(row).collect();
    lines.extend(chart.caption.as_ref().map(|_| edition.style.locale().text("report-bars-legend")));
    lines
}

fn table(rows: &Rows, edition: &Edition<'_>) -> Vec<String> {
    let style = edition.style;
    let mut grid: Vec<Vec<String>> =
        vec![rows.columns.iter().map(|column| words::words(&column.title, style)).collect()];
    grid.extend(rows.rows.iter().map(|row| {
        let shown = |cell: &trimtab_model::document::Value| {
            truncated(&words::shown(cell, style), COLUMN_CELLS)
        };
        row.cells.iter().map(|(cell, _)| shown(cell)).collect()
    }));
    let widths: Vec<usize> = (0..rows.columns.len())
        .map(|index| {
            let of_column = grid.iter().filter_map(|row| row.get(index));
            of_column.map(|cell| cells(cell)).max().unwrap_or_default()
        })
        .collect();
    let line = |row: &Vec<String>| {
        let fields = row.iter().zip(&widths).zip(&rows.columns).map(|((cell, width), column)| {
            let side = if column.kind.is_number() { Alignment::Right } else { Alignment::Left };
            padded(cell, *width, side)
        });
        fields.collect::<Vec<_>>().join("  ")
    };
    grid.iter().map(line).collect()
}
