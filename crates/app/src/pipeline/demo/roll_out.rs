//! A whole staged rollout of the story's company: the plan, the approvals and the run are those
//! of every company, and only the world behind them is simulated.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use jiff::{SignedDuration, Timestamp};

use trimtab_model::analysis::Analysis;
use trimtab_model::environment::Environment;
use trimtab_model::id::RunId;
use trimtab_model::journal::{ChangeOutcome, Entry, Journal, RunOutcome};
use trimtab_model::plan::Change;
use trimtab_model::recommendation::Recommendation;
use trimtab_model::text::Reason;
use trimtab_rollout::plan as pure;
use trimtab_rollout::simulate::{Proof, World, proof};
use trimtab_store::audit::Audit;
use trimtab_store::catalog;
use trimtab_store::state::{State, StoredPlan};

use super::{Story, directory, snapshot, unwritable};
use crate::config::Settings;
use crate::failure::{Failure, Kind};
use crate::filter::{Filter, FilterError};
use crate::pipeline::analyze::regions;
use crate::pipeline::plan::{
    ApproveRequest, Saving, approve, forbids_approval, kept, names_of, savings_of, stored_plan,
};
use crate::pipeline::scan::runtime;
use crate::rollout::{Ended, Limits, Observer, Opened, Patience, Simulated, drive, open_run};
use crate::story::game_kr;

/// Who makes the plan and carries it out, and who agrees.
const PLANNER: &str = "minji";
const APPROVER: &str = "jun";
const HOST: &str = "demo";
/// Where the state of the run is kept, below what belongs to the demo.
const RUN: &str = "run";
/// Nobody waits: the clock moves to whatever comes next.
const NAP: SignedDuration = SignedDuration::from_hours(24 * 7);
/// A run that takes longer waits for somebody who never comes.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 60);

/// A rollout that is over, and what was found when it was looked at.
#[derive(Debug, Clone)]
pub struct RolledOut {
    /// The plan.
    pub stored: StoredPlan,
    /// The run.
    pub run: RunId,
    /// How it ended.
    pub outcome: RunOutcome,
    /// Where its state is.
    pub dir: PathBuf,
    /// When the world began.
    pub began: Timestamp,
    /// When the run was over.
    pub ended: Timestamp,
    /// What it did, read back from the disk with every link of its chain verified.
    pub journal: Journal,
    /// Lines of the audit log, read back in the same way.
    pub audit_lines: usize,
    /// Those of them that announce a call.
    pub audit_intents: usize,
    /// What the world was found to be.
    pub proof: Proof,
    /// What was planned to be saved.
    pub planned: Vec<Saving>,
    /// What of it was confirmed.
    pub confirmed: Vec<Saving>,
    /// What of it was taken back.
    pub taken_back: Vec<Saving>,
}

/// Plans what the company would change first, approves it, and carries it out in a world of its
/// own. The same story gives the same run, to the last second.
///
/// # Errors
/// Fails when the plan cannot be approved, the state cannot be written, or the run does not end.
pub fn roll_out(
    settings: &Settings,
    analysis: &Analysis,
    story: &Story,
    told: impl FnMut(&Entry),
) -> Result<RolledOut, Failure> {
    let dir = fresh(&directory(settings).join(RUN))?;
    let state = State::open(&dir).map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    let now = game_kr::AS_OF;
    let mut snapshot = snapshot(settings, &story.dir)?;
    let tags = &settings.policy.environments;
    snapshot.name_environments(|of, account| tags.environment(of, account));
    let prices = catalog::price_book_with(&settings.data_dir, &regions(&snapshot))
        .map_err(|cause| Failure::from(&cause))?;
    let question =
        pure::PlanRequest { aliases: game_kr::aliases(), ..pure::PlanRequest::new(PLANNER, now) };
    let chosen = chosen(analysis)?;
    let plan = pure::create(&chosen, &snapshot, Some(&prices), &game_kr::rules(), &question);
    let stored = stored_plan(plan)?;
    kept(state.save_plan(&stored))?;
    agree(&state, &stored, now)?;

    let plan = &stored.plan;
    let mut world = World::of_plan(plan, Some(&snapshot), Some(&prices), now, story.seed);
    game_kr::inhabit(&mut world, &prices, story.seed);
    let run = run_id(&stored);
    let who = Opened { operator: PLANNER.to_owned(), host: HOST.to_owned() };
    let mut recorder = open_run(&state, &stored, &who, (run.clone(), true), now)?;
    let interrupted = Arc::new(AtomicBool::new(false));
    let ends_at = now.saturating_add(LONGEST).unwrap_or(now);
    let mut actuator = Simulated::new(world, ends_at, Arc::clone(&interrupted));
    let mut observer = Told(told);
    let limits =
        Limits { patience: Patience::Endless, last_stage: None, last_wave: None, nap: NAP };
    let driven = drive(&mut recorder, plan, &mut actuator, &mut observer, limits, &interrupted);
    let ended = runtime()?.block_on(driven)?;
    let Ended::Finished(outcome) = ended else { return Err(endless()) };
    drop(recorder);

    let mut world = actuator.into_world();
    let journal = state.journal(&run).map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    let lines = Audit::lines(&dir).map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    let proof = proof(plan, &journal, &mut world);
    let ended_so = |wanted: ChangeOutcome| {
        let ended = proof.changes.iter().filter(move |one| one.outcome == Some(wanted));
        savings_of(ended.filter_map(|one| plan.change(&one.change)))
    };
    Ok(RolledOut {
        run,
        outcome,
        dir,
        began: now,
        ended: journal.entries().last().map_or(now, |last| last.at),
        audit_intents: lines.iter().filter(|line| line.what == "intent").count(),
        audit_lines: lines.len(),
        planned: savings_of(plan.changes())?,
        confirmed: ended_so(ChangeOutcome::Confirmed)?,
        taken_back: ended_so(ChangeOutcome::Original)?,
        journal,
        proof,
        stored,
    })
}

