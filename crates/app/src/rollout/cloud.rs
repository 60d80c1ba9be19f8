//! One account and region of AWS, as a run looks at it and acts on it.

use std::collections::BTreeMap;

use jiff::Timestamp;

use trimtab_aws::actuator::Actuator;
use trimtab_aws::alarms::Alarms;
use trimtab_aws::entrance::Entrance;
use trimtab_aws::gate;
use trimtab_aws::session::Session;
use trimtab_model::call::{Call, CallResult};
use trimtab_model::environment::Environment;
use trimtab_model::explain::Explain;
use trimtab_model::gate::{GateQuery, GateReading};
use trimtab_model::id::PlanId;
use trimtab_model::observed::{Inspected, Observed};
use trimtab_model::plan::Change;
use trimtab_model::text::{Reason, Text};
use trimtab_rollout::Unseen;

use crate::pipeline::acting::Entered;

/// One account and region.
#[derive(Debug)]
pub(super) struct Cloud {
    session: Session,
    actuator: Actuator,
    alarms: Alarms,
    ways: BTreeMap<Environment, Entrance>,
}

impl Cloud {
    /// Makes one of what was entered, for the resources of a plan.
    pub(super) fn of(entered: Entered, plan: &PlanId) -> Self {
        let Entered { looking, ways } = entered;
        let actuator = Actuator::new(&looking, plan.clone());
        Self { session: looking, actuator, alarms: Alarms::default(), ways }
    }

    /// Makes one call, once, in a session of its own.
    pub(super) async fn perform(&self, change: &Change, call: &Call, now: Timestamp) -> CallResult {
        let Some(way) = self.ways.get(&change.environment) else {
            return CallResult::Refused {
                code: "NotSent".to_owned(),
                message: format!("nobody entered for what is {}", change.environment),
                request_id: None,
            };
        };
        match way.for_call(&self.session, change, call, now).await {
            Ok(session) => self.actuator.by(&session).perform(change, call).await,
            Err(unsent) => unsent,
        }
    }

    /// Returns why changes may not begin here by these change calendars.
    pub(super) async fn calendar_closed(&self, calendars: &[String]) -> Option<String> {
        trimtab_aws::calendar::closed(&self.session, calendars).await
    }

    /// Looks at the resource of a change.
    pub(super) async fn observe(&self, change: &Change) -> Result<Observed, Unseen> {
        self.actuator.observe(change).await.map_err(|cause| {
            let Text { en, ko } = cause.text();
            Unseen { reason: Reason::new("unseen", en, ko) }
        })
    }

    /// Reads everything that can stand in the way of a change.
    pub(super) async fn inspect(
        &self,
        change: &Change,
        now: Timestamp,
    ) -> Result<Inspected, Unseen> {
        let inspected = self.actuator.inspect(change, now).await;
        inspected.map_err(|cause| Unseen { reason: trimtab_aws::part::reason(&cause) })
    }

    /// Reads those series and alarms of a query that are here, and how far our clock is from
    /// AWS's.
    pub(super) async fn read(&self, query: &GateQuery, now: Timestamp) -> GateReading {
        gate::read(&self.session, &self.alarms, query, now).await
    }
}
