//! `sagemaker:ListEndpoints`, `sagemaker:DescribeEndpoint` and the types of its configuration.

use std::collections::BTreeMap;

use aws_sdk_sagemaker::operation::describe_endpoint::DescribeEndpointOutput;
use aws_sdk_sagemaker::types;
use futures::FutureExt;

use trimtab_model::resource::model_endpoint::{
    EndpointVariant, Inference, ModelEndpoint, ServerlessVariant,
};
use trimtab_model::resource::{ResourceKind, Tags};

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, number, tagging};

const LIST: &str = "sagemaker:ListEndpoints";
const DESCRIBE: &str = "sagemaker:DescribeEndpoint";
const DESCRIBE_CONFIG: &str = "sagemaker:DescribeEndpointConfig";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::ModelEndpoint,
    reach: Reach::Region,
    actions: &[LIST, DESCRIBE, DESCRIBE_CONFIG, tagging::GET_RESOURCES],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let mut names = Vec::new();
    let stream = session.sagemaker().list_endpoints().max_results(100).into_paginator().send();
    let listed = pages(LIST, stream, |page| {
        let endpoints = page.endpoints.unwrap_or_default().into_iter();
        names.extend(endpoints.filter_map(|endpoint| endpoint.endpoint_name));
    })
    .await;
    for name in names {
        let described = describe(session, &name).await;
        let Some(endpoint) = part.detail(described) else { continue };
        let configured = match &endpoint.endpoint_config_name {
            Some(config) => {
                let configured = configured(session, config).await;
                part.detail(configured).unwrap_or_default()
            }
            None => BTreeMap::new(),
        };
        let Some(kind) = kind(endpoint, &configured) else { continue };
        // The tags come from the tagging API.
        part.snapshot.model_endpoints.push(session.resource(name, Tags::new(), kind));
    }
    listed
}

async fn describe(session: &Session, name: &str) -> Result<DescribeEndpointOutput, AwsError> {
    session
        .sagemaker()
        .describe_endpoint()
        .endpoint_name(name)
        .send()
        .await
        .map_err(|error| AwsError::of(DESCRIBE, &error))
}

/// Returns the variants of a configuration, which alone tells their instances and models.
async fn configured(
    session: &Session,
    config: &str,
) -> Result<BTreeMap<String, types::ProductionVariant>, AwsError> {
    let answer = session
        .sagemaker()
        .describe_endpoint_config()
        .endpoint_config_name(config)
        .send()
        .await
        .map_err(|error| AwsError::of(DESCRIBE_CONFIG, &error))?;
    let shadows = answer.shadow_production_variants.unwrap_or_default();
    let variants = answer.production_variants.unwrap_or_default();
    Ok(variants
        .into_iter()
        .chain(shadows)
        .filter_map(|variant| Some((variant.variant_name.clone()?, variant)))
        .collect())
}

fn kind(
    endpoint: DescribeEndpointOutput,
    configured: &BTreeMap<String, types::ProductionVariant>,
) -> Option<ModelEndpoint> {
    let shadows = endpoint.shadow_production_variants.unwrap_or_default();
    Some(ModelEndpoint {
        endpoint_arn: endpoint.endpoint_arn,
        endpoint_status: endpoint.endpoint_status?.as_str().to_owned(),
        endpoint_config_name: endpoint.endpoint_config_name,
        creation_time: moment::optional(endpoint.creation_time.as_ref()),
        last_modified_time: moment::optional(endpoint.last_modified_time.as_ref()),
        inference: match endpoint.async_inference_config {
            Some(_) => Inference::Asynchronous,
            None => Inference::RealTime,
        },
        variants: endpoint
            .production_variants
            .unwrap_or_default()
            .into_iter()
            .chain(shadows)
            .filter_map(|one| variant(one, configured))
            .collect(),
    })
}

fn variant(
    variant: types::ProductionVariantSummary,
    configured: &BTreeMap<String, types::ProductionVariant>,
) -> Option<EndpointVariant> {
    let variant_name = variant.variant_name?;
    let configured = configured.get(&variant_name);
    Some(EndpointVariant {
        instance_type: configured
            .and_then(|one| one.instance_type.as_ref())
            .map(|word| word.as_str().to_owned()),
        model_name: configured.and_then(|one| one.model_name.clone()),
        variant_name,
        current_instance_count: number::count(variant.current_instance_count),
        serverless: variant.current_serverless_config.map(|config| ServerlessVariant {
            memory_size_mb: number::positive(config.memory_size_in_mb),
            provisioned_concurrency: number::positive(config.provisioned_concurrency),
        }),
    })
}
