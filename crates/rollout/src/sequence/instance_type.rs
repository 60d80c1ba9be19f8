//! Changes the type of an instance: snapshots, capacity, traffic, stop, type, start, traffic.
//!
//! The dangerous moment is behind the stop: the machine may not come back. So capacity for the
//! new type is proven with a reservation before, and in production one for the old type is held
//! until all is well. A targeted reservation cannot be given up by a running instance without
//! another stop, and a machine that targets a cancelled one does not start again. So the
//! reservation is never targeted: it is cancelled just before the start, which then takes what
//! it held.

use jiff::{SignedDuration, ToSpan};

use trimtab_model::action::Action;
use trimtab_model::call::{Call, CallResult, Target};
use trimtab_model::environment::Environment;
use trimtab_model::id::{InstanceType, ResourceId};
use trimtab_model::journal::Direction;
use trimtab_model::observed::{InstanceObserved, Observed, TargetHealth};
use trimtab_model::resource::instance::InstanceState;
use trimtab_model::text::Reason;

use super::{Afterwards, Decision, Reaction, Sequence, Watch, Work};
use crate::progress::Attempt;

/// How an instance's type is changed.
pub(super) static SEQUENCE: Sequence =
    Sequence { forward, back, release, is_disrupted, watch, react, manual };

const SNAPSHOT: &str = "snapshot";
const RESERVE: &str = "reserve-capacity";
const FREE: &str = "free-capacity";
const DRAIN: &str = "drain";
const STOP: &str = "stop";
const MODIFY: &str = "modify-type";
const START: &str = "start";
const CREDITS: &str = "restore-credits";
const REGISTER: &str = "restore-traffic";

/// Errors that say that there is no machine of a type to be had.
pub(crate) const NO_CAPACITY: &[&str] = &[
    "InsufficientInstanceCapacity",
    "Server.InsufficientInstanceCapacity",
    "InsufficientHostCapacity",
    "InsufficientReservedInstanceCapacity",
    "ReservationCapacityExceeded",
];
/// How often one type is tried. AWS: capacity can shift frequently.
const STARTS_OF_A_TYPE: usize = 3;
/// How often the old type is tried: nothing is left behind it.
const STARTS_BACK: usize = 6;

const POLL: SignedDuration = SignedDuration::from_secs(10);
/// A first snapshot of a terabyte takes long.
const SNAPSHOT_DEADLINE: SignedDuration = SignedDuration::from_hours(6);
const DRAIN_DEADLINE: SignedDuration = SignedDuration::from_mins(15);
const STOP_DEADLINE: SignedDuration = SignedDuration::from_mins(10);
const START_DEADLINE: SignedDuration = SignedDuration::from_mins(15);
const CHECKS_DEADLINE: SignedDuration = SignedDuration::from_mins(10);
const TARGET_DEADLINE: SignedDuration = SignedDuration::from_mins(10);
/// What was written may not be read at once; what is not seen for longer did not happen.
const SETTLES: SignedDuration = SignedDuration::from_secs(60);
const TYPE_SETTLES: SignedDuration = SignedDuration::from_mins(3);
/// AWS: a reservation may take minutes to be seen.
const RESERVATION_SETTLES: SignedDuration = SignedDuration::from_mins(5);
/// How often a reservation is tried to be cancelled: before a start that waits for it, and at
/// the end, when it only costs money.
const CANCELS_BEFORE_START: usize = 2;
const CANCELS_AT_END: usize = 5;
/// How often something is asked for that AWS takes and that has no effect.
const MOST_REPEATS: usize = 6;
/// `StateReason.Code` of a stop that somebody asked for.
const STOPPED_BY_REQUEST: &str = "Client.UserInitiatedShutdown";