/// Makes a directory anew: what an earlier demo left there is gone.
fn fresh(dir: &Path) -> Result<PathBuf, Failure> {
    match std::fs::remove_dir_all(dir) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
            return Err(unwritable(dir, &cause));
        }
        _ => {}
    }
    std::fs::create_dir_all(dir).map_err(|cause| unwritable(dir, &cause))?;
    Ok(dir.to_owned())
}

fn chosen(analysis: &Analysis) -> Result<Vec<Recommendation>, Failure> {
    let filter: Filter = game_kr::CHOSEN
        .parse()
        .map_err(|cause: FilterError| Failure::from_error(Kind::Failed, &cause))?;
    Ok(analysis.items.iter().filter(|item| filter.matches(item)).cloned().collect())
}

/// Approves every stage, as a person would: by the hash, and production by the name of each of
/// its accounts.
fn agree(state: &State, stored: &StoredPlan, now: Timestamp) -> Result<(), Failure> {
    let findings = pure::lint(&stored.plan, now);
    if forbids_approval(&findings) {
        let message = (
            "the plan of the demo has errors, which is a mistake of this program",
            "데모의 계획에 오류가 있습니다. 이 프로그램의 결함입니다",
        );
        let mut failure = Failure::new(Kind::Failed, message);
        let errors = findings.iter().filter(|one| one.severity == pure::Severity::Error);
        failure.causes.extend(errors.map(|one| one.reason.text.clone()));
        return Err(failure);
    }
    for stage in &stored.plan.stages {
        let names = match stage.environment {
            Environment::Prod => names_of(&stored.plan, stage),
            Environment::Dev | Environment::Staging | Environment::Unknown => Vec::new(),
        };
        let request = ApproveRequest {
            plan: stored.id.to_string(),
            stage: stage.environment,
            hash: stored.hash.clone(),
            aliases: names.into_iter().map(|(_, name)| name).collect(),
            by: Some(APPROVER.to_owned()),
        };
        approve(state, &request, now)?;
    }
    Ok(())
}

/// Returns the run's name: digits of the plan's hash, so that the same plan is the same run.
fn run_id(stored: &StoredPlan) -> RunId {
    let digits = stored.hash.get(12..24).unwrap_or(&stored.hash);
    RunId::new(format!("RUN-{digits}"))
}

fn endless() -> Failure {
    let message = (
        "the rollout of the demo did not come to its end, which is a mistake of this program",
        "데모의 적용이 끝나지 않았습니다. 이 프로그램의 결함입니다",
    );
    Failure::new(Kind::Failed, message)
}

/// Hears of every entry; a wait takes no time.
struct Told<F>(F);

impl<F: FnMut(&Entry)> Observer for Told<F> {
    fn wrote(&mut self, entry: &Entry) {
        (self.0)(entry);
    }

    fn waits(&mut self, _until: Timestamp, _why: &Reason) {}

    fn unseen(&mut self, _change: &Change, _reason: &Reason) {}
}
