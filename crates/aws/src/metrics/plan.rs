//! Which series are to be read.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use trimtab_model::resource::{ResourceKind, ResourceRef};
use trimtab_model::series::MetricNeed;

use super::dimension::{Dimension, Lookup, lookup, node};
use crate::error::AwsError;
use crate::page::pages;
use crate::session::Session;

/// The action that reads samples.
pub const GET_METRIC_DATA: &str = "cloudwatch:GetMetricData";
/// The action that finds the dimensions of the agent's metrics.
pub const LIST_METRICS: &str = "cloudwatch:ListMetrics";

/// The dimensions of series, by the value of the one that names the resource.
pub(super) type Listing = BTreeMap<String, Vec<Vec<Dimension>>>;

/// One series to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The resource.
    pub resource: ResourceRef,
    /// What is wanted of it.
    pub need: MetricNeed,
    pub(super) dimensions: Vec<Dimension>,
}

/// What may have series of a namespace, by its kind or that of what it belongs to.
pub type Measured = BTreeMap<(ResourceKind, &'static str), Vec<ResourceRef>>;

/// Plans the series that `needs` want of `measured` in the session's place.
///
/// # Errors
/// Fails if CloudWatch cannot list the metrics whose dimensions nobody can know.
pub async fn queries(
    session: &Session,
    needs: &BTreeSet<MetricNeed>,
    measured: &Measured,
) -> Result<Vec<Query>, AwsError> {
    let mut queries = Vec::new();
    let mut listings = BTreeMap::new();
    for need in needs {
        for resource in of_need(measured, need) {
            match lookup(need.namespace, resource) {
                None => {}
                Some(Lookup::Exactly(dimensions)) => {
                    queries.push(Query { resource: resource.clone(), need: *need, dimensions });
                }
                Some(Lookup::Among(key, in_all)) => {
                    let is_whole =
                        |known: &&Vec<Dimension>| in_all.is_none_or(|count| known.len() == count);
                    let known = listed(session, &mut listings, need, &key).await?;
                    queries.extend(known.iter().filter(is_whole).map(|known| Query {
                        resource: resource.clone(),
                        need: *need,
                        dimensions: known.clone(),
                    }));
                }
                Some(Lookup::Nodes(of, name)) => {
                    let known = listed(session, &mut listings, need, &of).await?;
                    queries.extend(known.iter().filter_map(|known| {
                        let id = node(&of, name, known)?.into();
                        let resource = ResourceRef { id, ..resource.clone() };
                        Some(Query { resource, need: *need, dimensions: known.clone() })
                    }));
                }
            }
        }
    }
    Ok(queries)
}

fn of_need<'a>(measured: &'a Measured, need: &MetricNeed) -> &'a [ResourceRef] {
    measured.get(&(need.kind, need.namespace)).map_or(&[], Vec::as_slice)
}

/// Returns the series that `needs` want of `measured`, as far as is known without a call: where
/// only a listing tells the dimensions, one series per resource is expected.
pub fn expected<'a>(
    needs: &BTreeSet<MetricNeed>,
    measured: &'a Measured,
) -> Vec<(&'a ResourceRef, MetricNeed)> {
    needs
        .iter()
        .flat_map(|need| of_need(measured, need).iter().map(|resource| (resource, *need)))
        .filter(|(resource, need)| lookup(need.namespace, resource).is_some())
        .collect()
}

/// Returns the dimensions of every series of a metric that has the dimension `of`. A metric is
/// listed once.
async fn listed<'a>(
    session: &Session,
    listings: &'a mut BTreeMap<(&'static str, &'static str), Listing>,
    need: &MetricNeed,
    of: &Dimension,
) -> Result<&'a [Vec<Dimension>], AwsError> {
    let metric = (need.namespace, need.metric);
    let listing = match listings.entry(metric) {
        Entry::Occupied(known) => known.into_mut(),
        Entry::Vacant(vacant) => vacant.insert(listing(session, metric, &of.0, None).await?),
    };
    Ok(listing.get(&of.1).map_or(&[], Vec::as_slice))
}

/// Lists the dimensions of every series of a metric that has the dimension `key`, with one value
/// where it is given.
pub(super) async fn listing(
    session: &Session,
    (namespace, metric): (&str, &str),
    key: &str,
    value: Option<&str>,
) -> Result<Listing, AwsError> {
    use aws_sdk_cloudwatch::types::DimensionFilter;
    let filter = DimensionFilter::builder().name(key).set_value(value.map(str::to_owned)).build();
    let stream = session
        .cloudwatch()
        .list_metrics()
        .namespace(namespace)
        .metric_name(metric)
        .dimensions(filter)
        .into_paginator()
        .send();
    let mut found = Listing::new();
    pages(LIST_METRICS, stream, |page| {
        for metric in page.metrics.unwrap_or_default() {
            let dimensions: Vec<Dimension> = metric
                .dimensions
                .unwrap_or_default()
                .into_iter()
                .filter_map(|dimension| Some((dimension.name?, dimension.value?)))
                .collect();
            let of = dimensions.iter().find(|(name, _)| name == key).map(|(_, value)| value);
            if let Some(of) = of.cloned() {
                found.entry(of).or_default().push(dimensions);
            }
        }
    })
    .await?;
    Ok(found)
}