fn forward(work: &Work<'_>) -> Decision {
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

fn back(work: &Work<'_>) -> Decision {
    let Some((now, before)) = both(work) else { return gone(work) };
    if is_ending(&now.state) {
        return operator(work, unknown_state(now));
    }
    if !is_touched(work) {
        return Decision::Done;
    }
    let was_ours = possible(work).contains(&&now.instance_type);
    if now.instance_type != before.instance_type && !was_ours {
        return operator(work, foreign_type(now));
    }
    let was_running = before.state != InstanceState::Stopped;
    if !was_running && matches!(now.state, InstanceState::Running | InstanceState::Pending) {
        return operator(work, started_by_others());
    }
    let is_back = now.instance_type == before.instance_type;
    // What was asked last may not be seen yet: it is taken back all the same.
    let is_asked_back = asked_type(work).is_none_or(|asked| *asked == before.instance_type);
    let step = match (&now.state, is_back) {
        (InstanceState::Running, true) if is_stop_unseen(work) => {
            Some(wait("stop-seen", "the stop to be seen", "중지가 반영되기"))
        }
        (InstanceState::Running, true) => in_service(work, now, before),
        (InstanceState::Running, false) => {
            drain(work, now, before).or_else(|| Some(stop_once(work)))
        }
        (InstanceState::Stopped, _) if is_start_unseen(work, now) => {
            Some(wait("start-seen", "the start to be seen", "시작이 반영되기"))
        }
        (InstanceState::Stopped, true) if !is_asked_back => modify(work, &before.instance_type),
        (InstanceState::Stopped, true) if was_running => start(work, now, &before.instance_type),
        (InstanceState::Stopped, true) => None,
        (InstanceState::Stopped, false) => modify(work, &before.instance_type),
        (InstanceState::Stopping, _) => Some(stopping(work)),
        (InstanceState::Pending, _) => Some(starting(work)),
        (InstanceState::ShuttingDown | InstanceState::Terminated | InstanceState::Other(_), _) => {
            Some(operator(work, unknown_state(now)))
        }
    };
    step.unwrap_or(Decision::Done)
}

fn release(work: &Work<'_>) -> Decision {
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

fn is_disrupted(work: &Work<'_>) -> bool {
    let Observed::Instance(before) = &work.progress.before else { return false };
    let Observed::Instance(now) = work.now_is else { return true };
    before.state == InstanceState::Running && now.state != InstanceState::Running
}

fn watch(work: &Work<'_>) -> Watch {
    let (Observed::Instance(now), Some(Observed::Instance(after))) =
        (work.now_is, &work.progress.after)
    else {
        return Watch::Undisturbed;
    };
    if is_ending(&now.state) {
        return Watch::Lost(unknown_state(now));
    }
    if now.instance_type != after.instance_type {
        return Watch::Hold(foreign_type(now));
    }
    if now.state != after.state {
        return Watch::Hold(Reason::new(
            "state-changed-by-others",
            "It was stopped or started by somebody else while it was watched.",
            "지켜보는 동안 다른 사람이 중지하거나 시작했습니다.",
        ));
    }
    if now.launch_time != after.launch_time {
        return Watch::Restart(Reason::new(
            "restarted",
            "It was restarted while it was watched, and is watched anew.",
            "지켜보는 동안 다시 시작되어 처음부터 다시 지켜봅니다.",
        ));
    }
    let was_well = after.checks.is_some_and(trimtab_model::observed::StatusChecks::are_ok);
    if was_well && now.checks.is_some_and(trimtab_model::observed::StatusChecks::is_impaired) {
        return Watch::Ill(Reason::new(
            "checks-impaired",
            "A status check is impaired.",
            "상태 검사에서 문제가 발견되었습니다.",
        ));
    }
    Watch::Undisturbed
}

fn react(step: &str, code: &str) -> Reaction {
    let seconds = SignedDuration::from_secs;
    match (step, code) {
        (START, code) if NO_CAPACITY.contains(&code) => Reaction::Give(Afterwards::Decide),
        // The new type is not known everywhere yet.
        (START, "InvalidParameterValue") => {
            Reaction::Retry { attempts: 8, pause: seconds(5), then: Afterwards::Abort }
        }
        (START, "UnauthorizedOperation" | "AccessDenied") => Reaction::Give(Afterwards::Operator),
        (STOP | START | MODIFY, "IncorrectInstanceState" | "IncorrectState") => Reaction::Observe,
        (FREE, _) => Reaction::Observe,
        (SNAPSHOT, "ConcurrentSnapshotLimitExceeded" | "SnapshotCreationPerVolumeRateExceeded") => {
            Reaction::Retry { attempts: 6, pause: seconds(60), then: Afterwards::Abort }
        }
        (REGISTER | CREDITS, _) => {
            Reaction::Retry { attempts: 4, pause: seconds(10), then: Afterwards::Abort }
        }
        _ => Reaction::Give(Afterwards::Abort),
    }
}

fn manual(work: &Work<'_>) -> Vec<String> {
    let id = &work.change.resource.id;
    let region = &work.change.resource.region;
    let Observed::Instance(before) = &work.progress.before else { return Vec::new() };
    if work.direction == Direction::Release {
        let Observed::Instance(now) = work.now_is else { return Vec::new() };
        let held = now.reservations.iter().filter(|held| is_held(&held.state));
        return held
            .map(|held| {
                format!(
                    "aws ec2 cancel-capacity-reservation --capacity-reservation-id {} --region {region}",
                    held.id
                )
            })
            .collect();
    }
    let mut commands = vec![
        format!("aws ec2 describe-instances --instance-ids {id} --region {region}"),
        format!(
            "aws ec2 modify-instance-attribute --instance-id {id} --instance-type Value={} --region {region}",
            before.instance_type
        ),
    ];
    if before.state == InstanceState::Running {
        commands.push(format!("aws ec2 start-instances --instance-ids {id} --region {region}"));
    }
    commands.extend(before.targets.iter().map(|one| {
        let port = one.target.port.map(|port| format!(",Port={port}")).unwrap_or_default();
        format!(
            "aws elbv2 register-targets --target-group-arn {} --targets Id={id}{port} --region {region}",
            one.target.group
        )
    }));
    commands
}

/// Returns what it is and what it was.
fn both<'a>(work: &Work<'a>) -> Option<(&'a InstanceObserved, &'a InstanceObserved)> {
    match (work.now_is, &work.progress.before) {
        (Observed::Instance(now), Observed::Instance(before)) => Some((now, before)),
        _ => None,
    }
}

fn gone(work: &Work<'_>) -> Decision {
    operator(
        work,
        Reason::new(
            "instance-gone",
            "The instance does not exist any more. Its snapshots are kept.",
            "인스턴스가 더 이상 없습니다. 스냅샷은 보존합니다.",
        ),
    )
}

/// Says what somebody else did meanwhile.
fn drifted(work: &Work<'_>, now: &InstanceObserved, before: &InstanceObserved) -> Option<Decision> {
    if is_ending(&now.state) {
        return Some(operator(work, unknown_state(now)));
    }
    // As long as nothing was touched, there is nothing that a person must look at.
    let give_up = |reason: Reason| match is_touched(work) {
        true => operator(work, reason),
        false => Decision::Abort(reason),
    };
    if planned_from(work).is_some_and(|from| *from != before.instance_type) {
        return Some(give_up(foreign_type(before)));
    }
    if now.instance_type != before.instance_type && !possible(work).contains(&&now.instance_type) {
        return Some(give_up(foreign_type(now)));
    }
    if now.volumes != before.volumes {
        return Some(Decision::Abort(Reason::new(
            "volumes-changed",
            "A volume was attached or detached meanwhile.",
            "작업 중에 볼륨이 연결되거나 분리되었습니다.",
        )));
    }
    let stopped_by_us = ours(work, STOP).next().is_some();
    if now.state == InstanceState::Stopped
        && before.state == InstanceState::Running
        && !stopped_by_us
    {
        return Some(give_up(stopped_by_others()));
    }
    (!now.is_opted_in).then(|| {
        Decision::Abort(Reason::new(
            "not-opted-in",
            "The tag trimtab:apply=allowed is gone.",
            "trimtab:apply=allowed 태그가 없어졌습니다.",
        ))
    })
}

/// Returns whether the instance is going away, or in a state that this version does not know.
fn is_ending(state: &InstanceState) -> bool {
    matches!(
        state,
        InstanceState::ShuttingDown | InstanceState::Terminated | InstanceState::Other(_)
    )
}

/// Returns the type that the plan was made for.
fn planned_from<'a>(work: &Work<'a>) -> Option<&'a InstanceType> {
    match &work.change.action {
        Action::ModifyInstanceType { from, .. } => Some(from),
        _ => None,
    }
}

