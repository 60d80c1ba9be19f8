//! The conversation with Prometheus and what answers like it (Thanos, Mimir, VictoriaMetrics):
//! which machines are watched, and what they used.
//!
//! Only its query API is spoken to, by GET. What comes back are the same series that CloudWatch
//! gives, under the namespace `Prometheus`, at 5 minutes each; see [`figure`] for which. A gate of
//! a rollout has a query of its own; see [`gate`].

mod answer;
pub mod client;
pub mod error;
pub mod exporter;
pub mod fetch;
pub mod figure;
pub mod gate;
pub mod mapping;
mod selector;
pub mod stretch;
pub mod target;
