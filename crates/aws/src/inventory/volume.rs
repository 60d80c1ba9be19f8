//! `ec2:DescribeVolumes`.

use aws_sdk_ec2::types;
use futures::FutureExt;

use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::volume::{Volume, VolumeAttachment};

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, number, tags};

pub(crate) const DESCRIBE: &str = "ec2:DescribeVolumes";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::Volume,
    reach: Reach::Region,
    actions: &[DESCRIBE],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let stream = session.ec2().describe_volumes().max_results(500).into_paginator().send();
    pages(DESCRIBE, stream, |page| {
        for volume in page.volumes.unwrap_or_default() {
            let tags = tags::ec2(volume.tags.clone());
            let Some(id) = volume.volume_id.clone() else { continue };
            let Some(kind) = kind(volume) else { continue };
            part.snapshot.volumes.push(session.resource(id, tags, kind));
        }
    })
    .await
}

/// Returns what the answer says of a volume; nothing where it lacks what each has.
pub(crate) fn kind(volume: types::Volume) -> Option<Volume> {
    Some(Volume {
        volume_type: volume.volume_type?.as_str().to_owned(),
        size_gib: number::positive(volume.size)?,
        iops: number::positive(volume.iops),
        throughput_mib_s: number::positive(volume.throughput),
        state: volume.state?.as_str().to_owned(),
        create_time: moment::optional(volume.create_time.as_ref()),
        availability_zone: volume.availability_zone,
        snapshot_id: volume.snapshot_id.filter(|id| !id.is_empty()).map(Into::into),
        encrypted: volume.encrypted,
        multi_attach_enabled: volume.multi_attach_enabled,
        attachments: volume
            .attachments
            .unwrap_or_default()
            .into_iter()
            .filter_map(|one| {
                Some(VolumeAttachment {
                    instance_id: one.instance_id?.into(),
                    device: one.device,
                    state: one.state.map(|word| word.as_str().to_owned()),
                })
            })
            .collect(),
    })
}
