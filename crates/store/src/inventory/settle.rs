//! Makes the snapshot: what was listed where, who belongs to whom, and what is missing.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use trimtab_model::explain::Explain;
use trimtab_model::id::{RegionId, ResourceId, SubAccountId};
use trimtab_model::policy::EnvironmentTags;
use trimtab_model::resource::load_balancer::LoadBalancerType;
use trimtab_model::resource::volume::{Volume, VolumeAttachment};
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::snapshot::{Gap, Snapshot};
use trimtab_model::text::Reason;

use super::place::{Place, UNKNOWN};
use super::read::{Places, Rejected, kinds_of_name};
use super::tables::{Follows, Listing, Sourced, Tables};
use super::target_health::{Behind, Targeted, Targets};
use super::volumes::{AttachmentsListed, ListedVolume};

type Where = (SubAccountId, RegionId);

/// Makes the snapshot of all that was found.
pub(super) fn settle(
    mut tables: Tables,
    places: &Places<'_>,
    rejected: &[Rejected],
    taken_at: Timestamp,
    environments: &EnvironmentTags,
) -> Snapshot {
    let mut snapshot = Snapshot::empty(taken_at);
    drop_strangers(&mut tables, places);
    note_listings(&tables.listings, places, &mut snapshot);
    note_rejected(rejected, places, &mut snapshot);
    let targets = Targets::new(&tables.target_groups, &tables.target_healths);
    let groups_listed = groups_listed(&tables, places);

    snapshot.instances = places.settle(tables.instances, environments, |kind| kind);
    snapshot.snapshots = places.settle(tables.snapshots, environments, |kind| kind);
    snapshot.addresses = places.settle(tables.addresses, environments, |kind| kind);
    snapshot.nat_gateways = places.settle(tables.nat_gateways, environments, |kind| kind);
    snapshot.load_balancers = places.settle(tables.load_balancers, environments, |kind| kind);
    snapshot.auto_scaling_groups =
        places.settle(tables.auto_scaling_groups, environments, |kind| kind);
    snapshot.db_instances = places.settle(tables.db_instances, environments, |kind| kind);
    snapshot.log_groups = places.settle(tables.log_groups, environments, |kind| kind);
    snapshot.functions = places.settle(tables.functions, environments, |kind| kind);
    let volumes = places.settle(tables.volumes, environments, |kind| kind);
    attach(volumes, &mut snapshot);
    snapshot.join_groups();
    count_targets(&targets, &groups_listed, places, &mut snapshot);
    snapshot
}

/// Drops snapshots that other accounts own: without `--owner-ids self` the
/// listing holds all public and shared ones, which the reader does not pay for.
fn drop_strangers(tables: &mut Tables, places: &Places<'_>) {
    tables.snapshots.retain(|Sourced { source, found }| {
        let ours = places.of_file(*source).account;
        match (&found.place.account, ours) {
            (Some(owner), Some(ours)) => *owner == ours,
            _ => true,
        }
    });
}

fn note_listings(listings: &[Listing], places: &Places<'_>, snapshot: &mut Snapshot) {
    let mut pages: BTreeMap<(ResourceKind, Where), (usize, Follows)> = BTreeMap::new();
    let mut nameless: BTreeSet<(usize, ResourceKind)> = BTreeSet::new();
    for listing in listings {
        let file = places.of_file(listing.source);
        let mut at: BTreeSet<Where> = listing
            .places
            .iter()
            .map(|place| match listing.kind {
                // Snapshots of other accounts were dropped.
                ResourceKind::Snapshot => file.clone().or(place.clone()).settled(),
                _ => places.of_find(listing.source, place),
            })
            .collect();
        if at.is_empty() {
            at.insert(file.settled());
        }
        for place in at {
            if place.0.as_str() == UNKNOWN || place.1.as_str() == UNKNOWN {
                nameless.insert((listing.source, listing.kind));
            }
            let page = pages
                .entry((listing.kind, place))
                .or_insert((listing.source, Follows::AnotherPage));
            if listing.follows == Follows::Nothing {
                page.1 = Follows::Nothing;
            }
        }
    }
    for ((kind, (account, region)), (source, follows)) in pages {
        match follows {
            Follows::Nothing => {
                snapshot.listed.entry(kind).or_default().insert((account, region));
            }
            Follows::AnotherPage => snapshot.gaps.push(Gap {
                source: places.name(source).to_owned(),
                account: Some(account),
                region: Some(region),
                kind: Some(kind),
                reason: Reason::new(
                    "listing-incomplete",
                    "The listing names a next page that is not here. Run the command again without --no-paginate and --max-items.",
                    "목록에 다음 페이지가 있다고 되어 있지만 그 페이지가 없습니다. --no-paginate와 --max-items 없이 명령을 다시 실행하세요.",
                ),
            }),
        }
    }
    for (source, kind) in nameless {
        snapshot.gaps.push(Gap {
            source: places.name(source).to_owned(),
            account: None,
            region: None,
            kind: Some(kind),
            reason: Reason::new(
                "place-unknown",
                "Neither the directory nor the listing says which account and region this is. Put the file under <account>/<region>/.",
                "디렉터리와 목록 어디에도 계정과 리전이 나와 있지 않습니다. 파일을 <계정>/<리전>/ 아래에 두세요.",
            ),
        });
    }
}

