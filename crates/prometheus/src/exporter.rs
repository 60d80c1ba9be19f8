//! The exporters that are understood, and how each is recognised.

use trimtab_model::resource::ResourceKind;

/// A program that tells Prometheus of a machine or a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exporter {
    /// `node_exporter`: Linux.
    Node,
    /// `windows_exporter`.
    Windows,
    /// `mysqld_exporter`: MySQL and MariaDB.
    Mysqld,
}

impl Exporter {
    /// Every exporter.
    pub const ALL: &'static [Self] = &[Self::Node, Self::Windows, Self::Mysqld];

    /// Returns its own name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Node => "node_exporter",
            Self::Windows => "windows_exporter",
            Self::Mysqld => "mysqld_exporter",
        }
    }

    /// Returns metrics that have no labels but those of the target, one of which each version has.
    pub(crate) fn signs(self) -> &'static [&'static str] {
        match self {
            Self::Node => &["node_memory_MemTotal_bytes", "node_boot_time_seconds"],
            Self::Windows => &[
                "windows_memory_available_bytes",
                "windows_cs_physical_memory_bytes",
                "windows_os_physical_memory_free_bytes",
            ],
            Self::Mysqld => &["mysql_global_status_threads_connected"],
        }
    }

    /// Returns the kind of resource that it tells of.
    pub fn kind(self) -> ResourceKind {
        match self {
            Self::Node | Self::Windows => ResourceKind::Instance,
            Self::Mysqld => ResourceKind::DbInstance,
        }
    }
}
