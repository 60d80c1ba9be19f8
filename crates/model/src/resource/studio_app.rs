//! Apps of SageMaker Studio.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What `list-apps` and `describe-app` say of one app.
///
/// The resource's id is its domain, owner, type and name, as the end of its ARN has them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StudioApp {
    /// `AppArn`.
    pub app_arn: Option<String>,
    /// `DomainId`.
    pub domain_id: String,
    /// `UserProfileName` or `SpaceName`.
    pub owner: AppOwner,
    /// `AppType`, such as `JupyterLab`.
    pub app_type: String,
    /// `AppName`.
    pub app_name: String,
    /// `Status`, such as `InService`.
    pub status: String,
    /// `CreationTime`.
    pub creation_time: Option<Timestamp>,
    /// `ResourceSpec.InstanceType`, such as `ml.g4dn.xlarge`; `system` costs nothing.
    pub instance_type: Option<String>,
    /// `LastUserActivityTimestamp`, into which SageMaker also writes its own health checks.
    pub last_user_activity: Option<Timestamp>,
    /// `LastHealthCheckTimestamp`.
    pub last_health_check: Option<Timestamp>,
}

/// Whose app it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AppOwner {
    /// A user profile.
    UserProfile(String),
    /// A space.
    Space(String),
}
