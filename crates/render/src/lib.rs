//! Documents and figures for people, and the JSON contract for machines.
//!
//! Everything here is a function from values to text. Nothing is printed, no
//! clock is read, and what came from outside is sanitised before it is shown.

pub mod chart;
pub mod contract;
pub mod document;
pub mod failure;
pub mod locale;
pub mod money;
pub mod number;
pub mod report;
pub mod sanitise;
pub mod scaffold;
pub mod style;
pub mod table;
pub mod time;
pub mod unit;
pub mod width;
pub mod workbook;

pub use failure::failure;
pub use locale::Locale;
pub use sanitise::sanitise;
pub use style::{Colour, Style};
