//! What Cost Explorer answered: every question costs money, so none is asked twice.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};

use trimtab_model::text::StaticText;

use super::database::{State, StateError};

const MONTH: StaticText =
    StaticText { en: "answer of Cost Explorer", ko: "Cost Explorer의 답을" };

/// One service and account in one month. The amounts are Cost Explorer's own digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedRow {
    /// The service.
    pub service: String,
    /// The account.
    pub account: String,
    /// `UnblendedCost`.
    pub unblended: String,
    /// `AmortizedCost`.
    pub amortized: String,
    /// The currency of both.
    pub currency: String,
}

/// What Cost Explorer said of one month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedMonth {
    /// The account that asked: the payer, or a member that sees its own costs.
    pub account: String,
    /// The month, as `2026-10`.
    pub month: String,
    /// The first day that the answer leaves out.
    pub until: jiff::civil::Date,
    /// Whether AWS still calls it estimated. What is not is final.
    pub estimated: bool,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// Services and accounts.
    pub rows: Vec<AskedRow>,
}

impl State {
    /// Returns what Cost Explorer said of a month.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn asked_month(
        &self,
        account: &str,
        month: &str,
    ) -> Result<Option<AskedMonth>, StateError> {
        let body: Option<String> = self
            .connection()
            .query_row(
                "SELECT body FROM cost_explorer_months WHERE account = ?1 AND month = ?2",
                [account, month],
                |row| row.get(0),
            )
            .optional()
            .map_err(StateError::read)?;
        body.map(|body| serde_json::from_str(&body))
            .transpose()
            .map_err(|cause| StateError::Body { what: MONTH, cause })
    }

    /// Keeps what Cost Explorer said of a month, in place of what it said before.
    ///
    /// # Errors
    /// Fails when the state cannot be written.
    pub fn keep_asked_month(&self, month: &AskedMonth) -> Result<(), StateError> {
        let body = serde_json::to_string(month)
            .map_err(|cause| StateError::Body { what: MONTH, cause })?;
        self.write(|transaction| {
            transaction.execute(
                "INSERT INTO cost_explorer_months (account, month, asked_at, body) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO UPDATE SET asked_at = excluded.asked_at, body = excluded.body",
                params![month.account, month.month, month.asked_at.to_string(), body],
            )?;
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_comes_back_to_the_last_digit() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::open(dir.path()).unwrap();
        let month = AskedMonth {
            account: "111122223333".to_owned(),
            month: "2026-10".to_owned(),
            until: "2026-11-01".parse().unwrap(),
            estimated: false,
            asked_at: Timestamp::UNIX_EPOCH,
            rows: vec![AskedRow {
                service: "AmazonEC2".to_owned(),
                account: "111122223333".to_owned(),
                unblended: "0.12345678901234567890".to_owned(),
                amortized: "-1".to_owned(),
                currency: "USD".to_owned(),
            }],
        };
        assert_eq!(state.asked_month("111122223333", "2026-10").unwrap(), None);
        state.keep_asked_month(&month).unwrap();
        assert_eq!(state.asked_month("111122223333", "2026-10").unwrap(), Some(month));
    }
}
