//! `eks:ListNodegroups` and `eks:DescribeNodegroup` of every cluster.

use aws_sdk_eks::types::Nodegroup;
use futures::FutureExt;

use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::eks_nodegroup::EksNodegroup;

use super::eks_cluster::{LIST, LIST_NODEGROUPS, cluster_names, nodegroup_names};
use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, number, tags};

const DESCRIBE: &str = "eks:DescribeNodegroup";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::EksNodegroup,
    reach: Reach::Region,
    actions: &[LIST, LIST_NODEGROUPS, DESCRIBE],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let (clusters, mut listed) = cluster_names(session).await;
    for cluster in clusters {
        let names = match nodegroup_names(session, &cluster).await {
            Ok(names) => names,
            // The groups of one cluster do not hide those of the others.
            Err(error) => {
                listed = listed.and(Err(error));
                continue;
            }
        };
        for name in names {
            let described = describe(session, &cluster, &name).await;
            let Some(mut group) = part.detail(described).flatten() else { continue };
            let pairs = group.tags.take().unwrap_or_default().into_iter();
            let tags = tags::of_pairs(pairs.map(|(key, value)| (Some(key), Some(value))));
            let id = format!("{cluster}/{name}");
            let kind = kind(group, &cluster);
            part.snapshot.eks_nodegroups.push(session.resource(id, tags, kind));
        }
    }
    listed
}

async fn describe(
    session: &Session,
    cluster: &str,
    name: &str,
) -> Result<Option<Nodegroup>, AwsError> {
    let answer = session
        .eks()
        .describe_nodegroup()
        .cluster_name(cluster)
        .nodegroup_name(name)
        .send()
        .await
        .map_err(|error| AwsError::of(DESCRIBE, &error))?;
    Ok(answer.nodegroup)
}

fn kind(group: Nodegroup, cluster: &str) -> EksNodegroup {
    let scaling = group.scaling_config;
    let size = |of: Option<i32>| number::count(of);
    let groups = group.resources.and_then(|resources| resources.auto_scaling_groups);
    EksNodegroup {
        nodegroup_arn: group.nodegroup_arn,
        cluster_name: cluster.to_owned(),
        status: group.status.map(|word| word.as_str().to_owned()),
        version: group.version,
        created_at: moment::optional(group.created_at.as_ref()),
        capacity_type: group.capacity_type.map(|word| word.as_str().to_owned()),
        ami_type: group.ami_type.map(|word| word.as_str().to_owned()),
        instance_types: group
            .instance_types
            .unwrap_or_default()
            .into_iter()
            .map(Into::into)
            .collect(),
        min_size: size(scaling.as_ref().and_then(|scaling| scaling.min_size)),
        max_size: size(scaling.as_ref().and_then(|scaling| scaling.max_size)),
        desired_size: size(scaling.as_ref().and_then(|scaling| scaling.desired_size)),
        auto_scaling_groups: groups
            .unwrap_or_default()
            .into_iter()
            .filter_map(|group| group.name)
            .map(Into::into)
            .collect(),
    }
}
