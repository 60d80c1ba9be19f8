//! Snapshot a database and change its class.

use trimtab_model::action::Action;
use trimtab_model::call::Call;

use super::grant::{Grant, NAMES_CHANGE, NAMES_PLAN, OPTED_IN, OUR_TAGS_ONLY, SAME_ENVIRONMENT};
use super::handler::{Handler, Tier};
use crate::{inspect, observe};

/// No key limits what a modification may set: the policy denies what it can of the rest.
pub(super) static MODIFY: Grant = Grant {
    sid: "ModifyOptedInDatabases",
    actions: &["rds:ModifyDBInstance"],
    on: &["arn:{partition}:rds:*:{account}:db:*"],
    when: &[OPTED_IN, SAME_ENVIRONMENT],
};

pub(super) static SNAPSHOT_SOURCE: Grant = Grant {
    sid: "SnapshotOptedInDatabases",
    actions: &["rds:CreateDBSnapshot"],
    on: &["arn:{partition}:rds:*:{account}:db:*"],
    when: &[OPTED_IN],
};

pub(super) static SNAPSHOT_WITH_TAGS: Grant = Grant {
    sid: "DatabaseSnapshotsCarryOurTags",
    actions: &["rds:CreateDBSnapshot", "rds:AddTagsToResource"],
    on: &["arn:{partition}:rds:*:{account}:snapshot:*"],
    when: &[NAMES_CHANGE, NAMES_PLAN, OUR_TAGS_ONLY],
};

pub(super) static HANDLER: Handler = Handler {
    name: "modify-db-instance-class",
    tier: Tier::Apply,
    is_of: |action| matches!(action, Action::ModifyDbInstanceClass { .. }),
    makes: |call| {
        matches!(call, Call::CreateDbSnapshot { .. } | Call::ModifyDbInstanceClass { .. })
    },
    reads: observe::db_instance::READS,
    inspects: inspect::db_instance::READS,
    grants: &[&SNAPSHOT_SOURCE, &SNAPSHOT_WITH_TAGS, &MODIFY],
};
