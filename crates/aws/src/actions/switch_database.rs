//! Let a copy of a database, of another class or size, take its name over.

use trimtab_model::action::Action;
use trimtab_model::call::Call;

use super::grant::{
    Grant, MADE_BY_US, NAMES_CHANGE, NAMES_PLAN, OPTED_IN, OPTED_IN_IF_THERE, OUR_TAGS_ONLY,
    SAME_ENVIRONMENT, SAME_ENVIRONMENT_IF_THERE,
};
use super::handler::{Handler, Tier};
use super::modify_db_instance_class::{MODIFY, SNAPSHOT_SOURCE, SNAPSHOT_WITH_TAGS};
use crate::observe;

const DATABASES: &[&str] = &["arn:{partition}:rds:*:{account}:db:*"];

/// The source and its copy, which carries the tags of the source (RDS user guide, authorizing
/// access to blue/green deployment operations: it is made as a replica and promoted in our name).
static COPY: Grant = Grant {
    sid: "CopyAndSwitchOptedInDatabases",
    actions: &[
        "rds:CreateBlueGreenDeployment",
        "rds:PromoteReadReplica",
        "rds:SwitchoverBlueGreenDeployment",
    ],
    on: DATABASES,
    when: &[OPTED_IN, SAME_ENVIRONMENT],
};

/// The copy has a name that RDS gives it, and no tags before it is there.
static COPY_MADE: Grant = Grant {
    sid: "CopiesAreMadeAsReplicas",
    actions: &["rds:CreateDBInstanceReadReplica"],
    on: DATABASES,
    when: &[OPTED_IN_IF_THERE, SAME_ENVIRONMENT_IF_THERE],
};

/// RDS asks for it together with the copy. Nothing is opted in by it.
static COPY_TAGGED: Grant = Grant {
    sid: "CopiesCarryOurTagsOnly",
    actions: &["rds:AddTagsToResource"],
    on: DATABASES,
    when: &[OPTED_IN_IF_THERE, SAME_ENVIRONMENT_IF_THERE, OUR_TAGS_ONLY],
};

/// What the copy needs besides the database: the names of groups are the source's.
static COPY_WITH: Grant = Grant {
    sid: "CopiesKeepTheirGroups",
    actions: &["rds:CreateBlueGreenDeployment", "rds:CreateDBInstanceReadReplica"],
    on: &[
        "arn:{partition}:rds:*:{account}:og:*",
        "arn:{partition}:rds:*:{account}:pg:*",
        "arn:{partition}:rds:*:{account}:subgrp:*",
    ],
    when: &[],
};

static DEPLOYMENT: Grant = Grant {
    sid: "DeploymentsCarryOurTags",
    actions: &["rds:CreateBlueGreenDeployment", "rds:AddTagsToResource"],
    on: &["arn:{partition}:rds:*:{account}:deployment:*"],
    when: &[NAMES_CHANGE, NAMES_PLAN, OUR_TAGS_ONLY],
};

static SWITCH: Grant = Grant {
    sid: "SwitchOurDeployments",
    actions: &["rds:SwitchoverBlueGreenDeployment"],
    on: &["arn:{partition}:rds:*:{account}:deployment:*"],
    when: &[MADE_BY_US],
};

pub(super) static HANDLER: Handler = Handler {
    name: "switch-database",
    tier: Tier::Apply,
    is_of: |action| matches!(action, Action::SwitchDatabase(_)),
    makes: |call| {
        matches!(
            call,
            Call::CreateDbSnapshot { .. }
                | Call::CreateBlueGreenDeployment { .. }
                | Call::SwitchoverBlueGreenDeployment { .. }
        )
    },
    reads: observe::db_instance::SWITCH_READS,
    inspects: &[],
    grants: &[
        &SNAPSHOT_SOURCE,
        &SNAPSHOT_WITH_TAGS,
        &COPY,
        &COPY_MADE,
        &COPY_TAGGED,
        &COPY_WITH,
        &DEPLOYMENT,
        &SWITCH,
        &MODIFY,
    ],
};
