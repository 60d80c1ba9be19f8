//! Another type for all instances of an Auto Scaling group.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::commands::quoted;
use super::state::entry;
use crate::id::InstanceType;

/// What stands in a command for the number of a version that is yet to be made.
const NEW_VERSION: &str = "<the number of the version above>";

/// Every instance of a group is replaced by one of another type, some at a time.
///
/// The group launches from a numbered version of a launch template, before and afterwards: from
/// a version that moves there is no way back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceRefresh {
    /// The type now.
    pub from: InstanceType,
    /// The type afterwards.
    pub to: InstanceType,
    /// The launch template: its identifier, else its name.
    pub launch_template: String,
    /// The version that the group launches from now.
    pub from_version: String,
    /// The version afterwards, where there is one already; else one is made of the one before.
    pub to_version: Option<String>,
    /// How many instances are replaced.
    pub instances: u32,
    /// Alarms that let AWS take it back by itself.
    pub alarms: Vec<String>,
}

impl InstanceRefresh {
    /// Returns the option that names the launch template.
    pub fn template_option(&self) -> String {
        let name = quoted(&self.launch_template);
        match self.launch_template.starts_with("lt-") {
            true => format!("--launch-template-id {name}"),
            false => format!("--launch-template-name {name}"),
        }
    }

    /// Returns the command that replaces the instances by those of a version.
    pub fn start(&self, group: &str, version: &str) -> String {
        let key = match self.launch_template.starts_with("lt-") {
            true => "LaunchTemplateId",
            false => "LaunchTemplateName",
        };
        let to = json!({"LaunchTemplate": {key: self.launch_template, "Version": version}});
        let preferences = json!({
            "AutoRollback": true,
            "MaxHealthyPercentage": 110,
            "MinHealthyPercentage": 100,
            "SkipMatching": true,
        });
        format!(
            "autoscaling start-instance-refresh --auto-scaling-group-name={group} --desired-configuration {} --preferences {}",
            quoted(&to.to_string()),
            quoted(&preferences.to_string())
        )
    }

    /// Returns the command that makes the version of the new type.
    pub fn create_version(&self) -> String {
        format!(
            "ec2 create-launch-template-version {} --source-version {} --launch-template-data {} --query LaunchTemplateVersion.VersionNumber",
            self.template_option(),
            quoted(&self.from_version),
            quoted(&json!({"InstanceType": self.to}).to_string())
        )
    }

    pub(super) fn forward(&self, group: &str) -> Vec<String> {
        match &self.to_version {
            Some(version) => vec![self.start(group, version)],
            None => vec![self.create_version(), self.start(group, NEW_VERSION)],
        }
    }

    pub(super) fn back(&self, group: &str) -> Vec<String> {
        vec![self.start(group, &self.from_version)]
    }

    pub(super) fn current(&self) -> Map<String, Value> {
        described(&self.from, Some(&self.from_version))
    }

    pub(super) fn recommended(&self) -> Map<String, Value> {
        described(&self.to, self.to_version.as_ref())
    }
}

fn described(instance_type: &InstanceType, version: Option<&String>) -> Map<String, Value> {
    let mut map = entry("instance_type", json!(instance_type));
    map.insert("launch_template_version".into(), json!(version.map_or("new", String::as_str)));
    map
}
