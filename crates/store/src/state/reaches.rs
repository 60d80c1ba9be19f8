//! How far runs were told to go.

use rusqlite::{OptionalExtension, Row, params};

use trimtab_model::id::RunId;

use super::database::{State, StateError};

/// How far a run goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct KeptReach {
    /// The index of the last stage; all where absent.
    pub last_stage: Option<usize>,
    /// The index of the last wave of that stage; all where absent.
    pub last_wave: Option<usize>,
}

impl State {
    /// Keeps how far a run goes, in place of what was kept. It may be kept before the run is: a run
    /// that is there, and of which this is not known, would go on to its end.
    ///
    /// # Errors
    /// Fails when the state cannot be written.
    pub fn keep_reach(&self, run: &RunId, reach: KeptReach) -> Result<(), StateError> {
        let number = |index: Option<usize>| index.and_then(|index| i64::try_from(index).ok());
        let KeptReach { last_stage, last_wave } = reach;
        self.write(|transaction| {
            transaction.execute(
                "INSERT OR REPLACE INTO reaches (run, last_stage, last_wave) VALUES (?1, ?2, ?3)",
                params![run.as_str(), number(last_stage), number(last_wave)],
            )?;
            Ok(())
        })
    }

    /// Returns how far a run goes; none where nobody kept it, as of a run of an earlier program.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn reach_of(&self, run: &RunId) -> Result<Option<KeptReach>, StateError> {
        let index = |row: &Row<'_>, column: usize| {
            let number: Option<i64> = row.get(column)?;
            Ok::<_, rusqlite::Error>(number.and_then(|number| usize::try_from(number).ok()))
        };
        let reach =
            |row: &Row<'_>| Ok(KeptReach { last_stage: index(row, 0)?, last_wave: index(row, 1)? });
        let select = "SELECT last_stage, last_wave FROM reaches WHERE run = ?1";
        let connection = self.connection();
        let found = connection.query_row(select, [run.as_str()], reach).optional();
        found.map_err(StateError::read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_that_was_said_of_a_run_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::open(dir.path()).unwrap();
        let [one, other] = ["RUN-1", "RUN-2"].map(RunId::new);
        let canary = KeptReach { last_stage: Some(1), last_wave: Some(0) };
        state.keep_reach(&one, canary).unwrap();
        assert_eq!(state.reach_of(&one).unwrap(), Some(canary));
        assert_eq!(state.reach_of(&other).unwrap(), None);
        state.keep_reach(&one, KeptReach::default()).unwrap();
        assert_eq!(state.reach_of(&one).unwrap(), Some(KeptReach::default()));
    }
}
