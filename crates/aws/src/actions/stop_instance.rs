//! Take an instance's traffic away and stop it. Its volumes stay, so that nothing is kept before.

use trimtab_model::action::Action;
use trimtab_model::call::Call;

use super::handler::{Handler, Tier};
use super::instance;
use crate::{inspect, observe};

pub(super) static HANDLER: Handler = Handler {
    name: "stop-instance",
    tier: Tier::Apply,
    is_of: |action| matches!(action, Action::StopInstance { .. }),
    makes: |call| {
        matches!(
            call,
            Call::DeregisterTarget(_)
                | Call::RegisterTarget(_)
                | Call::StopInstance { .. }
                | Call::StartInstance { .. }
        )
    },
    reads: observe::instance::READS,
    inspects: inspect::instance::REPLACEMENT_READS,
    grants: &[
        &instance::READ_PROTECTION,
        &instance::DRAIN,
        &instance::STOP_AND_START,
        &instance::USE_KEYS,
    ],
};
