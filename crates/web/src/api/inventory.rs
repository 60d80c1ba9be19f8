//! What there is, as JSON: resources, and how they are tagged.

use std::collections::BTreeMap;

use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::asked::Asked;
use super::part::{Cut, MOST, Part};
use crate::pages::resources::{Listed, listed};
use crate::problem::Problem;
use crate::query::Query;
use crate::scope::Scope;
use crate::view::{ResourceDetail, Tagging, percent_of_count, resource, tagging};

/// Resources of the inventory.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ResourceList {
    /// `trimtab/v1/resource.list`.
    schema: &'static str,
    /// The resources of this part.
    items: Vec<TaggedResource>,
    /// How many the whole list has.
    count: usize,
    /// `cursor` of the next part; null after the last.
    next: Option<String>,
}

/// One resource.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TaggedResource {
    /// As its own service names it.
    resource_id: String,
    /// The CloudFormation type, such as `AWS::EC2::Instance`.
    resource_type: String,
    /// The account.
    account: String,
    /// The region.
    region: String,
    /// `dev`, `staging`, `prod` or `unknown`.
    environment: String,
    /// Its `Name` tag.
    name: Option<String>,
    /// Its tags.
    tags: BTreeMap<String, String>,
    /// How many open recommendations are about it.
    recommendations: u64,
}

impl TaggedResource {
    fn of(listed: Listed) -> Self {
        let Listed { resource, tags, recommendations } = listed;
        Self {
            resource_id: resource.id.as_str().to_owned(),
            resource_type: resource.kind.as_str().to_owned(),
            account: resource.account.as_str().to_owned(),
            region: resource.region.as_str().to_owned(),
            environment: resource.environment.as_str().to_owned(),
            tags: tags.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
            name: resource.name,
            recommendations,
        }
    }
}

/// Resources of the inventory, by account, region and kind.
#[utoipa::path(get, path = "/api/v1/resources", tag = "inventory",
    params(
        ("kind" = Option<String>, Query, description = "The CloudFormation type, such as AWS::EC2::Instance"),
        ("account" = Option<String>, Query), ("region" = Option<String>, Query),
        ("environment" = Option<String>, Query, description = "dev, staging, prod or unknown"),
        ("team" = Option<String>, Query),
    ),
    responses((status = 200, body = ResourceList, description = "Empty where nothing was scanned or ingested."), (status = 400, body = Problem)))]
pub(crate) async fn resources(asked: Asked) -> Response {
    asked
        .answered(|shared, reader| {
            let part = Part::of(&reader.query, MOST)?;
            let mut all = listed(shared, &Scope::of(&reader.query)?)?;
            all.retain(|one| is_wanted(one, &reader.query));
            let Cut { items, count, next } = part.of_list(all);
            let items = items.into_iter().map(TaggedResource::of).collect();
            Ok(Some(ResourceList { schema: "trimtab/v1/resource.list", items, count, next }))
        })
        .await
}

fn is_wanted(listed: &Listed, query: &Query) -> bool {
    let resource = &listed.resource;
    let conditions = [("kind", resource.kind.as_str()), ("region", resource.region.as_str())];
    conditions.iter().all(|(key, value)| query.get(key).is_none_or(|wanted| wanted == *value))
}

/// One resource: what it is, what it costs, how it is used, what it is bound to, what was said and done about it.
#[utoipa::path(get, path = "/api/v1/resource", tag = "inventory",
    params(
        ("kind" = String, Query, description = "The CloudFormation type, such as AWS::EC2::Instance"),
        ("account" = String, Query), ("region" = String, Query),
        ("id" = String, Query, description = "As its own service names it: `resource_id` of the list. An ARN may stand here as it is."),
    ),
    responses((status = 200, body = ResourceDetail), (status = 400, body = Problem), (status = 404, body = Problem, description = "The inventory does not have it.")))]
pub(crate) async fn one_resource(asked: Asked) -> Response {
    asked.answered(|shared, reader| resource(shared, &reader.query)).await
}

/// How resources are tagged.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TagCoverage {
    /// `trimtab/v1/tags.coverage`.
    schema: &'static str,
    /// How many resources there are.
    resources: u64,
    /// How many have no tag.
    untagged: u64,
    /// Of how many neither a tag nor the account says the environment.
    unknown_environment: u64,
    /// Every key of a tag.
    items: Vec<TagKey>,
}

/// How many resources carry a tag.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TagKey {
    /// The key.
    key: String,
    /// How many resources have it.
    resources: u64,
    /// That share of all resources, in percent.
    coverage_percent: Option<f64>,
    /// How many different values it has.
    values: u64,
}

impl TagCoverage {
    fn of(tagging: &Tagging) -> Self {
        let key = |(key, (resources, values)): (&String, &(u64, u64))| TagKey {
            key: key.clone(),
            resources: *resources,
            coverage_percent: percent_of_count(*resources, tagging.resources),
            values: *values,
        };
        Self {
            schema: "trimtab/v1/tags.coverage",
            resources: tagging.resources,
            untagged: tagging.untagged,
            unknown_environment: tagging.unknown_environment,
            items: tagging.keys.iter().map(key).collect(),
        }
    }
}

/// How many resources carry which tag.
#[utoipa::path(get, path = "/api/v1/tags/coverage", tag = "inventory",
    params(("account" = Option<String>, Query), ("environment" = Option<String>, Query), ("team" = Option<String>, Query)),
    responses((status = 200, body = TagCoverage), (status = 400, body = Problem), (status = 404, body = Problem, description = "Nothing was scanned or ingested.")))]
pub(crate) async fn tag_coverage(asked: Asked) -> Response {
    asked
        .listed(|shared, reader| {
            Ok(tagging(shared, &Scope::of(&reader.query)?)?.as_deref().map(TagCoverage::of))
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_tags_have_their_share_of_all_resources() {
        let keys = [("Team".to_owned(), (3, 2))].into_iter().collect();
        let tagging = Tagging { resources: 4, untagged: 1, unknown_environment: 0, keys };
        let shown = TagCoverage::of(&tagging);
        assert_eq!(shown.items[0].coverage_percent, Some(75.0));
        assert_eq!((shown.items[0].values, shown.untagged), (2, 1));
        assert_eq!(percent_of_count(0, 0), None);
    }
}
