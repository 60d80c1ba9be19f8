//! Databases, caches and tables that a deletion takes away, and the commands that do it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::commands::{Commands, quoted};
use super::state::entry;
use crate::id::{DbInstanceClass, ResourceId};
use crate::resource::ResourceRef;
use crate::resource::studio_app::AppOwner;

/// What is deleted, with what its deletion and its return need to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Removal {
    /// A read replica: its source keeps the data.
    ReadReplica {
        /// The instance it copies.
        source: ResourceId,
        /// The class.
        db_instance_class: DbInstanceClass,
    },
    /// A stopped DB instance, which has to run once more for its final snapshot.
    StoppedDbInstance {
        /// The class.
        db_instance_class: DbInstanceClass,
    },
    /// A manual snapshot of a DB instance.
    DbSnapshot,
    /// A manual snapshot of a DB cluster.
    DbClusterSnapshot,
    /// A DB cluster with its members, after a final snapshot.
    DbCluster {
        /// The engine, such as `aurora-mysql` or `docdb`.
        engine: String,
        /// Its members.
        members: Vec<RemovedMember>,
    },
    /// A cache cluster that belongs to no group, after a final backup where the engine has one.
    CacheCluster {
        /// The engine.
        engine: String,
        /// The node type.
        cache_node_type: String,
        /// How many nodes.
        num_cache_nodes: u32,
    },
    /// A replication group with all its nodes, after a final backup.
    ReplicationGroup {
        /// The group.
        replication_group_id: ResourceId,
        /// The engine.
        engine: String,
        /// The node type.
        cache_node_type: String,
    },
    /// A serverless cache, after a final backup where the engine has one.
    ServerlessCache {
        /// The engine.
        engine: String,
    },
    /// A MemoryDB cluster, after a final snapshot.
    MemoryDbCluster {
        /// The node type.
        node_type: String,
    },
    /// An OpenSearch Service domain with its indexes.
    SearchDomain {
        /// The instance type.
        instance_type: String,
    },
    /// An EMR cluster with its instances and their volumes.
    EmrCluster {
        /// `ReleaseLabel`, where it is known.
        release_label: Option<String>,
        /// `TerminationProtected`: the protection ends first.
        termination_protected: bool,
        /// The instances and volumes that go with it.
        member_ids: Vec<ResourceId>,
    },
    /// A SageMaker endpoint; its configuration and its model stay.
    ModelEndpoint {
        /// `EndpointConfigName`, which the return needs.
        endpoint_config_name: Option<String>,
    },
    /// An app of SageMaker Studio; the files of its owner stay.
    StudioApp {
        /// `DomainId`.
        domain_id: String,
        /// Whose app it is.
        owner: AppOwner,
        /// `AppType`.
        app_type: String,
        /// `AppName`.
        app_name: String,
        /// `InstanceType`.
        instance_type: String,
    },
    /// An EKS cluster with the objects that are kept in it.
    EksCluster {
        /// The version of Kubernetes, which the return needs.
        version: String,
        /// Its managed node groups, which go first.
        nodegroups: Vec<String>,
    },
}

/// A DB instance that goes with its cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemovedMember {
    /// The instance.
    pub db_instance_identifier: ResourceId,
    /// Its class, where the listing has it.
    pub db_instance_class: Option<DbInstanceClass>,
}

impl Removal {
    /// Returns what is there now in one word that needs no translation; absent for snapshots.
    pub fn word(&self) -> Option<&str> {
        match self {
            Self::ReadReplica { db_instance_class, .. }
            | Self::StoppedDbInstance { db_instance_class } => Some(db_instance_class.as_str()),
            Self::DbSnapshot | Self::DbClusterSnapshot => None,
            Self::DbCluster { engine, .. } | Self::ServerlessCache { engine } => Some(engine),
            Self::CacheCluster { cache_node_type, .. }
            | Self::ReplicationGroup { cache_node_type, .. } => Some(cache_node_type),
            Self::MemoryDbCluster { node_type } => Some(node_type),
            Self::SearchDomain { instance_type } | Self::StudioApp { instance_type, .. } => {
                Some(instance_type)
            }
            Self::EmrCluster { release_label, .. } => {
                Some(release_label.as_deref().unwrap_or("EMR"))
            }
            Self::ModelEndpoint { endpoint_config_name } => {
                Some(endpoint_config_name.as_deref().unwrap_or("InService"))
            }
            Self::EksCluster { .. } => Some("EKS"),
        }
    }

