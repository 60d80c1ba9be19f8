//! Runs in a simulated world: what must come of each thing that can go wrong.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a helper of a test may panic"
)]

mod api;
mod crash;
mod drift;
mod invariants;
mod locks;
mod preflight;
mod property;
mod scene;
mod stages;
mod strict;
