//! Databases of RDS.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use trimtab_model::action::DbStorageSettings;
use trimtab_model::id::{ChangeId, DbInstanceClass, ResourceId};
use trimtab_model::observed::{DbInstanceObserved, DbSnapshotObserved};
use trimtab_model::plan::{Change, Fingerprint};

use super::answer::{Answer, Refusal, made, refuse, taken};
use super::fault::Ailment;
use super::state::State;

/// A stopped database is started again after so long.
const LONGEST_STOP: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Below so many GiB the settings of gp3 are fixed (200 for Oracle, which is not simulated).
const STRIPED_FROM_GIB: u32 = 400;
const STRIPED_IOPS: u32 = 12_000;
const STRIPED_THROUGHPUT: u32 = 500;

/// A database.
#[derive(Debug, Clone, PartialEq)]
pub struct Database {
    /// `DbiResourceId`.
    pub dbi_resource_id: String,
    /// `DBInstanceClass`.
    pub class: DbInstanceClass,
    /// `DBInstanceStatus`.
    pub status: String,
    /// Its storage.
    pub storage: DbStorageSettings,
    /// `PendingModifiedValues`, by name.
    pub pending: BTreeMap<String, String>,
    /// Whether it has a standby.
    pub is_multi_az: bool,
    /// Whether it has replicas or is one: such a database cannot be stopped.
    pub has_replicas: bool,
    /// The memory that its parameters are set to, in MiB: a class with less does not start.
    pub needs_memory_mib: u32,
    /// Whether the tag `trimtab:apply` is `allowed`.
    pub is_opted_in: bool,
    steps: Vec<(Timestamp, Step)>,
}

/// What becomes of a database at a moment.
#[derive(Debug, Clone, PartialEq)]
enum Step {
    Status(&'static str),
    Class(DbInstanceClass),
    Storage(DbStorageSettings),
}

/// A snapshot of a database.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct DbSnapshot {
    of: ResourceId,
    change: ChangeId,
    due: Timestamp,
}

impl Database {
    /// Makes a database that is available.
    pub fn available(class: &str, storage: DbStorageSettings) -> Self {
        Self {
            dbi_resource_id: "db-ABCDEFGHIJKL".to_owned(),
            class: DbInstanceClass::new(class),
            status: "available".to_owned(),
            storage,
            pending: BTreeMap::new(),
            is_multi_az: false,
            has_replicas: false,
            needs_memory_mib: 0,
            is_opted_in: true,
            steps: Vec::new(),
        }
    }

    fn is_settled(&self) -> bool {
        self.status == "available" && self.steps.is_empty()
    }
}

impl State {
    fn database(&mut self, id: &ResourceId) -> Result<&mut Database, Refusal> {
        match self.databases.get_mut(id) {
            Some(database) => Ok(database),
            None => refuse("DBInstanceNotFound", format!("no {id}")),
        }
    }

    fn modifiable(&mut self, id: &ResourceId) -> Result<&mut Database, Refusal> {
        let database = self.database(id)?;
        if database.status == "available" {
            Ok(database)
        } else {
            refuse("InvalidDBInstanceState", format!("{id} is {}", database.status))
        }
    }

    /// Changes the class at once: with it goes whatever else is pending.
    pub(super) fn modify_class(&mut self, id: &ResourceId, to: &DbInstanceClass) -> Answer {
        let Some(memory) = self.db_classes.get(to).copied() else {
            return refuse("InvalidParameterValue", format!("invalid DB instance class: {to}"));
        };
        let is_gone = self.db_classes_gone.contains(to);
        let is_stuck = self.ails(id, Ailment::StuckModifying);
        let now = self.now;
        let (unseen, length) = (self.times.db_unseen, self.after(self.times.db_modifying));
        let database = self.modifiable(id)?;
        let value = to.to_string();
        let is_pending = database.pending.get("DBInstanceClass") == Some(&value);
        if !database.steps.is_empty() || (database.class == *to && !is_pending) {
            // Both is what AWS says where nothing differs from what is or is about to be.
            return refuse("InvalidParameterCombination", "No modifications were requested");
        }
        if is_gone {
            return refuse("InsufficientDBInstanceCapacity", format!("there is no {to} now"));
        }
        database.pending.insert("DBInstanceClass".to_owned(), value);
        // Right after the call the status is still what it was.
        let begins = now.saturating_add(unseen).unwrap_or(now);
        database.steps.push((begins, Step::Status("modifying")));
        if !is_stuck {
            let ends = length.max(begins);
            let status = if memory < database.needs_memory_mib {
                "incompatible-parameters"
            } else {
                "available"
            };
            database.steps.push((ends, Step::Class(to.clone())));
            database.steps.push((ends, Step::Status(status)));
        }
        taken()
    }

    /// Puts a class change off to the maintenance window: it stays pending.
    pub(super) fn defer_class(&mut self, id: &ResourceId, to: &DbInstanceClass) {
        if let Some(database) = self.databases.get_mut(id) {
            database.pending.insert("DBInstanceClass".to_owned(), to.to_string());
        }
    }

    pub(super) fn modify_storage(&mut self, id: &ResourceId, to: &DbStorageSettings) -> Answer {
        let now = self.now;
        let (unseen, length) = (self.times.db_unseen, self.after(self.times.db_modifying));
        let optimizing = self.times.db_optimizing;
        let database = self.modifiable(id)?;
        let from = &database.storage;
        if !database.steps.is_empty() || from == to {
            return refuse("InvalidParameterCombination", "No modifications were requested");
        }
        storage_fits(from, to)?;
        let begins = now.saturating_add(unseen).unwrap_or(now);
        let ends = length.max(begins);
        let settled = ends.saturating_add(optimizing).unwrap_or(ends);
        database.steps = vec![
            (begins, Step::Status("modifying")),
            (ends, Step::Storage(to.clone())),
            (ends, Step::Status("storage-optimization")),
            (settled, Step::Status("available")),
        ];
        taken()
    }

