//! The changes that trimtab can recommend, and the commands that make them.

mod deletion;
mod setting;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::id::{DbInstanceClass, InstanceType, ResourceId};
use crate::resource::ResourceRef;
use crate::resource::load_balancer::LoadBalancerType;

pub use deletion::Deletion;
pub use setting::{BucketRule, Setting};

/// The settings of a volume that a change may touch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VolumeSettings {
    /// `VolumeType`.
    pub volume_type: String,
    /// `Iops`, where it is set.
    pub iops: Option<u32>,
    /// `Throughput` in MiB/s, where it is set.
    pub throughput_mib_s: Option<u32>,
}

/// The storage settings of a DB instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DbStorageSettings {
    /// `StorageType`.
    pub storage_type: String,
    /// `AllocatedStorage` in GiB.
    pub allocated_storage_gib: u32,
    /// `Iops`, where it is set.
    pub iops: Option<u32>,
    /// `StorageThroughput` in MiB/s, where it is set.
    pub storage_throughput_mib_s: Option<u32>,
}

/// A change to one resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// Stop an instance, change its type, start it.
    ModifyInstanceType {
        /// The type now.
        from: InstanceType,
        /// The type afterwards.
        to: InstanceType,
    },
    /// Stop an instance that does nothing.
    StopInstance {
        /// The type that runs now.
        instance_type: InstanceType,
    },
    /// Snapshot the volumes of a stopped instance and delete it.
    TerminateInstance {
        /// The type.
        instance_type: InstanceType,
        /// Its volumes, each of which gets a snapshot first.
        volume_ids: Vec<ResourceId>,
    },
    /// Snapshot a volume and delete it.
    DeleteVolume {
        /// What it is now.
        settings: VolumeSettings,
        /// Its size.
        size_gib: u32,
        /// Its zone, which the undo needs.
        availability_zone: Option<String>,
    },
    /// Change type, IOPS or throughput of a volume in place.
    ModifyVolume {
        /// The settings now.
        from: VolumeSettings,
        /// The settings afterwards.
        to: VolumeSettings,
        /// Its size.
        size_gib: u32,
    },
    /// Delete an EBS snapshot.
    DeleteSnapshot {
        /// The size of the volume it was taken of.
        volume_size_gib: Option<u32>,
    },
    /// Release an Elastic IP address.
    ReleaseAddress {
        /// The address.
        public_ip: Option<String>,
    },
    /// Delete a NAT gateway.
    DeleteNatGateway {
        /// The subnet, which the undo needs.
        subnet_id: Option<String>,
        /// The address it keeps, which the undo needs.
        allocation_id: Option<String>,
    },
    /// Delete a load balancer.
    DeleteLoadBalancer {
        /// Which of the four it is.
        load_balancer_type: LoadBalancerType,
    },
    /// Change the class of a DB instance.
    ModifyDbInstanceClass {
        /// The class now.
        from: DbInstanceClass,
        /// The class afterwards.
        to: DbInstanceClass,
    },
    /// Take a final snapshot of a DB instance and delete it.
    DeleteDbInstance {
        /// The class.
        db_instance_class: DbInstanceClass,
    },
    /// Change the storage type of a DB instance.
    ModifyDbStorage {
        /// The settings now.
        from: DbStorageSettings,
        /// The settings afterwards.
        to: DbStorageSettings,
    },
    /// Keep the events of a log group for so many days.
    PutRetentionPolicy {
        /// Days afterwards; now they are kept for ever.
        retention_in_days: u32,
    },
    /// Run a function on another architecture.
    UpdateFunctionArchitecture {
        /// The architecture now.
        from: String,
        /// The architecture afterwards.
        to: String,
    },
    /// Delete a resource of another kind.
    Delete(Deletion),
    /// Set a resource up in another way.
    Set(Setting),
}

/// Commands a person can run: the change, and its inverse.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commands {
    /// The change, in order.
    pub apply: Vec<String>,
    /// Its inverse, in order; empty where there is none.
    pub undo: Vec<String>,
}

impl VolumeSettings {
    fn to_map(&self, size_gib: u32) -> Map<String, Value> {
        let mut map = Map::new();
        map.insert("volume_type".into(), json!(self.volume_type));
        map.insert("size_gib".into(), json!(size_gib));
        if let Some(iops) = self.iops {
            map.insert("iops".into(), json!(iops));
        }
        if let Some(throughput) = self.throughput_mib_s {
            map.insert("throughput_mib_s".into(), json!(throughput));
        }
        map
    }
}

