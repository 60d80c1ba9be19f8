//! The way back: until the switch, to leave the database alone.

use trimtab_model::journal::Direction;

use super::reasons::{hangs, no_way_back};
use super::steps::{CREATE, HANGS, SEEN, SWITCH, SWITCHING, is_switching, manual, ours, switching};
use crate::sequence::db_instance::{POLL, SETTLES, Standing, both, gone, moved, standing};
use crate::sequence::decision::wait;
use crate::sequence::{Decision, Work};

pub(super) fn back(work: &Work<'_>) -> Decision {
    let operator = |reason| Decision::Operator { reason, manual: manual(work) };
    let Some((now, before)) = both(work) else {
        return if is_switching(work, None) { switching() } else { operator(gone()) };
    };
    let deployment = ours(work, now);
    match deployment.map(|one| one.status.as_str()) {
        Some("SWITCHOVER_COMPLETED") => return operator(no_way_back()),
        // AWS ends it or takes it back, and there is no call for either.
        Some(SWITCHING) if work.elapsed() < HANGS => return switching(),
        Some(SWITCHING) => return operator(hangs()),
        // What was asked for without an answer may be there soon, and costs then.
        None if work.is_just_made(CREATE, SETTLES) => {
            let (en, ko) = ("the deployment to be listed", "블루/그린 배포가 조회되기");
            return wait("deployment-seen", en, ko, POLL);
        }
        _ if work.is_just_made(SWITCH, SEEN) => {
            return wait("switch-seen", "the switch to be seen", "전환이 조회되기", POLL);
        }
        _ => {}
    }
    if let Some(reason) = moved(now, before) {
        let is_switching = is_switching(work, deployment);
        return if is_switching { switching() } else { operator(reason) };
    }
    // Whatever keeps it busy, it was not us: not even the copy touches it.
    if work.made(Direction::Forward, SWITCH).next().is_none() {
        return Decision::Done;
    }
    match standing(now) {
        Standing::Ready | Standing::Optimizing => Decision::Done,
        Standing::Busy if work.elapsed() < HANGS => {
            wait("database-busy", "it to be available", "데이터베이스가 사용 가능해지기", POLL)
        }
        Standing::Busy | Standing::Stuck => operator(hangs()),
    }
}
