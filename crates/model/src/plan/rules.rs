//! The rules that a plan runs by, as the owner set them when it was made.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::window::{ChangeWindow, Freeze};
use crate::environment::Environment;
use crate::id::SubAccountId;
use crate::resource::ResourceRef;

/// How long a stage is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageRules {
    /// How long each change is watched before the next wave.
    pub soak: SignedDuration,
    /// How much longer it may be watched if the first time shows too little.
    pub extension: SignedDuration,
    /// How long after its soak a change is confirmed.
    pub confirm_after: SignedDuration,
}

/// The limits of the health gates.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct GateLimits {
    /// CPU use above which a gate fails, in percent.
    pub cpu_percent: f64,
    /// Memory use above which a gate fails, in percent.
    pub memory_percent: f64,
    /// 95th percentile of the response time above which a gate fails, in milliseconds.
    pub latency_p95_ms: f64,
    /// Share of requests that fail above which a gate fails, in percent.
    pub error_percent: f64,
    /// Share of requests answered below which a gate fails, in percent.
    pub availability_percent: f64,
    /// Swap in use above which a gate fails: in percent of the swap space of a machine, or of the
    /// memory of a database.
    pub swap_percent: f64,
    /// Connections above which a gate fails, in percent of those that a database admits.
    pub connections_percent: f64,
    /// Seconds that a replica is behind above which a gate fails.
    pub replica_lag_seconds: f64,
    /// Relative worsening against a control group above which a gate fails, in percent.
    pub control_difference_percent: f64,
    /// Relative worsening against earlier weeks above which a gate fails, in percent.
    pub history_difference_percent: f64,
}

/// What a change of production needs to have passed in staging before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StagingProof {
    /// The same change of its service, where the plan changes that service in staging at all.
    #[default]
    IfStaged,
    /// The same change of its service, always.
    Required,
    /// Nothing.
    Off,
}

/// The rules.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RolloutRules {
    /// When changes may start; without any, never.
    pub windows: Vec<ChangeWindow>,
    /// When none may.
    pub freezes: Vec<Freeze>,
    /// The change calendars of Systems Manager, by name or ARN: nothing begins unless every one of
    /// them is open.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calendars: Vec<String>,
    /// How long each environment is watched.
    pub stages: BTreeMap<Environment, StageRules>,
    /// Waves of production behind its canary, as percent of the stage.
    pub waves: Vec<u8>,
    /// How many percent of a service, target group or cluster may be under way at once,
    /// rounded down; one always may.
    pub budget_percent: u8,
    /// The most changes of a run that are under way at once.
    pub max_in_flight: u32,
    /// How many changes of a wave may fail before it halts: it halts at this number.
    pub max_failures: u32,
    /// How long a plan may wait for its start.
    pub plan_lifetime: SignedDuration,
    /// How long the proof of one stage counts for the next.
    pub evidence_lifetime: SignedDuration,
    /// What production needs of staging.
    #[serde(default)]
    pub staging_proof: StagingProof,
    /// How long after a change of a resource the same kind of change is not planned again.
    #[serde(default)]
    pub cool_down: SignedDuration,
    /// How long something lies in quarantine before it is deleted.
    pub quarantine: SignedDuration,
    /// How long an instance may be down for a change.
    pub instance_downtime: SignedDuration,
    /// How long a database may be down for a change.
    pub database_downtime: SignedDuration,
    /// Whether the class of a database in production is changed by way of a copy, where RDS can.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub blue_green: bool,
    /// The limits of the gates.
    pub limits: GateLimits,
    /// Who may approve, by name; anybody where nobody is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approvers: Vec<String>,
    /// The role that schedules act as.
    #[serde(default, skip_serializing_if = "SchedulerRole::is_unset")]
    pub scheduler: SchedulerRole,
}

/// The role that EventBridge Scheduler stops and starts resources as: its name, or its ARN.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SchedulerRole {
    /// That of every account that has none of its own.
    pub every: Option<String>,
    /// That of some accounts.
    pub accounts: BTreeMap<SubAccountId, String>,
}

impl SchedulerRole {
    /// Returns whether no account has one.
    pub fn is_unset(&self) -> bool {
        self.every.is_none() && self.accounts.is_empty()
    }

    /// Returns the ARN of the role in the account of a resource, if one is set.
    pub fn arn(&self, resource: &ResourceRef) -> Option<String> {
        let role = self.accounts.get(&resource.account).or(self.every.as_ref())?;
        if role.starts_with("arn:") {
            return Some(role.clone());
        }
        let region = resource.region.as_str();
        let partition = match region {
            _ if region.starts_with("cn-") => "aws-cn",
            _ if region.starts_with("us-gov-") => "aws-us-gov",
            _ => "aws",
        };
        Some(format!("arn:{partition}:iam::{}:role/{role}", resource.account))
    }
}

impl Default for GateLimits {
    fn default() -> Self {
        Self {
            cpu_percent: 80.0,
            memory_percent: 85.0,
            latency_p95_ms: 200.0,
            error_percent: 0.1,
            availability_percent: 99.9,
            swap_percent: 10.0,
            connections_percent: 80.0,
            replica_lag_seconds: 60.0,
            control_difference_percent: 15.0,
            history_difference_percent: 25.0,
        }
    }
}

impl StageRules {
    /// Returns how long an environment is watched where the owner says nothing.
    pub fn of(environment: Environment) -> Self {
        let hours = SignedDuration::from_hours;
        match environment {
            Environment::Dev => {
                Self { soak: hours(1), extension: hours(4), confirm_after: hours(0) }
            }
            Environment::Staging => {
                Self { soak: hours(24), extension: hours(48), confirm_after: hours(0) }
            }
            Environment::Prod | Environment::Unknown => {
                Self { soak: hours(24), extension: hours(72), confirm_after: hours(7 * 24) }
            }
        }
    }
}

impl Default for RolloutRules {
    /// The rules where the owner sets none. There is no window among them, so that nothing
    /// starts before somebody says when.
    fn default() -> Self {
        Self {
            windows: Vec::new(),
            freezes: Vec::new(),
            calendars: Vec::new(),
            stages: BTreeMap::new(),
            waves: vec![5, 25, 100],
            budget_percent: 10,
            max_in_flight: 5,
            max_failures: 1,
            plan_lifetime: SignedDuration::from_hours(72),
            evidence_lifetime: SignedDuration::from_hours(14 * 24),
            staging_proof: StagingProof::IfStaged,
            cool_down: SignedDuration::from_hours(14 * 24),
            quarantine: SignedDuration::from_hours(14 * 24),
            instance_downtime: SignedDuration::from_mins(20),
            database_downtime: SignedDuration::from_mins(30),
            blue_green: false,
            limits: GateLimits::default(),
            approvers: Vec::new(),
            scheduler: SchedulerRole::default(),
        }
    }
}

impl RolloutRules {
    /// Returns whether a person may approve: one whom the owner names, or anybody where the owner
    /// names nobody.
    pub fn may_approve(&self, person: &str) -> bool {
        self.approvers.is_empty() || self.approvers.iter().any(|one| one == person)
    }

    /// Returns how long an environment is watched.
    pub fn stage(&self, environment: Environment) -> StageRules {
        self.stages.get(&environment).copied().unwrap_or_else(|| StageRules::of(environment))
    }
}