    pub(super) fn current(&self) -> Map<String, Value> {
        match self {
            Self::ReadReplica { source, db_instance_class } => {
                let mut map = entry("db_instance_class", json!(db_instance_class));
                map.insert("read_replica_source".into(), json!(source));
                map
            }
            Self::StoppedDbInstance { db_instance_class } => {
                let mut map = entry("db_instance_class", json!(db_instance_class));
                map.insert("state".into(), json!("stopped"));
                map
            }
            Self::DbSnapshot | Self::DbClusterSnapshot => entry("state", json!("available")),
            Self::DbCluster { engine, members } => {
                let names: Vec<_> =
                    members.iter().map(|member| &member.db_instance_identifier).collect();
                let mut map = entry("engine", json!(engine));
                map.insert("members".into(), json!(names));
                map
            }
            Self::CacheCluster { engine, cache_node_type, num_cache_nodes } => {
                let mut map = entry("cache_node_type", json!(cache_node_type));
                map.insert("engine".into(), json!(engine));
                map.insert("num_cache_nodes".into(), json!(num_cache_nodes));
                map
            }
            Self::ReplicationGroup { replication_group_id, engine, cache_node_type } => {
                let mut map = entry("cache_node_type", json!(cache_node_type));
                map.insert("engine".into(), json!(engine));
                map.insert("replication_group_id".into(), json!(replication_group_id));
                map
            }
            Self::ServerlessCache { engine } => entry("engine", json!(engine)),
            Self::MemoryDbCluster { node_type } => entry("node_type", json!(node_type)),
            Self::SearchDomain { instance_type } => entry("instance_type", json!(instance_type)),
            Self::EmrCluster { release_label, member_ids, .. } => {
                let mut map = entry("release_label", json!(release_label));
                map.insert("member_ids".into(), json!(member_ids));
                map
            }
            Self::ModelEndpoint { endpoint_config_name } => {
                entry("endpoint_config_name", json!(endpoint_config_name))
            }
            Self::StudioApp { app_type, instance_type, .. } => {
                let mut map = entry("instance_type", json!(instance_type));
                map.insert("app_type".into(), json!(app_type));
                map
            }
            Self::EksCluster { version, nodegroups } => {
                let mut map = entry("version", json!(version));
                map.insert("nodegroups".into(), json!(nodegroups));
                map
            }
        }
    }

