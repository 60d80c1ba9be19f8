//! `elasticloadbalancing:DescribeLoadBalancers` of the current API, with tags, target groups
//! and the health of their targets.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_elasticloadbalancingv2::types::TargetHealthStateEnum;
use futures::FutureExt;

use trimtab_model::resource::load_balancer::{
    LoadBalancer, LoadBalancerType, TargetCount, TargetGroup,
};
use trimtab_model::resource::{ResourceKind, Tags};

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, tags};

const DESCRIBE: &str = "elasticloadbalancing:DescribeLoadBalancers";
const DESCRIBE_TAGS: &str = "elasticloadbalancing:DescribeTags";
const DESCRIBE_GROUPS: &str = "elasticloadbalancing:DescribeTargetGroups";
const DESCRIBE_HEALTH: &str = "elasticloadbalancing:DescribeTargetHealth";
const DESCRIBE_ATTRIBUTES: &str = "elasticloadbalancing:DescribeLoadBalancerAttributes";
/// ARNs that one call for tags takes.
const TAGS_AT_ONCE: usize = 20;

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::LoadBalancer,
    reach: Reach::Region,
    actions: &[DESCRIBE, DESCRIBE_TAGS, DESCRIBE_GROUPS, DESCRIBE_HEALTH, DESCRIBE_ATTRIBUTES],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let stream = session.elbv2().describe_load_balancers().page_size(400).into_paginator().send();
    let mut found = Vec::new();
    let listed =
        pages(DESCRIBE, stream, |page| found.extend(page.load_balancers.unwrap_or_default())).await;
    let arns: Vec<String> =
        found.iter().filter_map(|balancer| balancer.load_balancer_arn.clone()).collect();
    let mut tags = part.detail(tags_of(session, &arns).await).unwrap_or_default();
    let targets = if arns.is_empty() { Ok(BTreeMap::new()) } else { targets(session).await };
    let targets = part.detail(targets);
    for balancer in found {
        let (Some(arn), Some(name)) = (balancer.load_balancer_arn, balancer.load_balancer_name)
        else {
            continue;
        };
        let Some(load_balancer_type) = balancer.r#type.and_then(|word| of_word(word.as_str()))
        else {
            continue;
        };
        let none = TargetCount { registered: 0, healthy: Some(0) };
        let cross_zone = match load_balancer_type {
            LoadBalancerType::Network | LoadBalancerType::Gateway => {
                part.detail(cross_zone(session, &arn).await).flatten()
            }
            LoadBalancerType::Application | LoadBalancerType::Classic => None,
        };
        let kind = LoadBalancer {
            load_balancer_name: name,
            load_balancer_type,
            state: balancer.state.and_then(|state| state.code).map(|word| word.as_str().to_owned()),
            scheme: balancer.scheme.map(|word| word.as_str().to_owned()),
            created_time: moment::optional(balancer.created_time.as_ref()),
            cross_zone,
            targets: targets.as_ref().map(|all| all.get(&arn).map_or(none, |behind| behind.count)),
            target_ids: targets.as_ref().map(|all| {
                all.get(&arn).map(|behind| behind.ids.iter().cloned().collect()).unwrap_or_default()
            }),
            target_groups: targets
                .as_ref()
                .map(|all| all.get(&arn).map(|behind| behind.groups.clone()).unwrap_or_default()),
        };
        let tags = tags.remove(&arn).unwrap_or_default();
        part.snapshot.load_balancers.push(session.resource(arn, tags, kind));
    }
    listed
}

/// Returns whether a load balancer sends to the targets of other zones.
async fn cross_zone(session: &Session, arn: &str) -> Result<Option<bool>, AwsError> {
    let answer = session
        .elbv2()
        .describe_load_balancer_attributes()
        .load_balancer_arn(arn)
        .send()
        .await
        .map_err(|error| AwsError::of(DESCRIBE_ATTRIBUTES, &error))?;
    Ok(answer
        .attributes
        .unwrap_or_default()
        .into_iter()
        .find(|one| one.key.as_deref() == Some("load_balancing.cross_zone.enabled"))
        .and_then(|one| one.value?.parse().ok()))
}

fn of_word(word: &str) -> Option<LoadBalancerType> {
    [LoadBalancerType::Application, LoadBalancerType::Network, LoadBalancerType::Gateway]
        .into_iter()
        .find(|one| one.as_str() == word)
}

/// What stands behind a load balancer.
struct Behind {
    count: TargetCount,
    ids: BTreeSet<String>,
    groups: Vec<TargetGroup>,
}

/// Lists the targets of every load balancer that has a target group.
async fn targets(session: &Session) -> Result<BTreeMap<String, Behind>, AwsError> {
    let stream = session.elbv2().describe_target_groups().page_size(400).into_paginator().send();
    let mut groups = Vec::new();
    pages(DESCRIBE_GROUPS, stream, |page| groups.extend(page.target_groups.unwrap_or_default()))
        .await?;
    let mut all: BTreeMap<String, Behind> = BTreeMap::new();
    for group in groups {
        let balancers = group.load_balancer_arns.unwrap_or_default();
        let Some(arn) = group.target_group_arn.filter(|_| !balancers.is_empty()) else { continue };
        let answer = session
            .elbv2()
            .describe_target_health()
            .target_group_arn(&arn)
            .send()
            .await
            .map_err(|error| AwsError::of(DESCRIBE_HEALTH, &error))?;
        let (mut registered, mut healthy, mut unhealthy) = (0, 0, 0);
        let mut ids = BTreeSet::new();
        for target in answer.target_health_descriptions.unwrap_or_default() {
            registered += 1;
            ids.extend(target.target.and_then(|target| target.id));
            let state = target.target_health.and_then(|health| health.state);
            healthy += u32::from(state == Some(TargetHealthStateEnum::Healthy));
            unhealthy += u32::from(state == Some(TargetHealthStateEnum::Unhealthy));
        }
        let group = TargetGroup {
            target_group_arn: arn.into(),
            target_ids: ids.iter().cloned().collect(),
            healthy,
            unhealthy: Some(unhealthy),
        };
        for balancer in balancers {
            let behind = all.entry(balancer).or_insert_with(|| Behind {
                count: TargetCount { registered: 0, healthy: Some(0) },
                ids: BTreeSet::new(),
                groups: Vec::new(),
            });
            behind.groups.push(group.clone());
            behind.count.registered += registered;
            behind.count.healthy = behind.count.healthy.map(|before| before + healthy);
            behind.ids.extend(ids.iter().cloned());
        }
    }
    for behind in all.values_mut() {
        behind.groups.sort_by(|left, right| left.target_group_arn.cmp(&right.target_group_arn));
    }
    Ok(all)
}

async fn tags_of(session: &Session, arns: &[String]) -> Result<BTreeMap<String, Tags>, AwsError> {
    let mut all = BTreeMap::new();
    for arns in arns.chunks(TAGS_AT_ONCE) {
        let answer = session
            .elbv2()
            .describe_tags()
            .set_resource_arns(Some(arns.to_vec()))
            .send()
            .await
            .map_err(|error| AwsError::of(DESCRIBE_TAGS, &error))?;
        for one in answer.tag_descriptions.unwrap_or_default() {
            let pairs = one.tags.unwrap_or_default().into_iter();
            let Some(arn) = one.resource_arn else { continue };
            all.insert(arn, tags::of_pairs(pairs.map(|tag| (tag.key, tag.value))));
        }
    }
    Ok(all)
}
