//! What demand a machine will have, as chances.
//!
//! The demand of the coming days is seldom that of the past ones: it is lower, higher, or
//! that of another machine altogether. So its distribution is a pool of many: the past of
//! the whole window, of its last 14 and of its last 3 days, and the peaks of its days,
//! each as it was and multiplied by factors from a third to ten; and the curve of all
//! machines of the population. The weights of the pool were fitted once, to how real
//! machines went on: short histories have weights of their own, and so have calm ones, whose
//! days are alike; what lies between is mixed. The odds are then corrected by what was seen on
//! machines that the weights had not. `docs/decisions/0011-demand.md` has what was tried, how it was
//! validated, and how well the chances held.

mod curve;
mod flow;
mod machine;
mod odds;
mod table;

pub use flow::Flow;
pub use machine::Forecast;
pub use odds::Odds;
