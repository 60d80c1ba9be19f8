//! What the planner says of a statement, with and without an index that does not exist.
//!
//! The normalised text is prepared with its placeholders, and its general plan is asked for with
//! no values at all: PostgreSQL 12 and later can. An index is tried by the extension `hypopg`,
//! in the memory of our session; nothing is made.

use sqlx::{AssertSqlSafe, Row as _};

use trimtab_model::database::{DatabaseEngine, Probe, ProbeAnswer, QueryWord};

use super::plan::{Plan, read};
use super::session::PostgresSession;
use crate::error::DatabaseError;

const WHAT: &str = "the plan of a query";

impl PostgresSession {
    /// Asks for the plan of a statement, and for the one that the index would make possible.
    pub(crate) async fn probe(&mut self, probe: &Probe) -> Result<ProbeAnswer, DatabaseError> {
        self.ask(WHAT, "SET plan_cache_mode = force_generic_plan").await?;
        // The text names its tables as the application does, whose schema may not be ours.
        let schema = quoted(&probe.table.schema);
        self.ask_made(WHAT, format!("SET search_path = {schema}, public")).await?;
        let Some(now) = self.plan(probe).await else { return Ok(ProbeAnswer::default()) };
        let scan = now.scan_of(&probe.table.table, &probe.alias);
        let mut answer = ProbeAnswer {
            reads_whole_table: Some(scan.is_some_and(|scan| scan.is_whole)),
            rows_planned: scan.map(|scan| scan.rows),
            weight: Some(now.weight),
            weight_with_index: None,
        };
        let extension = "SELECT 1 FROM pg_extension WHERE extname = 'hypopg'";
        if self.ask(WHAT, extension).await?.is_empty() {
            return Ok(answer);
        }
        if self.ask_made(WHAT, hypothetical(probe)).await.is_ok() {
            answer.weight_with_index = self.plan(probe).await.map(|then| then.weight);
            self.ask(WHAT, "SELECT hypopg_reset()").await?;
        }
        Ok(answer)
    }

    /// Returns the general plan of a statement, if the server makes one.
    async fn plan(&mut self, probe: &Probe) -> Option<Plan> {
        // The extended protocol takes one statement only, whatever the text holds.
        let prepare = format!("PREPARE trimtab_probe AS {}", probe.text);
        let prepared = sqlx::query(AssertSqlSafe(prepare)).persistent(false);
        prepared.execute(&mut self.connection).await.ok()?;
        let values = vec!["NULL"; placeholders(probe)].join(", ");
        let values = if values.is_empty() { values } else { format!("({values})") };
        let explain = format!("EXPLAIN (FORMAT JSON) EXECUTE trimtab_probe{values}");
        let answer = sqlx::raw_sql(AssertSqlSafe(explain)).fetch_all(&mut self.connection).await;
        let plan = answer.ok().and_then(|rows| {
            let text = rows.first()?.try_get_unchecked::<String, _>(0).ok()?;
            read(&text)
        });
        self.ask(WHAT, "DEALLOCATE trimtab_probe").await.ok()?;
        plan
    }
}

/// Returns the number of the highest placeholder.
fn placeholders(probe: &Probe) -> usize {
    let numbers = probe.text.words(DatabaseEngine::Postgresql).into_iter().filter_map(|word| {
        let QueryWord::Placeholder(sign) = word else { return None };
        sign.strip_prefix('$')?.parse().ok()
    });
    numbers.max().unwrap_or(0)
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn hypothetical(probe: &Probe) -> String {
    let columns: Vec<String> = probe.columns.iter().map(|column| quoted(column)).collect();
    let (schema, table) = (quoted(&probe.table.schema), quoted(&probe.table.table));
    let index = format!("CREATE INDEX ON {schema}.{table} ({})", columns.join(", "));
    format!("SELECT * FROM hypopg_create_index('{}')", index.replace('\'', "''"))
}