/// Lists the calls of a step, whichever way, that AWS did not refuse.
fn ours<'a>(work: &Work<'a>, step: &'static str) -> impl DoubleEndedIterator<Item = &'a Attempt> {
    work.progress.attempts.iter().filter(move |one| one.step == step && !is_refused(one))
}

fn is_refused(attempt: &Attempt) -> bool {
    attempt.outcome.as_ref().is_some_and(|(_, _, result)| result.refusal().is_some())
}

/// Returns whether a call was made that AWS may have carried out on the instance or its traffic.
fn is_touched(work: &Work<'_>) -> bool {
    work.progress.attempts.iter().any(|one| one.call.touches_resource() && !is_refused(one))
}

/// Returns how long ago the latest call of a step was made, whichever way; how long it goes this
/// way, where there was none.
fn since_any(work: &Work<'_>, step: &'static str) -> SignedDuration {
    ours(work, step)
        .next_back()
        .map_or_else(|| work.elapsed(), |last| work.now.duration_since(last.at))
}

/// Returns the latest stop or start.
fn last_turn<'a>(work: &Work<'a>) -> Option<&'a Attempt> {
    let is_turn = |one: &&Attempt| matches!(one.step.as_str(), STOP | START) && !is_refused(one);
    work.progress.attempts.iter().rfind(is_turn)
}

