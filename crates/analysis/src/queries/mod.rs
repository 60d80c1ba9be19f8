//! What the statistics of a database server say of its queries.
//!
//! `shape` reads tables and conditions out of a normalised query, `candidate` derives indexes
//! that are missing, and `inspect` puts the findings together: `missing_index`, `query_per_row`,
//! `disk` (temporary tables and sorts), `full_scan`, `unused_index`, `duplicate_index` and
//! `idle_connections`. `capacity` says which class would suffice without their load,
//! `definition` writes statements to look at, `words` figures, and `thresholds` is where all limits stand.

mod candidate;
pub mod capacity;
mod definition;
mod disk;
mod duplicate_index;
mod full_scan;
mod idle_connections;
pub mod inspect;
mod missing_index;
mod query_per_row;
#[cfg(test)]
mod sample;
mod shape;
pub mod thresholds;
mod unused_index;
mod words;

pub use candidate::probes;
pub use capacity::with_capacity;
pub use inspect::inspect;
pub use thresholds::QueryThresholds;
