//! Which recommendation stands where several are about the same thing.
//!
//! A resource has parts that are billed apart: its existence, its compute, its
//! storage, what it keeps. A change to the whole leaves nothing for a change to a
//! part; of several changes to one part the one that saves most stands; changes to
//! different parts combine. A deletion that takes other resources with it stands for
//! them too.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use trimtab_model::action::{
    Action, BucketRule, Configuration, ContainerSetting, Removal, Setting, VolumeSettings,
};
use trimtab_model::analysis::Superseded;
use trimtab_model::id::{RecommendationId, RegionId, ResourceId, SubAccountId};
use trimtab_model::recommendation::Recommendation;
use trimtab_model::resource::ResourceKind;
use trimtab_model::text::{Reason, Text};

use super::{repairs, schedules};

/// The part of a resource that an action changes, in the order in which changes apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// All of it goes away.
    Whole,
    /// What computes.
    Compute,
    /// In which hours it computes.
    Hours,
    /// What stores.
    Storage,
    /// The IOPS of what stores, and nothing else of it.
    Iops,
    /// The throughput of what stores, and nothing else of it.
    Throughput,
    /// What is kept beside it: older versions.
    Versions,
    /// What was begun and never completed.
    Uploads,
    /// What leads to it and away from it.
    Network,
    /// What watches.
    Monitoring,
    /// The program that runs on it.
    Application,
}

impl Part {
    /// Returns whether a change to this part leaves nothing for a change to `other`.
    fn covers(self, other: Self) -> bool {
        self == Self::Whole
            || self == other
            || (self == Self::Storage && (other == Self::Iops || other == Self::Throughput))
    }
}

/// Returns whether a change touches what computes, or leaves nothing of the resource.
pub(super) fn changes_hours_cost(action: &Action) -> bool {
    matches!(part(action), Part::Whole | Part::Compute)
}

/// Returns whether nothing of the resource is left after the change.
pub(super) fn removes(action: &Action) -> bool {
    part(action) == Part::Whole
}

fn part(action: &Action) -> Part {
    match action {
        Action::TerminateInstance { .. }
        | Action::DeleteVolume { .. }
        | Action::DeleteSnapshot { .. }
        | Action::DeregisterImage { .. }
        | Action::DisableFastSnapshotRestore { .. }
        | Action::ReleaseHost { .. }
        | Action::ReleaseAddress { .. }
        | Action::DeleteNatGateway { .. }
        | Action::DeleteLoadBalancer { .. }
        | Action::DeleteDbInstance { .. }
        | Action::Delete(_)
        | Action::Remove { .. } => Part::Whole,
        Action::ModifyInstanceType { .. }
        | Action::MigrateInstance { .. }
        | Action::ResizeAutoScalingGroup { .. }
        | Action::RefreshInstances(_)
        | Action::SwitchDatabase(_)
        | Action::FollowLoad { .. }
        | Action::ResizeCapacityReservation { .. }
        | Action::StopInstance { .. }
        | Action::UseCommitment { .. }
        | Action::ModifyDbInstanceClass { .. }
        | Action::UpdateFunctionMemory { .. }
        | Action::UpdateFunctionArchitecture { .. } => Part::Compute,
        Action::ApplySchedule { .. } => Part::Hours,
        Action::FixApplication(_)
        | Action::FixQuery(_)
        | Action::ConvertServerless(_)
        | Action::MoveToContainers(_) => Part::Application,
        Action::UnmonitorInstance => Part::Monitoring,
        Action::ModifyVolume { from, to, .. } => volume_part(from, to),
        Action::ArchiveSnapshot { .. }
        | Action::ModifyDbStorage { .. }
        | Action::PutRetentionPolicy { .. } => Part::Storage,
        Action::Set(setting) => part_of_setting(setting),
        Action::Configure { to, .. } => part_of_configuration(to),
    }
}

fn part_of_setting(setting: &Setting) -> Part {
    match setting {
        Setting::EndpointGateway { .. }
        | Setting::NatRoutes { .. }
        | Setting::CurrentLoadBalancer { .. } => Part::Whole,
        Setting::EndpointSubnets { .. }
        | Setting::BurstingThroughput { .. }
        | Setting::LogGroupClass { .. }
        | Setting::TrailLogging => Part::Compute,
        Setting::BucketStorageClass { .. }
        | Setting::FileSystemLifecycle { .. }
        | Setting::ExpireUntaggedImages { .. } => Part::Storage,
        Setting::BucketRule { rule, .. } => match rule {
            BucketRule::AbortIncompleteMultipartUploads { .. } => Part::Uploads,
            BucketRule::ExpireNoncurrentVersions { .. } => Part::Versions,
            BucketRule::IntelligentTiering => Part::Storage,
        },
        Setting::GatewayEndpoints { .. }
        | Setting::PublicAddress { .. }
        | Setting::CrossZone
        | Setting::FlowLogs
        | Setting::Distribution => Part::Network,
    }
}

