//! `trimtab schedule` on the command line.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::Timestamp;

use super::root::parse_moment;

/// `trimtab schedule`.
#[derive(Debug, Subcommand)]
pub enum ScheduleCommand {
    /// Show the week of what could be off, what that saves, and why the rest is not proposed
    Show(ScheduleShowArgs),
}

/// `trimtab schedule show`.
#[derive(Debug, Args)]
pub struct ScheduleShowArgs {
    /// Only this resource: its identifier, its name, or the beginning of its recommendation's
    pub resource: Option<String>,
    /// Analyse this directory of exports instead of showing the latest analysis; nothing is kept
    #[arg(long, value_name = "DIR")]
    pub from: Option<PathBuf>,
    /// The moment to analyse the directory for [default: the end of the data]
    #[arg(long, value_name = "TIME", value_parser = parse_moment, requires = "from")]
    pub as_of: Option<Timestamp>,
}
