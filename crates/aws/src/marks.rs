//! What carries trimtab's mark in one account and region, found by its tags alone.
//!
//! Instances carry no mark, for the role that changes them may not tag them: one that a change
//! has stopped is found by the snapshots of its volumes, which name the change.

use std::collections::BTreeMap;

use aws_sdk_ec2::types::{Filter, InstanceStateName};

use trimtab_model::id::{ChangeId, PlanId};
use trimtab_model::mark::{Mark, Marked};
use trimtab_model::resource::Tags;
use trimtab_model::resource::instance::moment_of_transition;

use crate::actuator::{CHANGE_TAG, DRILL_TAG, PLAN_TAG, QUARANTINE_TAG};
use crate::error::AwsError;
use crate::inventory;
use crate::observe::{deployment, schedule};
use crate::page::pages;
use crate::session::Session;
use crate::{moment, number, tags};

const DESCRIBE_DB_SNAPSHOTS: &str = "rds:DescribeDBSnapshots";
const DESCRIBE_DEPLOYMENTS: &str = "rds:DescribeBlueGreenDeployments";

/// What is read to find them.
pub const READS: &[&str] = &[
    inventory::address::DESCRIBE,
    inventory::capacity_reservation::DESCRIBE,
    inventory::instance::DESCRIBE,
    inventory::snapshot::DESCRIBE,
    inventory::volume::DESCRIBE,
    DESCRIBE_DEPLOYMENTS,
    DESCRIBE_DB_SNAPSHOTS,
    schedule::GET,
    schedule::LIST,
];

/// How many identifiers one filter takes (EC2 API reference, `Filter`).
const MOST_VALUES: usize = 200;

/// What was found, and what could not be read.
#[derive(Debug, Default)]
pub struct Marks {
    /// What was found, in order.
    pub found: Vec<Mark>,
    /// What could not be read: what it would have shown is missing from what was found.
    pub unread: Vec<AwsError>,
}

/// Looks for everything of ours in the session's account and region. Nothing is changed.
pub async fn marks(session: &Session) -> Marks {
    let mut marks = Marks::default();
    let mut volumes = BTreeMap::new();
    marks.add(snapshots(session, &mut volumes).await);
    marks.add(stopped(session, volumes).await);
    marks.add(reservations(session).await);
    marks.add(quarantined_volumes(session).await);
    marks.add(quarantined_addresses(session).await);
    marks.add(drill_volumes(session).await);
    marks.add(db_snapshots(session).await);
    marks.add(deployments(session).await);
    marks.add(schedules(session).await);
    marks
        .found
        .sort_by(|one, other| (one.what.code(), &one.id).cmp(&(other.what.code(), &other.id)));
    marks
}

impl Marks {
    fn add(&mut self, read: Result<Vec<Mark>, AwsError>) {
        match read {
            Ok(found) => self.found.extend(found),
            Err(error) => self.unread.push(error),
        }
    }
}

fn mark(session: &Session, id: String, what: Marked, tags: &Tags) -> Mark {
    Mark {
        account: session.account().clone(),
        region: session.region().clone(),
        id: id.into(),
        what,
        since: None,
        plan: tags.get(PLAN_TAG).map(|plan| PlanId::new(plan.clone())),
        change: tags.get(CHANGE_TAG).map(|change| ChangeId::new(change.clone())),
    }
}

fn with_tag(key: &str) -> Filter {
    Filter::builder().name("tag-key").values(key).build()
}

/// Lists the snapshots, and notes the tags of the newest of each volume.
async fn snapshots(
    session: &Session,
    volumes: &mut BTreeMap<String, Tags>,
) -> Result<Vec<Mark>, AwsError> {
    let listing = session.ec2().describe_snapshots().owner_ids("self");
    let listing = listing.filters(with_tag(CHANGE_TAG)).max_results(1000);
    let mut newest: BTreeMap<String, Option<jiff::Timestamp>> = BTreeMap::new();
    let mut found = Vec::new();
    pages(inventory::snapshot::DESCRIBE, listing.into_paginator().send(), |page| {
        for one in page.snapshots.unwrap_or_default() {
            let tags = tags::ec2(one.tags);
            let Some(id) = one.snapshot_id.filter(|_| tags.contains_key(CHANGE_TAG)) else {
                continue;
            };
            let since = moment::optional(one.start_time.as_ref());
            if let Some(volume) = &one.volume_id
                && newest.get(volume).is_none_or(|known| *known <= since)
            {
                newest.insert(volume.clone(), since);
                volumes.insert(volume.clone(), tags.clone());
            }
            let what = Marked::Snapshot {
                volume: one.volume_id.map(Into::into),
                state: one
                    .state
                    .map_or_else(|| "unknown".to_owned(), |word| word.as_str().to_owned()),
                size_gib: number::positive(one.volume_size),
            };
            found.push(Mark { since, ..mark(session, id, what, &tags) });
        }
    })
    .await?;
    Ok(found)
}

