//! One change of a plan: exactly what, to exactly what, and the way back.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::action::Action;
use crate::environment::Environment;
use crate::gate::HealthGate;
use crate::id::{ChangeId, InstanceType, RecommendationId, ResourceId};
use crate::migration::Migration;
use crate::recommendation::{Estimate, PerformanceRisk, Projection, Undo};
use crate::resource::ResourceRef;

/// How far a change can be taken back, which decides who must agree and what comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeClass {
    /// Back to what was, at once.
    Reversible,
    /// Back, but slowly, or not to all of it: a recovery point first.
    Slow,
    /// Something is gone for good: quarantine, a recovery point that was tried, two people.
    Destructive,
}

/// What of a resource must be as it was when the plan was made.
///
/// Names are those of the API, values as text; a name that is not here is not compared.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(pub BTreeMap<String, String>);

impl Fingerprint {
    /// Returns each name whose value differs, with the value expected and the one found.
    pub fn differences<'a>(
        &'a self,
        found: &'a Self,
    ) -> impl Iterator<Item = (&'a str, &'a str, Option<&'a str>)> {
        self.0.iter().filter_map(|(name, expected)| {
            let found = found.0.get(name).map(String::as_str);
            (found != Some(expected.as_str())).then_some((name.as_str(), expected.as_str(), found))
        })
    }
}

/// What is kept before a change, from which what was can be had back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecoveryPoint {
    /// The settings in the journal suffice.
    Settings,
    /// Snapshots of all volumes of an instance, taken together.
    InstanceSnapshots,
    /// A snapshot of a volume.
    VolumeSnapshot,
    /// A snapshot of a database.
    DbSnapshot,
}

/// What several resources serve together, so that not too many of them are down at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnitKind {
    /// The tag that names a service.
    Service,
    /// A target group of a load balancer.
    TargetGroup,
    /// A cluster of databases or caches, or of containers.
    Cluster,
    /// An instance and its volumes.
    Machine,
    /// An Auto Scaling group.
    AutoScalingGroup,
}

/// One such whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct BudgetUnit {
    /// Which kind.
    pub kind: UnitKind,
    /// Its name.
    pub name: String,
    /// How many members it has; the budget is a share of them.
    pub members: u32,
}

/// Whose business a resource is besides ours.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ancestry {
    /// Nothing says that anybody else manages it.
    Own,
    /// A tool manages it that leaves no mark; its next run may take the change back.
    Possibly(String),
}

/// One change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Stable for the same recommendation and action.
    pub id: ChangeId,
    /// What recommended it.
    pub recommendation: RecommendationId,
    /// The resource.
    pub resource: ResourceRef,
    /// The environment that it counts as; what has none counts as production.
    pub environment: Environment,
    /// What is done.
    pub action: Action,
    /// What the resource must still be.
    pub expected: Fingerprint,
    /// How far it can be taken back.
    pub class: ChangeClass,
    /// What taking it back means.
    pub undo: Undo,
    /// What is kept before.
    pub recovery: RecoveryPoint,
    /// The volumes that recovery is about, and other parts that it touches.
    pub parts: BTreeSet<ResourceId>,
    /// Types that may stand in if capacity for the chosen one is gone, best first.
    pub ladder: Vec<InstanceType>,
    /// The use it should see afterwards.
    pub projected: Vec<Projection>,
    /// What must be well before the next wave.
    pub gates: Vec<HealthGate>,
    /// How long it is watched.
    pub soak: SignedDuration,
    /// How long it may be down, the way back included.
    pub downtime_budget: SignedDuration,
    /// How long the change takes in all but rare cases, the way back included; a window that
    /// is shorter is none for it.
    pub duration: SignedDuration,
    /// What it serves together with others.
    pub units: Vec<BudgetUnit>,
    /// Who else may manage it.
    pub ancestry: Ancestry,
    /// How likely users notice.
    pub risk: PerformanceRisk,
    /// What it should save.
    pub estimated_monthly_savings: Estimate,
    /// The migration whose last step it is: a function does the work of what is stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub migration: Option<Box<Migration>>,
}
