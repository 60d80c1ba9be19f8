//! From which figures on something is worth a person's time.

/// The limits. What a user may change is given; the rest has the reasons beside it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QueryThresholds {
    /// Hours that the server must have counted before absence means something: a week, because
    /// much runs once a week.
    pub settled_hours: f64,
    /// Share of all statement time below which a query is left alone.
    pub share: f64,
}

impl Default for QueryThresholds {
    fn default() -> Self {
        Self { settled_hours: 168.0, share: 0.01 }
    }
}

/// Rows below which reading a whole table is as quick as an index: about what 16 pages hold.
pub(super) const SMALL_TABLE: u64 = 1_000;

/// Part of a table that one call must read before it counts as the whole.
pub(super) const WHOLE: f64 = 0.5;

/// Rows looked at per row given back from which on an index is worth its upkeep.
pub(super) const WASTE: f64 = 10.0;

/// Share of the calls that ran without an index.
pub(super) const MOST_CALLS: f64 = 0.9;

/// Part of a table above which the planner prefers to read all of it.
pub(super) const TOO_MANY: f64 = 0.1;

/// The planner's weight with an index must be at most this part of the weight without.
pub(super) const WORTH_AN_INDEX: f64 = 0.5;

/// Calls from which on a query per row is worth a look, and their part of all calls.
pub(super) const MANY_CALLS: u64 = 500;
/// See [`MANY_CALLS`].
pub(super) const CALL_SHARE: f64 = 0.1;
/// Calls of the inner query per call of the outer one.
pub(super) const CALLS_PER_PARENT: u64 = 10;
/// How far the calls may be from the rows of the outer query.
pub(super) const NEAR: f64 = 0.02;

/// Bytes that one call must write to temporary files: less is a memory setting away.
pub(super) const SPILL: f64 = 1_048_576.0;

/// Rows, or pages, that one call must read before a scan without a condition is told of.
pub(super) const LONG_SCAN_ROWS: f64 = 10_000.0;
/// See [`LONG_SCAN_ROWS`].
pub(super) const LONG_SCAN_PAGES: f64 = 1_000.0;
/// Share of all statement time of such a scan: nothing certain follows from one.
pub(super) const SCAN_SHARE: f64 = 0.05;

/// Connections that must be long idle, and their part of all.
pub(super) const IDLE: u64 = 10;
/// See [`IDLE`].
pub(super) const IDLE_SHARE: f64 = 0.5;

/// Share of all statement time that may be of statements without a digest before it is said.
pub(super) const UNATTRIBUTED: f64 = 0.05;

/// Hours after which an index without a use is surely unused: a month's end has passed.
pub(super) const MONTH_HOURS: f64 = 744.0;