    /// Returns the commands, without the program's name and the region.
    pub(super) fn commands(&self, target: &ResourceRef) -> Commands {
        let id = quoted(target.id.as_str());
        let kept = |name: &str| quoted(&format!("trimtab-final-{name}"));
        let last = kept(target.id.as_str());
        match self {
            Self::ReadReplica { source, db_instance_class } => Commands {
                apply: vec![format!(
                    "rds delete-db-instance --db-instance-identifier {id} --skip-final-snapshot"
                )],
                undo: vec![format!(
                    "rds create-db-instance-read-replica --db-instance-identifier {id} --source-db-instance-identifier {} --db-instance-class {}",
                    quoted(source.as_str()),
                    quoted(db_instance_class.as_str())
                )],
            },
            Self::StoppedDbInstance { db_instance_class } => Commands {
                apply: vec![
                    format!("rds start-db-instance --db-instance-identifier {id}"),
                    format!("rds wait db-instance-available --db-instance-identifier {id}"),
                    format!(
                        "rds delete-db-instance --db-instance-identifier {id} --final-db-snapshot-identifier {last}"
                    ),
                ],
                undo: vec![format!(
                    "rds restore-db-instance-from-db-snapshot --db-instance-identifier {id} --db-snapshot-identifier {last} --db-instance-class {}",
                    quoted(db_instance_class.as_str())
                )],
            },
            Self::DbSnapshot => Commands {
                apply: vec![format!("rds delete-db-snapshot --db-snapshot-identifier {id}")],
                undo: Vec::new(),
            },
            Self::DbClusterSnapshot => Commands {
                apply: vec![format!(
                    "rds delete-db-cluster-snapshot --db-cluster-snapshot-identifier {id}"
                )],
                undo: Vec::new(),
            },
            Self::DbCluster { engine, members } => delete_cluster(&id, &last, engine, members),
            Self::CacheCluster { engine, cache_node_type, num_cache_nodes } => {
                let (keep, restore) = match engine.as_str() {
                    "memcached" => (String::new(), String::new()),
                    _ => (
                        format!(" --final-snapshot-identifier {last}"),
                        format!(" --snapshot-name {last}"),
                    ),
                };
                Commands {
                    apply: vec![format!(
                        "elasticache delete-cache-cluster --cache-cluster-id {id}{keep}"
                    )],
                    undo: vec![format!(
                        "elasticache create-cache-cluster --cache-cluster-id {id} --engine {} --cache-node-type {} --num-cache-nodes {num_cache_nodes}{restore}",
                        quoted(engine),
                        quoted(cache_node_type)
                    )],
                }
            }
            Self::ReplicationGroup { replication_group_id, engine, cache_node_type } => {
                let (group, last) =
                    (quoted(replication_group_id.as_str()), kept(replication_group_id.as_str()));
                Commands {
                    apply: vec![format!(
                        "elasticache delete-replication-group --replication-group-id {group} --final-snapshot-identifier {last}"
                    )],
                    undo: vec![format!(
                        "elasticache create-replication-group --replication-group-id {group} --replication-group-description restored --engine {} --cache-node-type {} --snapshot-name {last}",
                        quoted(engine),
                        quoted(cache_node_type)
                    )],
                }
            }
            Self::ServerlessCache { engine } => {
                let (keep, restore) = match engine.as_str() {
                    "memcached" => (String::new(), ""),
                    _ => (
                        format!(" --final-snapshot-name {last}"),
                        " --snapshot-arns-to-restore <the ARN of the snapshot made above>",
                    ),
                };
                Commands {
                    apply: vec![format!(
                        "elasticache delete-serverless-cache --serverless-cache-name {id}{keep}"
                    )],
                    undo: vec![format!(
                        "elasticache create-serverless-cache --serverless-cache-name {id} --engine {}{restore}",
                        quoted(engine)
                    )],
                }
            }
            Self::MemoryDbCluster { node_type } => Commands {
                apply: vec![format!(
                    "memorydb delete-cluster --cluster-name {id} --final-snapshot-name {last}"
                )],
                undo: vec![format!(
                    "memorydb create-cluster --cluster-name {id} --node-type {} --acl-name <its ACL> --snapshot-name {last}",
                    quoted(node_type)
                )],
            },
            Self::SearchDomain { .. } => Commands {
                apply: vec![format!("opensearch delete-domain --domain-name {id}")],
                undo: Vec::new(),
            },
            Self::EmrCluster { termination_protected, .. } => {
                let unprotect = termination_protected.then(|| {
                    format!(
                        "emr modify-cluster-attributes --cluster-id {id} --no-termination-protected"
                    )
                });
                let end = format!("emr terminate-clusters --cluster-ids {id}");
                Commands { apply: unprotect.into_iter().chain([end]).collect(), undo: Vec::new() }
            }
            Self::ModelEndpoint { endpoint_config_name } => Commands {
                apply: vec![format!("sagemaker delete-endpoint --endpoint-name {id}")],
                undo: vec![format!(
                    "sagemaker create-endpoint --endpoint-name {id} --endpoint-config-name {}",
                    endpoint_config_name
                        .as_deref()
                        .map_or_else(|| "<its configuration>".to_owned(), quoted)
                )],
            },
            Self::StudioApp { domain_id, owner, app_type, app_name, instance_type } => {
                let owner = match owner {
                    AppOwner::UserProfile(name) => format!("--user-profile-name {}", quoted(name)),
                    AppOwner::Space(name) => format!("--space-name {}", quoted(name)),
                };
                let app = format!(
                    "--domain-id {} {owner} --app-type {} --app-name {}",
                    quoted(domain_id),
                    quoted(app_type),
                    quoted(app_name)
                );
                Commands {
                    apply: vec![format!("sagemaker delete-app {app}")],
                    undo: vec![format!(
                        "sagemaker create-app {app} --resource-spec InstanceType={}",
                        quoted(instance_type)
                    )],
                }
            }
            Self::EksCluster { version, nodegroups } => {
                let groups = nodegroups.iter().flat_map(|group| {
                    let which = format!("--cluster-name {id} --nodegroup-name {}", quoted(group));
                    [
                        format!("eks delete-nodegroup {which}"),
                        format!("eks wait nodegroup-deleted {which}"),
                    ]
                });
                let cluster = std::iter::once(format!("eks delete-cluster --name {id}"));
                Commands {
                    apply: groups.chain(cluster).collect(),
                    undo: vec![format!(
                        "eks create-cluster --name {id} --kubernetes-version {} --role-arn <its role> --resources-vpc-config <its subnets and security groups>",
                        quoted(version)
                    )],
                }
            }
        }
    }
}

