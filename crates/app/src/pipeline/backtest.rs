//! Backtest: what sizes would have cost, had they been chosen earlier.

use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};

use trimtab_analysis::Facts;
use trimtab_analysis::backtest::{Tally, judge_window};
use trimtab_model::backtest::Backtest;
use trimtab_model::charge::Charges;
use trimtab_model::period::Period;
use trimtab_model::text::{Text, counted};
use trimtab_model::traffic::Traffic;
use trimtab_store::InputError;
use trimtab_store::inventory::Place;
use trimtab_store::{catalog, input};

use crate::config::Settings;
use crate::failure::{Failure, Kind};
use crate::pipeline::analyze::{inventory, regions};
use crate::pipeline::ingest::{self, IngestRequest, Ingested};
use crate::pipeline::state::{now, open_lake};
use crate::pipeline::{Source, metrics};
use crate::progress::{OnProgress, Progress, Stage};
use crate::worker::Isolation;

/// What to replay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BacktestRequest {
    /// Where the data comes from.
    pub source: Source,
    /// Days that a choice is made from.
    pub train_days: u32,
    /// Days that it must hold for.
    pub test_days: u32,
    /// Account and region of inventory files that do not say theirs.
    pub place: Place,
    /// Where foreign files are parsed.
    pub isolation: Isolation,
}

/// The outcome, and what could not be read.
#[derive(Debug)]
pub struct Backtested {
    /// The outcome.
    pub backtest: Backtest,
    /// What could not be read, file by file.
    pub errors: Vec<InputError>,
}

/// Replays sizing on every window that the metrics hold.
///
/// Windows follow each other by the length of the test part, so that every moment is held
/// against one choice only.
///
/// # Errors
/// Fails if the data cannot be used, or is shorter than one window.
pub fn backtest(
    settings: &Settings,
    request: &BacktestRequest,
    told: OnProgress<'_>,
) -> Result<Backtested, Failure> {
    told(Progress::stage(Stage::Inventory));
    let mut ingested = Ingested::default();
    let (snapshot, dir) = match &request.source {
        Source::Directory(dir) => {
            ingest::require_directory(dir)?;
            let own = IngestRequest {
                dir: dir.clone(),
                place: request.place.clone(),
                isolation: request.isolation.clone(),
            };
            (ingest::read_inventory(settings, &own, now(), &mut ingested), dir.clone())
        }
        Source::DataDirectory => {
            let lake = open_lake(settings)?;
            let snapshot = inventory(settings, lake.state())?.ok_or_else(no_instances)?;
            (snapshot, PathBuf::from(&settings.data_dir))
        }
    };
    if snapshot.instances.is_empty() {
        return Err(no_instances());
    }
    let (files, mut errors) = input::list(&dir, "metrics");
    let span = metrics::span(&request.isolation, &files, told)?.ok_or_else(no_metrics)?;
    let windows = windows(span, request)?;
    let periods = windows.iter().flat_map(|(train, test)| [*train, *test]).collect();
    let (profiles, unread) = metrics::profiles_of(
        &request.isolation,
        &files,
        &snapshot,
        &settings.policy,
        periods,
        told,
    )?;
    errors.splice(0..0, ingested.errors);
    errors.extend(unread);
    told(Progress::stage(Stage::Checks));
    let prices = catalog::price_book_with(&settings.data_dir, &regions(&snapshot))
        .map_err(|cause| Failure::from(&cause))?;
    let (charges, traffic) = (Charges::default(), Traffic::default());
    let mut tally = Tally::default();
    for (window, profiles) in windows.iter().zip(profiles.chunks_exact(2)) {
        let [trained, held] = profiles else { continue };
        let facts = Facts {
            snapshot: &snapshot,
            profiles: trained,
            charges: &charges,
            traffic: &traffic,
            prices: &prices,
            policy: &settings.policy,
            now: window.0.end(),
        };
        judge_window(&facts, *window, held, &mut tally);
    }
    let list_prices = Text::new(
        "on-demand list prices of the catalogue, Linux, without commitments",
        "카탈로그의 온디맨드 정가(Linux), 약정 할인 제외",
    );
    Ok(Backtested { backtest: tally.finish(list_prices), errors })
}

/// Cuts the time with samples into windows.
fn windows(span: Period, request: &BacktestRequest) -> Result<Vec<(Period, Period)>, Failure> {
    let days = |days: u32| SignedDuration::from_hours(24 * i64::from(days));
    let window = |start: Timestamp| -> Option<(Period, Period)> {
        let middle = start.checked_add(days(request.train_days)).ok()?;
        let end = middle.checked_add(days(request.test_days)).ok()?;
        // The last sample may begin a little before its interval would end.
        let reached = end.checked_sub(SignedDuration::from_hours(1)).ok()?;
        let parts = Period::new(start, middle).ok().zip(Period::new(middle, end).ok())?;
        (reached <= span.end()).then_some(parts)
    };
    let step = days(request.test_days);
    let starts = std::iter::successors(Some(span.start()), |start| start.checked_add(step).ok());
    let windows: Vec<(Period, Period)> = starts.map_while(window).collect();
    if windows.is_empty() {
        let (held, wanted) = (span.seconds() / 86_400, request.train_days + request.test_days);
        let half = (held / 2).max(1);
        return Err(Failure::usage(
            (
                format!(
                    "the metrics reach over {}, and one window needs {wanted}",
                    counted(held, "day")
                ),
                format!("지표가 {held}일 분량인데 한 구간에 {wanted}일이 필요합니다"),
            ),
            (
                format!("try --train {half}d --test {half}d, or collect metrics for longer"),
                format!("--train {half}d --test {half}d로 해 보거나 지표를 더 오래 모으세요"),
            ),
        ));
    }
    Ok(windows)
}

fn no_instances() -> Failure {
    Failure::new(
        Kind::Failed,
        ("there are no EC2 instances to size", "크기를 정할 EC2 인스턴스가 없습니다"),
    )
    .with_hint((
        "give a directory whose inventory/ has describe-instances.json, or run `trimtab scan` first",
        "inventory/에 describe-instances.json이 있는 디렉터리를 주거나 먼저 `trimtab scan`을 실행하세요",
    ))
}

fn no_metrics() -> Failure {
    Failure::new(Kind::Failed, ("there are no metrics", "지표가 없습니다")).with_hint((
        "put files with CPUUtilization of AWS/EC2 into metrics/, as docs/guide/data.md says",
        "docs/guide/data.md의 형식으로 AWS/EC2의 CPUUtilization을 metrics/에 넣으세요",
    ))
}
