//! Questions about cost.

mod charges;
mod commitments;
mod coverage;
mod groups;
mod hours;
mod meters;
mod months;
mod months_until;
mod reach;
mod resource_id;
mod rows;
mod totals;

pub use charges::charges;
pub use commitments::commitments;
pub use coverage::covered_usage;
pub use groups::{CostFilter, CostGroup, GroupBy, Source, cost_groups, cost_groups_from};
pub use hours::{HourCost, HourlyCost, hourly_cost};
pub use months::{BilledMeter, bill_months, billed_meters, billed_usage};
pub use reach::{covered_days, end_of_bills, left_out};
pub use resource_id::{BilledAs, inventory_id};
pub use totals::{BillTotal, totals};
