//! The way to the new class.

use trimtab_model::call::Call;
use trimtab_model::observed::DbInstanceObserved;
use trimtab_model::text::Reason;

use super::steps::{MODIFY, PENDING, foreign, manual, not_taken, planned};
use crate::sequence::db_instance::{
    DEADLINE, POLL, SETTLES, Standing, blocked, both, gone, moved, nothing_to_modify, overdue,
    standing,
};
use crate::sequence::decision::{call, wait};
use crate::sequence::{Decision, Work};

pub(super) fn forward(work: &Work<'_>) -> Decision {
    let operator = |reason| Decision::Operator { reason, manual: manual(work) };
    let (Some((now, before)), Some(to)) = (both(work), planned(work)) else {
        return operator(gone());
    };
    if let Some(reason) = moved(now, before) {
        return operator(reason);
    }
    let is_asked =
        work.made(work.direction, MODIFY).next().is_some() || nothing_to_modify(work, MODIFY);
    if !is_asked {
        return ask(work, now, before);
    }
    let pending = now.pending.get(PENDING);
    let is_foreign = now.class != *to && now.class != before.class;
    if is_foreign || pending.is_some_and(|pending| pending != to.as_str()) {
        return operator(foreign(now));
    }
    let is_whole = now.class == *to && pending.is_none();
    match standing(now) {
        Standing::Ready | Standing::Optimizing if is_whole && is_well(now) => Decision::Done,
        Standing::Stuck if now.status != "stopped" && now.status != "deleting" => {
            Decision::Abort(ill(now))
        }
        Standing::Stuck => operator(ill(now)),
        // What was taken shows within minutes, or was not done.
        Standing::Ready
            if now.class == before.class
                && pending.is_none()
                && work.since(MODIFY).is_some_and(|since| since > SETTLES) =>
        {
            Decision::Abort(not_taken(work, MODIFY))
        }
        Standing::Ready | Standing::Optimizing | Standing::Busy => {
            overdue(work, MODIFY, DEADLINE, manual).unwrap_or_else(|| {
                wait("modifying", "the change of its class", "클래스 변경이 끝나기", POLL)
            })
        }
    }
}

/// Asks for the class, once nothing is in the way.
fn ask(work: &Work<'_>, now: &DbInstanceObserved, before: &DbInstanceObserved) -> Decision {
    if now.class != before.class {
        return Decision::Abort(foreign(now));
    }
    if let Some(decision) = blocked(work, now) {
        return decision;
    }
    if let Some((code, _, at)) = work.last_refusal(MODIFY) {
        if code == "InvalidParameterCombination" {
            return Decision::Abort(not_taken(work, MODIFY));
        }
        // A status that changes by itself is waited out.
        if code == "InvalidDBInstanceState" && work.now.duration_since(at) < POLL * 2 {
            let (en, ko) = ("AWS to take the change", "AWS가 변경을 받아들이기");
            return wait("not-now", en, ko, POLL * 2);
        }
    }
    let Some(class) = planned(work).cloned() else { return Decision::Done };
    call(MODIFY, Call::ModifyDbInstanceClass { instance: work.change.resource.id.clone(), class })
}

fn is_well(now: &DbInstanceObserved) -> bool {
    now.parameters.iter().all(|one| one == "in-sync") && now.replication_errors.is_empty()
}

