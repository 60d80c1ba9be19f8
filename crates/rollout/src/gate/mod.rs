//! Whether a changed resource is well.

mod judge;

pub use judge::{judge, query};
