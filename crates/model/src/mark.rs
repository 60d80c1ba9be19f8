//! What carries trimtab's mark in an account, found without anything that was written down.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{ChangeId, InstanceType, PlanId, RegionId, ResourceId, RunId, SubAccountId};

/// What was made, or left, for a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Marked {
    /// A snapshot of a volume.
    Snapshot {
        /// The volume.
        volume: Option<ResourceId>,
        /// `State`.
        state: String,
        /// The size of the volume, in GiB: what is stored and paid of it may be less.
        size_gib: Option<u32>,
    },
    /// A snapshot of a database.
    DbSnapshot {
        /// The database.
        database: Option<ResourceId>,
        /// `Status`.
        status: String,
        /// `AllocatedStorage` in GiB.
        size_gib: Option<u32>,
    },
    /// A capacity reservation, which is paid whether it is used or not.
    Reservation {
        /// The type.
        instance_type: InstanceType,
        /// `InstancePlatform`.
        platform: Option<String>,
        /// `TotalInstanceCount`.
        instances: Option<u32>,
        /// When it ends by itself.
        ends_at: Option<Timestamp>,
    },
    /// A volume in quarantine.
    QuarantinedVolume {
        /// `VolumeType`.
        volume_type: Option<String>,
        /// Its size in GiB.
        size_gib: Option<u32>,
        /// Until when it lies there, as its tag says.
        until: String,
    },
    /// An address in quarantine.
    QuarantinedAddress {
        /// The address.
        public_ip: Option<String>,
        /// Until when it lies there, as its tag says.
        until: String,
    },
    /// An instance that is stopped and of whose volumes a change made snapshots: instances
    /// themselves carry no mark.
    StoppedInstance {
        /// The type that it has now.
        instance_type: InstanceType,
    },
    /// A schedule that stops or starts something.
    Schedule {
        /// The call that it makes.
        target: String,
    },
}

/// One thing with a mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Its account.
    pub account: SubAccountId,
    /// Its region.
    pub region: RegionId,
    /// Its identifier.
    pub id: ResourceId,
    /// What it is.
    pub what: Marked,
    /// Since when it is there, or is as it is.
    pub since: Option<Timestamp>,
    /// The plan that it names.
    pub plan: Option<PlanId>,
    /// The change that it names.
    pub change: Option<ChangeId>,
}

/// Whose a mark is, as far as what was written down tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Belonging {
    /// A run that has not ended has it in its journal.
    OpenRun(RunId),
    /// A run that has ended has it in its journal.
    EndedRun(RunId),
    /// The plan is known, and no journal has it.
    LostJournal(PlanId),
    /// Nothing is known of it but its mark.
    Unknown,
}

impl Belonging {
    /// Returns whether what was written down of it is lost.
    pub fn is_lost(&self) -> bool {
        matches!(self, Self::LostJournal(_) | Self::Unknown)
    }
}

impl Marked {
    /// Returns what it is in a word that does not change.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Snapshot { .. } => "snapshot",
            Self::DbSnapshot { .. } => "db-snapshot",
            Self::Reservation { .. } => "capacity-reservation",
            Self::QuarantinedVolume { .. } => "quarantined-volume",
            Self::QuarantinedAddress { .. } => "quarantined-address",
            Self::StoppedInstance { .. } => "stopped-instance",
            Self::Schedule { .. } => "schedule",
        }
    }
}

impl Mark {
    /// Returns the commands that take it away, or, of an instance, start it again.
    pub fn undo(&self) -> Vec<String> {
        let (id, region) = (&self.id, &self.region);
        let command = match &self.what {
            Marked::Snapshot { .. } => format!("aws ec2 delete-snapshot --snapshot-id {id}"),
            Marked::DbSnapshot { .. } => {
                format!("aws rds delete-db-snapshot --db-snapshot-identifier {id}")
            }
            Marked::Reservation { .. } => {
                format!("aws ec2 cancel-capacity-reservation --capacity-reservation-id {id}")
            }
            Marked::QuarantinedVolume { .. } | Marked::QuarantinedAddress { .. } => {
                format!("aws ec2 delete-tags --resources {id} --tags Key=trimtab:quarantine-until")
            }
            Marked::StoppedInstance { .. } => {
                format!("aws ec2 start-instances --instance-ids {id}")
            }
            Marked::Schedule { .. } => {
                format!("aws scheduler delete-schedule --group-name trimtab --name {id}")
            }
        };
        vec![format!("{command} --region {region}")]
    }
}
