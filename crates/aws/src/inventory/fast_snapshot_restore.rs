//! `ec2:DescribeFastSnapshotRestores`.

use futures::FutureExt;

use trimtab_model::resource::fast_snapshot_restore::FastSnapshotRestore;
use trimtab_model::resource::{ResourceKind, Tags};

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::moment;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;

const DESCRIBE: &str = "ec2:DescribeFastSnapshotRestores";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::FastSnapshotRestore,
    reach: Reach::Region,
    actions: &[DESCRIBE],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let stream =
        session.ec2().describe_fast_snapshot_restores().max_results(200).into_paginator().send();
    pages(DESCRIBE, stream, |page| {
        for restore in page.fast_snapshot_restores.unwrap_or_default() {
            let (Some(snapshot), Some(zone), Some(state)) =
                (restore.snapshot_id, restore.availability_zone, restore.state)
            else {
                continue;
            };
            let id = format!("{snapshot}/{zone}");
            let kind = FastSnapshotRestore {
                snapshot_id: snapshot.into(),
                availability_zone: zone,
                state: state.as_str().to_owned(),
                enabled_time: moment::optional(restore.enabled_time.as_ref()),
            };
            part.snapshot.fast_snapshot_restores.push(session.resource(id, Tags::new(), kind));
        }
    })
    .await
}
