//! `trimtab traffic` on the command line.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `trimtab traffic`.
#[derive(Debug, Subcommand)]
pub enum TrafficCommand {
    /// Show requests and users of each service, when it is busy, and how it grows
    Summary(TrafficArgs),
    /// Show which paths are asked for, and how many of the requests are duplicates
    Endpoints(TrafficArgs),
    /// Show duplicate requests by path and kind, with examples
    Duplicates(TrafficArgs),
}

/// Whose traffic to show.
#[derive(Debug, Args)]
pub struct TrafficArgs {
    /// Read this directory with traffic/ and metrics/ instead of what was ingested; nothing is kept
    #[arg(long, value_name = "DIR")]
    pub from: Option<PathBuf>,
    /// Only this service: the load balancer, the distribution or the directory of the logs
    #[arg(long, value_name = "SERVICE")]
    pub service: Option<String>,
}
