//! Maintenance that RDS will do, or waits to be told to do.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What `describe-pending-maintenance-actions` says of one action. The resource's id is the ARN
/// of what it is about and the action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingMaintenanceAction {
    /// `ResourceIdentifier`: the ARN of a DB instance or a cluster.
    pub resource_identifier: String,
    /// `Action`, such as `system-update` or `db-upgrade`.
    pub action: String,
    /// `Description`.
    pub description: Option<String>,
    /// `OptInStatus`, where somebody has said when.
    pub opt_in_status: Option<String>,
    /// `CurrentApplyDate`: when it will be done.
    pub current_apply_date: Option<Timestamp>,
    /// `ForcedApplyDate`: when it will be done whatever somebody has said.
    pub forced_apply_date: Option<Timestamp>,
}
