//! A normalised query and what it did, without one literal of it.

use serde::Serialize;

use super::query_text::QueryText;

/// A query, normalised: every statement that differs in its literals only is one.
///
/// `text` has no literal: its type lets none through.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Statement {
    /// The server's own identifier of the digest.
    pub digest: String,
    /// The schema that was the default, where the server says it.
    pub schema: Option<String>,
    /// The text with a placeholder for each literal.
    pub text: QueryText,
    /// How often it ran.
    pub calls: u64,
    /// Seconds that it took in all, waiting included.
    pub seconds: f64,
    /// Rows that it gave back or changed in all.
    pub rows_returned: u64,
    /// Rows that it looked at in all; PostgreSQL does not count them.
    pub rows_examined: Option<u64>,
    /// Pages that it touched in all; MySQL does not count them.
    pub pages: Option<u64>,
    /// How often it ran without an index for a table.
    pub calls_without_index: Option<u64>,
    /// Temporary tables that went to disk.
    pub disk_temporary_tables: Option<u64>,
    /// Passes that merged sorted parts on disk.
    pub sort_merge_passes: Option<u64>,
    /// Bytes that sorts and hashes wrote to temporary files.
    pub spilled_bytes: Option<u64>,
}

impl Statement {
    /// Returns rows looked at per row given back; a call that gives none back counts as one.
    pub fn examined_per_returned(&self) -> Option<f64> {
        let returned = self.rows_returned.max(self.calls).max(1);
        Some(self.rows_examined? as f64 / returned as f64)
    }

    /// Returns `total` per call.
    pub fn per_call(&self, total: u64) -> f64 {
        total as f64 / self.calls.max(1) as f64
    }
}

/// What all statements took together, those that have no text here included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct StatementTotal {
    /// How many ran.
    pub calls: u64,
    /// Seconds that they took.
    pub seconds: f64,
    /// Of these, the seconds of statements that the server had no room to tell apart.
    pub unattributed_seconds: f64,
}
