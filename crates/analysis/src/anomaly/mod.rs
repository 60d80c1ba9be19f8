//! Days whose cost stands out: what a day cost beside what the same weekday usually costs.
//!
//! A day is compared with the median of its weekday over up to eight weeks before it, and by the spread of
//! all days of those weeks from the medians of their weekdays: the median absolute deviation, scaled to a
//! standard deviation by 1.4826 (Rousseeuw and Croux, *Alternatives to the Median Absolute Deviation*, 1993).
//! A day stands out where it lies at least 3.5 such spreads away (Iglewicz and Hoaglin, *How to Detect and
//! Handle Outliers*, 1993), where the difference is a quarter of the usual cost, and where it is large enough
//! an amount to be looked at. Medians forget a spike: one bad day in four weeks does not move them.
//!
//! With fewer than four weeks before a day nothing is said of it.

mod baseline;
mod detect;
mod driver;
mod standing;

pub use detect::{
    Anomalies, AnomalousDay, Anomaly, DailySeries, Direction, LEAST_WEEKS, Limits, anomalies,
};
pub use driver::{Driver, drivers};
pub use standing::standing;
