//! What RDS sells of an engine version in a region.

use serde::{Deserialize, Serialize};

use crate::id::DbInstanceClass;

/// What `describe-orderable-db-instance-options` says of one engine, version and licence. The
/// resource's id is made of the three.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderableDbInstanceOption {
    /// `Engine`.
    pub engine: String,
    /// `EngineVersion`.
    pub engine_version: String,
    /// `LicenseModel`, where the question named one.
    pub license_model: Option<String>,
    /// The classes with each type of storage, sorted.
    pub classes: Vec<OrderableClass>,
}

/// A class with one type of storage.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct OrderableClass {
    /// `DBInstanceClass`.
    pub db_instance_class: DbInstanceClass,
    /// `StorageType`.
    pub storage_type: Option<String>,
    /// `MultiAZCapable`.
    pub multi_az_capable: Option<bool>,
}
