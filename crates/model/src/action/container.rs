//! Settings of container services and clusters that a change moves from one value to another.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::GroupSizes;
use super::commands::{quoted, resize_group};
use crate::id::{InstanceType, ResourceId};
use crate::resource::ResourceRef;

/// One value of a setting; a change has two of the same variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContainerSetting {
    /// How many tasks an ECS service runs.
    ServiceTasks(u32),
    /// Between how many tasks Application Auto Scaling keeps an ECS service.
    TaskLimits(TaskLimits),
    /// What each task of an ECS service is.
    Task(TaskShape),
    /// The EC2 machines that wait for tasks of an ECS cluster.
    Machines {
        /// Those that run and belong to no group.
        instance_ids: Vec<ResourceId>,
        /// The groups of the others.
        groups: Vec<MachineGroup>,
    },
    /// The machines of an EKS node group.
    Nodes(NodeShape),
    /// The version of Kubernetes of an EKS cluster.
    KubernetesVersion {
        /// The version now; absent afterwards, when a person goes up version by version.
        version: Option<String>,
    },
}

/// The fewest and the most tasks that Application Auto Scaling gives an ECS service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskLimits {
    /// `MinCapacity`.
    pub min_capacity: u32,
    /// `MaxCapacity`.
    pub max_capacity: u32,
}

/// Size and architecture of a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskShape {
    /// `family` of the task definition.
    pub family: String,
    /// The revision that has this shape; absent where it is yet to be registered.
    pub revision: Option<u32>,
    /// `cpu`, in units of which 1,024 are a vCPU.
    pub cpu_units: u32,
    /// `memory`, in MiB.
    pub memory_mib: u32,
    /// `runtimePlatform.cpuArchitecture`.
    pub cpu_architecture: String,
}

/// What the machines of a node group are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeShape {
    /// `clusterName`.
    pub cluster_name: String,
    /// `nodegroupName`: another shape is another group.
    pub nodegroup_name: String,
    /// `instanceTypes`.
    pub instance_types: Vec<InstanceType>,
    /// `amiType`, where there is one that AWS keeps.
    pub ami_type: Option<String>,
    /// `scalingConfig`.
    pub sizes: GroupSizes,
}

/// An Auto Scaling group of machines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MachineGroup {
    /// `AutoScalingGroupName`.
    pub name: ResourceId,
    /// The machines in it.
    pub members: Vec<ResourceId>,
    /// Its sizes.
    pub sizes: GroupSizes,
}

impl ContainerSetting {
    /// Returns the value in a phrase that needs no translation.
    pub fn phrase(&self) -> String {
        match self {
            Self::ServiceTasks(count) => format!("desiredCount={count}"),
            Self::TaskLimits(limits) => {
                format!("MinCapacity={} MaxCapacity={}", limits.min_capacity, limits.max_capacity)
            }
            Self::Task(shape) => {
                format!("{} {}/{} MiB", shape.cpu_architecture, shape.cpu_units, shape.memory_mib)
            }
            Self::Machines { instance_ids, groups } => {
                let grouped: usize =
                    groups.iter().map(|group| group.sizes.desired_capacity as usize).sum();
                format!("{} EC2", instance_ids.len() + grouped)
            }
            Self::Nodes(shape) => words(&shape.instance_types, ", "),
            Self::KubernetesVersion { version } => match version {
                Some(version) => format!("Kubernetes {version}"),
                None => "Kubernetes +".to_owned(),
            },
        }
    }

