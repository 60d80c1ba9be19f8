//! Machines whose agent of Systems Manager answers.

use serde::{Deserialize, Serialize};

/// What `describe-instance-information` says of one machine. The resource's id is `InstanceId`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManagedInstance {
    /// `PingStatus`: `Online`, `ConnectionLost` or `Inactive`.
    pub ping_status: Option<String>,
    /// `AgentVersion`.
    pub agent_version: Option<String>,
    /// `PlatformType`: `Linux`, `Windows` or `MacOS`.
    pub platform_type: Option<String>,
}
