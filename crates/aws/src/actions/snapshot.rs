//! What snapshots and reservations need: to be made with our tags, and to be given back.

use super::grant::{
    CREATE_ACTION, Condition, Grant, MADE_BY_US, NAMES_CHANGE, NAMES_PLAN, OPTED_IN, OUR_TAGS_ONLY,
    Values,
};

const SNAPSHOTS: &[&str] = &["arn:{partition}:ec2:*::snapshot/*"];
const VOLUMES: &[&str] = &["arn:{partition}:ec2:*:{account}:volume/*"];
const RESERVATIONS: &[&str] = &["arn:{partition}:ec2:*:{account}:capacity-reservation/*"];

pub(super) static OF_INSTANCE: Grant = Grant {
    sid: "SnapshotOptedInInstances",
    actions: &["ec2:CreateSnapshots"],
    on: &["arn:{partition}:ec2:*:{account}:instance/*"],
    when: &[OPTED_IN],
};

/// The volumes of an instance need no tag of their own: the instance has it.
pub(super) static OF_ITS_VOLUMES: Grant = Grant {
    sid: "SnapshotTheirVolumes",
    actions: &["ec2:CreateSnapshots"],
    on: VOLUMES,
    when: &[],
};

pub(super) static ALL_WITH_TAGS: Grant = Grant {
    sid: "SnapshotsCarryOurTags",
    actions: &["ec2:CreateSnapshots"],
    on: SNAPSHOTS,
    when: &[NAMES_CHANGE, NAMES_PLAN],
};

pub(super) static OF_VOLUME: Grant = Grant {
    sid: "SnapshotOptedInVolumes",
    actions: &["ec2:CreateSnapshot"],
    on: VOLUMES,
    when: &[OPTED_IN],
};

pub(super) static ONE_WITH_TAGS: Grant = Grant {
    sid: "SnapshotCarriesOurTags",
    actions: &["ec2:CreateSnapshot"],
    on: SNAPSHOTS,
    when: &[NAMES_CHANGE, NAMES_PLAN],
};

pub(super) static RESERVE: Grant = Grant {
    sid: "ReserveWithOurTags",
    actions: &["ec2:CreateCapacityReservation"],
    on: RESERVATIONS,
    when: &[NAMES_CHANGE, NAMES_PLAN],
};

pub(super) static GIVE_BACK: Grant = Grant {
    sid: "GiveBackWhatWeReserved",
    actions: &["ec2:CancelCapacityReservation"],
    on: RESERVATIONS,
    when: &[MADE_BY_US],
};

/// Tags are written while something is made, and on nothing that is there already.
pub(super) static TAG_WHAT_IS_MADE: Grant = Grant {
    sid: "TagWhatIsMade",
    actions: &["ec2:CreateTags"],
    on: &[
        "arn:{partition}:ec2:*::snapshot/*",
        "arn:{partition}:ec2:*:{account}:capacity-reservation/*",
        "arn:{partition}:ec2:*:{account}:elastic-ip/*",
    ],
    when: &[
        OUR_TAGS_ONLY,
        Condition {
            operator: "StringEquals",
            key: CREATE_ACTION,
            values: Values::AnyOf(&[
                "CreateSnapshots",
                "CreateSnapshot",
                "CreateCapacityReservation",
                "AllocateAddress",
            ]),
        },
    ],
};
