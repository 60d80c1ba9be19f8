//! The load of a DB instance, as Performance Insights samples it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::database::{DatabaseEngine, QueryText, QueryWord};

/// As many as Performance Insights gives at most in bytes: a longer text is none of its own.
const TEXT_CHARACTERS: usize = 500;

/// What a query begins with. Servers normalise no other command, and its text may hold a password.
const QUERIES: &[&str] = &["SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "WITH", "VALUES"];

/// What `get-resource-metrics` says of `db.load.avg` over some days. The resource's id is
/// `DBInstanceIdentifier`.
///
/// Load is the number of sessions at work or waiting. The text of a statement is never read, which
/// may hold what only the owner's users may see; that of its digest is, by way of the guard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DbLoad {
    /// The start of the first period.
    pub from: Timestamp,
    /// The end of the last period.
    pub until: Timestamp,
    /// `PeriodInSeconds`.
    pub period_seconds: u32,
    /// Periods that had a value.
    pub samples: u32,
    /// The mean of the periods.
    pub mean: f64,
    /// The period at the 99.5th percentile.
    pub p99_5: f64,
    /// The highest period.
    pub max: f64,
    /// What sessions waited for, the most first; `CPU` where they worked.
    pub waits: Vec<DbWait>,
    /// What the engine's buffer was asked for; absent where its counters were not read.
    #[serde(default)]
    pub buffer: Option<DbBufferUse>,
    /// The digests with most of the load, the most first; absent where they were not read.
    #[serde(default)]
    pub digests: Option<Vec<DbDigest>>,
}

impl DbLoad {
    /// Returns what a digest has of the load, from 0 to 1: nothing where it is not among the most.
    pub fn share_of(&self, digest: &str) -> f64 {
        let mut digests = self.digests.iter().flatten();
        digests.find(|one| one.id == digest).map(|one| one.load_share).unwrap_or_default()
    }
}

/// What the counters of `db.Cache` and `db.IO` say of an engine's buffer over the same days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DbBufferUse {
    /// Pages a second that statements read, found in memory or not: the 99.5th percentile of
    /// `Innodb_buffer_pool_read_requests`, or of `blks_hit` and `blks_read` together.
    pub page_reads_p99_5: f64,
    /// Most bytes of pages in the buffer: `Innodb_buffer_pool_pages_data`. PostgreSQL has no such counter.
    pub held_bytes_max: Option<f64>,
}

/// One `db.wait_event`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DbWait {
    /// `db.wait_event.name`.
    pub event: String,
    /// Its part of the mean load.
    pub mean: f64,
}

/// One `db.sql_tokenized`: a query, whatever values it was run with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DbDigest {
    /// `db.sql_tokenized.id`: what Performance Insights calls it.
    pub id: String,
    /// `db.sql_tokenized.db_id`: what the server calls it.
    pub db_id: Option<String>,
    /// What it does.
    pub statement: DigestStatement,
    /// Its part of the load, from 0 to 1.
    pub load_share: f64,
}

/// What a digest does, as far as its text may be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DigestStatement {
    /// It reads or changes rows.
    Query(DigestText),
    /// It does something else, such as `COMMIT`: what servers do not normalise has no text.
    Command,
    /// Nobody can tell: there was no text, or it is of an engine whose literals we cannot tell.
    Unread,
}

/// The text of a digest without its literals.
///
/// What was stored goes through the guard again, so that there is no way around it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StoredText")]
pub struct DigestText {
    engine: DatabaseEngine,
    text: QueryText,
}

#[derive(Deserialize)]
struct StoredText {
    engine: DatabaseEngine,
    text: String,
}

impl From<StoredText> for DigestText {
    fn from(stored: StoredText) -> Self {
        let text = QueryText::guarded(&stored.text, stored.engine);
        Self { engine: stored.engine, text }
    }
}

impl DigestText {
    /// Returns the text, of which no literal is left.
    pub fn text(&self) -> &QueryText {
        &self.text
    }
}

impl DigestStatement {
    /// Takes what Performance Insights says of a digest of an engine, as RDS calls it.
    pub fn of(text: Option<&str>, engine: &str) -> Self {
        let (Some(text), Some(engine)) = (text, DatabaseEngine::of_rds(engine)) else {
            return Self::Unread;
        };
        let text = QueryText::guarded(text, engine).shortened(TEXT_CHARACTERS);
        match text.words(engine).into_iter().next() {
            Some(word) if is_query(&word) => Self::Query(DigestText { engine, text }),
            Some(_) => Self::Command,
            None => Self::Unread,
        }
    }
}

fn is_query(first: &QueryWord) -> bool {
    match first {
        QueryWord::Keyword(word) => QUERIES.contains(&word.as_str()),
        QueryWord::Name { name, quoted: false } => name.eq_ignore_ascii_case("merge"),
        // A query may stand in brackets.
        QueryWord::Symbol(symbol) => symbol == "(",
        QueryWord::Name { .. } | QueryWord::Placeholder(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(engine: &str, text: &str, expected: Option<&str>) {
        let statement = DigestStatement::of(Some(text), engine);
        let found = match &statement {
            DigestStatement::Query(query) => Some(query.text().as_str()),
            DigestStatement::Command | DigestStatement::Unread => None,
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn what_still_looks_like_a_literal_is_left_out() {
        check(
            "aurora-mysql",
            "SELECT * FROM `players` WHERE `name` = 'secret' AND `level` > ? -- 42",
            Some("SELECT * FROM players WHERE name = ? AND level > ?"),
        );
        check(
            "postgres",
            "UPDATE t SET a=$1 WHERE b='secr",
            Some("UPDATE t SET a = $1 WHERE b = ?"),
        );
    }

    #[test]
    fn commands_and_other_engines_have_no_text() {
        check("postgres", "CREATE ROLE reader PASSWORD 'secret'", None);
        check("mysql", "COMMIT", None);
        check("sqlserver-se", "SELECT * FROM [players] WHERE name = N'secret'", None);
        assert_eq!(DigestStatement::of(None, "mysql"), DigestStatement::Unread);
        assert_eq!(DigestStatement::of(Some("COMMIT"), "mysql"), DigestStatement::Command);
    }

    #[test]
    fn a_text_that_was_stored_goes_through_the_guard_again() {
        let stored = r#"{"query": {"engine": "mysql", "text": "SELECT 'secret'"}}"#;
        let read: DigestStatement = serde_json::from_str(stored).expect("a statement");
        assert_eq!(read, DigestStatement::of(Some("SELECT ?"), "mysql"));
        let written = serde_json::to_string(&read).expect("text");
        assert_eq!(serde_json::from_str::<DigestStatement>(&written).expect("a statement"), read);
    }

    #[test]
    fn a_long_text_is_cut() {
        let columns = vec!["column"; 200].join(", ");
        let statement = DigestStatement::of(Some(&format!("SELECT {columns} FROM t")), "mysql");
        let DigestStatement::Query(query) = statement else { panic!("a query") };
        let length = query.text().as_str().chars().count();
        assert!(length <= TEXT_CHARACTERS + 2, "{length}");
    }
}
