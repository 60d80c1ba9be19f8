//! Stops and starts a resource at set hours, by schedules of our own: those of EventBridge
//! Scheduler for instances and databases, scheduled actions for an Auto Scaling group.
//!
//! Never in production. Back means that the schedules are gone and that the resource runs again
//! if it ran before: what a schedule has stopped in between does not stay so.
//!
//! RDS starts a database again that was stopped for seven days. No stop of a week with a start in
//! it lasts as long, and what was started in another way is stopped by the next stop: nothing
//! needs to be watched, and a database that runs is no disturbance.

use jiff::SignedDuration;

use trimtab_model::action::{
    Action, SCHEDULE_GROUP, ScheduleTarget, ScheduledCall, ScheduledSizes,
};
use trimtab_model::call::Call;
use trimtab_model::environment::Environment;
use trimtab_model::id::ResourceId;
use trimtab_model::journal::Direction;
use trimtab_model::observed::{Observed, ScheduleObserved};
use trimtab_model::text::Reason;

use super::decision::{call, wait};
use super::{Afterwards, Decision, Reaction, Sequence, Watch, Work};

/// How a schedule is set up.
static SEQUENCE: Sequence = Sequence { forward, back, release, is_disrupted, watch, react, manual };

const GROUP: &str = "create-schedule-group";
const CREATE: &str = "create-schedule";
const DELETE: &str = "delete-schedule";
const START: &str = "start";

const POLL: SignedDuration = SignedDuration::from_secs(10);
/// What was asked may not be seen at once.
const SETTLES: SignedDuration = SignedDuration::from_secs(30);
const START_DEADLINE: SignedDuration = SignedDuration::from_mins(30);
const STARTS: usize = 6;

/// Returns how a target is scheduled, where that is done here.
pub(super) fn sequence(target: &ScheduleTarget) -> Option<&'static Sequence> {
    match target {
        ScheduleTarget::Instance
        | ScheduleTarget::DbInstance
        | ScheduleTarget::DbCluster { .. }
        | ScheduleTarget::AutoScalingGroup { .. } => Some(&SEQUENCE),
        ScheduleTarget::EcsService { .. } => None,
    }
}

fn forward(work: &Work<'_>) -> Decision {
    let Some((now, before)) = both(work) else { return gone(work) };
    if matches!(work.change.environment, Environment::Prod | Environment::Unknown) {
        return Decision::Abort(Reason::new(
            "schedule-in-production",
            "Nothing in production is stopped by a schedule, nor what has no environment.",
            "운영 환경이거나 환경을 알 수 없는 리소스는 일정에 따라 중지하지 않습니다.",
        ));
    }
    if !now.is_opted_in && work.made(Direction::Forward, CREATE).next().is_none() {
        return Decision::Abort(Reason::new(
            "not-opted-in",
            "The tag trimtab:apply=allowed is gone.",
            "trimtab:apply=allowed 태그가 없어졌습니다.",
        ));
    }
    let Some(planned) = planned(work) else { return Decision::Abort(without_role()) };
    let taken = planned.iter().find(|one| {
        now.schedules.get(&one.name).is_some_and(|expression| *expression != one.expression)
            || now.roles.get(&one.name).is_some_and(|role| !one.is_as(role))
            || before.schedules.contains_key(&one.name)
    });
    if let Some(one) = taken {
        return Decision::Abort(Reason::new(
            "schedule-exists",
            format!("A schedule {} exists already.", one.name),
            format!("{} 일정이 이미 있습니다.", one.name),
        ));
    }
    // The starts come first: what would be stopped without ever being started again is worse
    // than what is started without being stopped.
    let missing = planned.iter().rev().find(|one| !now.schedules.contains_key(&one.name));
    let Some(one) = missing else { return Decision::Done };
    if !now.has_group && matches!(one.create, Call::CreateSchedule { .. }) {
        return once(work, GROUP, Call::CreateScheduleGroup { name: SCHEDULE_GROUP.to_owned() });
    }
    once(work, CREATE, one.create.clone())
}

