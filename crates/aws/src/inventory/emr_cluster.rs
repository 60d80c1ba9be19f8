//! `elasticmapreduce:ListClusters` of what is not terminated, and what each runs on.

use aws_sdk_emr::types;
use futures::FutureExt;

use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::emr_cluster::{
    AutoTermination, EmrCapacity, EmrCluster, EmrInstanceFleet, EmrInstanceGroup,
};

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, number, tags};

const LIST: &str = "elasticmapreduce:ListClusters";
const DESCRIBE: &str = "elasticmapreduce:DescribeCluster";
const LIST_GROUPS: &str = "elasticmapreduce:ListInstanceGroups";
const LIST_FLEETS: &str = "elasticmapreduce:ListInstanceFleets";
const GET_AUTO_TERMINATION: &str = "elasticmapreduce:GetAutoTerminationPolicy";

/// The states in which a cluster has instances; terminated ones stay listed for two months.
const ALIVE: &[types::ClusterState] = &[
    types::ClusterState::Starting,
    types::ClusterState::Bootstrapping,
    types::ClusterState::Running,
    types::ClusterState::Waiting,
    types::ClusterState::Terminating,
];

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::EmrCluster,
    reach: Reach::Region,
    actions: &[LIST, DESCRIBE, LIST_GROUPS, LIST_FLEETS, GET_AUTO_TERMINATION],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let mut ids = Vec::new();
    let stream = session
        .emr()
        .list_clusters()
        .set_cluster_states(Some(ALIVE.to_vec()))
        .into_paginator()
        .send();
    let listed = pages(LIST, stream, |page| {
        ids.extend(page.clusters.unwrap_or_default().into_iter().filter_map(|one| one.id));
    })
    .await;
    for id in ids {
        let described = describe(session, &id).await;
        let Some(mut cluster) = part.detail(described).flatten() else { continue };
        let Some(state) = cluster.status.as_ref().and_then(|status| status.state.as_ref()) else {
            continue;
        };
        let state = state.as_str().to_owned();
        let capacity = capacity(session, &id, cluster.instance_collection_type.as_ref()).await;
        let auto_termination = auto_termination(session, &id).await;
        let pairs = cluster.tags.take().unwrap_or_default().into_iter();
        let tags = tags::of_pairs(pairs.map(|tag| (tag.key, tag.value)));
        let ready = cluster.status.and_then(|status| status.timeline?.ready_date_time);
        let kind = EmrCluster {
            cluster_arn: cluster.cluster_arn,
            name: cluster.name,
            state,
            ready_date_time: moment::optional(ready.as_ref()),
            release_label: cluster.release_label,
            applications: cluster
                .applications
                .unwrap_or_default()
                .into_iter()
                .filter_map(|application| application.name)
                .collect(),
            termination_protected: cluster.termination_protected,
            auto_termination: part.detail(auto_termination),
            capacity: part.detail(capacity),
        };
        part.snapshot.emr_clusters.push(session.resource(id, tags, kind));
    }
    listed
}

async fn describe(session: &Session, id: &str) -> Result<Option<types::Cluster>, AwsError> {
    let answer = session
        .emr()
        .describe_cluster()
        .cluster_id(id)
        .send()
        .await
        .map_err(|error| AwsError::of(DESCRIBE, &error))?;
    Ok(answer.cluster)
}

async fn auto_termination(session: &Session, id: &str) -> Result<AutoTermination, AwsError> {
    let answer = session
        .emr()
        .get_auto_termination_policy()
        .cluster_id(id)
        .send()
        .await
        .map_err(|error| AwsError::of(GET_AUTO_TERMINATION, &error))?;
    let seconds = answer.auto_termination_policy.and_then(|policy| policy.idle_timeout);
    Ok(number::count(seconds).map_or(AutoTermination::Never, AutoTermination::AfterIdleSeconds))
}

/// A cluster has groups or fleets, and asking for the other kind is an error.
async fn capacity(
    session: &Session,
    id: &str,
    collection: Option<&types::InstanceCollectionType>,
) -> Result<EmrCapacity, AwsError> {
    if collection == Some(&types::InstanceCollectionType::InstanceFleet) {
        let mut fleets = Vec::new();
        let stream = session.emr().list_instance_fleets().cluster_id(id).into_paginator().send();
        pages(LIST_FLEETS, stream, |page| {
            fleets.extend(page.instance_fleets.unwrap_or_default().into_iter().map(fleet));
        })
        .await?;
        return Ok(EmrCapacity::Fleets(fleets));
    }
    let mut groups = Vec::new();
    let stream = session.emr().list_instance_groups().cluster_id(id).into_paginator().send();
    pages(LIST_GROUPS, stream, |page| {
        groups.extend(page.instance_groups.unwrap_or_default().into_iter().filter_map(group));
    })
    .await?;
    Ok(EmrCapacity::Groups(groups))
}

fn group(group: types::InstanceGroup) -> Option<EmrInstanceGroup> {
    Some(EmrInstanceGroup {
        instance_group_type: group.instance_group_type.map(|word| word.as_str().to_owned()),
        instance_type: group.instance_type?,
        market: group.market.map(|word| word.as_str().to_owned()),
        running_instance_count: number::count(group.running_instance_count)?,
    })
}

fn fleet(fleet: types::InstanceFleet) -> EmrInstanceFleet {
    EmrInstanceFleet {
        instance_fleet_type: fleet.instance_fleet_type.map(|word| word.as_str().to_owned()),
        instance_types: fleet
            .instance_type_specifications
            .unwrap_or_default()
            .into_iter()
            .filter_map(|one| one.instance_type)
            .collect(),
        provisioned_on_demand_capacity: number::count(fleet.provisioned_on_demand_capacity),
        provisioned_spot_capacity: number::count(fleet.provisioned_spot_capacity),
    }
}
