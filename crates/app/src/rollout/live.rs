//! Real AWS and the real clock.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use trimtab_model::call::{Call, CallResult};
use trimtab_model::gate::{GateQuery, GateReading, Points, PointsStatus, SignalSource};
use trimtab_model::metric::PROMETHEUS;
use trimtab_model::observed::{Inspected, Observed};
use trimtab_model::plan::Change;
use trimtab_model::price::PriceBook;
use trimtab_model::text::Reason;
use trimtab_prometheus::client::Client;
use trimtab_prometheus::gate;
use trimtab_rollout::{Actuator, Unseen};
use trimtab_store::state::StoredPlan;

use super::catalogue;
use super::cloud::Cloud;
use super::measured;
use crate::config::Settings;
use crate::failure::Failure;
use crate::pipeline::acting::{Actor, Entries, Place, Purpose, enter};
use crate::pipeline::watching::client;

/// What a query is answered by where nobody can be asked.
const NO_SERVER: &str = "the settings name no prometheus.url";
/// For how long what the change calendars said is believed.
const CALENDAR_KNOWN: SignedDuration = SignedDuration::from_mins(1);
/// How long is slept at once: an interruption is seen that soon.
const BLINK: Duration = Duration::from_millis(500);

/// The accounts and regions of one plan.
#[derive(Debug)]
pub struct Live {
    clouds: BTreeMap<Place, Cloud>,
    exceptions: Vec<&'static str>,
    /// The server that the settings name, if they name one.
    prometheus: Option<Client>,
    prices: PriceBook,
    /// When the change calendars were asked, and what they said.
    calendars: Option<(Timestamp, Option<String>)>,
    interrupted: Arc<AtomicBool>,
    was_woken: bool,
}

impl Live {
    /// Enters every account and region of a plan; waiting ends early once `interrupted` is set.
    ///
    /// # Errors
    /// Fails where one of them cannot be entered. Nothing was changed then.
    pub(crate) async fn enter(
        settings: &Settings,
        actor: &Actor,
        stored: &StoredPlan,
        (operator, purpose): (&str, Purpose),
        interrupted: Arc<AtomicBool>,
    ) -> Result<Self, Failure> {
        let prometheus = client(settings, None)?;
        let Entries { places, exceptions } =
            enter(settings, actor, stored, operator, purpose).await?;
        let clouds = places
            .into_iter()
            .map(|(place, entered)| (place, Cloud::of(entered, &stored.id)))
            .collect();
        let prices = catalogue::types(settings)?;
        Ok(Self {
            clouds,
            exceptions,
            prometheus,
            prices,
            calendars: None,
            interrupted,
            was_woken: false,
        })
    }

    /// Returns what was only let pass because somebody said so.
    pub fn exceptions(&self) -> &[&'static str] {
        &self.exceptions
    }

    /// Reads what is asked of Prometheus.
    async fn queried(&self, query: &GateQuery, now: Timestamp) -> Vec<Points> {
        let sources = query.sources.iter().map(|source| (source, query.periods.as_slice()));
        let load = query.load.iter().flat_map(|load| {
            let weeks = std::slice::from_ref(&load.weeks);
            load.sources.iter().map(move |source| (source, weeks))
        });
        let mut read = Vec::new();
        for (source, periods) in sources.chain(load) {
            if source.namespace != PROMETHEUS {
                continue;
            }
            read.push(match &self.prometheus {
                Some(client) => gate::read(client, source, periods, now).await,
                None => Points {
                    source: source.clone(),
                    status: PointsStatus::Failed(NO_SERVER.to_owned()),
                    points: Vec::new(),
                },
            });
        }
        read
    }

    fn cloud(&self, change: &Change) -> Option<&Cloud> {
        self.clouds.get(&(change.resource.account.clone(), change.resource.region.clone()))
    }
}

impl Actuator for Live {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    async fn calendar_closed(&mut self, calendars: &[String]) -> Option<String> {
        let now = self.now();
        if let Some((asked, known)) = &self.calendars
            && (SignedDuration::ZERO..CALENDAR_KNOWN).contains(&now.duration_since(*asked))
        {
            return known.clone();
        }
        let mut closed = None;
        for cloud in self.clouds.values() {
            closed = cloud.calendar_closed(calendars).await;
            if closed.is_some() {
                break;
            }
        }
        self.calendars = Some((now, closed.clone()));
        closed
    }

    async fn wait(&mut self, until: Timestamp) {
        loop {
            let left = until.duration_since(Timestamp::now());
            let left = Duration::try_from(left).unwrap_or_default();
            if left.is_zero() {
                return;
            }
            // Once: what is under way is then brought to its end at its own pace.
            if !self.was_woken && self.interrupted.load(Ordering::Relaxed) {
                self.was_woken = true;
                return;
            }
            tokio::time::sleep(left.min(BLINK)).await;
        }
    }

    async fn observe(&mut self, change: &Change) -> Result<Observed, Unseen> {
        match self.cloud(change) {
            Some(cloud) => cloud.observe(change).await,
            None => Err(Unseen { reason: not_entered(change) }),
        }
    }

    async fn inspect(&mut self, change: &Change) -> Result<Inspected, Unseen> {
        let Some(cloud) = self.cloud(change) else {
            return Err(Unseen { reason: not_entered(change) });
        };
        let now = self.now();
        let mut inspected = cloud.inspect(change, now).await?;
        catalogue::complete(&mut inspected, change, &self.prices);
        if let Some(client) = &self.prometheus {
            measured::complete(client, change, now, &mut inspected).await;
        }
        Ok(inspected)
    }

    async fn perform(&mut self, change: &Change, call: &Call) -> CallResult {
        match self.cloud(change) {
            Some(cloud) => cloud.perform(change, call, self.now()).await,
            // Nothing was sent: the account is not one of the plan.
            None => CallResult::Refused {
                code: "NotSent".to_owned(),
                message: not_entered(change).text.en,
                request_id: None,
            },
        }
    }

    async fn read(&mut self, change: &Change, query: &GateQuery) -> GateReading {
        let now = Timestamp::now();
        let (series, alarms) = (self.queried(query, now).await, Vec::new());
        let mut reading = GateReading { at: now, clock_offset: None, series, alarms };
        for (place, cloud) in &self.clouds {
            if !query.sources.iter().any(|source| is_in(source, place)) {
                continue;
            }
            let read = cloud.read(query, now).await;
            reading.series.extend(read.series);
            reading.alarms.extend(read.alarms);
            if *place == (change.resource.account.clone(), change.resource.region.clone()) {
                reading.clock_offset = read.clock_offset;
            }
        }
        // What nobody could be asked is said to be missing, and not left out.
        let unasked = query
            .sources
            .iter()
            .filter(|source| source.namespace != PROMETHEUS)
            .filter(|source| !self.clouds.keys().any(|place| is_in(source, place)));
        reading.series.extend(unasked.map(|source| Points {
            source: source.clone(),
            status: PointsStatus::Forbidden,
            points: Vec::new(),
        }));
        reading
    }
}

fn is_in(source: &SignalSource, (account, region): &Place) -> bool {
    source.origin.account == *account && source.origin.region == *region
}

fn not_entered(change: &Change) -> Reason {
    let (account, region) = (&change.resource.account, &change.resource.region);
    Reason::new(
        "not-entered",
        format!("Account {account} was not entered in {region}."),
        format!("{account} 계정({region})에 접속하지 않았습니다."),
    )
}