/// Returns whether it was told to stop so recently that this may not be seen yet.
fn is_stop_unseen(work: &Work<'_>) -> bool {
    last_turn(work)
        .is_some_and(|last| last.step == STOP && work.now.duration_since(last.at) < SETTLES)
}

/// Returns whether it was told to start so recently that this may not be seen yet.
fn is_start_unseen(work: &Work<'_>, now: &InstanceObserved) -> bool {
    let is_failed = now.state_reason.as_deref().is_some_and(|code| code != STOPPED_BY_REQUEST);
    !is_failed
        && last_turn(work)
            .is_some_and(|last| last.step == START && work.now.duration_since(last.at) < SETTLES)
}

/// Returns the type that was asked for last.
fn asked_type<'a>(work: &Work<'a>) -> Option<&'a InstanceType> {
    ours(work, MODIFY).next_back().and_then(|last| match &last.call {
        Call::ModifyInstanceType { instance_type, .. } => Some(instance_type),
        _ => None,
    })
}

/// Returns the latest call about a registration, and whether it took it away.
fn last_traffic<'a>(work: &Work<'a>, target: &Target) -> Option<&'a Attempt> {
    let is_about = |one: &&Attempt| match &one.call {
        Call::RegisterTarget(of) | Call::DeregisterTarget(of) => of == target && !is_refused(one),
        _ => false,
    };
    work.progress.attempts.iter().rfind(is_about)
}

/// Lists the types that we may have set.
fn possible<'a>(work: &Work<'a>) -> Vec<&'a InstanceType> {
    let to = match &work.change.action {
        Action::ModifyInstanceType { to, .. } => Some(to),
        _ => None,
    };
    to.into_iter().chain(&work.change.ladder).collect()
}

/// Returns the type to reach: the next one where a type was tried often enough.
fn goal(work: &Work<'_>, before: &InstanceObserved) -> Option<InstanceType> {
    let tried = |wanted: &InstanceType| starts_of(work, before, wanted) >= STARTS_OF_A_TYPE;
    let is_down =
        matches!(work.now_is, Observed::Instance(now) if now.state == InstanceState::Stopped);
    let running = match work.now_is {
        Observed::Instance(now) if !is_down => {
            possible(work).into_iter().find(|one| **one == now.instance_type)
        }
        _ => None,
    };
    running.or_else(|| possible(work).into_iter().find(|one| !tried(one))).cloned()
}

