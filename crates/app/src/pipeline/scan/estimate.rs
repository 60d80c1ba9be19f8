//! What a scan would call, cost and take, before it does.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;

use trimtab_aws::collector::Reach;
use trimtab_aws::metrics::GET_METRIC_DATA;
use trimtab_aws::pace;
use trimtab_aws::session::Session;
use trimtab_model::collection::Outcome;
use trimtab_model::id::{RegionId, SubAccountId};
use trimtab_model::opinion::OpinionSource;
use trimtab_model::series::MetricNeed;
use trimtab_model::snapshot::Snapshot;
use trimtab_model::text::Reason;
use trimtab_store::state::State;

use super::metrics::{self as series, Expected, Window};
use super::places::{self, Places};
use super::price::{MetricPrice, metric_price};
use super::{Ask, Metrics, MetricsSince, ScanRequest, runtime, select};
use crate::config::Settings;
use crate::failure::{Failure, Kind};
use crate::pipeline::login::Login;
use crate::pipeline::permissions::needed_kinds;
use crate::pipeline::state::{now, open_state};

/// What a scan would call, cost and take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Estimate {
    /// What is expected in each account and region, in this order.
    pub places: Vec<PlaceEstimate>,
    /// Accounts that cannot be entered.
    pub closed: Vec<Closed>,
    /// What metrics cost; absent where the catalogue does not say.
    pub metric_price: Option<MetricPrice>,
    /// How long the calls wait for their turn: the scan takes at least that.
    pub time: Duration,
}

/// What a scan would do in one account and region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceEstimate {
    /// The account.
    pub account: SubAccountId,
    /// The region.
    pub region: RegionId,
    /// Listings: one call each at least, more where a listing has pages. They are free.
    pub listings: u64,
    /// Metrics of the resources that the last scan found; absent where nothing was scanned yet.
    pub metrics: Option<u64>,
}

/// An account that cannot be entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    /// The account.
    pub account: SubAccountId,
    /// Why.
    pub reason: Reason,
}

/// Estimates a scan. Only who we are, which accounts there are and which regions is asked.
///
/// # Errors
/// Fails without credentials, on a service that is not read, and if the data directory
/// cannot be used.
pub fn estimate(settings: &Settings, request: &ScanRequest) -> Result<Estimate, Failure> {
    let collectors = select(&request.services, &needed_kinds(settings))?;
    let state = open_state(settings)?;
    let metric_price = metric_price(settings)?;
    let now = now();
    let places = runtime()?.block_on(async {
        let login = Login::find(settings, request).await?;
        places::find(&login, settings, request, &collectors, now).await
    })?;
    let known = Known::read(settings, &state, now)?;
    let share = settings.scan_share.get();
    let since = request.since.map(|since| MetricsSince::of(since, now).from);
    let window = Window::new(settings, since, now);
    let mut expected: BTreeMap<(SubAccountId, RegionId), PlaceEstimate> = BTreeMap::new();
    let mut listings = Duration::ZERO;
    let mut metrics = Duration::ZERO;
    for (session, reach) in &places.sessions {
        let asked = opinions(request, *reach);
        let actions: Vec<&str> = collectors
            .iter()
            .filter(|collector| collector.reach == *reach)
            .filter_map(|collector| collector.actions.first().copied())
            .chain(asked.iter().copied())
            .collect();
        let key = (session.account().clone(), session.region().clone());
        let place = expected.entry(key).or_insert_with_key(|(account, region)| PlaceEstimate {
            account: account.clone(),
            region: region.clone(),
            listings: 0,
            metrics: Some(0),
        });
        place.listings += actions.len() as u64;
        listings = listings.max(pace::last_turn(share, actions));
        if *reach == Reach::Region && request.metrics == Metrics::Read {
            let of = known.metrics(&state, session, window)?;
            place.metrics = of.map(|of| of.metrics);
            let of = of.unwrap_or_default();
            let calls = usize::try_from(of.calls).unwrap_or(usize::MAX);
            let calls = std::iter::repeat_n(GET_METRIC_DATA, calls);
            // AWS limits each place by itself, so the slowest one counts.
            metrics = metrics
                .max(pace::last_turn(share, calls))
                .max(pace::time_of_samples(share, of.samples));
        }
    }
    Ok(Estimate {
        places: expected.into_values().collect(),
        closed: closed(&places),
        metric_price,
        time: listings + metrics,
    })
}

/// What the last scan found, and where it looked.
struct Known {
    snapshot: Snapshot,
    places: BTreeSet<(SubAccountId, RegionId)>,
    needs: BTreeSet<MetricNeed>,
}

impl Known {
    fn read(settings: &Settings, state: &State, now: Timestamp) -> Result<Self, Failure> {
        let failed = |cause| Failure::from_error(Kind::Failed, &cause);
        let listed = state.collections().map_err(failed)?.into_iter();
        Ok(Self {
            snapshot: state
                .scanned_snapshot()
                .map_err(failed)?
                .unwrap_or_else(|| Snapshot::empty(now)),
            places: listed
                .filter(|(_, one)| matches!(one.outcome, Outcome::Complete | Outcome::Partial))
                .map(|(_, one)| (one.account, one.region))
                .collect(),
            needs: series::needs(settings),
        })
    }

    /// Returns what reading the metrics of a place takes; absent where nothing was scanned yet.
    fn metrics(
        &self,
        state: &State,
        session: &Session,
        window: Window,
    ) -> Result<Option<Expected>, Failure> {
        if !self.places.contains(&(session.account().clone(), session.region().clone())) {
            return Ok(None);
        }
        let resources = series::resources(&self.snapshot, session, &self.needs);
        series::expected(state, session, &self.needs, &resources, window).map(Some)
    }
}

/// Returns what a second opinion asks in a place of this reach.
fn opinions(request: &ScanRequest, reach: Reach) -> &'static [&'static str] {
    let source = match reach {
        Reach::Region => OpinionSource::ComputeOptimizer,
        Reach::Account => OpinionSource::CostOptimizationHub,
    };
    trimtab_aws::opinions::ACTIONS
        .iter()
        .find(|(of, _)| *of == source && request.second_opinion == Ask::Ask)
        .map_or(&[], |(_, actions)| *actions)
}

/// Returns the accounts that cannot be entered, once each.
fn closed(places: &Places) -> Vec<Closed> {
    let mut closed: BTreeMap<SubAccountId, Closed> = BTreeMap::new();
    for one in &places.closed {
        let account = one.collection.account.clone();
        if let Some(reason) = one.collection.reasons.first() {
            let reason = reason.clone();
            closed.entry(account.clone()).or_insert(Closed { account, reason });
        }
    }
    closed.into_values().collect()
}
