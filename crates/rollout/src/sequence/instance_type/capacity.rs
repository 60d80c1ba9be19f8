//! Capacity that is held until the machine is back.

use jiff::ToSpan;

use trimtab_model::call::Call;
use trimtab_model::environment::Environment;
use trimtab_model::id::{InstanceType, ResourceId};
use trimtab_model::observed::{InstanceObserved, Observed};
use trimtab_model::text::Reason;

use super::decision::{call, wait};
use super::reasons::no_capacity;
use super::steps::{FREE, RESERVE, START_DEADLINE};
use crate::sequence::{Decision, Work};

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
            Some(_) => return Some(Decision::Abort(no_capacity())),
            None => {
                let (Some(zone), Some(platform)) = (&before.availability_zone, &before.platform)
                else {
                    return Some(Decision::Abort(Reason::new(
                        "zone-unknown",
                        "Its zone or platform is not known, so capacity cannot be proven.",
                        "가용 영역이나 플랫폼을 알 수 없어 용량을 확인할 수 없습니다.",
                    )));
                };
                let ends_at = work.progress.started_at.saturating_add(24.hours());
                let token = format!("{}-{}", work.change.id, instance_type).replace('.', "-");
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

pub(super) fn release(work: &Work<'_>) -> Decision {
    let Observed::Instance(now) = work.now_is else { return Decision::Done };
    now.reservations
        .iter()
        .find(|held| is_held(&held.state))
        .map_or(Decision::Done, |held| call(FREE, cancel(&held.id)))
}

pub(super) fn cancel(reservation: &ResourceId) -> Call {
    Call::CancelCapacityReservation { reservation: reservation.clone() }
}

pub(super) fn is_held(state: &str) -> bool {
    matches!(state, "active" | "pending" | "assessing" | "scheduled")
}
