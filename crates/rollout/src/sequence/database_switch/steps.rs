//! The steps, watching, what is left behind, and the commands for a person.

use jiff::SignedDuration;

use trimtab_model::action::{Action, DatabaseSwitch};
use trimtab_model::id::DbInstanceClass;
use trimtab_model::journal::Direction;
use trimtab_model::observed::{DbInstanceObserved, DeploymentObserved, Observed};

use super::back::back;
use super::forward::forward;
use super::reasons::{copy_left, old_left};
use crate::progress::Phase;
use crate::sequence::db_instance::{self, POLL, moved, restarted};
use crate::sequence::decision::wait;
use crate::sequence::{Decision, Reaction, Sequence, Watch, Work};

/// How a database is replaced by a copy of it.
pub(in crate::sequence) static SEQUENCE: Sequence =
    Sequence { forward, back, release, is_disrupted, watch, react, manual };

pub(super) const CREATE: &str = "create-deployment";
pub(super) const SWITCH: &str = "switch-over";

/// AWS takes a switch back that takes longer: its default.
pub(super) const SWITCH_SECONDS: u32 = 300;
/// Seconds that the copy may be behind: what it lacks is waited for while nobody may write.
pub(super) const MOST_LAG: f64 = 10.0;
pub(super) const MOST_CALLS: usize = 3;
/// How long a switch may take to be seen.
pub(super) const SEEN: SignedDuration = SignedDuration::from_mins(2);
/// A switch that hangs, far beyond its own timeout.
pub(super) const HANGS: SignedDuration = SignedDuration::from_hours(2);
/// The refusal that follows a switch that is under way already.
const OTHER_STATE: &str = "InvalidBlueGreenDeploymentStateFault";
pub(super) const SWITCHING: &str = "SWITCHOVER_IN_PROGRESS";

fn release(work: &Work<'_>) -> Decision {
    let Observed::DbInstance(now) = work.now_is else { return Decision::Done };
    let Some(deployment) = ours(work, now) else { return Decision::Done };
    let is_switched = deployment.status == "SWITCHOVER_COMPLETED";
    match &work.progress.phase {
        Phase::Passed { .. } if is_switched => Decision::Abort(old_left(work, deployment)),
        Phase::Passed { .. } => Decision::Done,
        _ if deployment.status == "DELETING" => Decision::Done,
        _ => Decision::Abort(copy_left(work, deployment)),
    }
}

/// A switch that goes on is not turned back from: AWS ends it within its timeout, one way or the
/// other, and no call of ours does.
fn is_disrupted(work: &Work<'_>) -> bool {
    let Observed::DbInstance(now) = work.now_is else { return true };
    let is_switching = ours(work, now).is_some_and(|one| one.status == SWITCHING);
    (is_switching && work.direction == Direction::Back) || db_instance::is_disrupted(work)
}

fn watch(work: &Work<'_>) -> Watch {
    let (Observed::DbInstance(now), Some(Observed::DbInstance(after))) =
        (work.now_is, &work.progress.after)
    else {
        return Watch::Undisturbed;
    };
    if let Some(reason) = moved(now, after) {
        return Watch::Hold(reason);
    }
    let size = |one: &DbInstanceObserved| one.storage.allocated_storage_gib;
    if now.class != after.class || size(now) < size(after) {
        return Watch::Hold(trimtab_model::text::Reason::new(
            "database-changed-by-others",
            format!("Somebody made it {} with {} GiB meanwhile.", now.class, size(now)),
            format!("그동안 다른 사람이 {}, {} GiB로 바꿨습니다.", now.class, size(now)),
        ));
    }
    restarted(now, after).unwrap_or(Watch::Undisturbed)
}

fn react(step: &str, code: &str) -> Reaction {
    match (step, code) {
        // It is there already, or in another state than was seen: looking says which.
        (CREATE, "BlueGreenDeploymentAlreadyExistsFault") | (SWITCH, OTHER_STATE) => {
            Reaction::Observe
        }
        _ => db_instance::react(step, code, "", ""),
    }
}

pub(super) fn manual(work: &Work<'_>) -> Vec<String> {
    let (id, region) = (&work.change.resource.id, &work.change.resource.region);
    let name = DatabaseSwitch::deployment_name(&work.change.id);
    let mut commands = vec![format!(
        "aws rds describe-blue-green-deployments --filters Name=blue-green-deployment-name,Values={name} --region {region}"
    )];
    let found = match work.now_is {
        Observed::DbInstance(now) => ours(work, now),
        _ => None,
    };
    let Some(one) = found else { return commands };
    let of = &one.id;
    if one.status == "SWITCHOVER_COMPLETED" {
        let old = one.blue.as_ref().map_or("<the old database>", |blue| blue.as_str());
        if let Some(plan) = planned(work).filter(|plan| plan.class().is_some()) {
            let class = &plan.from_class;
            commands.push(format!(
                "aws rds modify-db-instance --db-instance-identifier {id} --db-instance-class {class} --apply-immediately --region {region}"
            ));
        }
        commands.push(format!(
            "aws rds delete-blue-green-deployment --blue-green-deployment-identifier {of} --region {region}"
        ));
        commands.push(format!(
            "aws rds delete-db-instance --db-instance-identifier {old} --final-db-snapshot-identifier {name}-final --region {region}"
        ));
    } else {
        commands.push(format!(
            "aws rds delete-blue-green-deployment --blue-green-deployment-identifier {of} --delete-target --region {region}"
        ));
    }
    commands
}

/// Returns whether a switch may be under way. The name belongs to nobody for a moment then, or to
/// the copy before the deployment says so, and what is read is not all of one moment.
pub(super) fn is_switching(work: &Work<'_>, deployment: Option<&DeploymentObserved>) -> bool {
    let last = work.progress.of_step(Direction::Forward, SWITCH).next_back();
    let may_be_made = last.filter(|last| {
        let result = last.outcome.as_ref().map(|(_, _, result)| result);
        result.and_then(|result| result.refusal()).is_none_or(|code| code == OTHER_STATE)
    });
    match may_be_made {
        Some(last) => work.now.duration_since(last.at) < HANGS,
        None => deployment.is_some_and(|one| one.status == SWITCHING),
    }
}

/// Waits for a switch to be over.
pub(super) fn switching() -> Decision {
    wait("switching", "the switch to the copy", "복제본으로 전환되기", POLL)
}

/// Returns what the plan leads to.
pub(super) fn planned<'a>(work: &Work<'a>) -> Option<&'a DatabaseSwitch> {
    match &work.change.action {
        Action::SwitchDatabase(plan) => Some(plan),
        _ => None,
    }
}

/// Returns the deployment of this change.
pub(super) fn ours<'a>(
    work: &Work<'_>,
    now: &'a DbInstanceObserved,
) -> Option<&'a DeploymentObserved> {
    now.deployment.as_ref().filter(|one| one.change == work.change.id)
}

/// Returns whether a database is of the class and size that are asked for.
pub(super) fn is_wanted(work: &Work<'_>, class: &DbInstanceClass, gib: Option<u32>) -> bool {
    planned(work).is_some_and(|plan| *class == plan.to_class && gib == Some(plan.to_storage_gib))
}
