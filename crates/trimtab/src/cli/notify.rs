//! `trimtab notify`.

use clap::{Args, Subcommand};

/// `trimtab notify …`.
#[derive(Debug, Subcommand)]
pub enum NotifyCommand {
    /// List the channels: what goes there, when next, and what came of the last time
    List,
    /// Send a short message through channels, which is no report
    Test(NotifyTestArgs),
}

/// `trimtab notify test`.
#[derive(Debug, Args)]
pub struct NotifyTestArgs {
    /// The channels, by their names in trimtab.toml [default: all of them]
    #[arg(value_name = "CHANNEL")]
    pub channels: Vec<String>,
}
