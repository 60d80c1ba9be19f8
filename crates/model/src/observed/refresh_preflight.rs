//! What must be known of a group before its instances are replaced.

use serde::{Deserialize, Serialize};

use super::TypeTraits;
use crate::resource::Tags;

/// What is known of a group before its instances get another type.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RefreshPreflight {
    /// `Status` of the latest refresh of its instances; `none` where there was none.
    pub refresh_status: Option<String>,
    /// `SuspendedProcesses`.
    pub suspended: Option<Vec<String>>,
    /// Whether it has a mixed instances policy, whose overrides name the types.
    pub is_mixed: Option<bool>,
    /// The version of the launch template that it launches from, such as `4` or `$Latest`.
    pub template_version: Option<String>,
    /// Whether that version exists.
    pub has_template: Option<bool>,
    /// `InstanceType` of that version; `none` where it leaves it open.
    pub template_type: Option<String>,
    /// `ImageId` of that version; `none` where it leaves it open.
    pub image: Option<String>,
    /// Whether the version names an instance profile, which whoever asks must be allowed to pass.
    pub has_instance_profile: Option<bool>,
    /// Whether the launch template carries `trimtab:apply=allowed`.
    pub is_template_opted_in: Option<bool>,
    /// Instances that are protected from scale-in.
    pub protected: Option<Vec<String>>,
    /// Instances in standby.
    pub standby: Option<Vec<String>>,
    /// Lifecycle hooks, with how many seconds each may hold an instance.
    pub hooks: Option<Vec<(String, u32)>>,
    /// Whether it has a warm pool.
    pub has_warm_pool: Option<bool>,
    /// Zones of the group that do not offer the new type.
    pub zones_without: Option<Vec<String>>,
    /// What the type is that it has.
    pub from: TypeTraits,
    /// What the new type is.
    pub to: TypeTraits,
    /// Tags of the launch template.
    pub template_tags: Option<Tags>,
    /// Its tags.
    pub tags: Option<Tags>,
}
