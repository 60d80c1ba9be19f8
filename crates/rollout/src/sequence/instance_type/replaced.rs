//! Stops an instance whose work a function does, and starts it again on the way back.
//!
//! Nothing is kept before: its volumes stay as they are, and a start has all of it back. It is in
//! service as long as the function is, so that it counts as out of service on the way back alone.

use trimtab_model::journal::Direction;
use trimtab_model::observed::InstanceObserved;
use trimtab_model::resource::instance::InstanceState;

use super::back::back;
use super::capacity::release;
use super::decision::operator;
use super::drift::{both, drifted, gone};
use super::manual::manual;
use super::power::{stop_once, stopping};
use super::react::react;
use super::reasons::{started_by_others, unknown_state};
use super::traffic::drain;
use super::watch::watch;
use crate::sequence::{Decision, Sequence, Work};

/// How an instance is stopped that something else replaces.
pub(in crate::sequence) static STOP_SEQUENCE: Sequence =
    Sequence { forward, back, release, is_disrupted, watch, react, manual };

fn forward(work: &Work<'_>) -> Decision {
    let Some((now, before)) = both(work) else { return gone(work) };
    drifted(work, now, before).unwrap_or_else(|| stop(work, now, before))
}

fn stop(work: &Work<'_>, now: &InstanceObserved, before: &InstanceObserved) -> Decision {
    match &now.state {
        InstanceState::Running if now.launch_time != before.launch_time => {
            Decision::Abort(started_by_others())
        }
        InstanceState::Running => drain(work, now, before).unwrap_or_else(|| stop_once(work)),
        InstanceState::Stopping => stopping(work),
        InstanceState::Stopped => Decision::Done,
        InstanceState::Pending => Decision::Abort(started_by_others()),
        InstanceState::ShuttingDown | InstanceState::Terminated | InstanceState::Other(_) => {
            operator(work, unknown_state(now))
        }
    }
}

/// On the way back nobody does its work until it runs.
fn is_disrupted(work: &Work<'_>) -> bool {
    work.direction == Direction::Back && super::watch::is_disrupted(work)
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use trimtab_model::action::Action;
    use trimtab_model::call::{Call, Target};
    use trimtab_model::journal::{ChangeOutcome, Event};
    use trimtab_model::observed::{Observed, TargetHealth, TargetObserved};
    use trimtab_model::resource::ResourceKind;

    use super::*;
    use crate::adopt::trial::machine;
    use crate::plan::sample::migration;
    use crate::sequence::trial::{Step, Trial};

    fn trial() -> Trial {
        let action = Action::StopInstance { instance_type: "m5.xlarge".into() };
        Trial::new(action, ResourceKind::Instance, "i-dev").with(|change| {
            change.migration = Some(Box::new(migration("i-dev")));
        })
    }

    fn seen(state: InstanceState) -> Observed {
        let mut now = machine("m5.xlarge");
        if state != InstanceState::Running {
            now.checks = None;
        }
        now.state = state;
        Observed::Instance(now)
    }

    fn behind(state: InstanceState, health: Option<TargetHealth>) -> Observed {
        let Observed::Instance(mut now) = seen(state) else { unreachable!("an instance") };
        now.targets = health
            .map(|health| TargetObserved { target: target(), health, healthy_others: 0 })
            .into_iter()
            .collect();
        Observed::Instance(now)
    }

    fn target() -> Target {
        Target { group: "tg-1".into(), instance: "i-dev".into(), port: None }
    }

    fn stop() -> Call {
        Call::StopInstance { instance: "i-dev".into() }
    }

    fn start() -> Call {
        Call::StartInstance { instance: "i-dev".into() }
    }

    #[test]
    fn it_is_stopped_and_started_again_when_the_run_is_cancelled() {
        let mut run = trial();
        assert_eq!(run.calls(&seen(InstanceState::Running)), stop());
        run.waits(&seen(InstanceState::Running), "stop-seen");
        run.pass(SignedDuration::from_mins(1));
        run.waits(&seen(InstanceState::Stopping), "stopping");
        assert_eq!(run.step(&seen(InstanceState::Stopped)), Step::Soaking);
        run.pass(SignedDuration::from_hours(3));
        run.cancel();
        assert_eq!(run.calls(&seen(InstanceState::Stopped)), start());
        run.pass(SignedDuration::from_mins(2));
        run.waits(&seen(InstanceState::Pending), "starting");
        run.ends(&seen(InstanceState::Running), ChangeOutcome::Original, "cancelled");
    }

    #[test]
    fn a_person_is_called_where_it_does_not_come_back_in_time() {
        let mut run = trial();
        run.calls(&seen(InstanceState::Running));
        run.pass(SignedDuration::from_mins(1));
        assert_eq!(run.step(&seen(InstanceState::Stopped)), Step::Soaking);
        run.pass(SignedDuration::from_hours(3));
        let paged = |run: &Trial| {
            let entries = run.journal.entries().iter();
            entries.filter(|entry| matches!(entry.event, Event::Paged { .. })).count()
        };
        run.cancel();
        assert_eq!(run.calls(&seen(InstanceState::Stopped)), start());
        run.pass(SignedDuration::from_mins(2));
        run.waits(&seen(InstanceState::Pending), "starting");
        assert_eq!(paged(&run), 0);
        run.pass(run.plan.rules.instance_downtime);
        run.step(&seen(InstanceState::Pending));
        assert_eq!(paged(&run), 1);
    }

    #[test]
    fn the_last_healthy_target_is_drained_for_something_else_serves() {
        let mut run = trial();
        let serving = behind(InstanceState::Running, Some(TargetHealth::Healthy));
        assert_eq!(run.calls(&serving), Call::DeregisterTarget(target()));
        run.pass(SignedDuration::from_mins(2));
        let draining = behind(InstanceState::Running, Some(TargetHealth::Draining));
        run.waits(&draining, "draining");
        run.pass(SignedDuration::from_mins(5));
        assert_eq!(run.calls(&behind(InstanceState::Running, None)), stop());
    }

    #[test]
    fn what_somebody_else_stopped_is_not_taken_for_ours() {
        let mut run = trial();
        run.calls(&behind(InstanceState::Running, Some(TargetHealth::Healthy)));
        run.pass(SignedDuration::from_mins(2));
        let stopped = behind(InstanceState::Stopped, None);
        run.ends(&stopped, ChangeOutcome::NeedsOperator, "stopped-by-others");
        assert!(run.manual.iter().any(|command| command.contains("start-instances")));
        assert!(!run.manual.iter().any(|command| command.contains("modify-instance-attribute")));
        let code = "type-changed-by-others";
        trial().ends(&Observed::Instance(machine("m5.large")), ChangeOutcome::Refused, code);
    }
}