fn part_of_configuration(configuration: &Configuration) -> Part {
    match configuration {
        // Standby, price model and engine version touch the hours and the storage alike, so
        // only one change of them counts.
        Configuration::DbStandby(_)
        | Configuration::DbEngineVersion { .. }
        | Configuration::ClusterStorageType(_)
        | Configuration::ClusterCapacity { .. }
        | Configuration::CacheNodeType { .. }
        | Configuration::CacheEngine { .. }
        | Configuration::RedshiftNodes { .. }
        | Configuration::RedshiftState(_)
        | Configuration::DomainInstances { .. }
        | Configuration::TableThroughput { .. }
        | Configuration::TableMinima(_)
        | Configuration::TableOnDemand
        | Configuration::ProvisionedConcurrency { .. }
        | Configuration::NotebookState(_) => Part::Compute,
        Configuration::DbInsightsRetention(_) => Part::Monitoring,
        Configuration::Container(setting) => part_of_container(setting),
        Configuration::DbAllocatedStorage { .. }
        | Configuration::DomainVolume(_)
        | Configuration::TableClass(_) => Part::Storage,
    }
}

fn part_of_container(setting: &ContainerSetting) -> Part {
    match setting {
        // Without tasks or machines nothing of it is paid.
        ContainerSetting::ServiceTasks(_) | ContainerSetting::Machines { .. } => Part::Whole,
        ContainerSetting::TaskLimits(limits) if limits.max_capacity == 0 => Part::Whole,
        ContainerSetting::TaskLimits(_)
        | ContainerSetting::Task(_)
        | ContainerSetting::Nodes(_)
        | ContainerSetting::KubernetesVersion { .. } => Part::Compute,
    }
}

/// Returns what an action takes with it: other resources, by their kind.
pub(super) fn members(action: &Action) -> Vec<(ResourceKind, Vec<ResourceId>)> {
    match action {
        Action::TerminateInstance { volume_ids, .. } => {
            vec![(ResourceKind::Volume, volume_ids.clone())]
        }
        Action::DeregisterImage { snapshot_ids, .. } => {
            vec![(ResourceKind::Snapshot, snapshot_ids.clone())]
        }
        // No identifier is that of an instance and of a volume.
        Action::Remove { removal: Removal::EmrCluster { member_ids, .. } } => vec![
            (ResourceKind::Instance, member_ids.clone()),
            (ResourceKind::Volume, member_ids.clone()),
        ],
        Action::Configure {
            from: Configuration::Container(ContainerSetting::Machines { instance_ids, groups }),
            ..
        } => {
            let grouped = groups.iter().flat_map(|group| &group.members);
            let machines = instance_ids.iter().chain(grouped).cloned().collect();
            let names = groups.iter().map(|group| group.name.clone()).collect();
            vec![(ResourceKind::Instance, machines), (ResourceKind::AutoScalingGroup, names)]
        }
        _ => Vec::new(),
    }
}

fn volume_part(from: &VolumeSettings, to: &VolumeSettings) -> Part {
    let same_type = from.volume_type == to.volume_type;
    match (same_type, from.iops == to.iops, from.throughput_mib_s == to.throughput_mib_s) {
        (true, false, true) => Part::Iops,
        (true, true, false) => Part::Throughput,
        _ => Part::Storage,
    }
}

type Place = (SubAccountId, RegionId, ResourceKind, ResourceId);

fn place(recommendation: &Recommendation) -> Place {
    let resource = &recommendation.resource;
    (resource.account.clone(), resource.region.clone(), resource.kind, resource.id.clone())
}

/// Splits recommendations into those that stand and those that another one covers.
///
/// The result does not depend on the order of `recommendations`.
pub fn resolve(mut recommendations: Vec<Recommendation>) -> (Vec<Recommendation>, Vec<Superseded>) {
    recommendations.sort_by(|a, b| a.id.cmp(&b.id).then_with(|| a.check.cmp(&b.check)));
    let mut groups: BTreeMap<Place, Vec<Recommendation>> = BTreeMap::new();
    for recommendation in recommendations {
        groups.entry(place(&recommendation)).or_default().push(recommendation);
    }
    let mut superseded = Vec::new();
    let mut standing: Vec<Recommendation> =
        groups.into_values().flat_map(|group| one_resource(group, &mut superseded)).collect();
    contained(&mut standing, &mut superseded);
    schedules::behind_members(&mut standing, &mut superseded);
    superseded.sort_by(|a, b| a.recommendation.id.cmp(&b.recommendation.id));
    (standing, superseded)
}

