//! What a person asks of a run that another process may be driving.

use trimtab_model::id::ChangeId;
use trimtab_model::journal::Wish;
use trimtab_store::state::{State, StoredPlan, WishWord};

use super::find::Run;
use super::{ChangeProgress, Progress};
use crate::failure::{Failure, Kind};
use crate::pipeline::plan::kept;

/// Asks a run to pause, to go on or to end. Whoever drives it hears it within half a minute;
/// without anybody, it is heard when the run goes on.
///
/// # Errors
/// Refuses where the run has ended.
pub fn ask(state: &State, run: &Run, word: WishWord, by: &str) -> Result<(), Failure> {
    still_open(run)?;
    kept(state.ask(&run.record.id, word, None, by))
}

/// Lets a run go on that somebody paused; returns whether there was a pause. What was asked beside
/// that stays: one that is to end does not go on.
///
/// # Errors
/// Refuses where the run has ended.
pub fn unpause(state: &State, run: &Run, by: &str) -> Result<bool, Failure> {
    let is_paused = is_paused(state, run)?;
    if is_paused {
        ask(state, run, WishWord::Resume, by)?;
    }
    Ok(is_paused)
}

/// Returns whether a pause is what was asked of a run last, be it heard or not.
///
/// # Errors
/// Refuses where the run has ended.
pub fn is_paused(state: &State, run: &Run) -> Result<bool, Failure> {
    still_open(run)?;
    let heard = run.journal.as_ref().ok().and_then(|journal| Progress::of(journal).wish);
    let asked = kept(state.asked(&run.record.id))?;
    let wish = asked.iter().fold(heard, |before, asked| match (before, asked.word) {
        // Nothing that is asked afterwards takes back that it is to end.
        (Some(Wish::Cancel), _) | (_, WishWord::Cancel) => Some(Wish::Cancel),
        (_, WishWord::Pause) => Some(Wish::Pause),
        (_, WishWord::Resume) => Some(Wish::Resume),
        (_, WishWord::Unhold) => before,
    });
    Ok(wish == Some(Wish::Pause))
}

/// Lets a change go on that waits for a person.
///
/// # Errors
/// Refuses where nothing holds the change.
pub fn unhold(
    state: &State,
    run: &Run,
    stored: &StoredPlan,
    change: &str,
    by: &str,
) -> Result<ChangeId, Failure> {
    still_open(run)?;
    let journal = run.journal.as_ref().map_err(|cause| damaged(run, cause.clone()))?;
    let progress = Progress::of(journal);
    let wanted = change.to_lowercase();
    let of_plan = stored.plan.changes().map(|change| &change.id);
    let found: Vec<&ChangeId> =
        of_plan.filter(|id| id.as_str().to_lowercase().starts_with(&wanted)).collect();
    let [id] = found.as_slice() else {
        return Err(Failure::usage(
            (
                format!("`{change}` is the beginning of {} changes of the plan", found.len()),
                format!("`{change}`: 이렇게 시작하는 변경이 계획에 {}개 있습니다", found.len()),
            ),
            (
                format!("`trimtab run show {}` lists them", run.record.id),
                format!("`trimtab run show {}` 명령으로 확인하세요", run.record.id),
            ),
        ));
    };
    let one = progress.changes.get(id);
    if !one.is_some_and(ChangeProgress::is_held) {
        return Err(Failure::new(
            Kind::Failed,
            (format!("nothing holds {id}"), format!("{id} 변경은 보류 상태가 아닙니다")),
        )
        .with_hint((
            format!("`trimtab run show {}` says what each change waits for", run.record.id),
            format!(
                "`trimtab run show {}` 명령으로 변경마다 무엇을 기다리는지 확인하세요",
                run.record.id
            ),
        )));
    }
    kept(state.ask(&run.record.id, WishWord::Unhold, Some(id), by))?;
    Ok((*id).clone())
}

pub(super) fn still_open(run: &Run) -> Result<(), Failure> {
    if let Err(cause) = &run.journal {
        return Err(damaged(run, cause.clone()));
    }
    if run.is_open() {
        return Ok(());
    }
    let id = &run.record.id;
    Err(Failure::new(Kind::Failed, (format!("{id} is over"), format!("{id} 실행은 이미 끝났습니다")))
        .with_hint((
            format!("`trimtab run show {id}` says how it ended; `trimtab rollback {id}` makes the plan that leads back"),
            format!("`trimtab run show {id}` 명령으로 결과를 확인하세요. `trimtab rollback {id}` 명령은 되돌리는 계획을 만듭니다"),
        )))
}

pub(super) fn damaged(run: &Run, cause: trimtab_model::text::Text) -> Failure {
    let id = &run.record.id;
    let mut failure = Failure::new(
        Kind::NeedsOperator,
        (
            format!("the journal of {id} cannot be trusted, and nothing is done by it"),
            format!("{id}의 기록을 믿을 수 없어 아무것도 하지 않습니다"),
        ),
    );
    failure.causes.push(cause);
    failure.with_hint((
        "`trimtab recover` finds what the run left in the accounts by its tag trimtab:plan, and --adopt writes a new journal from what is seen",
        "`trimtab recover` 명령은 실행이 계정에 남긴 것을 trimtab:plan 태그로 찾습니다. --adopt를 붙이면 확인한 내용으로 기록을 새로 씁니다",
    ))
}
