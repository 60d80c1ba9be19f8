//! The steps, and how long each may take.

use jiff::SignedDuration;

use super::back::back;
use super::capacity::release;
use super::forward::forward;
use super::manual::manual;
use super::react::react;
use super::watch::{is_disrupted, watch};
use crate::sequence::Sequence;

/// How an instance's type is changed.
pub(in crate::sequence) static SEQUENCE: Sequence =
    Sequence { forward, back, release, is_disrupted, watch, react, manual };
pub(in crate::sequence) const SNAPSHOT: &str = "snapshot";
pub(super) const RESERVE: &str = "reserve-capacity";
pub(super) const FREE: &str = "free-capacity";
pub(in crate::sequence) const DRAIN: &str = "drain";
pub(in crate::sequence) const STOP: &str = "stop";
pub(in crate::sequence) const MODIFY: &str = "modify-type";
pub(in crate::sequence) const START: &str = "start";
pub(super) const CREDITS: &str = "restore-credits";
pub(super) const REGISTER: &str = "restore-traffic";
/// Errors that say that there is no machine of a type to be had.
pub(crate) const NO_CAPACITY: &[&str] = &[
    "InsufficientInstanceCapacity",
    "Server.InsufficientInstanceCapacity",
    "InsufficientHostCapacity",
    "InsufficientReservedInstanceCapacity",
    "ReservationCapacityExceeded",
];
/// How often one type is tried. AWS: capacity can shift frequently.
pub(super) const STARTS_OF_A_TYPE: usize = 3;
/// How often the old type is tried: nothing is left behind it.
pub(super) const STARTS_BACK: usize = 6;
pub(super) const POLL: SignedDuration = SignedDuration::from_secs(10);
/// A first snapshot of a terabyte takes long.
pub(super) const SNAPSHOT_DEADLINE: SignedDuration = SignedDuration::from_hours(6);
pub(super) const DRAIN_DEADLINE: SignedDuration = SignedDuration::from_mins(15);
pub(super) const STOP_DEADLINE: SignedDuration = SignedDuration::from_mins(10);
pub(super) const START_DEADLINE: SignedDuration = SignedDuration::from_mins(15);
pub(super) const CHECKS_DEADLINE: SignedDuration = SignedDuration::from_mins(10);
pub(super) const TARGET_DEADLINE: SignedDuration = SignedDuration::from_mins(10);
/// What was written may not be read at once; what is not seen for longer did not happen.
pub(super) const SETTLES: SignedDuration = SignedDuration::from_secs(60);
pub(super) const TYPE_SETTLES: SignedDuration = SignedDuration::from_mins(3);
/// AWS: a reservation may take minutes to be seen.
pub(super) const RESERVATION_SETTLES: SignedDuration = SignedDuration::from_mins(5);
/// How often a reservation is tried to be cancelled: before a start that waits for it, and at
/// the end, when it only costs money.
pub(super) const CANCELS_BEFORE_START: usize = 2;
pub(super) const CANCELS_AT_END: usize = 5;
/// How often something is asked for that AWS takes and that has no effect.
pub(super) const MOST_REPEATS: usize = 6;
/// `StateReason.Code` of a stop that somebody asked for.
pub(super) const STOPPED_BY_REQUEST: &str = "Client.UserInitiatedShutdown";