fn back(work: &Work<'_>) -> Decision {
    let Some((now, before)) = both(work) else { return gone(work) };
    let planned = planned(work).unwrap_or_default();
    let ours = planned.iter().find(|one| {
        now.schedules.contains_key(&one.name) && !before.schedules.contains_key(&one.name)
    });
    if let Some(one) = ours {
        return once(work, DELETE, one.delete.clone());
    }
    if before.is_running != Some(true) {
        return Decision::Done;
    }
    if work.attempts(DELETE).next().is_none() && work.is_just_made(CREATE, SETTLES) {
        return wait("schedule-seen", "the schedule to be seen", "일정이 반영되기", POLL);
    }
    match now.is_running {
        Some(true) => Decision::Done,
        Some(false) => start(work),
        None => starting(work),
    }
}

fn release(_: &Work<'_>) -> Decision {
    Decision::Done
}

/// A schedule stops what it is for on purpose.
fn is_disrupted(_: &Work<'_>) -> bool {
    false
}

fn watch(work: &Work<'_>) -> Watch {
    let (Observed::Schedule(now), Some(Observed::Schedule(after))) =
        (work.now_is, &work.progress.after)
    else {
        return Watch::Undisturbed;
    };
    if now.schedules == after.schedules && is_as_before(now, after) {
        return Watch::Undisturbed;
    }
    Watch::Hold(Reason::new(
        "schedules-changed-by-others",
        "Somebody changed its schedules.",
        "다른 사람이 일정을 변경했습니다.",
    ))
}

/// Returns whether the schedules act as the roles that they were seen with. What was written down
/// before roles were looked at says nothing of them.
fn is_as_before(now: &ScheduleObserved, after: &ScheduleObserved) -> bool {
    after.roles.iter().all(|(name, role)| now.roles.get(name) == Some(role))
}

fn react(step: &str, code: &str) -> Reaction {
    let seconds = SignedDuration::from_secs;
    match (step, code) {
        // It is there, or gone, already: looking says so.
        (GROUP | CREATE | DELETE, "ConflictException" | "AlreadyExists")
        | (DELETE, "ResourceNotFoundException") => Reaction::Observe,
        // A group or a role that was made a moment ago may not be there yet.
        (CREATE, "ResourceNotFoundException" | "ValidationException") => {
            Reaction::Retry { attempts: 3, pause: seconds(10), then: Afterwards::Abort }
        }
        (
            START,
            "IncorrectInstanceState"
            | "InvalidDBInstanceState"
            | "InvalidDBClusterStateFault"
            | "ScalingActivityInProgress",
        ) => Reaction::Observe,
        (START, _) => {
            Reaction::Retry { attempts: STARTS, pause: seconds(30), then: Afterwards::Operator }
        }
        _ => Reaction::Give(Afterwards::Abort),
    }
}

fn manual(work: &Work<'_>) -> Vec<String> {
    let (id, region) = (&work.change.resource.id, &work.change.resource.region);
    let Action::ApplySchedule { schedule, target } = &work.change.action else {
        return Vec::new();
    };
    let calls = ScheduledCall::of(schedule, target, &work.change.resource).into_iter().map(|one| {
        format!("aws scheduler delete-schedule --group-name {SCHEDULE_GROUP} --name {} --region {region}", one.name)
    });
    let sizes = ScheduledSizes::of(schedule, target).into_iter().map(|one| {
        format!("aws autoscaling delete-scheduled-action --auto-scaling-group-name {id} --scheduled-action-name {} --region {region}", one.name)
    });
    let start = match target {
        ScheduleTarget::DbInstance => {
            format!("aws rds start-db-instance --db-instance-identifier {id} --region {region}")
        }
        ScheduleTarget::DbCluster { .. } => {
            format!("aws rds start-db-cluster --db-cluster-identifier {id} --region {region}")
        }
        ScheduleTarget::AutoScalingGroup { sizes } => format!(
            "aws autoscaling update-auto-scaling-group --auto-scaling-group-name {id} --min-size {} --max-size {} --desired-capacity {} --region {region}",
            sizes.min_size, sizes.max_size, sizes.desired_capacity
        ),
        ScheduleTarget::Instance | ScheduleTarget::EcsService { .. } => {
            format!("aws ec2 start-instances --instance-ids {id} --region {region}")
        }
    };
    calls.chain(sizes).chain([start]).collect()
}