/// Counts the starts that were tried while the instance had a type.
fn starts_of(work: &Work<'_>, before: &InstanceObserved, wanted: &InstanceType) -> usize {
    let mut current = &before.instance_type;
    let mut starts = 0;
    for attempt in &work.progress.attempts {
        match &attempt.call {
            Call::ModifyInstanceType { instance_type, .. } if !is_refused(attempt) => {
                current = instance_type;
            }
            // What was refused as too fast or too early says nothing of the capacity.
            Call::StartInstance { .. }
                if current == wanted
                    && attempt.direction == work.direction
                    && attempt
                        .outcome
                        .as_ref()
                        .and_then(|(_, _, result)| result.refusal())
                        .is_none_or(|code| NO_CAPACITY.contains(&code)) =>
            {
                starts += 1;
            }
            _ => {}
        }
    }
    starts
}

fn snapshots(work: &Work<'_>, now: &InstanceObserved) -> Option<Decision> {
    let of_volume = |volume: &ResourceId| now.snapshots.iter().find(|one| one.volume == *volume);
    let failed =
        now.snapshots.iter().find(|one| !matches!(one.state.as_str(), "pending" | "completed"));
    if let Some(failed) = failed {
        return Some(Decision::Abort(Reason::new(
            "snapshot-failed",
            format!("Snapshot {} is in state {}.", failed.id, failed.state),
            format!("스냅샷 {} 상태: {}.", failed.id, failed.state),
        )));
    }
    if now.volumes.iter().any(|volume| of_volume(volume).is_none()) {
        let is_made = work.since(SNAPSHOT).is_some_and(|since| since < SETTLES);
        if is_made {
            return Some(wait(
                "snapshot-listed",
                "the snapshots to be listed",
                "스냅샷이 조회되기",
            ));
        }
        let create = Call::CreateSnapshots {
            instance: work.change.resource.id.clone(),
            change: work.change.id.clone(),
        };
        return Some(call(SNAPSHOT, create));
    }
    let pending = now.snapshots.iter().any(|one| one.state == "pending");
    if !pending {
        return None;
    }
    if work.elapsed() > SNAPSHOT_DEADLINE {
        return Some(Decision::Abort(Reason::new(
            "snapshot-slow",
            "The snapshots were not complete in time.",
            "스냅샷이 제한 시간 안에 끝나지 않았습니다.",
        )));
    }
    Some(wait("snapshot-pending", "the snapshots to be complete", "스냅샷이 완료되기"))
}

