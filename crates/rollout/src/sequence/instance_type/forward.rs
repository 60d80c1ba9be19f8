//! The way to the new type.

use trimtab_model::id::InstanceType;
use trimtab_model::observed::InstanceObserved;
use trimtab_model::resource::instance::InstanceState;

use super::capacity::reserve;
use super::change::modify;
use super::decision::operator;
use super::drift::{both, drifted, gone};
use super::goal::goal;
use super::power::{start, starting, stop_once, stopping};
use super::reasons::{no_capacity, started_by_others, unknown_state};
use super::snapshots::snapshots;
use super::steps::{MODIFY, SETTLES, STOP};
use super::traffic::{drain, in_service};
use crate::sequence::{Decision, Work};

pub(super) fn forward(work: &Work<'_>) -> Decision {
    let Some((now, before)) = both(work) else { return gone(work) };
    if let Some(decision) = drifted(work, now, before) {
        return decision;
    }
    let goal = goal(work, before);
    let Some(goal) = goal else { return Decision::Abort(no_capacity()) };
    snapshots(work, now)
        .or_else(|| match before.state {
            InstanceState::Stopped => change_stopped(work, now, before, &goal),
            _ => change_running(work, now, before, &goal),
        })
        .unwrap_or(Decision::Done)
}

/// A machine that was found stopped is changed and stays stopped.
pub(super) fn change_stopped(
    work: &Work<'_>,
    now: &InstanceObserved,
    before: &InstanceObserved,
    goal: &InstanceType,
) -> Option<Decision> {
    match now.state {
        InstanceState::Stopped if now.instance_type == *goal => None,
        InstanceState::Stopped => modify(work, goal),
        _ if now.instance_type == before.instance_type => {
            Some(Decision::Abort(started_by_others()))
        }
        _ => None,
    }
}

pub(super) fn change_running(
    work: &Work<'_>,
    now: &InstanceObserved,
    before: &InstanceObserved,
    goal: &InstanceType,
) -> Option<Decision> {
    let is_changed = now.instance_type == *goal;
    match &now.state {
        InstanceState::Running if is_changed => in_service(work, now, before),
        InstanceState::Running => match work.attempts(STOP).next() {
            // Somebody started it again between our stop and our change.
            Some(_)
                if work.since(STOP).is_some_and(|since| since > SETTLES)
                    && work.attempts(MODIFY).next().is_some() =>
            {
                Some(Decision::Abort(started_by_others()))
            }
            _ => reserve(work, now, before, goal)
                .or_else(|| drain(work, now, before))
                .or_else(|| Some(stop_once(work))),
        },
        InstanceState::Stopping => Some(stopping(work)),
        InstanceState::Stopped if is_changed => start(work, now, goal),
        InstanceState::Stopped => modify(work, goal),
        InstanceState::Pending if is_changed => Some(starting(work)),
        InstanceState::Pending => Some(Decision::Abort(started_by_others())),
        InstanceState::ShuttingDown | InstanceState::Terminated | InstanceState::Other(_) => {
            Some(operator(work, unknown_state(now)))
        }
    }
}

#[cfg(test)]
mod tests {
    //! What another tool's resizing taught: each of its faults is one that must not happen here.

    use std::collections::BTreeSet;

    use jiff::SignedDuration;

    use trimtab_model::action::Action;
    use trimtab_model::call::Call;
    use trimtab_model::journal::ChangeOutcome;
    use trimtab_model::observed::{
        CheckState, Observed, ReservationObserved, SnapshotObserved, StatusChecks,
    };
    use trimtab_model::plan::Fingerprint;
    use trimtab_model::resource::ResourceKind;

    use super::*;
    use crate::sequence::trial::{Step, Trial};

    const OLD: &str = "m5.xlarge";
    const NEW: &str = "m5.large";

    fn machine(instance_type: &str, state: InstanceState) -> InstanceObserved {
        let checks = (state == InstanceState::Running).then_some(StatusChecks {
            system: CheckState::Ok,
            instance: CheckState::Ok,
            attached_ebs: None,
        });
        InstanceObserved {
            fingerprint: Fingerprint::default(),
            obstacles: Vec::new(),
            state,
            state_reason: None,
            instance_type: instance_type.into(),
            launch_time: None,
            availability_zone: Some("ap-northeast-2a".to_owned()),
            platform: Some("Linux/UNIX".to_owned()),
            volumes: BTreeSet::from(["vol-1".into()]),
            checks,
            cpu_credits: None,
            is_opted_in: true,
            targets: Vec::new(),
            snapshots: vec![SnapshotObserved {
                id: "snap-1".into(),
                volume: "vol-1".into(),
                state: "completed".to_owned(),
                change: "C-0123456789ab".into(),
            }],
            reservations: Vec::new(),
        }
    }

