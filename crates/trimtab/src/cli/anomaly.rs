//! `trimtab anomaly`.

use clap::{Args, Subcommand, ValueEnum};

/// `trimtab anomaly …`.
#[derive(Debug, Subcommand)]
pub enum AnomalyCommand {
    /// List the days of the bill that stand out, the largest difference first
    List(AnomalyListArgs),
    /// Show one of them whole
    Show(AnomalyIdArgs),
    /// Say what one is: it is not asked about again until it grows
    Ack(AnomalyAckArgs),
    /// Take back what was said of one
    Reopen(AnomalyIdArgs),
}

/// `trimtab anomaly list`.
#[derive(Debug, Args)]
pub struct AnomalyListArgs {
    /// List what was acknowledged too
    #[arg(long)]
    pub all: bool,
}

/// One anomaly.
#[derive(Debug, Args)]
pub struct AnomalyIdArgs {
    /// Its identifier, or the beginning of it
    pub id: String,
}

/// `trimtab anomaly ack`.
#[derive(Debug, Args)]
pub struct AnomalyAckArgs {
    /// Its identifier, or the beginning of it
    pub id: String,
    /// What it is
    #[arg(long = "as", value_name = "KIND", required = true)]
    pub anomaly_kind: AnomalyKindName,
    /// Why; kept with your word
    #[arg(long, required = true)]
    pub reason: String,
    /// Who says so [default: the user of this machine]
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
}

/// What an anomaly is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AnomalyKindName {
    /// An event, a launch, a migration.
    Expected,
    /// A mistake or a waste that nobody is at yet.
    Real,
    /// Somebody is at it.
    InProgress,
}
