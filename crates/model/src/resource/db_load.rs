//! The load of a DB instance, as Performance Insights samples it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What `get-resource-metrics` says of `db.load.avg` over some days. The resource's id is
/// `DBInstanceIdentifier`.
///
/// Load is the number of sessions at work or waiting. No text of a statement is read: it may
/// hold what only the owner's users may see.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DbLoad {
    /// The start of the first period.
    pub from: Timestamp,
    /// The end of the last period.
    pub until: Timestamp,
    /// `PeriodInSeconds`.
    pub period_seconds: u32,
    /// Periods that had a value.
    pub samples: u32,
    /// The mean of the periods.
    pub mean: f64,
    /// The period at the 99.5th percentile.
    pub p99_5: f64,
    /// The highest period.
    pub max: f64,
    /// What sessions waited for, the most first; `CPU` where they worked.
    pub waits: Vec<DbWait>,
    /// What the engine's buffer was asked for; absent where its counters were not read.
    #[serde(default)]
    pub buffer: Option<DbBufferUse>,
}

/// What the counters of `db.Cache` and `db.IO` say of an engine's buffer over the same days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DbBufferUse {
    /// Pages a second that statements read, found in memory or not: the 99.5th percentile of
    /// `Innodb_buffer_pool_read_requests`, or of `blks_hit` and `blks_read` together.
    pub page_reads_p99_5: f64,
    /// Most bytes of pages in the buffer: `Innodb_buffer_pool_pages_data`. PostgreSQL has no such counter.
    pub held_bytes_max: Option<f64>,
}

/// One `db.wait_event`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DbWait {
    /// `db.wait_event.name`.
    pub event: String,
    /// Its part of the mean load.
    pub mean: f64,
}
