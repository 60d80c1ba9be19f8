//! A database server: what its statistics say of its queries, and what is found in them.
//!
//! `statistics` is what a server says, `statement` a query and what it did, `query_text` its text without literals, `table` a table with its
//! indexes, `server` its connections, memory and our rights, `probe` a question about an index and
//! its answer, `inspection` what was found, and `formula` the language of RDS parameters.

pub mod formula;
pub mod inspection;
pub mod probe;
pub mod query_text;
pub mod server;
pub mod statement;
pub mod statistics;
pub mod table;

pub use inspection::{
    Capacity, ClassIf, Confidence, Inspection, QueryFinding, QueryFindingKind, Subject,
    UnknownAnswer,
};
pub use probe::{Probe, ProbeAnswer};
pub use query_text::{QueryText, QueryWord};
pub use server::{Connections, Database, DatabaseEngine, Memory, Rights, Sessions, StatisticsAge};
pub use statement::{Statement, StatementTotal};
pub use statistics::{Missing, MissingStatistics, ServerStatistics};
pub use table::{Column, Index, IndexRole, Table, TableName};
