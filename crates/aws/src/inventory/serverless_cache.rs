//! `elasticache:DescribeServerlessCaches`.

use futures::FutureExt;

use trimtab_model::resource::serverless_cache::ServerlessCache;
use trimtab_model::resource::{ResourceKind, Tags};

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, number, tags};

const DESCRIBE: &str = "elasticache:DescribeServerlessCaches";
const LIST_TAGS: &str = "elasticache:ListTagsForResource";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::ServerlessCache,
    reach: Reach::Region,
    actions: &[DESCRIBE, LIST_TAGS],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let mut found = Vec::new();
    let stream = session.elasticache().describe_serverless_caches().into_paginator().send();
    let listed = pages(DESCRIBE, stream, |page| {
        found.extend(page.serverless_caches.unwrap_or_default());
    })
    .await;
    for cache in found {
        let (Some(name), Some(engine), Some(status)) =
            (cache.serverless_cache_name, cache.engine, cache.status)
        else {
            continue;
        };
        let tags = match &cache.arn {
            Some(arn) => {
                let tags = tags_of(session, arn).await;
                part.detail(tags).unwrap_or_default()
            }
            None => Tags::new(),
        };
        let limits = cache.cache_usage_limits;
        let storage = limits.as_ref().and_then(|limits| limits.data_storage.as_ref());
        let ecpu = limits.as_ref().and_then(|limits| limits.ecpu_per_second.as_ref());
        let kind = ServerlessCache {
            engine,
            status,
            create_time: moment::optional(cache.create_time.as_ref()),
            data_storage_minimum_gb: number::positive(storage.and_then(|limit| limit.minimum)),
            ecpu_per_second_minimum: number::positive(ecpu.and_then(|limit| limit.minimum)),
            arn: cache.arn,
        };
        part.snapshot.serverless_caches.push(session.resource(name, tags, kind));
    }
    listed
}

async fn tags_of(session: &Session, arn: &str) -> Result<Tags, AwsError> {
    let answer = session
        .elasticache()
        .list_tags_for_resource()
        .resource_name(arn)
        .send()
        .await
        .map_err(|error| AwsError::of(LIST_TAGS, &error))?;
    let pairs = answer.tag_list.unwrap_or_default().into_iter();
    Ok(tags::of_pairs(pairs.map(|tag| (tag.key, tag.value))))
}
