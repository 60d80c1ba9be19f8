//! The way to the copy.

use jiff::SignedDuration;

use trimtab_model::call::{Call, CallResult};
use trimtab_model::observed::{DbInstanceObserved, DeploymentObserved};

use super::reasons::{differs, hangs, ill, not_switched, not_taken, slow};
use super::steps::{
    CREATE, HANGS, MOST_CALLS, MOST_LAG, SEEN, SWITCH, SWITCH_SECONDS, SWITCHING, is_switching,
    is_wanted, manual, ours, planned, switching,
};
use crate::sequence::db_instance::{POLL, SETTLES, Standing, blocked, both, gone, moved, standing};
use crate::sequence::decision::{call, wait};
use crate::sequence::{Decision, TurnedAway, Work};

/// A copy of terabytes takes long to make, and to catch up.
const PATIENCE: SignedDuration = SignedDuration::from_hours(48);
/// How often a copy is looked at that takes hours.
const SLOWLY: SignedDuration = SignedDuration::from_mins(5);

pub(super) fn forward(work: &Work<'_>) -> Decision {
    let operator = |reason| Decision::Operator { reason, manual: manual(work) };
    let Some((now, before)) = both(work) else {
        return if is_switching(work, None) { switching() } else { operator(gone()) };
    };
    let deployment = ours(work, now);
    if let Some(one) = deployment.filter(|one| one.status == "SWITCHOVER_COMPLETED") {
        return switched(work, now, one);
    }
    if let Some(reason) = moved(now, before) {
        let is_switching = is_switching(work, deployment);
        return if is_switching { switching() } else { operator(reason) };
    }
    let Some(one) = deployment else { return create(work, now) };
    match one.status.as_str() {
        "PROVISIONING" => patiently(work, "copying", "the copy to be made", "복제본이 만들어지기"),
        "AVAILABLE" => switch(work, now, one),
        SWITCHING => hanging(work).unwrap_or_else(switching),
        _ => Decision::Abort(ill(one)),
    }
}

fn create(work: &Work<'_>, now: &DbInstanceObserved) -> Decision {
    if work.since(CREATE).is_some_and(|since| since < SETTLES)
        && work.last_refusal(CREATE).is_none()
    {
        let (en, ko) = ("the deployment to be listed", "블루/그린 배포가 조회되기");
        return wait("deployment-seen", en, ko, POLL);
    }
    if let Some(decision) = blocked(work, now) {
        return decision;
    }
    if work.attempts(CREATE).count() >= MOST_CALLS {
        return Decision::Abort(not_taken());
    }
    let Some(plan) = planned(work) else { return Decision::Done };
    let name = trimtab_model::action::DatabaseSwitch::deployment_name(&work.change.id);
    let create = Call::CreateBlueGreenDeployment {
        instance: work.change.resource.id.clone(),
        source: plan.source_arn.clone(),
        name,
        class: plan.class().cloned(),
        storage_gib: plan.storage_gib(),
        change: work.change.id.clone(),
    };
    call(CREATE, create)
}

/// Switches once the copy is what was asked for, has caught up, and a window is open.
fn switch(work: &Work<'_>, now: &DbInstanceObserved, one: &DeploymentObserved) -> Decision {
    let last = work.attempts(SWITCH).next_back().and_then(|last| last.outcome.as_ref());
    match last.map(|(_, _, result)| result) {
        // Nobody looked at what was asked: it may be asked again.
        Some(CallResult::Refused { code, .. }) if TurnedAway::of(code).is_some() => {}
        _ if work.since(SWITCH).is_some_and(|since| since < SEEN) => {
            return wait("switch-seen", "the switch to be seen", "전환이 조회되기", POLL);
        }
        Some(CallResult::Refused { code, message, .. }) => {
            return Decision::Abort(not_switched(&format!("{code}: {message}.")));
        }
        // It began, and AWS took it back: it took longer than its timeout.
        Some(CallResult::Accepted { .. }) => {
            let why = one.details.as_deref().unwrap_or("it took longer than its timeout.");
            return Decision::Abort(not_switched(why));
        }
        Some(CallResult::Unknown { .. }) | None => {}
    }
    if work.made(work.direction, SWITCH).count() >= MOST_CALLS {
        return Decision::Abort(not_switched("AWS was asked several times."));
    }
    let Some(green) = one.green.as_ref().filter(|green| green.status == "available") else {
        return patiently(work, "copying", "the copy to be ready", "복제본이 준비되기");
    };
    if !is_wanted(work, &green.class, green.storage_gib) {
        return Decision::Abort(differs(one));
    }
    // What came meanwhile is looked at again: other pending changes, a lost tag, another status.
    if let Some(decision) = blocked(work, now) {
        return decision;
    }
    if green.lag_seconds.is_none_or(|lag| lag > MOST_LAG) {
        return patiently(work, "replica-lag", "the copy to catch up", "복제본이 따라잡기");
    }
    if !work.is_window_open() {
        return wait("window-closed", "the next change window", "다음 변경 시간대", SLOWLY);
    }
    let switch = Call::SwitchoverBlueGreenDeployment {
        instance: work.change.resource.id.clone(),
        deployment: one.id.clone(),
        timeout_seconds: SWITCH_SECONDS,
    };
    call(SWITCH, switch)
}

