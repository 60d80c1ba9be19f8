//! One account and region of AWS, as a run looks at it and acts on it.
//!
//! This is the seam to `trimtab_aws`: what makes a call, what looks at a resource, what reads the
//! metrics of a gate. A build without them has no value of this type, so that nothing can act.

use jiff::{SignedDuration, Timestamp};

use trimtab_aws::session::Session;
use trimtab_model::call::{Call, CallResult};
use trimtab_model::gate::{GateQuery, Points};
use trimtab_model::id::PlanId;
use trimtab_model::observed::Observed;
use trimtab_model::plan::Change;
use trimtab_rollout::Unseen;

use crate::failure::{Failure, Kind};

/// One account and region.
#[derive(Debug)]
pub(super) enum Cloud {}

impl Cloud {
    /// Makes one of a session, for the resources of a plan.
    pub(super) fn of(session: &Session, plan: &PlanId) -> Result<Self, Failure> {
        let (account, region) = (session.account(), session.region());
        Err(Failure::new(
            Kind::Failed,
            (
                format!("this build of trimtab cannot change {account} in {region}"),
                format!("이 빌드의 trimtab은 {account} 계정({region})을 변경할 수 없습니다"),
            ),
        )
        .with_hint((
            format!("nothing was changed; `trimtab plan export {plan} --format awscli` writes the calls for you to make"),
            format!("아무것도 바꾸지 않았습니다. `trimtab plan export {plan} --format awscli` 명령으로 직접 실행할 호출을 받을 수 있습니다"),
        )))
    }

    /// Makes one call, once.
    pub(super) async fn perform(&self, _change: &Change, _call: &Call) -> CallResult {
        match *self {}
    }

    /// Looks at the resource of a change.
    pub(super) async fn observe(&self, _change: &Change) -> Result<Observed, Unseen> {
        match *self {}
    }

    /// Reads those series of a query that are here, and how far our clock is from AWS's.
    pub(super) async fn read(
        &self,
        _query: &GateQuery,
        _now: Timestamp,
    ) -> (Vec<Points>, Option<SignedDuration>) {
        match *self {}
    }
}
