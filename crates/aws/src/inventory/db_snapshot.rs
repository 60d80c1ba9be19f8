//! `rds:DescribeDBSnapshots`, the manual ones: automatic ones go by themselves.

use futures::FutureExt;

use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::db_snapshot::DbSnapshot;

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, number, tags};

const DESCRIBE: &str = "rds:DescribeDBSnapshots";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::DbSnapshot,
    reach: Reach::Region,
    actions: &[DESCRIBE],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let listing = session.rds().describe_db_snapshots().snapshot_type("manual").max_records(100);
    pages(DESCRIBE, listing.into_paginator().send(), |page| {
        for snapshot in page.db_snapshots.unwrap_or_default() {
            let pairs = snapshot.tag_list.unwrap_or_default().into_iter();
            let tags = tags::of_pairs(pairs.map(|tag| (tag.key, tag.value)));
            let Some(id) = snapshot.db_snapshot_identifier else { continue };
            let kind = DbSnapshot {
                db_snapshot_arn: snapshot.db_snapshot_arn,
                db_instance_identifier: snapshot.db_instance_identifier.map(Into::into),
                dbi_resource_id: snapshot.dbi_resource_id,
                engine: snapshot.engine,
                snapshot_create_time: moment::optional(snapshot.snapshot_create_time.as_ref()),
                allocated_storage_gib: number::positive(snapshot.allocated_storage),
                status: snapshot.status,
                snapshot_type: snapshot.snapshot_type,
                source_db_snapshot_identifier: snapshot.source_db_snapshot_identifier,
            };
            part.snapshot.db_snapshots.push(session.resource(id, tags, kind));
        }
    })
    .await
}
