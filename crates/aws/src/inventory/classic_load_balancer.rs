//! `elasticloadbalancing:DescribeLoadBalancers` of the Classic API, with tags.

use std::collections::BTreeMap;

use futures::FutureExt;

use trimtab_model::resource::load_balancer::{LoadBalancer, LoadBalancerType, TargetCount};
use trimtab_model::resource::{ResourceKind, Tags};

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, number, tags};

const DESCRIBE: &str = "elasticloadbalancing:DescribeLoadBalancers";
const DESCRIBE_TAGS: &str = "elasticloadbalancing:DescribeTags";
/// Names that one call for tags takes.
const TAGS_AT_ONCE: usize = 20;

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::ClassicLoadBalancer,
    reach: Reach::Region,
    actions: &[DESCRIBE, DESCRIBE_TAGS],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let stream = session.elb().describe_load_balancers().page_size(400).into_paginator().send();
    let mut found = Vec::new();
    let listed = pages(DESCRIBE, stream, |page| {
        found.extend(page.load_balancer_descriptions.unwrap_or_default());
    })
    .await;
    let names: Vec<String> =
        found.iter().filter_map(|balancer| balancer.load_balancer_name.clone()).collect();
    let mut tags = part.detail(tags_of(session, &names).await).unwrap_or_default();
    for balancer in found {
        let Some(name) = balancer.load_balancer_name else { continue };
        let instances = balancer.instances.unwrap_or_default();
        let registered = instances.len();
        let mut target_ids: Vec<String> =
            instances.into_iter().filter_map(|instance| instance.instance_id).collect();
        target_ids.sort();
        let kind = LoadBalancer {
            load_balancer_name: name.clone(),
            load_balancer_type: LoadBalancerType::Classic,
            state: None,
            scheme: balancer.scheme,
            created_time: moment::optional(balancer.created_time.as_ref()),
            cross_zone: None,
            targets: Some(TargetCount { registered: number::length(registered), healthy: None }),
            target_ids: Some(target_ids),
            target_groups: None,
        };
        let tags = tags.remove(&name).unwrap_or_default();
        part.snapshot.load_balancers.push(session.resource(name, tags, kind));
    }
    listed
}

async fn tags_of(session: &Session, names: &[String]) -> Result<BTreeMap<String, Tags>, AwsError> {
    let mut all = BTreeMap::new();
    for names in names.chunks(TAGS_AT_ONCE) {
        let answer = session
            .elb()
            .describe_tags()
            .set_load_balancer_names(Some(names.to_vec()))
            .send()
            .await
            .map_err(|error| AwsError::of(DESCRIBE_TAGS, &error))?;
        for one in answer.tag_descriptions.unwrap_or_default() {
            let pairs = one.tags.unwrap_or_default().into_iter();
            let Some(name) = one.load_balancer_name else { continue };
            all.insert(name, tags::of_pairs(pairs.map(|tag| (Some(tag.key), tag.value))));
        }
    }
    Ok(all)
}
