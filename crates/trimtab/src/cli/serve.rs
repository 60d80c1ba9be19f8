//! `trimtab serve`.

use std::net::SocketAddr;

use clap::{Args, ValueEnum};

/// `trimtab serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7070")]
    pub addr: SocketAddr,
    /// Show only: nothing can be approved, dismissed or asked for
    #[arg(long)]
    pub read_only: bool,
    /// How readers prove to be allowed in
    #[arg(long, value_name = "HOW", default_value = "token")]
    pub auth: AuthWhen,
    /// Another name that a proxy passes on, without a port; may be given several times
    #[arg(long, value_name = "HOST")]
    pub host: Vec<String>,
    /// Send reports by themselves when they are due, as [notify.reports] in trimtab.toml says
    #[arg(long)]
    pub schedule: bool,
}

/// How readers prove to be allowed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AuthWhen {
    /// By the token that is printed.
    Token,
    /// Not at all; only where no other machine reaches the address.
    None,
}
