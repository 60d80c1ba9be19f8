//! Change type, IOPS or throughput of a volume while it is used.

use trimtab_model::action::Action;
use trimtab_model::call::Call;

use super::grant::{Grant, OPTED_IN, SAME_ENVIRONMENT};
use super::handler::{Handler, Tier};
use super::snapshot;
use crate::{inspect, observe};

static MODIFY: Grant = Grant {
    sid: "ModifyOptedInVolumes",
    actions: &["ec2:ModifyVolume"],
    on: &["arn:{partition}:ec2:*:{account}:volume/*"],
    when: &[OPTED_IN, SAME_ENVIRONMENT],
};

pub(super) static HANDLER: Handler = Handler {
    name: "modify-volume",
    tier: Tier::Apply,
    is_of: |action| matches!(action, Action::ModifyVolume { .. }),
    makes: |call| matches!(call, Call::CreateSnapshot { .. } | Call::ModifyVolume { .. }),
    reads: observe::volume::READS,
    inspects: inspect::volume::READS,
    grants: &[&snapshot::OF_VOLUME, &snapshot::ONE_WITH_TAGS, &snapshot::TAG_WHAT_IS_MADE, &MODIFY],
};
