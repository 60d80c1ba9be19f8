//! Snapshot a database and change its storage.

use trimtab_model::action::Action;
use trimtab_model::call::Call;

use super::handler::{Handler, Tier};
use super::modify_db_instance_class::{MODIFY, SNAPSHOT_SOURCE, SNAPSHOT_WITH_TAGS};
use crate::{inspect, observe};

pub(super) static HANDLER: Handler = Handler {
    name: "modify-db-storage",
    tier: Tier::Apply,
    is_of: |action| matches!(action, Action::ModifyDbStorage { .. }),
    makes: |call| matches!(call, Call::CreateDbSnapshot { .. } | Call::ModifyDbStorage { .. }),
    reads: observe::db_instance::READS,
    inspects: inspect::db_instance::STORAGE_READS,
    grants: &[&SNAPSHOT_SOURCE, &SNAPSHOT_WITH_TAGS, &MODIFY],
};