/// Members go first: a cluster that still has one is not deleted.
fn delete_cluster(id: &str, last: &str, engine: &str, members: &[RemovedMember]) -> Commands {
    let (service, skip) = match engine {
        "docdb" => ("docdb", ""),
        "neptune" => ("neptune", " --skip-final-snapshot"),
        _ => ("rds", " --skip-final-snapshot"),
    };
    let mut apply: Vec<String> = members
        .iter()
        .map(|member| {
            let name = quoted(member.db_instance_identifier.as_str());
            format!("{service} delete-db-instance --db-instance-identifier {name}{skip}")
        })
        .collect();
    apply.push(format!(
        "{service} delete-db-cluster --db-cluster-identifier {id} --final-db-snapshot-identifier {last}"
    ));
    let engine = quoted(engine);
    let mut undo = vec![format!(
        "{service} restore-db-cluster-from-snapshot --db-cluster-identifier {id} --snapshot-identifier {last} --engine {engine}"
    )];
    undo.extend(members.iter().map(|member| {
        let class = member
            .db_instance_class
            .as_ref()
            .map_or_else(|| "<its class>".to_owned(), |class| quoted(class.as_str()));
        let name = quoted(member.db_instance_identifier.as_str());
        format!(
            "{service} create-db-instance --db-instance-identifier {name} --db-cluster-identifier {id} --db-instance-class {class} --engine {engine}"
        )
    }));
    Commands { apply, undo }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::Environment;
    use crate::resource::ResourceKind;

    fn apply(removal: &Removal) -> Vec<String> {
        let target = ResourceRef {
            id: "game".into(),
            kind: ResourceKind::DbCluster,
            account: "111122223333".into(),
            region: "ap-northeast-2".into(),
            environment: Environment::Dev,
            name: None,
        };
        removal.commands(&target).apply
    }

    #[test]
    fn the_members_of_a_cluster_go_before_it_and_a_snapshot_stays() {
        let members = vec![RemovedMember {
            db_instance_identifier: "game-1".into(),
            db_instance_class: None,
        }];
        let commands = apply(&Removal::DbCluster { engine: "docdb".into(), members });
        assert_eq!(
            commands,
            [
                "docdb delete-db-instance --db-instance-identifier game-1",
                "docdb delete-db-cluster --db-cluster-identifier game --final-db-snapshot-identifier trimtab-final-game",
            ]
        );
    }

    #[test]
    fn a_protected_cluster_loses_its_protection_first() {
        let removal = |termination_protected| Removal::EmrCluster {
            release_label: None,
            termination_protected,
            member_ids: Vec::new(),
        };
        assert_eq!(apply(&removal(false)), ["emr terminate-clusters --cluster-ids game"]);
        assert!(apply(&removal(true))[0].contains("--no-termination-protected"));
    }

    #[test]
    fn a_memcached_cluster_has_no_backup_to_keep() {
        let removal = |engine: &str| Removal::CacheCluster {
            engine: engine.into(),
            cache_node_type: "cache.t4g.small".into(),
            num_cache_nodes: 1,
        };
        assert!(!apply(&removal("memcached"))[0].contains("final-snapshot"));
        assert!(apply(&removal("valkey"))[0].contains("--final-snapshot-identifier"));
    }
}
