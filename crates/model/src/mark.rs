//! What carries trimtab's mark in an account, found without anything that was written down.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{ChangeId, InstanceType, PlanId, RegionId, ResourceId, RunId, SubAccountId};

/// The status of a deployment whose copy has taken the name over.
const SWITCHED: &str = "SWITCHOVER_COMPLETED";

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
    /// A volume that was made of a snapshot to see whether that can be had back.
    DrillVolume {
        /// `VolumeType`.
        volume_type: Option<String>,
        /// Its size in GiB.
        size_gib: Option<u32>,
        /// `Iops`.
        iops: Option<u32>,
        /// `Throughput` in MiB/s.
        throughput_mib_s: Option<u32>,
    },
    /// A blue/green deployment: a copy of a database, or, behind the switch, the old database.
    Deployment {
        /// `Status`.
        status: String,
        /// The database that is copied; behind the switch, the old one.
        source: Option<ResourceId>,
        /// The copy; behind the switch, the database that is used.
        target: Option<ResourceId>,
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
            Self::DrillVolume { .. } => "drill-volume",
            Self::Deployment { .. } => "blue-green-deployment",
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
            Marked::DrillVolume { .. } => format!("aws ec2 delete-volume --volume-id {id}"),
            Marked::Deployment { status, source, .. } => return self.end(status, source.as_ref()),
            Marked::StoppedInstance { .. } => {
                format!("aws ec2 start-instances --instance-ids {id}")
            }
            Marked::Schedule { .. } => {
                format!("aws scheduler delete-schedule --group-name trimtab --name {id}")
            }
        };
        vec![format!("{command} --region {region}")]
    }

    /// Returns the commands that end a deployment: before the switch its copy goes with it, and
    /// behind it the old database is left, of which a last snapshot is made.
    fn end(&self, status: &str, source: Option<&ResourceId>) -> Vec<String> {
        let (id, region) = (&self.id, &self.region);
        let delete =
            format!("aws rds delete-blue-green-deployment --blue-green-deployment-identifier {id}");
        if status != SWITCHED {
            return vec![format!("{delete} --delete-target --region {region}")];
        }
        let old = source.map(|old| {
            format!(
                "aws rds delete-db-instance --db-instance-identifier {old} --final-db-snapshot-identifier {old}-final --region {region}"
            )
        });
        std::iter::once(format!("{delete} --region {region}")).chain(old).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn undo(id: &str, what: Marked) -> Vec<String> {
        let mark = Mark {
            account: "111122223333".into(),
            region: "us-east-1".into(),
            id: id.into(),
            what,
            since: None,
            plan: None,
            change: None,
        };
        mark.undo()
    }

    #[test]
    fn a_volume_of_a_drill_is_deleted() {
        let what = Marked::DrillVolume {
            volume_type: None,
            size_gib: None,
            iops: None,
            throughput_mib_s: None,
        };
        let expected = ["aws ec2 delete-volume --volume-id vol-1 --region us-east-1"];
        assert_eq!(undo("vol-1", what), expected);
    }

    #[test]
    fn a_copy_goes_with_its_deployment_and_a_database_that_is_used_never_does() {
        let deployment = |status: &str, source: &str| Marked::Deployment {
            status: status.to_owned(),
            source: Some(source.into()),
            target: Some("game-green-0a1b".into()),
        };
        let delete =
            "aws rds delete-blue-green-deployment --blue-green-deployment-identifier bgd-1";
        assert_eq!(
            undo("bgd-1", deployment("AVAILABLE", "game")),
            [format!("{delete} --delete-target --region us-east-1")]
        );
        assert_eq!(
            undo("bgd-1", deployment("SWITCHOVER_COMPLETED", "game-old1")),
            [
                format!("{delete} --region us-east-1"),
                "aws rds delete-db-instance --db-instance-identifier game-old1 --final-db-snapshot-identifier game-old1-final --region us-east-1".to_owned(),
            ]
        );
    }
}