/// Looks at the database that has the name now.
fn switched(work: &Work<'_>, now: &DbInstanceObserved, one: &DeploymentObserved) -> Decision {
    let operator = |reason| Decision::Operator { reason, manual: manual(work) };
    let is = now.fingerprint.0.get("DbiResourceId");
    let green = one.green.as_ref();
    let expected = green.and_then(|green| green.dbi_resource_id.as_ref());
    if is != expected || !is_wanted(work, &now.class, Some(now.storage.allocated_storage_gib)) {
        // The database may have been read before the switch was over, the deployment behind it.
        let may_be_older = is_switching(work, Some(one));
        return if may_be_older { switching() } else { operator(differs(one)) };
    }
    match standing(now) {
        Standing::Ready | Standing::Optimizing => Decision::Done,
        Standing::Busy => hanging(work).unwrap_or_else(switching),
        Standing::Stuck => operator(ill(one)),
    }
}

/// Returns the end of a switch that hangs: AWS should have ended it long ago.
fn hanging(work: &Work<'_>) -> Option<Decision> {
    let is_late = work.since(SWITCH).is_some_and(|since| since > HANGS);
    is_late.then(|| Decision::Operator { reason: hangs(), manual: manual(work) })
}

fn patiently(work: &Work<'_>, code: &str, en: &str, ko: &str) -> Decision {
    let is_told = work.progress.unheld_at.is_some_and(|at| work.now.duration_since(at) < PATIENCE);
    let is_late = work.since_first(CREATE).is_some_and(|since| since > PATIENCE);
    if is_late && !is_told { Decision::Hold(slow()) } else { wait(code, en, ko, SLOWLY) }
}

#[cfg(test)]
mod tests {
    use trimtab_model::action::{Action, DatabaseSwitch};
    use trimtab_model::journal::ChangeOutcome;
    use trimtab_model::observed::{GreenObserved, Observed};
    use trimtab_model::resource::ResourceKind;

    use super::*;
    use crate::sequence::db_instance::trial::kept;
    use crate::sequence::trial::{Step, Trial, fingerprint};

    const OLD: &str = "db.r6g.xlarge";
    const NEW: &str = "db.r6g.large";
    const SECOND: SignedDuration = SignedDuration::from_secs(1);

    fn trial() -> Trial {
        let action = Action::SwitchDatabase(DatabaseSwitch {
            source_arn: "arn:aws:rds:ap-northeast-2:111122223333:db:game".to_owned(),
            from_class: OLD.into(),
            to_class: NEW.into(),
            from_storage_gib: 100,
            to_storage_gib: 100,
        });
        Trial::new(action, ResourceKind::DbInstance, "game")
    }

    fn deployment(status: &str) -> DeploymentObserved {
        DeploymentObserved {
            id: "bgd-1".to_owned(),
            status: status.to_owned(),
            details: None,
            change: "C-0123456789ab".into(),
            blue: None,
            green: Some(GreenObserved {
                id: "game-green-1".into(),
                dbi_resource_id: Some("db-GREEN".to_owned()),
                status: "available".to_owned(),
                class: NEW.into(),
                storage_gib: Some(100),
                lag_seconds: Some(0.5),
            }),
        }
    }

    /// The database of before under the name, and the status of the deployment.
    fn old(status: &str) -> Observed {
        kept(OLD, |one| one.deployment = Some(deployment(status)))
    }

    /// The copy under the name, and the status of the deployment.
    fn new(status: &str) -> Observed {
        kept(NEW, |one| {
            one.fingerprint = fingerprint("DbiResourceId", "db-GREEN");
            one.deployment = Some(deployment(status));
        })
    }

    /// A run that asked for the switch a minute ago.
    fn asked() -> Trial {
        let mut run = trial();
        run.calls(&kept(OLD, |_| {}));
        let call = run.calls(&old("AVAILABLE"));
        assert!(matches!(call, Call::SwitchoverBlueGreenDeployment { .. }), "{call:?}");
        run.pass(SECOND * 60);
        run
    }

