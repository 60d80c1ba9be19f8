//! What every resource has, whatever its kind.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::environment::Environment;
use crate::id::{RegionId, ResourceId, SubAccountId};
use crate::metric::Origin;
use crate::resource::kind::ResourceKind;

/// Tags, by key.
pub type Tags = BTreeMap<String, String>;

/// A resource of kind `K`, and where it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Resource<K> {
    /// The resource as its own service names it.
    pub id: ResourceId,
    /// The account that owns it.
    pub account: SubAccountId,
    /// The region it lives in.
    pub region: RegionId,
    /// The environment its tags name.
    pub environment: Environment,
    /// Its tags.
    pub tags: Tags,
    /// What is particular to its kind.
    pub kind: K,
}

impl<K> Resource<K> {
    /// Returns the `Name` tag.
    pub fn name(&self) -> Option<&str> {
        self.tags.get("Name").map(String::as_str).filter(|name| !name.is_empty())
    }

    /// Returns where its metrics are from.
    pub fn origin(&self) -> Origin {
        Origin { account: self.account.clone(), region: self.region.clone() }
    }

    /// Returns what identifies the resource, without what is particular to its kind.
    pub fn reference(&self, kind: ResourceKind) -> ResourceRef {
        ResourceRef {
            id: self.id.clone(),
            kind,
            account: self.account.clone(),
            region: self.region.clone(),
            environment: self.environment,
            name: self.name().map(str::to_owned),
        }
    }
}

/// Which resource a verdict is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ResourceRef {
    /// The resource as its own service names it.
    pub id: ResourceId,
    /// Its kind.
    pub kind: ResourceKind,
    /// The account that owns it.
    pub account: SubAccountId,
    /// The region it lives in.
    pub region: RegionId,
    /// The environment its tags name.
    pub environment: Environment,
    /// Its `Name` tag.
    pub name: Option<String>,
}

/// What tells a resource from every other: account, region, kind and id. An id alone is used again in other regions.
pub type ResourceKey = (SubAccountId, RegionId, ResourceKind, ResourceId);

impl ResourceRef {
    /// Returns what tells it from every other, whatever its tags say.
    pub fn key(&self) -> ResourceKey {
        (self.account.clone(), self.region.clone(), self.kind, self.id.clone())
    }
}
