//! Settings of databases, caches and tables that a change moves from one value to another.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::capacity_minimum::{self, CapacityMinimum};
use super::commands::quoted;
use super::container::ContainerSetting;
use crate::id::ResourceId;
use crate::resource::ResourceRef;
use crate::resource::dynamo_table::{TableIndex, Throughput};
use crate::resource::search_domain::EbsOptions;

/// One value of a setting; a change has two of the same variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Configuration {
    /// Whether a DB instance has a standby in another zone.
    DbStandby(Standby),
    /// The major version of a DB instance's engine, of its cluster where it is in one.
    DbEngineVersion {
        /// The engine.
        engine: String,
        /// The version now; absent afterwards, when a person chooses among the targets AWS offers.
        version: Option<String>,
        /// The cluster that carries the version.
        db_cluster_identifier: Option<ResourceId>,
    },
    /// The storage of a DB instance in GiB, which shrinks only by a blue/green deployment.
    DbAllocatedStorage {
        /// `DBInstanceArn`, where it is known.
        db_instance_arn: Option<String>,
        /// `AllocatedStorage`.
        allocated_storage_gib: u32,
    },
    /// `PerformanceInsightsRetentionPeriod` of a DB instance, in days.
    DbInsightsRetention(u32),
    /// `StorageType` of an Aurora cluster.
    ClusterStorageType(String),
    /// `ServerlessV2ScalingConfiguration` of a cluster.
    ClusterCapacity {
        /// `MinCapacity`.
        min_capacity: Decimal,
        /// `MaxCapacity`.
        max_capacity: Decimal,
    },
    /// The node type of a cache.
    CacheNodeType {
        /// What carries it.
        scope: CacheScope,
        /// `CacheNodeType`.
        cache_node_type: String,
    },
    /// The engine of a replication group.
    CacheEngine {
        /// The group.
        replication_group_id: ResourceId,
        /// `Engine`.
        engine: String,
        /// `EngineVersion`, where it is known.
        engine_version: Option<String>,
    },
    /// Nodes of a Redshift cluster.
    RedshiftNodes {
        /// `NodeType`.
        node_type: String,
        /// `NumberOfNodes`.
        number_of_nodes: u32,
    },
    /// Whether a Redshift cluster runs.
    RedshiftState(RunState),
    /// The data nodes of a search domain.
    DomainInstances {
        /// `InstanceType`.
        instance_type: String,
        /// `InstanceCount`.
        instance_count: u32,
    },
    /// The volumes of a search domain, per data node.
    DomainVolume(EbsOptions),
    /// The provisioned throughput of a table and its indexes.
    TableThroughput {
        /// Of the table.
        table: Throughput,
        /// Of each index that changes.
        indexes: Vec<TableIndex>,
    },
    /// The least that Application Auto Scaling leaves of the throughput of a table and its indexes.
    TableMinima(Vec<CapacityMinimum>),
    /// A table that is paid by the request.
    TableOnDemand,
    /// `TableClass` of a table.
    TableClass(String),
    /// The provisioned concurrency of an alias or version of a function.
    ProvisionedConcurrency {
        /// The function.
        function_name: String,
        /// The alias or the version.
        qualifier: String,
        /// `ProvisionedConcurrentExecutions`; none takes the configuration away.
        executions: u32,
    },
    /// Whether a SageMaker notebook instance runs.
    NotebookState(NotebookState),
    /// A setting of a container service or cluster.
    Container(ContainerSetting),
}

/// Whether a notebook instance computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum NotebookState {
    /// It runs.
    InService,
    /// It is stopped, and its volume stays.
    Stopped,
}

/// Whether there is a standby.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standby {
    /// In another zone.
    AnotherZone,
    /// None.
    None,
}

/// Whether a cluster computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RunState {
    /// It runs.
    Available,
    /// It is paused, and its data stays.
    Paused,
}

/// What carries the node type of a cache.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum CacheScope {
    /// The cache cluster itself.
    Cluster,
    /// The replication group that it belongs to.
    ReplicationGroup(ResourceId),
}

