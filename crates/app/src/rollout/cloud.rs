//! One account and region of AWS, as a run looks at it and acts on it.

use jiff::{SignedDuration, Timestamp};

use trimtab_aws::actuator::Actuator;
use trimtab_aws::gate;
use trimtab_aws::session::Session;
use trimtab_model::call::{Call, CallResult};
use trimtab_model::explain::Explain;
use trimtab_model::gate::{GateQuery, Points};
use trimtab_model::id::PlanId;
use trimtab_model::observed::{Inspected, Observed};
use trimtab_model::plan::Change;
use trimtab_model::text::{Reason, Text};
use trimtab_rollout::Unseen;

/// One account and region.
#[derive(Debug)]
pub(super) struct Cloud {
    session: Session,
    actuator: Actuator,
}

impl Cloud {
    /// Makes one of a session, for the resources of a plan.
    pub(super) fn of(session: &Session, plan: &PlanId) -> Self {
        Self { session: session.clone(), actuator: Actuator::new(session, plan.clone()) }
    }

    /// Makes one call, once.
    pub(super) async fn perform(&self, change: &Change, call: &Call) -> CallResult {
        self.actuator.perform(change, call).await
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

    /// Reads those series of a query that are here, and how far our clock is from AWS's.
    pub(super) async fn read(
        &self,
        query: &GateQuery,
        now: Timestamp,
    ) -> (Vec<Points>, Option<SignedDuration>) {
        let reading = gate::read(&self.session, query, now).await;
        (reading.series, reading.clock_offset)
    }
}