    pub(super) fn to_map(&self) -> Map<String, Value> {
        let pairs: Vec<(&str, Value)> = match self {
            Self::ServiceTasks(count) => vec![("desired_count", json!(count))],
            Self::TaskLimits(limits) => vec![
                ("min_capacity", json!(limits.min_capacity)),
                ("max_capacity", json!(limits.max_capacity)),
            ],
            Self::Task(shape) => vec![
                ("cpu_units", json!(shape.cpu_units)),
                ("memory_mib", json!(shape.memory_mib)),
                ("cpu_architecture", json!(shape.cpu_architecture)),
            ],
            Self::Machines { instance_ids, groups } => {
                let groups: Vec<Value> = groups
                    .iter()
                    .map(|group| {
                        json!({
                            "name": group.name,
                            "min_size": group.sizes.min_size,
                            "max_size": group.sizes.max_size,
                            "desired_capacity": group.sizes.desired_capacity,
                        })
                    })
                    .collect();
                vec![
                    ("running_instance_ids", json!(instance_ids)),
                    ("auto_scaling_groups", json!(groups)),
                ]
            }
            Self::Nodes(shape) => vec![
                ("nodegroup_name", json!(shape.nodegroup_name)),
                ("instance_types", json!(shape.instance_types)),
                ("ami_type", json!(shape.ami_type)),
            ],
            Self::KubernetesVersion { version } => vec![("version", json!(version))],
        };
        pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
    }

    /// Returns whether the value can be set again after it was left.
    pub fn can_return(&self) -> bool {
        match self {
            Self::KubernetesVersion { .. } => false,
            Self::ServiceTasks(_)
            | Self::TaskLimits(_)
            | Self::Task(_)
            | Self::Machines { .. }
            | Self::Nodes(_) => true,
        }
    }

    /// Returns the commands that set this value, without the program's name and the region.
    ///
    /// `from` is the value before.
    pub(super) fn commands(&self, target: &ResourceRef, from: &Self) -> Vec<String> {
        match self {
            Self::ServiceTasks(count) => {
                vec![update_service(target, &format!("--desired-count {count}"))]
            }
            Self::TaskLimits(limits) => vec![register_tasks(target, *limits)],
            Self::Task(shape) => task(target, shape),
            Self::Machines { instance_ids, groups } => machines(instance_ids, groups, from),
            Self::Nodes(shape) => nodes(shape, from),
            Self::KubernetesVersion { .. } => {
                let id = quoted(target.id.as_str());
                vec![
                    format!(
                        "eks list-insights --cluster-name {id} --filter categories=UPGRADE_READINESS"
                    ),
                    format!(
                        "eks update-cluster-version --name {id} --kubernetes-version <the next minor version, then the one after it>"
                    ),
                ]
            }
        }
    }
}

/// The id of a service is its cluster's name and its own.
/// Returns the names of an ECS service's cluster and of the service.
pub(super) fn cluster_and_service(target: &ResourceRef) -> (&str, &str) {
    let id = target.id.as_str();
    id.split_once('/').unwrap_or(("default", id))
}

/// Returns the command that changes an ECS service.
pub(super) fn update_service(target: &ResourceRef, rest: &str) -> String {
    let (cluster, service) = cluster_and_service(target);
    format!("ecs update-service --cluster {} --service {} {rest}", quoted(cluster), quoted(service))
}

/// Returns the command that sets between how many tasks an ECS service is kept.
pub(super) fn register_tasks(target: &ResourceRef, limits: TaskLimits) -> String {
    format!(
        "application-autoscaling register-scalable-target {} --min-capacity {} --max-capacity {}",
        scalable_tasks(target),
        limits.min_capacity,
        limits.max_capacity,
    )
}

/// Returns the options that name the tasks of an ECS service to Application Auto Scaling.
pub(super) fn scalable_tasks(target: &ResourceRef) -> String {
    let (cluster, service) = cluster_and_service(target);
    format!(
        "--service-namespace ecs --resource-id {} --scalable-dimension ecs:service:DesiredCount",
        quoted(&format!("service/{cluster}/{service}")),
    )
}

fn task(target: &ResourceRef, shape: &TaskShape) -> Vec<String> {
    let family = quoted(&shape.family);
    if let Some(revision) = shape.revision {
        let name = quoted(&format!("{}:{revision}", shape.family));
        return vec![update_service(target, &format!("--task-definition {name}"))];
    }
    let (cpu, memory, architecture) =
        (shape.cpu_units, shape.memory_mib, quoted(&shape.cpu_architecture));
    vec![
        format!("ecs describe-task-definition --task-definition {family} --query taskDefinition"),
        format!(
            "ecs register-task-definition --family {family} --cpu {cpu} --memory {memory} --runtime-platform cpuArchitecture={architecture} --cli-input-json <what was printed above, without what only AWS sets>"
        ),
        update_service(target, &format!("--task-definition {family}")),
    ]
}

