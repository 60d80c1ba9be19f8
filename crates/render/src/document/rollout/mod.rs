//! A staged rollout from its first approval to its last confirmation, and what was verified.

mod checks;
mod figures;
mod page;
#[cfg(test)]
mod tests;
mod timeline;

pub use checks::rollout_check_table;
pub use figures::{Comparison, Measured, measured};
pub use page::{CheckedChange, RolloutPage};
pub use timeline::rollout_show;