impl Configuration {
    /// Returns the value in a phrase that needs no translation.
    pub fn phrase(&self) -> String {
        match self {
            Self::DbStandby(Standby::AnotherZone) => "Multi-AZ".to_owned(),
            Self::DbStandby(Standby::None) => "Single-AZ".to_owned(),
            Self::DbEngineVersion { engine, version, .. } => match version {
                Some(version) => format!("{engine} {version}"),
                None => format!("{engine} +"),
            },
            Self::DbAllocatedStorage { allocated_storage_gib, .. } => {
                format!("{allocated_storage_gib} GiB")
            }
            Self::DbInsightsRetention(days) => format!("{days} d"),
            Self::ClusterStorageType(storage_type) => storage_type.clone(),
            Self::ClusterCapacity { min_capacity, max_capacity } => {
                format!("{}-{} ACU", min_capacity.normalize(), max_capacity.normalize())
            }
            Self::CacheNodeType { cache_node_type, .. } => cache_node_type.clone(),
            Self::CacheEngine { engine, engine_version, .. } => match engine_version {
                Some(version) => format!("{engine} {version}"),
                None => engine.clone(),
            },
            Self::RedshiftNodes { node_type, number_of_nodes } => {
                format!("{node_type} x {number_of_nodes}")
            }
            Self::RedshiftState(state) => state.as_str().to_owned(),
            Self::DomainInstances { instance_type, instance_count } => {
                format!("{instance_type} x {instance_count}")
            }
            Self::DomainVolume(volume) => volume.volume_type.clone().unwrap_or_default(),
            Self::TableThroughput { table, indexes } => {
                let sum = |of: fn(&Throughput) -> u64| {
                    indexes.iter().map(|index| of(&index.throughput)).sum::<u64>() + of(table)
                };
                let (read, write) =
                    (sum(|one| one.read_capacity_units), sum(|one| one.write_capacity_units));
                format!("{read} RCU {write} WCU")
            }
            Self::TableMinima(minima) => capacity_minimum::phrase(minima),
            Self::TableOnDemand => "on-demand".to_owned(),
            Self::TableClass(class) => class.clone(),
            Self::ProvisionedConcurrency { executions, .. } => {
                format!("ProvisionedConcurrentExecutions={executions}")
            }
            Self::NotebookState(state) => state.as_str().to_owned(),
            Self::Container(setting) => setting.phrase(),
        }
    }

    pub(super) fn to_map(&self) -> Map<String, Value> {
        let pairs: Vec<(&str, Value)> = match self {
            Self::DbStandby(standby) => {
                vec![("multi_az", json!(*standby == Standby::AnotherZone))]
            }
            Self::DbEngineVersion { engine, version, .. } => {
                vec![("engine", json!(engine)), ("engine_version", json!(version))]
            }
            Self::DbAllocatedStorage { allocated_storage_gib, .. } => {
                vec![("allocated_storage_gib", json!(allocated_storage_gib))]
            }
            Self::DbInsightsRetention(days) => vec![("retention_days", json!(days))],
            Self::ClusterStorageType(storage_type) => vec![("storage_type", json!(storage_type))],
            Self::ClusterCapacity { min_capacity, max_capacity } => vec![
                ("min_capacity", json!(min_capacity.normalize().to_string())),
                ("max_capacity", json!(max_capacity.normalize().to_string())),
            ],
            Self::CacheNodeType { cache_node_type, .. } => {
                vec![("cache_node_type", json!(cache_node_type))]
            }
            Self::CacheEngine { engine, engine_version, .. } => {
                vec![("engine", json!(engine)), ("engine_version", json!(engine_version))]
            }
            Self::RedshiftNodes { node_type, number_of_nodes } => {
                vec![("node_type", json!(node_type)), ("number_of_nodes", json!(number_of_nodes))]
            }
            Self::RedshiftState(state) => vec![("state", json!(state.as_str()))],
            Self::DomainInstances { instance_type, instance_count } => vec![
                ("instance_type", json!(instance_type)),
                ("instance_count", json!(instance_count)),
            ],
            Self::DomainVolume(volume) => vec![
                ("volume_type", json!(volume.volume_type)),
                ("volume_size_gib", json!(volume.volume_size_gib)),
            ],
            Self::TableThroughput { table, indexes } => {
                let indexes: Vec<Value> = indexes
                    .iter()
                    .map(|index| {
                        json!({
                            "index_name": index.index_name,
                            "read_capacity_units": index.throughput.read_capacity_units,
                            "write_capacity_units": index.throughput.write_capacity_units,
                        })
                    })
                    .collect();
                vec![
                    ("billing_mode", json!("PROVISIONED")),
                    ("read_capacity_units", json!(table.read_capacity_units)),
                    ("write_capacity_units", json!(table.write_capacity_units)),
                    ("indexes", json!(indexes)),
                ]
            }
            Self::TableMinima(minima) => {
                vec![("scalable_targets", capacity_minimum::to_json(minima))]
            }
            Self::TableOnDemand => vec![("billing_mode", json!("PAY_PER_REQUEST"))],
            Self::TableClass(class) => vec![("table_class", json!(class))],
            Self::ProvisionedConcurrency { qualifier, executions, .. } => vec![
                ("qualifier", json!(qualifier)),
                ("provisioned_concurrent_executions", json!(executions)),
            ],
            Self::NotebookState(state) => vec![("state", json!(state.as_str()))],
            Self::Container(setting) => return setting.to_map(),
        };
        pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
    }

