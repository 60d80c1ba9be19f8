//! The AWS CLI commands that make a change, and those that take it back.

use serde::{Deserialize, Serialize};

use super::{Action, DbStorageSettings, GroupSizes, HostCapacity, VolumeSettings, schedule};
use crate::id::{DbInstanceClass, InstanceType, ResourceId};
use crate::resource::load_balancer::LoadBalancerType;
use crate::resource::{ResourceKind, ResourceRef};

/// Commands a person can run: the change, and its inverse.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commands {
    /// The change, in order.
    pub apply: Vec<String>,
    /// Its inverse, in order; empty where there is none.
    pub undo: Vec<String>,
}

impl Action {
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
            Self::MigrateInstance { to, .. } => both(
                vec![
                    format!(
                        "ec2 run-instances --instance-type {} --image-id <an image of the same software for its architecture> --subnet-id <the subnet of {id}> --security-group-ids <the groups of {id}>",
                        quoted(to.as_str())
                    ),
                    format!("ec2 stop-instances --instance-ids {id}"),
                ],
                vec![
                    format!("ec2 start-instances --instance-ids {id}"),
                    "ec2 terminate-instances --instance-ids <the instance started above>"
                        .to_owned(),
                ],
            ),
            Self::UnmonitorInstance => both(
                vec![format!("ec2 unmonitor-instances --instance-ids {id}")],
                vec![format!("ec2 monitor-instances --instance-ids {id}")],
            ),
            Self::ArchiveSnapshot { .. } => both(
                vec![format!("ec2 modify-snapshot-tier --snapshot-id {id} --storage-tier archive")],
                vec![format!("ec2 restore-snapshot-tier --snapshot-id {id} --permanent-restore")],
            ),
            Self::DisableFastSnapshotRestore { snapshot_id, availability_zone } => {
                let zone = quoted(availability_zone);
                let snapshot = quoted(snapshot_id.as_str());
                let word = |word: &str| {
                    vec![format!(
                        "ec2 {word}-fast-snapshot-restores --source-snapshot-ids {snapshot} --availability-zones {zone}"
                    )]
                };
                both(word("disable"), word("enable"))
            }
            Self::DeregisterImage { snapshot_ids, .. } => both(
                std::iter::once(format!("ec2 deregister-image --image-id {id}"))
                    .chain(snapshot_ids.iter().map(delete_snapshot))
                    .collect(),
                Vec::new(),
            ),
            Self::ResizeAutoScalingGroup { from, to } => {
                both(vec![resize_group(&id, *to)], vec![resize_group(&id, *from)])
            }
            // Once the name has moved, no command brings it back with what was written since.
            Self::SwitchDatabase(switch) => both(switch.forward(), Vec::new()),
            Self::RefreshInstances(refresh) => both(refresh.forward(&id), refresh.back(&id)),
            Self::FollowLoad { from, to, target_cpu_percent } => both(
                vec![
                    format!(
                        "autoscaling put-scaling-policy --auto-scaling-group-name={id} --policy-name trimtab-cpu --policy-type TargetTrackingScaling --target-tracking-configuration {}",
                        quoted(&format!(
                            r#"{{"PredefinedMetricSpecification":{{"PredefinedMetricType":"ASGAverageCPUUtilization"}},"TargetValue":{target_cpu_percent}}}"#
                        ))
                    ),
                    format!(
                        "autoscaling update-auto-scaling-group --auto-scaling-group-name={id} --min-size {} --max-size {}",
                        to.min_size, to.max_size
                    ),
                ],
                vec![
                    resize_group(&id, *from),
                    format!(
                        "autoscaling delete-policy --auto-scaling-group-name={id} --policy-name trimtab-cpu"
                    ),
                ],
            ),
            Self::ResizeCapacityReservation {
                instance_type,
                instance_platform,
                availability_zone,
                from,
                to: 0,
            } => both(
                vec![format!("ec2 cancel-capacity-reservation --capacity-reservation-id {id}")],
                vec![format!(
                    "ec2 create-capacity-reservation --instance-type {} --instance-platform {} --availability-zone {} --instance-count {from}",
                    quoted(instance_type.as_str()),
                    quoted(instance_platform.as_deref().unwrap_or("Linux/UNIX")),
                    availability_zone.as_deref().map_or_else(|| "<its zone>".to_owned(), quoted),
                )],
            ),
            Self::ResizeCapacityReservation { from, to, .. } => {
                both(vec![resize_reservation(&id, *to)], vec![resize_reservation(&id, *from)])
            }
            Self::ReleaseHost { capacity, availability_zone } => {
                let kind = match capacity {
                    HostCapacity::InstanceType(name) => format!("--instance-type {}", quoted(name)),
                    HostCapacity::InstanceFamily(name) => {
                        format!("--instance-family {}", quoted(name))
                    }
                };
                let zone =
                    availability_zone.as_deref().map_or_else(|| "<its zone>".to_owned(), quoted);
                both(
                    vec![format!("ec2 release-hosts --host-ids {id}")],
                    vec![format!(
                        "ec2 allocate-hosts {kind} --availability-zone {zone} --quantity 1"
                    )],
                )
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
                // Volumes that do not go with their instance stay, and are charged on.
                if !volume_ids.is_empty() {
                    let ids: Vec<&str> = volume_ids.iter().map(|id| id.as_str()).collect();
                    apply.push(format!("ec2 wait instance-terminated --instance-ids {id}"));
                    apply.push(format!(
                        "ec2 describe-volumes --filters {} --query 'Volumes[].VolumeId'",
                        quoted(&format!("Name=volume-id,Values={}", ids.join(",")))
                    ));
                    apply.push("ec2 delete-volume --volume-id <each that was printed>".to_owned());
                }
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
            Self::DeleteSnapshot { .. } => both(vec![delete_snapshot(&target.id)], Vec::new()),
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
            Self::UpdateFunctionMemory { from_mb, to_mb } => {
                both(vec![update_memory(&id, *to_mb)], vec![update_memory(&id, *from_mb)])
            }
            Self::UpdateFunctionArchitecture { from, to } => {
                both(vec![update_architecture(&id, to)], vec![update_architecture(&id, from)])
            }
            Self::UseCommitment { by, .. } => {
                let (apply, undo) = by.commands(target);
                both(apply, undo)
            }
            Self::ApplySchedule { schedule, target: what } => {
                let (apply, undo) = schedule::commands(schedule, what, target);
                both(apply, undo)
            }
            // No command of AWS repairs a program: these follow the repair.
            Self::FixApplication(repair) => {
                both(retype_instance(&id, &repair.to), retype_instance(&id, &repair.from))
            }
            // The calls go to the tasks first: what is left of the function then is this.
            Self::MoveToContainers(_) => both(
                vec![format!(
                    "lambda put-function-concurrency --function-name {id} --reserved-concurrent-executions 0"
                )],
                vec![format!("lambda delete-function-concurrency --function-name {id}")],
            ),
            Self::ConvertServerless(_) => {
                // Nothing here stops the server: the function has to do its work first.
                let write = format!("trimtab serverless scaffold {id} --out <a new directory>");
                let (apply, start) = match target.kind {
                    ResourceKind::EcsService => (vec![write], start_service(&target.id)),
                    _ => (
                        vec![write, "trimtab plan create --migration <that directory>".to_owned()],
                        format!("ec2 start-instances --instance-ids {id}"),
                    ),
                };
                Commands { apply, ..both(Vec::new(), vec![start]) }
            }
            Self::FixQuery(repair) => both(
                vec![modify_db_class(&id, &repair.to)],
                vec![modify_db_class(&id, &repair.from)],
            ),
            Self::Delete(deletion) => {
                let (apply, undo) = deletion.commands(target);
                both(apply, undo)
            }
            Self::Set(setting) => {
                let (apply, undo) = setting.commands(target);
                both(apply, undo)
            }
            Self::Remove { removal } => {
                let Commands { apply, undo } = removal.commands(target);
                both(apply, undo)
            }
            Self::Configure { from, to } => {
                let undo = from.can_return().then(|| from.commands(target, to));
                both(to.commands(target, from), undo.unwrap_or_default())
            }
        }
    }
}

