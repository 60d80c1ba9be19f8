//! ECR repositories.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What `describe-repositories`, `get-lifecycle-policy` and `describe-images` say of one
/// repository. The resource's id is its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repository {
    /// `repositoryArn`.
    pub repository_arn: Option<String>,
    /// `createdAt`.
    pub created_at: Option<Timestamp>,
    /// Whether it has a lifecycle policy. Absent when that was not read.
    pub has_lifecycle_policy: Option<bool>,
    /// Its images. Absent when they were not read.
    pub images: Option<ImageTotals>,
}

/// The images of a repository together. Layers that images share are counted with each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageTotals {
    /// All images.
    pub count: u32,
    /// `imageSizeInBytes` of all images.
    pub bytes: u64,
    /// Images without a tag.
    pub untagged_count: u32,
    /// `imageSizeInBytes` of the images without a tag.
    pub untagged_bytes: u64,
    /// Manifests that list other images, which then need no tag of their own.
    pub list_count: u32,
}
