//! What was there at one moment, and what could not be seen.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::environment::Environment;
use crate::id::{RegionId, SubAccountId};
use crate::resource::address::Address;
use crate::resource::alarm::Alarm;
use crate::resource::auto_scaling_group::AutoScalingGroup;
use crate::resource::bucket::Bucket;
use crate::resource::cache_cluster::CacheCluster;
use crate::resource::capacity_reservation::CapacityReservation;
use crate::resource::db_cluster::DbCluster;
use crate::resource::db_cluster_snapshot::DbClusterSnapshot;
use crate::resource::db_instance::DbInstance;
use crate::resource::db_load::DbLoad;
use crate::resource::db_parameter_group::DbParameterGroup;
use crate::resource::db_snapshot::DbSnapshot;
use crate::resource::dynamo_table::DynamoTable;
use crate::resource::ecs_cluster::EcsCluster;
use crate::resource::ecs_service::EcsService;
use crate::resource::eks_cluster::EksCluster;
use crate::resource::eks_nodegroup::EksNodegroup;
use crate::resource::emr_cluster::EmrCluster;
use crate::resource::fast_snapshot_restore::FastSnapshotRestore;
use crate::resource::file_system::FileSystem;
use crate::resource::function::Function;
use crate::resource::host::Host;
use crate::resource::image::Image;
use crate::resource::instance::Instance;
use crate::resource::launch_template::LaunchTemplate;
use crate::resource::load_balancer::LoadBalancer;
use crate::resource::log_group::LogGroup;
use crate::resource::managed_instance::ManagedInstance;
use crate::resource::memory_db_cluster::MemoryDbCluster;
use crate::resource::model_endpoint::ModelEndpoint;
use crate::resource::nat_gateway::NatGateway;
use crate::resource::network_interface::NetworkInterface;
use crate::resource::notebook_instance::NotebookInstance;
use crate::resource::orderable_db_instance_option::OrderableDbInstanceOption;
use crate::resource::pending_maintenance_action::PendingMaintenanceAction;
use crate::resource::provisioned_concurrency::ProvisionedConcurrency;
use crate::resource::redshift_cluster::RedshiftCluster;
use crate::resource::repository::Repository;
use crate::resource::reserved_cache_node::ReservedCacheNode;
use crate::resource::reserved_db_instance::ReservedDbInstance;
use crate::resource::reserved_instances::ReservedInstances;
use crate::resource::reserved_memory_db_node::ReservedMemoryDbNode;
use crate::resource::reserved_redshift_node::ReservedRedshiftNode;
use crate::resource::reserved_search_instance::ReservedSearchInstance;
use crate::resource::route_table::RouteTable;
use crate::resource::savings_plan::SavingsPlan;
use crate::resource::scalable_target::ScalableTarget;
use crate::resource::search_domain::SearchDomain;
use crate::resource::secret::Secret;
use crate::resource::serverless_cache::ServerlessCache;
use crate::resource::snapshot::Snapshot as VolumeSnapshot;
use crate::resource::studio_app::StudioApp;
use crate::resource::trail::Trail;
use crate::resource::transit_gateway_attachment::TransitGatewayAttachment;
use crate::resource::volume::Volume;
use crate::resource::vpc_endpoint::VpcEndpoint;
use crate::resource::vpn_connection::VpnConnection;
use crate::resource::{Resource, ResourceKey, ResourceKind, ResourceRef, Tags};
use crate::text::Reason;

