//! Addresses of pages that people saved under a name, for all who use the data directory.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, Transaction, params};

use trimtab_model::explain::Explain;
use trimtab_model::text::Text;

use super::database::{State, StateError};
use super::moment;

/// Views that are kept at most: a list that nobody reads to its end helps nobody.
const MOST: i64 = 200;

/// An address under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    /// What tells it from every other, and stays when it is renamed.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The address of a page, from its slash on.
    pub address: String,
    /// When it was saved.
    pub saved_at: Timestamp,
}

/// Why a view was not saved.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// Another one has the name.
    #[error("another view is called `{0}`")]
    Taken(String),
    /// There is no room for one more.
    #[error("there are {MOST} views already")]
    Full,
    /// There is no such view.
    #[error("there is no such view")]
    Unknown,
    /// The state could not be written.
    #[error(transparent)]
    State(#[from] StateError),
}

impl Explain for ViewError {
    fn text(&self) -> Text {
        let korean = match self {
            Self::Taken(name) => format!("같은 이름의 보기가 있습니다: `{name}`"),
            Self::Full => format!("저장할 수 있는 보기 {MOST}개를 모두 썼습니다"),
            Self::Unknown => "그런 보기가 없습니다".to_owned(),
            Self::State(cause) => return cause.text(),
        };
        Text::new(self.to_string(), korean)
    }
}

/// What became of a change within a transaction.
enum Outcome<T> {
    Done(T),
    Taken,
    Full,
    Unknown,
}

impl<T> Outcome<T> {
    fn of_name(self, name: &str) -> Result<T, ViewError> {
        match self {
            Self::Done(value) => Ok(value),
            Self::Taken => Err(ViewError::Taken(name.to_owned())),
            Self::Full => Err(ViewError::Full),
            Self::Unknown => Err(ViewError::Unknown),
        }
    }
}

impl State {
    /// Saves an address under a name, and returns the view.
    ///
    /// # Errors
    /// Fails where another view has the name, where there is no room for one more, and when the state cannot be
    /// written.
    pub fn save_view(
        &self,
        name: &str,
        address: &str,
        at: Timestamp,
    ) -> Result<SavedView, ViewError> {
        let outcome = self.write(|transaction| {
            if has_name(transaction, name, "")? {
                return Ok(Outcome::Taken);
            }
            let count: i64 =
                transaction.query_row("SELECT count(*) FROM views", [], |row| row.get(0))?;
            if count >= MOST {
                return Ok(Outcome::Full);
            }
            let id: String = transaction.query_row(
                "INSERT INTO views (id, name, address, saved_at)
                 VALUES ('V-' || lower(hex(randomblob(6))), ?1, ?2, ?3) RETURNING id",
                params![name, address, at.to_string()],
                |row| row.get(0),
            )?;
            let (name, address) = (name.to_owned(), address.to_owned());
            Ok(Outcome::Done(SavedView { id, name, address, saved_at: at }))
        })?;
        outcome.of_name(name)
    }

    /// Gives a view another name, and returns it.
    ///
    /// # Errors
    /// Fails where there is no such view, where another one has the name, and when the state cannot be written.
    pub fn rename_view(&self, id: &str, name: &str) -> Result<SavedView, ViewError> {
        let outcome = self.write(|transaction| {
            if has_name(transaction, name, id)? {
                return Ok(Outcome::Taken);
            }
            let renamed = transaction
                .query_row(
                    "UPDATE views SET name = ?2 WHERE id = ?1 RETURNING id, name, address, saved_at",
                    [id, name],
                    view,
                )
                .optional()?;
            Ok(renamed.map_or(Outcome::Unknown, Outcome::Done))
        })?;
        outcome.of_name(name)
    }

    /// Deletes a view, and returns it; none where there is no such view.
    ///
    /// # Errors
    /// Fails when the state cannot be written.
    pub fn delete_view(&self, id: &str) -> Result<Option<SavedView>, StateError> {
        self.write(|transaction| {
            let delete = "DELETE FROM views WHERE id = ?1 RETURNING id, name, address, saved_at";
            transaction.query_row(delete, [id], view).optional()
        })
    }

    /// Returns the views, by name.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn views(&self) -> Result<Vec<SavedView>, StateError> {
        let connection = self.connection();
        let mut statement = connection
            .prepare(
                "SELECT id, name, address, saved_at FROM views ORDER BY name COLLATE NOCASE, id",
            )
            .map_err(StateError::read)?;
        let rows = statement.query_map([], view).map_err(StateError::read)?;
        rows.collect::<Result<_, _>>().map_err(StateError::read)
    }
}

/// Returns whether another view than `id` has a name.
fn has_name(transaction: &Transaction<'_>, name: &str, id: &str) -> Result<bool, rusqlite::Error> {
    let found: i64 = transaction.query_row(
        "SELECT count(*) FROM views WHERE name = ?1 AND id <> ?2",
        [name, id],
        |row| row.get(0),
    )?;
    Ok(found > 0)
}

fn view(row: &Row<'_>) -> Result<SavedView, rusqlite::Error> {
    Ok(SavedView {
        id: row.get(0)?,
        name: row.get(1)?,
        address: row.get(2)?,
        saved_at: moment(row, 3)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at() -> Timestamp {
        "2026-10-31T00:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_view_is_kept_renamed_and_deleted() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::open(dir.path()).unwrap();
        let saved = state.save_view("Teams", "/cost?group_by=team", at()).unwrap();
        let other = state.save_view("게임 서버", "/recommendations", at()).unwrap();
        assert_ne!(saved.id, other.id);
        let again = State::open(dir.path()).unwrap();
        assert_eq!(again.views().unwrap(), [saved.clone(), other.clone()]);
        let renamed = again.rename_view(&saved.id, "By team").unwrap();
        assert_eq!(renamed, SavedView { name: "By team".into(), ..saved.clone() });
        // The name that it has is not somebody else's.
        assert!(again.rename_view(&saved.id, "By team").is_ok());
        assert_eq!(again.delete_view(&saved.id).unwrap(), Some(renamed));
        assert_eq!(again.delete_view(&saved.id).unwrap(), None);
        assert_eq!(state.views().unwrap(), [other]);
    }

    #[test]
    fn a_name_is_of_one_view_and_there_is_an_end_to_them() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::open(dir.path()).unwrap();
        let first = state.save_view("0", "/", at()).unwrap();
        assert!(matches!(state.save_view("0", "/cost", at()), Err(ViewError::Taken(_))));
        for number in 1..MOST {
            state.save_view(&number.to_string(), "/", at()).unwrap();
        }
        assert!(matches!(state.save_view("more", "/", at()), Err(ViewError::Full)));
        assert!(matches!(state.rename_view(&first.id, "1"), Err(ViewError::Taken(_))));
        assert!(matches!(state.rename_view("V-0", "new"), Err(ViewError::Unknown)));
    }
}