/// A machine that was found stopped is changed and stays stopped.
fn change_stopped(
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

fn change_running(
    work: &Work<'_>,
    now: &InstanceObserved,
    before: &InstanceObserved,
    goal: &InstanceType,
) -> Option<Decision> {
    let is_changed = now.instance_type == *goal;
    let is_started = ours(work, START).next().is_some();
    match &now.state {
        InstanceState::Running if is_changed => in_service(work, now, before),
        InstanceState::Running if is_started => Some(unseen_type(work)),
        // Somebody started it again between our stop and our change.
        InstanceState::Running if now.launch_time != before.launch_time => {
            Some(Decision::Abort(started_by_others()))
        }
        InstanceState::Running => reserve(work, now, before, goal)
            .or_else(|| drain(work, now, before))
            .or_else(|| Some(stop_once(work))),
        InstanceState::Stopping => Some(stopping(work)),
        InstanceState::Stopped if is_changed => start(work, now, goal),
        InstanceState::Stopped => modify(work, goal),
        InstanceState::Pending if is_changed || is_started => Some(starting(work)),
        InstanceState::Pending => Some(Decision::Abort(started_by_others())),
        InstanceState::ShuttingDown | InstanceState::Terminated | InstanceState::Other(_) => {
            Some(operator(work, unknown_state(now)))
        }
    }
}

/// Waits for the new type of a machine that we started to be seen.
fn unseen_type(work: &Work<'_>) -> Decision {
    if since_any(work, MODIFY) < TYPE_SETTLES {
        return wait("type-seen", "the new type to be seen", "바뀐 타입이 반영되기");
    }
    Decision::Abort(type_not_taken())
}

/// Proves that there is capacity before anything is stopped.
fn reserve(
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

/// Takes the traffic away.
fn drain(work: &Work<'_>, now: &InstanceObserved, before: &InstanceObserved) -> Option<Decision> {
    if before.state != InstanceState::Running || now.targets.is_empty() {
        return None;
    }
    if work.since_first(DRAIN).is_some_and(|since| since > DRAIN_DEADLINE) {
        return Some(Decision::Abort(Reason::new(
            "drain-slow",
            "Its connections did not end in time.",
            "연결이 제한 시간 안에 정리되지 않았습니다.",
        )));
    }
    let is_asked = |target: &Target| {
        last_traffic(work, target)
            .is_some_and(|last| last.step == DRAIN && work.now.duration_since(last.at) < SETTLES)
    };
    let registered = now
        .targets
        .iter()
        .find(|one| one.health != TargetHealth::Draining && !is_asked(&one.target));
    if let Some(one) = registered {
        if one.health == TargetHealth::Healthy && one.healthy_others == 0 {
            return Some(Decision::Abort(Reason::new(
                "last-healthy-target",
                format!("It is the last healthy target of {}.", one.target.group),
                format!("{} 대상 그룹에 남은 마지막 정상 대상입니다.", one.target.group),
            )));
        }
        return Some(call(DRAIN, Call::DeregisterTarget(one.target.clone())));
    }
    Some(wait("draining", "its connections to end", "연결이 정리되기"))
}

fn stop_once(work: &Work<'_>) -> Decision {
    if is_stop_unseen(work) {
        return wait("stop-seen", "the stop to be seen", "중지가 반영되기");
    }
    if work.attempts(STOP).count() >= MOST_REPEATS {
        return Decision::Abort(Reason::new(
            "stop-not-taken",
            "The instance does not stop although AWS accepted it.",
            "AWS가 요청을 받아들였지만 인스턴스가 중지되지 않습니다.",
        ));
    }
    call(STOP, stop(work))
}

fn stopping(work: &Work<'_>) -> Decision {
    if since_any(work, STOP) > STOP_DEADLINE {
        return operator(
            work,
            Reason::new(
                "stop-stuck",
                "It has been stopping for too long. A forced stop can damage its file systems, and is a person's decision.",
                "중지가 너무 오래 걸립니다. 강제 중지는 파일 시스템을 손상시킬 수 있으므로 사람이 결정해야 합니다.",
            ),
        );
    }
    wait("stopping", "it to stop", "중지가 끝나기")
}

fn modify(work: &Work<'_>, to: &InstanceType) -> Option<Decision> {
    // An accepted change of type may take a while to be seen; made twice it does no harm, but
    // each is an entry in somebody's log.
    let is_asked = work.attempts(MODIFY).next_back().is_some_and(|last| {
        matches!(&last.call, Call::ModifyInstanceType { instance_type, .. } if instance_type == to)
            && last.outcome.as_ref().is_some_and(|(_, _, result)| result.refusal().is_none())
    });
    let since = work.since(MODIFY);
    if is_asked && since.is_some_and(|since| since < TYPE_SETTLES) {
        return Some(wait("type-seen", "the new type to be seen", "바뀐 타입이 반영되기"));
    }
    // It may be seen as stopped while it is not any more.
    if !is_asked && since.is_some_and(|since| since < POLL) {
        return Some(wait("state-seen", "its state to be seen", "상태가 반영되기"));
    }
    if work.attempts(MODIFY).count() >= MOST_REPEATS {
        return Some(Decision::Abort(type_not_taken()));
    }
    let modify = Call::ModifyInstanceType {
        instance: work.change.resource.id.clone(),
        instance_type: to.clone(),
    };
    Some(call(MODIFY, modify))
}

fn start(work: &Work<'_>, now: &InstanceObserved, wanted: &InstanceType) -> Option<Decision> {
    let Observed::Instance(before) = &work.progress.before else { return None };
    if is_start_unseen(work, now) {
        return Some(wait("start-seen", "the start to be seen", "시작이 반영되기"));
    }
    let reason = now.state_reason.as_deref();
    if let Some(last) = last_turn(work).filter(|last| last.step == START) {
        if reason == Some("Client.InternalError") {
            return Some(operator(work, key_refused()));
        }
        // It was up, and whoever stopped it is not fought.
        let was_up = now.launch_time != before.launch_time
            && now.launch_time.is_some_and(|launched| launched >= last.at);
        if was_up && reason == Some(STOPPED_BY_REQUEST) {
            return Some(operator(work, stopped_by_others()));
        }
    }
    let starts = starts_of(work, before, wanted);
    let most = match work.direction {
        Direction::Back => STARTS_BACK,
        _ => STARTS_OF_A_TYPE,
    };
    if starts >= most {
        return Some(match work.direction {
            Direction::Back => operator(work, no_capacity()),
            _ => Decision::Abort(no_capacity()),
        });
    }
    if starts > 0 {
        // Twice as long each time: 20, 40, 80 s.
        let pause = SignedDuration::from_secs(20 << starts.min(6).saturating_sub(1));
        let since = work.since(START).unwrap_or(SignedDuration::MAX);
        if since < pause {
            return Some(Decision::Wait { why: retried(), poll: pause - since });
        }
    }
    let held =
        now.reservations.iter().find(|one| one.instance_type == *wanted && is_held(&one.state));
    if let Some(held) = held
        && let Freed::By(decision) = free(work, &held.id, CANCELS_BEFORE_START, POLL)
    {
        return Some(decision);
    }
    Some(call(START, Call::StartInstance { instance: work.change.resource.id.clone() }))
}

/// Whether a reservation is given back.
enum Freed {
    /// It is.
    Done,
    /// It is not, and it was tried often enough.
    Not,
    /// This comes first.
    By(Decision),
}

fn free(work: &Work<'_>, held: &ResourceId, most: usize, pause: SignedDuration) -> Freed {
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

fn starting(work: &Work<'_>) -> Decision {
    if since_any(work, START) <= START_DEADLINE {
        return wait("starting", "it to start", "시작이 끝나기");
    }
    if work.direction != Direction::Back {
        return Decision::Abort(slow_start());
    }
    // What hangs in its start may still be stopped; AWS may also refuse that.
    match work.since(STOP) {
        None => call(STOP, stop(work)),
        Some(since) if since > STOP_DEADLINE => operator(work, slow_start()),
        Some(_) => wait("stopping", "it to stop", "중지가 끝나기"),
    }
}

/// Sees to it that a running machine is well and has its traffic back.
fn in_service(
    work: &Work<'_>,
    now: &InstanceObserved,
    before: &InstanceObserved,
) -> Option<Decision> {
    let give_up = |reason: Reason| match work.direction {
        Direction::Back => operator(work, reason),
        _ => Decision::Abort(reason),
    };
    let since_start = work.since(START).unwrap_or_else(|| work.elapsed());
    let was_started = work.attempts(START).any(|one| !is_refused(one));
    if was_started && !now.checks.is_some_and(trimtab_model::observed::StatusChecks::are_ok) {
        return Some(if since_start > START_DEADLINE + CHECKS_DEADLINE {
            give_up(Reason::new(
                "checks-failed",
                "Its status checks are not all ok.",
                "상태 검사가 모두 정상이 되지 않았습니다.",
            ))
        } else {
            wait("status-checks", "its status checks", "상태 검사가 끝나기")
        });
    }
    if let (Some(was), Some(is)) = (&before.cpu_credits, &now.cpu_credits)
        && was != is
        && work.since(CREDITS).is_none_or(|since| since > SETTLES)
    {
        let restore = Call::ModifyCreditSpecification {
            instance: work.change.resource.id.clone(),
            cpu_credits: was.clone(),
        };
        return Some(call(CREDITS, restore));
    }
    let before_targets = before.targets.iter().filter(|one| one.health != TargetHealth::Draining);
    for one in before_targets {
        let last = last_traffic(work, &one.target);
        let found = now.targets.iter().find(|found| found.target == one.target);
        // Where it was taken away last, what is seen is either gone or about to be.
        let found = found.filter(|found| {
            found.health != TargetHealth::Draining && last.is_none_or(|last| last.step != DRAIN)
        });
        let registered = last.filter(|last| last.step == REGISTER);
        let is_young = registered.is_some_and(|last| work.now.duration_since(last.at) < SETTLES);
        match found.map(|found| found.health) {
            None if is_young => {
                return Some(wait("traffic-seen", "its registration", "대상 등록이 반영되기"));
            }
            None if work.attempts(REGISTER).count() >= MOST_REPEATS * before.targets.len() => {
                return Some(give_up(target_ill(&one.target)));
            }
            None => return Some(call(REGISTER, Call::RegisterTarget(one.target.clone()))),
            // What is seen may be from before it was taken away.
            Some(TargetHealth::Healthy) if is_young => {
                return Some(wait(
                    "target-health",
                    "its health check",
                    "대상 상태 검사가 정상이 되기",
                ));
            }
            Some(TargetHealth::Healthy) => {}
            // What was not healthy before need not be now.
            Some(_) if one.health != TargetHealth::Healthy => {}
            Some(_) => {
                let since = work.since_first(REGISTER).unwrap_or(since_start);
                return Some(if since > TARGET_DEADLINE + CHECKS_DEADLINE {
                    give_up(target_ill(&one.target))
                } else {
                    wait("target-health", "its health check", "대상 상태 검사가 정상이 되기")
                });
            }
        }
    }
    None
}

fn stop(work: &Work<'_>) -> Call {
    Call::StopInstance { instance: work.change.resource.id.clone() }
}

fn cancel(reservation: &ResourceId) -> Call {
    Call::CancelCapacityReservation { reservation: reservation.clone() }
}

fn is_held(state: &str) -> bool {
    matches!(state, "active" | "pending" | "assessing" | "scheduled")
}

fn call(step: &'static str, call: Call) -> Decision {
    Decision::Call { step, call }
}

fn operator(work: &Work<'_>, reason: Reason) -> Decision {
    Decision::Operator { reason, manual: manual(work) }
}

fn wait(code: &str, en: &str, ko: &str) -> Decision {
    let why = Reason::new(code, format!("Waiting for {en}."), format!("{ko}를 기다립니다."));
    Decision::Wait { why, poll: POLL }
}

fn no_capacity() -> Reason {
    Reason::new(
        "no-capacity",
        "AWS has no capacity for the type in this zone now.",
        "지금 이 가용 영역에 해당 타입의 여유 용량이 없습니다.",
    )
}

fn retried() -> Reason {
    Reason::new(
        "start-retried",
        "The start failed and is tried again.",
        "시작에 실패하여 다시 시도합니다.",
    )
}

fn slow_start() -> Reason {
    Reason::new("start-slow", "It did not start in time.", "제한 시간 안에 시작되지 않았습니다.")
}

fn started_by_others() -> Reason {
    Reason::new(
        "started-by-others",
        "Somebody started the instance meanwhile.",
        "작업 중에 다른 사람이 인스턴스를 시작했습니다.",
    )
}

fn foreign_type(now: &InstanceObserved) -> Reason {
    Reason::new(
        "type-changed-by-others",
        format!("Somebody set the type {} meanwhile.", now.instance_type),
        format!("작업 중에 다른 사람이 타입을 {}(으)로 바꿨습니다.", now.instance_type),
    )
}

fn unknown_state(now: &InstanceObserved) -> Reason {
    Reason::new(
        "unexpected-state",
        format!("The instance is in state {:?}.", now.state),
        format!("인스턴스 상태: {:?}.", now.state),
    )
}

fn key_refused() -> Reason {
    Reason::new(
        "key-refused",
        "It starts and stops at once with Client.InternalError: most often the key of an encrypted volume is disabled, or kms:CreateGrant is missing.",
        "시작하자마자 Client.InternalError로 중지됩니다. 암호화된 볼륨의 키가 비활성화되었거나 kms:CreateGrant 권한이 없는 경우가 대부분입니다.",
    )
}

fn stopped_by_others() -> Reason {
    Reason::new(
        "stopped-by-others",
        "Somebody else stopped the instance.",
        "다른 사람이 인스턴스를 중지했습니다.",
    )
}

fn type_not_taken() -> Reason {
    Reason::new(
        "type-not-taken",
        "The type does not change although AWS accepted it.",
        "AWS가 요청을 받아들였지만 타입이 바뀌지 않습니다.",
    )
}

fn target_ill(target: &Target) -> Reason {
    Reason::new(
        "target-unhealthy",
        format!("It does not become healthy in {}.", target.group),
        format!("{} 대상 그룹에서 정상이 되지 않습니다.", target.group),
    )
}
