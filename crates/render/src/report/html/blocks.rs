//! The blocks of a report as HTML.

use maud::{Markup, PreEscaped, html};

use trimtab_model::document::{
    Block, ChartBlock, ColumnKind, Decision, Figure, NoteLevel, Rows, Section, Sentence, Tone,
    Value,
};

use super::super::chart_rows::chart_rows;
use super::super::edition::Edition;
use super::super::words;

/// Returns a section.
pub(super) fn section(section: &Section, edition: &Edition<'_>) -> Markup {
    let style = edition.style;
    html! {
        section class=(format!("report-{}", class_name(&section.name))) {
            @if let Some(title) = &section.title { h2 { (words::words(title, style)) } }
            @for one in &section.blocks { (block(one, edition)) }
        }
    }
}

/// A section's name is ours; what else could be in it has no place in a class.
fn class_name(name: &str) -> String {
    name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}

fn block(block: &Block, edition: &Edition<'_>) -> Markup {
    match block {
        Block::Figures(figures) => html! {
            dl class="figures" { @for one in figures.iter() { (figure(one, edition)) } }
        },
        Block::Chart(chart) => self::chart(chart, edition),
        Block::Rows(rows) => table(rows, edition),
        Block::Note(note) => {
            let class = match note.level {
                NoteLevel::Explains => "note",
                NoteLevel::Missing => "note missing",
                NoteLevel::Warns => "note warns",
            };
            html! { p class=(class) { (sentence(&note.sentence, edition)) } }
        }
        Block::Decisions(decisions) => html! {
            ol class="decisions" {
                @for one in &decisions.items { (decision(one, edition)) }
            }
            @if let Some(more) = words::more_decisions(decisions.more, edition.style) {
                p class="note" { (more) }
            }
        },
    }
}

fn figure(figure: &Figure, edition: &Edition<'_>) -> Markup {
    let style = edition.style;
    html! {
        div class=(format!("figure {}", tone(figure.tone)).trim()) {
            dt { (words::words(&figure.label, style)) }
            dd {
                @match &figure.value {
                    Value::Missing(why) => {
                        span class="amount" { "–" }
                        span class="figure-note" { (words::words(why, style)) }
                    }
                    // The range is a line of its own: the amount stays large.
                    value @ (Value::MonthlyRange { .. } | Value::Range { .. }) => {
                        (ranged(value, edition))
                    }
                    value => span class="amount" { (self::value(value, edition)) },
                }
                @if let Some(note) = &figure.note {
                    span class="figure-note" { (sentence(note, edition)) }
                }
            }
        }
    }
}

fn ranged(value: &Value, edition: &Edition<'_>) -> Markup {
    let shown = words::shown(value, edition.style);
    let (amount, range) = match shown.split_once(" (") {
        Some((amount, range)) => (amount, Some(range.trim_end_matches(')'))),
        None => (shown.as_str(), None),
    };
    html! {
        span class="amount" title=[words::exact(value, edition.style)] { (amount) }
        @if let Some(range) = range { span class="figure-note" { (range) } }
    }
}

fn chart(chart: &ChartBlock, edition: &Edition<'_>) -> Markup {
    let style = edition.style;
    // The figure says what it shows; its table need not say it again.
    let rows = table(&Rows { title: None, ..chart_rows(chart) }, edition);
    html! {
        figure class="chart" {
            figcaption {
                strong { (words::words(&chart.title, style)) }
                @if let Some(caption) = &chart.caption {
                    " " span class="muted" { (sentence(caption, edition)) }
                }
            }
            @if let Some(svg) = (edition.draw)(chart) {
                (PreEscaped(svg))
                details {
                    summary { (style.locale().text("report-as-table")) }
                    (rows)
                }
            } @else { (rows) }
        }
    }
}

