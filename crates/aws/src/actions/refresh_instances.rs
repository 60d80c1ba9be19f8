//! Replace the instances of an Auto Scaling group by ones of another type.

use trimtab_model::action::Action;
use trimtab_model::call::Call;

use super::grant::{
    CREATE_ACTION, Condition, Grant, LAUNCH_TEMPLATE, OPTED_IN, SAME_ENVIRONMENT, Values,
};
use super::handler::{Handler, Tier};
use crate::observe;

/// No key limits what a version holds besides its type: both tags must be on the template.
static VERSION: Grant = Grant {
    sid: "VersionsOfOptedInTemplates",
    actions: &["ec2:CreateLaunchTemplateVersion"],
    on: &["arn:{partition}:ec2:*:{account}:launch-template/*"],
    when: &[OPTED_IN, SAME_ENVIRONMENT],
};

static REFRESH: Grant = Grant {
    sid: "RefreshOptedInGroups",
    actions: &["autoscaling:StartInstanceRefresh", "autoscaling:RollbackInstanceRefresh"],
    on: &["arn:{partition}:autoscaling:*:{account}:autoScalingGroup:*:autoScalingGroupName/*"],
    when: &[OPTED_IN, SAME_ENVIRONMENT],
};

/// It is a template that says what is launched.
const BY_TEMPLATE: Condition = Condition {
    operator: "ArnLike",
    key: LAUNCH_TEMPLATE,
    values: Values::One("arn:*:ec2:*:*:launch-template/*"),
};

/// Whoever gives a group a template must be allowed to launch from it (Auto Scaling user guide,
/// launch template permissions). AWS looks at it, and launches itself. That the template is opted
/// in and of the environment is said where it is denied else.
static LAUNCH: Grant = Grant {
    sid: "LaunchFromTemplatesOnly",
    actions: &["ec2:RunInstances"],
    on: &[
        "arn:{partition}:ec2:*:*:*",
        "arn:{partition}:license-manager:*:{account}:license-configuration:*",
        "arn:{partition}:resource-groups:*:{account}:group/*",
    ],
    when: &[
        BY_TEMPLATE,
        Condition {
            operator: "Bool",
            key: "ec2:IsLaunchTemplateResource",
            values: Values::One("true"),
        },
    ],
};

/// Into which subnets is said by the group, and not by the template.
static LAUNCH_INTO: Grant = Grant {
    sid: "LaunchIntoTheSubnetsOfGroups",
    actions: &["ec2:RunInstances"],
    on: &[
        "arn:{partition}:ec2:*:*:subnet/*",
        "arn:{partition}:ec2:*:{account}:network-interface/*",
    ],
    when: &[BY_TEMPLATE],
};

/// The tags that the template puts on what it launches; those that opt in are denied.
static TAG: Grant = Grant {
    sid: "TagWhatATemplateLaunches",
    actions: &["ec2:CreateTags"],
    on: &["arn:{partition}:ec2:*:{account}:*/*"],
    when: &[Condition {
        operator: "StringEquals",
        key: CREATE_ACTION,
        values: Values::One("RunInstances"),
    }],
};

pub(super) static HANDLER: Handler = Handler {
    name: "refresh-instances",
    tier: Tier::Apply,
    is_of: |action| matches!(action, Action::RefreshInstances(_)),
    makes: |call| {
        matches!(
            call,
            Call::CreateLaunchTemplateVersion { .. }
                | Call::StartInstanceRefresh { .. }
                | Call::RollbackInstanceRefresh { .. }
        )
    },
    reads: observe::instance_refresh::READS,
    inspects: &[],
    grants: &[&VERSION, &REFRESH, &LAUNCH, &LAUNCH_INTO, &TAG],
};
