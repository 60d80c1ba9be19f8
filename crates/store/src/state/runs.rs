//! Runs of plans, and the resources that they are busy with.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, Transaction, params};

use trimtab_model::id::{ChangeId, PlanId, RunId};
use trimtab_model::resource::ResourceRef;

use super::database::{State, StateError};
use super::moment;

/// A run, without its journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRecord {
    /// The run.
    pub id: RunId,
    /// The plan that it carries out.
    pub plan: PlanId,
    /// When it began.
    pub started_at: Timestamp,
    /// Whether it is against the simulator, and changes nothing.
    pub is_simulated: bool,
}

/// Which run is busy with a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceLock {
    /// The run.
    pub run: RunId,
    /// The change of it.
    pub change: ChangeId,
    /// Since when.
    pub since: Timestamp,
}

impl State {
    /// Stores that a run began.
    ///
    /// # Errors
    /// Fails when the state cannot be written.
    pub fn save_run(&self, run: &RunRecord) -> Result<(), StateError> {
        self.write(|transaction| insert(transaction, run))
    }

    /// Returns the runs whose identifier begins with `start`, newest first.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn runs(&self, start: &str) -> Result<Vec<RunRecord>, StateError> {
        let connection = self.connection();
        let mut statement = connection
            .prepare(
                "SELECT id, plan, started_at, simulated FROM runs WHERE substr(id, 1, length(?1)) = ?1 ORDER BY started_at DESC, id",
            )
            .map_err(StateError::read)?;
        let record = |row: &Row<'_>| {
            Ok(RunRecord {
                id: RunId::new(row.get::<_, String>(0)?),
                plan: PlanId::new(row.get::<_, String>(1)?),
                started_at: moment(row, 2)?,
                is_simulated: row.get(3)?,
            })
        };
        let rows = statement.query_map([start], record).map_err(StateError::read)?;
        rows.collect::<Result<_, _>>().map_err(StateError::read)
    }

    /// Takes a resource for a change; returns who has it if that is another change.
    ///
    /// # Errors
    /// Fails when the state cannot be written.
    pub fn lock_resource(
        &self,
        resource: &ResourceRef,
        run: &RunId,
        change: &ChangeId,
        now: Timestamp,
    ) -> Result<Option<ResourceLock>, StateError> {
        self.write(|transaction| {
            if let Some(found) = held(transaction, resource)? {
                let is_ours = found.run == *run && found.change == *change;
                return Ok((!is_ours).then_some(found));
            }
            take(transaction, resource, run, change, now)?;
            Ok(None)
        })
    }

    /// Returns who has a resource.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn resource_lock(
        &self,
        resource: &ResourceRef,
    ) -> Result<Option<ResourceLock>, StateError> {
        self.write(|transaction| held(transaction, resource))
    }

    /// Gives a resource back.
    ///
    /// # Errors
    /// Fails when the state cannot be written.
    pub fn unlock_resource(&self, resource: &ResourceRef, run: &RunId) -> Result<(), StateError> {
        self.write(|transaction| {
            transaction.execute(
                "DELETE FROM resource_locks WHERE resource = ?1 AND run = ?2",
                params![key(resource), run.as_str()],
            )?;
            Ok(())
        })
    }
}

fn held(
    transaction: &Transaction<'_>,
    resource: &ResourceRef,
) -> Result<Option<ResourceLock>, rusqlite::Error> {
    let select = "SELECT run, change, since FROM resource_locks WHERE resource = ?1";
    transaction.query_row(select, [key(resource)], lock).optional()
}

pub(super) fn take(
    transaction: &Transaction<'_>,
    resource: &ResourceRef,
    run: &RunId,
    change: &ChangeId,
    now: Timestamp,
) -> Result<(), rusqlite::Error> {
    transaction.execute(
        "INSERT INTO resource_locks (resource, run, change, since) VALUES (?1, ?2, ?3, ?4)",
        params![key(resource), run.as_str(), change.as_str(), now.to_string()],
    )?;
    Ok(())
}

pub(super) fn insert(
    transaction: &Transaction<'_>,
    run: &RunRecord,
) -> Result<(), rusqlite::Error> {
    transaction.execute(
        "INSERT INTO runs (id, plan, started_at, simulated) VALUES (?1, ?2, ?3, ?4)",
        params![run.id.as_str(), run.plan.as_str(), run.started_at.to_string(), run.is_simulated],
    )?;
    Ok(())
}

fn key(resource: &ResourceRef) -> String {
    format!("{}/{}/{}/{}", resource.account, resource.region, resource.kind.as_str(), resource.id)
}

fn lock(row: &Row<'_>) -> Result<ResourceLock, rusqlite::Error> {
    Ok(ResourceLock {
        run: RunId::new(row.get::<_, String>(0)?),
        change: ChangeId::new(row.get::<_, String>(1)?),
        since: moment(row, 2)?,
    })
}

#[cfg(test)]
mod tests {
    use trimtab_model::environment::Environment;
    use trimtab_model::resource::ResourceKind;

    use super::*;

    #[test]
    fn b05_a_resource_is_of_one_run_until_that_one_gives_it_back() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::open(dir.path()).unwrap();
        let insert = "INSERT INTO plans (id, hash, created_at, body) VALUES ('P-1', 'h', '', '{}')";
        state.connection().execute(insert, []).unwrap();
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let [one, two] = ["RUN-1", "RUN-2"].map(RunId::new);
        for id in [&one, &two] {
            let record = RunRecord {
                id: id.clone(),
                plan: PlanId::new("P-1"),
                started_at: now,
                is_simulated: false,
            };
            state.save_run(&record).unwrap();
        }
        let resource = ResourceRef {
            id: "i-1".into(),
            kind: ResourceKind::Instance,
            account: "111122223333".into(),
            region: "ap-northeast-2".into(),
            environment: Environment::Prod,
            name: None,
        };
        let lock = |run: &RunId| state.lock_resource(&resource, run, &"C-1".into(), now).unwrap();
        assert_eq!(lock(&one), None);
        assert_eq!(lock(&one), None, "whoever has it may take it again");
        assert_eq!(lock(&two).map(|held| held.run), Some(one.clone()));
        // Nobody gives back what is another one's.
        state.unlock_resource(&resource, &two).unwrap();
        assert!(lock(&two).is_some());
        state.unlock_resource(&resource, &one).unwrap();
        assert_eq!(lock(&two), None);
    }
}
