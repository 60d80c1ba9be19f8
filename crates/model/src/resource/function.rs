//! Lambda functions.

use serde::{Deserialize, Serialize};

/// What `list-functions` says of one function. The resource's id is its name.
///
/// Environment variables are not here on purpose: they are dropped while reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Function {
    /// `FunctionArn`.
    pub function_arn: Option<String>,
    /// `Runtime`; absent for container images.
    pub runtime: Option<String>,
    /// `Architectures`.
    pub architectures: Vec<String>,
    /// `MemorySize`, in MB.
    pub memory_size_mb: Option<u32>,
    /// `Timeout`, in seconds.
    pub timeout_seconds: Option<u32>,
    /// `PackageType`: `Zip` or `Image`.
    pub package_type: Option<String>,
    /// How many `Layers` it uses.
    pub layer_count: u32,
}