    #[test]
    fn a_name_that_is_free_or_the_copy_s_while_it_is_switched_is_waited_for() {
        for between in [Observed::Gone, new("SWITCHOVER_IN_PROGRESS"), new("AVAILABLE")] {
            let mut run = asked();
            run.waits(&old("SWITCHOVER_IN_PROGRESS"), "switching");
            run.waits(&between, "switching");
            run.pass(SECOND * 30);
            assert_eq!(run.step(&new("SWITCHOVER_COMPLETED")), Step::Soaking, "{between:?}");
        }
    }

    #[test]
    fn a_switch_that_ends_between_two_reads_is_looked_at_again() {
        let mut run = asked();
        run.waits(&old("SWITCHOVER_COMPLETED"), "switching");
        run.pass(SECOND * 30);
        assert_eq!(run.step(&new("SWITCHOVER_COMPLETED")), Step::Soaking);
        // What stays another one is not what was asked for.
        let mut run = asked();
        run.pass(HANGS);
        let differs = old("SWITCHOVER_COMPLETED");
        run.ends(&differs, ChangeOutcome::NeedsOperator, "copy-differs");
    }

    #[test]
    fn a_switch_that_was_refused_for_it_goes_on_already_is_waited_for() {
        let mut run = trial();
        run.calls(&kept(OLD, |_| {}));
        assert!(matches!(run.step(&old("AVAILABLE")), Step::Call(_)));
        run.refuse("InvalidBlueGreenDeploymentStateFault", "it is being switched");
        run.waits(&Observed::Gone, "switching");
        run.pass(SECOND * 30);
        assert_eq!(run.step(&new("SWITCHOVER_COMPLETED")), Step::Soaking);
    }

    #[test]
    fn a_switch_that_is_turned_away_is_asked_for_again_and_not_given_up() {
        let mut run = trial();
        run.calls(&kept(OLD, |_| {}));
        for code in ["ExpiredToken", "ThrottlingException", "Throttling", "ThrottlingException"] {
            let step = run.step(&old("AVAILABLE"));
            assert!(
                matches!(step, Step::Call(Call::SwitchoverBlueGreenDeployment { .. })),
                "{step:?}"
            );
            run.refuse(code, "Rate exceeded");
            run.pass(SECOND * 60);
        }
        assert!(matches!(run.calls(&old("AVAILABLE")), Call::SwitchoverBlueGreenDeployment { .. }));
        run.waits(&old("SWITCHOVER_IN_PROGRESS"), "switching");
        assert_eq!(run.step(&new("SWITCHOVER_COMPLETED")), Step::Soaking);
    }

    #[test]
    fn a_name_that_stays_free_or_moves_without_a_switch_is_left_to_a_person() {
        let mut run = asked();
        run.pass(HANGS);
        run.ends(&Observed::Gone, ChangeOutcome::NeedsOperator, "database-gone");
        let mut run = trial();
        run.calls(&kept(OLD, |_| {}));
        run.ends(&new("AVAILABLE"), ChangeOutcome::NeedsOperator, "another-database");
    }

    #[test]
    fn a_way_back_begun_while_the_name_is_free_waits_for_the_end_of_the_switch() {
        for between in [Observed::Gone, new("AVAILABLE")] {
            let mut run = asked();
            run.pass(SEEN);
            run.cancel();
            run.waits(&between, "switching");
            run.pass(SECOND * 30);
            let done = new("SWITCHOVER_COMPLETED");
            run.ends(&done, ChangeOutcome::NeedsOperator, "switched-for-good");
        }
        // AWS took it back.
        let mut run = asked();
        run.cancel();
        run.waits(&Observed::Gone, "switching");
        run.pass(SECOND * 300);
        run.ends(&old("SWITCHOVER_FAILED"), ChangeOutcome::Original, "copy-left");
    }

    #[test]
    fn e23_a_closed_calendar_holds_the_switch_and_not_its_end() {
        let mut run = trial();
        run.calls(&kept(OLD, |_| {}));
        run.closed = Some("a holiday".to_owned());
        run.pass(SECOND * 3_600 * 10);
        run.waits(&old("AVAILABLE"), "calendar-closed");
        run.closed = None;
        run.pass(SECOND * 300);
        assert!(matches!(run.calls(&old("AVAILABLE")), Call::SwitchoverBlueGreenDeployment { .. }));
        run.closed = Some("a holiday".to_owned());
        run.waits(&old("SWITCHOVER_IN_PROGRESS"), "switching");
        assert_eq!(run.step(&new("SWITCHOVER_COMPLETED")), Step::Soaking);
    }
}
