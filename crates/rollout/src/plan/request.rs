//! Who asks for a plan, and what they know that no snapshot says.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use trimtab_model::id::SubAccountId;
use trimtab_model::migration::Migration;

use super::recent::Recent;
use super::watch::Watch;

/// Tags that name a service where the owner names none, the first that is there counts.
const SERVICE_TAGS: &[&str] =
    &["Service", "service", "App", "app", "Application", "application", "app.kubernetes.io/name"];

/// What a plan is made for and from, besides recommendations and snapshot.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanRequest {
    /// Who asks.
    pub created_by: String,
    /// When.
    pub now: Timestamp,
    /// The aliases of accounts, where they are known.
    pub aliases: BTreeMap<SubAccountId, String>,
    /// Keys of tags that name a service; the first that a resource has counts.
    pub service_tags: Vec<String>,
    /// What the owner has besides CloudWatch's metrics.
    pub watch: Watch,
    /// What `terraform show -json` prints, of each state that there is. Without any, Terraform
    /// may manage everything.
    pub terraform: Vec<Value>,
    /// What earlier runs did.
    pub recent: Vec<Recent>,
    /// Functions that took over from servers, which are stopped.
    pub migrations: Vec<Migration>,
}

impl PlanRequest {
    /// Makes a request of a person who knows nothing more.
    pub fn new(created_by: impl Into<String>, now: Timestamp) -> Self {
        Self {
            created_by: created_by.into(),
            now,
            aliases: BTreeMap::new(),
            service_tags: SERVICE_TAGS.iter().map(|&tag| tag.to_owned()).collect(),
            watch: Watch::default(),
            terraform: Vec::new(),
            recent: Vec::new(),
            migrations: Vec::new(),
        }
    }
}
