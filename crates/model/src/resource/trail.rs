//! CloudTrail trails.

use serde::{Deserialize, Serialize};

use crate::id::RegionId;

/// What `describe-trails`, `get-trail-status` and `get-event-selectors` say of one trail.
/// The resource's id is its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trail {
    /// `TrailARN`.
    pub trail_arn: Option<String>,
    /// `HomeRegion`.
    pub home_region: Option<RegionId>,
    /// `IsMultiRegionTrail`.
    pub is_multi_region_trail: Option<bool>,
    /// `IsOrganizationTrail`.
    pub is_organization_trail: Option<bool>,
    /// `S3BucketName`.
    pub s3_bucket_name: Option<String>,
    /// `IsLogging`. Absent when the status was not read.
    pub is_logging: Option<bool>,
    /// Whether it records management events. Absent when its selectors were not read.
    pub management_events: Option<bool>,
    /// Whether it records anything else: data events, network activity, insights. Absent
    /// when its selectors were not read.
    pub other_events: Option<bool>,
}
