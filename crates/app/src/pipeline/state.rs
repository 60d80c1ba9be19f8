//! What earlier runs left: the latest analysis, and what the user decided about it.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use trimtab_model::analysis::Analysis;
use trimtab_store::lake::Lake;
use trimtab_store::state::{State, StateError};

use crate::config::Settings;
use crate::failure::{Failure, Kind};

/// Whether dismissed and snoozed recommendations are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// Only those that are open.
    Open,
    /// All of them.
    All,
}

/// Returns the moment, to the second.
pub fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}

/// Returns the day in the reader's time zone: decisions hold until the end of such a day.
pub fn today(settings: &Settings) -> Date {
    now().to_zoned_datetime(settings.timezone.clone()).date()
}

/// Opens the state in the data directory.
///
/// # Errors
/// Fails if the directory cannot be used.
pub fn open_state(settings: &Settings) -> Result<State, Failure> {
    State::open(&settings.data_dir).map_err(|cause| {
        Failure::from_error(Kind::Failed, &cause).with_hint((
            "make this directory writable, or give another one with --data-dir; a run that has begun goes on from this one alone",
            "이 디렉터리에 쓸 수 있게 하거나 --data-dir로 다른 디렉터리를 지정하세요. 이미 시작한 실행은 이 디렉터리에서만 이어집니다",
        ))
    })
}

/// Opens the lake that the settings name.
///
/// # Errors
/// Fails if the place cannot be used.
pub fn open_lake(settings: &Settings) -> Result<Lake, Failure> {
    let state = Arc::new(open_state(settings)?);
    Lake::open(state, settings.lake.as_deref(), settings.object_store.pairs(), threads()).map_err(|cause| {
        Failure::from_error(Kind::Failed, &cause)
            .with_hint((
                "check --data-dir, and `lake` in the configuration; a bucket needs AWS_REGION and credentials in the environment",
                "--data-dir과 설정의 `lake`를 확인하세요. 버킷을 쓰려면 환경 변수에 AWS_REGION과 자격 증명이 있어야 합니다",
            ))
    })
}

/// Returns how many threads heavy work uses.
pub(super) fn threads() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from)
}

/// Returns the latest analysis.
///
/// # Errors
/// Fails if there is none.
pub fn latest_analysis(state: &State) -> Result<Analysis, Failure> {
    made(state.latest_analysis())
}

/// Returns the same without what needs no change, which is by far the most of it.
///
/// # Errors
/// As [`latest_analysis`].
pub fn latest_findings(state: &State) -> Result<Analysis, Failure> {
    made(state.latest_findings())
}

fn made(found: Result<Option<Analysis>, StateError>) -> Result<Analysis, Failure> {
    found.map_err(|cause| Failure::from_error(Kind::Failed, &cause))?.ok_or_else(|| {
        Failure::new(Kind::Failed, ("nothing was analysed yet", "아직 분석한 것이 없습니다")).with_hint((
            "run `trimtab analyze --from DIR` on your exports, or `trimtab demo --no-serve` to look around",
            "내보낸 파일에 `trimtab analyze --from DIR` 명령을 실행하거나, `trimtab demo --no-serve` 명령으로 둘러보세요",
        ))
    })
}

/// Stores an analysis as the latest.
///
/// # Errors
/// Fails if the state cannot be written.
pub fn save_analysis(state: &State, analysis: &Analysis) -> Result<(), Failure> {
    state
        .save_analysis(analysis)
        .map(|_number| ())
        .map_err(|cause| Failure::from_error(Kind::Failed, &cause))
}

/// Returns the analysis without what the user hid, its sums made anew, and how many were hidden.
///
/// # Errors
/// Fails if the state cannot be read.
pub fn visible(
    state: &State,
    mut analysis: Analysis,
    visibility: Visibility,
    today: Date,
) -> Result<(Analysis, u64), Failure> {
    if visibility == Visibility::All {
        return Ok((analysis, 0));
    }
    let dispositions =
        state.dispositions().map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    let before = analysis.items.len();
    analysis.items.retain(|item| {
        dispositions.get(&item.id).is_none_or(|disposition| !disposition.holds_on(today))
    });
    let hidden = before - analysis.items.len();
    if hidden > 0 {
        analysis.totals = trimtab_analysis::analyze::retotal(&analysis);
    }
    Ok((analysis, u64::try_from(hidden).unwrap_or(u64::MAX)))
}

/// Returns what is open on a day of an analysis that several hold, and how many recommendations are hidden: a large one
/// that hides nothing is not copied.
///
/// # Errors
/// Fails if the state cannot be read.
pub fn open_on(
    state: &State,
    analysis: &Arc<Analysis>,
    day: Date,
) -> Result<(Arc<Analysis>, u64), Failure> {
    let decided =
        state.dispositions().map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    let is_hidden = |id| decided.get(id).is_some_and(|one| one.holds_on(day));
    if !analysis.items.iter().any(|item| is_hidden(&item.id)) {
        return Ok((Arc::clone(analysis), 0));
    }
    let (open, hidden) = visible(state, Analysis::clone(analysis), Visibility::Open, day)?;
    Ok((Arc::new(open), hidden))
}