/// Returns the command that brings the tasks of a service back.
fn start_service(id: &ResourceId) -> String {
    let (cluster, service) = id.as_str().split_once('/').unwrap_or(("default", id.as_str()));
    format!(
        "ecs update-service --cluster {} --service {} --desired-count <how many there were>",
        quoted(cluster),
        quoted(service)
    )
}

fn delete_snapshot(snapshot: &ResourceId) -> String {
    format!("ec2 delete-snapshot --snapshot-id {}", quoted(snapshot.as_str()))
}

pub(super) fn resize_group(id: &str, sizes: GroupSizes) -> String {
    format!(
        "autoscaling update-auto-scaling-group --auto-scaling-group-name={id} --min-size {} --max-size {} --desired-capacity {}",
        sizes.min_size, sizes.max_size, sizes.desired_capacity
    )
}

fn resize_reservation(id: &str, seats: u32) -> String {
    format!(
        "ec2 modify-capacity-reservation --capacity-reservation-id {id} --instance-count {seats}"
    )
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

fn update_memory(id: &str, memory_mb: u32) -> String {
    format!("lambda update-function-configuration --function-name={id} --memory-size {memory_mb}")
}

fn update_architecture(id: &str, architecture: &str) -> String {
    format!(
        "lambda update-function-code --function-name={id} --architectures {} --s3-bucket <bucket of the build for {architecture}> --s3-key <its key> --publish",
        quoted(architecture)
    )
}

/// Quotes `text` for a POSIX shell, where it needs to be.
pub(super) fn quoted(text: &str) -> String {
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
    fn volumes_that_outlive_their_instance_are_deleted_too() {
        let action = Action::TerminateInstance {
            instance_type: "m5.large".into(),
            volume_ids: vec!["vol-1".into(), "vol-2".into()],
        };
        let apply = action.commands(&target("i-1")).apply;
        let terminated = apply.iter().position(|one| one.contains("terminate-instances"));
        let listed = apply.iter().position(|one| one.contains("Name=volume-id,Values=vol-1,vol-2"));
        let deleted = apply.iter().position(|one| one.contains("ec2 delete-volume"));
        assert!(terminated.is_some() && terminated < listed && listed < deleted, "{apply:?}");
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
