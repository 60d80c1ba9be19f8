//! What follows from a refusal of AWS.

use jiff::SignedDuration;

use super::steps::{CREDITS, FREE, MODIFY, NO_CAPACITY, REGISTER, SNAPSHOT, START, STOP};
use crate::sequence::{Afterwards, Reaction};

pub(super) fn react(step: &str, code: &str) -> Reaction {
    let seconds = SignedDuration::from_secs;
    match (step, code) {
        (START, code) if NO_CAPACITY.contains(&code) => Reaction::Give(Afterwards::Decide),
        // The new type is not known everywhere yet.
        (START, "InvalidParameterValue") => {
            Reaction::Retry { attempts: 8, pause: seconds(5), then: Afterwards::Abort }
        }
        (START, "UnauthorizedOperation" | "AccessDenied") => Reaction::Give(Afterwards::Operator),
        (STOP | START | MODIFY, "IncorrectInstanceState" | "IncorrectState") => Reaction::Observe,
        (FREE, _) => Reaction::Observe,
        (SNAPSHOT, "ConcurrentSnapshotLimitExceeded" | "SnapshotCreationPerVolumeRateExceeded") => {
            Reaction::Retry { attempts: 6, pause: seconds(60), then: Afterwards::Abort }
        }
        (REGISTER | CREDITS, _) => {
            Reaction::Retry { attempts: 4, pause: seconds(10), then: Afterwards::Abort }
        }
        _ => Reaction::Give(Afterwards::Abort),
    }
}
