//! Snapshot a volume, let it lie in quarantine, delete it.

use trimtab_model::action::Action;
use trimtab_model::call::Call;

use super::handler::{Handler, Tier};
use super::{snapshot, tagged};
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
        )
    },
    reads: observe::volume::READS,
    inspects: inspect::volume::READS,
    grants: &[
        &snapshot::OF_VOLUME,
        &snapshot::ONE_WITH_TAGS,
        &snapshot::TAG_WHAT_IS_MADE,
        &tagged::QUARANTINE,
        &tagged::DELETE_VOLUME,
    ],
};
