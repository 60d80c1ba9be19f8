//! A blue/green deployment of a database.

use serde::{Deserialize, Serialize};

use crate::id::{ChangeId, DbInstanceClass, ResourceId};

/// `DescribeBlueGreenDeployments`, of one that a change made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeploymentObserved {
    /// `BlueGreenDeploymentIdentifier`.
    pub id: String,
    /// `Status`, such as `AVAILABLE`.
    pub status: String,
    /// `StatusDetails`.
    pub details: Option<String>,
    /// The change that it was made for.
    pub change: ChangeId,
    /// The name of the database that was there before; after the switch, another one than it had.
    pub blue: Option<ResourceId>,
    /// The copy; after the switch, the database of the name.
    pub green: Option<GreenObserved>,
}

/// The copy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GreenObserved {
    /// `DBInstanceIdentifier`.
    pub id: ResourceId,
    /// `DbiResourceId`.
    pub dbi_resource_id: Option<String>,
    /// `DBInstanceStatus`.
    pub status: String,
    /// `DBInstanceClass`.
    pub class: DbInstanceClass,
    /// `AllocatedStorage` in GiB.
    pub storage_gib: Option<u32>,
    /// How far it is behind, in seconds; unknown where CloudWatch does not say.
    pub lag_seconds: Option<f64>,
}
