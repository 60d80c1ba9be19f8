//! `ec2:DescribeSnapshots`, of the account's own.

use futures::FutureExt;

use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::snapshot::Snapshot;

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, number, tags};

pub(crate) const DESCRIBE: &str = "ec2:DescribeSnapshots";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::Snapshot,
    reach: Reach::Region,
    actions: &[DESCRIBE],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    // Without an owner the listing holds every public snapshot there is.
    let listing = session.ec2().describe_snapshots().owner_ids("self").max_results(1000);
    pages(DESCRIBE, listing.into_paginator().send(), |page| {
        for snapshot in page.snapshots.unwrap_or_default() {
            // Emulators and shared folders may still list what belongs to others.
            let owner = snapshot.owner_id.as_deref();
            if owner.is_some_and(|owner| owner != session.account().as_str()) {
                continue;
            }
            let Some(id) = snapshot.snapshot_id else { continue };
            let kind = Snapshot {
                volume_id: snapshot.volume_id.map(Into::into),
                volume_size_gib: number::positive(snapshot.volume_size),
                full_snapshot_size_bytes: number::count(snapshot.full_snapshot_size_in_bytes),
                start_time: moment::optional(snapshot.start_time.as_ref()),
                state: snapshot.state.map(|word| word.as_str().to_owned()),
                storage_tier: snapshot.storage_tier.map(|word| word.as_str().to_owned()),
                description: snapshot.description,
            };
            part.snapshot.snapshots.push(session.resource(id, tags::ec2(snapshot.tags), kind));
        }
    })
    .await
}
