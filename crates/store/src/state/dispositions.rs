//! What people decided about recommendations.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::params;

use trimtab_model::id::RecommendationId;

use super::database::{State, StateError};

/// A decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DispositionKind {
    /// Not wanted, for the reason given.
    Dismissed,
    /// Not now.
    Snoozed,
}

impl DispositionKind {
    /// Returns the word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dismissed => "dismissed",
            Self::Snoozed => "snoozed",
        }
    }
}

/// A decision about one recommendation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disposition {
    /// The decision.
    pub kind: DispositionKind,
    /// Why; a snooze needs no reason.
    pub reason: Option<String>,
    /// The first day on which it no longer holds. Absent: it holds until reopened.
    pub until: Option<Date>,
    /// When it was made.
    pub at: Timestamp,
}

impl Disposition {
    /// Returns whether the decision holds on `day`.
    pub fn holds_on(&self, day: Date) -> bool {
        self.until.is_none_or(|until| day < until)
    }
}

impl State {
    /// Dismisses a recommendation, up to a day or until it is reopened.
    ///
    /// # Errors
    /// Fails when the state cannot be written.
    pub fn dismiss(
        &self,
        id: &RecommendationId,
        reason: &str,
        until: Option<Date>,
        at: Timestamp,
    ) -> Result<(), StateError> {
        self.decide(id, DispositionKind::Dismissed, Some(reason), until, at)
    }

    /// Hides a recommendation up to a day, with or without a reason.
    ///
    /// # Errors
    /// Fails when the state cannot be written.
    pub fn snooze(
        &self,
        id: &RecommendationId,
        until: Date,
        reason: Option<&str>,
        at: Timestamp,
    ) -> Result<(), StateError> {
        self.decide(id, DispositionKind::Snoozed, reason, Some(until), at)
    }

    /// Takes a decision back; returns whether there was one.
    ///
    /// # Errors
    /// Fails when the state cannot be written.
    pub fn reopen(&self, id: &RecommendationId) -> Result<bool, StateError> {
        self.write(|transaction| {
            Ok(transaction
                .execute("DELETE FROM dispositions WHERE recommendation = ?1", [id.as_str()])?
                > 0)
        })
    }

    /// Returns every decision, those that no longer hold included.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn dispositions(&self) -> Result<BTreeMap<RecommendationId, Disposition>, StateError> {
        let connection = self.connection();
        let mut statement = connection
            .prepare("SELECT recommendation, kind, reason, until, at FROM dispositions")
            .map_err(StateError::read)?;
        let foreign = |column: usize, cause: jiff::Error| {
            rusqlite::Error::FromSqlConversionFailure(
                column,
                rusqlite::types::Type::Text,
                Box::new(cause),
            )
        };
        let found = statement
            .query_map([], |row| {
                let kind: String = row.get(1)?;
                let until: Option<String> = row.get(3)?;
                let at: String = row.get(4)?;
                let disposition = Disposition {
                    kind: if kind == DispositionKind::Snoozed.as_str() {
                        DispositionKind::Snoozed
                    } else {
                        DispositionKind::Dismissed
                    },
                    reason: row.get(2)?,
                    until: until
                        .map(|day| day.parse())
                        .transpose()
                        .map_err(|cause| foreign(3, cause))?,
                    at: at.parse().map_err(|cause| foreign(4, cause))?,
                };
                Ok((RecommendationId::new(row.get::<_, String>(0)?), disposition))
            })
            .map_err(StateError::read)?
            .collect::<Result<_, _>>()
            .map_err(StateError::read)?;
        Ok(found)
    }

    fn decide(
        &self,
        id: &RecommendationId,
        kind: DispositionKind,
        reason: Option<&str>,
        until: Option<Date>,
        at: Timestamp,
    ) -> Result<(), StateError> {
        self.write(|transaction| {
            transaction.execute(
                "INSERT OR REPLACE INTO dispositions (recommendation, kind, reason, until, at) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![id.as_str(), kind.as_str(), reason, until.map(|day| day.to_string()), at.to_string()],
            )?;
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_is_kept_and_taken_back() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::open(dir.path()).unwrap();
        let id = RecommendationId::new("R-0123456789ab");
        let at: Timestamp = "2026-10-31T00:00:00Z".parse().unwrap();
        state.dismiss(&id, "needed for the event", None, at).unwrap();
        state.snooze(&id, "2026-12-01".parse().unwrap(), None, at).unwrap();
        let found = State::open(dir.path()).unwrap().dispositions().unwrap();
        let disposition = &found[&id];
        assert_eq!(disposition.kind, DispositionKind::Snoozed);
        assert!(disposition.holds_on("2026-11-30".parse().unwrap()));
        assert!(!disposition.holds_on("2026-12-01".parse().unwrap()));
        assert!(state.reopen(&id).unwrap());
        assert!(!state.reopen(&id).unwrap());
        assert!(state.dispositions().unwrap().is_empty());
    }
}
