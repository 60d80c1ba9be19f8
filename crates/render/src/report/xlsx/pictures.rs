//! Charts that the reader's program draws from the cells of a sheet.

use rust_xlsxwriter::{
    Chart, ChartAxis, ChartDataLabel, ChartFont, ChartFormat, ChartLegendPosition, ChartLine,
    ChartLineDashType, ChartMarker, ChartPatternFill, ChartPatternFillType, ChartPoint,
    ChartSolidFill, ChartType,
};

use super::charts::{Drawn, Ink, Kind, Series};
use crate::workbook::{Cell, Look, Placed, axis_code, colour, double};

/// Days that an axis names one by one; of more it names each seventh.
const FEW_DAYS: usize = 16;

/// Where the figures of a chart stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'a> {
    /// The sheet.
    pub(super) sheet: &'a str,
    /// The cell of the title: names are never read as references.
    pub(super) title: (u32, u16),
    /// The figures.
    pub(super) placed: Placed,
}

/// Returns the chart of some figures; absent where they have none.
pub(super) fn picture(
    drawn: &Drawn,
    source: Source<'_>,
    look: Look,
    (width, height): (u32, u32),
) -> Option<Chart> {
    let mut chart = match drawn.kind {
        Kind::Stacked => Chart::new(ChartType::ColumnStacked),
        Kind::Bars => Chart::new(ChartType::Bar),
        Kind::Lines => Chart::new(ChartType::Line),
        Kind::Heat => return None,
    };
    if drawn.series.is_empty() || drawn.grid.rows.is_empty() {
        return None;
    }
    let code = drawn.largest.map(axis_code);
    // Marks and labels of hundreds of points would cover them.
    let few = drawn.grid.rows.len() <= 12;
    for one in &drawn.series {
        series(&mut chart, one, source, (look, code.as_deref().filter(|_| few)));
    }
    let (sheet, title) = (source.sheet, source.title);
    chart.title().set_name((sheet, title.0, title.1)).set_font(&font(look, 11, colour::INK, true));
    let size = 9;
    let (categories, values) = (font(look, size, colour::SOFT, false), code);
    axes(&mut chart, drawn, &categories, values.as_deref());
    let drawn_series = drawn.series.iter().filter(|one| one.ink != Ink::Nothing).count();
    if drawn_series > 1 {
        let font = font(look, size, colour::SOFT, false);
        chart.legend().set_position(ChartLegendPosition::Bottom).set_font(&font);
    } else {
        chart.legend().set_hidden();
    }
    let mut area = ChartFormat::new();
    area.set_border(ChartLine::new().set_color(colour::LINE));
    chart.chart_area().set_format(&mut area);
    chart.set_width(width).set_height(height);
    Some(chart)
}

fn font(look: Look, size: u8, colour: u32, is_bold: bool) -> ChartFont {
    let mut font = ChartFont::new();
    font.set_name(look.font).set_size(f64::from(size)).set_color(colour);
    if is_bold {
        font.set_bold();
    } else {
        font.unset_bold();
    }
    font
}

fn series(chart: &mut Chart, one: &Series, source: Source<'_>, (look, code): (Look, Option<&str>)) {
    let Placed { header, end, left, .. } = source.placed;
    let column = left + one.column;
    let (first, last) = (header + 1, end.saturating_sub(1));
    let series = chart.add_series();
    series
        .set_name((source.sheet, header, column))
        .set_categories((source.sheet, first, left, last, left))
        .set_values((source.sheet, first, column, last, column));
    let mut format = ChartFormat::new();
    match one.ink {
        Ink::Fill(colour) => {
            format.set_solid_fill(ChartSolidFill::new().set_color(colour)).set_no_border();
            series.set_gap(45);
            if one.provisional.contains(&true) {
                series.set_points(&points(&one.provisional, colour));
            }
        }
        Ink::Nothing => {
            format.set_no_fill().set_no_border();
            series.set_gap(45).delete_from_legend(true);
        }
        Ink::Line(colour) => {
            format.set_line(ChartLine::new().set_color(colour).set_width(2.25));
        }
        Ink::Dashed(colour) => {
            let dash = ChartLineDashType::Dash;
            let mut line = ChartLine::new();
            format.set_line(line.set_color(colour).set_width(2.0).set_dash_type(dash));
        }
        Ink::Edge(colour) => {
            format.set_line(ChartLine::new().set_color(colour).set_width(1.0));
        }
    }
    series.set_format(&mut format);
    match one.ink {
        Ink::Line(_) | Ink::Dashed(_) | Ink::Edge(_) => {
            series.set_marker(ChartMarker::new().set_none());
        }
        Ink::Fill(_) | Ink::Nothing => {}
    }
    if let (Some(sign), Some(code)) = (one.label, code) {
        let sign = if sign.is_empty() { String::new() } else { format!("\"{sign}\"") };
        let mut label = ChartDataLabel::new();
        label.show_value().set_num_format(format!("{sign}{code}")).set_font(&font(
            look,
            8,
            colour::INK,
            false,
        ));
        series.set_data_label(&label);
    }
}

/// Days that may still change are hatched.
fn points(provisional: &[bool], colour: u32) -> Vec<ChartPoint> {
    let point = |is_provisional: &bool| {
        if !*is_provisional {
            return ChartPoint::default();
        }
        let mut fill = ChartPatternFill::new();
        fill.set_pattern(ChartPatternFillType::DiagonalStripesWideUpwards)
            .set_foreground_color(colour)
            .set_background_color(0xFF_FF_FF);
        let mut format = ChartFormat::new();
        format.set_pattern_fill(&fill).set_border(ChartLine::new().set_color(colour));
        ChartPoint::new().set_format(&mut format)
    };
    provisional.iter().map(point).collect()
}

fn axes(chart: &mut Chart, drawn: &Drawn, font: &ChartFont, code: Option<&str>) {
    let rows = drawn.grid.rows.len();
    let is_days = drawn.grid.rows.first().and_then(|row| row.cells.first());
    let is_days = is_days.is_some_and(|(cell, _)| matches!(cell, Cell::Day(_)));
    // The writer's axes are those of the paper: bars have their categories upright.
    let along = match drawn.kind {
        Kind::Bars => chart.y_axis(),
        Kind::Stacked | Kind::Lines | Kind::Heat => chart.x_axis(),
    };
    along.set_font(font).set_format(&mut line(colour::AXIS)).set_major_gridlines(false);
    if is_days {
        along.set_num_format("mm-dd");
        if rows > FEW_DAYS {
            along.set_date_axis(true).set_major_unit(7_u32);
        } else {
            along.set_text_axis(true);
        }
    }
    if drawn.kind == Kind::Bars {
        // The first row stands above.
        along.set_reverse();
    }
    let across = match drawn.kind {
        Kind::Bars => chart.x_axis(),
        Kind::Stacked | Kind::Lines | Kind::Heat => chart.y_axis(),
    };
    across.set_font(font);
    across.set_format(ChartFormat::new().set_no_line());
    grid_lines(across);
    if let Some(code) = code {
        across.set_num_format(code);
    }
    if let Some(floor) = drawn.floor {
        across.set_min(double(floor));
    }
}

fn line(colour: u32) -> ChartFormat {
    let mut format = ChartFormat::new();
    format.set_line(ChartLine::new().set_color(colour));
    format
}

fn grid_lines(axis: &mut ChartAxis) {
    axis.set_major_gridlines(true)
        .set_major_gridlines_line(ChartLine::new().set_color(colour::LINE));
}
