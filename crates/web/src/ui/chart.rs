//! A chart on a page: in two widths, with its legend, and as a table.

use maud::{Markup, PreEscaped, html};

use trimtab_render::chart::{LegendItem, LegendMark, Size, Stack, Svg};
use trimtab_render::sanitise;
use trimtab_render::table::Table;
use trimtab_render::width::Alignment;

use crate::reader::Reader;

/// Rows of the table below a chart; all of them are in the list or the file of the page.
const ROWS: usize = 400;

/// Pixels of a chart that has the whole page: drawn at this width its words have the size of the others.
pub(crate) const WIDE: u32 = 1140;

/// A chart on a page.
pub(crate) struct Chart<'a> {
    /// Drawn for a wide page.
    pub(crate) wide: &'a Svg,
    /// Drawn for a phone: text that is scaled down cannot be read.
    pub(crate) narrow: &'a Svg,
    /// What its colours mean.
    pub(crate) legend: &'a [LegendItem],
    /// The same as rows.
    pub(crate) table: &'a Table,
    /// What it shows, for those who do not see it.
    pub(crate) caption: &'a str,
}

/// Returns a chart.
pub(crate) fn chart(reader: &Reader, chart: &Chart<'_>) -> Markup {
    html! {
        div class="chart-wide" { (PreEscaped(chart.wide.to_string())) }
        div class="chart-narrow" { (PreEscaped(chart.narrow.to_string())) }
        (legend(reader, chart.legend))
        details class="as-table" {
            summary { (reader.text("web-as-table")) }
            (plain(reader, chart.table, chart.caption))
        }
    }
}

/// Returns stacked bars, drawn for both widths.
pub(crate) fn stacked(reader: &Reader, (wide, narrow): (&Stack, &Stack), caption: &str) -> Markup {
    let style = &reader.style;
    let drawn = Chart {
        wide: &wide.draw(Size::of(WIDE), style),
        narrow: &narrow.draw(Size::NARROW, style),
        legend: &wide.legend(style),
        table: &wide.table(style),
        caption,
    };
    chart(reader, &drawn)
}

fn legend(reader: &Reader, items: &[LegendItem]) -> Markup {
    if items.is_empty() {
        return html! {};
    }
    html! {
        ul class="legend" {
            @for item in items {
                li {
                    span class={ "sign " (item.class) " " (sign(item.mark)) } aria-hidden="true" {}
                    (sanitise(&item.name))
                    @if let Some(amount) = item.amount { span class="about" { " " (reader.style.amount(amount)) } }
                }
            }
        }
    }
}

fn sign(mark: LegendMark) -> &'static str {
    match mark {
        LegendMark::Fill => "fill",
        LegendMark::Hatch => "hatched",
        LegendMark::Line => "stroke",
        LegendMark::Dashed => "dashed",
        LegendMark::Dot => "round",
    }
}

/// Returns a table without tools.
fn plain(reader: &Reader, table: &Table, caption: &str) -> Markup {
    let class = |right| if right { Some("number") } else { None };
    html! {
        div class="sheet-scroll short" tabindex="0" role="region" aria-label=(caption) {
            table {
                caption class="hidden" { (caption) }
                thead { tr {
                    @for column in table.columns() {
                        th scope="col" class=[class(column.alignment() == Alignment::Right)] { (column.title) }
                    }
                } }
                tbody {
                    @for row in table.rows().iter().take(ROWS) {
                        tr {
                            @for (column, (cell, _)) in table.columns().iter().zip(row) {
                                td class=[class(column.alignment() == Alignment::Right)] { (cell.shown(&reader.style)) }
                            }
                        }
                    }
                }
            }
        }
    }
}