/// Lists the instances that are stopped and have one of these volumes.
async fn stopped(
    session: &Session,
    volumes: BTreeMap<String, Tags>,
) -> Result<Vec<Mark>, AwsError> {
    let mut machines: BTreeMap<String, Tags> = BTreeMap::new();
    for filter in some_of("volume-id", volumes.keys()) {
        let listing = session.ec2().describe_volumes().filters(filter);
        pages(inventory::volume::DESCRIBE, listing.into_paginator().send(), |page| {
            for one in page.volumes.unwrap_or_default() {
                let Some(tags) = one.volume_id.as_ref().and_then(|id| volumes.get(id)) else {
                    continue;
                };
                let attached = one.attachments.unwrap_or_default().into_iter();
                let attached = attached.filter_map(|one| one.instance_id);
                machines.extend(attached.map(|machine| (machine, tags.clone())));
            }
        })
        .await?;
    }
    let mut found = Vec::new();
    for filter in some_of("instance-id", machines.keys()) {
        let is_down = Filter::builder()
            .name("instance-state-name")
            .values(InstanceStateName::Stopped.as_str())
            .values(InstanceStateName::Stopping.as_str())
            .build();
        let listing = session.ec2().describe_instances().filters(filter).filters(is_down);
        let stream = listing.into_paginator().send();
        pages(inventory::instance::DESCRIBE, stream, |page| {
            let all = page.reservations.unwrap_or_default().into_iter();
            for one in all.flat_map(|some| some.instances.unwrap_or_default()) {
                let (Some(id), Some(of)) = (one.instance_id, one.instance_type) else { continue };
                let Some(tags) = machines.get(&id) else { continue };
                let reason = one.state_transition_reason.as_deref();
                let since = reason.and_then(moment_of_transition);
                let what = Marked::StoppedInstance { instance_type: of.as_str().into() };
                found.push(Mark { since, ..mark(session, id, what, tags) });
            }
        })
        .await?;
    }
    Ok(found)
}

/// Makes filters for identifiers, as many at a time as one takes.
fn some_of<'a>(name: &str, ids: impl Iterator<Item = &'a String>) -> Vec<Filter> {
    let ids: Vec<String> = ids.cloned().collect();
    let filters = ids.chunks(MOST_VALUES);
    filters
        .map(|some| Filter::builder().name(name).set_values(Some(some.to_vec())).build())
        .collect()
}

/// Lists the reservations that are paid. They cannot be asked for by a tag.
async fn reservations(session: &Session) -> Result<Vec<Mark>, AwsError> {
    let listing = session.ec2().describe_capacity_reservations().max_results(500);
    let mut found = Vec::new();
    let stream = listing.into_paginator().send();
    pages(inventory::capacity_reservation::DESCRIBE, stream, |page| {
        for one in page.capacity_reservations.unwrap_or_default() {
            let tags = tags::ec2(one.tags);
            let state = one.state.as_ref().map_or("unknown", |word| word.as_str());
            let is_over = matches!(state, "cancelled" | "expired" | "failed");
            let (Some(id), Some(of)) = (one.capacity_reservation_id, one.instance_type) else {
                continue;
            };
            if is_over || !tags.contains_key(CHANGE_TAG) {
                continue;
            }
            let what = Marked::Reservation {
                instance_type: of.into(),
                platform: one.instance_platform.map(|word| word.as_str().to_owned()),
                instances: number::positive(one.total_instance_count),
                ends_at: moment::optional(one.end_date.as_ref()),
            };
            let since = moment::optional(one.create_date.as_ref());
            found.push(Mark { since, ..mark(session, id, what, &tags) });
        }
    })
    .await?;
    Ok(found)
}

async fn quarantined_volumes(session: &Session) -> Result<Vec<Mark>, AwsError> {
    let listing = session.ec2().describe_volumes().filters(with_tag(QUARANTINE_TAG));
    let mut found = Vec::new();
    pages(inventory::volume::DESCRIBE, listing.into_paginator().send(), |page| {
        for one in page.volumes.unwrap_or_default() {
            let tags = tags::ec2(one.tags);
            let (Some(id), Some(until)) = (one.volume_id, tags.get(QUARANTINE_TAG)) else {
                continue;
            };
            let what = Marked::QuarantinedVolume {
                volume_type: one.volume_type.map(|word| word.as_str().to_owned()),
                size_gib: number::positive(one.size),
                until: until.clone(),
            };
            found.push(mark(session, id, what, &tags));
        }
    })
    .await?;
    Ok(found)
}

