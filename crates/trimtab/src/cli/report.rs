//! `trimtab report`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;

use super::root::parse_moment;

/// `trimtab report …`.
#[derive(Debug, Subcommand)]
pub enum ReportCommand {
    /// The last whole week: what moved and why, what must be decided
    Weekly(ReportArgs),
    /// The last whole month: what made the difference, whose cost it was, what was saved
    Monthly(ReportArgs),
    /// The last whole quarter: workloads and environments, what to do next, what was decided
    Quarterly(ReportArgs),
}

/// What a report takes.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// The moment to report for, such as 2026-11-02 [default: that of the latest analysis]
    #[arg(long, value_name = "TIME", value_parser = parse_moment)]
    pub as_of: Option<Timestamp>,
    /// How it is written [default: text]
    #[arg(long = "format", value_name = "FORMAT")]
    pub report_format: Option<ReportForm>,
    /// Write it into this file instead
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Send it to the channels that trimtab.toml names for it, and say what became of each
    #[arg(long, conflicts_with_all = ["out", "report_format"])]
    pub send: bool,
    /// Send it to these channels instead, separated by commas
    #[arg(long, value_name = "CHANNELS", value_delimiter = ',', requires = "send")]
    pub to: Vec<String>,
    /// Leave out everyone who was sent it before
    #[arg(long, requires = "send")]
    pub missing: bool,
    /// Say what would go where, and send nothing
    #[arg(long, requires = "send")]
    pub dry_run: bool,
}

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportForm {
    /// For a terminal.
    Text,
    /// Markdown.
    Md,
    /// One JSON document.
    Json,
    /// One page that stands alone.
    Html,
    /// PDF, its text selectable.
    Pdf,
    /// A workbook with numbers and charts.
    Xlsx,
}
