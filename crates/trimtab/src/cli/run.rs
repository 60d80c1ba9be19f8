//! `trimtab run`, `trimtab rollback`, `trimtab halt` and `trimtab audit`.

use clap::{Args, Subcommand};

use super::ActorArgs;

/// `trimtab run`.
#[derive(Debug, Subcommand)]
pub enum RunCommand {
    /// List the runs
    List,
    /// Show one run whole
    Show(RunIdArgs),
    /// Follow a run that another process drives
    Watch(RunIdArgs),
    /// Ask a run to start nothing more; what is under way is finished
    Pause(RunWishArgs),
    /// Go on with a run as far as it was told to go, let go a pause, or a change that waits for a
    /// person
    Resume(RunResumeArgs),
    /// Ask a run to end and to take back what is not confirmed
    Cancel(RunWishArgs),
}

/// One run.
#[derive(Debug, Args)]
pub struct RunIdArgs {
    /// Its identifier, or the beginning of it
    #[arg(value_name = "RUN")]
    pub run: String,
}

/// One run, and who asks.
#[derive(Debug, Args)]
pub struct RunWishArgs {
    /// Its identifier, or the beginning of it
    #[arg(value_name = "RUN")]
    pub run: String,
    /// Who asks [default: the user of this machine]
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
}

/// `trimtab run resume`.
#[derive(Debug, Args)]
pub struct RunResumeArgs {
    /// Its identifier, or the beginning of it
    #[arg(value_name = "RUN", required_unless_present = "all")]
    pub run: Option<String>,
    /// Every run that has not ended and is not paused: first what may be out of service, then the
    /// rest
    #[arg(long, conflicts_with_all = ["run", "change"])]
    pub all: bool,
    /// Let this change go on, which waits for a person
    #[arg(long, value_name = "CHANGE")]
    pub change: Option<String>,
    /// Go on with the run here; without it, only that a pause or a change is let go is written
    /// down, and of --all nothing
    #[arg(long)]
    pub execute: bool,
    /// Stay until the run ends: for windows and confirmations, too
    #[arg(long)]
    pub wait: bool,
    /// Who asks [default: the user of this machine]
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    /// With which credentials
    #[command(flatten)]
    pub actor: ActorArgs,
}

/// `trimtab rollback`.
#[derive(Debug, Args)]
pub struct RollbackArgs {
    /// The run: its identifier, or the beginning of it
    #[arg(value_name = "RUN")]
    pub run: String,
    /// Of a run that is over, this change alone: its identifier, or the beginning of it
    #[arg(long, value_name = "CHANGE", conflicts_with = "execute")]
    pub change: Option<String>,
    /// Take back here what is not confirmed; without it, only the wish is written down
    #[arg(long)]
    pub execute: bool,
    /// Who asks [default: the user of this machine]
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    /// With which credentials
    #[command(flatten)]
    pub actor: ActorArgs,
}

/// `trimtab recover`.
#[derive(Debug, Args)]
pub struct RecoverArgs {
    /// Write a new journal for this plan, or for every plan that lost its own; changes nothing
    /// in AWS
    #[arg(long, value_name = "PLAN", num_args = 0..=1, default_missing_value = "")]
    pub adopt: Option<String>,
    /// Only these accounts: their numbers or aliases, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "ACCOUNTS")]
    pub account: Vec<String>,
    /// Only these regions, separated by commas [default: all that are enabled]
    #[arg(long, value_delimiter = ',', value_name = "REGIONS")]
    pub region: Vec<String>,
    /// Who asks [default: the user of this machine]
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    /// Profile of the AWS configuration to start from
    #[arg(long, value_name = "PROFILE")]
    pub profile: Option<String>,
}

/// `trimtab halt`.
#[derive(Debug, Args)]
pub struct HaltArgs {
    /// Why; everybody who asks is told
    #[arg(value_name = "REASON", required_unless_present = "clear", conflicts_with = "clear")]
    pub reason: Option<String>,
    /// Let changes start again
    #[arg(long)]
    pub clear: bool,
}

/// `trimtab audit`.
#[derive(Debug, Args)]
pub struct AuditArgs {
    /// What to do; without it, the log is listed, oldest first.
    #[command(subcommand)]
    pub command: Option<AuditCommand>,
}

/// `trimtab audit …`.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum AuditCommand {
    /// Verify that no line of the log was altered
    Verify,
}
