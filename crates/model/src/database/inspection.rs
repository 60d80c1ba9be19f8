//! What was found in the statistics of a server.

use serde::Serialize;

use super::query_text::QueryText;
use super::server::{Connections, Database, Memory, Rights, StatisticsAge};
use super::statement::{Statement, StatementTotal};
use super::table::TableName;
use crate::evidence::UnseenSignal;
use crate::id::{DbInstanceClass, ResourceId};
use crate::money::Money;
use crate::text::{Reason, Text};

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum QueryFindingKind {
    /// A query reads a table from end to end for few rows, and an index would do.
    MissingIndex,
    /// A query is sent once for every row of another.
    QueryPerRow,
    /// A query builds temporary tables on disk.
    DiskTemporaryTable,
    /// A query sorts or hashes on disk.
    SortOnDisk,
    /// A query reads far more than it gives back, and no index follows from its text.
    FullScan,
    /// An index is kept up to date and never read.
    UnusedIndex,
    /// An index does what another does.
    DuplicateIndex,
    /// Connections are held and not used.
    IdleConnections,
}

impl QueryFindingKind {
    /// Returns the name for machines.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MissingIndex => "missing-index",
            Self::QueryPerRow => "query-per-row",
            Self::DiskTemporaryTable => "disk-temporary-table",
            Self::SortOnDisk => "sort-on-disk",
            Self::FullScan => "full-scan",
            Self::UnusedIndex => "unused-index",
            Self::DuplicateIndex => "duplicate-index",
            Self::IdleConnections => "idle-connections",
        }
    }
}

/// What a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case", tag = "subject")]
pub enum Subject {
    /// A statement.
    Statement {
        /// Its digest.
        digest: String,
        /// Its normalised text.
        text: QueryText,
        /// The schema it runs in.
        schema: Option<String>,
    },
    /// An index.
    Index {
        /// Its table.
        table: TableName,
        /// Its name.
        index: String,
    },
    /// The server.
    Server,
}

impl Subject {
    /// Makes the subject of a statement.
    pub fn of(statement: &Statement) -> Self {
        Self::Statement {
            digest: statement.digest.clone(),
            text: statement.text.clone(),
            schema: statement.schema.clone(),
        }
    }
}

/// How far a finding is to be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// It is a guess worth a look.
    Low,
    /// It was counted, and nothing verified it.
    Medium,
    /// It was counted, and the planner or the catalogue agrees.
    High,
}

impl Confidence {
    /// Returns the name for machines.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// What would suffice if the load of queries went away. Never more than a condition.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassIf {
    /// The processor's high percentile without that load, in percent of the present class.
    pub cpu_percent: f64,
    /// The smallest class that would cover the rest, where one is cheaper than what suffices now.
    pub class: Option<DbInstanceClass>,
    /// What the class would cost less a month than the present one, at list prices.
    pub monthly_saving: Option<Money>,
}

/// The instance that the server runs on, and what it used.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Capacity {
    /// The DB instance.
    pub resource: ResourceId,
    /// Its class.
    pub class: DbInstanceClass,
    /// The processor at the percentile that sizes it, in percent.
    pub cpu_percent: f64,
    /// Highest use of the processor, in percent.
    pub cpu_max_percent: f64,
    /// Days that were looked at.
    pub window_days: u32,
    /// The cheaper class that suffices as it is, without any change of queries.
    pub class_now: Option<DbInstanceClass>,
    /// Without the load of all queries that were found.
    pub without_all: Option<ClassIf>,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QueryFinding {
    /// What is wrong.
    pub kind: QueryFindingKind,
    /// What it is about.
    pub about: Subject,
    /// Its share of all statement time, from 0 to 1.
    pub load_share: Option<f64>,
    /// Rows looked at per row given back.
    pub examined_per_returned: Option<f64>,
    /// How often it ran.
    pub calls: Option<u64>,
    /// How far it is to be trusted.
    pub confidence: Confidence,
    /// What was seen.
    pub reason: Reason,
    /// What to do.
    pub advice: Text,
    /// A statement to look at, never run by us.
    pub suggestion: Option<String>,
    /// What was not seen and could change the verdict.
    pub unseen: Vec<UnseenSignal>,
    /// What would suffice without this load.
    pub class_if: Option<ClassIf>,
}

/// A question that could not be answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnknownAnswer {
    /// Which question: a stable code.
    pub what: String,
    /// Why it is open: a sentence.
    pub why: Text,
    /// What would settle it: a sentence.
    pub settled_by: Text,
}

/// What was found in the statistics of a server.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Inspection {
    /// Which server.
    pub database: Database,
    /// What our account may do.
    pub rights: Rights,
    /// Since when the server counts.
    pub age: StatisticsAge,
    /// What all statements took.
    pub total: Option<StatementTotal>,
    /// Who is connected.
    pub connections: Option<Connections>,
    /// The buffer.
    pub memory: Option<Memory>,
    /// The instance below it, where one was named.
    pub capacity: Option<Capacity>,
    /// What is wrong, the largest share of load first.
    pub findings: Vec<QueryFinding>,
    /// What could not be answered.
    pub unknown: Vec<UnknownAnswer>,
}
