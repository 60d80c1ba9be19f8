//! A server before, and the function in its place afterwards; and the other way.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::state::entry;
use crate::serverless::{Conversion, FunctionArchitecture};

/// A function that never rests, and the tasks on Fargate in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContainerMove {
    /// `MemorySize` of the function, in MB.
    pub memory_mb: u32,
    /// The processor of both.
    pub architecture: FunctionArchitecture,
    /// How many tasks.
    pub tasks: u32,
    /// CPU units of a task, of which 1,024 are a vCPU.
    pub cpu_units: u32,
    /// Memory of a task, in MiB.
    pub memory_mib: u32,
}

impl ContainerMove {
    pub(super) fn current(&self) -> Map<String, Value> {
        let mut map = entry("memory_mb", json!(self.memory_mb));
        map.insert("architecture".to_owned(), json!(self.architecture));
        map
    }

    pub(super) fn recommended(&self) -> Map<String, Value> {
        let mut map = entry("tasks", json!(self.tasks));
        map.insert("cpu_units".to_owned(), json!(self.cpu_units));
        map.insert("memory_mib".to_owned(), json!(self.memory_mib));
        map.insert("architecture".to_owned(), json!(self.architecture));
        map
    }
}

impl Conversion {
    pub(super) fn current(&self) -> Map<String, Value> {
        let mut map = entry("server", json!(self.server));
        map.insert("state".to_owned(), json!("running"));
        map
    }

    pub(super) fn recommended(&self) -> Map<String, Value> {
        let mut map = entry("state", json!("stopped"));
        map.insert("memory_mb".to_owned(), json!(self.memory_mb));
        map.insert("architecture".to_owned(), json!(self.architecture));
        map.insert("trigger".to_owned(), json!(self.trigger));
        map
    }
}
