//! Amazon Machine Images that the account owns.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::ResourceId;

/// What `describe-images --owners self` says of one image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// `Name`.
    pub name: Option<String>,
    /// `State`, such as `available`.
    pub state: Option<String>,
    /// `CreationDate`.
    pub creation_date: Option<Timestamp>,
    /// `LastLaunchedTime`: AWS reports a launch a day later, and leaves it out for an image
    /// that was never launched.
    pub last_launched_time: Option<Timestamp>,
    /// `DeprecationTime`.
    pub deprecation_time: Option<Timestamp>,
    /// `DeregistrationProtection` is on.
    pub is_protected: Option<bool>,
    /// `Public`.
    pub public: Option<bool>,
    /// `SourceImageId`: the image it was copied from.
    pub source_image_id: Option<ResourceId>,
    /// `BlockDeviceMappings[].Ebs.SnapshotId`.
    pub snapshot_ids: Vec<ResourceId>,
}
