//! Everything that a server said of itself.

use serde::Serialize;

use super::server::{Connections, Database, Memory, Rights, StatisticsAge};
use super::statement::{Statement, StatementTotal};
use super::table::Table;
use crate::text::Text;

/// Which statistics a server did not give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Missing {
    /// What statements did.
    Statements,
    /// How indexes are used.
    IndexUse,
    /// Tables, columns and indexes.
    Tables,
    /// Who is connected.
    Connections,
    /// The buffer.
    Memory,
}

impl Missing {
    /// Returns the name for machines.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Statements => "statements",
            Self::IndexUse => "index-use",
            Self::Tables => "tables",
            Self::Connections => "connections",
            Self::Memory => "memory",
        }
    }
}

/// Statistics that a server did not give, and what would make it give them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MissingStatistics {
    /// Which.
    pub what: Missing,
    /// Why: a sentence.
    pub why: Text,
    /// What to do: a sentence.
    pub settled_by: Text,
}

/// Everything that a server said of itself.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ServerStatistics {
    /// Which server.
    pub database: Database,
    /// What our account may do.
    pub rights: Rights,
    /// Since when it counts.
    pub age: StatisticsAge,
    /// What all statements took.
    pub total: Option<StatementTotal>,
    /// The statements that took longest, longest first.
    pub statements: Vec<Statement>,
    /// The tables of users.
    pub tables: Vec<Table>,
    /// Who is connected.
    pub connections: Option<Connections>,
    /// The buffer.
    pub memory: Option<Memory>,
    /// What it did not give.
    pub missing: Vec<MissingStatistics>,
}

impl ServerStatistics {
    /// Returns whether these statistics were given.
    pub fn has(&self, what: Missing) -> bool {
        !self.missing.iter().any(|missing| missing.what == what)
    }

    /// Returns the share of all statement time that `seconds` are, from 0 to 1.
    pub fn load_share(&self, seconds: f64) -> Option<f64> {
        let total = self.total.filter(|total| total.seconds > 0.0)?;
        Some((seconds / total.seconds).clamp(0.0, 1.0))
    }
}
