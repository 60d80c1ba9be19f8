//! Take an instance's traffic away and stop it.

use trimtab_model::action::Action;
use trimtab_model::call::Call;

use super::handler::{Handler, Tier};
use super::{instance, snapshot};
use crate::{inspect, observe};

pub(super) static HANDLER: Handler = Handler {
    name: "stop-instance",
    tier: Tier::Apply,
    is_of: |action| matches!(action, Action::StopInstance { .. }),
    makes: |call| {
        matches!(
            call,
            Call::CreateSnapshots { .. }
                | Call::DeregisterTarget(_)
                | Call::RegisterTarget(_)
                | Call::StopInstance { .. }
                | Call::StartInstance { .. }
        )
    },
    reads: observe::instance::READS,
    inspects: inspect::instance::REPLACEMENT_READS,
    grants: &[
        &instance::READ_PROTECTION,
        &snapshot::OF_INSTANCE,
        &snapshot::OF_ITS_VOLUMES,
        &snapshot::ALL_WITH_TAGS,
        &snapshot::TAG_WHAT_IS_MADE,
        &instance::DRAIN,
        &instance::STOP_AND_START,
        &instance::USE_KEYS,
    ],
};
