//! S3 buckets.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What the S3 API says of one bucket. The resource's id is its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bucket {
    /// `CreationDate`.
    pub creation_date: Option<Timestamp>,
    /// Whether versions are kept. Absent when `get-bucket-versioning` was not read.
    pub versioning: Option<Versioning>,
    /// The enabled rules of its lifecycle; empty where it has none. Absent when
    /// `get-bucket-lifecycle-configuration` was not read.
    pub lifecycle_rules: Option<Vec<LifecycleRule>>,
    /// Uploads that were begun and never completed. Absent when `list-multipart-uploads`
    /// was not read.
    pub multipart_uploads: Option<MultipartUploads>,
}

/// The state of a bucket's versioning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Versioning {
    /// It was never switched on.
    Off,
    /// Every write keeps the version before it.
    Enabled,
    /// It was switched off again: the versions kept before are still there.
    Suspended,
}

/// What one enabled rule of a lifecycle does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LifecycleRule {
    /// Whether it holds for every object of the bucket, without prefix, tag or size.
    pub whole_bucket: bool,
    /// `AbortIncompleteMultipartUpload.DaysAfterInitiation`.
    pub abort_incomplete_multipart_days: Option<u32>,
    /// `NoncurrentVersionExpiration.NoncurrentDays`.
    pub noncurrent_expiration_days: Option<u32>,
    /// Whether it moves objects or their older versions to another class.
    pub has_transitions: bool,
    /// Whether it expires objects.
    pub has_expiration: bool,
}

/// Incomplete uploads older than a week, as far as they were looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MultipartUploads {
    /// How many were seen.
    pub stale: u32,
    /// The bytes of the parts that were seen: there may be more, never less.
    pub stale_bytes: u64,
    /// When the oldest of them was begun.
    pub oldest: Option<Timestamp>,
}
