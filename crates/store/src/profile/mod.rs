//! Reduces metrics to one profile per series, in one pass on the engine.

mod aggregate;
mod figures;
mod groups;
mod local_week;
mod reduce;
mod samples;
mod series;
mod window;

pub use reduce::{OnProgress, Progress, Reduction, SkippedStatistic, reduce};