/// Returns the order in which recommendations win: most saved, least risk, identifier.
fn preference(a: &Recommendation, b: &Recommendation) -> Ordering {
    let saved = |recommendation: &Recommendation| {
        let savings = &recommendation.estimated_monthly_savings;
        (savings.currency(), savings.likely.amount, savings.high.amount)
    };
    let (a_currency, a_likely, a_high) = saved(a);
    let (b_currency, b_likely, b_high) = saved(b);
    a_currency
        .cmp(&b_currency)
        .then(b_likely.cmp(&a_likely))
        .then(b_high.cmp(&a_high))
        .then(a.performance_risk.cmp(&b.performance_risk))
        .then_with(|| a.id.cmp(&b.id))
        .then_with(|| a.check.cmp(&b.check))
}

fn one_resource(
    mut group: Vec<Recommendation>,
    superseded: &mut Vec<Superseded>,
) -> Vec<Recommendation> {
    group.sort_by(|a, b| part(&a.action).cmp(&part(&b.action)).then_with(|| preference(a, b)));
    let mut winners: Vec<Recommendation> = Vec::new();
    for recommendation in group {
        let winner =
            winners.iter().find(|winner| part(&winner.action).covers(part(&recommendation.action)));
        match winner {
            Some(winner) => superseded.push(Superseded {
                by: winner.id.clone(),
                reason: covered_by(winner),
                recommendation,
            }),
            None => winners.push(recommendation),
        }
    }
    schedules::behind_changes(&mut winners, superseded);
    repairs::behind_changes(&mut winners, superseded);
    combine(&mut winners);
    winners
}

/// Tells each change of a combination what goes before it.
fn combine(winners: &mut [Recommendation]) {
    let order: Vec<String> = winners.iter().map(|winner| winner.id.as_str().to_owned()).collect();
    for (index, winner) in winners.iter_mut().enumerate().skip(1) {
        let earlier: Vec<&str> = order.iter().take(index).map(String::as_str).collect();
        let list = earlier.join(", ");
        winner.evidence.notes.push(Text::new(
            format!("It combines with {list} on the same resource; make that change first."),
            format!("같은 자원의 다른 추천과 함께 적용할 수 있습니다. 먼저 적용할 추천: {list}."),
        ));
    }
}

/// Removes what is about something that a larger change takes with it: the instances and volumes
/// of an EMR cluster, the machines of an ECS cluster, the volumes of a terminated instance, the
/// snapshots of an image.
fn contained(standing: &mut Vec<Recommendation>, superseded: &mut Vec<Superseded>) {
    let mut owners: BTreeMap<Place, (RecommendationId, Reason)> = BTreeMap::new();
    // A cluster stands for the volumes of its instances too, so that it comes first.
    let (clusters, others): (Vec<&Recommendation>, Vec<&Recommendation>) =
        standing.iter().partition(|one| matches!(one.resource.kind, ResourceKind::EmrCluster));
    for recommendation in clusters.into_iter().chain(others) {
        let (account, region, ..) = place(recommendation);
        for (kind, members) in members(&recommendation.action) {
            for member in members {
                let place = (account.clone(), region.clone(), kind, member);
                owners
                    .entry(place)
                    .or_insert_with(|| (recommendation.id.clone(), covered_by(recommendation)));
            }
        }
    }
    let (kept, gone): (Vec<_>, Vec<_>) = std::mem::take(standing)
        .into_iter()
        .partition(|recommendation| !owners.contains_key(&place(recommendation)));
    *standing = kept;
    for recommendation in gone {
        let Some((by, reason)) = owners.get(&place(&recommendation)).cloned() else { continue };
        // What it had won against is now covered by the larger change too.
        for earlier in superseded.iter_mut().filter(|earlier| earlier.by == recommendation.id) {
            earlier.by = by.clone();
            earlier.reason = reason.clone();
        }
        superseded.push(Superseded { recommendation, by, reason });
    }
}

pub(super) fn covered_by(winner: &Recommendation) -> Reason {
    Reason::new(
        "covered-by-another",
        format!("{} ({} on {}) covers it.", winner.id, winner.check, winner.resource.id),
        format!("{}({}, {})에 포함됩니다.", winner.id, winner.check, winner.resource.id),
    )
}
