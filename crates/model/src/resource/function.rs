//! Lambda functions.

use serde::{Deserialize, Serialize};

/// The most bytes of a package that Lambda takes in a request (Lambda developer guide, "Lambda
/// quotas": 50 MB zipped, when uploaded through the API; `CodeSizeZipped` of `GetAccountSettings`).
pub const MOST_PACKAGE_BYTES: u64 = 50 << 20;

/// Runtimes that AWS never offered on arm64.
pub const RUNTIMES_WITHOUT_ARM64: &[&str] = &[
    "python2.7",
    "python3.6",
    "python3.7",
    "nodejs",
    "nodejs4.3",
    "nodejs6.10",
    "nodejs8.10",
    "nodejs10.x",
    "java8",
    "go1.x",
    "ruby2.5",
    "dotnetcore1.0",
    "dotnetcore2.0",
    "dotnetcore2.1",
    "provided",
];

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
    /// `CodeSize` of what is not published, in bytes.
    pub code_size_bytes: Option<u64>,
    /// Its published versions, oldest first; absent where they were not read.
    pub versions: Option<Vec<FunctionVersion>>,
    /// Its aliases; absent where they were not read.
    pub aliases: Option<Vec<FunctionAlias>>,
}

/// A published version of a function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionVersion {
    /// `Version`.
    pub version: String,
    /// `CodeSize`, in bytes.
    pub code_size_bytes: Option<u64>,
    /// `MemorySize`, in MB.
    pub memory_size_mb: Option<u32>,
    /// `Architectures`.
    pub architectures: Vec<String>,
}

/// A name for a version, or for two versions that share the calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionAlias {
    /// `Name`.
    pub name: String,
    /// `FunctionVersion`.
    pub function_version: String,
    /// The other version of `RoutingConfig`, where there is one.
    pub second_version: Option<String>,
}
