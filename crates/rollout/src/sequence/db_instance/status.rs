//! What a status of a database means for a change.

use trimtab_model::observed::DbInstanceObserved;

/// What can be done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sequence) enum Standing {
    /// `available`.
    Ready,
    /// It serves, but its storage is still being worked on: no change is taken.
    Optimizing,
    /// AWS is at work and will be done.
    Busy,
    /// It does not go on by itself, or this version does not know the word.
    Stuck,
}

/// Statuses that pass by themselves.
const BUSY: &[&str] = &[
    "backing-up",
    "configuring-activity-stream",
    "configuring-enhanced-monitoring",
    "configuring-iam-database-auth",
    "configuring-log-exports",
    "converting-to-vpc",
    "maintenance",
    "modifying",
    "moving-to-vpc",
    "rebooting",
    "renaming",
    "resetting-master-credentials",
    "starting",
    "storage-config-upgrade",
    "storage-initialization",
    "upgrading",
];

/// Returns what a database's status means.
pub(in crate::sequence) fn standing(database: &DbInstanceObserved) -> Standing {
    match database.status.as_str() {
        "available" => Standing::Ready,
        "storage-optimization" => Standing::Optimizing,
        status if BUSY.contains(&status) => Standing::Busy,
        _ => Standing::Stuck,
    }
}
