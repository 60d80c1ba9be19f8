//! What quarantine needs: one tag, on what its owner opted in, and no other.

use super::grant::{Condition, Grant, OPTED_IN, SAME_ENVIRONMENT, Values};

const QUARANTINED: Condition = Condition {
    operator: "Null",
    key: "aws:ResourceTag/trimtab:quarantine-until",
    values: Values::One("false"),
};

const THAT_TAG_ONLY: Condition = Condition {
    operator: "ForAllValues:StringEquals",
    key: "aws:TagKeys",
    values: Values::AnyOf(&["trimtab:quarantine-until"]),
};

/// Without it, a request that names no tag at all would pass.
const SOME_TAG: Condition =
    Condition { operator: "Null", key: "aws:TagKeys", values: Values::One("false") };

pub(super) static QUARANTINE: Grant = Grant {
    sid: "QuarantineOptedIn",
    actions: &["ec2:CreateTags", "ec2:DeleteTags"],
    on: &[
        "arn:{partition}:ec2:*:{account}:volume/*",
        "arn:{partition}:ec2:*:{account}:elastic-ip/*",
    ],
    when: &[OPTED_IN, SAME_ENVIRONMENT, THAT_TAG_ONLY, SOME_TAG],
};

pub(super) static DELETE_VOLUME: Grant = Grant {
    sid: "DeleteQuarantinedVolumes",
    actions: &["ec2:DeleteVolume"],
    on: &["arn:{partition}:ec2:*:{account}:volume/*"],
    when: &[OPTED_IN, SAME_ENVIRONMENT, QUARANTINED],
};

pub(super) static RELEASE_ADDRESS: Grant = Grant {
    sid: "ReleaseQuarantinedAddresses",
    actions: &["ec2:ReleaseAddress"],
    on: &["arn:{partition}:ec2:*:{account}:elastic-ip/*"],
    when: &[OPTED_IN, SAME_ENVIRONMENT, QUARANTINED],
};