fn both<'a>(work: &Work<'a>) -> Option<(&'a ScheduleObserved, &'a ScheduleObserved)> {
    match (work.now_is, &work.progress.before) {
        (Observed::Schedule(now), Observed::Schedule(before)) => Some((now, before)),
        _ => None,
    }
}

fn gone(work: &Work<'_>) -> Decision {
    let reason = Reason::new(
        "resource-gone",
        "The resource does not exist any more.",
        "리소스가 더 이상 없습니다.",
    );
    Decision::Operator { reason, manual: manual(work) }
}

/// One schedule that the plan leads to.
struct Planned {
    name: String,
    expression: String,
    create: Call,
    delete: Call,
}

impl Planned {
    /// Returns whether it acts as a role; scheduled actions act as none.
    fn is_as(&self, found: &str) -> bool {
        match &self.create {
            Call::CreateSchedule { role, .. } => role == found,
            _ => true,
        }
    }
}

/// Lists the schedules that the plan leads to: the stops, then the starts. There are none where
/// no role is set that they could act as.
fn planned(work: &Work<'_>) -> Option<Vec<Planned>> {
    let Action::ApplySchedule { schedule, target } = &work.change.action else {
        return Some(Vec::new());
    };
    let resource = &work.change.resource;
    if matches!(target, ScheduleTarget::AutoScalingGroup { .. }) {
        let group = &resource.id;
        let all = ScheduledSizes::of(schedule, target).into_iter();
        return Some(all.map(|one| of_group(group.clone(), one)).collect());
    }
    let role = work.rules.scheduler.arn(resource)?;
    let all = ScheduledCall::of(schedule, target, resource).into_iter();
    Some(all.map(|one| of_scheduler(one, role.clone())).collect())
}

fn of_scheduler(one: ScheduledCall, role: String) -> Planned {
    let ScheduledCall { name, expression, time_zone, target, input } = one;
    Planned {
        name: name.clone(),
        expression: expression.clone(),
        delete: Call::DeleteSchedule { name: name.clone() },
        create: Call::CreateSchedule { name, expression, time_zone, target, input, role },
    }
}

fn of_group(group: ResourceId, one: ScheduledSizes) -> Planned {
    let ScheduledSizes { name, recurrence, time_zone, sizes } = one;
    Planned {
        name: name.clone(),
        expression: recurrence.clone(),
        delete: Call::DeleteGroupSchedule { group: group.clone(), name: name.clone() },
        create: Call::PutGroupSchedule { group, name, recurrence, time_zone, sizes },
    }
}

fn without_role() -> Reason {
    Reason::new(
        "needs-a-role",
        "A schedule acts by a role of its own, and the plan names none: set rollout.scheduler_role and make a new plan.",
        "일정이 사용할 역할이 계획에 없습니다. rollout.scheduler_role을 설정하고 계획을 다시 만드세요.",
    )
}

/// Makes a call, unless the same one was made a moment ago, or too often.
fn once(work: &Work<'_>, step: &'static str, wanted: Call) -> Decision {
    let made: Vec<_> = work.attempts(step).filter(|attempt| attempt.call == wanted).collect();
    if made.last().is_some_and(|last| work.now.duration_since(last.at) < SETTLES) {
        return wait("schedule-seen", "the schedule to be seen", "일정이 반영되기", POLL);
    }
    if made.len() >= 3 {
        return Decision::Abort(Reason::new(
            "schedule-not-taken",
            "The schedule does not change although AWS was asked three times.",
            "세 번 요청했지만 일정이 바뀌지 않습니다.",
        ));
    }
    call(step, wanted)
}

