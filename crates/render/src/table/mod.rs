//! Tables: typed cells once, then a terminal table, TSV, JSON, CSV, Markdown or a workbook.

mod cell;
mod column;
mod comparison;
mod csv;
mod json;
mod layout;
mod markdown;
mod narrow;
mod output;
mod sort;
mod workbook;

pub use cell::{Cell, Tone};
pub use column::{Column, Cut, Kind, Priority};
pub use comparison::Comparable;
pub use csv::guarded;
pub use markdown::escaped as escaped_markdown;
pub use output::{Format, Table, TableError, TableOptions, Width};
pub use sort::{Direction, Sort, SortError};
pub use workbook::{Taken, workbook};
