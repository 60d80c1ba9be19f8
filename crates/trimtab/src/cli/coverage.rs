//! `trimtab coverage`.

use clap::{Args, ValueEnum};

/// `trimtab coverage`.
#[derive(Debug, Args)]
pub struct CoverageArgs {
    /// What to list
    #[arg(long, value_name = "WHAT", default_value = "sources")]
    pub list: CoverageList,
}

/// What is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CoverageList {
    /// Sources of data: what the latest analysis had and what it lacked
    Sources,
    /// Accounts and regions: how much of each source is known, and when it was read last
    Places,
    /// Permissions that the last scan lacked
    Permissions,
    /// Signals that would settle what could not be judged
    Signals,
    /// What asking AWS took, run by run
    Calls,
    /// What asking AWS took, month by month
    Months,
}
