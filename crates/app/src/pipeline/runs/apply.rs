//! Carrying a plan out: what is refused before anything happens, and the run itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;

use trimtab_model::environment::Environment;
use trimtab_model::id::{RunId, SubAccountId};
use trimtab_model::journal::{ChangeOutcome, Journal, RunOutcome};
use trimtab_model::plan::Plan;
use trimtab_store::state::{RunRecord, State, StoredPlan};

use super::find::{Run, of_plan};
use super::reach::{
    LastStage, Reach, WindowWish, keep_reach, kept_reach, next_stage, open_now, reach,
};
use super::wish::{damaged, still_open};
use super::{Ended, Observer, Patience, Phase, Progress};
use crate::config::Settings;
use crate::failure::{Failure, Kind};
use crate::interrupt::on_interrupt;
use crate::pipeline::acting::{Actor, Purpose};
use crate::pipeline::demo;
use crate::pipeline::plan::{
    Missing, approvals_of, expired, find, machine, missing, names_of, operator, same_hash,
};
use crate::pipeline::scan::runtime;
use crate::rollout::{Limits, Live, NAP, Opened, drive, open_run, resume_run};

/// Bytes of the identifier of a run.
const ID_BYTES: usize = 6;

/// What is to be carried out.
#[derive(Debug, Clone, Default)]
pub struct ApplyRequest {
    /// The plan, by the beginning of its identifier.
    pub plan: String,
    /// The last stage that is carried out; all that are approved where absent.
    pub stage: Option<LastStage>,
    /// The percentage of it that is carried out; zero for its first change alone.
    pub canary: Option<u8>,
    /// What is done where no window is open; whatever the caller's patience says where absent.
    pub window: Option<WindowWish>,
    /// The plan's hash, where it was typed.
    pub hash: Option<String>,
    /// Who; the user of this machine where absent.
    pub by: Option<String>,
}

/// A plan that may be carried out.
#[derive(Debug, Clone)]
pub struct Ready {
    /// The plan.
    pub stored: StoredPlan,
    /// The run that is gone on with; a new one where absent.
    pub resumed: Option<RunRecord>,
    /// Who carries it out.
    pub by: String,
    /// How far it goes.
    pub reach: Reach,
    /// What is to be typed before production is changed: what each account is called.
    pub to_type: Vec<(SubAccountId, String)>,
}

/// How far a run came.
#[derive(Debug, Clone)]
pub struct Carried {
    /// The run.
    pub run: RunId,
    /// How it stopped.
    pub ended: Ended,
    /// What it did.
    pub journal: Journal,
}

impl Carried {
    /// Returns the kind whose exit code says how it went; none where all is well so far.
    pub fn kind(&self) -> Option<Kind> {
        let outcome = match &self.ended {
            Ended::Finished(outcome) => *outcome,
            Ended::Interrupted => return Some(Kind::Interrupted),
            Ended::AwaitsApproval { .. }
            | Ended::StageOver { .. }
            | Ended::WaveOver { .. }
            | Ended::Idle { .. } => return None,
        };
        match outcome {
            RunOutcome::Complete => None,
            RunOutcome::NeedsOperator => Some(Kind::NeedsOperator),
            RunOutcome::RolledBack => Some(Kind::RolledBack),
            RunOutcome::Refused => Some(Kind::Stale),
            // Some of it was made: what was not, was taken back or was not begun.
            RunOutcome::Partial | RunOutcome::Cancelled => Some(worst(&self.journal)),
        }
    }
}

fn worst(journal: &Journal) -> Kind {
    let progress = Progress::of(journal);
    let ended = |wanted: ChangeOutcome| {
        progress
            .changes
            .values()
            .any(|one| matches!(&one.phase, Phase::Closed { outcome, .. } if *outcome == wanted))
    };
    if ended(ChangeOutcome::NeedsOperator) {
        Kind::NeedsOperator
    } else if ended(ChangeOutcome::Original) {
        Kind::RolledBack
    } else {
        Kind::Stale
    }
}

