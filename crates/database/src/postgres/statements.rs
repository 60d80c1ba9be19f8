//! What statements did, from `pg_stat_statements`.

use trimtab_model::database::{DatabaseEngine, QueryText, QueryWord, Statement, StatementTotal};

use super::session::PostgresSession;
use crate::error::DatabaseError;
use crate::row::Row;

const WHAT: &str = "what statements did (pg_stat_statements)";

/// Bytes of a page of a temporary file.
const PAGE: u64 = 8192;

/// Whose statements can be read.
pub(super) enum Readable {
    /// Everybody's.
    All,
    /// Those of our account.
    Own,
    /// There are none.
    Nothing,
}

const EXTENSION: &str = "SELECT e.extversion, to_regclass('pg_stat_statements_info')::text,
 pg_has_role(current_user, 'pg_read_all_stats', 'USAGE')::text
 FROM pg_extension e WHERE e.extname = 'pg_stat_statements'";
const LOADED: &str = "SELECT count(*) FROM pg_stat_statements WHERE dbid = 0";
/// Ours are left out by the catalogues that only we and those that watch ask.
const LIST: &str = "SELECT s.queryid, s.query, sum(s.calls), sum(s.total_exec_time), sum(s.rows), sum(s.shared_blks_hit + s.shared_blks_read), sum(s.temp_blks_written)
 FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
 WHERE d.datname = current_database() AND s.query !~* '(pg_stat_|pg_catalog|pg_class|pg_database|pg_settings|pg_roles|pg_extension|pg_indexes|hypopg)'
 GROUP BY 1, 2 ORDER BY 4 DESC LIMIT ";
const TOTAL: &str = "SELECT sum(s.calls), sum(s.total_exec_time) FROM pg_stat_statements s WHERE s.query !~* '(pg_stat_|pg_catalog|pg_class|pg_database|pg_settings|pg_roles|pg_extension|pg_indexes|hypopg)'";
const AGE: &str =
    "SELECT extract(epoch FROM now() - stats_reset)::text FROM pg_stat_statements_info";

/// What statements did.
#[derive(Debug, Default)]
pub(super) struct Statements {
    pub(super) total: Option<StatementTotal>,
    pub(super) list: Vec<Statement>,
    pub(super) age_hours: Option<f64>,
}

impl PostgresSession {
    pub(super) async fn readable(&mut self) -> Result<Readable, DatabaseError> {
        let found = self.ask(WHAT, EXTENSION).await?;
        let Some(found) = found.first() else { return Ok(Readable::Nothing) };
        // The extension may be made while its library is not loaded.
        match self.ask(WHAT, LOADED).await {
            Ok(_) => Ok(if found.is_yes(2) { Readable::All } else { Readable::Own }),
            Err(cause) if cause.is_of_one_question() => Ok(Readable::Nothing),
            Err(cause) => Err(cause),
        }
    }

    pub(super) async fn statements(&mut self) -> Result<Statements, DatabaseError> {
        let total = self.ask(WHAT, TOTAL).await?;
        let total = total.first().cloned().unwrap_or_default();
        let list = self.ask_made(WHAT, format!("{LIST}{}", self.limits.statements)).await?;
        let age = match self.ask(WHAT, AGE).await {
            Ok(rows) => rows.first().and_then(|row| row.figure(0)),
            // Before 1.9 the extension does not say.
            Err(cause) if cause.is_of_one_question() => None,
            Err(cause) => return Err(cause),
        };
        Ok(Statements {
            total: total.figure(1).map(|milliseconds| StatementTotal {
                calls: total.count(0).unwrap_or_default(),
                seconds: milliseconds / 1000.0,
                unattributed_seconds: 0.0,
            }),
            list: list.iter().filter_map(statement).collect(),
            age_hours: age.map(|seconds| seconds / 3600.0),
        })
    }
}

/// Makes a statement. The server normalises only what it plans: other commands may hold a
/// password, and what the account may not see is no text.
fn statement(row: &Row) -> Option<Statement> {
    let text = QueryText::guarded(row.text(1)?, DatabaseEngine::Postgresql);
    let first = text.words(DatabaseEngine::Postgresql).into_iter().next()?;
    let is_planned = match first {
        QueryWord::Keyword(word) => {
            ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "VALUES"].contains(&word.as_str())
        }
        QueryWord::Name { name, quoted: false } => name.eq_ignore_ascii_case("merge"),
        QueryWord::Name { .. } | QueryWord::Placeholder(_) | QueryWord::Symbol(_) => false,
    };
    is_planned.then(|| Statement {
        digest: row.name(0),
        schema: None,
        text,
        calls: row.count(2).unwrap_or_default(),
        seconds: row.figure(3).unwrap_or_default() / 1000.0,
        rows_returned: row.count(4).unwrap_or_default(),
        rows_examined: None,
        pages: row.count(5),
        calls_without_index: None,
        disk_temporary_tables: None,
        sort_merge_passes: None,
        spilled_bytes: row.count(6).map(|pages| pages * PAGE),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<String> {
        let values = ["77", text, "1", "1", "1", "1", "0"].map(|value| Some(value.to_owned()));
        statement(&Row::new(values.to_vec())).map(|statement| statement.text.to_string())
    }

    #[test]
    fn only_what_the_server_plans_is_kept() {
        assert_eq!(
            of("select 1 from t where a = 'secret'"),
            Some("SELECT ? FROM t WHERE a = ?".to_owned())
        );
        assert_eq!(of("CREATE ROLE reader PASSWORD 'secret'"), None);
        assert_eq!(of("<insufficient privilege>"), None);
    }
}
