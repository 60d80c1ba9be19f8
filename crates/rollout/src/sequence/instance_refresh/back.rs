//! The way back to the old type: by AWS while the refresh goes on, by another one once it is over.

use trimtab_model::call::Call;
use trimtab_model::journal::Direction;
use trimtab_model::observed::RefreshObserved;
use trimtab_model::text::Reason;

use super::sight::{Sight, Stage, ended, foreign, stage};
use super::steps::{
    MAX_HEALTHY, MIN_HEALTHY, MOST_CALLS, POLL, RESTORE, ROLL_BACK, SETTLES, START, gone, manual,
    refreshing,
};
use crate::sequence::decision::{call, wait};
use crate::sequence::{Decision, Work};

pub(super) fn back(work: &Work<'_>) -> Decision {
    let Some(sight) = Sight::of(work) else { return gone(work) };
    let version = sight.version(work);
    let own = version.and_then(|new| sight.refresh_to(new, work.progress.started_at));
    let own = own.filter(|_| work.progress.of_step(Direction::Forward, START).next().is_some());
    // A version that nothing launches from costs nothing, and stays.
    if own.is_none() && work.made(Direction::Forward, START).next().is_none() {
        return Decision::Done;
    }
    let old = sight.plan.from_version.as_str();
    let operator = |reason| Decision::Operator { reason, manual: manual(work) };
    if let Some(refresh) = sight.refresh_to(old, work.progress.phase_at)
        && work.attempts(RESTORE).next().is_some()
    {
        return restoring(work, sight, refresh);
    }
    if work.since(RESTORE).is_some_and(|since| since < SETTLES)
        && work.last_refusal(RESTORE).is_none()
    {
        return wait("refresh-seen", "the refresh to be seen", "새로 고침이 조회되기", POLL);
    }
    match own.map(|own| (own, stage(own))) {
        Some((_, Stage::UnderWay)) => roll_back(work),
        Some((_, Stage::RollingBack | Stage::Cancelling)) => refreshing(),
        Some((refresh, Stage::RollbackFailed)) => operator(ended(refresh)),
        Some((_, Stage::RolledBack | Stage::Failed | Stage::Cancelled | Stage::Successful)) => {
            let new = version.unwrap_or(old);
            if !sight.launches_from(old) && !sight.launches_from(new) {
                return operator(foreign(sight.now));
            }
            restored(work, sight, old)
        }
        None if work.is_just_made(START, SETTLES) => {
            wait("refresh-seen", "the refresh to be seen", "새로 고침이 조회되기", POLL)
        }
        // What was asked for was not done, or somebody began another refresh since.
        None if sight.is_refreshing() || !sight.launches_from(old) => operator(foreign(sight.now)),
        None => restored(work, sight, old),
    }
}

/// Ends where all is of the old version again; else replaces what is not.
fn restored(work: &Work<'_>, sight: Sight<'_>, old: &str) -> Decision {
    if sight.is_on(old) {
        return serving(sight);
    }
    if work.attempts(RESTORE).count() >= MOST_CALLS {
        return Decision::Operator { reason: not_restored(), manual: manual(work) };
    }
    let restore = Call::StartInstanceRefresh {
        group: work.change.resource.id.clone(),
        launch_template: sight.plan.launch_template.clone(),
        version: old.to_owned(),
        min_healthy_percent: MIN_HEALTHY,
        max_healthy_percent: Some(MAX_HEALTHY),
        checkpoints: Vec::new(),
        checkpoint_seconds: 0,
        alarms: Vec::new(),
    };
    call(RESTORE, restore)
}

/// Watches the refresh that leads back.
fn restoring(work: &Work<'_>, sight: Sight<'_>, refresh: &RefreshObserved) -> Decision {
    let old = sight.plan.from_version.as_str();
    match stage(refresh) {
        Stage::Successful if sight.is_on(old) => serving(sight),
        // What scaled out at the end may still be of the other version.
        Stage::Successful
            if work.since_first(RESTORE).is_some_and(|since| since < SETTLES * 60) =>
        {
            wait(
                "in-service",
                "its instances to be in service",
                "인스턴스가 서비스에 들어가기",
                POLL,
            )
        }
        Stage::UnderWay | Stage::Cancelling | Stage::RollingBack => refreshing(),
        Stage::Successful
        | Stage::RolledBack
        | Stage::RollbackFailed
        | Stage::Failed
        | Stage::Cancelled => Decision::Operator { reason: ended(refresh), manual: manual(work) },
    }
}

/// Lets AWS take back what it has replaced so far.
fn roll_back(work: &Work<'_>) -> Decision {
    if work.since(ROLL_BACK).is_some_and(|since| since < SETTLES)
        && work.last_refusal(ROLL_BACK).is_none()
    {
        return wait("rollback-seen", "the way back to be seen", "롤백이 조회되기", POLL);
    }
    let is_irreversible = work.refusals(ROLL_BACK, &["IrreversibleInstanceRefresh"]) > 0;
    if is_irreversible || work.attempts(ROLL_BACK).count() >= MOST_CALLS {
        return Decision::Operator { reason: not_restored(), manual: manual(work) };
    }
    call(ROLL_BACK, Call::RollbackInstanceRefresh { group: work.change.resource.id.clone() })
}

fn serving(sight: Sight<'_>) -> Decision {
    if sight.serves() {
        return Decision::Done;
    }
    wait("in-service", "its instances to be in service", "인스턴스가 서비스에 들어가기", POLL)
}

fn not_restored() -> Reason {
    Reason::new(
        "refresh-not-taken-back",
        "The refresh of its instances cannot be taken back by AWS.",
        "인스턴스 새로 고침을 AWS가 되돌리지 못합니다.",
    )
}
