//! `trimtab db` on the command line.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::Timestamp;

use super::root::parse_moment;

/// `trimtab db`.
#[derive(Debug, Subcommand)]
pub enum DatabaseCommand {
    /// Ask a MySQL, MariaDB or PostgreSQL server which queries and indexes cost it most; read only
    Inspect(DatabaseInspectArgs),
}

/// `trimtab db inspect`.
#[derive(Debug, Args)]
pub struct DatabaseInspectArgs {
    /// Such as mysql://reader@host:3306/game or postgres://reader@host:5432/game; the password
    /// from TRIMTAB_DATABASE_PASSWORD, MYSQL_PWD or PGPASSWORD
    #[arg(long, value_name = "URL", required = true)]
    pub url: String,
    /// DB instance that the server runs on: says which class would suffice without these queries
    #[arg(long, value_name = "DBINSTANCE")]
    pub resource: Option<String>,
    /// Directory of exports that knows the DB instance [default: what was scanned or ingested]
    #[arg(long, value_name = "DIR", requires = "resource")]
    pub from: Option<PathBuf>,
    /// The moment to look at the DB instance for [default: the end of the data]
    #[arg(long, value_name = "TIME", value_parser = parse_moment, requires = "resource")]
    pub as_of: Option<Timestamp>,
    /// Hours that the server must have counted before an index without a use counts as unused
    #[arg(long, value_name = "HOURS", default_value_t = 168)]
    pub settled_hours: u32,
    /// Seconds without a query from which on a connection counts as idle
    #[arg(long, value_name = "SECONDS", default_value_t = 600)]
    pub idle_after: u32,
}
