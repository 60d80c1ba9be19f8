//! A cloud that can fail, and everything played in it.
//!
//! Emulators of AWS do at once what AWS does slowly, and take what AWS refuses: a stop without
//! `stopping`, a change of type while it runs, a fifth change of a volume in a day. What a
//! rollout must survive is just that. So this is a model of the control planes that is strict
//! first: states with times, refusals in AWS's own codes, answers that are stale or lost, and
//! faults by number, by action or by time. It is pure as everything here is: its clock moves
//! when it is told to, and its chance comes from a seed.
//!
//! What AWS does is taken from its API models and guides; where those say nothing, a comment
//! says what is assumed.

mod about;
mod answer;
mod capacity;
mod db_instance;
mod demand;
mod deployment;
mod fault;
mod foreign;
mod function;
mod group;
mod inspect;
mod instance;
mod metrics;
mod of_plan;
pub(crate) mod plain;
mod play;
mod proof;
mod random;
mod rehearsal;
mod setting;
mod setup;
mod snapshot;
mod state;
mod target_group;
mod volume;
mod world;

pub use capacity::{Reservation, Shape};
pub use db_instance::Database;
pub use demand::{Contention, Demand};
pub use fault::{Ailment, Fault, FaultKind, ForeignChange, Trigger};
pub use function::{Alias, Function};
pub use group::Group;
pub use instance::Machine;
pub use metrics::Workload;
pub use play::{End, Limits, Played, play};
pub use proof::{ChangeProof, Proof, proof};
pub use random::Random;
pub use rehearsal::{Rehearsal, RehearsedCall, rehearse};
pub use setting::Address;
pub use setup::Runs;
pub use snapshot::Snapshot;
pub use state::{Span, Times};
pub use target_group::TargetGroup;
pub use volume::Volume;
pub use world::{Deed, Happened, World};
