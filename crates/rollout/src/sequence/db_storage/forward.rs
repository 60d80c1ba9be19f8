//! The way to the new storage.

use jiff::{SignedDuration, Timestamp};

use trimtab_model::call::Call;
use trimtab_model::observed::DbInstanceObserved;
use trimtab_model::text::Reason;

use super::settings::{has, planned, sendable};
use super::steps::{MODIFY, foreign, is_pending, manual, not_taken};
use crate::sequence::db_instance::{
    DEADLINE, POLL, SETTLES, Standing, blocked, both, gone, moved, nothing_to_modify, overdue,
    standing,
};
use crate::sequence::decision::{call, wait};
use crate::sequence::{Decision, Work};

/// How long storage is worked on before a person looks; it serves meanwhile.
const OPTIMIZED: SignedDuration = SignedDuration::from_hours(24);

pub(super) fn forward(work: &Work<'_>) -> Decision {
    let operator = |reason| Decision::Operator { reason, manual: manual(work) };
    let (Some((now, before)), Some(to)) = (both(work), planned(work)) else {
        return operator(gone());
    };
    if let Some(reason) = moved(now, before) {
        return operator(reason);
    }
    let wanted = match sendable(to, now) {
        Ok(wanted) => wanted,
        Err(reason) => return Decision::Abort(reason),
    };
    let is_asked =
        work.made(work.direction, MODIFY).next().is_some() || nothing_to_modify(work, MODIFY);
    if !is_asked {
        return ask(work, now, before);
    }
    let is_there = has(&now.storage, &wanted);
    if !is_there && now.storage.storage_type != before.storage.storage_type {
        return operator(foreign(now));
    }
    match standing(now) {
        Standing::Ready if is_there && !is_pending(now) => Decision::Done,
        Standing::Optimizing => optimizing(work),
        Standing::Stuck => Decision::Abort(ill(now)),
        Standing::Ready
            if !is_there
                && !is_pending(now)
                && work.since(MODIFY).is_some_and(|since| since > SETTLES) =>
        {
            Decision::Abort(not_taken())
        }
        Standing::Ready | Standing::Busy => {
            overdue(work, MODIFY, DEADLINE, manual).unwrap_or_else(modifying)
        }
    }
}

/// Waits for storage that is worked on, for a day, then for a person.
pub(super) fn optimizing(work: &Work<'_>) -> Decision {
    let since = work.progress.attempts.iter().rev().find(|one| one.call.is_lasting());
    let since = since.map_or(work.progress.phase_at, |one| one.at);
    let late = since.saturating_add(OPTIMIZED).unwrap_or(Timestamp::MAX);
    if work.now >= late && !work.progress.was_unheld_since(late) {
        return Decision::Hold(Reason::new(
            "optimization-slow",
            "AWS has been working on the storage for more than a day, and it may be slower meanwhile.",
            "스토리지 최적화가 하루 넘게 진행 중이며 그동안 성능이 낮을 수 있습니다.",
        ));
    }
    wait(
        "storage-optimization",
        "its storage to be optimized",
        "스토리지 최적화가 끝나기",
        POLL * 10,
    )
}

pub(super) fn modifying() -> Decision {
    wait("modifying", "the change of its storage", "스토리지 변경이 끝나기", POLL)
}

