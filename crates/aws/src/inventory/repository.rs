//! `ecr:DescribeRepositories`, with the lifecycle policy and the images of each.

use futures::FutureExt;

use trimtab_model::resource::repository::{ImageTotals, Repository};
use trimtab_model::resource::{ResourceKind, Tags};

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, tagging};

const DESCRIBE: &str = "ecr:DescribeRepositories";
const GET_POLICY: &str = "ecr:GetLifecyclePolicy";
const DESCRIBE_IMAGES: &str = "ecr:DescribeImages";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::Repository,
    reach: Reach::Region,
    actions: &[DESCRIBE, GET_POLICY, DESCRIBE_IMAGES, tagging::GET_RESOURCES],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let stream = session.ecr().describe_repositories().max_results(1000).into_paginator().send();
    let mut found = Vec::new();
    let listed = pages(DESCRIBE, stream, |page| {
        found.extend(page.repositories.unwrap_or_default());
    })
    .await;
    for one in found {
        let Some(name) = one.repository_name else { continue };
        let has_lifecycle_policy = part.detail(has_policy(session, &name).await);
        // Where a policy expires images, their sizes decide nothing.
        let images = if has_lifecycle_policy == Some(false) {
            part.detail(images(session, &name).await)
        } else {
            None
        };
        let kind = Repository {
            repository_arn: one.repository_arn,
            created_at: moment::optional(one.created_at.as_ref()),
            has_lifecycle_policy,
            images,
        };
        part.snapshot.repositories.push(session.resource(name, Tags::new(), kind));
    }
    listed
}

async fn has_policy(session: &Session, name: &str) -> Result<bool, AwsError> {
    let answer = session.ecr().get_lifecycle_policy().repository_name(name).send().await;
    match answer.map_err(|error| AwsError::of(GET_POLICY, &error)) {
        Ok(_) => Ok(true),
        Err(error) if error.code() == Some("LifecyclePolicyNotFoundException") => Ok(false),
        Err(error) => Err(error),
    }
}

async fn images(session: &Session, name: &str) -> Result<ImageTotals, AwsError> {
    let request = session.ecr().describe_images().repository_name(name).max_results(1000);
    let mut totals = ImageTotals::default();
    pages(DESCRIBE_IMAGES, request.into_paginator().send(), |page| {
        for image in page.image_details.unwrap_or_default() {
            let bytes = image.image_size_in_bytes.and_then(|size| u64::try_from(size).ok());
            let bytes = bytes.unwrap_or(0);
            totals.count = totals.count.saturating_add(1);
            totals.bytes = totals.bytes.saturating_add(bytes);
            if image.image_tags.unwrap_or_default().is_empty() {
                totals.untagged_count = totals.untagged_count.saturating_add(1);
                totals.untagged_bytes = totals.untagged_bytes.saturating_add(bytes);
            }
            let media = image.image_manifest_media_type.unwrap_or_default();
            if media.contains("manifest.list") || media.contains("image.index") {
                totals.list_count = totals.list_count.saturating_add(1);
            }
        }
    })
    .await?;
    Ok(totals)
}