fn start(work: &Work<'_>) -> Decision {
    if work.since(START).is_some_and(|since| since < SETTLES * 2) {
        return starting(work);
    }
    if work.attempts(START).count() >= STARTS {
        return Decision::Operator { reason: not_started(), manual: manual(work) };
    }
    let id = work.change.resource.id.clone();
    call(
        START,
        match &work.change.action {
            Action::ApplySchedule { target: ScheduleTarget::DbInstance, .. } => {
                Call::StartDbInstance { instance: id }
            }
            Action::ApplySchedule { target: ScheduleTarget::DbCluster { .. }, .. } => {
                Call::StartDbCluster { cluster: id }
            }
            Action::ApplySchedule {
                target: ScheduleTarget::AutoScalingGroup { sizes }, ..
            } => Call::ResizeGroup { group: id, to: *sizes },
            _ => Call::StartInstance { instance: id },
        },
    )
}

fn starting(work: &Work<'_>) -> Decision {
    let since = work.since_first(START).unwrap_or_else(|| work.elapsed());
    if since > START_DEADLINE {
        return Decision::Operator { reason: not_started(), manual: manual(work) };
    }
    wait("starting", "it to start", "시작이 끝나기", POLL)
}

fn not_started() -> Reason {
    Reason::new(
        "start-slow",
        "The schedules are gone, but it did not start again in time.",
        "일정은 삭제했지만 제한 시간 안에 다시 시작되지 않았습니다.",
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use trimtab_model::action::GroupSizes;
    use trimtab_model::journal::ChangeOutcome;
    use trimtab_model::plan::Fingerprint;
    use trimtab_model::resource::ResourceKind;
    use trimtab_model::schedule::{PlannedHour, Schedule, WeekPlan};

    use super::*;
    use crate::sequence::trial::{Step, Trial};

    const STOP: (&str, &str) = ("trimtab-i-1-stop-1", "cron(0 19 ? * MON-FRI *)");
    const AGAIN: (&str, &str) = ("trimtab-i-1-start-1", "cron(0 9 ? * MON-FRI *)");

    fn trial() -> Trial {
        let week = WeekPlan::new(|hour| match (hour.day() < 5, hour.hour()) {
            (true, 9..19) => PlannedHour::Used,
            _ => PlannedHour::Off,
        });
        let schedule = Schedule { time_zone: "Asia/Seoul".to_owned(), week };
        let action = Action::ApplySchedule { schedule, target: ScheduleTarget::Instance };
        with_role(Trial::new(action, ResourceKind::Instance, "i-1"))
    }

    fn with_role(mut run: Trial) -> Trial {
        run.plan.rules.scheduler.every = Some("trimtab-scheduler".to_owned());
        run
    }

    fn seen(schedules: &[(&str, &str)], is_running: Option<bool>) -> Observed {
        let schedules: BTreeMap<String, String> = schedules
            .iter()
            .map(|(name, expression)| ((*name).to_owned(), (*expression).to_owned()))
            .collect();
        Observed::Schedule(ScheduleObserved {
            fingerprint: Fingerprint::default(),
            obstacles: Vec::new(),
            schedules,
            roles: BTreeMap::new(),
            has_group: true,
            is_running,
            is_opted_in: true,
        })
    }

    fn created(call: &Call) -> &str {
        match call {
            Call::CreateSchedule { name, role, .. } => {
                assert_eq!(role, "arn:aws:iam::111122223333:role/trimtab-scheduler");
                name
            }
            other => panic!("no schedule: {other:?}"),
        }
    }

    #[test]
    fn the_start_is_set_up_before_the_stop_and_all_of_it_is_taken_back() {
        let mut run = trial();
        assert_eq!(created(&run.calls(&seen(&[], Some(true)))), AGAIN.0);
        run.waits(&seen(&[], Some(true)), "schedule-seen");
        assert_eq!(created(&run.calls(&seen(&[AGAIN], Some(true)))), STOP.0);
        assert_eq!(run.step(&seen(&[AGAIN, STOP], Some(true))), Step::Soaking);
        run.pass(SignedDuration::from_hours(12));
        run.cancel();
        // It was stopped by its schedule meanwhile.
        let delete = |name: &str| Call::DeleteSchedule { name: name.to_owned() };
        assert_eq!(run.calls(&seen(&[AGAIN, STOP], Some(false))), delete(STOP.0));
        assert_eq!(run.calls(&seen(&[AGAIN], Some(false))), delete(AGAIN.0));
        let start = Call::StartInstance { instance: "i-1".into() };
        assert_eq!(run.calls(&seen(&[], Some(false))), start);
        run.waits(&seen(&[], None), "starting");
        run.ends(&seen(&[], Some(true)), ChangeOutcome::Original, "cancelled");
    }

    #[test]
    fn what_was_found_stopped_stays_stopped() {
        let mut run = trial();
        run.calls(&seen(&[], Some(false)));
        run.cancel();
        assert!(matches!(run.calls(&seen(&[AGAIN], Some(false))), Call::DeleteSchedule { .. }));
        run.ends(&seen(&[], Some(false)), ChangeOutcome::Original, "cancelled");
    }

    #[test]
    fn nothing_in_production_is_scheduled() {
        for environment in [Environment::Prod, Environment::Unknown] {
            let mut run = trial().with(|one| one.environment = environment);
            let code = "schedule-in-production";
            run.ends(&seen(&[], Some(true)), ChangeOutcome::Refused, code);
        }
    }

    #[test]
    fn a_schedule_of_that_name_is_not_overwritten() {
        let other = [(STOP.0, "cron(0 1 ? * * *)")];
        trial().ends(&seen(&other, Some(true)), ChangeOutcome::Refused, "schedule-exists");
    }

    fn acting_as(seen: Observed, role: &str) -> Observed {
        let Observed::Schedule(mut one) = seen else { unreachable!("{seen:?}") };
        let names = one.schedules.keys();
        one.roles = names.map(|name| (name.clone(), role.to_owned())).collect();
        Observed::Schedule(one)
    }

    #[test]
    fn a_role_that_somebody_changed_is_noticed_while_it_is_set_up_and_while_it_is_watched() {
        let ours = "arn:aws:iam::111122223333:role/trimtab-scheduler";
        let mut run = trial();
        run.calls(&seen(&[], Some(true)));
        run.calls(&acting_as(seen(&[AGAIN], Some(true)), ours));
        let both = || seen(&[AGAIN, STOP], Some(true));
        assert_eq!(run.step(&acting_as(both(), ours)), Step::Soaking);
        assert_eq!(run.watch(&acting_as(both(), ours)), Watch::Undisturbed);
        let held = run.watch(&acting_as(both(), "arn:aws:iam::111122223333:role/admin"));
        let Watch::Hold(reason) = held else { unreachable!("{held:?}") };
        assert_eq!(reason.code, "schedules-changed-by-others");
        let mut run = trial();
        run.calls(&seen(&[], Some(true)));
        let other = acting_as(seen(&[AGAIN], Some(true)), "arn:aws:iam::111122223333:role/admin");
        assert!(matches!(run.calls(&other), Call::DeleteSchedule { .. }));
    }

    #[test]
    fn what_was_written_down_before_roles_were_looked_at_is_watched_as_before() {
        let mut run = trial();
        run.calls(&seen(&[], Some(true)));
        run.calls(&seen(&[AGAIN], Some(true)));
        assert_eq!(run.step(&seen(&[AGAIN, STOP], Some(true))), Step::Soaking);
        let now = acting_as(seen(&[AGAIN, STOP], Some(true)), "arn:aws:iam::111122223333:role/x");
        assert_eq!(run.watch(&now), Watch::Undisturbed);
    }

    #[test]
    fn d40_a_database_that_aws_started_again_is_no_change_of_its_schedules() {
        let mut run = trial();
        run.calls(&seen(&[], Some(true)));
        run.calls(&seen(&[AGAIN], Some(true)));
        assert_eq!(run.step(&seen(&[AGAIN, STOP], Some(false))), Step::Soaking);
        assert_eq!(run.watch(&seen(&[AGAIN, STOP], Some(true))), Watch::Undisturbed);
    }

    #[test]
    fn without_a_group_one_is_made_first_and_without_a_role_nothing_is() {
        let mut run = trial();
        let bare = |schedules: &[(&str, &str)]| match seen(schedules, Some(true)) {
            Observed::Schedule(one) => {
                Observed::Schedule(ScheduleObserved { has_group: false, ..one })
            }
            other => other,
        };
        let group = Call::CreateScheduleGroup { name: "trimtab".to_owned() };
        assert_eq!(run.calls(&bare(&[])), group);
        run.waits(&bare(&[]), "schedule-seen");
        assert_eq!(created(&run.calls(&seen(&[], Some(true)))), AGAIN.0);
        let mut run = trial();
        run.plan.rules.scheduler.every = None;
        run.ends(&seen(&[], Some(true)), ChangeOutcome::Refused, "needs-a-role");
    }

    #[test]
    fn an_auto_scaling_group_is_emptied_by_its_own_scheduled_actions() {
        let Action::ApplySchedule { schedule, .. } =
            trial().plan.changes().next().unwrap().action.clone()
        else {
            unreachable!()
        };
        let sizes = GroupSizes { min_size: 2, max_size: 8, desired_capacity: 3 };
        let target = ScheduleTarget::AutoScalingGroup { sizes };
        let action = Action::ApplySchedule { schedule, target };
        // No role: Auto Scaling acts by itself.
        let mut run = Trial::new(action, ResourceKind::AutoScalingGroup, "web");
        let put = |name: &str, recurrence: &str, sizes| Call::PutGroupSchedule {
            group: "web".into(),
            name: name.to_owned(),
            recurrence: recurrence.to_owned(),
            time_zone: "Asia/Seoul".to_owned(),
            sizes,
        };
        let (stop, start) =
            (("trimtab-stop-1", "0 19 * * MON-FRI"), ("trimtab-start-1", "0 9 * * MON-FRI"));
        assert_eq!(run.calls(&seen(&[], Some(true))), put(start.0, start.1, Some(sizes)));
        assert_eq!(run.calls(&seen(&[start], Some(true))), put(stop.0, stop.1, None));
        assert_eq!(run.step(&seen(&[start, stop], Some(true))), Step::Soaking);
        run.cancel();
        let delete =
            |name: &str| Call::DeleteGroupSchedule { group: "web".into(), name: name.to_owned() };
        assert_eq!(run.calls(&seen(&[start, stop], Some(false))), delete(stop.0));
        assert_eq!(run.calls(&seen(&[start], Some(false))), delete(start.0));
        assert_eq!(
            run.calls(&seen(&[], Some(false))),
            Call::ResizeGroup { group: "web".into(), to: sizes }
        );
        run.ends(&seen(&[], Some(true)), ChangeOutcome::Original, "cancelled");
    }

    #[test]
    fn a_cluster_starts_again_as_a_whole() {
        let Action::ApplySchedule { schedule, .. } =
            trial().plan.changes().next().unwrap().action.clone()
        else {
            unreachable!()
        };
        let target = ScheduleTarget::DbCluster { members: vec!["game-1".into()] };
        let action = Action::ApplySchedule { schedule, target };
        let mut run = with_role(Trial::new(action, ResourceKind::DbCluster, "game"));
        run.calls(&seen(&[], Some(true)));
        run.cancel();
        run.calls(&seen(&[("trimtab-game-start-1", AGAIN.1)], Some(false)));
        let start = Call::StartDbCluster { cluster: "game".into() };
        assert_eq!(run.calls(&seen(&[], Some(false))), start);
        run.ends(&seen(&[], Some(true)), ChangeOutcome::Original, "cancelled");
    }
}
