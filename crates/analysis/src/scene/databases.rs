//! Databases, caches and tables of a scene.

use std::collections::BTreeMap;

use trimtab_model::environment::Environment;
use trimtab_model::metric::Statistic;
use trimtab_model::price::{DbClassFacts, InstanceTypeFacts};
use trimtab_model::resource::Resource;
use trimtab_model::resource::cache_cluster::CacheCluster;
use trimtab_model::resource::db_cluster::{DbCluster, DbClusterMember};
use trimtab_model::resource::db_cluster_snapshot::DbClusterSnapshot;
use trimtab_model::resource::db_load::{DbLoad, DbWait};
use trimtab_model::resource::db_parameter_group::{DbParameter, DbParameterGroup};
use trimtab_model::resource::db_snapshot::DbSnapshot;
use trimtab_model::resource::dynamo_table::{BillingMode, DynamoTable, Throughput};
use trimtab_model::resource::memory_db_cluster::MemoryDbCluster;
use trimtab_model::resource::orderable_db_instance_option::{
    OrderableClass, OrderableDbInstanceOption,
};
use trimtab_model::resource::pending_maintenance_action::PendingMaintenanceAction;
use trimtab_model::resource::redshift_cluster::RedshiftCluster;
use trimtab_model::resource::search_domain::{EbsOptions, SearchDomain};
use trimtab_model::resource::serverless_cache::ServerlessCache;

use super::{Scene, days_ago, decimal, flat, instance_facts, resource, scene};

/// Returns a cluster of one member with a bill of 197.20 USD in 30 days. What a metric shows of
/// its use, the member's processor and the days are the last.
pub(crate) fn watched_cluster(
    engine: &str,
    namespace: &str,
    metric: &str,
    (used, cpu, days): (f64, f64, i64),
) -> Scene {
    let cluster_arn = "arn:aws:rds:us-east-1:111122223333:cluster:cluster-ABC";
    scene()
        .db_cluster(|cluster| cluster.kind.engine = engine.to_owned())
        .db_instance(|db| {
            db.kind.engine = engine.to_owned();
            db.kind.db_cluster_identifier = Some("game".into());
        })
        .bill("db", "InstanceUsage:db.r6g.large", "720", "187.20")
        .bill(cluster_arn, "Aurora:StorageUsage", "100", "10.00")
        .metric("game", namespace, metric, Statistic::Maximum, flat(used, days))
        .metric("db", namespace, "CPUUtilization", Statistic::Maximum, flat(cpu, days))
}