fn table(rows: &Rows, edition: &Edition<'_>) -> Markup {
    let style = edition.style;
    let label = rows
        .title
        .as_ref()
        .map(|title| words::words(title, style))
        .or_else(|| rows.columns.first().map(|column| words::words(&column.title, style)));
    html! {
        // What can be moved sideways on a phone can be reached by the keyboard.
        div class="table" tabindex="0" role="group" aria-label=[label] {
            table {
                @if let Some(title) = &rows.title { caption { (words::words(title, style)) } }
                thead {
                    tr {
                        @for column in &rows.columns {
                            th scope="col" class=[column.kind.is_number().then_some("number")] {
                                (words::words(&column.title, style))
                            }
                        }
                    }
                }
                tbody {
                    @for row in &rows.rows {
                        tr class=[row.is_total.then_some("total")] {
                            @for ((cell, of_cell), column) in row.cells.iter().zip(&rows.columns) {
                                @let class = cell_class(cell, *of_cell, column.kind);
                                td class=[class] { (value(cell, edition)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn cell_class(cell: &Value, of_cell: Tone, kind: ColumnKind) -> Option<String> {
    let is_missing = matches!(cell, Value::Missing(_));
    let mut classes = Vec::new();
    if !is_missing {
        match kind {
            ColumnKind::Amount | ColumnKind::Percent | ColumnKind::Count => classes.push("number"),
            ColumnKind::Moment => classes.push("nowrap"),
            ColumnKind::Text => {}
        }
    }
    if is_missing {
        classes.push("missing");
    }
    if of_cell != Tone::Plain {
        classes.push(tone(of_cell));
    }
    (!classes.is_empty()).then(|| classes.join(" "))
}

fn decision(decision: &Decision, edition: &Edition<'_>) -> Markup {
    let style = edition.style;
    let locale = style.locale();
    let title = words::words(&decision.title, style);
    let address = decision.link.as_ref().and_then(|link| edition.address(&link.target));
    let risk = words::shown(&decision.risk, style);
    html! {
        li class=(decision.kind.as_str()) {
            p class="decision" {
                @match &address {
                    Some(address) => a href=(address) { strong { (title) } },
                    None => strong { (title) },
                }
                " " span class="amount" title=[words::exact(&decision.savings, style)] {
                    (words::shown(&decision.savings, style))
                }
            }
            p class="muted" {
                (locale.text_with("report-risk", &[("risk", &risk)]))
                @if let Some(owner) = words::owner(decision, style) { " · " (owner) }
                @if let Some(deadline) = words::deadline(decision, style) {
                    " · " strong { (deadline) }
                }
            }
            p { (sentence(&decision.state, edition)) }
        }
    }
}

/// Returns a sentence with its marks.
pub(super) fn sentence(sentence: &Sentence, edition: &Edition<'_>) -> Markup {
    let pieces = words::pieces(sentence, edition.style);
    html! {
        @for piece in &pieces {
            @let address = piece.target.as_ref().and_then(|target| edition.address(target));
            @let class = if piece.is_figure { format!("nowrap {}", tone(piece.tone)) } else { tone(piece.tone).to_owned() };
            @if let Some(address) = address {
                a href=(address) { (piece.text) }
            } @else if piece.tone == Tone::Plain && !piece.is_figure {
                (piece.text)
            } @else {
                span class=(class.trim()) { (piece.text) }
            }
        }
    }
}

/// Returns a value; an amount says on hover what it is exactly.
fn value(value: &Value, edition: &Edition<'_>) -> Markup {
    let style = edition.style;
    let shown = words::shown(value, style);
    if let Value::Link(link) = value
        && let Some(address) = edition.address(&link.target)
    {
        return html! { a href=(address) { (shown) } };
    }
    match words::exact(value, style) {
        Some(exact) => html! { span title=(exact) { (shown) } },
        None => html! { (shown) },
    }
}

fn tone(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "",
        Tone::Fell => "saved",
        Tone::Rose => "rose",
        Tone::Danger => "danger",
        Tone::Muted => "muted",
    }
}
