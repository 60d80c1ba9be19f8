//! Blue/green deployments of databases.

use jiff::{SignedDuration, Timestamp};

use trimtab_model::id::{ChangeId, DbInstanceClass, ResourceId};
use trimtab_model::observed::{DeploymentObserved, GreenObserved};
use trimtab_model::plan::Change;

use super::answer::{Answer, made, refuse, taken};
use super::db_instance::Database;
use super::fault::Ailment;
use super::state::State;

/// How long a copy takes to be made, how long it then is behind, and how long a switch takes.
/// All depend on much that is not simulated.
const COPIES: SignedDuration = SignedDuration::from_mins(40);
const CATCHES_UP: SignedDuration = SignedDuration::from_mins(10);
const SWITCHES: SignedDuration = SignedDuration::from_secs(50);
/// Seconds that a copy is behind until it has caught up, and afterwards.
const BEHIND: f64 = 900.0;
const CLOSE: f64 = 0.5;

/// A deployment.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Deployment {
    name: String,
    source: ResourceId,
    change: ChangeId,
    status: &'static str,
    copy: Database,
    due: Option<Timestamp>,
    close_at: Timestamp,
    /// When AWS takes the switch back.
    gives_up_at: Timestamp,
}

/// What is asked for.
pub(super) struct Copy<'a> {
    pub(super) name: &'a str,
    pub(super) class: Option<&'a DbInstanceClass>,
    pub(super) storage_gib: Option<u32>,
    pub(super) change: &'a ChangeId,
}

impl State {
    pub(super) fn create_deployment(&mut self, id: &ResourceId, wanted: &Copy<'_>) -> Answer {
        let Some(source) = self.databases.get(id) else {
            return refuse("DBInstanceNotFound", format!("no {id}"));
        };
        if source.status != "available" {
            return refuse("InvalidDBInstanceState", format!("{id} is {}", source.status));
        }
        if source.has_replicas {
            return refuse("SourceDatabaseNotSupportedFault", "it has replicas");
        }
        if self.deployments.values().any(|one| one.name == wanted.name) {
            let message = format!("there is a {}", wanted.name);
            return refuse("BlueGreenDeploymentAlreadyExistsFault", message);
        }
        let mut copy = source.clone();
        copy.dbi_resource_id = format!("{}-GREEN", source.dbi_resource_id);
        if let Some(class) = wanted.class {
            copy.class = class.clone();
        }
        if let Some(gib) = wanted.storage_gib {
            copy.storage.allocated_storage_gib = gib;
        }
        let due = self.now.saturating_add(COPIES).unwrap_or(self.now);
        let deployment = Deployment {
            name: wanted.name.to_owned(),
            source: id.clone(),
            change: wanted.change.clone(),
            status: "PROVISIONING",
            copy,
            due: Some(due),
            close_at: due.saturating_add(CATCHES_UP).unwrap_or(due),
            gives_up_at: Timestamp::MAX,
        };
        let made_as = self.new_id("bgd");
        self.deployments.insert(made_as.to_string(), deployment);
        made("deployment", made_as.as_str())
    }

    pub(super) fn switch_over(&mut self, id: &str, timeout: SignedDuration) -> Answer {
        let (now, fails) = (self.now, self.fails_to_switch(id));
        let Some(one) = self.deployments.get_mut(id) else {
            return refuse("BlueGreenDeploymentNotFoundFault", format!("no {id}"));
        };
        if one.status != "AVAILABLE" {
            let message = format!("{id} is {}", one.status);
            return refuse("InvalidBlueGreenDeploymentStateFault", message);
        }
        let later = |by| now.saturating_add(by).unwrap_or(Timestamp::MAX);
        one.status = "SWITCHOVER_IN_PROGRESS";
        one.gives_up_at = later(timeout);
        one.due = Some(if fails { later(timeout) } else { later(SWITCHES) });
        taken()
    }

    fn fails_to_switch(&self, id: &str) -> bool {
        self.deployments.get(id).is_some_and(|one| {
            let of = &one.source;
            self.ailments
                .iter()
                .any(|(on, ailment, _)| on == of && *ailment == Ailment::SwitchHangs)
        })
    }

    pub(super) fn move_deployments(&mut self, now: Timestamp) {
        for one in self.deployments.values_mut() {
            let Some(at) = one.due.filter(|at| *at <= now) else { continue };
            one.due = None;
            let is_ill = self
                .ailments
                .iter()
                .any(|(on, ailment, _)| *on == one.source && *ailment == Ailment::CopyFails);
            match one.status {
                "PROVISIONING" if is_ill => one.status = "INVALID_CONFIGURATION",
                "PROVISIONING" => one.status = "AVAILABLE",
                // It took longer than its timeout: all is as it was.
                "SWITCHOVER_IN_PROGRESS" if at >= one.gives_up_at => {
                    one.status = "SWITCHOVER_FAILED";
                }
                "SWITCHOVER_IN_PROGRESS" => {
                    one.status = "SWITCHOVER_COMPLETED";
                    let old = ResourceId::new(format!("{}-old1", one.source));
                    if let Some(was) = self.databases.insert(one.source.clone(), one.copy.clone()) {
                        self.databases.insert(old, was);
                    }
                }
                _ => {}
            }
        }
    }

    pub(super) fn deployment(&self, change: &Change) -> Option<DeploymentObserved> {
        let (id, one) = self.deployments.iter().find(|(_, one)| one.change == change.id)?;
        let is_switched = one.status == "SWITCHOVER_COMPLETED";
        let (blue, green) = match is_switched {
            true => (format!("{}-old1", one.source), one.source.to_string()),
            false => (one.source.to_string(), format!("{}-green-1", one.source)),
        };
        let lag = if self.now < one.close_at { BEHIND } else { CLOSE };
        let status = if one.status == "PROVISIONING" { "creating" } else { "available" };
        Some(DeploymentObserved {
            id: id.clone(),
            status: one.status.to_owned(),
            details: None,
            change: one.change.clone(),
            blue: Some(blue.into()),
            green: Some(GreenObserved {
                id: green.into(),
                dbi_resource_id: Some(one.copy.dbi_resource_id.clone()),
                status: status.to_owned(),
                class: one.copy.class.clone(),
                storage_gib: Some(one.copy.storage.allocated_storage_gib),
                lag_seconds: (!is_switched).then_some(lag),
            }),
        })
    }
}
