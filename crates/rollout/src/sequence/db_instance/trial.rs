//! A database under test.

use std::collections::BTreeMap;

use trimtab_model::action::DbStorageSettings;
use trimtab_model::observed::{DbInstanceObserved, DbSnapshotObserved, Observed};

use crate::sequence::trial::fingerprint;

/// Returns an available MySQL database with 100 GiB of gp2, without a snapshot.
pub(in crate::sequence) fn database(class: &str) -> DbInstanceObserved {
    DbInstanceObserved {
        fingerprint: fingerprint("DbiResourceId", "db-ABC"),
        obstacles: Vec::new(),
        status: "available".to_owned(),
        class: class.into(),
        storage: storage("gp2", 100, None, None),
        pending: BTreeMap::new(),
        parameters: vec!["in-sync".to_owned()],
        replication_errors: Vec::new(),
        is_opted_in: true,
        engine: Some("mysql".to_owned()),
        availability_zone: Some("ap-northeast-2a".to_owned()),
        is_multi_az: true,
        snapshots: Vec::new(),
        deployment: None,
    }
}

/// Returns storage settings.
pub(in crate::sequence) fn storage(
    storage_type: &str,
    allocated_storage_gib: u32,
    iops: Option<u32>,
    storage_throughput_mib_s: Option<u32>,
) -> DbStorageSettings {
    DbStorageSettings {
        storage_type: storage_type.to_owned(),
        allocated_storage_gib,
        iops,
        storage_throughput_mib_s,
    }
}

/// Returns the snapshot of the change in a status.
pub(in crate::sequence) fn snapshot(status: &str) -> DbSnapshotObserved {
    DbSnapshotObserved {
        id: "trimtab-c-0123456789ab".to_owned(),
        status: status.to_owned(),
        change: "C-0123456789ab".into(),
    }
}

/// Returns a database with its snapshot, altered.
pub(in crate::sequence) fn kept(
    class: &str,
    alter: impl FnOnce(&mut DbInstanceObserved),
) -> Observed {
    let mut database = database(class);
    database.snapshots = vec![snapshot("available")];
    alter(&mut database);
    Observed::DbInstance(database)
}
