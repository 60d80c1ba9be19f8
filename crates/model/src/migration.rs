//! A migration: how a function takes over from a server, as far as a plan must know of it.

use serde::{Deserialize, Serialize};

use crate::gate::Signal;
use crate::id::{RegionId, ResourceId, SubAccountId};
use crate::resource::{ResourceKind, ResourceRef};

/// The form of `migration.json` that is read. Another one is refused.
pub const MIGRATION_VERSION: u64 = 1;

/// What a project's `migration.json` says: the function, what it replaces, and when it is well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Migration {
    /// Name of the function and of its project.
    pub name: String,
    /// The region of the function and of what it replaces.
    pub region: RegionId,
    /// The account of what it replaces; `None` where the project was made without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<SubAccountId>,
    /// What is stopped.
    pub replaces: Replaced,
    /// Days that the function has to be well before the stop.
    pub soak_days: u32,
    /// Days that it is watched after the stop at least.
    pub stop_days: u32,
    /// The limits that its figures must keep.
    pub checks: Vec<MigrationCheck>,
    /// The commands of its guide that stop what it replaces.
    pub stop: Vec<String>,
}

/// What did the work before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Replaced {
    /// An EC2 instance.
    Instance {
        /// Its identifier.
        id: ResourceId,
    },
    /// A service of ECS.
    Service {
        /// Its cluster.
        cluster: String,
        /// Its name.
        service: String,
        /// How many tasks it has.
        desired_count: u32,
    },
}

/// One figure and the limit that it must keep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MigrationCheck {
    /// Its name in the project, such as `event_age`.
    pub id: String,
    /// `Namespace`, such as `AWS/Lambda`.
    pub namespace: String,
    /// `MetricName`.
    pub metric: String,
    /// The statistic of five minutes, such as `Sum` or `p95`.
    pub statistic: String,
    /// The dimension that names whose figure it is.
    pub dimension: String,
    /// The dimension's value; `None` where only AWS knows it.
    pub of: Option<String>,
    /// Above this it is not well, in the metric's unit.
    pub fails_above: u32,
}

impl Migration {
    /// Returns whether a resource is what it replaces: in any account where none is named.
    pub fn is_of(&self, resource: &ResourceRef) -> bool {
        let (kind, id) = match &self.replaces {
            Replaced::Instance { id } => (ResourceKind::Instance, id.as_str().to_owned()),
            Replaced::Service { cluster, service, .. } => {
                (ResourceKind::EcsService, format!("{cluster}/{service}"))
            }
        };
        let is_there = resource.region == self.region
            && self.account.as_ref().is_none_or(|account| *account == resource.account);
        is_there && resource.kind == kind && resource.id.as_str() == id
    }
}

impl Replaced {
    /// Returns how people call it: an instance's identifier, or `cluster/service`.
    pub fn label(&self) -> String {
        match self {
            Self::Instance { id } => id.to_string(),
            Self::Service { cluster, service, .. } => format!("{cluster}/{service}"),
        }
    }
}

/// The namespace of Lambda's own figures.
pub const LAMBDA: &str = "AWS/Lambda";

impl MigrationCheck {
    /// Returns the figure of the function itself that trimtab watches for it, and the name of its metric. Absent where only its
    /// alarm tells of it: another service measures it, or only AWS can name whose figure it is.
    pub fn figure(&self, migration: &Migration) -> Option<(Signal, &'static str)> {
        if self.namespace != LAMBDA || self.of.as_deref() != Some(migration.name.as_str()) {
            return None;
        }
        match self.metric.as_str() {
            "Errors" => Some((Signal::FunctionErrors, "Errors")),
            "Throttles" => Some((Signal::Throttles, "Throttles")),
            "Duration" => Some((Signal::FunctionDuration, "Duration")),
            "AsyncEventAge" => Some((Signal::EventAge, "AsyncEventAge")),
            _ => None,
        }
    }

    /// Returns the name of the alarm that the project has for it.
    pub fn alarm(&self, migration: &Migration) -> String {
        format!("{}-{}", migration.name, self.id.replace('_', "-"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::Environment;

    fn migration(replaces: Replaced) -> Migration {
        Migration {
            name: "notice".to_owned(),
            region: "ap-northeast-2".into(),
            account: None,
            replaces,
            soak_days: 14,
            stop_days: 1,
            checks: Vec::new(),
            stop: Vec::new(),
        }
    }

    fn resource(kind: ResourceKind, id: &str, region: &str) -> ResourceRef {
        ResourceRef {
            id: id.into(),
            kind,
            account: "111122223333".into(),
            region: region.into(),
            environment: Environment::Prod,
            name: None,
        }
    }

    #[test]
    fn what_is_replaced_is_found_by_kind_name_and_region() {
        let of = |replaces: &Replaced, kind, id, region| {
            migration(replaces.clone()).is_of(&resource(kind, id, region))
        };
        let machine = Replaced::Instance { id: "i-1".into() };
        assert!(of(&machine, ResourceKind::Instance, "i-1", "ap-northeast-2"));
        assert!(!of(&machine, ResourceKind::Instance, "i-1", "us-east-1"));
        assert!(!of(&machine, ResourceKind::Instance, "i-2", "ap-northeast-2"));
        assert!(!of(&machine, ResourceKind::Volume, "i-1", "ap-northeast-2"));
        let there = resource(ResourceKind::Instance, "i-1", "ap-northeast-2");
        for (account, is_its) in [("111122223333", true), ("444455556666", false)] {
            let named = Migration { account: Some(account.into()), ..migration(machine.clone()) };
            assert_eq!(named.is_of(&there), is_its, "{account}");
        }
        let service = Replaced::Service {
            cluster: "games".to_owned(),
            service: "notices".to_owned(),
            desired_count: 2,
        };
        assert!(of(&service, ResourceKind::EcsService, "games/notices", "ap-northeast-2"));
        assert!(!of(&service, ResourceKind::EcsService, "notices", "ap-northeast-2"));
        assert_eq!((machine.label(), service.label()), ("i-1".into(), "games/notices".into()));
    }

    #[test]
    fn an_alarm_is_named_after_its_project() {
        let check = MigrationCheck {
            id: "event_age".to_owned(),
            namespace: "AWS/Lambda".to_owned(),
            metric: "AsyncEventAge".to_owned(),
            statistic: "Maximum".to_owned(),
            dimension: "FunctionName".to_owned(),
            of: Some("notice".to_owned()),
            fails_above: 300_000,
        };
        let migration = migration(Replaced::Instance { id: "i-1".into() });
        assert_eq!(check.alarm(&migration), "notice-event-age");
    }
}
