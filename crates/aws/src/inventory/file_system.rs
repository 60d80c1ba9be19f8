//! `elasticfilesystem:DescribeFileSystems`, with the lifecycle of each.

use futures::FutureExt;

use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::file_system::{FileSystem, FileSystemLifecycle};

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, number, tags};

const DESCRIBE: &str = "elasticfilesystem:DescribeFileSystems";
const DESCRIBE_LIFECYCLE: &str = "elasticfilesystem:DescribeLifecycleConfiguration";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::FileSystem,
    reach: Reach::Region,
    actions: &[DESCRIBE, DESCRIBE_LIFECYCLE],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let stream = session.efs().describe_file_systems().max_items(100).into_paginator().send();
    let mut found = Vec::new();
    let listed = pages(DESCRIBE, stream, |page| {
        found.extend(page.file_systems.unwrap_or_default());
    })
    .await;
    for one in found {
        let lifecycle = lifecycle(session, &one.file_system_id).await;
        let size = one.size_in_bytes;
        let bytes = |value: Option<i64>| number::count::<i64, u64>(value);
        let kind = FileSystem {
            file_system_arn: one.file_system_arn,
            life_cycle_state: Some(one.life_cycle_state.as_str().to_owned()),
            creation_time: moment::moment(&one.creation_time),
            throughput_mode: one.throughput_mode.map(|word| word.as_str().to_owned()),
            provisioned_throughput_mib_s: one.provisioned_throughput_in_mibps,
            standard_bytes: bytes(size.as_ref().and_then(|size| size.value_in_standard)),
            ia_bytes: bytes(size.as_ref().and_then(|size| size.value_in_ia)),
            number_of_mount_targets: number::count(Some(one.number_of_mount_targets)),
            availability_zone_name: one.availability_zone_name,
            lifecycle: part.detail(lifecycle),
        };
        let tags = tags::of_pairs(one.tags.into_iter().map(|tag| (Some(tag.key), Some(tag.value))));
        part.snapshot.file_systems.push(session.resource(one.file_system_id, tags, kind));
    }
    listed
}

async fn lifecycle(session: &Session, id: &str) -> Result<FileSystemLifecycle, AwsError> {
    let answer = session
        .efs()
        .describe_lifecycle_configuration()
        .file_system_id(id)
        .send()
        .await
        .map_err(|error| AwsError::of(DESCRIBE_LIFECYCLE, &error))?;
    let mut lifecycle = FileSystemLifecycle::default();
    for policy in answer.lifecycle_policies.unwrap_or_default() {
        if let Some(rule) = policy.transition_to_ia {
            lifecycle.transition_to_ia = Some(rule.as_str().to_owned());
        }
        if let Some(rule) = policy.transition_to_archive {
            lifecycle.transition_to_archive = Some(rule.as_str().to_owned());
        }
        if let Some(rule) = policy.transition_to_primary_storage_class {
            lifecycle.transition_to_primary_storage_class = Some(rule.as_str().to_owned());
        }
    }
    Ok(lifecycle)
}