impl DbStorageSettings {
    fn to_map(&self) -> Map<String, Value> {
        let mut map = Map::new();
        map.insert("storage_type".into(), json!(self.storage_type));
        map.insert("allocated_storage_gib".into(), json!(self.allocated_storage_gib));
        if let Some(iops) = self.iops {
            map.insert("iops".into(), json!(iops));
        }
        if let Some(throughput) = self.storage_throughput_mib_s {
            map.insert("storage_throughput_mib_s".into(), json!(throughput));
        }
        map
    }
}

fn entry(key: &str, value: Value) -> Map<String, Value> {
    Map::from_iter([(key.to_owned(), value)])
}

impl Action {
    /// Returns the configuration before the change, as in JSON's `current`.
    pub fn current(&self) -> Map<String, Value> {
        match self {
            Self::ModifyInstanceType { from, .. } => entry("instance_type", json!(from)),
            Self::StopInstance { instance_type } => {
                let mut map = entry("instance_type", json!(instance_type));
                map.insert("state".into(), json!("running"));
                map
            }
            Self::TerminateInstance { instance_type, volume_ids } => {
                let mut map = entry("instance_type", json!(instance_type));
                map.insert("state".into(), json!("stopped"));
                map.insert("volume_ids".into(), json!(volume_ids));
                map
            }
            Self::DeleteVolume { settings, size_gib, .. } => settings.to_map(*size_gib),
            Self::ModifyVolume { from, size_gib, .. } => from.to_map(*size_gib),
            Self::DeleteSnapshot { volume_size_gib } => volume_size_gib
                .map(|size| entry("volume_size_gib", json!(size)))
                .unwrap_or_default(),
            Self::ReleaseAddress { public_ip } => {
                public_ip.as_ref().map(|ip| entry("public_ip", json!(ip))).unwrap_or_default()
            }
            Self::DeleteNatGateway { .. } => entry("state", json!("available")),
            Self::DeleteLoadBalancer { load_balancer_type } => {
                entry("load_balancer_type", json!(load_balancer_type))
            }
            Self::ModifyDbInstanceClass { from, .. } => entry("db_instance_class", json!(from)),
            Self::DeleteDbInstance { db_instance_class } => {
                entry("db_instance_class", json!(db_instance_class))
            }
            Self::ModifyDbStorage { from, .. } => from.to_map(),
            Self::PutRetentionPolicy { .. } => entry("retention_in_days", Value::Null),
            Self::UpdateFunctionArchitecture { from, .. } => entry("architecture", json!(from)),
            Self::Delete(deletion) => deletion.current(),
            Self::Set(setting) => setting.current(),
        }
    }

    /// Returns the configuration after the change, as in JSON's `recommended`.
    pub fn recommended(&self) -> Map<String, Value> {
        match self {
            Self::ModifyInstanceType { to, .. } => entry("instance_type", json!(to)),
            Self::StopInstance { .. } => entry("state", json!("stopped")),
            Self::TerminateInstance { .. } => entry("state", json!("terminated")),
            Self::DeleteVolume { .. }
            | Self::DeleteSnapshot { .. }
            | Self::DeleteNatGateway { .. }
            | Self::DeleteLoadBalancer { .. }
            | Self::DeleteDbInstance { .. }
            | Self::Delete(_) => entry("state", json!("deleted")),
            Self::Set(setting) => setting.recommended(),
            Self::ModifyVolume { to, size_gib, .. } => to.to_map(*size_gib),
            Self::ReleaseAddress { .. } => entry("state", json!("released")),
            Self::ModifyDbInstanceClass { to, .. } => entry("db_instance_class", json!(to)),
            Self::ModifyDbStorage { to, .. } => to.to_map(),
            Self::PutRetentionPolicy { retention_in_days } => {
                entry("retention_in_days", json!(retention_in_days))
            }
            Self::UpdateFunctionArchitecture { to, .. } => entry("architecture", json!(to)),
        }
    }

