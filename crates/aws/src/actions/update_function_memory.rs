//! Give a function another amount of memory, by way of a version and a share of an alias.

use trimtab_model::action::Action;
use trimtab_model::call::Call;

use super::grant::{Grant, OPTED_IN, SAME_ENVIRONMENT};
use super::handler::{Handler, Tier};
use crate::{inspect, observe};

/// No key limits what an update may set besides the memory.
static UPDATE: Grant = Grant {
    sid: "UpdateOptedInFunctions",
    actions: &["lambda:UpdateFunctionConfiguration", "lambda:PublishVersion", "lambda:UpdateAlias"],
    on: &["arn:{partition}:lambda:*:{account}:function:*"],
    when: &[OPTED_IN, SAME_ENVIRONMENT],
};

pub(super) static HANDLER: Handler = Handler {
    name: "update-function-memory",
    tier: Tier::Apply,
    is_of: |action| matches!(action, Action::UpdateFunctionMemory { .. }),
    makes: |call| {
        matches!(
            call,
            Call::UpdateFunctionMemory { .. }
                | Call::PublishVersion { .. }
                | Call::UpdateAlias { .. }
        )
    },
    reads: observe::function::READS,
    inspects: inspect::function::READS,
    grants: &[&UPDATE],
};
