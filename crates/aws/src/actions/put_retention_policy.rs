//! Let the events of a log group go after some days. What is older goes for good.

use trimtab_model::action::Action;
use trimtab_model::call::Call;

use super::grant::{Grant, OPTED_IN, SAME_ENVIRONMENT};
use super::handler::{Handler, Tier};
use crate::{inspect, observe};

static RETENTION: Grant = Grant {
    sid: "SetRetentionOfOptedIn",
    actions: &["logs:PutRetentionPolicy", "logs:DeleteRetentionPolicy"],
    on: &["arn:{partition}:logs:*:{account}:log-group:*"],
    when: &[OPTED_IN, SAME_ENVIRONMENT],
};

pub(super) static HANDLER: Handler = Handler {
    name: "put-retention-policy",
    tier: Tier::Destroy,
    is_of: |action| matches!(action, Action::PutRetentionPolicy { .. }),
    makes: |call| {
        matches!(call, Call::PutRetentionPolicy { .. } | Call::DeleteRetentionPolicy { .. })
    },
    reads: observe::log_group::READS,
    inspects: inspect::log_group::READS,
    grants: &[&RETENTION],
};
