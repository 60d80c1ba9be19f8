//! Change the sizes of an Auto Scaling group.

use trimtab_model::action::Action;
use trimtab_model::call::Call;

use super::grant::{Grant, OPTED_IN, SAME_ENVIRONMENT};
use super::handler::{Handler, Tier};
use crate::{inspect, observe};

static RESIZE: Grant = Grant {
    sid: "ResizeOptedInGroups",
    actions: &["autoscaling:UpdateAutoScalingGroup"],
    on: &["arn:{partition}:autoscaling:*:{account}:autoScalingGroup:*:autoScalingGroupName/*"],
    when: &[OPTED_IN, SAME_ENVIRONMENT],
};

pub(super) static HANDLER: Handler = Handler {
    name: "resize-auto-scaling-group",
    tier: Tier::Apply,
    is_of: |action| matches!(action, Action::ResizeAutoScalingGroup { .. }),
    makes: |call| matches!(call, Call::ResizeGroup { .. }),
    reads: observe::group::READS,
    inspects: inspect::group::READS,
    grants: &[&RESIZE],
};
