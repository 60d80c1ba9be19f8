//! Real AWS and the real clock.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::Timestamp;

use trimtab_model::call::{Call, CallResult};
use trimtab_model::gate::{GateQuery, GateReading, Points, PointsStatus, SignalSource};
use trimtab_model::observed::{Inspected, Observed};
use trimtab_model::plan::Change;
use trimtab_model::price::PriceBook;
use trimtab_model::text::Reason;
use trimtab_rollout::{Actuator, Unseen};
use trimtab_store::state::StoredPlan;

use super::catalogue;
use super::cloud::Cloud;
use crate::config::Settings;
use crate::failure::Failure;
use crate::pipeline::acting::{Place, sessions};

/// How long is slept at once: an interruption is seen that soon.
const BLINK: Duration = Duration::from_millis(500);

/// The accounts and regions of one plan.
#[derive(Debug)]
pub struct Live {
    clouds: BTreeMap<Place, Cloud>,
    prices: PriceBook,
    interrupted: Arc<AtomicBool>,
    was_woken: bool,
}

impl Live {
    /// Enters every account and region of a plan; waiting ends early once `interrupted` is set.
    ///
    /// # Errors
    /// Fails where one of them cannot be entered. Nothing was changed then.
    pub async fn enter(
        settings: &Settings,
        profile: Option<&str>,
        stored: &StoredPlan,
        interrupted: Arc<AtomicBool>,
    ) -> Result<Self, Failure> {
        let sessions = sessions(settings, profile, &stored.plan).await?;
        let clouds = sessions
            .iter()
            .map(|(place, session)| (place.clone(), Cloud::of(session, &stored.id)))
            .collect();
        let prices = catalogue::types(settings)?;
        Ok(Self { clouds, prices, interrupted, was_woken: false })
    }

    fn cloud(&self, change: &Change) -> Option<&Cloud> {
        self.clouds.get(&(change.resource.account.clone(), change.resource.region.clone()))
    }
}

impl Actuator for Live {
    fn now(&self) -> Timestamp {
        Timestamp::now()
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
        let mut inspected = cloud.inspect(change, self.now()).await?;
        catalogue::complete(&mut inspected, change, &self.prices);
        Ok(inspected)
    }

    async fn perform(&mut self, change: &Change, call: &Call) -> CallResult {
        match self.cloud(change) {
            Some(cloud) => cloud.perform(change, call).await,
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
        let mut reading = GateReading { at: now, clock_offset: None, series: Vec::new() };
        for (place, cloud) in &self.clouds {
            if !query.sources.iter().any(|source| is_in(source, place)) {
                continue;
            }
            let (series, offset) = cloud.read(query, now).await;
            reading.series.extend(series);
            if *place == (change.resource.account.clone(), change.resource.region.clone()) {
                reading.clock_offset = offset;
            }
        }
        // What nobody could be asked is said to be missing, and not left out.
        let unasked = query
            .sources
            .iter()
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
