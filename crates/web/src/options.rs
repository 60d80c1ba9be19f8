//! What a server is started with.

use std::net::SocketAddr;
use std::path::PathBuf;

/// How a reader proves to be allowed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authentication {
    /// By the token of the data directory, once; then by a cookie.
    Token,
    /// Not at all. Only for an address that no other machine reaches.
    None,
}

/// What a server is started with.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// Where it listens. Port 0 takes a free one.
    pub addr: SocketAddr,
    /// Whether nothing may be decided on its pages.
    pub is_read_only: bool,
    /// How readers prove to be allowed in.
    pub authentication: Authentication,
    /// Other names that it answers to, such as that of a proxy, without a port.
    pub hosts: Vec<String>,
    /// Whether it sends reports when they are due.
    pub is_scheduled: bool,
    /// Whether what it shows is made up: every page says so.
    pub is_demo: bool,
    /// The data directory that commands on pages name; absent where they take it by themselves.
    pub named_data_dir: Option<PathBuf>,
}