fn machines(
    instance_ids: &[ResourceId],
    groups: &[MachineGroup],
    from: &ContainerSetting,
) -> Vec<String> {
    let mut commands: Vec<String> = groups
        .iter()
        .map(|group| resize_group(&quoted(group.name.as_str()), group.sizes))
        .collect();
    let ContainerSetting::Machines { instance_ids: before, .. } = from else { return commands };
    let mut of = |verb: &str, ids: Vec<&ResourceId>| {
        if !ids.is_empty() {
            let ids: Vec<String> = ids.into_iter().map(|id| quoted(id.as_str())).collect();
            commands.push(format!("ec2 {verb}-instances --instance-ids {}", ids.join(" ")));
        }
    };
    of("stop", before.iter().filter(|id| !instance_ids.contains(id)).collect());
    of("start", instance_ids.iter().filter(|id| !before.contains(id)).collect());
    commands
}

/// The new group comes first: pods move to it before the old one goes.
fn nodes(shape: &NodeShape, from: &ContainerSetting) -> Vec<String> {
    let cluster = quoted(&shape.cluster_name);
    let ami_type = shape
        .ami_type
        .as_deref()
        .map_or_else(|| "<an AMI type of its architecture>".to_owned(), quoted);
    let name = quoted(&shape.nodegroup_name);
    let mut commands = vec![
        format!(
            "eks create-nodegroup --cluster-name {cluster} --nodegroup-name {name} --instance-types {} --ami-type {ami_type} --scaling-config minSize={},maxSize={},desiredSize={} --node-role <its role> --subnets <its subnets>",
            words(&shape.instance_types, " "),
            shape.sizes.min_size,
            shape.sizes.max_size,
            shape.sizes.desired_capacity,
        ),
        format!("eks wait nodegroup-active --cluster-name {cluster} --nodegroup-name {name}"),
    ];
    if let ContainerSetting::Nodes(before) = from {
        commands.push(format!(
            "eks delete-nodegroup --cluster-name {cluster} --nodegroup-name {}",
            quoted(&before.nodegroup_name)
        ));
    }
    commands
}

fn words(types: &[InstanceType], between: &str) -> String {
    let types: Vec<String> = types.iter().map(|one| quoted(one.as_str())).collect();
    types.join(between)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::Environment;
    use crate::resource::ResourceKind;

    fn target() -> ResourceRef {
        ResourceRef {
            id: "arena/match maker".into(),
            kind: ResourceKind::EcsService,
            account: "111122223333".into(),
            region: "ap-northeast-2".into(),
            environment: Environment::Dev,
            name: None,
        }
    }

    fn shape(revision: Option<u32>) -> ContainerSetting {
        ContainerSetting::Task(TaskShape {
            family: "match".into(),
            revision,
            cpu_units: 512,
            memory_mib: 1024,
            cpu_architecture: "X86_64".into(),
        })
    }

    #[test]
    fn a_new_shape_is_registered_and_the_old_one_is_named() {
        let apply = shape(None).commands(&target(), &shape(Some(7)));
        assert!(apply[1].contains("--cpu 512 --memory 1024"), "{apply:?}");
        let undo = shape(Some(7)).commands(&target(), &shape(None));
        assert_eq!(
            undo,
            [
                "ecs update-service --cluster arena --service 'match maker' --task-definition match:7"
            ]
        );
    }

    #[test]
    fn machines_without_a_group_are_stopped_and_started() {
        let of = |ids: &[&str]| ContainerSetting::Machines {
            instance_ids: ids.iter().map(|id| (*id).into()).collect(),
            groups: Vec::new(),
        };
        let (now, none) = (of(&["i-1", "i-2"]), of(&[]));
        let stop = none.commands(&target(), &now);
        assert_eq!(stop, ["ec2 stop-instances --instance-ids i-1 i-2"]);
        let start = now.commands(&target(), &none);
        assert_eq!(start, ["ec2 start-instances --instance-ids i-1 i-2"]);
    }
}
