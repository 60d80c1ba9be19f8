//! A mark that changes with every commit: for whoever keeps what was made of all that is kept.

use std::time::SystemTime;

use super::database::{State, StateError};

/// Directories beside the database whose files are read as they are.
const BESIDE: [&str; 2] = ["metrics", "traffic"];

/// Which state the data directory is in. What was made at another mark is out of date.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Mark {
    /// A number that another one follows when somebody else has committed (`PRAGMA data_version`).
    others: i64,
    /// How many rows were changed here.
    own: i64,
    /// When a file last came into, or left, each directory beside the database.
    beside: [Option<SystemTime>; BESIDE.len()],
}

impl State {
    /// Returns the mark of what is kept now.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn mark(&self) -> Result<Mark, StateError> {
        let (others, own) = self
            .connection()
            .query_row("SELECT data_version, total_changes() FROM pragma_data_version", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .map_err(StateError::read)?;
        let beside = BESIDE
            .map(|name| self.data_dir().join(name).metadata().and_then(|one| one.modified()).ok());
        Ok(Mark { others, own, beside })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_commit_and_every_file_beside_changes_the_mark() {
        let dir = tempfile::tempdir().unwrap();
        let (state, other) = (State::open(dir.path()).unwrap(), State::open(dir.path()).unwrap());
        let first = state.mark().unwrap();
        assert_eq!(state.mark().unwrap(), first);
        for writer in [&other, &state] {
            let before = state.mark().unwrap();
            writer
                .connection()
                .execute("INSERT INTO ingests (at) VALUES ('2026-10-01')", [])
                .unwrap();
            assert_ne!(state.mark().unwrap(), before);
        }
        let before = state.mark().unwrap();
        std::fs::create_dir(dir.path().join("traffic")).unwrap();
        assert_ne!(state.mark().unwrap(), before);
    }
}
