//! `s3:ListAllMyBuckets` once per account, then what each bucket says in its own region.

use aws_sdk_s3::types::{self, BucketVersioningStatus, ExpirationStatus, MultipartUpload};
use futures::FutureExt;
use jiff::{SignedDuration, Timestamp};

use trimtab_model::resource::bucket::{Bucket, LifecycleRule, MultipartUploads, Versioning};
use trimtab_model::resource::{ResourceKind, Tags};

use crate::bucket_region::{GET_LOCATION, region_of};
use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, number, tags};

const LIST: &str = "s3:ListAllMyBuckets";
const GET_LIFECYCLE: &str = "s3:GetLifecycleConfiguration";
const GET_VERSIONING: &str = "s3:GetBucketVersioning";
const GET_TAGGING: &str = "s3:GetBucketTagging";
const LIST_UPLOADS: &str = "s3:ListBucketMultipartUploads";
const LIST_PARTS: &str = "s3:ListMultipartUploadParts";

/// Uploads younger than this may still be under way.
const STALE: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Uploads of one bucket whose parts are counted: each is a call that is charged.
const UPLOADS_LOOKED_AT: usize = 20;

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::Bucket,
    reach: Reach::Account,
    actions: &[
        LIST,
        GET_LOCATION,
        GET_LIFECYCLE,
        GET_VERSIONING,
        GET_TAGGING,
        LIST_UPLOADS,
        LIST_PARTS,
    ],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let stream = session.s3().list_buckets().max_buckets(1000).into_paginator().send();
    let mut found = Vec::new();
    let listed = pages(LIST, stream, |page| found.extend(page.buckets.unwrap_or_default())).await;
    for one in found {
        let Some(name) = one.name else { continue };
        let region = match one.bucket_region {
            Some(region) => Some(region),
            None => part.detail(region_of(session, &name).await),
        };
        let Some(region) = region else { continue };
        let there = session.in_region(&region);
        let kind = Bucket {
            creation_date: moment::optional(one.creation_date.as_ref()),
            versioning: part.detail(versioning(&there, &name).await),
            lifecycle_rules: part.detail(lifecycle(&there, &name).await),
            multipart_uploads: part.detail(uploads(&there, &name, part.snapshot.taken_at).await),
        };
        let tags = part.detail(tags_of(&there, &name).await).unwrap_or_default();
        part.snapshot.buckets.push(there.resource(name, tags, kind));
        part.listed(ResourceKind::Bucket, &there);
    }
    listed
}

async fn versioning(session: &Session, name: &str) -> Result<Versioning, AwsError> {
    let answer = session.s3().get_bucket_versioning().bucket(name).send().await;
    let answer = answer.map_err(|error| AwsError::of(GET_VERSIONING, &error))?;
    Ok(match answer.status {
        Some(BucketVersioningStatus::Enabled) => Versioning::Enabled,
        Some(_) => Versioning::Suspended,
        None => Versioning::Off,
    })
}

async fn lifecycle(session: &Session, name: &str) -> Result<Vec<LifecycleRule>, AwsError> {
    let answer = session.s3().get_bucket_lifecycle_configuration().bucket(name).send().await;
    match answer.map_err(|error| AwsError::of(GET_LIFECYCLE, &error)) {
        Ok(answer) => Ok(answer
            .rules
            .unwrap_or_default()
            .iter()
            .filter(|rule| rule.status == ExpirationStatus::Enabled)
            .map(rule_of)
            .collect()),
        // The answer where a bucket has none.
        Err(error) if error.code() == Some("NoSuchLifecycleConfiguration") => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

fn rule_of(rule: &types::LifecycleRule) -> LifecycleRule {
    let days = |value: Option<i32>| number::positive(value);
    let noncurrent = rule.noncurrent_version_expiration.as_ref();
    LifecycleRule {
        whole_bucket: is_whole(rule),
        abort_incomplete_multipart_days: rule
            .abort_incomplete_multipart_upload
            .as_ref()
            .and_then(|abort| days(abort.days_after_initiation)),
        noncurrent_expiration_days: noncurrent.and_then(|one| days(one.noncurrent_days)),
        has_transitions: rule.transitions.iter().flatten().count() > 0
            || rule.noncurrent_version_transitions.iter().flatten().count() > 0,
        has_expiration: rule
            .expiration
            .as_ref()
            .is_some_and(|expiration| expiration.days.is_some() || expiration.date.is_some()),
    }
}

#[expect(deprecated, reason = "rules from before 2016 have their prefix outside the filter")]
fn is_whole(rule: &types::LifecycleRule) -> bool {
    let everything = |prefix: &Option<String>| prefix.as_deref().unwrap_or_default().is_empty();
    everything(&rule.prefix)
        && rule.filter.as_ref().is_none_or(|filter| {
            everything(&filter.prefix)
                && filter.tag.is_none()
                && filter.object_size_greater_than.is_none()
                && filter.object_size_less_than.is_none()
                && filter.and.is_none()
        })
}

/// Counts uploads of more than a week on the first page of the listing, and their parts.
async fn uploads(
    session: &Session,
    name: &str,
    now: Timestamp,
) -> Result<MultipartUploads, AwsError> {
    let answer = session.s3().list_multipart_uploads().bucket(name).send().await;
    let answer = answer.map_err(|error| AwsError::of(LIST_UPLOADS, &error))?;
    let begun = |upload: &MultipartUpload| moment::optional(upload.initiated.as_ref());
    let stale: Vec<MultipartUpload> = answer
        .uploads
        .unwrap_or_default()
        .into_iter()
        .filter(|upload| begun(upload).is_some_and(|at| now.duration_since(at) > STALE))
        .collect();
    let mut uploads = MultipartUploads {
        stale: number::length(stale.len()),
        stale_bytes: 0,
        oldest: stale.iter().filter_map(begun).min(),
    };
    for upload in stale.into_iter().take(UPLOADS_LOOKED_AT) {
        let parts = session
            .s3()
            .list_parts()
            .bucket(name)
            .set_key(upload.key)
            .set_upload_id(upload.upload_id)
            .send()
            .await;
        let parts = match parts.map_err(|error| AwsError::of(LIST_PARTS, &error)) {
            Ok(parts) => parts.parts.unwrap_or_default(),
            // It was completed or given up since it was listed.
            Err(error) if error.code() == Some("NoSuchUpload") => Vec::new(),
            Err(error) => return Err(error),
        };
        let bytes = parts.iter().filter_map(|part| u64::try_from(part.size?).ok()).sum::<u64>();
        uploads.stale_bytes = uploads.stale_bytes.saturating_add(bytes);
    }
    Ok(uploads)
}

async fn tags_of(session: &Session, name: &str) -> Result<Tags, AwsError> {
    let answer = session.s3().get_bucket_tagging().bucket(name).send().await;
    match answer.map_err(|error| AwsError::of(GET_TAGGING, &error)) {
        Ok(answer) => {
            let pairs = answer.tag_set.into_iter();
            Ok(tags::of_pairs(pairs.map(|tag| (Some(tag.key), Some(tag.value)))))
        }
        // The answer where a bucket has none.
        Err(error) if error.code() == Some("NoSuchTagSet") => Ok(Tags::new()),
        Err(error) => Err(error),
    }
}
