//! What a change made, found by its tag: snapshots of volumes and capacity reservations.

use aws_sdk_ec2::types::Filter;

use trimtab_model::id::ChangeId;
use trimtab_model::observed::{ReservationObserved, SnapshotObserved};

use crate::actuator::CHANGE_TAG;
use crate::error::AwsError;
use crate::page::pages;
use crate::session::Session;
use crate::tags;

pub(super) const DESCRIBE: &str = crate::inventory::snapshot::DESCRIBE;
pub(crate) const DESCRIBE_RESERVATIONS: &str = crate::inventory::capacity_reservation::DESCRIBE;

/// Returns the snapshots that a change made.
pub(super) async fn of_change(
    session: &Session,
    change: &ChangeId,
) -> Result<Vec<SnapshotObserved>, AwsError> {
    let tag = Filter::builder().name(format!("tag:{CHANGE_TAG}")).values(change.as_str()).build();
    let listing =
        session.ec2().describe_snapshots().owner_ids("self").filters(tag).max_results(1000);
    let mut found = Vec::new();
    pages(DESCRIBE, listing.into_paginator().send(), |page| {
        for one in page.snapshots.unwrap_or_default() {
            let tags = tags::ec2(one.tags);
            if tags.get(CHANGE_TAG).map(String::as_str) != Some(change.as_str()) {
                continue;
            }
            let (Some(id), Some(volume)) = (one.snapshot_id, one.volume_id) else { continue };
            found.push(SnapshotObserved {
                id: id.into(),
                volume: volume.into(),
                // One whose state is not told is not believed to be complete.
                state: one.state.as_ref().map_or("unknown", |word| word.as_str()).to_owned(),
                change: change.clone(),
            });
        }
    })
    .await?;
    Ok(found)
}

/// Returns the capacity reservations that a change made. They cannot be asked for by a tag.
pub(super) async fn reservations(
    session: &Session,
    change: &ChangeId,
) -> Result<Vec<ReservationObserved>, AwsError> {
    let listing = session.ec2().describe_capacity_reservations().max_results(500);
    let mut found = Vec::new();
    pages(DESCRIBE_RESERVATIONS, listing.into_paginator().send(), |page| {
        for one in page.capacity_reservations.unwrap_or_default() {
            let tags = tags::ec2(one.tags);
            if tags.get(CHANGE_TAG).map(String::as_str) != Some(change.as_str()) {
                continue;
            }
            let (Some(id), Some(of), Some(state)) =
                (one.capacity_reservation_id, one.instance_type, one.state)
            else {
                continue;
            };
            found.push(ReservationObserved {
                id: id.into(),
                instance_type: of.into(),
                state: state.as_str().to_owned(),
            });
        }
    })
    .await?;
    Ok(found)
}