/// Looks whether a plan may be carried out now. A run of it that has not ended is gone on with.
///
/// # Errors
/// Refuses a plan that is too old, is not the one whose hash was typed, was carried out, or is
/// not approved.
pub fn ready(state: &State, request: &ApplyRequest, now: Timestamp) -> Result<Ready, Failure> {
    let stored = find(state, &request.plan)?;
    demo::refuse(&stored.plan)?;
    let by = operator(request.by.as_deref())?;
    if let Some(hash) = &request.hash {
        same_hash(&stored, hash)?;
    }
    let runs = of_plan(state, &stored.id)?;
    let resumed = match runs.into_iter().next() {
        Some(run) => going_on(run)?,
        None => None,
    };
    let next = match &resumed {
        Some(run) => next_stage(&stored.plan, run),
        None => {
            if stored.plan.expires_at <= now {
                return Err(expired(&stored));
            }
            approved(state, &stored, 0)?;
            Some(0)
        }
    };
    let reach = reach(&stored.plan, next, request.stage, request.canary)?;
    if request.window == Some(WindowWish::Now) {
        open_now(&stored.plan, resumed.as_ref(), next, now)?;
    }
    let to_type = match (&request.hash, next) {
        (None, Some(next)) => to_type(&stored.plan, next, reach.last_stage),
        (Some(_), _) | (None, None) => Vec::new(),
    };
    let resumed = resumed.map(|run| run.record);
    Ok(Ready { stored, resumed, by, reach, to_type })
}

/// Looks whether a run may go on: as far as it was told to when it was begun, or gone on with by
/// its plan.
///
/// # Errors
/// Refuses one that is over, or whose journal cannot be trusted.
pub fn ready_again(
    state: &State,
    run: &Run,
    stored: StoredPlan,
    by: String,
) -> Result<Ready, Failure> {
    demo::refuse(&stored.plan)?;
    still_open(run)?;
    let reach = kept_reach(state, &run.record.id)?;
    let resumed = Some(run.record.clone());
    Ok(Ready { stored, resumed, by, reach, to_type: Vec::new() })
}

/// Carries a plan out, or goes on with it. An interruption ends it once nothing is under way;
/// `on_stop` is called as soon as it is heard.
///
/// # Errors
/// Fails where AWS cannot be entered, somebody else is acting, or the journal cannot be written.
pub fn carry_out(
    settings: &Settings,
    state: &State,
    ready: &Ready,
    actor: &Actor,
    patience: Patience,
    observer: &mut impl Observer,
    on_stop: impl FnOnce() + Send + 'static,
) -> Result<Carried, Failure> {
    let interrupted = Arc::new(AtomicBool::new(false));
    let heard = Arc::clone(&interrupted);
    let stop = move || {
        heard.store(true, Ordering::Relaxed);
        on_stop();
    };
    if let Err(cause) = on_interrupt(stop) {
        // Then the system ends the program, which a run survives.
        tracing::debug!(%cause, "cannot wait for an interruption");
    }
    let stored = &ready.stored;
    let who = Opened { operator: ready.by.clone(), host: machine() };
    let Reach { last_stage, last_wave } = ready.reach;
    let limits = Limits { patience, last_stage, last_wave, nap: NAP };
    runtime()?.block_on(async {
        let heard = Arc::clone(&interrupted);
        let purpose = if ready.resumed.is_some() { Purpose::GoOn } else { Purpose::Begin };
        let mut live = Live::enter(settings, actor, stored, (&ready.by, purpose), heard).await?;
        let now = Timestamp::now();
        let mut recorder = match &ready.resumed {
            Some(record) => {
                let recorder = resume_run(state, record, stored, &who, now)?;
                // Under the lease only: whoever is refused says nothing of how far it goes.
                keep_reach(state, &record.id, ready.reach)?;
                recorder
            }
            None => {
                let id = new_id()?;
                // Before there is a run: without it, one that is killed now went on to its end.
                keep_reach(state, &id, ready.reach)?;
                open_run(state, stored, &who, (id, false), now)?
            }
        };
        for exception in live.exceptions() {
            recorder.except(now, exception)?;
        }
        if let Some(entry) = recorder.journal().entries().last() {
            observer.wrote(entry);
        }
        let plan = &stored.plan;
        let ended = drive(&mut recorder, plan, &mut live, observer, limits, &interrupted).await?;
        Ok(Carried { run: recorder.run().clone(), ended, journal: recorder.journal().clone() })
    })
}