fn ill(now: &DbInstanceObserved) -> Reason {
    Reason::new(
        "database-not-available",
        format!("The database came to status {}.", now.status),
        format!("데이터베이스가 {} 상태가 되었습니다.", now.status),
    )
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use trimtab_model::action::Action;
    use trimtab_model::journal::ChangeOutcome;
    use trimtab_model::observed::Observed;
    use trimtab_model::resource::ResourceKind;

    use super::*;
    use crate::sequence::Watch;
    use crate::sequence::db_instance::trial::{database, kept, snapshot};
    use crate::sequence::trial::{Step, Trial, fingerprint};

    const OLD: &str = "db.r6g.xlarge";
    const NEW: &str = "db.r6g.large";
    const MINUTE: SignedDuration = SignedDuration::from_mins(1);

    fn trial() -> Trial {
        let action = Action::ModifyDbInstanceClass { from: OLD.into(), to: NEW.into() };
        Trial::new(action, ResourceKind::DbInstance, "game")
    }

    fn modify(class: &str) -> Call {
        Call::ModifyDbInstanceClass { instance: "game".into(), class: class.into() }
    }

    fn status(class: &str, status: &str) -> Observed {
        kept(class, |one| one.status = status.to_owned())
    }

    fn pending(class: &str, status: &str, to: &str) -> Observed {
        kept(class, |one| {
            one.status = status.to_owned();
            one.pending.insert(PENDING.to_owned(), to.to_owned());
        })
    }

    /// A run that has its snapshot and has asked for the class.
    fn asked() -> Trial {
        let mut run = trial();
        assert_eq!(run.calls(&kept(OLD, |_| {})), modify(NEW));
        run
    }

    #[test]
    fn a_snapshot_then_the_class_then_waiting_until_all_of_it_holds() {
        let mut run = trial();
        let plain = Observed::DbInstance(database(OLD));
        assert_eq!(
            run.calls(&plain),
            Call::CreateDbSnapshot {
                instance: "game".into(),
                snapshot: "trimtab-c-0123456789ab".to_owned(),
                change: "C-0123456789ab".into(),
            }
        );
        run.waits(&plain, "snapshot-listed");
        let during = kept(OLD, |one| {
            one.status = "backing-up".to_owned();
            one.snapshots = vec![snapshot("creating")];
        });
        run.waits(&during, "database-busy");
        run.waits(&kept(OLD, |one| one.snapshots = vec![snapshot("creating")]), "snapshot-pending");
        assert_eq!(run.calls(&kept(OLD, |_| {})), modify(NEW));
        run.pass(MINUTE);
        run.waits(&pending(OLD, "modifying", NEW), "modifying");
        run.waits(&status(NEW, "modifying"), "modifying");
        run.waits(&kept(NEW, |one| one.parameters = vec!["applying".to_owned()]), "modifying");
        run.waits(
            &kept(NEW, |one| one.replication_errors = vec!["stopped".to_owned()]),
            "modifying",
        );
        assert_eq!(run.step(&status(NEW, "available")), Step::Soaking);
        assert_eq!(run.watch(&status(NEW, "available")), Watch::Undisturbed);
    }

    #[test]
    fn e23_a_closed_calendar_holds_what_is_ready_and_not_touched() {
        let mut run = trial();
        run.calls(&Observed::DbInstance(database(OLD)));
        run.closed = Some("a holiday".to_owned());
        run.pass(MINUTE * 300);
        run.waits(&kept(OLD, |_| {}), "calendar-closed");
        // What is under way is brought to its end, and what fails is taken back.
        let mut run = asked();
        run.closed = Some("a holiday".to_owned());
        run.pass(MINUTE * 15);
        assert_eq!(run.calls(&status(NEW, "incompatible-parameters")), modify(OLD));
    }

    #[test]
    fn what_was_refused_touched_nothing_and_is_looked_at_anew() {
        let fingerprint = || crate::sequence::trial::fingerprint("DbiResourceId", "db-ABC");
        let refused = || {
            let mut run = trial().with(|one| one.expected = fingerprint());
            assert_eq!(run.step(&kept(OLD, |_| {})), Step::Call(modify(NEW)));
            run.refuse("CredentialsEndSoon", "they end in a minute");
            run.pass(MINUTE);
            run
        };
        let mut run = refused();
        let other = kept(OLD, |one| {
            one.fingerprint = crate::sequence::trial::fingerprint("DbiResourceId", "db-OTHER");
        });
        run.ends(&other, ChangeOutcome::Refused, "drift");
        let mut run = refused();
        let blocked = kept(OLD, |one| {
            let reason = Reason::new("replica", "It is a replica.", "복제본입니다.");
            one.obstacles = vec![(trimtab_model::observed::Obstacle::Block, reason)];
        });
        run.ends(&blocked, ChangeOutcome::Refused, "replica");
        // The facts are judged again before the next attempt.
        let judged = |run: &Trial| {
            let is =
                |event: &_| matches!(event, trimtab_model::journal::Event::PreflightJudged { .. });
            run.journal.entries().iter().filter(|one| is(&one.event)).count()
        };
        let mut run = refused();
        let before = judged(&run);
        run.pass(MINUTE * 16);
        assert_eq!(run.calls(&kept(OLD, |_| {})), modify(NEW));
        assert_eq!(judged(&run), before + 1);
    }

    #[test]
    fn d33_available_right_after_the_call_is_not_done() {
        let mut run = asked();
        run.waits(&status(OLD, "available"), "modifying");
        run.pass(MINUTE * 5);
        run.waits(&pending(OLD, "available", NEW), "modifying");
        // A cancel at this point waits for what is pending, and does not call it undone.
        run.cancel();
        run.waits(&status(OLD, "available"), "modification-seen");
    }

    #[test]
    fn d34_six_hours_of_modifying_call_a_person_and_nothing_else() {
        let mut run = asked();
        let calls = |run: &Trial| {
            let entries = run.journal.entries().iter();
            entries
                .filter(|one| matches!(one.event, trimtab_model::journal::Event::Intent { .. }))
                .count()
        };
        let before = calls(&run);
        for _ in 0..6 {
            run.waits(&pending(OLD, "modifying", NEW), "modifying");
            run.pass(MINUTE * 60);
        }
        let now = pending(OLD, "modifying", NEW);
        run.ends(&now, ChangeOutcome::NeedsOperator, "modification-slow");
        assert_eq!(calls(&run), before);
        assert!(run.manual.iter().any(|one| one.contains("--db-instance-class db.r6g.xlarge")));
    }

    #[test]
    fn d35_incompatible_parameters_bring_the_old_class_back() {
        let mut run = asked();
        run.pass(MINUTE * 15);
        assert_eq!(run.calls(&status(NEW, "incompatible-parameters")), modify(OLD));
        run.pass(MINUTE);
        run.waits(&status(NEW, "modifying"), "modifying");
        run.pass(MINUTE * 10);
        let back = status(OLD, "available");
        run.ends(&back, ChangeOutcome::Original, "database-not-available");
    }

    #[test]
    fn d36_another_pending_change_is_refused() {
        let engine = |class: &str| {
            kept(class, |one| {
                one.pending.insert("EngineVersion".to_owned(), "8.0.40".to_owned());
            })
        };
        trial().ends(&engine(OLD), ChangeOutcome::Refused, "other-changes-pending");
    }

    #[test]
    fn d37_nothing_to_modify_is_read_back_and_no_error() {
        let words = "No modifications were requested";
        let mut run = trial();
        assert_eq!(run.step(&kept(OLD, |_| {})), Step::Call(modify(NEW)));
        run.refuse("InvalidParameterCombination", words);
        run.waits(&pending(OLD, "available", NEW), "modifying");
        assert_eq!(run.step(&status(NEW, "available")), Step::Soaking);
        // Another refusal with the same code is an answer.
        let mut run = trial();
        assert_eq!(run.step(&kept(OLD, |_| {})), Step::Call(modify(NEW)));
        run.refuse("InvalidParameterCombination", "RDS does not support creating a DB instance");
        run.ends(&kept(OLD, |_| {}), ChangeOutcome::Refused, "refused");
    }

    #[test]
    fn d38_no_capacity_leaves_the_class_as_it_is() {
        let mut run = trial();
        assert_eq!(run.step(&kept(OLD, |_| {})), Step::Call(modify(NEW)));
        run.refuse("InsufficientDBInstanceCapacity", "no capacity");
        run.ends(&kept(OLD, |_| {}), ChangeOutcome::Refused, "refused");
        // Taken, and then not done.
        let mut run = asked();
        run.pass(MINUTE * 5);
        run.waits(&status(OLD, "modifying"), "modifying");
        run.pass(MINUTE * 10);
        run.ends(&status(OLD, "available"), ChangeOutcome::Original, "class-not-taken");
    }

    #[test]
    fn d39_a_database_that_is_stopped_under_way_is_left_to_a_person_with_its_snapshot() {
        let mut run = asked();
        run.pass(MINUTE * 5);
        run.ends(&status(OLD, "stopped"), ChangeOutcome::NeedsOperator, "database-not-available");
        assert!(run.manual.iter().any(|one| one.contains("describe-db-snapshots")));
    }

    #[test]
    fn d41_a_slow_failover_is_waited_for() {
        let mut run = asked();
        run.pass(MINUTE * 40);
        run.waits(&status(NEW, "modifying"), "modifying");
        assert_eq!(run.step(&status(NEW, "available")), Step::Soaking);
    }

    #[test]
    fn c14_maintenance_before_it_is_waited_for_and_under_way_is_not_done() {
        let mut run = trial();
        run.waits(&status(OLD, "upgrading"), "database-busy");
        run.waits(&status(OLD, "maintenance"), "database-busy");
        assert_eq!(run.calls(&kept(OLD, |_| {})), modify(NEW));
        run.pass(MINUTE * 5);
        run.waits(&status(NEW, "upgrading"), "modifying");
        assert_eq!(run.step(&status(NEW, "available")), Step::Soaking);
        let maintained = run.watch(&status(NEW, "maintenance"));
        assert!(matches!(maintained, Watch::Restart(why) if why.code == "maintained"));
    }

    #[test]
    fn c15_a_state_that_does_not_admit_it_is_waited_out() {
        let mut run = trial();
        assert_eq!(run.step(&kept(OLD, |_| {})), Step::Call(modify(NEW)));
        run.refuse("InvalidDBInstanceState", "storage is being grown");
        run.waits(&status(OLD, "modifying"), "database-busy");
        run.waits(&status(OLD, "storage-optimization"), "database-busy");
        // Available again: not at once either.
        run.waits(&kept(OLD, |_| {}), "not-now");
        run.pass(MINUTE * 2);
        assert_eq!(run.calls(&kept(OLD, |_| {})), modify(NEW));
    }

    #[test]
    fn c16_a_failover_while_it_is_watched_starts_watching_anew() {
        let mut run = asked();
        run.pass(MINUTE * 20);
        assert_eq!(run.step(&status(NEW, "available")), Step::Soaking);
        let other = kept(NEW, |one| one.availability_zone = Some("ap-northeast-2c".to_owned()));
        assert!(matches!(run.watch(&other), Watch::Restart(why) if why.code == "failed-over"));
    }

    #[test]
    fn c17_another_database_under_the_name_is_refused() {
        let other = |class: &str| {
            kept(class, |one| one.fingerprint = fingerprint("DbiResourceId", "db-GREEN"))
        };
        let mut run = trial().with(|one| one.expected = fingerprint("DbiResourceId", "db-ABC"));
        run.ends(&other(OLD), ChangeOutcome::Refused, "drift");
        let mut run = asked();
        run.pass(MINUTE * 5);
        run.ends(&other(NEW), ChangeOutcome::NeedsOperator, "another-database");
    }

    #[test]
    fn c05_a_class_that_somebody_else_set_is_held() {
        let mut run = asked();
        run.pass(MINUTE * 20);
        assert_eq!(run.step(&status(NEW, "available")), Step::Soaking);
        assert!(matches!(run.watch(&status(OLD, "available")), Watch::Hold(_)));
        assert!(matches!(run.watch(&pending(NEW, "available", OLD)), Watch::Hold(_)));
    }

    #[test]
    fn a_status_that_is_not_known_is_not_ok() {
        let unknown = status(OLD, "teleporting");
        trial().ends(&unknown, ChangeOutcome::Refused, "database-not-available");
    }

    #[test]
    fn a_snapshot_of_the_name_that_is_not_ours_is_refused() {
        let mut run = trial();
        let plain = || Observed::DbInstance(database(OLD));
        assert!(matches!(run.step(&plain()), Step::Call(_)));
        run.refuse("DBSnapshotAlreadyExists", "exists");
        run.waits(&plain(), "snapshot-listed");
        run.pass(MINUTE * 11);
        run.ends(&plain(), ChangeOutcome::Refused, "snapshot-not-ours");
    }

    #[test]
    fn parameters_that_wait_for_a_restart_are_refused() {
        let waiting = kept(OLD, |one| one.parameters = vec!["pending-reboot".to_owned()]);
        trial().ends(&waiting, ChangeOutcome::Refused, "parameters-pending");
    }
}
