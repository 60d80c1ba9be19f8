//! `trimtab rec`.

use clap::{Args, Subcommand};
use jiff::civil::Date;

/// `trimtab rec`.
#[derive(Debug, Subcommand)]
pub enum RecCommand {
    /// List recommendations, largest saving first
    List(RecListArgs),
    /// Show one recommendation whole
    Show(RecIdArgs),
    /// Explain how the number came about
    Explain(RecIdArgs),
    /// List what AWS itself recommends and trimtab does not, and why
    Aws,
    /// Dismiss a recommendation, for good or until a day
    Dismiss(RecDismissArgs),
    /// Hide a recommendation until a day
    Snooze(RecSnoozeArgs),
    /// Take a dismissal or a snooze back
    Reopen(RecIdArgs),
}

/// `trimtab rec list`.
#[derive(Debug, Args)]
pub struct RecListArgs {
    /// Condition such as `saving>500usd and risk<=low and env!=prod`
    #[arg(long, value_name = "CONDITION")]
    pub filter: Option<String>,
    /// Show dismissed and snoozed ones too
    #[arg(long)]
    pub all: bool,
    /// Show what tags and rules of the configuration take out, with their reasons, instead
    #[arg(long, conflicts_with_all = ["filter", "all"])]
    pub exempt: bool,
}

/// One recommendation.
#[derive(Debug, Args)]
pub struct RecIdArgs {
    /// Its identifier, or the beginning of it
    pub id: String,
}

/// `trimtab rec dismiss`.
#[derive(Debug, Args)]
pub struct RecDismissArgs {
    /// Its identifier, or the beginning of it
    pub id: String,
    /// Why; kept with the dismissal
    #[arg(long, required = true)]
    pub reason: String,
    /// The last day on which it stays hidden
    #[arg(long, value_name = "DATE")]
    pub until: Option<Date>,
}

/// `trimtab rec snooze`.
#[derive(Debug, Args)]
pub struct RecSnoozeArgs {
    /// Its identifier, or the beginning of it
    pub id: String,
    /// The last day on which it stays hidden
    #[arg(long, value_name = "DATE", required = true)]
    pub until: Date,
}
