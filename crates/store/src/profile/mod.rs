//! Reduces metrics to one profile per series, in one pass on the engine.

mod aggregate;
mod figures;
mod groups;
mod reduce;
mod samples;
mod series;

pub use reduce::{OnProgress, Progress, Reduction, SkippedStatistic, reduce};