    pub(super) fn stop_database(&mut self, id: &ResourceId) -> Answer {
        let now = self.now;
        let stopped = self.after(self.times.db_stopping);
        let database = self.modifiable(id)?;
        if database.has_replicas || !database.is_settled() {
            return refuse("InvalidDBInstanceState", format!("{id} cannot be stopped now"));
        }
        let again = now.saturating_add(LONGEST_STOP).unwrap_or(stopped);
        let up = again.saturating_add(SignedDuration::from_mins(10)).unwrap_or(again);
        "stopping".clone_into(&mut database.status);
        database.steps = vec![
            (stopped, Step::Status("stopped")),
            (again, Step::Status("starting")),
            (up, Step::Status("available")),
        ];
        taken()
    }

    pub(super) fn start_database(&mut self, id: &ResourceId) -> Answer {
        let up = self.after(self.times.db_stopping);
        let gone = self.db_classes_gone.clone();
        let database = self.database(id)?;
        if database.status != "stopped" {
            return refuse("InvalidDBInstanceState", format!("{id} is {}", database.status));
        }
        if gone.contains(&database.class) {
            return refuse("InsufficientDBInstanceCapacity", "there is none of its class now");
        }
        "starting".clone_into(&mut database.status);
        database.steps = vec![(up, Step::Status("available"))];
        taken()
    }

    pub(super) fn create_db_snapshot(
        &mut self,
        id: &ResourceId,
        name: &str,
        change: &ChangeId,
    ) -> Answer {
        let due = self.after(self.times.snapshot);
        let status = self.database(id)?.status.clone();
        if self.db_snapshots.contains_key(name) {
            return refuse("DBSnapshotAlreadyExists", format!("there is a {name}"));
        }
        if !matches!(status.as_str(), "available" | "storage-optimization") {
            return refuse("InvalidDBInstanceState", format!("{id} is {status}"));
        }
        let snapshot = DbSnapshot { of: id.clone(), change: change.clone(), due };
        self.db_snapshots.insert(name.to_owned(), snapshot);
        made("snapshot", name)
    }

    pub(super) fn move_databases(&mut self, now: Timestamp) {
        for database in self.databases.values_mut() {
            let (over, rest): (Vec<_>, Vec<_>) =
                std::mem::take(&mut database.steps).into_iter().partition(|(at, _)| *at <= now);
            database.steps = rest;
            for (_, step) in over {
                match step {
                    Step::Status(status) => status.clone_into(&mut database.status),
                    Step::Class(class) => {
                        database.class = class;
                        // `ApplyImmediately` takes all that was pending with it.
                        database.pending.clear();
                    }
                    Step::Storage(storage) => {
                        database.storage = storage;
                        database.pending.clear();
                    }
                }
            }
        }
    }

    pub(super) fn db_instance(&self, change: &Change) -> Option<DbInstanceObserved> {
        let id = &change.resource.id;
        let database = self.databases.get(id)?;
        let snapshots = self.db_snapshots.iter().filter(|(_, one)| one.of == *id);
        let ours = snapshots.filter(|(_, one)| one.change == change.id);
        Some(DbInstanceObserved {
            fingerprint: Fingerprint(BTreeMap::from([(
                "DbiResourceId".to_owned(),
                database.dbi_resource_id.clone(),
            )])),
            obstacles: Vec::new(),
            status: database.status.clone(),
            class: database.class.clone(),
            storage: database.storage.clone(),
            pending: database.pending.clone(),
            parameters: vec!["in-sync".to_owned()],
            replication_errors: Vec::new(),
            is_opted_in: database.is_opted_in,
            // Every database of this world is of one engine, in a zone that nobody reads.
            engine: Some("mysql".to_owned()),
            availability_zone: None,
            is_multi_az: database.is_multi_az,
            deployment: self.deployment(change),
            snapshots: ours
                .map(|(name, one)| DbSnapshotObserved {
                    id: name.clone(),
                    status: if self.now < one.due { "creating" } else { "available" }.to_owned(),
                    change: one.change.clone(),
                })
                .collect(),
        })
    }
}

/// The rules of RDS's storage. The codes are those of `InvalidParameterCombination` throughout:
/// which of its codes AWS uses for each is not documented.
fn storage_fits(from: &DbStorageSettings, to: &DbStorageSettings) -> Result<(), Refusal> {
    let no = |message: &str| refuse("InvalidParameterCombination", message);
    let (before, after) = (from.allocated_storage_gib, to.allocated_storage_gib);
    if after < before {
        return no("storage cannot shrink");
    }
    if after > before && u64::from(after) * 10 < u64::from(before) * 11 {
        return no("storage grows by at least 10 percent");
    }
    if to.storage_type != "gp3" {
        return Ok(());
    }
    let is_set = to.iops.is_some() || to.storage_throughput_mib_s.is_some();
    if after < STRIPED_FROM_GIB && is_set {
        return no("no IOPS or throughput below 400 GiB");
    }
    let is_low = to.iops.is_some_and(|iops| iops < STRIPED_IOPS)
        || to.storage_throughput_mib_s.is_some_and(|one| one < STRIPED_THROUGHPUT);
    if after >= STRIPED_FROM_GIB && is_low {
        return no("at least 12,000 IOPS and 500 MiB/s from 400 GiB on");
    }
    Ok(())
}

/// Classes that can be had, and their memory in MiB.
pub(super) type DbClasses = BTreeMap<DbInstanceClass, u32>;
/// Classes of which there is none now.
pub(super) type DbClassesGone = BTreeSet<DbInstanceClass>;
