//! CloudWatch: the series that checks need, and nothing else.

mod dimension;
mod fetch;
mod plan;
mod probe;
mod retention;
mod single;

pub use fetch::{Fetched, calls, fetch, samples};
pub use plan::{GET_METRIC_DATA, LIST_METRICS, Measured, Query, expected, queries};
pub use probe::{CHARGED_AS_METRICS, probe};
pub(crate) use single::{Dimensions, dimensions_of};

pub use retention::{Stretch, earliest, stretches};
