//! The plot: where values are in the picture, and what the library draws of it.

use plotters::chart::{ChartBuilder, ChartContext};
use plotters::coord::CoordTranslate;
use plotters::coord::cartesian::Cartesian2d;
use plotters::drawing::{DrawingAreaErrorKind, IntoDrawingArea};
use plotters::element::Polygon;
use plotters::series::{AreaSeries, LineSeries};
use plotters::style::text_anchor::Pos;
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, TextStyle};

use super::axis::Axis;
use super::ink::Ink;
use super::measure::width_of;
use super::pen::{Pen, TENTHS};
use super::sheet::Rect;

/// The size of texts on an axis, as the style sheet has it.
pub(super) const TICK_SIZE: f64 = 11.0;
/// Between an axis and its texts, in tenths.
const TICK_GAP: i32 = 30;

type Plane = Cartesian2d<Axis, Axis>;
type Chart<'a, 'b> = ChartContext<'a, Pen<'b>, Plane>;
type Drawn = Result<(), DrawingAreaErrorKind<std::convert::Infallible>>;

/// What is kept free around a plot, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Margins {
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
    pub left: f64,
}

/// Which lines of the grid are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grid {
    /// None: only the texts.
    Bare,
    /// Those that heights are read from.
    Horizontal,
    /// Those of time too.
    Both,
    /// Those that lengths are read from.
    Vertical,
}

/// Something that runs through a plot.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Stroke {
    /// A line through points.
    Line(Ink, Vec<(f64, f64)>),
    /// What is between points and a base.
    Area(Ink, Vec<(f64, f64)>, f64),
    /// What is inside corners.
    Inside(Ink, Vec<(f64, f64)>),
}

/// A plot in a picture of `width` by `height` pixels.
pub(super) struct Frame {
    width: f64,
    height: f64,
    margins: Margins,
    x: Axis,
    y: Axis,
    plane: Plane,
}

impl Frame {
    /// Lays a plot out.
    pub(super) fn new((width, height): (f64, f64), margins: Margins, x: Axis, y: Axis) -> Self {
        let tenths = |pixels: f64| (pixels * TENTHS).round() as i32;
        // The plane is what the library makes of the same numbers, so that marks of ours and
        // lines of the library meet.
        let across = (tenths(margins.left), tenths(width - margins.right) - 1);
        let down = (tenths(margins.top), tenths(height - margins.bottom) - 1);
        let plane = Cartesian2d::new(x.clone(), y.clone(), (across.0..across.1, down.1..down.0));
        Self { width, height, margins, x, y, plane }
    }

    /// Returns the place of a pair of values, in pixels.
    pub(super) fn place(&self, x: f64, y: f64) -> (f64, f64) {
        let (x, y) = self.plane.translate(&(x, y));
        (f64::from(x) / TENTHS, f64::from(y) / TENTHS)
    }

    /// Returns the part of the picture that values can be in.
    pub(super) fn inside(&self) -> Rect {
        Rect::between(
            self.place(self.x.from(), self.y.from()),
            self.place(self.x.to(), self.y.to()),
        )
    }

    /// Draws the grid and the texts of both axes.
    pub(super) fn grid(&self, lines: Grid) -> String {
        self.drawn(|chart| {
            let font = FontDesc::new(FontFamily::SansSerif, TICK_SIZE * TENTHS, FontStyle::Normal);
            let color = Ink::Tick.style().color.to_backend_color();
            let text = TextStyle { font, color, pos: Pos::default() };
            let mut mesh = chart.configure_mesh();
            mesh.bold_line_style(Ink::Grid.style())
                .light_line_style(Ink::Hidden.style())
                .axis_style(Ink::Hidden.style())
                .label_style(text)
                .set_all_tick_mark_size(TICK_GAP);
            match lines {
                Grid::Horizontal => mesh.disable_x_mesh(),
                Grid::Vertical => mesh.disable_y_mesh(),
                Grid::Bare => mesh.disable_mesh(),
                Grid::Both => &mut mesh,
            };
            mesh.draw()
        })
    }

    /// Draws lines and areas, later ones above earlier ones.
    pub(super) fn strokes(&self, strokes: &[Stroke]) -> String {
        self.drawn(|chart| {
            for stroke in strokes {
                match stroke {
                    Stroke::Line(ink, points) => {
                        chart.draw_series(LineSeries::new(finite(points), ink.style()))?;
                    }
                    Stroke::Area(ink, points, base) => {
                        let area = AreaSeries::new(finite(points), *base, ink.style());
                        chart.draw_series(area)?;
                    }
                    Stroke::Inside(ink, corners) => {
                        let corners: Vec<_> = finite(corners).collect();
                        chart.draw_series([Polygon::new(corners, ink.style())])?;
                    }
                }
            }
            Ok(())
        })
    }

    fn drawn(&self, draw: impl FnOnce(&mut Chart<'_, '_>) -> Drawn) -> String {
        let mut markup = String::new();
        let tenths = |pixels: f64| (pixels * TENTHS).round() as i32;
        let size = (tenths(self.width).unsigned_abs(), tenths(self.height).unsigned_abs());
        let area = Pen::new(&mut markup, size).into_drawing_area();
        let result = ChartBuilder::on(&area)
            .margin_top(tenths(self.margins.top))
            .margin_right(tenths(self.margins.right))
            .x_label_area_size(tenths(self.margins.bottom))
            .y_label_area_size(tenths(self.margins.left))
            .build_cartesian_2d(self.x.clone(), self.y.clone())
            .and_then(|mut chart| draw(&mut chart));
        drop(area);
        result.expect("a pen that writes to a text does not fail");
        markup
    }
}

/// Returns the room that the texts of a vertical axis need.
pub(super) fn room_for(axis: &Axis) -> f64 {
    let widths = axis.ticks().iter().map(|tick| width_of(&tick.text, TICK_SIZE));
    widths.fold(0.0, f64::max).ceil() + 8.0
}

fn finite(points: &[(f64, f64)]) -> impl Iterator<Item = (f64, f64)> {
    points.iter().copied().filter(|(x, y)| x.is_finite() && y.is_finite())
}
