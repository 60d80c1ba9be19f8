//! What people said of days of the bill that stand out.

use rusqlite::params;

use trimtab_model::anomaly::Acknowledgement;
use trimtab_model::id::AnomalyId;
use trimtab_model::text::StaticText;

use super::database::{State, StateError};

const WHAT: StaticText =
    StaticText { en: "acknowledgement of an anomaly", ko: "이상 비용 확인 기록을" };

impl State {
    /// Keeps what somebody said of an anomaly, in place of what was said of it before: `replaced`
    /// are the identifiers of that.
    ///
    /// # Errors
    /// Fails when the state cannot be written.
    pub fn acknowledge(
        &self,
        said: &Acknowledgement,
        replaced: &[AnomalyId],
    ) -> Result<(), StateError> {
        let body =
            serde_json::to_string(said).map_err(|cause| StateError::Body { what: WHAT, cause })?;
        self.write(|transaction| {
            for id in replaced {
                transaction
                    .execute("DELETE FROM acknowledgements WHERE anomaly = ?1", [id.as_str()])?;
            }
            transaction.execute(
                "INSERT OR REPLACE INTO acknowledgements (anomaly, at, body) VALUES (?1, ?2, ?3)",
                params![said.id.as_str(), said.at.to_string(), body],
            )?;
            Ok(())
        })
    }

    /// Takes back what was said of an anomaly; returns whether anything was.
    ///
    /// # Errors
    /// Fails when the state cannot be written.
    pub fn reopen_anomaly(&self, id: &AnomalyId) -> Result<bool, StateError> {
        self.write(|transaction| {
            let gone = transaction
                .execute("DELETE FROM acknowledgements WHERE anomaly = ?1", [id.as_str()])?;
            Ok(gone > 0)
        })
    }

    /// Returns everything that was said of anomalies, the latest first.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn acknowledgements(&self) -> Result<Vec<Acknowledgement>, StateError> {
        let connection = self.connection();
        let mut statement = connection
            .prepare("SELECT body FROM acknowledgements ORDER BY at DESC, anomaly")
            .map_err(StateError::read)?;
        let rows = statement
            .query_map([], |row| row.get::<_, String>(0))
            .map_err(StateError::read)?
            .collect::<Result<Vec<_>, _>>()
            .map_err(StateError::read)?;
        let read = |body: String| {
            serde_json::from_str(&body).map_err(|cause| StateError::Body { what: WHAT, cause })
        };
        rows.into_iter().map(read).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use trimtab_model::anomaly::{AnomalyKind, AnomalyOf};
    use trimtab_model::money::{Currency, Money};

    use super::*;

    fn said(id: &str, at: &str) -> Acknowledgement {
        Acknowledgement {
            id: AnomalyId::new(id),
            of: AnomalyOf {
                service: Some("Amazon EC2".into()),
                account: None,
                currency: Currency::USD,
                is_rise: true,
            },
            days: BTreeMap::from([("2026-10-20".parse().unwrap(), Money::usd(80.into()))]),
            kind: AnomalyKind::Expected,
            reason: "the autumn event".into(),
            by: "kim".into(),
            at: at.parse().unwrap(),
        }
    }

    #[test]
    fn what_was_said_is_kept_replaced_and_taken_back() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::open(dir.path()).unwrap();
        let [first, second] = [
            said("A-000000000001", "2026-10-21T00:00:00Z"),
            said("A-000000000002", "2026-10-22T00:00:00Z"),
        ];
        state.acknowledge(&first, &[]).unwrap();
        state.acknowledge(&second, &[]).unwrap();
        let kept = State::open(dir.path()).unwrap().acknowledgements().unwrap();
        assert_eq!(kept, [second.clone(), first.clone()]);
        let third = said("A-000000000003", "2026-10-23T00:00:00Z");
        state.acknowledge(&third, &[first.id, second.id]).unwrap();
        assert_eq!(state.acknowledgements().unwrap(), std::slice::from_ref(&third));
        assert!(state.reopen_anomaly(&third.id).unwrap());
        assert!(!state.reopen_anomaly(&third.id).unwrap());
    }
}
