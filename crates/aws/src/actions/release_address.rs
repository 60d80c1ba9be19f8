//! Let an Elastic IP address lie in quarantine, then release it.

use trimtab_model::action::Action;
use trimtab_model::call::Call;

use super::grant::{Grant, NAMES_CHANGE, NAMES_PLAN};
use super::handler::{Handler, Tier};
use super::{snapshot, tagged};
use crate::{inspect, observe};

/// The way back: the address that was ours, if nobody took it.
static RECOVER: Grant = Grant {
    sid: "RecoverAddressesWithOurTags",
    actions: &["ec2:AllocateAddress"],
    on: &["arn:{partition}:ec2:*:{account}:elastic-ip/*"],
    when: &[NAMES_CHANGE, NAMES_PLAN],
};

pub(super) static HANDLER: Handler = Handler {
    name: "release-address",
    tier: Tier::Destroy,
    is_of: |action| matches!(action, Action::ReleaseAddress { .. }),
    makes: |call| {
        matches!(
            call,
            Call::Quarantine { .. }
                | Call::EndQuarantine { .. }
                | Call::ReleaseAddress { .. }
                | Call::RecoverAddress { .. }
        )
    },
    reads: observe::address::READS,
    inspects: inspect::address::READS,
    grants: &[&tagged::QUARANTINE, &tagged::RELEASE_ADDRESS, &RECOVER, &snapshot::TAG_WHAT_IS_MADE],
};
