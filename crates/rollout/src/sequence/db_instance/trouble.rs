//! What a database looks like while nobody may leave it alone.

use trimtab_model::journal::Direction;
use trimtab_model::observed::{DbInstanceObserved, Observed};
use trimtab_model::text::Reason;

use super::status::{Standing, standing};
use crate::sequence::{Watch, Work};

/// Returns whether it is out of service, as far as its status tells: while it is modified it is
/// for some of the time, and turning back then would be a second outage.
pub(in crate::sequence) fn is_disrupted(work: &Work<'_>) -> bool {
    let is_touched = work.progress.attempts.iter().any(|one| one.call.touches_resource());
    match work.now_is {
        Observed::DbInstance(now) => match standing(now) {
            Standing::Ready | Standing::Optimizing => false,
            Standing::Busy => is_touched && work.direction == Direction::Back,
            Standing::Stuck => is_touched,
        },
        _ => true,
    }
}

/// Returns what became of it that is not about what was changed: a failover or maintenance, after
/// which it is watched anew, or a standstill.
pub(in crate::sequence) fn restarted(
    now: &DbInstanceObserved,
    after: &DbInstanceObserved,
) -> Option<Watch> {
    if now.availability_zone != after.availability_zone {
        return Some(Watch::Restart(Reason::new(
            "failed-over",
            "It failed over to another zone while it was watched, and is watched anew.",
            "지켜보는 동안 다른 가용 영역으로 장애 조치되어 처음부터 다시 지켜봅니다.",
        )));
    }
    if now.status == after.status {
        return None;
    }
    let is_restart = |one: &DbInstanceObserved| {
        matches!(one.status.as_str(), "maintenance" | "modifying" | "rebooting" | "upgrading")
    };
    if is_restart(now) || is_restart(after) {
        return Some(Watch::Restart(Reason::new(
            "maintained",
            format!("It went through {} while it was watched, and is watched anew.", now.status),
            format!("지켜보는 동안 {} 상태를 거쳐 처음부터 다시 지켜봅니다.", now.status),
        )));
    }
    (standing(now) == Standing::Stuck).then(|| {
        let reason = Reason::new(
            "database-not-available",
            format!("The database is in status {}.", now.status),
            format!("데이터베이스 상태: {}.", now.status),
        );
        match now.status.as_str() {
            // Only the change of its size explains it.
            "incompatible-parameters" => Watch::Ill(reason),
            _ => Watch::Hold(reason),
        }
    })
}
