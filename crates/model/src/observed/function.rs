//! A function.

use serde::{Deserialize, Serialize};

use super::Obstacle;
use crate::id::ChangeId;
use crate::plan::Fingerprint;
use crate::text::Reason;

/// What a function is now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FunctionObserved {
    /// What identifies it.
    pub fingerprint: Fingerprint,
    /// What stands in the way of a change.
    pub obstacles: Vec<(Obstacle, Reason)>,
    /// `RevisionId` of `$LATEST`.
    pub revision: String,
    /// `CodeSha256` of `$LATEST`.
    pub code_sha256: String,
    /// `LastUpdateStatus`: `Successful`, `InProgress` or `Failed`.
    pub last_update_status: String,
    /// `MemorySize` in MB.
    pub memory_mb: u32,
    /// `Architectures`, the first.
    pub architecture: String,
    /// Whether the tag `trimtab:apply` is `allowed`.
    pub is_opted_in: bool,
    /// Versions that carry the change's description.
    pub versions: Vec<(String, ChangeId)>,
    /// Its aliases.
    pub aliases: Vec<AliasObserved>,
}

/// An alias of a function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AliasObserved {
    /// Its name.
    pub name: String,
    /// The version that it points to.
    pub version: String,
    /// The version that gets a share of the calls, and the share in percent.
    pub canary: Option<(String, u8)>,
    /// `RevisionId` of the alias.
    pub revision: String,
    /// Whether code and configuration of the version that it points to, memory and architecture
    /// apart, are those of `$LATEST`; unknown where that was not read. Only then does a version
    /// that is published from `$LATEST` differ from it by nothing but the change.
    #[serde(default)]
    pub is_latest: Option<bool>,
}
