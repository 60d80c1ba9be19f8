//! The way to the new type: a version of the template, and a refresh towards it.

use jiff::SignedDuration;

use trimtab_model::call::Call;
use trimtab_model::environment::Environment;
use trimtab_model::journal::Direction;
use trimtab_model::observed::RefreshObserved;
use trimtab_model::plan::RolloutRules;
use trimtab_model::text::Reason;

use super::sight::{Sight, Stage, ended, foreign, stage};
use super::steps::{
    CREATE, MAX_HEALTHY, MIN_HEALTHY, MOST_CALLS, POLL, SETTLES, START, gone, manual, refreshing,
};
use crate::sequence::decision::{call, wait};
use crate::sequence::{Decision, Work};

/// How long it pauses at a checkpoint: two points of a metric that comes every five minutes.
const PAUSE_SECONDS: u32 = 600;
/// How long all of it may take: instances that wait for a lifecycle hook wait an hour each.
const DEADLINE: SignedDuration = SignedDuration::from_hours(24);
/// What scales out while it ends may have begun before.
const STRAYS: SignedDuration = SignedDuration::from_mins(20);

pub(super) fn forward(work: &Work<'_>) -> Decision {
    let Some(sight) = Sight::of(work) else { return gone(work) };
    let begun = work.progress.started_at;
    let version = sight.version(work);
    if let Some(version) = version
        && let Some(refresh) = sight.refresh_to(version, begun)
        && work.attempts(START).next().is_some()
    {
        return follow(work, sight, version, refresh);
    }
    if work.since(START).is_some_and(|since| since < SETTLES) && work.last_refusal(START).is_none()
    {
        return wait("refresh-seen", "the refresh to be seen", "새로 고침이 조회되기", POLL);
    }
    if let Some(decision) = in_the_way(work, sight) {
        return decision;
    }
    match version {
        Some(version) => start(work, sight, version),
        None => create(work, sight),
    }
}

/// Returns what keeps a refresh from being begun.
fn in_the_way(work: &Work<'_>, sight: Sight<'_>) -> Option<Decision> {
    if !sight.now.is_opted_in {
        return Some(Decision::Abort(Reason::new(
            "not-opted-in",
            "The tag trimtab:apply=allowed is gone.",
            "trimtab:apply=allowed 태그가 없어졌습니다.",
        )));
    }
    if sight.is_refreshing() {
        return Some(refreshing());
    }
    if let Some(failed) = sight.now.refresh.as_ref().filter(|one| one.status == "RollbackFailed") {
        return Some(Decision::Abort(ended(failed)));
    }
    if !sight.launches_from(&sight.plan.from_version) {
        return Some(match work.made(Direction::Forward, START).next() {
            Some(_) => Decision::Operator { reason: foreign(sight.now), manual: manual(work) },
            None => Decision::Abort(foreign(sight.now)),
        });
    }
    None
}

/// Makes the version, under a token that is the same however often it is asked for.
fn create(work: &Work<'_>, sight: Sight<'_>) -> Decision {
    if work.since(CREATE).is_some_and(|since| since < SETTLES)
        && work.last_refusal(CREATE).is_none()
    {
        return wait("version-seen", "the version to be listed", "템플릿 버전이 조회되기", POLL);
    }
    if work.attempts(CREATE).count() >= MOST_CALLS {
        return Decision::Abort(not_taken());
    }
    let create = Call::CreateLaunchTemplateVersion {
        launch_template: sight.plan.launch_template.clone(),
        source_version: sight.plan.from_version.clone(),
        instance_type: sight.plan.to.clone(),
        change: work.change.id.clone(),
        token: format!("trimtab-{}", work.change.id),
    };
    call(CREATE, create)
}