/// Asks for the storage, once nothing is in the way.
fn ask(work: &Work<'_>, now: &DbInstanceObserved, before: &DbInstanceObserved) -> Decision {
    if now.storage.storage_type != before.storage.storage_type {
        return Decision::Abort(foreign(now));
    }
    if let Some(decision) = blocked(work, now) {
        return decision;
    }
    if let Some((code, _, at)) = work.last_refusal(MODIFY) {
        if code == "InvalidParameterCombination" {
            return Decision::Abort(not_taken());
        }
        // A status that changes by itself is waited out.
        if code == "InvalidDBInstanceState" && work.now.duration_since(at) < POLL * 2 {
            let (en, ko) = ("AWS to take the change", "AWS가 변경을 받아들이기");
            return wait("not-now", en, ko, POLL * 2);
        }
    }
    // The size may have changed since it was looked at first.
    match planned(work).map(|to| sendable(to, now)) {
        Some(Ok(to)) => {
            let instance = work.change.resource.id.clone();
            call(MODIFY, Call::ModifyDbStorage { instance, to })
        }
        Some(Err(reason)) => Decision::Abort(reason),
        None => Decision::Done,
    }
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
    use trimtab_model::action::{Action, DbStorageSettings};
    use trimtab_model::journal::ChangeOutcome;
    use trimtab_model::observed::Observed;
    use trimtab_model::resource::ResourceKind;

    use super::*;
    use crate::sequence::db_instance::trial::{kept, storage};
    use crate::sequence::trial::{Step, Trial};

    const CLASS: &str = "db.r6g.large";
    const HOUR: SignedDuration = SignedDuration::from_hours(1);

    fn trial() -> Trial {
        let action = Action::ModifyDbStorage {
            from: storage("gp2", 100, None, None),
            to: storage("gp3", 100, Some(3000), Some(125)),
        };
        Trial::new(action, ResourceKind::DbInstance, "game")
    }

    fn with(status: &str, storage: DbStorageSettings) -> Observed {
        kept(CLASS, |one| (one.status, one.storage) = (status.to_owned(), storage))
    }

    fn gp2(size: u32) -> DbStorageSettings {
        storage("gp2", size, None, None)
    }

    fn gp3(size: u32) -> DbStorageSettings {
        storage("gp3", size, Some(3000), Some(125))
    }

    fn modify(to: DbStorageSettings) -> Call {
        Call::ModifyDbStorage { instance: "game".into(), to }
    }

    #[test]
    fn storage_is_done_when_nothing_is_worked_on_any_more() {
        let mut run = trial();
        let expected = modify(storage("gp3", 100, None, None));
        assert_eq!(run.calls(&with("available", gp2(100))), expected);
        run.waits(&with("available", gp2(100)), "modifying");
        run.pass(SignedDuration::from_mins(5));
        run.waits(&with("modifying", gp2(100)), "modifying");
        run.waits(&with("storage-optimization", gp3(100)), "storage-optimization");
        run.pass(HOUR * 6);
        run.waits(&with("storage-optimization", gp3(100)), "storage-optimization");
        assert_eq!(run.step(&with("available", gp3(100))), Step::Soaking);
    }

    #[test]
    fn optimizing_for_a_day_is_held() {
        let mut run = trial();
        run.calls(&with("available", gp2(100)));
        run.pass(HOUR * 25);
        let optimizing = with("storage-optimization", gp3(100));
        assert_eq!(run.step(&optimizing), Step::Held("optimization-slow".to_owned()));
        run.unhold();
        run.waits(&optimizing, "storage-optimization");
    }

    #[test]
    fn c15_what_grew_by_itself_is_not_shrunk() {
        let mut run = trial();
        assert!(matches!(run.step(&with("available", gp2(100))), Step::Call(_)));
        run.refuse("InvalidDBInstanceState", "it is being grown");
        run.waits(&with("modifying", gp2(100)), "database-busy");
        run.waits(&with("storage-optimization", gp2(120)), "database-busy");
        run.pass(HOUR);
        let expected = modify(storage("gp3", 120, None, None));
        assert_eq!(run.calls(&with("available", gp2(120))), expected);
        run.pass(HOUR);
        run.cancel();
        run.waits(&with("storage-optimization", gp3(120)), "storage-optimization");
        let back = modify(storage("gp2", 120, None, None));
        assert_eq!(run.calls(&with("available", gp3(120))), back);
        run.pass(HOUR);
        run.ends(&with("available", gp2(120)), ChangeOutcome::Original, "cancelled");
    }

    #[test]
    fn a_refusal_of_the_combination_is_refused() {
        let mut run = trial();
        assert!(matches!(run.step(&with("available", gp2(100))), Step::Call(_)));
        run.refuse("InvalidParameterCombination", "You can't specify IOPS or storage throughput");
        run.ends(&with("available", gp2(100)), ChangeOutcome::Refused, "storage-not-taken");
    }

    #[test]
    fn what_shows_no_effect_is_taken_for_undone() {
        let mut run = trial();
        run.calls(&with("available", gp2(100)));
        run.pass(SignedDuration::from_mins(11));
        run.ends(&with("available", gp2(100)), ChangeOutcome::Original, "storage-not-taken");
    }
}
