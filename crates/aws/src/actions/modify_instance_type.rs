//! Stop an instance, change its type, start it, with a way back held open meanwhile.

use trimtab_model::action::Action;
use trimtab_model::call::Call;

use super::handler::{Handler, Tier};
use super::{instance, snapshot};
use crate::{inspect, observe};

pub(super) static HANDLER: Handler = Handler {
    name: "modify-instance-type",
    tier: Tier::Apply,
    is_of: |action| matches!(action, Action::ModifyInstanceType { .. }),
    makes: |call| {
        matches!(
            call,
            Call::CreateSnapshots { .. }
                | Call::CreateCapacityReservation { .. }
                | Call::CancelCapacityReservation { .. }
                | Call::DeregisterTarget(_)
                | Call::RegisterTarget(_)
                | Call::StopInstance { .. }
                | Call::StartInstance { .. }
                | Call::ModifyInstanceType { .. }
                | Call::ModifyCreditSpecification { .. }
        )
    },
    reads: observe::instance::READS,
    inspects: inspect::instance::READS,
    grants: &[
        &instance::READ_PROTECTION,
        &snapshot::OF_INSTANCE,
        &snapshot::OF_ITS_VOLUMES,
        &snapshot::ALL_WITH_TAGS,
        &snapshot::RESERVE,
        &snapshot::GIVE_BACK,
        &snapshot::TAG_WHAT_IS_MADE,
        &instance::DRAIN,
        &instance::STOP_AND_START,
        &instance::CHANGE_TYPE,
        &instance::RESTORE_CREDITS,
        &instance::USE_KEYS,
    ],
};
