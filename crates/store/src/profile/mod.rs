//! Reduces metrics to one profile per series on the engine, share by share of the resources.

mod aggregate;
mod bursts;
mod figures;
mod groups;
mod local_week;
mod reduce;
mod samples;
mod series;
mod share;
mod window;

pub use reduce::{OnProgress, Progress, Reduction, SkippedStatistic, reduce};