    /// Returns whether the value can be set again after it was left.
    pub fn can_return(&self) -> bool {
        match self {
            Self::DbEngineVersion { .. }
            | Self::DbAllocatedStorage { .. }
            | Self::CacheEngine { .. } => false,
            Self::DbStandby(_)
            | Self::DbInsightsRetention(_)
            | Self::ClusterStorageType(_)
            | Self::ClusterCapacity { .. }
            | Self::CacheNodeType { .. }
            | Self::RedshiftNodes { .. }
            | Self::RedshiftState(_)
            | Self::DomainInstances { .. }
            | Self::DomainVolume(_)
            | Self::TableThroughput { .. }
            | Self::TableMinima(_)
            | Self::TableOnDemand
            | Self::TableClass(_)
            | Self::ProvisionedConcurrency { .. }
            | Self::NotebookState(_) => true,
            Self::Container(setting) => setting.can_return(),
        }
    }

    /// Returns the commands that set this value, without the program's name and the region.
    ///
    /// `from` is the value before.
    pub(super) fn commands(&self, target: &ResourceRef, from: &Self) -> Vec<String> {
        let id = quoted(target.id.as_str());
        let instance =
            |rest: &str| format!("rds modify-db-instance --db-instance-identifier {id} {rest}");
        let table = |rest: &str| format!("dynamodb update-table --table-name {id} {rest}");
        let one = match self {
            Self::DbStandby(Standby::AnotherZone) => instance("--multi-az --no-apply-immediately"),
            Self::DbStandby(Standby::None) => instance("--no-multi-az --no-apply-immediately"),
            Self::DbEngineVersion { engine, db_cluster_identifier, .. } => {
                return upgrade(&id, engine, from, db_cluster_identifier.as_ref());
            }
            Self::DbAllocatedStorage { db_instance_arn, allocated_storage_gib } => {
                return blue_green(target, db_instance_arn.as_deref(), *allocated_storage_gib);
            }
            Self::DbInsightsRetention(days) => instance(&format!(
                "--performance-insights-retention-period {days} --apply-immediately"
            )),
            Self::ClusterStorageType(storage_type) => format!(
                "rds modify-db-cluster --db-cluster-identifier {id} --storage-type {} --apply-immediately",
                quoted(storage_type)
            ),
            Self::ClusterCapacity { min_capacity, max_capacity } => format!(
                "rds modify-db-cluster --db-cluster-identifier {id} --serverless-v2-scaling-configuration MinCapacity={},MaxCapacity={}",
                min_capacity.normalize(),
                max_capacity.normalize()
            ),
            Self::CacheNodeType { scope, cache_node_type } => {
                let node_type = quoted(cache_node_type);
                match scope {
                    CacheScope::Cluster => format!(
                        "elasticache modify-cache-cluster --cache-cluster-id {id} --cache-node-type {node_type} --no-apply-immediately"
                    ),
                    CacheScope::ReplicationGroup(group) => format!(
                        "elasticache modify-replication-group --replication-group-id {} --cache-node-type {node_type} --no-apply-immediately",
                        quoted(group.as_str())
                    ),
                }
            }
            Self::CacheEngine { replication_group_id, engine, engine_version } => format!(
                "elasticache modify-replication-group --replication-group-id {} --engine {} --engine-version {} --cache-parameter-group-name <a group of the new engine's family> --no-apply-immediately",
                quoted(replication_group_id.as_str()),
                quoted(engine),
                engine_version.as_deref().map_or_else(|| "<its version>".to_owned(), quoted)
            ),
            Self::RedshiftNodes { node_type, number_of_nodes } => {
                let cluster_type = if *number_of_nodes == 1 { "single-node" } else { "multi-node" };
                format!(
                    "redshift resize-cluster --cluster-identifier {id} --cluster-type {cluster_type} --node-type {} --number-of-nodes {number_of_nodes}",
                    quoted(node_type)
                )
            }
            Self::RedshiftState(RunState::Paused) => {
                format!("redshift pause-cluster --cluster-identifier {id}")
            }
            Self::RedshiftState(RunState::Available) => {
                format!("redshift resume-cluster --cluster-identifier {id}")
            }
            Self::DomainInstances { instance_type, instance_count } => format!(
                "opensearch update-domain-config --domain-name {id} --cluster-config InstanceType={},InstanceCount={instance_count}",
                quoted(instance_type)
            ),
            Self::DomainVolume(volume) => domain_volume(&id, volume),
            Self::TableThroughput { table: throughput, indexes } => {
                let mode = match from {
                    Self::TableOnDemand => "--billing-mode PROVISIONED ",
                    _ => "",
                };
                table(&format!("{mode}{}", table_throughput(*throughput, indexes)))
            }
            Self::TableMinima(minima) => return capacity_minimum::commands(minima),
            Self::TableOnDemand => table("--billing-mode PAY_PER_REQUEST"),
            Self::TableClass(class) => table(&format!("--table-class {}", quoted(class))),
            Self::ProvisionedConcurrency { function_name, qualifier, executions } => {
                provisioned_concurrency(function_name, qualifier, *executions)
            }
            Self::NotebookState(state) => {
                format!("sagemaker {} --notebook-instance-name {id}", state.verb())
            }
            Self::Container(setting) => {
                return match from {
                    Self::Container(from) => setting.commands(target, from),
                    _ => Vec::new(),
                };
            }
        };
        vec![one]
    }
}

