//! Stop and start a resource at set hours, by schedules in a group of our own.

use trimtab_model::action::Action;
use trimtab_model::call::Call;

use super::grant::{Condition, Grant, OPTED_IN, SAME_ENVIRONMENT, UNMANAGED, Values};
use super::handler::{Handler, Tier};
use super::instance::{READ_PROTECTION, USE_KEYS};
use crate::inspect;
use crate::observe::schedule;

/// Nobody else's schedules, and those only as the role of the scheduler.
static SCHEDULES: Grant = Grant {
    sid: "SchedulesOfOurGroup",
    actions: &[
        "scheduler:CreateScheduleGroup",
        "scheduler:CreateSchedule",
        "scheduler:DeleteSchedule",
    ],
    on: &[
        "arn:{partition}:scheduler:*:{account}:schedule-group/trimtab",
        "arn:{partition}:scheduler:*:{account}:schedule/trimtab/*",
    ],
    when: &[],
};

/// A group that is made with tags is tagged in our name (CloudFormation asks for it as well, to
/// make an `AWS::Scheduler::ScheduleGroup`).
static TAG_GROUP: Grant = Grant {
    sid: "TagOurGroupWhileMade",
    actions: &["scheduler:TagResource"],
    on: &["arn:{partition}:scheduler:*:{account}:schedule-group/trimtab"],
    when: &[Condition {
        operator: "ForAllValues:StringEquals",
        key: "aws:TagKeys",
        values: Values::AnyOf(&["trimtab:group"]),
    }],
};

static PASS_ROLE: Grant = Grant {
    sid: "PassTheSchedulersRole",
    actions: &["iam:PassRole"],
    on: &[SCHEDULER_ROLE],
    when: &[Condition {
        operator: "StringEquals",
        key: "iam:PassedToService",
        values: Values::One("scheduler.amazonaws.com"),
    }],
};

/// The one role that may be handed on.
const SCHEDULER_ROLE: &str = "arn:{partition}:iam::{account}:role/{scheduler}";

static START_INSTANCES: Grant = Grant {
    sid: "StartScheduledInstances",
    actions: &["ec2:StartInstances"],
    on: &["arn:{partition}:ec2:*:{account}:instance/*"],
    when: &[OPTED_IN, SAME_ENVIRONMENT, UNMANAGED],
};

static START_DATABASES: Grant = Grant {
    sid: "StartScheduledDatabases",
    actions: &["rds:StartDBInstance", "rds:StartDBCluster"],
    on: &["arn:{partition}:rds:*:{account}:db:*", "arn:{partition}:rds:*:{account}:cluster:*"],
    when: &[OPTED_IN, SAME_ENVIRONMENT],
};

static SCHEDULE_GROUPS: Grant = Grant {
    sid: "ScheduleOptedInGroups",
    actions: &[
        "autoscaling:PutScheduledUpdateGroupAction",
        "autoscaling:DeleteScheduledAction",
        "autoscaling:UpdateAutoScalingGroup",
    ],
    on: &["arn:{partition}:autoscaling:*:{account}:autoScalingGroup:*:autoScalingGroupName/*"],
    when: &[OPTED_IN, SAME_ENVIRONMENT],
};

pub(super) static HANDLER: Handler = Handler {
    name: "apply-schedule",
    tier: Tier::Apply,
    is_of: |action| matches!(action, Action::ApplySchedule { .. }),
    makes: |call| {
        matches!(
            call,
            Call::CreateScheduleGroup { .. }
                | Call::CreateSchedule { .. }
                | Call::DeleteSchedule { .. }
                | Call::PutGroupSchedule { .. }
                | Call::DeleteGroupSchedule { .. }
                | Call::ResizeGroup { .. }
                | Call::StartInstance { .. }
                | Call::StartDbInstance { .. }
                | Call::StartDbCluster { .. }
        )
    },
    reads: schedule::READS,
    inspects: inspect::schedule::READS,
    grants: &[
        &READ_PROTECTION,
        &SCHEDULES,
        &TAG_GROUP,
        &PASS_ROLE,
        &START_INSTANCES,
        &USE_KEYS,
        &START_DATABASES,
        &SCHEDULE_GROUPS,
    ],
};
