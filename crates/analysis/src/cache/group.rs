//! The nodes of a cache that stand or fall together.

use trimtab_model::action::{CacheScope, Removal};
use trimtab_model::id::ResourceId;
use trimtab_model::recommendation::{Unknown, Verdict};
use trimtab_model::resource::Resource;
use trimtab_model::resource::cache_cluster::CacheCluster;

use crate::check::Facts;
use crate::nodes::{NodeService, NodeType};
use crate::verdict::{exempt, pass, unknown};

/// A cache: one cluster, or every node of a replication group.
#[derive(Debug, Clone)]
pub struct Cache<'a> {
    /// The cluster that the verdict is about: of a group the first one by name.
    pub first: &'a Resource<CacheCluster>,
    /// All of them.
    pub members: Vec<&'a Resource<CacheCluster>>,
    /// How many nodes they have together.
    pub nodes: u32,
}

/// Where a cache cluster is judged.
#[derive(Debug, Clone)]
pub enum Judged<'a> {
    /// Here, for all of them.
    Here(Cache<'a>),
    /// Not here, and why.
    NotHere(Verdict),
}

impl<'a> Cache<'a> {
    /// Puts the nodes together that belong to `cluster`.
    ///
    /// # Errors
    /// Returns `Unknown` if the group or one of its nodes was not read.
    pub fn of(
        facts: &Facts<'a>,
        cluster: &'a Resource<CacheCluster>,
    ) -> Result<Judged<'a>, Unknown> {
        let members = match (&cluster.kind.replication_group_id, &cluster.kind.replication_group) {
            (None, _) => vec![cluster],
            (Some(group), None) => return Err(group_not_read(group)),
            (Some(name), Some(group)) => {
                if group.global_replication_group_id.is_some() {
                    return Ok(Judged::NotHere(exempt(
                        "global-datastore",
                        "Its group replicates to or from another region.",
                        "다른 리전과 복제하는 글로벌 데이터 스토어에 속해 있습니다.",
                    )));
                }
                if group.member_clusters.first().is_some_and(|first| *first != cluster.id) {
                    return Ok(Judged::NotHere(exempt(
                        "with-its-group",
                        format!("It is judged with the other nodes of {name}."),
                        format!("복제 그룹의 다른 노드와 함께 판단합니다: {name}."),
                    )));
                }
                let found = |id: &ResourceId| {
                    facts.snapshot.cache_clusters.iter().find(|other| {
                        other.id == *id
                            && other.account == cluster.account
                            && other.region == cluster.region
                    })
                };
                let members: Option<Vec<_>> = group.member_clusters.iter().map(found).collect();
                members.filter(|members| !members.is_empty()).ok_or_else(|| group_not_read(name))?
            }
        };
        let changing =
            members.iter().find(|member| member.kind.cache_cluster_status != "available");
        if let Some(member) = changing {
            let status = &member.kind.cache_cluster_status;
            return Ok(Judged::NotHere(pass(
                "not-available",
                format!("{} is {status}.", member.id),
                format!("{} 상태가 {status}입니다.", member.id),
            )));
        }
        let nodes = members
            .iter()
            .map(|member| member.kind.num_cache_nodes)
            .try_fold(0_u32, |sum, nodes| sum.checked_add(nodes?))
            .ok_or_else(nodes_unknown)?;
        Ok(Judged::Here(Self { first: cluster, members, nodes }))
    }

    /// Returns the names of each member, which metrics are found under.
    pub fn subjects(&self) -> Vec<Vec<ResourceId>> {
        self.members
            .iter()
            .map(|member| {
                let arn = member.kind.arn.as_deref().map(ResourceId::new);
                std::iter::once(member.id.clone()).chain(arn).collect()
            })
            .collect()
    }

    /// Returns every name on the bill.
    pub fn bill_names(&self) -> Vec<ResourceId> {
        let group = self.first.kind.replication_group.as_ref();
        let arn = group.and_then(|group| group.arn.as_deref()).map(ResourceId::new);
        self.subjects().into_iter().flatten().chain(arn).collect()
    }

    /// Returns the node type.
    pub fn node_type(&self) -> NodeType<'a> {
        let kind = &self.first.kind;
        NodeType {
            service: NodeService::ElastiCache,
            engine: &kind.engine,
            name: kind.cache_node_type.clone(),
        }
    }

    /// Returns what carries the node type.
    pub fn scope(&self) -> CacheScope {
        match &self.first.kind.replication_group_id {
            Some(group) => CacheScope::ReplicationGroup(group.clone()),
            None => CacheScope::Cluster,
        }
    }

    /// Returns the deletion of all nodes.
    pub fn removal(&self) -> Removal {
        let kind = &self.first.kind;
        match &kind.replication_group_id {
            Some(group) => Removal::ReplicationGroup {
                replication_group_id: group.clone(),
                engine: kind.engine.clone(),
                cache_node_type: kind.cache_node_type.clone(),
            },
            None => Removal::CacheCluster {
                engine: kind.engine.clone(),
                cache_node_type: kind.cache_node_type.clone(),
                num_cache_nodes: self.nodes,
            },
        }
    }

    /// Returns whether a change of its own is waiting on any node.
    pub fn has_pending_modifications(&self) -> bool {
        self.members.iter().any(|member| member.kind.has_pending_modifications)
    }
}

fn group_not_read(group: &ResourceId) -> Unknown {
    unknown(
        "group-not-read",
        format!("Not every node of the replication group {group} was read."),
        format!("복제 그룹의 노드 중 읽지 못한 것이 있습니다: {group}."),
        &["inventory:describe-replication-groups"],
    )
}

fn nodes_unknown() -> Unknown {
    unknown(
        "nodes-unknown",
        "The listing does not say how many nodes the cluster has.",
        "목록에 클러스터의 노드 수가 없습니다.",
        &["inventory:describe-cache-clusters"],
    )
}
