//! Workbooks: sheets of typed cells, for a program of spreadsheets.
//!
//! Nothing here knows reports or lists; they hand over grids of values. A text is always a
//! text, whatever it begins with. The same values give the same bytes.

mod book;
mod cell;
mod error;
mod grid;
mod look;
mod name;
mod page;
mod words;

pub use book::WORKBOOK_TYPE;
pub(crate) use book::{About, Book};
pub(crate) use cell::{Cell, Sign, Span, double};
pub use error::WorkbookError;
pub(crate) use error::written;
pub(crate) use grid::{Column, Grid, Row};
pub(crate) use look::{Line, Look, colour};
pub(crate) use page::{Filter, Page, Placed, axis_code};
pub(crate) use words::Tally;
