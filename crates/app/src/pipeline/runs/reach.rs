//! How far a run goes, and whether it may begin now.

use jiff::Timestamp;

use trimtab_model::environment::Environment;
use trimtab_model::id::RunId;
use trimtab_model::plan::{Plan, Stage, WaveName};
use trimtab_rollout::window;
use trimtab_store::state::{KeptReach, State, StoredPlan};

use super::Progress;
use super::find::{Run, of_plan};
use crate::failure::{Failure, Kind};
use crate::pipeline::plan::kept;

/// The last stage that is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastStage {
    /// This one.
    Named(Environment),
    /// The first that is not over.
    Next,
}

/// What is done where no window is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindowWish {
    /// Nothing is begun.
    Now,
    /// The next one is waited for.
    Next,
}

/// How far a run goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reach {
    /// The index of the last stage; all where absent.
    pub last_stage: Option<usize>,
    /// The index of the last wave of that stage; all where absent.
    pub last_wave: Option<usize>,
}

impl Reach {
    /// Returns whether a wave of a stage is within it.
    pub fn has(&self, stage: usize, wave: usize) -> bool {
        match self.last_stage {
            None => true,
            Some(last) if stage == last => self.last_wave.is_none_or(|most| wave <= most),
            Some(last) => stage < last,
        }
    }
}

/// Returns how far a run was told to go; to its end where nobody kept it.
pub(super) fn kept_reach(state: &State, run: &RunId) -> Result<Reach, Failure> {
    let KeptReach { last_stage, last_wave } = kept(state.reach_of(run))?.unwrap_or_default();
    Ok(Reach { last_stage, last_wave })
}

/// Keeps how far a run is told to go.
pub(super) fn keep_reach(state: &State, run: &RunId, reach: Reach) -> Result<(), Failure> {
    let Reach { last_stage, last_wave } = reach;
    kept(state.keep_reach(run, KeptReach { last_stage, last_wave }))
}

/// Returns how far a run goes that begins with the stage `next`; `canary` is a percentage of the
/// last stage, and zero its first change alone.
///
/// # Errors
/// Fails on a stage, or a wave, that the plan does not have.
pub fn reach(
    plan: &Plan,
    next: Option<usize>,
    stage: Option<LastStage>,
    canary: Option<u8>,
) -> Result<Reach, Failure> {
    let last_stage = match stage {
        Some(LastStage::Named(environment)) => Some(index_of(plan, environment)?),
        Some(LastStage::Next) => next,
        // Waves are those of one stage: the one that comes.
        None => canary.and(next),
    };
    let found = last_stage.and_then(|index| plan.stages.get(index));
    let last_wave = match (canary, found) {
        (Some(percent), Some(stage)) => Some(wave_of(stage, percent)?),
        (Some(_) | None, _) => None,
    };
    Ok(Reach { last_stage, last_wave })
}

/// Returns the stage that the next run of a plan begins or goes on with; none where all are over.
///
/// # Errors
/// Fails when the state cannot be read.
pub fn coming_stage(state: &State, stored: &StoredPlan) -> Result<Option<usize>, Failure> {
    let runs = of_plan(state, &stored.id)?;
    Ok(match runs.first() {
        Some(run) if run.is_open() => next_stage(&stored.plan, run),
        Some(_) | None => Some(0),
    })
}

/// Returns the first stage that is not over.
pub(super) fn next_stage(plan: &Plan, run: &Run) -> Option<usize> {
    let progress = Progress::of(run.journal.as_ref().ok()?);
    plan.stages.iter().position(|stage| {
        let mut changes = stage.waves.iter().flat_map(|wave| &wave.changes);
        changes.any(|change| !progress.changes.get(&change.id).is_some_and(|one| one.is_closed()))
    })
}

