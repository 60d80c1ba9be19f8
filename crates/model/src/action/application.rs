//! A fault of an application or of a query, after whose repair a smaller machine suffices.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::id::{DbInstanceClass, InstanceType};

/// What is wrong with an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplicationFault {
    /// Memory grows until the process restarts.
    MemoryLeak,
    /// Clients ask for what they have just been given.
    DuplicateCalls,
    /// One query makes most of the load of a database.
    HeavyQuery,
}

impl ApplicationFault {
    /// Returns the word, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MemoryLeak => "memory_leak",
            Self::DuplicateCalls => "duplicate_calls",
            Self::HeavyQuery => "heavy_query",
        }
    }
}

/// The repair of an application, and the type that suffices after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repair {
    /// What is repaired, in order.
    pub faults: Vec<ApplicationFault>,
    /// The request at fault, such as `GET /inventory/list`, where it is known.
    pub endpoint: Option<String>,
    /// The type before the change of size.
    pub from: InstanceType,
    /// The type that suffices once the faults are repaired.
    pub to: InstanceType,
}

impl Repair {
    pub(super) fn current(&self) -> Map<String, Value> {
        let mut map = super::state::entry("instance_type", json!(self.from));
        map.insert("faults".to_owned(), json!(self.faults));
        map
    }

    pub(super) fn recommended(&self) -> Map<String, Value> {
        let mut map = super::state::entry("instance_type", json!(self.to));
        map.insert("repaired".to_owned(), json!(self.faults));
        map.insert("endpoint".to_owned(), json!(self.endpoint));
        map
    }
}

/// The repair of a query, and the class of the database that suffices after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryRepair {
    /// The digest of the query, as Performance Insights calls it.
    pub digest: String,
    /// The class before the change of size.
    pub from: DbInstanceClass,
    /// The class that suffices once the query makes no load.
    pub to: DbInstanceClass,
}

impl QueryRepair {
    pub(super) fn current(&self) -> Map<String, Value> {
        let mut map = super::state::entry("db_instance_class", json!(self.from));
        map.insert("faults".to_owned(), json!([ApplicationFault::HeavyQuery]));
        map
    }

    pub(super) fn recommended(&self) -> Map<String, Value> {
        let mut map = super::state::entry("db_instance_class", json!(self.to));
        map.insert("repaired".to_owned(), json!([ApplicationFault::HeavyQuery]));
        map.insert("digest".to_owned(), json!(self.digest));
        map
    }
}
