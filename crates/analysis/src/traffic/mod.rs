//! What traffic comes to, what follows it, and what it will be.
//!
//! [`link`] draws a line through the demand of each resource over its users or requests; [`load`]
//! says what a resource carries and costs by that line; [`forecast`] looks ahead; [`coming`]
//! brings what is expected into sizes; [`simulation`] asks what other users would change; and
//! [`unit_cost`] divides the bill by users.

mod clients;
mod coming;
mod driver;
mod elasticity;
mod forecast;
mod growth;
mod link;
mod load;
mod regression;
mod request_count;
mod scale;
mod scenario;
mod seasonal;
mod simulation;
mod spread;
mod summary;
mod too_small;
mod unit_cost;
mod users;
mod week;

#[cfg(test)]
pub(crate) mod tests;

pub use coming::{Coming, ExpectedGrowth};
pub use elasticity::peak_and_average;
pub use forecast::{Ahead, forecasts};
pub use link::links;
pub use load::loads;
pub use request_count::request_counts;
pub use simulation::simulate;
pub use summary::summarise;
pub use unit_cost::{daily_users, unit_costs};
