//! Analyses that were made.

use rusqlite::OptionalExtension;

use trimtab_model::analysis::Analysis;
use trimtab_model::text::StaticText;

use super::database::{State, StateError};

const ANALYSIS: StaticText = StaticText { en: "analysis", ko: "분석 결과를" };

impl State {
    /// Stores an analysis and returns its number.
    ///
    /// # Errors
    /// Fails when the state cannot be written.
    pub fn save_analysis(&self, analysis: &Analysis) -> Result<i64, StateError> {
        let body = serde_json::to_string(analysis)
            .map_err(|cause| StateError::Body { what: ANALYSIS, cause })?;
        self.write(|transaction| {
            transaction.execute(
                "INSERT INTO analyses (as_of, body) VALUES (?1, ?2)",
                [analysis.as_of.to_string(), body],
            )?;
            Ok(transaction.last_insert_rowid())
        })
    }

    /// Returns the analysis that was stored last.
    ///
    /// # Errors
    /// Fails when the state cannot be read.
    pub fn latest_analysis(&self) -> Result<Option<Analysis>, StateError> {
        let body: Option<String> = self
            .connection()
            .query_row("SELECT body FROM analyses ORDER BY id DESC LIMIT 1", [], |row| row.get(0))
            .optional()
            .map_err(StateError::read)?;
        body.map(|body| serde_json::from_str(&body))
            .transpose()
            .map_err(|cause| StateError::Body { what: ANALYSIS, cause })
    }
}