impl RunState {
    /// Returns the service's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Available => "available",
            Self::Paused => "paused",
        }
    }
}

impl NotebookState {
    /// Returns the service's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InService => "InService",
            Self::Stopped => "Stopped",
        }
    }

    fn verb(self) -> &'static str {
        match self {
            Self::InService => "start-notebook-instance",
            Self::Stopped => "stop-notebook-instance",
        }
    }
}

fn provisioned_concurrency(function_name: &str, qualifier: &str, executions: u32) -> String {
    let of = format!("--function-name {} --qualifier {}", quoted(function_name), quoted(qualifier));
    if executions == 0 {
        return format!("lambda delete-provisioned-concurrency-config {of}");
    }
    format!(
        "lambda put-provisioned-concurrency-config {of} --provisioned-concurrent-executions {executions}"
    )
}

fn upgrade(
    id: &str,
    engine: &str,
    from: &Configuration,
    cluster: Option<&ResourceId>,
) -> Vec<String> {
    let now = match from {
        Configuration::DbEngineVersion { version: Some(version), .. } => quoted(version),
        _ => "<its version>".to_owned(),
    };
    let target = match cluster {
        Some(cluster) => {
            format!("rds modify-db-cluster --db-cluster-identifier {}", quoted(cluster.as_str()))
        }
        None => format!("rds modify-db-instance --db-instance-identifier {id}"),
    };
    vec![
        format!(
            "rds describe-db-engine-versions --engine {} --engine-version {now} --query 'DBEngineVersions[].ValidUpgradeTarget[].EngineVersion'",
            quoted(engine)
        ),
        format!(
            "{target} --engine-version <one of these, tested> --allow-major-version-upgrade --no-apply-immediately"
        ),
    ]
}