/// Returns the run that is gone on with; none where the last one changed nothing.
fn going_on(run: Run) -> Result<Option<Run>, Failure> {
    let journal = run.journal.as_ref().map_err(|cause| damaged(&run, cause.clone()))?;
    let progress = Progress::of(journal);
    if progress.outcome.is_none() {
        return Ok(Some(run));
    }
    if progress.changes.values().all(|one| !one.has_mutated()) {
        return Ok(None);
    }
    let id = &run.record.id;
    Err(Failure::new(
        Kind::Stale,
        (
            format!("the plan was carried out by {id}"),
            format!("이미 {id} 실행에서 수행한 계획입니다"),
        ),
    )
    .with_hint((
        format!("`trimtab run show {id}` says how it ended; make a new plan for what is left"),
        format!(
            "`trimtab run show {id}` 명령으로 결과를 확인하세요. 남은 것은 새 계획으로 만드세요"
        ),
    )))
}

fn approved(state: &State, stored: &StoredPlan, index: usize) -> Result<(), Failure> {
    let Some(stage) = stored.plan.stages.get(index) else {
        return Err(Failure::new(
            Kind::Failed,
            (format!("{} has no change", stored.id), format!("{}에는 변경이 없습니다", stored.id)),
        )
        .with_hint((
            format!("`trimtab plan show {}` says what was left out and why", stored.id),
            format!("`trimtab plan show {}` 명령으로 제외된 것과 이유를 확인하세요", stored.id),
        )));
    };
    let given = approvals_of(state, stored, stage)?;
    if missing(&stored.plan, stage, &given) == Missing::Nothing {
        return Ok(());
    }
    let (id, environment) = (&stored.id, stage.environment);
    Err(Failure::new(
        Kind::Failed,
        (
            format!("stage {environment} of {id} is not approved"),
            format!("{id}의 {environment} 단계가 승인되지 않았습니다"),
        ),
    )
    .with_hint((
        format!("read `trimtab plan show {id}`, then `trimtab plan approve {id} --stage {environment} --plan-hash HASH`"),
        format!("`trimtab plan show {id}` 명령으로 읽은 뒤 `trimtab plan approve {id} --stage {environment} --plan-hash HASH` 명령으로 승인하세요"),
    )))
}

/// Returns what each account of production is called, if production is among what is begun.
fn to_type(plan: &Plan, next: usize, last: Option<usize>) -> Vec<(SubAccountId, String)> {
    let last = last.unwrap_or(usize::MAX);
    let stages = plan.stages.iter().enumerate();
    stages
        .filter(|(index, stage)| {
            (next..=last).contains(index) && stage.environment == Environment::Prod
        })
        .flat_map(|(_, stage)| names_of(plan, stage))
        .collect()
}

pub(in crate::pipeline) fn new_id() -> Result<RunId, Failure> {
    let mut bytes = [0u8; ID_BYTES];
    getrandom::fill(&mut bytes).map_err(|cause| {
        let message = ("the system gives no random numbers", "시스템에서 난수를 얻지 못했습니다");
        Failure::new(Kind::Failed, message).because(&std::io::Error::other(cause.to_string()))
    })?;
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(RunId::new(format!("RUN-{digits}")))
}