async fn quarantined_addresses(session: &Session) -> Result<Vec<Mark>, AwsError> {
    let listing = session.ec2().describe_addresses().filters(with_tag(QUARANTINE_TAG));
    let answer = listing.send().await;
    let answer = answer.map_err(|error| AwsError::of(inventory::address::DESCRIBE, &error))?;
    let all = answer.addresses.unwrap_or_default().into_iter();
    Ok(all
        .filter_map(|one| {
            let tags = tags::ec2(one.tags);
            let until = tags.get(QUARANTINE_TAG)?.clone();
            let what = Marked::QuarantinedAddress { public_ip: one.public_ip, until };
            Some(mark(session, one.allocation_id?, what, &tags))
        })
        .collect())
}

async fn db_snapshots(session: &Session) -> Result<Vec<Mark>, AwsError> {
    let listing = session.rds().describe_db_snapshots().snapshot_type("manual").max_records(100);
    let mut found = Vec::new();
    pages(DESCRIBE_DB_SNAPSHOTS, listing.into_paginator().send(), |page| {
        for one in page.db_snapshots.unwrap_or_default() {
            let pairs = one.tag_list.unwrap_or_default().into_iter();
            let tags = tags::of_pairs(pairs.map(|tag| (tag.key, tag.value)));
            let Some(id) = one.db_snapshot_identifier.filter(|_| tags.contains_key(CHANGE_TAG))
            else {
                continue;
            };
            let what = Marked::DbSnapshot {
                database: one.db_instance_identifier.map(Into::into),
                status: one.status.unwrap_or_else(|| "unknown".to_owned()),
                size_gib: number::positive(one.allocated_storage),
            };
            let since = moment::optional(one.snapshot_create_time.as_ref());
            found.push(Mark { since, ..mark(session, id, what, &tags) });
        }
    })
    .await?;
    Ok(found)
}

/// Lists the volumes that were made to see whether a snapshot can be had back.
async fn drill_volumes(session: &Session) -> Result<Vec<Mark>, AwsError> {
    let listing = session.ec2().describe_volumes().filters(with_tag(DRILL_TAG));
    let mut found = Vec::new();
    pages(inventory::volume::DESCRIBE, listing.into_paginator().send(), |page| {
        for one in page.volumes.unwrap_or_default() {
            let tags = tags::ec2(one.tags);
            let Some(id) = one.volume_id.filter(|_| tags.contains_key(DRILL_TAG)) else {
                continue;
            };
            let what = Marked::DrillVolume {
                volume_type: one.volume_type.map(|word| word.as_str().to_owned()),
                size_gib: number::positive(one.size),
                iops: number::positive(one.iops),
                throughput_mib_s: number::positive(one.throughput),
            };
            let since = moment::optional(one.create_time.as_ref());
            found.push(Mark { since, ..mark(session, id, what, &tags) });
        }
    })
    .await?;
    Ok(found)
}

/// Lists the deployments with a copy of a database. They cannot be asked for by a tag.
async fn deployments(session: &Session) -> Result<Vec<Mark>, AwsError> {
    let listing = session.rds().describe_blue_green_deployments().max_records(100);
    let mut found = Vec::new();
    pages(DESCRIBE_DEPLOYMENTS, listing.into_paginator().send(), |page| {
        for one in page.blue_green_deployments.unwrap_or_default() {
            let pairs = one.tag_list.unwrap_or_default().into_iter();
            let tags = tags::of_pairs(pairs.map(|tag| (tag.key, tag.value)));
            let id = one.blue_green_deployment_identifier;
            let Some(id) = id.filter(|_| tags.contains_key(CHANGE_TAG)) else { continue };
            let what = Marked::Deployment {
                status: one.status.unwrap_or_else(|| "UNKNOWN".to_owned()),
                source: deployment::member(one.source.as_deref()).map(Into::into),
                target: deployment::member(one.target.as_deref()).map(Into::into),
            };
            let since = moment::optional(one.create_time.as_ref());
            found.push(Mark { since, ..mark(session, id, what, &tags) });
        }
    })
    .await?;
    Ok(found)
}

/// Lists the schedules of our group. They have no tags: their description names the change.
async fn schedules(session: &Session) -> Result<Vec<Mark>, AwsError> {
    let listed = schedule::all(session).await?;
    Ok(listed
        .into_iter()
        .map(|one| {
            let what = Marked::Schedule { target: one.target };
            let tags = schedule::tags_of(one.description.as_deref());
            Mark { since: one.since, ..mark(session, one.name, what, &tags) }
        })
        .collect())
}
