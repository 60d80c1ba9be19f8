//! ElastiCache Serverless caches.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What `describe-serverless-caches` says of one cache. The resource's id is `ServerlessCacheName`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerlessCache {
    /// `ARN`.
    pub arn: Option<String>,
    /// `Engine`: `redis`, `valkey` or `memcached`.
    pub engine: String,
    /// `Status`, such as `available`.
    pub status: String,
    /// `CreateTime`.
    pub create_time: Option<Timestamp>,
    /// `CacheUsageLimits.DataStorage.Minimum` in GB: charged whether it is used or not.
    pub data_storage_minimum_gb: Option<u32>,
    /// `CacheUsageLimits.ECPUPerSecond.Minimum`: charged whether it is used or not.
    pub ecpu_per_second_minimum: Option<u32>,
}
