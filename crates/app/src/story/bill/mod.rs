//! Bills of any size with known totals: every line type, prices from the catalogue.
//!
//! For measuring and for testing readers. Rows are made one by one and written as they
//! are made, so that memory does not grow with the bill.

mod generator;
mod invoice_line;
mod market;
mod population;

pub use generator::{BillFormat, BillSpec, KnownTotal, write};