// A macro because making, merging and walking a snapshot touch every table in the same way;
// a new kind is one row here and nothing below changes.
macro_rules! snapshot {
    ($($(#[$doc:meta])* $table:ident: $kind:ty => $of:expr;)+) => {
        /// The inventory: one table per kind, each sorted by account, region and id.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        pub struct Snapshot {
            /// When it was taken; for files, the analysis date.
            pub taken_at: Timestamp,
            $($(#[$doc])* #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
            pub $table: Vec<Resource<$kind>>,)+
            /// Which kinds were listed where. A kind that is not here was not read, so
            /// an empty table for it means nothing.
            pub listed: Listed,
            /// What could not be read.
            pub gaps: Vec<Gap>,
        }

        impl Snapshot {
            /// Makes a snapshot in which nothing was read yet.
            pub fn empty(taken_at: Timestamp) -> Self {
                Self {
                    taken_at,
                    $($table: Vec::new(),)+
                    listed: BTreeMap::new(),
                    gaps: Vec::new(),
                }
            }

            /// Returns this snapshot brought up to date by a newer one.
            ///
            /// Where the newer one listed a kind at a place, its resources replace those of
            /// that kind and place: what it no longer lists is gone. Everything else stays.
            pub fn updated_by(self, newer: Self) -> Self {
                let listed = &newer.listed;
                let mut places = self.listed;
                for (kind, newer_places) in listed {
                    places.entry(*kind).or_default().extend(newer_places.iter().cloned());
                }
                Self {
                    taken_at: newer.taken_at,
                    $($table: merged(self.$table, newer.$table, listed, $of),)+
                    gaps: newer.gaps,
                    listed: places,
                }
            }

            /// Puts parts together that list different kinds or places, in any order.
            ///
            /// The result is as old as its oldest part.
            pub fn assembled(taken_at: Timestamp, parts: impl IntoIterator<Item = Self>) -> Self {
                let mut whole = Self::empty(taken_at);
                for part in parts {
                    whole.taken_at = whole.taken_at.min(part.taken_at);
                    $(whole.$table.extend(part.$table);)+
                    for (kind, places) in part.listed {
                        whole.listed.entry(kind).or_default().extend(places);
                    }
                    whole.gaps.extend(part.gaps);
                }
                $(sort(&mut whole.$table);)+
                whole
            }

            /// Drops a resource that stands twice in a row of a sorted table.
            pub fn drop_duplicates(&mut self) {
                $(self.$table.dedup_by(|left, right| {
                    left.id == right.id
                        && left.region == right.region
                        && left.account == right.account
                });)+
            }

            /// Returns what identifies each resource of a kind.
            pub fn references(&self, kind: ResourceKind) -> Vec<ResourceRef> {
                let mut references = Vec::new();
                $(references.extend(
                    self.$table
                        .iter()
                        .filter(|resource| kind_of(&resource.kind, $of) == kind)
                        .map(|resource| resource.reference(kind)),
                );)+
                references
            }

            /// Returns the tags of every resource, by what identifies it.
            pub fn tags(&self) -> BTreeMap<ResourceRef, &Tags> {
                let mut tags = BTreeMap::new();
                $(tags.extend(self.$table.iter().map(|resource| {
                    (resource.reference(kind_of(&resource.kind, $of)), &resource.tags)
                }));)+
                tags
            }

            /// Returns a resource and its tags; none where it is not there.
            pub fn find(&self, key: &ResourceKey) -> Option<(ResourceRef, &Tags)> {
                $(if let Some(found) = found(&self.$table, key, $of) {
                    return Some((found.reference(key.2), &found.tags));
                })+
                None
            }

            /// Returns what is particular to the kind of a resource, by the names of its fields; none where it is not
            /// there.
            pub fn properties(&self, key: &ResourceKey) -> Option<Map<String, Value>> {
                $(if let Some(found) = found(&self.$table, key, $of) {
                    return match serde_json::to_value(&found.kind) {
                        Ok(Value::Object(fields)) => Some(fields),
                        _ => Some(Map::new()),
                    };
                })+
                None
            }

            /// Returns how many resources of each kind there are at each place.
            pub fn counts(&self) -> BTreeMap<(SubAccountId, RegionId, ResourceKind), u64> {
                let mut counts = BTreeMap::new();
                $(for resource in &self.$table {
                    let kind = kind_of(&resource.kind, $of);
                    let place = (resource.account.clone(), resource.region.clone(), kind);
                    *counts.entry(place).or_default() += 1;
                })+
                counts
            }

            /// Names the environment of every resource again, from its tags and its account.
            pub fn name_environments(
                &mut self,
                environment: impl Fn(&Tags, &SubAccountId) -> Environment,
            ) {
                $(for resource in &mut self.$table {
                    resource.environment = environment(&resource.tags, &resource.account);
                })+
            }

            /// Returns how many resources there are.
            pub fn resource_count(&self) -> usize {
                0 $(+ self.$table.len())+
            }
        }
    };
}

snapshot! {
    /// EC2 instances.
    instances: Instance => |_| ResourceKind::Instance;
    /// EBS volumes.
    volumes: Volume => |_| ResourceKind::Volume;
    /// EBS snapshots.
    snapshots: VolumeSnapshot => |_| ResourceKind::Snapshot;
    /// Elastic IP addresses.
    addresses: Address => |_| ResourceKind::Address;
    /// NAT gateways.
    nat_gateways: NatGateway => |_| ResourceKind::NatGateway;
    /// Load balancers of all four types.
    load_balancers: LoadBalancer => |balancer| balancer.load_balancer_type.resource_kind();
    /// Auto Scaling groups.
    auto_scaling_groups: AutoScalingGroup => |_| ResourceKind::AutoScalingGroup;
    /// Amazon Machine Images.
    images: Image => |_| ResourceKind::Image;
    /// Launch templates.
    launch_templates: LaunchTemplate => |_| ResourceKind::LaunchTemplate;
    /// Capacity Reservations.
    capacity_reservations: CapacityReservation => |_| ResourceKind::CapacityReservation;
    /// Dedicated Hosts.
    hosts: Host => |_| ResourceKind::Host;
    /// Reserved Instances of EC2.
    reserved_instances: ReservedInstances => |_| ResourceKind::ReservedInstances;
    /// Fast snapshot restores.
    fast_snapshot_restores: FastSnapshotRestore => |_| ResourceKind::FastSnapshotRestore;
    /// RDS DB instances.
    db_instances: DbInstance => |_| ResourceKind::DbInstance;
    /// DB clusters of Aurora, RDS, DocumentDB and Neptune.
    db_clusters: DbCluster => |_| ResourceKind::DbCluster;
    /// Manual snapshots of DB instances.
    db_snapshots: DbSnapshot => |_| ResourceKind::DbSnapshot;
    /// Manual snapshots of DB clusters.
    db_cluster_snapshots: DbClusterSnapshot => |_| ResourceKind::DbClusterSnapshot;
    /// Parameter groups that DB instances use.
    db_parameter_groups: DbParameterGroup => |_| ResourceKind::DbParameterGroup;
    /// Maintenance that RDS will do.
    pending_maintenance_actions: PendingMaintenanceAction => |_| ResourceKind::PendingMaintenanceAction;
    /// What RDS sells of the engine versions in use.
    orderable_db_instance_options: OrderableDbInstanceOption => |_| ResourceKind::OrderableDbInstanceOption;
    /// The load of DB instances.
    db_loads: DbLoad => |_| ResourceKind::DbLoad;
    /// ElastiCache clusters and nodes.
    cache_clusters: CacheCluster => |_| ResourceKind::CacheCluster;
    /// ElastiCache Serverless caches.
    serverless_caches: ServerlessCache => |_| ResourceKind::ServerlessCache;
    /// MemoryDB clusters.
    memory_db_clusters: MemoryDbCluster => |_| ResourceKind::MemoryDbCluster;
    /// Redshift clusters.
    redshift_clusters: RedshiftCluster => |_| ResourceKind::RedshiftCluster;
    /// OpenSearch Service domains.
    search_domains: SearchDomain => |_| ResourceKind::SearchDomain;
    /// DynamoDB tables.
    dynamo_tables: DynamoTable => |_| ResourceKind::DynamoTable;
    /// CloudWatch log groups.
    log_groups: LogGroup => |_| ResourceKind::LogGroup;
    /// Lambda functions.
    functions: Function => |_| ResourceKind::Function;
    /// Provisioned concurrency of Lambda functions.
    provisioned_concurrency: ProvisionedConcurrency => |_| ResourceKind::ProvisionedConcurrency;
    /// EMR clusters.
    emr_clusters: EmrCluster => |_| ResourceKind::EmrCluster;
    /// SageMaker endpoints.
    model_endpoints: ModelEndpoint => |_| ResourceKind::ModelEndpoint;
    /// SageMaker notebook instances.
    notebook_instances: NotebookInstance => |_| ResourceKind::NotebookInstance;
    /// Apps of SageMaker Studio.
    studio_apps: StudioApp => |_| ResourceKind::StudioApp;
    /// ECS clusters.
    ecs_clusters: EcsCluster => |_| ResourceKind::EcsCluster;
    /// ECS services.
    ecs_services: EcsService => |_| ResourceKind::EcsService;
    /// What Application Auto Scaling scales.
    scalable_targets: ScalableTarget => |_| ResourceKind::ScalableTarget;
    /// EKS clusters.
    eks_clusters: EksCluster => |_| ResourceKind::EksCluster;
    /// Managed node groups of EKS.
    eks_nodegroups: EksNodegroup => |_| ResourceKind::EksNodegroup;
    /// VPC endpoints.
    vpc_endpoints: VpcEndpoint => |_| ResourceKind::VpcEndpoint;
    /// Network interfaces.
    network_interfaces: NetworkInterface => |_| ResourceKind::NetworkInterface;
    /// Route tables.
    route_tables: RouteTable => |_| ResourceKind::RouteTable;
    /// Attachments to transit gateways.
    transit_gateway_attachments: TransitGatewayAttachment => |_| ResourceKind::TransitGatewayAttachment;
    /// Site-to-Site VPN connections.
    vpn_connections: VpnConnection => |_| ResourceKind::VpnConnection;
    /// S3 buckets.
    buckets: Bucket => |_| ResourceKind::Bucket;
    /// EFS file systems.
    file_systems: FileSystem => |_| ResourceKind::FileSystem;
    /// ECR repositories.
    repositories: Repository => |_| ResourceKind::Repository;
    /// CloudWatch alarms.
    alarms: Alarm => |_| ResourceKind::Alarm;
    /// CloudTrail trails.
    trails: Trail => |_| ResourceKind::Trail;
    /// Machines that Systems Manager reaches.
    managed_instances: ManagedInstance => |_| ResourceKind::ManagedInstance;
    /// Secrets.
    secrets: Secret => |_| ResourceKind::Secret;
    /// Savings Plans.
    savings_plans: SavingsPlan => |_| ResourceKind::SavingsPlan;
    /// Reserved DB instances.
    reserved_db_instances: ReservedDbInstance => |_| ResourceKind::ReservedDbInstance;
    /// Reserved ElastiCache nodes.
    reserved_cache_nodes: ReservedCacheNode => |_| ResourceKind::ReservedCacheNode;
    /// Reserved Redshift nodes.
    reserved_redshift_nodes: ReservedRedshiftNode => |_| ResourceKind::ReservedRedshiftNode;
    /// Reserved Instances of OpenSearch Service.
    reserved_search_instances: ReservedSearchInstance => |_| ResourceKind::ReservedSearchInstance;
    /// Reserved MemoryDB nodes.
    reserved_memory_db_nodes: ReservedMemoryDbNode => |_| ResourceKind::ReservedMemoryDbNode;
}

impl Snapshot {
    /// Names the Auto Scaling group of every instance that a group's own listing claims.
    pub fn join_groups(&mut self) {
        let mut groups = BTreeMap::new();
        for group in &self.auto_scaling_groups {
            for instance in &group.kind.instance_ids {
                groups.insert(instance.clone(), group.id.as_str().to_owned());
            }
        }
        for instance in &mut self.instances {
            if let Some(group) = groups.remove(&instance.id) {
                instance.kind.auto_scaling_group_name = Some(group);
            }
        }
    }

    /// Returns whether `kind` was listed in `account` and `region`.
    pub fn was_listed(
        &self,
        kind: ResourceKind,
        account: &SubAccountId,
        region: &RegionId,
    ) -> bool {
        self.listed
            .get(&kind)
            .is_some_and(|places| places.contains(&(account.clone(), region.clone())))
    }
}

/// Looks a resource up in a table, which is sorted by account, region and id.
fn found<'a, K>(
    table: &'a [Resource<K>],
    (account, region, kind, id): &ResourceKey,
    of: fn(&K) -> ResourceKind,
) -> Option<&'a Resource<K>> {
    let place =
        |one: &Resource<K>| (&one.account, &one.region, &one.id).cmp(&(account, region, id));
    let found = table.get(table.binary_search_by(place).ok()?)?;
    (of(&found.kind) == *kind).then_some(found)
}

