//! Runs the collectors, several at once, and stores each result as it comes.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::pin::Pin;

use futures::StreamExt;
use futures::stream;

use trimtab_aws::collect::{Collected, collect};
use trimtab_aws::collector::{Collector, Reach};
use trimtab_aws::session::Session;
use trimtab_model::collection::{Collection, Outcome};
use trimtab_model::snapshot::Snapshot;
use trimtab_model::text::{Reason, counted};
use trimtab_store::state::State;

use super::metrics::{self as series, Budget, Reader, Window};
use super::places::Places;
use super::{MetricHole, ScanProgress};
use crate::config::Settings;
use crate::failure::{Failure, Kind};
use crate::pipeline::state::now;

/// Listings that run at once. The pace of calls is kept elsewhere; this bounds memory.
const AT_ONCE: usize = 24;
/// Places whose metrics are read at once: each holds up to 500 series in memory.
const PLACES_AT_ONCE: usize = 6;

/// Runs what an earlier attempt at the same scan has not done. Returns whether all of it ended.
pub(super) async fn run(
    state: &State,
    scan: i64,
    places: &Places,
    collectors: &[&'static Collector],
    mut interruption: Pin<&mut impl Future<Output = ()>>,
    watch: &mut dyn FnMut(ScanProgress<'_>),
) -> Result<bool, Failure> {
    let failed = |cause| Failure::from_error(Kind::Failed, &cause);
    let done: BTreeSet<_> = state
        .collections()
        .map_err(failed)?
        .into_iter()
        .filter(|(of, collection)| *of == scan && settled(collection))
        .map(|(_, collection)| (collection.account, collection.region, collection.kind))
        .collect();
    let jobs: Vec<(Session, &'static Collector)> = places
        .sessions
        .iter()
        .flat_map(|(session, reach)| {
            let of_reach = collectors.iter().filter(move |collector| collector.reach == *reach);
            of_reach.map(move |collector| (session.clone(), *collector))
        })
        .filter(|(session, collector)| {
            let key = (session.account().clone(), session.region().clone(), collector.kind);
            !done.contains(&key)
        })
        .collect();
    let of = (jobs.len() + places.closed.len()) as u64;
    let mut ended = 0;
    let mut keep = |collected: &Collected| -> Result<(), Failure> {
        ended += 1;
        state
            .save_part(scan, &collected.collection, &collected.snapshot)
            .map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
        watch(ScanProgress::Listing { collection: &collected.collection, done: ended, of });
        Ok(())
    };
    for closed in &places.closed {
        keep(closed)?;
    }
    let mut running = stream::iter(jobs.into_iter().map(|(session, collector)| async move {
        tokio::spawn(async move { collect(&session, collector, now()).await }).await
    }))
    .buffer_unordered(AT_ONCE);
    loop {
        tokio::select! {
            () = interruption.as_mut() => return Ok(false),
            next = running.next() => match next {
                Some(Ok(collected)) => keep(&collected)?,
                Some(Err(cause)) => {
                    let message = ("a listing ended unexpectedly", "목록 조회가 예기치 않게 끝났습니다");
                    return Err(Failure::new(Kind::Failed, message).because(&cause));
                }
                None => return Ok(true),
            },
        }
    }
}

/// Returns whether asking again in the same scan would be of no use.
fn settled(collection: &Collection) -> bool {
    match collection.outcome {
        Outcome::Complete | Outcome::Denied | Outcome::OptedOut => true,
        Outcome::Partial | Outcome::Throttled | Outcome::Failed => false,
    }
}

/// What reading metrics gave, over all places.
#[derive(Debug, Default)]
pub(super) struct Metrics {
    /// Metrics that were asked for.
    pub(super) requested: u64,
    /// Samples that came.
    pub(super) samples: u64,
    /// Where they could not be read.
    pub(super) holes: Vec<MetricHole>,
    /// Whether all places were asked.
    pub(super) finished: bool,
}

/// How much of the metrics is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// From when to when.
    pub(super) window: Window,
    /// How many metrics at most.
    pub(super) affordable: u64,
}

/// Reads the metrics that the checks need, within `limits`.
///
/// AWS limits each account and region by itself, so several are read at once.
pub(super) async fn metrics(
    settings: &Settings,
    state: &State,
    places: &Places,
    limits: Limits,
    mut interruption: Pin<&mut impl Future<Output = ()>>,
    watch: &mut dyn FnMut(ScanProgress<'_>),
) -> Result<Metrics, Failure> {
    let failed = |cause| Failure::from_error(Kind::Failed, &cause);
    let needs = series::needs(settings);
    let snapshot =
        state.scanned_snapshot().map_err(failed)?.unwrap_or_else(|| Snapshot::empty(now()));
    let budget = Budget::of(limits.affordable);
    let watch = RefCell::new(watch);
    let sessions = places.sessions.iter().filter(|(_, reach)| *reach == Reach::Region);
    let mut running = stream::iter(sessions.map(|(session, _)| {
        let resources = series::resources(&snapshot, session, &needs);
        let reader = Reader { settings, state, session, budget: &budget };
        let (needs, watch) = (&needs, &watch);
        async move {
            let read = reader
                .read(needs, &resources, limits.window, |done, of| {
                    let (account, region) = (session.account(), session.region());
                    (watch.borrow_mut())(ScanProgress::Metrics { account, region, done, of });
                })
                .await;
            (session, read)
        }
    }))
    .buffer_unordered(PLACES_AT_ONCE);
    let mut all = Metrics { finished: true, ..Metrics::default() };
    loop {
        let (session, place) = tokio::select! {
            () = interruption.as_mut() => {
                all.finished = false;
                break;
            }
            next = running.next() => match next {
                Some((session, read)) => (session, read?),
                None => break,
            },
        };
        all.requested += place.fetched.metrics_requested;
        all.samples += place.fetched.samples;
        let error = place.error.map(|error| trimtab_aws::part::reason(&error));
        let reasons = error.into_iter().chain(over_budget(place.over_budget));
        all.holes.extend(reasons.map(|reason| MetricHole {
            account: session.account().clone(),
            region: session.region().clone(),
            reason,
        }));
    }
    // Places end in any order.
    all.holes
        .sort_by(|left, right| (&left.account, &left.region).cmp(&(&right.account, &right.region)));
    Ok(all)
}

/// Returns what is missing because the budget was used up, if anything is.
fn over_budget(metrics: u64) -> Option<Reason> {
    (metrics > 0).then(|| {
        Reason::new(
            "budget",
            format!(
                "{} not requested: the budget was used up. Raise --budget, or scan again for the rest.",
                counted(metrics, "metric")
            ),
            format!(
                "요청하지 않은 지표: {metrics}개. 예산을 모두 썼습니다. --budget을 늘리거나 다시 스캔하면 나머지를 읽습니다."
            ),
        )
    })
}
