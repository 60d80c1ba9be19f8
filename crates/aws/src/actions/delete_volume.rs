//! Let a volume lie in quarantine, snapshot it, have the snapshot back once, delete the volume.

use trimtab_model::action::Action;
use trimtab_model::call::Call;

use super::handler::{Handler, Tier};
use super::{drill, snapshot, tagged};
use crate::{inspect, observe};

pub(super) static HANDLER: Handler = Handler {
    name: "delete-volume",
    tier: Tier::Destroy,
    is_of: |action| matches!(action, Action::DeleteVolume { .. }),
    makes: |call| {
        matches!(
            call,
            Call::CreateSnapshot { .. }
                | Call::Quarantine { .. }
                | Call::EndQuarantine { .. }
                | Call::DeleteVolume { .. }
                | Call::CreateDrillVolume { .. }
                | Call::DeleteDrillVolume { .. }
        )
    },
    reads: observe::volume::READS_OF_DELETION,
    inspects: inspect::volume::READS,
    grants: &[
        &snapshot::OF_VOLUME,
        &snapshot::ONE_WITH_TAGS,
        &snapshot::TAG_WHAT_IS_MADE,
        &drill::OF_OUR_SNAPSHOTS,
        &drill::WITH_TAGS,
        &drill::TAG,
        &drill::DELETE,
        &tagged::QUARANTINE,
        &tagged::DELETE_VOLUME,
    ],
};
