//! What people vouched for, of one change of one plan.

use rusqlite::{Row, params};

use trimtab_model::id::ChangeId;
use trimtab_model::observed::Attested;

use super::database::{State, StateError};
use super::moment;

/// What somebody vouched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attestation {
    /// The change.
    pub change: ChangeId,
    /// The row of its table.
    pub row: String,
    /// Who, what and when.
    pub attested: Attested,
}

impl State {
    /// Keeps what somebody vouched for. It counts for the plan of this hash and no other; a second
    /// word about the same row takes the place of the first.
    ///
    /// # Errors
    /// Fails when the state cannot be written.
    pub fn attest(&self, hash: &str, one: &Attestation) -> Result<(), StateError> {
        let Attestation { change, row, attested } = one;
        self.write(|transaction| {
            transaction.execute(
                "INSERT OR REPLACE INTO attestations (hash, change, row, person, note, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![hash, change.as_str(), row, attested.by, attested.note, attested.at.to_string()],
            )?;
            Ok(())
        })
    }

    /// Returns what people vouched for of the plan of a hash, by change and row.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn attestations(&self, hash: &str) -> Result<Vec<Attestation>, StateError> {
        let connection = self.connection();
        let mut statement = connection
            .prepare("SELECT change, row, person, note, at FROM attestations WHERE hash = ?1 ORDER BY change, row")
            .map_err(StateError::read)?;
        let attestation = |row: &Row<'_>| {
            let change: String = row.get(0)?;
            let attested = Attested { by: row.get(2)?, note: row.get(3)?, at: moment(row, 4)? };
            Ok(Attestation { change: ChangeId::new(change), row: row.get(1)?, attested })
        };
        let rows = statement.query_map([hash], attestation).map_err(StateError::read)?;
        rows.collect::<Result<_, _>>().map_err(StateError::read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(row: &str, note: &str) -> Attestation {
        Attestation {
            change: ChangeId::new("C-1"),
            row: row.to_owned(),
            attested: Attested {
                by: "kim".to_owned(),
                note: note.to_owned(),
                at: "2026-11-27T00:00:00Z".parse().expect("a moment"),
            },
        }
    }

    #[test]
    fn a_word_counts_for_its_plan_and_the_latest_one_stands() {
        let directory = tempfile::tempdir().expect("a directory");
        let state = State::open(directory.path()).expect("a state");
        state.attest("4c1e", &word("ec2-24", "first")).expect("kept");
        state.attest("4c1e", &word("ec2-24", "second")).expect("kept");
        state.attest("4c1e", &word("ec2-08", "seen")).expect("kept");
        let all = state.attestations("4c1e").expect("read");
        assert_eq!(all, [word("ec2-08", "seen"), word("ec2-24", "second")]);
        assert_eq!(state.attestations("9a00").expect("read"), []);
    }
}
