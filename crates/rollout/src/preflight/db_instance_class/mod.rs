//! May the class of a database change: the sixteen rules.
//!
//! That a change is always an outage (1), how long (3), the order within a cluster and among
//! replicas (4, 11) and what is not there afterwards (16) are not all for a machine to see; what
//! it can see of them is here, under the same numbers.

mod load;
mod memory;
mod now;
mod offer;
mod rules;

pub use rules::db_instance_class;
pub(super) use rules::{OF_A_STOP, rows, titles};
