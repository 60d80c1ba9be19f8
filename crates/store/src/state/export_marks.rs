//! Which deliveries of AWS's exports were read, so that the next run fetches what is new.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, params};

use trimtab_model::text::StaticText;

use super::database::{State, StateError};
use crate::billing::BillGroup;

const MARK: StaticText =
    StaticText { en: "mark of an export", ko: "내보내기를 읽은 기록을" };

/// What was read of one source for one billing period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportMark {
    /// The run that read it; absent where it brought no bill.
    pub ingest: Option<i64>,
    /// The versions of the manifests, by their addresses.
    pub manifests: BTreeMap<String, String>,
    /// The bills that it brought.
    pub bills: Vec<BillGroup>,
}

impl State {
    /// Returns what was read of a source for a period.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn export_mark(
        &self,
        source: &str,
        period: &str,
    ) -> Result<Option<ExportMark>, StateError> {
        let row: Option<(Option<i64>, String, String)> = self
            .connection()
            .query_row(
                "SELECT ingest_id, manifests, bills FROM export_marks WHERE source = ?1 AND billing_period = ?2",
                [source, period],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .optional()
            .map_err(StateError::read)?;
        row.map(|(ingest, manifests, bills)| {
            let body = |cause| StateError::Body { what: MARK, cause };
            Ok(ExportMark {
                ingest,
                manifests: serde_json::from_str(&manifests).map_err(body)?,
                bills: serde_json::from_str(&bills).map_err(body)?,
            })
        })
        .transpose()
    }

    /// Notes what was read of a source for a period.
    ///
    /// # Errors
    /// Fails when the state cannot be written.
    pub fn set_export_mark(
        &self,
        source: &str,
        period: &str,
        mark: &ExportMark,
    ) -> Result<(), StateError> {
        let body = |cause| StateError::Body { what: MARK, cause };
        let manifests = serde_json::to_string(&mark.manifests).map_err(body)?;
        let bills = serde_json::to_string(&mark.bills).map_err(body)?;
        self.write(|transaction| {
            transaction.execute(
                "INSERT INTO export_marks (source, billing_period, ingest_id, manifests, bills) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT DO UPDATE SET
                     ingest_id = excluded.ingest_id,
                     manifests = excluded.manifests,
                     bills = excluded.bills",
                params![source, period, mark.ingest, manifests, bills],
            )?;
            Ok(())
        })
    }

    /// Returns those bills of a mark that the lake still has from that run: another source may
    /// have replaced them since.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn standing(&self, mark: &ExportMark) -> Result<Vec<BillGroup>, StateError> {
        let connection = self.connection();
        let mut ingest = connection
            .prepare(
                "SELECT ingest_id FROM bills WHERE billing_period = ?1 AND billing_account = ?2",
            )
            .map_err(StateError::read)?;
        let mut standing = Vec::new();
        for group in &mark.bills {
            let found: Option<i64> = ingest
                .query_row([&group.billing_period, &group.billing_account], |row| row.get(0))
                .optional()
                .map_err(StateError::read)?;
            if found.is_some() && found == mark.ingest {
                standing.push(group.clone());
            }
        }
        Ok(standing)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::state::{Bill, BillChange};

    fn change(period: &str, account: &str, format: &str) -> BillChange {
        let group =
            BillGroup { billing_period: period.to_owned(), billing_account: account.to_owned() };
        let bill = Bill {
            group,
            format: format.to_owned(),
            complete: true,
            usage_from: None,
            usage_until: None,
            sums: BTreeMap::new(),
        };
        BillChange { bill, files: Vec::new() }
    }

    fn replace(state: &State, changes: &[BillChange]) -> i64 {
        state.replace_bills(changes, &[], Timestamp::UNIX_EPOCH).unwrap()
    }

    #[test]
    fn a_bill_that_another_run_replaced_does_not_stand_any_more() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::open(dir.path()).unwrap();
        let both = [change("2026-10", "1", "CUR 2.0"), change("2026-10", "2", "CUR 2.0")];
        let bills: Vec<BillGroup> = both.iter().map(|one| one.bill.group.clone()).collect();
        let mark = ExportMark {
            ingest: Some(replace(&state, &both)),
            manifests: BTreeMap::from([("s3://b/m".to_owned(), "tag".to_owned())]),
            bills: bills.clone(),
        };
        state.set_export_mark("s3://b", "2026-10", &mark).unwrap();
        assert_eq!(state.export_mark("s3://b", "2026-10").unwrap(), Some(mark.clone()));
        assert_eq!(state.export_mark("s3://b", "2026-09").unwrap(), None);
        assert_eq!(state.standing(&mark).unwrap(), bills);
        replace(&state, &both[..1]);
        assert_eq!(state.standing(&mark).unwrap(), bills[1..]);
        state.remove_bills(&bills).unwrap();
        assert!(state.bills().unwrap().is_empty());
    }

    #[test]
    fn an_export_drives_out_what_cost_explorer_said_of_the_period() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::open(dir.path()).unwrap();
        let asked =
            [change("2026-09", "1", "Cost Explorer"), change("2026-10", "1", "Cost Explorer")];
        replace(&state, &asked);
        replace(&state, &[change("2026-10", "2", "FOCUS 1.2")]);
        let left: Vec<(String, String)> = state
            .bills()
            .unwrap()
            .into_iter()
            .map(|bill| (bill.group.billing_period, bill.format))
            .collect();
        let expected = [("2026-09", "Cost Explorer"), ("2026-10", "FOCUS 1.2")]
            .map(|(period, format)| (period.to_owned(), format.to_owned()));
        assert_eq!(left, expected);
    }
}
