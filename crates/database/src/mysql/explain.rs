//! What the planner says of a statement: where the server keeps a sample of it.
//!
//! A sample has literals. It goes from the server's answer into the question for the plan and
//! nowhere else; an error of the server, which may quote it, is dropped.

use sqlx::mysql::MySqlRow;
use sqlx::{AssertSqlSafe, Row as _};

use trimtab_model::database::{DatabaseEngine, Probe, ProbeAnswer};

use super::session::MysqlSession;
use crate::error::DatabaseError;

const MYSQL_SAMPLE: &str = "SELECT QUERY_SAMPLE_TEXT FROM performance_schema.events_statements_summary_by_digest WHERE DIGEST = ? LIMIT 1";
const MARIADB_SAMPLES: [&str; 2] = [
    "SELECT SQL_TEXT FROM performance_schema.events_statements_history_long WHERE DIGEST = ? LIMIT 1",
    "SELECT SQL_TEXT FROM performance_schema.events_statements_history WHERE DIGEST = ? LIMIT 1",
];

impl MysqlSession {
    /// Asks for the plan of a statement. Without a sample there is none.
    pub(crate) async fn probe(&mut self, probe: &Probe) -> Result<ProbeAnswer, DatabaseError> {
        let Some(sample) = self.sample(&probe.digest).await else {
            return Ok(ProbeAnswer::default());
        };
        if let Some(schema) = &probe.schema {
            let name = schema.replace('`', "``");
            if self.run_made("its schema", format!("USE `{name}`")).await.is_err() {
                return Ok(ProbeAnswer::default());
            }
        }
        // A prepared statement is one statement, whatever the sample holds.
        let explain = sqlx::query(AssertSqlSafe(format!("EXPLAIN {sample}"))).persistent(false);
        let Ok(plan) = explain.fetch_all(&mut self.connection).await else {
            return Ok(ProbeAnswer::default());
        };
        Ok(answer(&plan, probe))
    }

    async fn sample(&mut self, digest: &str) -> Option<String> {
        let questions: &[&'static str] = match self.engine {
            DatabaseEngine::Mysql | DatabaseEngine::Postgresql => &[MYSQL_SAMPLE],
            DatabaseEngine::Mariadb => &MARIADB_SAMPLES,
        };
        for question in questions {
            let asked = sqlx::query(*question).bind(digest).persistent(false);
            let Ok(Some(row)) = asked.fetch_optional(&mut self.connection).await else { continue };
            let text = row.try_get_unchecked::<Option<String>, _>(0).ok().flatten();
            let is_read = |text: &String| {
                text.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("select"))
            };
            if let Some(text) = text.filter(is_read) {
                return Some(text);
            }
        }
        None
    }
}

fn answer(plan: &[MySqlRow], probe: &Probe) -> ProbeAnswer {
    let text = |row: &MySqlRow, name: &str| {
        row.try_get_unchecked::<Option<String>, _>(name).ok().flatten()
    };
    let Some(step) = plan.iter().find(|row| {
        text(row, "table").is_some_and(|table| table.eq_ignore_ascii_case(&probe.alias))
    }) else {
        return ProbeAnswer::default();
    };
    let whole = text(step, "type").is_some_and(|kind| kind == "ALL");
    let rows = step.try_get::<Option<u64>, _>("rows").ok().flatten().map(|rows| rows as f64);
    let rows = rows
        .or_else(|| step.try_get::<Option<i64>, _>("rows").ok().flatten().map(|rows| rows as f64));
    ProbeAnswer { reads_whole_table: Some(whole), rows_planned: rows, ..ProbeAnswer::default() }
}