/// Adds a gap for each rejected file, and takes back that its kind was listed there.
fn note_rejected(rejected: &[Rejected], places: &Places<'_>, snapshot: &mut Snapshot) {
    for file in rejected {
        let name = places.name(file.source);
        let place = places.of_file(file.source);
        let kinds = kinds_of_name(name);
        let (problem, hint) = (file.error.text(), &file.error.hint);
        for kind in &kinds {
            if let Some(listed) = snapshot.listed.get_mut(kind) {
                listed.retain(|listed| !covers(&place, listed));
            }
        }
        let gap = |kind| Gap {
            source: name.to_owned(),
            account: place.account.clone(),
            region: place.region.clone(),
            kind,
            reason: Reason::new(
                "file-rejected",
                format!("The file was not read: {}. To mend it: {}.", problem.en, hint.en),
                format!("파일을 읽지 못했습니다: {}. 해결 방법: {}.", problem.ko, hint.ko),
            ),
        };
        if kinds.is_empty() {
            snapshot.gaps.push(gap(None));
        }
        snapshot.gaps.extend(kinds.into_iter().map(|kind| gap(Some(kind))));
    }
}

/// Returns whether a file at `place` may have listed what is at `listed`: an open
/// account or region may be any.
fn covers(place: &Place, listed: &Where) -> bool {
    place.account.as_ref().is_none_or(|account| *account == listed.0)
        && place.region.as_ref().is_none_or(|region| *region == listed.1)
}

/// Fills the attachments that a listing leaves out from the instances that hold the volume.
fn attach(volumes: Vec<Resource<ListedVolume>>, snapshot: &mut Snapshot) {
    let mut holders: BTreeMap<&ResourceId, Vec<&ResourceId>> = BTreeMap::new();
    for instance in &snapshot.instances {
        for volume in &instance.kind.volume_ids {
            holders.entry(volume).or_default().push(&instance.id);
        }
    }
    let mut settled = Vec::with_capacity(volumes.len());
    let mut gaps = Vec::new();
    for resource in volumes {
        let ListedVolume { mut volume, attachments } = resource.kind;
        if attachments == AttachmentsListed::No {
            let held = holders.get(&resource.id).into_iter().flatten();
            volume.attachments = held
                .map(|instance| VolumeAttachment {
                    instance_id: (*instance).clone(),
                    device: None,
                    state: None,
                })
                .collect();
            // An available volume is by definition not attached.
            if volume.attachments.is_empty() && volume.state != "available" {
                gaps.push(attachments_gap(&resource.id, &resource.account, &resource.region));
            }
        }
        settled.push(Resource::<Volume> {
            id: resource.id,
            account: resource.account,
            region: resource.region,
            environment: resource.environment,
            tags: resource.tags,
            kind: volume,
        });
    }
    snapshot.volumes = settled;
    snapshot.gaps.extend(gaps);
}

fn attachments_gap(volume: &ResourceId, account: &SubAccountId, region: &RegionId) -> Gap {
    Gap {
        source: ResourceKind::Volume.operation().to_owned(),
        account: Some(account.clone()),
        region: Some(region.clone()),
        kind: Some(ResourceKind::Volume),
        reason: Reason::new(
            "attachments-missing",
            format!(
                "The listing does not say what {volume} is attached to. Save it without --query."
            ),
            format!(
                "목록에 {volume} 볼륨이 어디에 연결되어 있는지 나와 있지 않습니다. --query 없이 저장하세요."
            ),
        ),
    }
}

/// Returns where all target groups are known.
fn groups_listed(tables: &Tables, places: &Places<'_>) -> BTreeSet<Where> {
    tables
        .target_group_pages
        .iter()
        .filter(|page| page.found == Follows::Nothing)
        .map(|page| places.of_file(page.source).settled())
        .collect()
}

fn count_targets(
    targets: &Targets,
    groups_listed: &BTreeSet<Where>,
    places: &Places<'_>,
    snapshot: &mut Snapshot,
) {
    let mut missing: BTreeMap<Where, usize> = BTreeMap::new();
    for balancer in &mut snapshot.load_balancers {
        if balancer.kind.load_balancer_type == LoadBalancerType::Classic {
            continue;
        }
        let place = (balancer.account.clone(), balancer.region.clone());
        let behind = match targets.of(balancer.id.as_str()) {
            Targeted::Behind(behind) => Some(behind),
            Targeted::NoGroup if groups_listed.contains(&place) => Some(Behind::none()),
            Targeted::NoGroup => None,
            Targeted::HealthMissing => {
                *missing.entry(place).or_default() += 1;
                None
            }
        };
        balancer.kind.targets = behind.as_ref().map(|behind| behind.count);
        balancer.kind.target_groups = behind.as_ref().map(|behind| behind.groups.clone());
        balancer.kind.target_ids = behind.map(|behind| behind.ids.into_iter().collect());
    }
    for ((account, region), count) in missing {
        snapshot.gaps.push(Gap {
            source: "describe-target-health".to_owned(),
            account: Some(account),
            region: Some(region),
            kind: Some(ResourceKind::LoadBalancer),
            reason: Reason::new(
                "target-health-missing",
                format!("The target health of {count} load balancers is not here. Save describe-target-health for each of their target groups as describe-target-health.<group name>.json."),
                format!("로드 밸런서 {count}개의 대상 상태가 없습니다. 각 대상 그룹의 describe-target-health 출력을 describe-target-health.<그룹 이름>.json으로 저장하세요."),
            ),
        });
    }
    for source in &targets.unmatched {
        let place = places.of_file(*source);
        snapshot.gaps.push(Gap {
            source: places.name(*source).to_owned(),
            account: place.account,
            region: place.region,
            kind: Some(ResourceKind::LoadBalancer),
            reason: Reason::new(
                "target-group-unknown",
                "The AWS CLI does not print which target group this health is of. Save describe-target-groups too, and name the file describe-target-health.<group name>.json.",
                "AWS CLI는 이 상태가 어느 대상 그룹의 것인지 출력하지 않습니다. describe-target-groups도 저장하고 파일 이름을 describe-target-health.<그룹 이름>.json으로 지정하세요.",
            ),
        });
    }
}
