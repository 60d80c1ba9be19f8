//! Charts for page, mail and PDF: from plain data and a [`crate::Style`] to SVG.
//!
//! A chart is data with two functions: `draw` makes the picture, `table` says the same in
//! rows. Colours are classes, so that [`CSS`] decides them, light or dark; nothing is said
//! by colour alone. `docs/decisions/0012-charts.md` tells what the library does and what we do.

mod amount;
mod axis;
mod bars;
mod caption;
mod day;
mod dumbbell;
mod fan;
mod frame;
mod funnel;
mod heat;
mod ink;
mod layer;
mod legend;
mod lines;
mod m4;
mod measure;
mod pen;
mod range;
mod ring;
mod sheet;
mod size;
mod spark;
mod squarify;
mod stack;
mod style_sheet;
mod svg;
mod treemap;
mod waterfall;
mod waterfall_bar;

pub use bars::{Bar, BarTone, Bars};
pub use caption::Caption;
pub use dumbbell::{Dumbbell, DumbbellRow};
pub use fan::{Fan, FanPoint};
pub use funnel::{Funnel, FunnelStage, Stage};
pub use heat::Heat;
pub use legend::{LegendItem, LegendMark};
pub use lines::{LineBand, LineKind, LineMark, LineUnit, Lines, Panel, Series};
pub use m4::{Point, m4};
pub use range::Range;
pub use ring::Ring;
pub use size::Size;
pub use spark::Spark;
pub use stack::{DayState, Stack, StackDay, StackRest};
pub use style_sheet::{CSS, STYLE_LIGHT};
pub use svg::Svg;
pub use treemap::{Tile, TileGroup, Treemap};
pub use waterfall::{Step, StepKind, Waterfall};
