//! A new journal for a run that lost its own. AWS is looked at, and not asked to change anything.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use jiff::Timestamp;

use trimtab_model::id::{ChangeId, PlanId, RunId};
use trimtab_model::mark::Belonging;
use trimtab_model::observed::Observed;
use trimtab_rollout::Actuator;
use trimtab_rollout::adopt::{Adoption, adoption};
use trimtab_store::state::{RunRecord, State, StoredPlan};

use super::find::Recovered;
use crate::config::Settings;
use crate::failure::{Failure, Kind};
use crate::pipeline::acting::{Actor, Purpose};
use crate::pipeline::plan::{self, Missing, approvals_of, kept, machine, missing, operator};
use crate::pipeline::runs::{Run, new_id, of_plan};
use crate::pipeline::scan::runtime;
use crate::rollout::{Live, Opened, adopt_run};

/// Which plan, and who asks.
#[derive(Debug, Clone, Default)]
pub struct AdoptRequest {
    /// The plan, by the beginning of its identifier.
    pub plan: String,
    /// Who; the user of this machine where absent.
    pub by: Option<String>,
    /// The profile to start from.
    pub profile: Option<String>,
}

/// A run that has a journal again.
#[derive(Debug, Clone, PartialEq)]
pub struct Adopted {
    /// The run.
    pub run: RunId,
    /// Its plan.
    pub plan: PlanId,
    /// The changes that go on.
    pub begun: Vec<ChangeId>,
    /// The changes that a person must look at.
    pub unclear: Vec<ChangeId>,
}

/// Lists the plans whose journal is lost, of what was found.
pub fn lost_plans(recovered: &Recovered) -> Vec<PlanId> {
    let plans: BTreeSet<PlanId> = recovered
        .found
        .iter()
        .filter_map(|one| match &one.belonging {
            Belonging::LostJournal(plan) => Some(plan.clone()),
            Belonging::OpenRun(_) | Belonging::EndedRun(_) | Belonging::Unknown => None,
        })
        .collect();
    plans.into_iter().collect()
}

/// Gives the run of a plan a journal again, from what its resources are now.
///
/// # Errors
/// Refuses a plan one of whose runs has its journal, and one of which nothing was begun; fails
/// where a resource cannot be looked at.
pub fn adopt(
    settings: &Settings,
    state: &State,
    request: &AdoptRequest,
    now: Timestamp,
) -> Result<Adopted, Failure> {
    let stored = plan::find(state, &request.plan)?;
    let operator = operator(request.by.as_deref())?;
    let lost = lost_runs(of_plan(state, &stored.id)?)?;
    let seen = runtime()?.block_on(seen(settings, request, &stored))?;
    let approvals = approvals(state, &stored)?;
    let found = adoption(&stored.plan, &seen, &approvals, &stored.hash, now);
    if found.begun.is_empty() && found.unclear.is_empty() {
        return Err(nothing(&stored));
    }
    let run = new_id()?;
    let plan = stored.id.clone();
    let record = RunRecord { id: run.clone(), plan, started_at: now, is_simulated: false };
    let who = Opened { operator, host: machine() };
    // It goes as far as the one whose journal is lost.
    if let Some(reach) = lost.first().map(|run| kept(state.reach_of(run))).transpose()?.flatten() {
        kept(state.keep_reach(&record.id, reach))?;
    }
    adopt_run(state, &stored, &who, &record, (&found, &lost))?;
    let Adoption { begun, unclear, .. } = found;
    let unclear = unclear.into_iter().map(|(id, _)| id).collect();
    Ok(Adopted { run, plan: stored.id, begun, unclear })
}

/// Returns the runs that lost their journal, unless one has it.
fn lost_runs(runs: Vec<Run>) -> Result<Vec<RunId>, Failure> {
    let has_journal = |run: &&Run| run.journal.as_ref().is_ok_and(|journal| !journal.is_empty());
    if let Some(run) = runs.iter().find(has_journal) {
        let id = &run.record.id;
        return Err(Failure::new(
            Kind::Failed,
            (format!("{id} has its journal"), format!("{id}의 기록이 남아 있습니다")),
        )
        .with_hint((
            format!("`trimtab run show {id}` says how far it is; `trimtab run resume {id} --execute` goes on with it"),
            format!("`trimtab run show {id}` 명령으로 진행 상황을 확인하고, `trimtab run resume {id} --execute` 명령으로 계속하세요"),
        )));
    }
    Ok(runs.into_iter().map(|run| run.record.id).collect())
}

/// Looks at the resource of every change. One that cannot be seen lets nothing be concluded.
async fn seen(
    settings: &Settings,
    request: &AdoptRequest,
    stored: &StoredPlan,
) -> Result<BTreeMap<ChangeId, Observed>, Failure> {
    let never = Arc::new(AtomicBool::new(false));
    let actor = Actor::looking(request.profile.as_deref());
    let operator = operator(request.by.as_deref())?;
    let mut live = Live::enter(settings, &actor, stored, (&operator, Purpose::Look), never).await?;
    let mut seen = BTreeMap::new();
    for change in stored.plan.changes() {
        let observed = live.observe(change).await.map_err(|unseen| {
            let id = &change.resource.id;
            let mut failure = Failure::new(
                Kind::Permission,
                (
                    format!("{id} cannot be looked at, and nothing is guessed"),
                    format!("{id} 상태를 읽지 못해 아무것도 판단하지 않습니다"),
                ),
            );
            failure.causes.push(unseen.reason.text);
            failure
        })?;
        seen.insert(change.id.clone(), observed);
    }
    Ok(seen)
}

/// Returns who approved each stage, where that is all that the stage needs.
fn approvals(state: &State, stored: &StoredPlan) -> Result<BTreeMap<usize, Vec<String>>, Failure> {
    let mut approvals = BTreeMap::new();
    for (index, stage) in stored.plan.stages.iter().enumerate() {
        let given = approvals_of(state, stored, stage)?;
        if missing(&stored.plan, stage, &given) == Missing::Nothing {
            approvals.insert(index, given.into_iter().map(|one| one.by).collect());
        }
    }
    Ok(approvals)
}

fn nothing(stored: &StoredPlan) -> Failure {
    let id = &stored.id;
    Failure::new(
        Kind::Failed,
        (
            format!("nothing of {id} was begun: every resource is as the plan expects"),
            format!("{id}에서 시작된 변경이 없습니다. 모든 리소스가 계획과 같습니다"),
        ),
    )
    .with_hint((
        format!("carry it out with `trimtab apply {id} --execute`"),
        format!("`trimtab apply {id} --execute` 명령으로 수행하세요"),
    ))
}
