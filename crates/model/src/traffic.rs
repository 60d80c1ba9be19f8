//! Users: the driver behind demand.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One day of users.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserDay {
    /// The day, in the game's own time zone as the file gives it.
    pub date: Date,
    /// Daily active users.
    pub dau: u64,
    /// Users seen for the first time, where known.
    pub new_users: Option<u64>,
    /// Highest number of users at one moment, where known.
    pub peak_concurrent_users: Option<u64>,
}

/// Users per day, sorted by date, each day once.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Traffic {
    /// The days.
    pub days: Vec<UserDay>,
}