impl Scene {
    tables! {
        db_cluster, db_clusters, DbCluster, resource("game", DbCluster {
            db_cluster_arn: Some("arn:aws:rds:us-east-1:111122223333:cluster:game".into()),
            db_cluster_resource_id: Some("cluster-ABC".into()),
            engine: "aurora-mysql".into(), engine_version: Some("8.0.mysql_aurora.3.08.0".into()),
            engine_mode: Some("provisioned".into()), status: "available".into(),
            cluster_create_time: Some(days_ago(90)),
            db_cluster_members: vec![DbClusterMember {
                db_instance_identifier: "db".into(), is_cluster_writer: Some(true),
            }],
            storage_type: None, io_optimized_next_allowed_modification_time: None,
            serverless_v2_scaling: None, replication_source_identifier: None,
            read_replica_identifiers: Vec::new(), global_cluster_identifier: None,
            deletion_protection: Some(false), backup_retention_period_days: Some(7),
        });
        parameter_group, db_parameter_groups, DbParameterGroup, resource("default.mysql8.0",
            DbParameterGroup { parameters: Some(BTreeMap::new()) });
        pending_maintenance_action, pending_maintenance_actions, PendingMaintenanceAction,
        resource("arn:aws:rds:us-east-1:111122223333:db:db/system-update", PendingMaintenanceAction {
            resource_identifier: "arn:aws:rds:us-east-1:111122223333:db:db".into(),
            action: "system-update".into(), description: Some("New OS update".into()),
            opt_in_status: None, current_apply_date: None, forced_apply_date: None,
        });
        orderable, orderable_db_instance_options, OrderableDbInstanceOption,
        resource("mysql/8.0.39/general-public-license", OrderableDbInstanceOption {
            engine: "mysql".into(), engine_version: "8.0.39".into(),
            license_model: Some("general-public-license".into()), classes: Vec::new(),
        });
        db_load, db_loads, DbLoad, resource("db", DbLoad {
            from: days_ago(7), until: days_ago(0), period_seconds: 300, samples: 2000, mean: 0.5,
            p99_5: 1.0, max: 2.0, waits: vec![DbWait { event: "CPU".into(), mean: 0.5 }], buffer: None,
            digests: None,
        });
        db_snapshot, db_snapshots, DbSnapshot, resource("before-launch", DbSnapshot {
            db_snapshot_arn: Some("arn:aws:rds:us-east-1:111122223333:snapshot:before-launch".into()),
            db_instance_identifier: Some("old".into()), dbi_resource_id: Some("db-OLD".into()),
            engine: Some("mysql".into()), snapshot_create_time: Some(days_ago(90)),
            allocated_storage_gib: Some(100), status: Some("available".into()),
            snapshot_type: Some("manual".into()), source_db_snapshot_identifier: None,
        });
        db_cluster_snapshot, db_cluster_snapshots, DbClusterSnapshot, resource("before-launch", DbClusterSnapshot {
            db_cluster_snapshot_arn: Some("arn:aws:rds:us-east-1:111122223333:cluster-snapshot:before-launch".into()),
            db_cluster_identifier: Some("old".into()), db_cluster_resource_id: Some("cluster-OLD".into()),
            engine: Some("aurora-mysql".into()), snapshot_create_time: Some(days_ago(90)),
            allocated_storage_gib: None, status: Some("available".into()),
            snapshot_type: Some("manual".into()), source_db_cluster_snapshot_arn: None,
        });
        cache_cluster, cache_clusters, CacheCluster, resource("sessions", CacheCluster {
            arn: Some("arn:aws:elasticache:us-east-1:111122223333:cluster:sessions".into()),
            engine: "redis".into(), engine_version: Some("7.0.7".into()),
            cache_node_type: "cache.r6g.xlarge".into(), num_cache_nodes: Some(1),
            cache_cluster_status: "available".into(), cache_cluster_create_time: Some(days_ago(90)),
            snapshot_retention_limit_days: Some(1), has_pending_modifications: false,
            replication_group_id: None, replication_group: None,
        });
        serverless_cache, serverless_caches, ServerlessCache, resource("feed", ServerlessCache {
            arn: Some("arn:aws:elasticache:us-east-1:111122223333:serverlesscache:feed".into()),
            engine: "valkey".into(), status: "available".into(), create_time: Some(days_ago(90)),
            data_storage_minimum_gb: None, ecpu_per_second_minimum: None,
        });
        memory_db_cluster, memory_db_clusters, MemoryDbCluster, resource("ranks", MemoryDbCluster {
            arn: Some("arn:aws:memorydb:us-east-1:111122223333:cluster/ranks".into()),
            engine: Some("valkey".into()), node_type: "db.r6g.large".into(),
            status: "available".into(), number_of_shards: Some(1),
            nodes: vec!["ranks-0001-001".into()], create_time: Some(days_ago(90)),
            multi_region_cluster_name: None,
        });
        redshift_cluster, redshift_clusters, RedshiftCluster, resource("reports", RedshiftCluster {
            arn: Some("arn:aws:redshift:us-east-1:111122223333:cluster:reports".into()),
            cluster_namespace_arn: None, node_type: "ra3.xlplus".into(), number_of_nodes: Some(4),
            cluster_status: "available".into(), cluster_create_time: Some(days_ago(90)),
            multi_az: Some("Disabled".into()), elastic_resize_node_options: vec![2, 3, 4, 8],
            total_storage_capacity_mb: None,
        });
        search_domain, search_domains, SearchDomain, resource("logs", SearchDomain {
            arn: Some("arn:aws:es:us-east-1:111122223333:domain/logs".into()),
            engine_version: Some("OpenSearch_2.11".into()), is_changing: false,
            instance_type: Some("m5.large.search".into()), instance_count: Some(2),
            dedicated_master_type: None, dedicated_master_count: None, warm_type: None,
            warm_count: None,
            ebs_options: Some(EbsOptions {
                volume_type: Some("gp2".into()), volume_size_gib: Some(100), iops: None,
                throughput_mib_s: None,
            }),
        });
        dynamo_table, dynamo_tables, DynamoTable, resource("scores", DynamoTable {
            table_arn: Some("arn:aws:dynamodb:us-east-1:111122223333:table/scores".into()),
            table_status: Some("ACTIVE".into()), creation_date_time: Some(days_ago(90)),
            billing_mode: BillingMode::Provisioned,
            throughput: Throughput { read_capacity_units: 100, write_capacity_units: 100 },
            indexes: Vec::new(), table_size_bytes: Some(1 << 30), item_count: Some(1000),
            table_class: None, replica_count: 0, deletion_protection_enabled: Some(false),
        });
    }

