//! What a restore drill needs: a volume of a snapshot of ours, and to delete that volume again.
//!
//! A snapshot that is encrypted with a key of the customer needs the key besides, which no role of
//! trimtab's is granted: its volume is not deleted.

use super::grant::{CREATE_ACTION, Condition, Grant, MADE_BY_US, NAMES_CHANGE, NAMES_PLAN, Values};

const VOLUMES: &[&str] = &["arn:{partition}:ec2:*:{account}:volume/*"];

const NAMES_DRILL: Condition = Condition {
    operator: "Null",
    key: "aws:RequestTag/trimtab:drill",
    values: Values::One("false"),
};

const IS_DRILL: Condition = Condition {
    operator: "Null",
    key: "aws:ResourceTag/trimtab:drill",
    values: Values::One("false"),
};

const THESE_TAGS_ONLY: Condition = Condition {
    operator: "ForAllValues:StringEquals",
    key: "aws:TagKeys",
    values: Values::AnyOf(&["trimtab:change", "trimtab:plan", "trimtab:drill"]),
};

pub(super) static OF_OUR_SNAPSHOTS: Grant = Grant {
    sid: "DrillOurSnapshots",
    actions: &["ec2:CreateVolume"],
    on: &["arn:{partition}:ec2:*::snapshot/*"],
    when: &[MADE_BY_US],
};

pub(super) static WITH_TAGS: Grant = Grant {
    sid: "DrillsCarryOurTags",
    actions: &["ec2:CreateVolume"],
    on: VOLUMES,
    when: &[NAMES_CHANGE, NAMES_PLAN, NAMES_DRILL],
};

pub(super) static TAG: Grant = Grant {
    sid: "TagDrillsWhileMade",
    actions: &["ec2:CreateTags"],
    on: VOLUMES,
    when: &[
        THESE_TAGS_ONLY,
        Condition {
            operator: "StringEquals",
            key: CREATE_ACTION,
            values: Values::One("CreateVolume"),
        },
    ],
};

pub(super) static DELETE: Grant = Grant {
    sid: "DeleteDrills",
    actions: &["ec2:DeleteVolume"],
    on: VOLUMES,
    when: &[MADE_BY_US, IS_DRILL],
};
