//! What gp3 is for a database, which depends on its size and engine.

/// Below this size gp3 has no IOPS and no throughput to set.
const STRIPED_GIB: u32 = 400;
const STRIPED_GIB_ORACLE: u32 = 200;

/// IOPS and throughput of gp3 at one size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DbGp3 {
    /// What it has without being asked, and at least where more can be asked for.
    pub(crate) iops: u32,
    /// The same in MiB/s.
    pub(crate) mib_s: u32,
    /// Whether more can be asked for.
    pub(crate) is_settable: bool,
    /// From which size on that changes.
    pub(crate) from_gib: u32,
}

impl DbGp3 {
    /// Returns what gp3 is for an engine at a size.
    pub(crate) fn of(engine: &str, size_gib: u32) -> Self {
        let from_gib = if engine.starts_with("oracle") { STRIPED_GIB_ORACLE } else { STRIPED_GIB };
        // SQL Server's storage is never striped, and takes more at any size.
        let is_plain = engine.starts_with("sqlserver");
        let is_striped = size_gib >= from_gib && !is_plain;
        let (iops, mib_s) = if is_striped { (12_000, 500) } else { (3000, 125) };
        Self { iops, mib_s, is_settable: is_striped || is_plain, from_gib }
    }
}
