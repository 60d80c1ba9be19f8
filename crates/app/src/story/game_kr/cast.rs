//! Who plays in the story: accounts, stages, and the kinds of resources.

use super::curve::Curve;
use crate::story::focus_row::Account;

/// Where everything runs.
pub(super) const REGION: &str = "ap-northeast-2";

/// Where the company once tried a server for North America, and left things behind.
pub(super) const OLD_REGION: &str = "us-east-1";

/// An environment of the company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// Developers' own machines.
    Dev,
    /// Where a change proves itself.
    Staging,
    /// What players meet.
    Production,
}

impl Stage {
    /// Every stage.
    pub(super) const ALL: [Self; 3] = [Self::Dev, Self::Staging, Self::Production];

    /// Returns its account.
    pub(super) fn account(self) -> Account {
        let (id, name) = match self {
            Self::Dev => ("777788889999", "starfall-dev"),
            Self::Staging => ("444455556666", "starfall-stg"),
            Self::Production => ("111122223333", "starfall-live"),
        };
        Account { id: id.to_owned(), name: name.to_owned(), currency: "USD" }
    }

    /// Returns the value of its `Environment` tag, as the teams happened to write it.
    pub(super) fn tag(self) -> &'static str {
        match self {
            Self::Dev => "개발",
            Self::Staging => "staging",
            Self::Production => "운영",
        }
    }
}

/// Returns the account that pays for all.
pub(super) fn payer() -> Account {
    Account { id: "123456789012".to_owned(), name: "starfall-games".to_owned(), currency: "USD" }
}

/// Who a resource belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Owner {
    /// The environment.
    pub(super) stage: Stage,
    /// The `Team` tag.
    pub(super) team: &'static str,
}

/// An EC2 instance.
#[derive(Debug, Clone)]
pub(super) struct Machine {
    /// `InstanceId`.
    pub(super) id: String,
    /// The `Name` tag.
    pub(super) name: &'static str,
    /// Whose it is.
    pub(super) owner: Owner,
    /// The region.
    pub(super) region: &'static str,
    /// `InstanceType`.
    pub(super) instance_type: &'static str,
    /// Days since it was stopped; absent for a running one.
    pub(super) stopped_days: Option<i64>,
    /// What CloudWatch says; absent where nothing was exported.
    pub(super) load: Option<MachineLoad>,
    /// The Auto Scaling group that owns it.
    pub(super) auto_scaling_group: Option<&'static str>,
    /// Whether the Savings Plan covers it.
    pub(super) covered: bool,
}

/// How busy an instance is.
#[derive(Debug, Clone, Copy)]
pub(super) struct MachineLoad {
    /// What drives it.
    pub(super) curve: Curve,
    /// CPU at the peak, in percent.
    pub(super) cpu_peak: f64,
    /// Memory at the peak, in percent; absent without the CloudWatch agent.
    pub(super) memory_peak: Option<f64>,
    /// Network in and out, each, in MB a day.
    pub(super) network_mb_day: f64,
}

/// An EBS volume.
#[derive(Debug, Clone)]
pub(super) struct Disk {
    /// `VolumeId`.
    pub(super) id: String,
    /// The `Name` tag.
    pub(super) name: String,
    /// Whose it is.
    pub(super) owner: Owner,
    /// The region.
    pub(super) region: &'static str,
    /// `VolumeType`.
    pub(super) volume_type: &'static str,
    /// `Size`, in GiB.
    pub(super) gib: u32,
    /// `Iops`.
    pub(super) iops: u32,
    /// The instance that holds it.
    pub(super) instance: Option<String>,
    /// Days since it was made.
    pub(super) age_days: i64,
    /// Reads and writes a second at the peak; absent where nothing was exported.
    pub(super) operations_per_second: Option<f64>,
}

/// An RDS DB instance.
#[derive(Debug, Clone)]
pub(super) struct Database {
    /// `DBInstanceIdentifier`.
    pub(super) name: &'static str,
    /// Whose it is.
    pub(super) owner: Owner,
    /// `DBInstanceClass`.
    pub(super) class: &'static str,
    /// Memory of the class, in GiB.
    pub(super) memory_gib: f64,
    /// `StorageType`.
    pub(super) storage_type: &'static str,
    /// `AllocatedStorage`, in GiB.
    pub(super) gib: u32,
    /// How busy it is.
    pub(super) load: DatabaseLoad,
}

impl Database {
    /// Returns its ARN, which is what bills call it.
    pub(super) fn arn(&self) -> String {
        format!("arn:aws:rds:{REGION}:{}:db:{}", self.owner.stage.account().id, self.name)
    }
}

/// How busy a DB instance is.
#[derive(Debug, Clone, Copy)]
pub(super) struct DatabaseLoad {
    /// What drives it.
    pub(super) curve: Curve,
    /// CPU at the peak, in percent.
    pub(super) cpu_peak: f64,
    /// Memory in use at the peak, in GiB.
    pub(super) memory_used_gib: f64,
    /// Connections at the peak.
    pub(super) connections: f64,
    /// Read operations a second at the peak.
    pub(super) read_iops: f64,
    /// Write operations a second at the peak.
    pub(super) write_iops: f64,
}
