//! Inventories that were taken.

use rusqlite::OptionalExtension;

use trimtab_model::snapshot::Snapshot;
use trimtab_model::text::StaticText;

use super::database::{State, StateError};

const SNAPSHOT: StaticText = StaticText { en: "snapshot", ko: "스냅샷을" };

impl State {
    /// Stores a snapshot and returns its number.
    ///
    /// # Errors
    /// Fails when the state cannot be written.
    pub fn save_snapshot(&self, snapshot: &Snapshot) -> Result<i64, StateError> {
        let body = serde_json::to_string(snapshot)
            .map_err(|cause| StateError::Body { what: SNAPSHOT, cause })?;
        self.write(|transaction| {
            transaction.execute(
                "INSERT INTO snapshots (taken_at, body) VALUES (?1, ?2)",
                [snapshot.taken_at.to_string(), body],
            )?;
            Ok(transaction.last_insert_rowid())
        })
    }

    /// Returns the snapshot that was stored last.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn latest_snapshot(&self) -> Result<Option<Snapshot>, StateError> {
        let body: Option<String> = self
            .connection()
            .query_row("SELECT body FROM snapshots ORDER BY id DESC LIMIT 1", [], |row| row.get(0))
            .optional()
            .map_err(StateError::read)?;
        body.map(|body| serde_json::from_str(&body))
            .transpose()
            .map_err(|cause| StateError::Body { what: SNAPSHOT, cause })
    }
}

#[cfg(test)]
mod tests {
    use trimtab_model::resource::ResourceKind;

    use super::*;

    #[test]
    fn a_snapshot_comes_back_as_it_was() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::open(dir.path()).unwrap();
        assert_eq!(state.latest_snapshot().unwrap(), None);
        let mut snapshot = Snapshot::empty("2026-10-31T00:00:00Z".parse().unwrap());
        snapshot
            .listed
            .entry(ResourceKind::Volume)
            .or_default()
            .insert(("111122223333".into(), "ap-northeast-2".into()));
        state.save_snapshot(&snapshot).unwrap();
        assert_eq!(state.latest_snapshot().unwrap(), Some(snapshot));
    }
}
