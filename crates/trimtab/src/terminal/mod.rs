//! The terminal: answers on stdout, progress and failures on stderr.

mod answer;
mod failure;
mod progress;
mod style;

pub use answer::{Printed, print_bytes, print_json, print_text};
pub use failure::{print_failure, print_mistake};
pub use progress::ProgressBar;
pub use style::style;