    /// Returns the AWS CLI commands that make the change on `target`, and those that take it back.
    ///
    /// They are for reading and for the careful hand: every value is quoted for a
    /// POSIX shell where it needs to be.
    pub fn commands(&self, target: &ResourceRef) -> Commands {
        let aws = |rest: String| format!("aws {rest} --region {}", quoted(target.region.as_str()));
        let id = quoted(target.id.as_str());
        let both = |apply: Vec<String>, undo: Vec<String>| Commands {
            apply: apply.into_iter().map(&aws).collect(),
            undo: undo.into_iter().map(&aws).collect(),
        };
        match self {
            Self::ModifyInstanceType { from, to } => {
                both(retype_instance(&id, to), retype_instance(&id, from))
            }
            Self::StopInstance { .. } => both(
                vec![format!("ec2 stop-instances --instance-ids {id}")],
                vec![format!("ec2 start-instances --instance-ids {id}")],
            ),
            Self::TerminateInstance { volume_ids, .. } => {
                let mut apply: Vec<String> = volume_ids
                    .iter()
                    .map(|volume| {
                        format!(
                            "ec2 create-snapshot --volume-id {} --description {}",
                            quoted(volume.as_str()),
                            quoted(&format!("trimtab: before terminating {}", target.id))
                        )
                    })
                    .collect();
                apply.push(format!(
                    "ec2 create-image --instance-id {id} --name {} --no-reboot",
                    quoted(&format!("trimtab-{}", target.id))
                ));
                apply.push(format!(
                    "ec2 wait image-available --filters Name=name,Values={}",
                    quoted(&format!("trimtab-{}", target.id))
                ));
                apply.push(format!("ec2 terminate-instances --instance-ids {id}"));
                both(apply, vec!["ec2 run-instances --image-id <the image made above>".to_owned()])
            }
            Self::DeleteVolume { settings, availability_zone, .. } => both(
                vec![
                    format!(
                        "ec2 create-snapshot --volume-id {id} --description {}",
                        quoted(&format!("trimtab: before deleting {}", target.id))
                    ),
                    "ec2 wait snapshot-completed --snapshot-ids <the snapshot made above>"
                        .to_owned(),
                    format!("ec2 delete-volume --volume-id {id}"),
                ],
                vec![format!(
                    "ec2 create-volume --snapshot-id <the snapshot made above> --volume-type {} --availability-zone {}",
                    quoted(&settings.volume_type),
                    availability_zone.as_deref().map_or_else(|| "<its zone>".to_owned(), quoted),
                )],
            ),
            Self::ModifyVolume { from, to, .. } => {
                both(vec![modify_volume(&id, to)], vec![modify_volume(&id, from)])
            }
            Self::DeleteSnapshot { .. } => {
                both(vec![format!("ec2 delete-snapshot --snapshot-id {id}")], Vec::new())
            }
            Self::ReleaseAddress { public_ip } => both(
                vec![format!("ec2 release-address --allocation-id {id}")],
                public_ip
                    .iter()
                    .map(|ip| format!("ec2 allocate-address --address {}", quoted(ip)))
                    .collect(),
            ),
            Self::DeleteNatGateway { subnet_id, allocation_id } => both(
                vec![format!("ec2 delete-nat-gateway --nat-gateway-id {id}")],
                subnet_id
                    .iter()
                    .map(|subnet| {
                        let address = allocation_id
                            .as_deref()
                            .map(|allocation| format!(" --allocation-id {}", quoted(allocation)))
                            .unwrap_or_default();
                        format!("ec2 create-nat-gateway --subnet-id {}{address}", quoted(subnet))
                    })
                    .collect(),
            ),
            Self::DeleteLoadBalancer { load_balancer_type } => both(
                vec![match load_balancer_type {
                    LoadBalancerType::Classic => {
                        format!("elb delete-load-balancer --load-balancer-name={id}")
                    }
                    LoadBalancerType::Application
                    | LoadBalancerType::Network
                    | LoadBalancerType::Gateway => {
                        format!("elbv2 delete-load-balancer --load-balancer-arn {id}")
                    }
                }],
                Vec::new(),
            ),
            Self::ModifyDbInstanceClass { from, to } => {
                both(vec![modify_db_class(&id, to)], vec![modify_db_class(&id, from)])
            }
            Self::DeleteDbInstance { db_instance_class } => {
                let snapshot = quoted(&format!("trimtab-final-{}", target.id));
                both(
                    vec![format!(
                        "rds delete-db-instance --db-instance-identifier {id} --final-db-snapshot-identifier {snapshot}"
                    )],
                    vec![format!(
                        "rds restore-db-instance-from-db-snapshot --db-instance-identifier {id} --db-snapshot-identifier {snapshot} --db-instance-class {}",
                        quoted(db_instance_class.as_str())
                    )],
                )
            }
            Self::ModifyDbStorage { from, to } => {
                both(vec![modify_db_storage(&id, to)], vec![modify_db_storage(&id, from)])
            }
            Self::PutRetentionPolicy { retention_in_days } => both(
                vec![format!(
                    "logs put-retention-policy --log-group-name={id} --retention-in-days {retention_in_days}"
                )],
                vec![format!("logs delete-retention-policy --log-group-name={id}")],
            ),
            Self::UpdateFunctionArchitecture { from, to } => {
                both(vec![update_architecture(&id, to)], vec![update_architecture(&id, from)])
            }
            Self::Delete(deletion) => {
                let (apply, undo) = deletion.commands(target);
                both(apply, undo)
            }
            Self::Set(setting) => {
                let (apply, undo) = setting.commands(target);
                both(apply, undo)
            }
        }
    }
}

