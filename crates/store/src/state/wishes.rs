//! What people ask of a run that another process may be driving.

use rusqlite::{Row, params};

use trimtab_model::id::{ChangeId, RunId};

use super::database::{State, StateError};

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WishWord {
    /// Start nothing more.
    Pause,
    /// Go on.
    Resume,
    /// Take back what is not confirmed, and end.
    Cancel,
    /// Let a held change go on.
    Unhold,
}

impl WishWord {
    const ALL: [Self; 4] = [Self::Pause, Self::Resume, Self::Cancel, Self::Unhold];

    /// Returns the word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Cancel => "cancel",
            Self::Unhold => "unhold",
        }
    }
}

/// One wish that is not in the journal yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedWish {
    /// Its number.
    pub id: i64,
    /// What is asked.
    pub word: WishWord,
    /// Of which change; of the run where absent.
    pub change: Option<ChangeId>,
    /// Who asks.
    pub by: String,
}

impl State {
    /// Asks something of a run.
    ///
    /// # Errors
    /// Fails when the state cannot be written.
    pub fn ask(
        &self,
        run: &RunId,
        word: WishWord,
        change: Option<&ChangeId>,
        by: &str,
    ) -> Result<(), StateError> {
        self.write(|transaction| {
            transaction.execute(
                "INSERT INTO wishes (run, wish, change, person) VALUES (?1, ?2, ?3, ?4)",
                params![run.as_str(), word.as_str(), change.map(ChangeId::as_str), by],
            )?;
            Ok(())
        })
    }

    /// Returns what was asked of a run and is not done, oldest first.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn asked(&self, run: &RunId) -> Result<Vec<AskedWish>, StateError> {
        let connection = self.connection();
        let mut statement = connection
            .prepare("SELECT id, wish, change, person FROM wishes WHERE run = ?1 ORDER BY id")
            .map_err(StateError::read)?;
        let wish = |row: &Row<'_>| {
            let (id, word): (i64, String) = (row.get(0)?, row.get(1)?);
            let change: Option<String> = row.get(2)?;
            let by = row.get(3)?;
            let word = WishWord::ALL.into_iter().find(|known| known.as_str() == word);
            Ok(word.map(|word| AskedWish { id, word, change: change.map(ChangeId::new), by }))
        };
        let rows = statement.query_map([run.as_str()], wish).map_err(StateError::read)?;
        rows.filter_map(Result::transpose).collect::<Result<_, _>>().map_err(StateError::read)
    }

    /// Forgets a wish that is in the journal.
    ///
    /// # Errors
    /// Fails when the state cannot be written.
    pub fn heard(&self, wish: &AskedWish) -> Result<(), StateError> {
        self.write(|transaction| {
            transaction.execute("DELETE FROM wishes WHERE id = ?1", [wish.id])?;
            Ok(())
        })
    }
}
