//! Let a function run on another processor, by way of a version and a share of an alias: its own
//! package is downloaded and given again.

use trimtab_model::action::Action;
use trimtab_model::call::Call;

use super::grant::{Grant, OPTED_IN, SAME_ENVIRONMENT};
use super::handler::{Handler, Tier};
use crate::{inspect, observe};

const FUNCTIONS: &[&str] = &["arn:{partition}:lambda:*:{account}:function:*"];

/// Whoever may give a package may run any code in the function's role, and whoever may get the
/// function reads its package and its environment variables: no key of IAM narrows that down, and
/// so it stands alone.
static GIVE_AGAIN: Grant = Grant {
    sid: "GiveOptedInFunctionsTheirPackage",
    actions: &["lambda:GetFunction", "lambda:UpdateFunctionCode"],
    on: FUNCTIONS,
    when: &[OPTED_IN, SAME_ENVIRONMENT],
};

static RELEASE: Grant = Grant {
    sid: "ReleaseOptedInFunctions",
    actions: &["lambda:PublishVersion", "lambda:UpdateAlias"],
    on: FUNCTIONS,
    when: &[OPTED_IN, SAME_ENVIRONMENT],
};

pub(super) static HANDLER: Handler = Handler {
    name: "update-function-architecture",
    tier: Tier::Apply,
    is_of: |action| matches!(action, Action::UpdateFunctionArchitecture { .. }),
    makes: |call| {
        matches!(
            call,
            Call::UpdateFunctionArchitecture { .. }
                | Call::PublishVersion { .. }
                | Call::UpdateAlias { .. }
        )
    },
    reads: observe::function::READS,
    inspects: inspect::function::READS,
    grants: &[&GIVE_AGAIN, &RELEASE],
};
