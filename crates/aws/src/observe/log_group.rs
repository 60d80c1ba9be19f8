//! A log group.

use trimtab_model::observed::{LogGroupObserved, LogGroupPreflight, Observed};
use trimtab_model::plan::Change;
use trimtab_model::resource::Tags;

use super::fingerprint;
use super::resource::{Facts, Look, is_opted_in};
use crate::error::AwsError;
use crate::inventory;
use crate::inventory::log_group::DESCRIBE;
use crate::page::pages;
use crate::session::Session;
use crate::tags;

const LIST_TAGS: &str = "logs:ListTagsForResource";

/// What is read.
pub(crate) const READS: &[&str] = &[DESCRIBE, LIST_TAGS];

/// Looks at the log group of a change.
pub(super) async fn look(session: &Session, change: &Change) -> Result<Look, AwsError> {
    let name = change.resource.id.as_str();
    let request = session.logs().describe_log_groups().log_group_name_prefix(name);
    let mut found = None;
    // Others begin with the same name.
    pages(DESCRIBE, request.into_paginator().send(), |page| {
        let mut all = page.log_groups.unwrap_or_default().into_iter();
        found = found.take().or(all.find(|one| one.log_group_name.as_deref() == Some(name)));
    })
    .await?;
    let Some(found) = found else { return Ok(Look::gone()) };
    let is_protected = found.deletion_protection_enabled;
    let kind = inventory::log_group::kind(found);
    let tags = tags_of(session, kind.arn.as_deref()).await?;
    let resource = session.resource(name, tags, kind);
    let facts = LogGroupPreflight {
        is_protected,
        tags: Some(resource.tags.clone()),
        ..LogGroupPreflight::default()
    };
    let observed = LogGroupObserved {
        fingerprint: fingerprint::log_group(&resource),
        obstacles: Vec::new(),
        retention_days: resource.kind.retention_in_days,
        is_opted_in: is_opted_in(&resource.tags),
    };
    Ok(Look::whole(Observed::LogGroup(observed), Facts::LogGroup(facts)))
}

async fn tags_of(session: &Session, arn: Option<&str>) -> Result<Tags, AwsError> {
    let Some(arn) = arn else { return Ok(Tags::new()) };
    // The listing ends an ARN in `:*`, which this operation does not take.
    let request = session.logs().list_tags_for_resource().resource_arn(arn.trim_end_matches(":*"));
    let answer = request.send().await.map_err(|error| AwsError::of(LIST_TAGS, &error))?;
    let all = answer.tags.unwrap_or_default().into_iter();
    Ok(tags::of_pairs(all.map(|(key, value)| (Some(key), Some(value)))))
}