fn start(work: &Work<'_>, sight: Sight<'_>, version: &str) -> Decision {
    if work.attempts(START).count() >= MOST_CALLS {
        return Decision::Abort(not_taken());
    }
    let checkpoints = match work.change.environment {
        Environment::Dev => Vec::new(),
        Environment::Staging | Environment::Prod | Environment::Unknown => shares(work.rules),
    };
    let start = Call::StartInstanceRefresh {
        group: work.change.resource.id.clone(),
        launch_template: sight.plan.launch_template.clone(),
        version: version.to_owned(),
        min_healthy_percent: MIN_HEALTHY,
        max_healthy_percent: Some(MAX_HEALTHY),
        checkpoint_seconds: if checkpoints.is_empty() { 0 } else { PAUSE_SECONDS },
        checkpoints,
        alarms: sight.plan.alarms.clone(),
    };
    call(START, start)
}

/// Returns the shares at which it pauses: the first instance, the waves of the plan, and all.
fn shares(rules: &RolloutRules) -> Vec<u8> {
    let mut shares: Vec<u8> =
        rules.waves.iter().copied().filter(|share| (2..100).contains(share)).collect();
    shares.extend([1, 100]);
    shares.sort_unstable();
    shares.dedup();
    shares
}

/// Watches the refresh that leads to the version.
fn follow(work: &Work<'_>, sight: Sight<'_>, version: &str, refresh: &RefreshObserved) -> Decision {
    match stage(refresh) {
        Stage::Successful if sight.is_on(version) && sight.serves() => Decision::Done,
        Stage::Successful => settled(work, sight, version),
        Stage::UnderWay => {
            let since = work.since_first(START).unwrap_or_default();
            let is_told =
                work.progress.unheld_at.is_some_and(|at| work.now.duration_since(at) < DEADLINE);
            if since > DEADLINE && !is_told { Decision::Hold(slow(refresh)) } else { refreshing() }
        }
        Stage::Cancelling => refreshing(),
        Stage::Cancelled if work.progress.unheld_at.is_none() => Decision::Hold(cancelled()),
        Stage::Cancelled
        | Stage::RollingBack
        | Stage::RolledBack
        | Stage::RollbackFailed
        | Stage::Failed => Decision::Abort(ended(refresh)),
    }
}

/// Waits until the group is what a refresh that is over left.
fn settled(work: &Work<'_>, sight: Sight<'_>, version: &str) -> Decision {
    let is_known = sight.launches_from(version) || sight.launches_from(&sight.plan.from_version);
    if !is_known {
        return Decision::Operator { reason: foreign(sight.now), manual: manual(work) };
    }
    // Where it ended while nobody looked, it counts from the first look: what a group that scales
    // out lacks at one moment tells nothing.
    let ended = sight.now.refresh.as_ref().and_then(|one| one.ended_at);
    let first =
        ended.map(|at| *work.progress.taken_up.iter().find(|one| **one >= at).unwrap_or(&at));
    let since = first.map_or(SignedDuration::ZERO, |at| work.now.duration_since(at));
    if since > STRAYS {
        return Decision::Abort(Reason::new(
            "instances-left-behind",
            "The refresh is over, and instances of the old version or too few serve.",
            "새로 고침이 끝났지만 이전 버전의 인스턴스가 남아 있거나 서비스 중인 인스턴스가 부족합니다.",
        ));
    }
    wait("in-service", "its instances to be in service", "인스턴스가 서비스에 들어가기", POLL)
}

fn slow(refresh: &RefreshObserved) -> Reason {
    let percent = refresh.percent.map_or_else(|| "-".to_owned(), |percent| percent.to_string());
    Reason::new(
        "refresh-slow",
        format!("The refresh of its instances goes on for a day and is {percent} % done."),
        format!("인스턴스 새로 고침이 하루 넘게 진행 중이며 {percent}% 완료되었습니다."),
    )
}

fn cancelled() -> Reason {
    Reason::new(
        "refresh-cancelled",
        "Somebody cancelled the refresh: instances of both types serve. Letting it go on takes it back.",
        "다른 사람이 새로 고침을 취소하여 두 유형의 인스턴스가 함께 서비스 중입니다. 계속 진행하면 되돌립니다.",
    )
}

fn not_taken() -> Reason {
    Reason::new(
        "refresh-not-taken",
        "Nothing comes of it although AWS was asked several times.",
        "여러 번 요청했지만 반영되지 않습니다.",
    )
}
