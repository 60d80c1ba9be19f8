//! Capacity that is held until the machine is back.

use jiff::{SignedDuration, ToSpan};

use trimtab_model::call::{Call, CallResult};
use trimtab_model::environment::Environment;
use trimtab_model::id::{InstanceType, ResourceId};
use trimtab_model::observed::{InstanceObserved, Observed};
use trimtab_model::text::Reason;

use super::decision::{call, wait};
use super::past::ours;
use super::reasons::no_capacity;
use super::steps::{CANCELS_AT_END, FREE, RESERVATION_SETTLES, RESERVE, SETTLES, START_DEADLINE};
use crate::sequence::{Decision, Work};

pub(super) fn release(work: &Work<'_>) -> Decision {
    let Observed::Instance(now) = work.now_is else { return Decision::Done };
    let mut is_left = false;
    for held in now.reservations.iter().filter(|held| is_held(&held.state)) {
        match free(work, &held.id, CANCELS_AT_END, SETTLES) {
            Freed::Done => {}
            Freed::Not => is_left = true,
            Freed::By(decision) => return decision,
        }
    }
    if !is_left {
        return Decision::Done;
    }
    Decision::Abort(Reason::new(
        "reservation-left",
        "A capacity reservation could not be cancelled. It costs money until it ends by itself, at most 24 hours after the change began.",
        "용량 예약을 취소하지 못했습니다. 변경 시작 후 최대 24시간이 지나 자동으로 끝날 때까지 비용이 듭니다.",
    ))
}

/// Proves that there is capacity before anything is stopped.
pub(super) fn reserve(
    work: &Work<'_>,
    now: &InstanceObserved,
    before: &InstanceObserved,
    goal: &InstanceType,
) -> Option<Decision> {
    let wanted: &[&InstanceType] = match work.change.environment {
        Environment::Prod | Environment::Unknown => &[goal, &before.instance_type],
        Environment::Dev | Environment::Staging => &[goal],
    };
    for instance_type in wanted {
        let held = now.reservations.iter().rfind(|one| one.instance_type == **instance_type);
        let asked = ours(work, RESERVE).rfind(|one| {
            matches!(&one.call, Call::CreateCapacityReservation { instance_type: of, .. }
                if of == *instance_type)
        });
        match held.map(|one| one.state.as_str()) {
            Some("active") => {}
            Some("pending" | "assessing" | "scheduled") => {
                let is_late = work.since_first(RESERVE).is_some_and(|since| since > START_DEADLINE);
                return Some(if is_late {
                    Decision::Abort(no_capacity())
                } else {
                    wait("capacity-pending", "the reserved capacity", "예약한 용량이 준비되기")
                });
            }
            // One that an earlier run gave back says nothing.
            Some(_) if asked.is_some() => return Some(Decision::Abort(no_capacity())),
            None if asked
                .is_some_and(|one| work.now.duration_since(one.at) < RESERVATION_SETTLES) =>
            {
                return Some(wait(
                    "capacity-seen",
                    "the reservation to be seen",
                    "예약이 조회되기",
                ));
            }
            Some(_) | None => {
                let (Some(zone), Some(platform)) = (&before.availability_zone, &before.platform)
                else {
                    return Some(Decision::Abort(Reason::new(
                        "zone-unknown",
                        "Its zone or platform is not known, so capacity cannot be proven.",
                        "가용 영역이나 플랫폼을 알 수 없어 용량을 확인할 수 없습니다.",
                    )));
                };
                let ends_at = work.progress.started_at.saturating_add(24.hours());
                // The same in every attempt of this run, and another one in the next.
                let begun = work.progress.started_at.as_second();
                let token = format!("{}-{instance_type}-{begun}", work.change.id).replace('.', "-");
                let create = Call::CreateCapacityReservation {
                    instance_type: (*instance_type).clone(),
                    platform: platform.clone(),
                    availability_zone: zone.clone(),
                    ends_at: ends_at.unwrap_or(work.progress.started_at),
                    change: work.change.id.clone(),
                    token,
                };
                return Some(call(RESERVE, create));
            }
        }
    }
    None
}

/// Whether a reservation is given back.
pub(super) enum Freed {
    /// It is.
    Done,
    /// It is not, and it was tried often enough.
    Not,
    /// This comes first.
    By(Decision),
}

pub(super) fn free(
    work: &Work<'_>,
    held: &ResourceId,
    most: usize,
    pause: SignedDuration,
) -> Freed {
    let its = || {
        work.progress.attempts.iter().filter(|one| {
            matches!(&one.call, Call::CancelCapacityReservation { reservation } if reservation == held)
        })
    };
    let is_taken =
        its().any(|one| matches!(&one.outcome, Some((_, _, CallResult::Accepted { .. }))));
    let tries = its().filter(|one| one.direction == work.direction).count();
    let since = its().next_back().map(|last| work.now.duration_since(last.at));
    match since {
        _ if is_taken => Freed::Done,
        _ if tries >= most => Freed::Not,
        Some(since) if tries > 0 && since < pause => Freed::By(Decision::Wait {
            why: Reason::new(
                "capacity-freed",
                "The reservation could not be cancelled, and this is tried again.",
                "예약을 취소하지 못하여 다시 시도합니다.",
            ),
            poll: pause - since,
        }),
        _ => Freed::By(call(FREE, cancel(held))),
    }
}

pub(super) fn cancel(reservation: &ResourceId) -> Call {
    Call::CancelCapacityReservation { reservation: reservation.clone() }
}

pub(super) fn is_held(state: &str) -> bool {
    matches!(state, "active" | "pending" | "assessing" | "scheduled")
}