/// Refuses to begin where no window is open now for what comes next. What is under way goes on.
///
/// # Errors
/// Says when the next window opens.
pub(super) fn open_now(
    plan: &Plan,
    run: Option<&Run>,
    next: Option<usize>,
    now: Timestamp,
) -> Result<(), Failure> {
    let journal = run.and_then(|run| run.journal.as_ref().ok());
    let progress = journal.map(Progress::of).unwrap_or_default();
    if progress.changes.values().any(|one| one.is_under_way()) {
        return Ok(());
    }
    let Some(stage) = next.and_then(|index| plan.stages.get(index)) else { return Ok(()) };
    let mut changes = stage.waves.iter().flat_map(|wave| &wave.changes);
    let coming = changes.find(|change| !progress.changes.contains_key(&change.id));
    let Some(change) = coming else { return Ok(()) };
    let opening = window::opening(&plan.rules, change.environment, change.duration, now);
    if opening.is_some_and(|start| start <= now) {
        return Ok(());
    }
    let when = opening.map_or_else(|| "–".to_owned(), |start| start.to_string());
    Err(Failure::new(
        Kind::Failed,
        (
            format!("no change window of {} is open now; nothing was changed", change.environment),
            format!("지금은 {} 환경의 변경 시간대가 아니어서 아무것도 바꾸지 않았습니다", change.environment),
        ),
    )
    .with_hint((
        format!("the next one that is long enough opens at {when}: come back then, or wait for it with --window next"),
        format!("길이가 충분한 다음 변경 시간대는 {when}에 시작합니다. 그때 다시 실행하거나 --window next로 기다리세요"),
    )))
}

fn index_of(plan: &Plan, stage: Environment) -> Result<usize, Failure> {
    plan.stages.iter().position(|one| one.environment == stage).ok_or_else(|| {
        let stages: Vec<&str> = plan.stages.iter().map(|one| one.environment.as_str()).collect();
        let stages = stages.join(", ");
        Failure::usage(
            (format!("the plan has no stage {stage}"), format!("계획에 {stage} 단계가 없습니다")),
            (format!("it has: {stages}"), format!("계획에 있는 단계: {stages}")),
        )
    })
}

fn wave_of(stage: &Stage, percent: u8) -> Result<usize, Failure> {
    let share = |name: WaveName| match name {
        WaveName::Canary => 0,
        WaveName::Percent(share) => share,
    };
    stage.waves.iter().rposition(|wave| share(wave.name) <= percent).ok_or_else(|| {
        let waves: Vec<String> =
            stage.waves.iter().map(|wave| format!("{}%", share(wave.name))).collect();
        let (waves, environment) = (waves.join(", "), stage.environment);
        Failure::usage(
            (
                format!("no wave of stage {environment} ends at {percent}% or before"),
                format!("{environment} 단계에는 {percent}% 이하에서 끝나는 묶음이 없습니다"),
            ),
            (
                format!("it has: {waves}; leave --canary out, or give one of these"),
                format!("있는 묶음: {waves}. --canary를 빼거나 이 중 하나를 쓰세요"),
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reach_ends_with_its_stage_and_its_wave() {
        let all = Reach::default();
        assert!(all.has(0, 0) && all.has(2, 9));
        let stage = Reach { last_stage: Some(1), last_wave: None };
        assert!(stage.has(0, 5) && stage.has(1, 5) && !stage.has(2, 0));
        let wave = Reach { last_stage: Some(1), last_wave: Some(0) };
        assert!(wave.has(0, 5) && wave.has(1, 0) && !wave.has(1, 1) && !wave.has(2, 0));
    }

    #[test]
    fn a_wave_is_the_last_that_ends_at_a_percentage_or_before() {
        let wave = |name| trimtab_model::plan::Wave { name, changes: Vec::new() };
        let stage = Stage {
            environment: Environment::Prod,
            approval: trimtab_model::plan::Approval::HashAndAlias,
            waves: [WaveName::Canary, WaveName::Percent(5), WaveName::Percent(100)]
                .map(wave)
                .to_vec(),
        };
        for (percent, expected) in [(0, 0), (4, 0), (5, 1), (99, 1), (100, 2)] {
            assert_eq!(wave_of(&stage, percent).ok(), Some(expected), "{percent}");
        }
        let dev = Stage { waves: vec![wave(WaveName::Percent(100))], ..stage };
        assert!(wave_of(&dev, 5).unwrap_err().hint.is_some());
    }
}
