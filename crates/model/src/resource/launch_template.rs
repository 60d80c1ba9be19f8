//! EC2 launch templates.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::InstanceType;

/// What `describe-launch-templates` says of one template, and what its versions launch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaunchTemplate {
    /// `LaunchTemplateName`.
    pub launch_template_name: Option<String>,
    /// `CreateTime`.
    pub create_time: Option<Timestamp>,
    /// `DefaultVersionNumber`.
    pub default_version_number: Option<u64>,
    /// `LatestVersionNumber`.
    pub latest_version_number: Option<u64>,
    /// The default and the latest version. Absent where they could not be read.
    pub versions: Option<Vec<LaunchTemplateVersion>>,
}

/// What one version launches. Its user data, which may hold secrets, is never read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaunchTemplateVersion {
    /// `VersionNumber`.
    pub version_number: u64,
    /// `ImageId`: an image, or `resolve:ssm:` and the parameter that names one. A template
    /// may leave it open.
    pub image_id: Option<String>,
    /// `InstanceType`; a template may leave it open.
    pub instance_type: Option<InstanceType>,
}
