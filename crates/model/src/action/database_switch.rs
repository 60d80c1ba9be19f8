//! A database whose name moves to a copy of it, of another class or size.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::commands::quoted;
use super::state::entry;
use crate::id::{ChangeId, DbInstanceClass};

/// A blue/green deployment: a copy of another class or with other storage follows the database,
/// and takes its name over once it has caught up. What was is kept beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatabaseSwitch {
    /// `DBInstanceArn` of the database.
    pub source_arn: String,
    /// `DBInstanceClass` now.
    pub from_class: DbInstanceClass,
    /// `DBInstanceClass` afterwards.
    pub to_class: DbInstanceClass,
    /// `AllocatedStorage` in GiB now.
    pub from_storage_gib: u32,
    /// `AllocatedStorage` in GiB afterwards.
    pub to_storage_gib: u32,
}

impl DatabaseSwitch {
    /// Returns the name of the deployment that a change makes, the same however often it is
    /// asked for: letters, digits and single hyphens, as RDS takes them.
    pub fn deployment_name(change: &ChangeId) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
        let id: String = change.as_str().chars().map(plain).collect();
        let parts: Vec<&str> = id.split('-').filter(|part| !part.is_empty()).collect();
        format!("trimtab-{}", parts.join("-"))
    }

    /// Returns the class that is asked for, where it is another one.
    pub fn class(&self) -> Option<&DbInstanceClass> {
        (self.from_class != self.to_class).then_some(&self.to_class)
    }

    /// Returns the size that is asked for, where it is another one.
    pub fn storage_gib(&self) -> Option<u32> {
        (self.from_storage_gib != self.to_storage_gib).then_some(self.to_storage_gib)
    }

    /// Returns the command that makes the copy.
    pub fn create(&self, name: &str) -> String {
        let mut command = format!(
            "rds create-blue-green-deployment --blue-green-deployment-name {} --source {}",
            quoted(name),
            quoted(&self.source_arn)
        );
        if let Some(class) = self.class() {
            command.push_str(&format!(" --target-db-instance-class {}", quoted(class.as_str())));
        }
        if let Some(gib) = self.storage_gib() {
            command.push_str(&format!(" --target-allocated-storage {gib}"));
        }
        command
    }

    /// Returns the commands that make the copy, switch to it, and say where the old one is.
    pub fn forward(&self) -> Vec<String> {
        vec![
            self.create("trimtab-switch"),
            "rds switchover-blue-green-deployment --blue-green-deployment-identifier <the deployment made above> --switchover-timeout 300".to_owned(),
        ]
    }

    pub(super) fn current(&self) -> Map<String, Value> {
        described(&self.from_class, self.from_storage_gib)
    }

    pub(super) fn recommended(&self) -> Map<String, Value> {
        described(&self.to_class, self.to_storage_gib)
    }
}

fn described(class: &DbInstanceClass, gib: u32) -> Map<String, Value> {
    let mut map = entry("db_instance_class", json!(class));
    map.insert("allocated_storage_gib".into(), json!(gib));
    map
}
