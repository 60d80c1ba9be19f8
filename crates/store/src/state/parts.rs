//! What a scan has read so far: one row per account, region and kind.
//!
//! A row is written as soon as its listing ends, so that an interrupted scan loses nothing
//! and the next one goes on where it stopped.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use trimtab_model::collection::Collection;
use trimtab_model::snapshot::Snapshot;
use trimtab_model::text::StaticText;

use super::database::{State, StateError};

const INVENTORY: StaticText = StaticText { en: "inventory", ko: "인벤토리" };
const OUTCOME: StaticText = StaticText { en: "outcome of a listing", ko: "목록 조회 결과" };

impl State {
    /// Begins a scan and returns its number.
    ///
    /// # Errors
    /// Fails when the state cannot be written.
    pub fn begin_scan(&self, at: Timestamp, scope: &str) -> Result<i64, StateError> {
        self.write(|transaction| {
            transaction.execute(
                "INSERT INTO scans (started_at, scope) VALUES (?1, ?2)",
                params![at.to_string(), scope],
            )?;
            Ok(transaction.last_insert_rowid())
        })
    }

    /// Returns the number and start of a scan of the same scope that did not come to its end,
    /// if it is the latest one.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn unfinished_scan(&self, scope: &str) -> Result<Option<(i64, Timestamp)>, StateError> {
        let row: Option<(i64, String)> = self
            .connection()
            .query_row(
                "SELECT id, started_at FROM scans
                 WHERE id = (SELECT max(id) FROM scans) AND ended_at IS NULL AND scope = ?1",
                [scope],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()
            .map_err(StateError::read)?;
        Ok(row.and_then(|(id, at)| Some((id, at.parse().ok()?))))
    }

    /// Notes that a scan came to its end.
    ///
    /// # Errors
    /// Fails when the state cannot be written.
    pub fn end_scan(&self, scan: i64, at: Timestamp) -> Result<(), StateError> {
        self.write(|transaction| {
            transaction.execute(
                "UPDATE scans SET ended_at = ?2 WHERE id = ?1",
                params![scan, at.to_string()],
            )?;
            Ok(())
        })
    }

    /// Stores what a collector brought back, in place of what the same one brought before.
    ///
    /// Where the listing failed, what was read before stays beside the new outcome: an
    /// account that refuses once has not lost its machines.
    ///
    /// # Errors
    /// Fails when the state cannot be written.
    pub fn save_part(
        &self,
        scan: i64,
        collection: &Collection,
        snapshot: &Snapshot,
    ) -> Result<(), StateError> {
        let body = serde_json::to_string(snapshot)
            .map_err(|cause| StateError::Body { what: INVENTORY, cause })?;
        let outcome = serde_json::to_string(collection)
            .map_err(|cause| StateError::Body { what: OUTCOME, cause })?;
        let listed = !snapshot.listed.is_empty();
        self.write(|transaction| {
            let key = params![
                collection.account.as_str(),
                collection.region.as_str(),
                collection.kind.as_str(),
                scan,
                outcome,
                body,
                listed || collection.resources > 0
            ];
            transaction.execute(
                "INSERT INTO parts (account, region, kind, scan, outcome, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (account, region, kind) DO UPDATE SET
                     scan = excluded.scan,
                     outcome = excluded.outcome,
                     body = CASE WHEN ?7 THEN excluded.body ELSE body END",
                key,
            )?;
            Ok(())
        })
    }

    /// Returns how each listing ended the last time, and what scan that was.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn collections(&self) -> Result<Vec<(i64, Collection)>, StateError> {
        let connection = self.connection();
        let mut rows = connection
            .prepare("SELECT scan, outcome FROM parts ORDER BY account, region, kind")
            .map_err(StateError::read)?;
        let rows = rows
            .query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))
            .map_err(StateError::read)?;
        rows.map(|row| {
            let (scan, outcome) = row.map_err(StateError::read)?;
            let outcome = serde_json::from_str(&outcome)
                .map_err(|cause| StateError::Body { what: OUTCOME, cause })?;
            Ok((scan, outcome))
        })
        .collect()
    }

    /// Returns everything that scans have read, put together; absent before the first one.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn scanned_snapshot(&self) -> Result<Option<Snapshot>, StateError> {
        let connection = self.connection();
        let mut rows = connection
            .prepare("SELECT body FROM parts ORDER BY account, region, kind")
            .map_err(StateError::read)?;
        let rows = rows.query_map([], |row| row.get::<_, String>(0)).map_err(StateError::read)?;
        let mut parts: Vec<Snapshot> = Vec::new();
        for body in rows {
            let body = body.map_err(StateError::read)?;
            parts.push(
                serde_json::from_str(&body)
                    .map_err(|cause| StateError::Body { what: INVENTORY, cause })?,
            );
        }
        let Some(latest) = parts.iter().map(|part| part.taken_at).max() else { return Ok(None) };
        Ok(Some(Snapshot::assembled(latest, parts)))
    }
}

#[cfg(test)]
mod tests {
    use trimtab_model::collection::Outcome;
    use trimtab_model::resource::ResourceKind;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn part(region: &str, outcome: Outcome) -> (Collection, Snapshot) {
        let mut snapshot = Snapshot::empty(at(0));
        if outcome == Outcome::Complete {
            let place = ("111122223333".into(), region.into());
            snapshot.listed.entry(ResourceKind::Volume).or_default().insert(place);
        }
        let collection = Collection {
            account: "111122223333".into(),
            region: region.into(),
            kind: ResourceKind::Volume,
            outcome,
            resources: 0,
            reasons: Vec::new(),
            refused: Vec::new(),
            at: at(0),
        };
        (collection, snapshot)
    }

    #[test]
    fn an_interrupted_scan_goes_on_and_an_ended_one_does_not() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::open(dir.path()).unwrap();
        let scan = state.begin_scan(at(5), "all").unwrap();
        assert_eq!(state.unfinished_scan("all").unwrap(), Some((scan, at(5))));
        assert_eq!(state.unfinished_scan("other").unwrap(), None);
        state.end_scan(scan, at(9)).unwrap();
        assert_eq!(state.unfinished_scan("all").unwrap(), None);
    }

    #[test]
    fn a_refusal_does_not_take_away_what_was_listed_before() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::open(dir.path()).unwrap();
        assert_eq!(state.scanned_snapshot().unwrap(), None);
        let (collection, snapshot) = part("ap-northeast-2", Outcome::Complete);
        state.save_part(1, &collection, &snapshot).unwrap();
        let (denied, nothing) = part("ap-northeast-2", Outcome::Denied);
        state.save_part(2, &denied, &nothing).unwrap();
        let whole = state.scanned_snapshot().unwrap().unwrap();
        assert_eq!(whole.listed, snapshot.listed);
        let collections = state.collections().unwrap();
        assert_eq!(collections.len(), 1);
        assert_eq!(collections[0].1.outcome, Outcome::Denied);
    }
}
