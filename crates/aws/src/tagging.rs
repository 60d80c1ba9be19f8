//! Tags of the kinds whose listings carry none, by the Resource Groups Tagging API.
//!
//! One listing per kind and region in place of one call per resource.

use std::collections::BTreeMap;

use trimtab_model::resource::{Resource, ResourceKind, Tags};

use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::tags;

/// The action, which every collector of such a kind declares.
pub(crate) const GET_RESOURCES: &str = "tag:GetResources";

/// The kinds, and what the API calls them.
const KINDS: &[(ResourceKind, &str)] = &[
    (ResourceKind::LogGroup, "logs:log-group"),
    (ResourceKind::Function, "lambda:function"),
    (ResourceKind::Repository, "ecr:repository"),
    (ResourceKind::Alarm, "cloudwatch:alarm"),
    (ResourceKind::Trail, "cloudtrail:trail"),
    // An alias and a version have no tags: those of the function count.
    (ResourceKind::ProvisionedConcurrency, "lambda:function"),
    (ResourceKind::ModelEndpoint, "sagemaker:endpoint"),
    (ResourceKind::NotebookInstance, "sagemaker:notebook-instance"),
    (ResourceKind::StudioApp, "sagemaker:app"),
];

/// Gives the resources of a part their tags, if their listing had none.
pub(crate) async fn fill(session: &Session, kind: ResourceKind, part: &mut Part) {
    let Some((_, resource_type)) = KINDS.iter().find(|(of, _)| *of == kind) else { return };
    if part.snapshot.resource_count() == 0 {
        return;
    }
    let Some(tags) = part.detail(by_arn(session, resource_type).await) else { return };
    let snapshot = &mut part.snapshot;
    assign(&mut snapshot.log_groups, &tags, |group| group.arn.as_deref());
    assign(&mut snapshot.functions, &tags, |function| function.function_arn.as_deref());
    assign(&mut snapshot.repositories, &tags, |one| one.repository_arn.as_deref());
    assign(&mut snapshot.alarms, &tags, |alarm| alarm.alarm_arn.as_deref());
    assign(&mut snapshot.trails, &tags, |trail| trail.trail_arn.as_deref());
    assign(&mut snapshot.provisioned_concurrency, &tags, |one| one.function_arn.as_deref());
    assign(&mut snapshot.model_endpoints, &tags, |one| one.endpoint_arn.as_deref());
    assign(&mut snapshot.notebook_instances, &tags, |one| one.notebook_instance_arn.as_deref());
    assign(&mut snapshot.studio_apps, &tags, |app| app.app_arn.as_deref());
}

async fn by_arn(
    session: &Session,
    resource_type: &str,
) -> Result<BTreeMap<String, Tags>, AwsError> {
    let request = session
        .tagging()
        .get_resources()
        .resource_type_filters(resource_type)
        .resources_per_page(100);
    let mut all = BTreeMap::new();
    pages(GET_RESOURCES, request.into_paginator().send(), |page| {
        for one in page.resource_tag_mapping_list.unwrap_or_default() {
            let Some(arn) = one.resource_arn else { continue };
            let pairs = one.tags.unwrap_or_default().into_iter();
            all.insert(arn, tags::of_pairs(pairs.map(|tag| (Some(tag.key), Some(tag.value)))));
        }
    })
    .await?;
    Ok(all)
}

fn assign<K>(
    table: &mut [Resource<K>],
    tags: &BTreeMap<String, Tags>,
    arn: impl Fn(&K) -> Option<&str>,
) {
    for resource in table {
        // The listing of log groups ends their ARN in `:*`, which the tagging API leaves out.
        let found = arn(&resource.kind).and_then(|arn| tags.get(arn.trim_end_matches(":*")));
        if let Some(found) = found {
            resource.tags.clone_from(found);
        }
    }
}

#[cfg(test)]
mod tests {
    use trimtab_model::environment::Environment;
    use trimtab_model::resource::log_group::LogGroup;

    use super::*;

    #[test]
    fn a_log_group_is_found_without_the_end_of_its_arn() {
        let arn = "arn:aws:logs:us-east-1:111122223333:log-group:/app";
        let mut groups = [Resource {
            id: "/app".into(),
            account: "111122223333".into(),
            region: "us-east-1".into(),
            environment: Environment::Unknown,
            tags: Tags::new(),
            kind: LogGroup {
                arn: Some(format!("{arn}:*")),
                retention_in_days: None,
                stored_bytes: None,
                creation_time: None,
                log_group_class: None,
                metric_filter_count: None,
                subscription_filter_count: None,
                last_ingestion_time: None,
            },
        }];
        let tags = Tags::from([("team".to_owned(), "game".to_owned())]);
        assign(&mut groups, &BTreeMap::from([(arn.to_owned(), tags.clone())]), |group| {
            group.arn.as_deref()
        });
        assert_eq!(groups[0].tags, tags);
    }
}
