//! The log of every call that changes something.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditLine {
    /// When.
    pub at: Timestamp,
    /// Who runs it, and where.
    pub operator: String,
    /// The run; of what somebody vouched for, the plan, of which there may be no run yet.
    pub run: String,
    /// The change.
    pub change: String,
    /// `intent` before a call, `accepted`, `refused` or `unknown` after it; `allowed` for what was
    /// only let pass because somebody said so, and `attested` for what somebody vouched for.
    pub what: String,
    /// The IAM action, such as `ec2:StopInstances`; what was let pass, such as `long-lived-keys`;
    /// the row of the preflight that was vouched for, such as `ec2-24`.
    pub action: String,
    /// The account, the region and the resource.
    pub resource: String,
    /// AWS's identifier of the request, which CloudTrail has too.
    pub request_id: Option<String>,
    /// AWS's error code.
    pub code: Option<String>,
}
