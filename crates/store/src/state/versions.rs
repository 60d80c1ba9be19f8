//! Numbers that change when what is kept has changed: for whoever holds a copy.

use super::database::{State, StateError};

/// What a copy is of. A copy that was made at other numbers is out of date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Versions {
    /// The number of the latest analysis; 0 where there is none.
    pub analysis: i64,
    /// The number of the latest ingest of bills; 0 where there is none.
    pub ingest: i64,
    /// How many files the lake has: removing bills takes some away.
    pub lake_files: i64,
    /// The number of the latest inventory from files; 0 where there is none.
    pub snapshot: i64,
    /// The number of the latest scan that kept a part of an inventory; 0 where there is none.
    pub scan: i64,
    /// How many parts scans have kept.
    pub parts: i64,
}

impl State {
    /// Returns the numbers of what is kept now.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn versions(&self) -> Result<Versions, StateError> {
        self.connection()
            .query_row(
                "SELECT (SELECT COALESCE(MAX(id), 0) FROM analyses),
                        (SELECT COALESCE(MAX(id), 0) FROM ingests),
                        (SELECT COUNT(*) FROM lake_files),
                        (SELECT COALESCE(MAX(id), 0) FROM snapshots),
                        (SELECT COALESCE(MAX(scan), 0) FROM parts),
                        (SELECT COUNT(*) FROM parts)",
                [],
                |row| {
                    Ok(Versions {
                        analysis: row.get(0)?,
                        ingest: row.get(1)?,
                        lake_files: row.get(2)?,
                        snapshot: row.get(3)?,
                        scan: row.get(4)?,
                        parts: row.get(5)?,
                    })
                },
            )
            .map_err(StateError::read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_of_version_zero() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::open(dir.path()).unwrap();
        assert_eq!(state.versions().unwrap(), Versions::default());
    }
}