fn kind_of<K>(kind: &K, of: fn(&K) -> ResourceKind) -> ResourceKind {
    of(kind)
}

fn sort<K>(table: &mut [Resource<K>]) {
    table.sort_by(|left, right| {
        (&left.account, &left.region, &left.id).cmp(&(&right.account, &right.region, &right.id))
    });
}

/// Places at which a kind was listed.
pub type Listed = BTreeMap<ResourceKind, BTreeSet<(SubAccountId, RegionId)>>;

/// Puts newer resources in the place of older ones, sorted by account, region and id.
fn merged<K>(
    older: Vec<Resource<K>>,
    newer: Vec<Resource<K>>,
    listed: &Listed,
    kind: fn(&K) -> ResourceKind,
) -> Vec<Resource<K>> {
    let replaced = |resource: &Resource<K>| {
        listed.get(&kind(&resource.kind)).is_some_and(|places| {
            places.contains(&(resource.account.clone(), resource.region.clone()))
        })
    };
    let place = |resource: &Resource<K>| {
        (resource.account.clone(), resource.region.clone(), resource.id.clone())
    };
    let names: BTreeSet<_> = newer.iter().map(place).collect();
    let mut table: Vec<Resource<K>> = older
        .into_iter()
        .filter(|resource| !replaced(resource) && !names.contains(&place(resource)))
        .collect();
    table.extend(newer);
    sort(&mut table);
    table
}

