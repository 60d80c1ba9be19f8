//! What traffic comes to: sums, peaks, growth, and the shape of the week.

mod clients;
mod growth;
mod request_count;
mod summary;
mod users;
mod week;

pub use request_count::request_counts;
pub use summary::summarise;
