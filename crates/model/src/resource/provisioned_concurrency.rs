//! Provisioned concurrency of Lambda functions.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What `list-provisioned-concurrency-configs` says of one alias or version.
///
/// The resource's id is the function's name and the qualifier, such as `resize:live`: the
/// dimension `Resource` of CloudWatch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvisionedConcurrency {
    /// The function.
    pub function_name: String,
    /// Its ARN without a qualifier: the name on the bill, which all its aliases share.
    pub function_arn: Option<String>,
    /// The alias or the version.
    pub qualifier: String,
    /// `RequestedProvisionedConcurrentExecutions`.
    pub requested: Option<u32>,
    /// `AllocatedProvisionedConcurrentExecutions`.
    pub allocated: Option<u32>,
    /// `Status`, such as `READY`.
    pub status: Option<String>,
    /// `LastModified`.
    pub last_modified: Option<Timestamp>,
    /// `MemorySize` in MB of the version that is kept ready; absent where an alias shares its
    /// calls among two versions.
    pub memory_size_mb: Option<u32>,
    /// `Architectures` of that version: the first, and Lambda allows one.
    pub architecture: Option<String>,
}