fn retype_instance(id: &str, instance_type: &InstanceType) -> Vec<String> {
    vec![
        format!("ec2 stop-instances --instance-ids {id}"),
        format!("ec2 wait instance-stopped --instance-ids {id}"),
        format!(
            "ec2 modify-instance-attribute --instance-id {id} --instance-type Value={}",
            quoted(instance_type.as_str())
        ),
        format!("ec2 start-instances --instance-ids {id}"),
        format!("ec2 wait instance-status-ok --instance-ids {id}"),
    ]
}

fn modify_volume(id: &str, settings: &VolumeSettings) -> String {
    let mut command = format!(
        "ec2 modify-volume --volume-id {id} --volume-type {}",
        quoted(&settings.volume_type)
    );
    // gp2 has a baseline that follows the size: sending IOPS for it is refused.
    if let Some(iops) = settings.iops.filter(|_| settings.volume_type != "gp2") {
        command.push_str(&format!(" --iops {iops}"));
    }
    if let Some(throughput) = settings.throughput_mib_s.filter(|_| settings.volume_type == "gp3") {
        command.push_str(&format!(" --throughput {throughput}"));
    }
    command
}

fn modify_db_class(id: &str, class: &DbInstanceClass) -> String {
    format!(
        "rds modify-db-instance --db-instance-identifier {id} --db-instance-class {} --no-apply-immediately",
        quoted(class.as_str())
    )
}

fn modify_db_storage(id: &str, settings: &DbStorageSettings) -> String {
    let mut command = format!(
        "rds modify-db-instance --db-instance-identifier {id} --storage-type {} --allocated-storage {}",
        quoted(&settings.storage_type),
        settings.allocated_storage_gib
    );
    if let Some(iops) = settings.iops {
        command.push_str(&format!(" --iops {iops}"));
    }
    if let Some(throughput) = settings.storage_throughput_mib_s {
        command.push_str(&format!(" --storage-throughput {throughput}"));
    }
    command.push_str(" --no-apply-immediately");
    command
}

fn update_architecture(id: &str, architecture: &str) -> String {
    format!(
        "lambda update-function-code --function-name={id} --architectures {} --s3-bucket <bucket of the build for {architecture}> --s3-key <its key> --publish",
        quoted(architecture)
    )
}

/// Quotes `text` for a POSIX shell, where it needs to be.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@+,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::Environment;
    use crate::resource::ResourceKind;

    fn target(id: &str) -> ResourceRef {
        ResourceRef {
            id: id.into(),
            kind: ResourceKind::Volume,
            account: "111122223333".into(),
            region: "ap-northeast-2".into(),
            environment: Environment::Prod,
            name: None,
        }
    }

    #[test]
    fn a_hostile_name_stays_one_word() {
        let commands = Action::PutRetentionPolicy { retention_in_days: 30 }
            .commands(&target("/app'; rm -rf / #"));
        assert!(commands.apply[0].contains(r"'/app'\''; rm -rf / #'"), "{commands:?}");
    }

    #[test]
    fn a_resize_and_its_inverse_differ_in_the_type_only() {
        let action =
            Action::ModifyInstanceType { from: "m5.xlarge".into(), to: "m6i.large".into() };
        let commands = action.commands(&target("i-1"));
        assert_eq!(commands.apply.len(), commands.undo.len());
        assert_eq!(commands.apply[2].replace("m6i.large", "m5.xlarge"), commands.undo[2]);
    }
}
