//! How usage comes under a commitment that covers too little.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::commands::quoted;
use super::state::entry;
use crate::resource::{ResourceKind, ResourceRef};

/// The way in which a commitment is put to use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum CommitmentUse {
    /// Usage that it could cover is moved under it.
    MoveUsage,
    /// Reserved Instances of one zone are widened to their region.
    RegionalScope {
        /// How many.
        instance_count: u32,
        /// Their zone, which the undo needs.
        availability_zone: Option<String>,
    },
    /// Convertible Reserved Instances are exchanged for others.
    Exchange,
}

impl CommitmentUse {
    /// Returns the word, as in JSON.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::MoveUsage => "MoveUsage",
            Self::RegionalScope { .. } => "RegionalScope",
            Self::Exchange => "Exchange",
        }
    }

    pub(super) fn recommended(&self) -> Map<String, Value> {
        entry("commitment_use", json!(self.as_str()))
    }

    /// Returns the commands without `aws` and region: the change, then its inverse.
    ///
    /// No command moves usage: those show what the commitment would cover.
    pub(super) fn commands(&self, target: &ResourceRef) -> (Vec<String>, Vec<String>) {
        let id = quoted(target.id.as_str());
        match self {
            Self::MoveUsage => (vec![format!("{}{id}", looked_up(target.kind))], Vec::new()),
            Self::RegionalScope { instance_count, availability_zone } => {
                let zone = availability_zone.as_deref().unwrap_or("<its zone>");
                let zonal = quoted(&format!(
                    "Scope=Availability Zone,AvailabilityZone={zone},InstanceCount={instance_count}"
                ));
                let modify = "ec2 modify-reserved-instances --reserved-instances-ids";
                (
                    vec![format!(
                        "{modify} {id} --target-configurations Scope=Region,InstanceCount={instance_count}"
                    )],
                    vec![format!(
                        "{modify} <the reservation made above> --target-configurations {zonal}"
                    )],
                )
            }
            Self::Exchange => {
                let exchange = |word: &str| {
                    format!(
                        "ec2 {word}-reserved-instances-exchange-quote --reserved-instance-ids {id} --target-configurations OfferingId=<an offering that fits what runs>"
                    )
                };
                (
                    vec![
                        "ec2 describe-reserved-instances-offerings --offering-class convertible --instance-type <a type that runs uncovered>"
                            .to_owned(),
                        exchange("get"),
                        exchange("accept"),
                    ],
                    Vec::new(),
                )
            }
        }
    }
}

/// Returns the command that shows a commitment, up to its identifier.
fn looked_up(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::SavingsPlan => "savingsplans describe-savings-plan-rates --savings-plan-id ",
        ResourceKind::ReservedDbInstance => {
            "rds describe-reserved-db-instances --reserved-db-instance-id "
        }
        ResourceKind::ReservedCacheNode => {
            "elasticache describe-reserved-cache-nodes --reserved-cache-node-id "
        }
        ResourceKind::ReservedRedshiftNode => {
            "redshift describe-reserved-nodes --reserved-node-id "
        }
        ResourceKind::ReservedSearchInstance => {
            "opensearch describe-reserved-instances --reserved-instance-id "
        }
        ResourceKind::ReservedMemoryDbNode => "memorydb describe-reserved-nodes --reservation-id ",
        _ => "ec2 describe-reserved-instances --reserved-instances-ids ",
    }
}
