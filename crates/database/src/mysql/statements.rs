//! What statements did, by digest.

use trimtab_model::database::{QueryText, Statement, StatementTotal};

use super::session::MysqlSession;
use crate::error::DatabaseError;
use crate::row::Row;

const WHAT: &str = "what statements did (performance_schema)";

/// Picoseconds, in which the server counts.
const PER_SECOND: f64 = 1e12;

/// Ours, and those that ask the server of itself, are no load of an application.
const LIST: &str = "SELECT DIGEST, SCHEMA_NAME, DIGEST_TEXT, COUNT_STAR, SUM_TIMER_WAIT, SUM_ROWS_SENT + SUM_ROWS_AFFECTED, SUM_ROWS_EXAMINED, SUM_NO_INDEX_USED, SUM_CREATED_TMP_DISK_TABLES, SUM_SORT_MERGE_PASSES
 FROM performance_schema.events_statements_summary_by_digest
 WHERE DIGEST IS NOT NULL AND DIGEST_TEXT NOT LIKE '%performance\\_schema%' AND DIGEST_TEXT NOT LIKE '%information\\_schema%'
 AND (SCHEMA_NAME IS NULL OR SCHEMA_NAME NOT IN ('mysql', 'sys', 'performance_schema', 'information_schema'))
 ORDER BY SUM_TIMER_WAIT DESC LIMIT ";

const TOTAL: &str = "SELECT SUM(COUNT_STAR), SUM(SUM_TIMER_WAIT), SUM(IF(DIGEST IS NULL, SUM_TIMER_WAIT, 0)), TIMESTAMPDIFF(SECOND, MIN(FIRST_SEEN), NOW())
 FROM performance_schema.events_statements_summary_by_digest
 WHERE DIGEST IS NULL OR (DIGEST_TEXT NOT LIKE '%performance\\_schema%' AND DIGEST_TEXT NOT LIKE '%information\\_schema%')";

const SWITCHED_ON: &str =
    "SELECT ENABLED FROM performance_schema.setup_consumers WHERE NAME = 'statements_digest'";

/// What statements did.
#[derive(Debug, Default)]
pub(super) struct Statements {
    pub(super) total: Option<StatementTotal>,
    pub(super) list: Vec<Statement>,
    pub(super) age_hours: Option<f64>,
}

impl MysqlSession {
    pub(super) async fn statements(&mut self) -> Result<Statements, DatabaseError> {
        let switched_on = self.ask(WHAT, SWITCHED_ON).await?;
        if !switched_on.iter().any(|row| row.is_yes(0)) {
            return Err(DatabaseError::Refused {
                what: WHAT,
                code: "statements_digest".to_owned(),
            });
        }
        let total = self.ask(WHAT, TOTAL).await?;
        let total = total.first().cloned().unwrap_or_default();
        let list = self.ask_made(WHAT, format!("{LIST}{}", self.limits.statements)).await?;
        Ok(Statements {
            total: total.figure(1).map(|seconds| StatementTotal {
                calls: total.count(0).unwrap_or_default(),
                seconds: seconds / PER_SECOND,
                unattributed_seconds: total.figure(2).unwrap_or_default() / PER_SECOND,
            }),
            list: list.iter().map(|row| self.statement(row)).collect(),
            age_hours: total.figure(3).map(|seconds| seconds / 3600.0),
        })
    }

    fn statement(&self, row: &Row) -> Statement {
        Statement {
            digest: row.name(0),
            schema: row.text(1).map(str::to_owned),
            text: QueryText::guarded(row.text(2).unwrap_or_default(), self.engine),
            calls: row.count(3).unwrap_or_default(),
            seconds: row.figure(4).unwrap_or_default() / PER_SECOND,
            rows_returned: row.count(5).unwrap_or_default(),
            rows_examined: row.count(6),
            pages: None,
            calls_without_index: row.count(7),
            disk_temporary_tables: row.count(8),
            sort_merge_passes: row.count(9),
            spilled_bytes: None,
        }
    }
}