    /// Has a parameter group that says so much, each value set by somebody.
    pub(crate) fn parameters(self, values: &[(&str, &str)]) -> Self {
        let parameters = values
            .iter()
            .map(|(name, value)| {
                let source = Some("user".to_owned());
                let parameter = DbParameter { value: Some((*value).to_owned()), source };
                ((*name).to_owned(), parameter)
            })
            .collect();
        self.parameter_group(|group| group.kind.parameters = Some(parameters))
    }

    /// Sells these classes for MySQL 8.0.39, with gp2 and a standby.
    pub(crate) fn selling(self, classes: &[&str]) -> Self {
        let classes = classes
            .iter()
            .map(|class| OrderableClass {
                db_instance_class: (*class).into(),
                storage_type: Some("gp2".to_owned()),
                multi_az_capable: Some(true),
            })
            .collect();
        self.orderable(|option| option.kind.classes = classes)
    }

    /// Knows a current class with so many vCPUs and GiB, at an hourly price for MySQL.
    pub(crate) fn db_class_facts(mut self, class: &str, vcpu: u32, gib: u32, usd: &str) -> Self {
        let family = class.split('.').nth(1).expect("db.family.size").to_owned();
        let facts = DbClassFacts {
            db_instance_class: class.into(),
            family,
            vcpu,
            memory_gib: decimal(&gib.to_string()),
            current_generation: true,
        };
        self.prices.db_classes.insert(class.into(), facts);
        self.db_class(class, usd)
    }
}

/// Adds the class of a database that runs on a machine of a type, at a price an hour.
pub(crate) fn with_db_class(mut scene: Scene, facts: InstanceTypeFacts, usd: &str) -> Scene {
    let name = format!("db.{}", facts.instance_type);
    let class = DbClassFacts {
        db_instance_class: name.as_str().into(),
        family: facts.family.clone(),
        vcpu: facts.vcpu,
        memory_gib: (facts.memory_mib >> 10).into(),
        current_generation: true,
    };
    scene.prices.instance_types.insert(facts.instance_type.clone(), facts);
    scene.prices.db_classes.insert(name.as_str().into(), class);
    scene.db_class(&name, usd)
}

/// A db.r5.xlarge in production at 60 % of its processor, with 12 GiB in use.
pub(crate) fn busy_database() -> Scene {
    let classes: [(&str, u32, u32, &str); 3] = [
        ("db.r5.large", 2, 16, "0.25"),
        ("db.m5.xlarge", 4, 16, "0.342"),
        ("db.r5.xlarge", 4, 32, "0.50"),
    ];
    let mut scene = scene();
    for (name, vcpu, memory_gib, usd) in classes {
        let facts = instance_facts(name.trim_start_matches("db."), vcpu, u64::from(memory_gib));
        scene = with_db_class(scene, facts, usd);
    }
    let metrics = [
        ("CPUUtilization", Statistic::Maximum, 60.0),
        ("FreeableMemory", Statistic::Minimum, 20.0 * 1_073_741_824.0),
        ("DatabaseConnections", Statistic::Maximum, 100.0),
    ];
    let scene = scene.db_instance(|db| {
        db.environment = Environment::Prod;
        db.kind.db_instance_class = "db.r5.xlarge".into();
    });
    metrics.into_iter().fold(scene, |scene, (name, statistic, value)| {
        scene.metric("db", "AWS/RDS", name, statistic, flat(value, 14))
    })
}