    fn seen(instance_type: &str, state: InstanceState) -> Observed {
        Observed::Instance(machine(instance_type, state))
    }

    fn reserved(instance_type: &str, state: InstanceState) -> Observed {
        let reservations = vec![ReservationObserved {
            id: "cr-1".into(),
            instance_type: NEW.into(),
            state: "active".to_owned(),
        }];
        Observed::Instance(InstanceObserved { reservations, ..machine(instance_type, state) })
    }

    /// A run that has asked for the stop.
    fn stopping() -> Trial {
        let action = Action::ModifyInstanceType { from: OLD.into(), to: NEW.into() };
        let mut run = Trial::new(action, ResourceKind::Instance, "i-1");
        let first = run.calls(&seen(OLD, InstanceState::Running));
        assert!(matches!(first, Call::CreateCapacityReservation { .. }), "{first:?}");
        let stop = run.calls(&reserved(OLD, InstanceState::Running));
        assert_eq!(stop, Call::StopInstance { instance: "i-1".into() });
        run
    }

    #[test]
    fn a_stop_that_does_not_end_calls_a_person_with_the_way_back() {
        let mut run = stopping();
        run.waits(&reserved(OLD, InstanceState::Stopping), "stopping");
        run.pass(SignedDuration::from_mins(11));
        let stuck = reserved(OLD, InstanceState::Stopping);
        run.ends(&stuck, ChangeOutcome::NeedsOperator, "stop-stuck");
        assert!(run.manual.iter().any(|one| one.contains("start-instances --instance-ids i-1")));
    }

    #[test]
    fn a_type_that_is_not_taken_is_never_told_as_a_resize() {
        let mut run = stopping();
        let stopped = reserved(OLD, InstanceState::Stopped);
        assert!(matches!(run.step(&stopped), Step::Call(Call::ModifyInstanceType { .. })));
        run.refuse("InvalidInstanceAttributeValue", "not here");
        assert_eq!(run.calls(&stopped), Call::StartInstance { instance: "i-1".into() });
        run.pass(SignedDuration::from_mins(1));
        let back = reserved(OLD, InstanceState::Running);
        assert!(matches!(run.calls(&back), Call::CancelCapacityReservation { .. }));
        run.ends(&seen(OLD, InstanceState::Running), ChangeOutcome::Original, "refused");
    }

    #[test]
    fn a_start_without_capacity_is_tried_again() {
        let mut run = stopping();
        run.calls(&reserved(OLD, InstanceState::Stopped));
        run.pass(SignedDuration::from_mins(1));
        let changed = reserved(NEW, InstanceState::Stopped);
        assert!(matches!(run.calls(&changed), Call::CancelCapacityReservation { .. }));
        let start = Step::Call(Call::StartInstance { instance: "i-1".into() });
        let freed = seen(NEW, InstanceState::Stopped);
        assert_eq!(run.step(&freed), start);
        run.refuse("InsufficientInstanceCapacity", "none");
        run.waits(&freed, "start-retried");
        run.pass(SignedDuration::from_mins(1));
        assert_eq!(run.step(&freed), start);
    }

    #[test]
    fn a_machine_that_is_stopped_already_is_no_error() {
        let action = Action::ModifyInstanceType { from: OLD.into(), to: NEW.into() };
        let mut run = Trial::new(action, ResourceKind::Instance, "i-1");
        run.calls(&seen(OLD, InstanceState::Running));
        assert!(matches!(run.step(&reserved(OLD, InstanceState::Running)), Step::Call(_)));
        run.refuse("IncorrectInstanceState", "stopping");
        run.waits(&reserved(OLD, InstanceState::Stopping), "stopping");
    }

    #[test]
    fn a_modification_of_a_volume_asks_for_the_right_that_it_needs() {
        let settings = trimtab_model::action::VolumeSettings {
            volume_type: "gp3".to_owned(),
            iops: None,
            throughput_mib_s: None,
        };
        let modify = Call::ModifyVolume { volume: "vol-1".into(), to: settings };
        assert_eq!(modify.iam_action(), "ec2:ModifyVolume");
    }
}
