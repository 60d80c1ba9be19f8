//! The terminal: answers on stdout, progress and failures on stderr, and Ctrl-C.

mod answer;
mod ask;
mod failure;
mod interrupt;
mod progress;
mod screen;
mod style;

pub use answer::{Printed, print_bytes, print_json, print_text};
pub use ask::{can_ask, choose, confirm, typed};
pub use failure::{print_failure, print_mistake};
pub use interrupt::end_on_interrupt;
pub use progress::ProgressBar;
pub use screen::{is_screen, repaint};
pub use style::style;
