//! What stopping and starting an instance needs.

use super::grant::{Condition, Grant, OPTED_IN, SAME_ENVIRONMENT, UNMANAGED, Values};

const INSTANCES: &[&str] = &["arn:{partition}:ec2:*:{account}:instance/*"];

/// The attributes of an instance hold its user data too, so that not every instance's are read.
pub(super) static READ_PROTECTION: Grant = Grant {
    sid: "ReadProtectionOfOptedIn",
    actions: &["ec2:DescribeInstanceAttribute"],
    on: INSTANCES,
    when: &[OPTED_IN],
};

pub(super) static STOP_AND_START: Grant = Grant {
    sid: "StopAndStartOptedIn",
    actions: &["ec2:StopInstances", "ec2:StartInstances"],
    on: INSTANCES,
    when: &[OPTED_IN, SAME_ENVIRONMENT, UNMANAGED],
};

/// The type that is asked for is limited; `ec2:InstanceType` would be the one that it has.
pub(super) static CHANGE_TYPE: Grant = Grant {
    sid: "ChangeTypeOnly",
    actions: &["ec2:ModifyInstanceAttribute"],
    on: INSTANCES,
    when: &[
        OPTED_IN,
        SAME_ENVIRONMENT,
        UNMANAGED,
        Condition {
            operator: "StringEquals",
            key: "ec2:Attribute",
            values: Values::One("InstanceType"),
        },
        Condition {
            operator: "StringLike",
            key: "ec2:Attribute/InstanceType",
            values: Values::Types,
        },
    ],
};

pub(super) static RESTORE_CREDITS: Grant = Grant {
    sid: "RestoreCreditModeOfOptedIn",
    actions: &["ec2:ModifyInstanceCreditSpecification"],
    on: INSTANCES,
    when: &[OPTED_IN, SAME_ENVIRONMENT],
};

/// A volume that a customer's key encrypts lets its instance start only with a grant on the key.
pub(super) static USE_KEYS: Grant = Grant {
    sid: "StartWithKeysOfVolumes",
    actions: &["kms:CreateGrant"],
    on: &["arn:{partition}:kms:*:{account}:key/*"],
    when: &[
        Condition {
            operator: "Bool",
            key: "kms:GrantIsForAWSResource",
            values: Values::One("true"),
        },
        Condition {
            operator: "StringLike",
            key: "kms:ViaService",
            values: Values::One("ec2.*.amazonaws.com"),
        },
    ],
};

pub(super) static DRAIN: Grant = Grant {
    sid: "DrainAndRestoreTargets",
    actions: &["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"],
    on: &["arn:{partition}:elasticloadbalancing:*:{account}:targetgroup/*/*"],
    when: &[OPTED_IN],
};