/// Something that could not be read, and what it costs us.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// The source: a file, or an operation.
    pub source: String,
    /// The account, where it is known.
    pub account: Option<SubAccountId>,
    /// The region, where it is known.
    pub region: Option<RegionId>,
    /// The kind that is missing, where it is known.
    pub kind: Option<ResourceKind>,
    /// What went wrong and what to do.
    pub reason: Reason,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::Environment;
    use crate::resource::auto_scaling_group::AutoScalingGroup;

    fn snapshot(region: &str, names: &[&str]) -> Snapshot {
        let mut snapshot = Snapshot::empty(Timestamp::UNIX_EPOCH);
        snapshot.auto_scaling_groups = names
            .iter()
            .map(|name| Resource {
                id: (*name).into(),
                account: "111122223333".into(),
                region: region.into(),
                environment: Environment::Unknown,
                tags: BTreeMap::new(),
                kind: AutoScalingGroup::default(),
            })
            .collect();
        snapshot.listed.insert(
            ResourceKind::AutoScalingGroup,
            BTreeSet::from([("111122223333".into(), region.into())]),
        );
        snapshot
    }

    #[test]
    fn a_newer_listing_replaces_its_place_and_leaves_the_others() {
        let seoul = snapshot("ap-northeast-2", &["lobby", "match"]);
        let tokyo = snapshot("ap-northeast-1", &["relay"]);
        let newer = snapshot("ap-northeast-2", &["lobby"]);
        let names: Vec<String> = seoul
            .updated_by(tokyo)
            .updated_by(newer)
            .auto_scaling_groups
            .iter()
            .map(|group| group.id.to_string())
            .collect();
        assert_eq!(names, ["relay", "lobby"]);
    }

    #[test]
    fn a_resource_is_found_where_it_is_and_nowhere_else() {
        let whole = snapshot("ap-northeast-2", &["lobby", "match"]);
        let key = |region: &str, id: &str| {
            ("111122223333".into(), region.into(), ResourceKind::AutoScalingGroup, id.into())
        };
        let found = whole.find(&key("ap-northeast-2", "match")).map(|(one, _)| one.id);
        assert_eq!(found, Some("match".into()));
        assert_eq!(whole.find(&key("ap-northeast-1", "match")), None);
        let fields = whole.properties(&key("ap-northeast-2", "lobby")).unwrap();
        assert_eq!(fields.get("min_size"), Some(&Value::from(0)));
        assert_eq!(whole.counts().into_values().collect::<Vec<_>>(), [2]);
    }
}