fn blue_green(target: &ResourceRef, arn: Option<&str>, size_gib: u32) -> Vec<String> {
    let source = arn.map_or_else(|| "<its ARN>".to_owned(), quoted);
    vec![
        format!(
            "rds create-blue-green-deployment --blue-green-deployment-name {} --source {source} --target-allocated-storage {size_gib}",
            quoted(&format!("trimtab-{}", target.id))
        ),
        "rds switchover-blue-green-deployment --blue-green-deployment-identifier <the deployment made above>"
            .to_owned(),
    ]
}

fn domain_volume(id: &str, volume: &EbsOptions) -> String {
    let mut options = vec!["EBSEnabled=true".to_owned()];
    options.extend(volume.volume_type.iter().map(|word| format!("VolumeType={}", quoted(word))));
    options.extend(volume.volume_size_gib.iter().map(|size| format!("VolumeSize={size}")));
    options.extend(volume.iops.iter().map(|iops| format!("Iops={iops}")));
    options.extend(volume.throughput_mib_s.iter().map(|rate| format!("Throughput={rate}")));
    format!(
        "opensearch update-domain-config --domain-name {id} --ebs-options {}",
        options.join(",")
    )
}

fn table_throughput(table: Throughput, indexes: &[TableIndex]) -> String {
    let units = |throughput: Throughput| {
        let Throughput { read_capacity_units, write_capacity_units } = throughput;
        format!("ReadCapacityUnits={read_capacity_units},WriteCapacityUnits={write_capacity_units}")
    };
    let mut text = format!("--provisioned-throughput {}", units(table));
    if !indexes.is_empty() {
        let updates: Vec<Value> = indexes
            .iter()
            .map(|index| {
                json!({"Update": {
                    "IndexName": index.index_name,
                    "ProvisionedThroughput": {
                        "ReadCapacityUnits": index.throughput.read_capacity_units,
                        "WriteCapacityUnits": index.throughput.write_capacity_units,
                    },
                }})
            })
            .collect();
        text.push_str(" --global-secondary-index-updates ");
        text.push_str(&quoted(&Value::from(updates).to_string()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::Action;
    use crate::environment::Environment;
    use crate::resource::ResourceKind;

    fn commands(from: Configuration, to: Configuration) -> (Vec<String>, Vec<String>) {
        let target = ResourceRef {
            id: "scores".into(),
            kind: ResourceKind::DynamoTable,
            account: "111122223333".into(),
            region: "us-east-1".into(),
            environment: Environment::Dev,
            name: None,
        };
        let commands = Action::Configure { from, to }.commands(&target);
        (commands.apply, commands.undo)
    }

    fn throughput(read: u64, write: u64) -> Throughput {
        Throughput { read_capacity_units: read, write_capacity_units: write }
    }

    #[test]
    fn a_table_goes_on_demand_and_comes_back_with_its_indexes() {
        let index = TableIndex {
            index_name: "by-day".into(),
            throughput: throughput(5, 6),
            index_size_bytes: None,
        };
        let before =
            Configuration::TableThroughput { table: throughput(10, 20), indexes: vec![index] };
        let (apply, undo) = commands(before, Configuration::TableOnDemand);
        assert_eq!(
            apply,
            [
                "aws dynamodb update-table --table-name scores --billing-mode PAY_PER_REQUEST --region us-east-1"
            ]
        );
        assert!(undo[0].contains("--billing-mode PROVISIONED --provisioned-throughput ReadCapacityUnits=10,WriteCapacityUnits=20"), "{undo:?}");
        assert!(undo[0].contains(r#""IndexName":"by-day""#), "{undo:?}");
    }

    #[test]
    fn what_cannot_return_has_no_way_back() {
        let version = |version: Option<&str>| Configuration::DbEngineVersion {
            engine: "postgres".into(),
            version: version.map(str::to_owned),
            db_cluster_identifier: None,
        };
        let (apply, undo) = commands(version(Some("12.20")), version(None));
        assert!(apply[0].contains("--engine postgres --engine-version 12.20"), "{apply:?}");
        assert!(undo.is_empty());
    }
}
