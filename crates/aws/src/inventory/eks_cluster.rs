//! `eks:ListClusters` and `eks:DescribeCluster`, with what runs the pods and how long the version
//! is in support.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_eks::types::{Cluster, ClusterVersionInformation};
use futures::FutureExt;

use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::eks_cluster::{EksCluster, Hosting};

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, tags};

/// The action that lists the clusters, which the collector of node groups calls too.
pub(super) const LIST: &str = "eks:ListClusters";
/// The action that lists the node groups of one, which that collector calls too.
pub(super) const LIST_NODEGROUPS: &str = "eks:ListNodegroups";
const DESCRIBE: &str = "eks:DescribeCluster";
const LIST_PROFILES: &str = "eks:ListFargateProfiles";
const DESCRIBE_VERSIONS: &str = "eks:DescribeClusterVersions";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::EksCluster,
    reach: Reach::Region,
    actions: &[LIST, DESCRIBE, LIST_NODEGROUPS, LIST_PROFILES, DESCRIBE_VERSIONS],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let (names, listed) = cluster_names(session).await;
    let mut found = Vec::new();
    for name in names {
        let Some(cluster) = part.detail(describe(session, &name).await).flatten() else { continue };
        let nodegroups = part.detail(nodegroup_names(session, &name).await);
        let profiles = part.detail(profiles(session, &name).await);
        found.push((name, cluster, nodegroups, profiles));
    }
    let asked: BTreeSet<String> =
        found.iter().filter_map(|(_, cluster, ..)| cluster.version.clone()).collect();
    let versions =
        if asked.is_empty() { Ok(BTreeMap::new()) } else { versions(session, asked).await };
    let versions = part.detail(versions).unwrap_or_default();
    for (name, mut cluster, nodegroups, profiles) in found {
        let pairs = cluster.tags.take().unwrap_or_default().into_iter();
        let tags = tags::of_pairs(pairs.map(|(key, value)| (Some(key), Some(value))));
        let support = cluster.version.as_ref().and_then(|version| versions.get(version));
        let kind = kind(cluster, support, nodegroups, profiles);
        part.snapshot.eks_clusters.push(session.resource(name, tags, kind));
    }
    listed
}

/// Lists the names of every cluster, as far as they could be read.
pub(super) async fn cluster_names(session: &Session) -> (Vec<String>, Result<(), AwsError>) {
    let mut names = Vec::new();
    let stream = session.eks().list_clusters().max_results(100).into_paginator().send();
    let listed = pages(LIST, stream, |page| names.extend(page.clusters.unwrap_or_default())).await;
    (names, listed)
}

/// Lists the managed node groups of a cluster, sorted.
pub(super) async fn nodegroup_names(
    session: &Session,
    cluster: &str,
) -> Result<Vec<String>, AwsError> {
    let mut names = Vec::new();
    let listing = session.eks().list_nodegroups().cluster_name(cluster).max_results(100);
    pages(LIST_NODEGROUPS, listing.into_paginator().send(), |page| {
        names.extend(page.nodegroups.unwrap_or_default());
    })
    .await?;
    names.sort();
    Ok(names)
}

async fn profiles(session: &Session, cluster: &str) -> Result<Vec<String>, AwsError> {
    let mut names = Vec::new();
    let listing = session.eks().list_fargate_profiles().cluster_name(cluster).max_results(100);
    pages(LIST_PROFILES, listing.into_paginator().send(), |page| {
        names.extend(page.fargate_profile_names.unwrap_or_default());
    })
    .await?;
    names.sort();
    Ok(names)
}

async fn describe(session: &Session, name: &str) -> Result<Option<Cluster>, AwsError> {
    let answer = session
        .eks()
        .describe_cluster()
        .name(name)
        .send()
        .await
        .map_err(|error| AwsError::of(DESCRIBE, &error))?;
    Ok(answer.cluster)
}

async fn versions(
    session: &Session,
    asked: BTreeSet<String>,
) -> Result<BTreeMap<String, ClusterVersionInformation>, AwsError> {
    let mut found = BTreeMap::new();
    let listing = session
        .eks()
        .describe_cluster_versions()
        .set_cluster_versions(Some(asked.into_iter().collect()));
    pages(DESCRIBE_VERSIONS, listing.into_paginator().send(), |page| {
        for version in page.cluster_versions.unwrap_or_default() {
            if let Some(name) = version.cluster_version.clone() {
                found.insert(name, version);
            }
        }
    })
    .await?;
    Ok(found)
}

fn kind(
    cluster: Cluster,
    support: Option<&ClusterVersionInformation>,
    nodegroups: Option<Vec<String>>,
    fargate_profiles: Option<Vec<String>>,
) -> EksCluster {
    let hosting = if cluster.connector_config.is_some() {
        Hosting::Connected
    } else if cluster.outpost_config.is_some() {
        Hosting::Outpost
    } else if cluster.remote_network_config.is_some() {
        Hosting::Hybrid
    } else {
        Hosting::Cloud
    };
    EksCluster {
        arn: cluster.arn,
        status: cluster.status.map(|word| word.as_str().to_owned()),
        version: cluster.version,
        platform_version: cluster.platform_version,
        support_type: cluster
            .upgrade_policy
            .and_then(|policy| policy.support_type)
            .map(|word| word.as_str().to_owned()),
        end_of_standard_support: support
            .and_then(|version| moment::optional(version.end_of_standard_support_date.as_ref())),
        end_of_extended_support: support
            .and_then(|version| moment::optional(version.end_of_extended_support_date.as_ref())),
        created_at: moment::optional(cluster.created_at.as_ref()),
        hosting,
        auto_mode: cluster.compute_config.and_then(|config| config.enabled).unwrap_or(false),
        deletion_protection: cluster.deletion_protection,
        nodegroups,
        fargate_profiles,
    }
}
