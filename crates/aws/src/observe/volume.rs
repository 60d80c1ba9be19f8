//! A volume, its latest modification and its snapshots.

use aws_sdk_ec2::types;
use aws_sdk_ec2::types::Filter;
use jiff::Timestamp;

use trimtab_model::action::{Action, VolumeSettings};
use trimtab_model::id::ChangeId;
use trimtab_model::observed::{
    DrillObserved, ModificationObserved, Observed, VolumeObserved, VolumePreflight,
};
use trimtab_model::plan::Change;
use trimtab_model::resource::Tags;

use super::resource::{Facts, Look, incomplete, is_opted_in, unless_absent};
use super::{fingerprint, recycle_bin, snapshot};
use crate::actuator::{CHANGE_TAG, DRILL_TAG, QUARANTINE_TAG};
use crate::error::AwsError;
use crate::inventory;
use crate::inventory::volume::DESCRIBE;
use crate::page::pages;
use crate::session::Session;
use crate::{moment, number, tags};

const DESCRIBE_MODIFICATIONS: &str = "ec2:DescribeVolumesModifications";

/// What is read.
pub(crate) const READS: &[&str] = &[DESCRIBE, DESCRIBE_MODIFICATIONS, snapshot::DESCRIBE];
/// What is read of one that is to be deleted.
pub(crate) const READS_OF_DELETION: &[&str] = &[
    DESCRIBE,
    DESCRIBE_MODIFICATIONS,
    snapshot::DESCRIBE,
    recycle_bin::READS[0],
    recycle_bin::READS[1],
];

/// Codes that say that there is no such volume.
const ABSENT: &[&str] = &["InvalidVolume.NotFound", "InvalidVolumeID.Malformed"];
/// The code of a volume that was never modified.
const NEVER_MODIFIED: &[&str] = &["InvalidVolumeModification.NotFound"];

/// Looks at the volume of a change.
pub(super) async fn look(session: &Session, change: &Change) -> Result<Look, AwsError> {
    let id = change.resource.id.as_str();
    let answer = session.ec2().describe_volumes().volume_ids(id).send().await;
    let answer = answer.map_err(|error| AwsError::of(DESCRIBE, &error));
    let answer = unless_absent(answer, ABSENT)?;
    let all = answer.and_then(|answer| answer.volumes).unwrap_or_default();
    let found = all.into_iter().find(|one| one.volume_id.as_deref() == Some(id));
    let Some(found) = found else { return Ok(Look::gone()) };
    let tags = tags::ec2(found.tags.clone());
    let kind = inventory::volume::kind(found).ok_or_else(|| incomplete(DESCRIBE))?;
    let resource = session.resource(id, tags, kind);
    let kind = &resource.kind;
    let mut unread = Vec::new();
    let recycle_bin_days = match change.action {
        Action::DeleteVolume { .. } => {
            let days = recycle_bin::days(session, &resource.tags).await;
            days.map_err(|error| unread.push(error)).ok()
        }
        _ => None,
    };
    let facts = VolumePreflight {
        recycle_bin_days,
        state: Some(kind.state.clone()),
        is_multi_attach: kind.multi_attach_enabled,
        tags: Some(resource.tags.clone()),
        ..VolumePreflight::default()
    };
    let observed = VolumeObserved {
        fingerprint: fingerprint::volume(&resource),
        obstacles: Vec::new(),
        state: kind.state.clone(),
        settings: VolumeSettings::from(kind),
        size_gib: kind.size_gib,
        is_attached: !kind.attachments.is_empty(),
        is_opted_in: is_opted_in(&resource.tags),
        modification: modification(session, id).await?,
        quarantine_until: quarantine(&resource.tags),
        is_recycled: recycle_bin_days.map(|days| days > 0),
        snapshots: snapshot::of_change(session, &change.id).await?,
        is_encrypted: kind.encrypted,
        drills: drills(session, &change.id).await?,
    };
    Ok(Look { observed: Observed::Volume(observed), facts: Facts::Volume(facts), unread })
}

/// Returns the volumes that a change made to see whether a snapshot can be had back.
async fn drills(session: &Session, change: &ChangeId) -> Result<Vec<DrillObserved>, AwsError> {
    let tag = |name: String, value: &str| Filter::builder().name(name).values(value).build();
    let listing = session
        .ec2()
        .describe_volumes()
        .filters(tag(format!("tag:{CHANGE_TAG}"), change.as_str()))
        .filters(tag("tag-key".to_owned(), DRILL_TAG))
        .max_results(500);
    let mut found = Vec::new();
    pages(DESCRIBE, listing.into_paginator().send(), |page| {
        for one in page.volumes.unwrap_or_default() {
            let tags = tags::ec2(one.tags);
            let is_ours = tags.get(CHANGE_TAG).map(String::as_str) == Some(change.as_str())
                && tags.contains_key(DRILL_TAG);
            let Some(id) = one.volume_id.filter(|_| is_ours) else { continue };
            found.push(DrillObserved {
                id: id.into(),
                // One whose state is not told is not believed to be there.
                state: one.state.as_ref().map_or("unknown", |word| word.as_str()).to_owned(),
                snapshot: one.snapshot_id.filter(|id| !id.is_empty()).map(Into::into),
                size_gib: number::positive(one.size),
                is_encrypted: one.encrypted,
            });
        }
    })
    .await?;
    Ok(found)
}

/// Returns until when the tag says that something lies in quarantine.
pub(super) fn quarantine(tags: &Tags) -> Option<Timestamp> {
    tags.get(QUARANTINE_TAG)?.parse().ok()
}

async fn modification(
    session: &Session,
    id: &str,
) -> Result<Option<ModificationObserved>, AwsError> {
    let answer = session.ec2().describe_volumes_modifications().volume_ids(id).send().await;
    let answer = answer.map_err(|error| AwsError::of(DESCRIBE_MODIFICATIONS, &error));
    let answer = unless_absent(answer, NEVER_MODIFIED)?;
    let all = answer.and_then(|answer| answer.volumes_modifications).unwrap_or_default();
    let own = all.into_iter().filter(|one| one.volume_id.as_deref() == Some(id));
    let latest = own.max_by_key(|one| moment::optional(one.start_time.as_ref()));
    Ok(latest.map(|one| observed(&one)))
}

fn observed(one: &types::VolumeModification) -> ModificationObserved {
    let word = |word: Option<&str>| word.unwrap_or("unknown").to_owned();
    ModificationObserved {
        state: word(one.modification_state().map(|state| state.as_str())),
        progress: one.progress.and_then(|percent| u8::try_from(percent).ok()),
        target: VolumeSettings {
            volume_type: word(one.target_volume_type().map(|of| of.as_str())),
            iops: number::positive(one.target_iops),
            throughput_mib_s: number::positive(one.target_throughput),
        },
        started_at: moment::optional(one.start_time.as_ref()),
    }
}
