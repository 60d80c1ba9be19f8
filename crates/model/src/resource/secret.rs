//! Secrets of Secrets Manager, never their values.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::RegionId;

/// What `list-secrets` says of one secret. The resource's id is its ARN.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret {
    /// `Name`.
    pub name: String,
    /// `CreatedDate`.
    pub created_date: Option<Timestamp>,
    /// `LastAccessedDate`: to the day; absent where nobody ever read it.
    pub last_accessed_date: Option<Timestamp>,
    /// `LastChangedDate`.
    pub last_changed_date: Option<Timestamp>,
    /// `DeletedDate`: when its deletion was scheduled.
    pub deleted_date: Option<Timestamp>,
    /// `OwningService`: the AWS service that made it.
    pub owning_service: Option<String>,
    /// `PrimaryRegion`: present where it is replicated.
    pub primary_region: Option<RegionId>,
}
