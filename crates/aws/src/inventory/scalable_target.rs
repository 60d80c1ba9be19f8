//! `application-autoscaling:DescribeScalableTargets`, with the policies and scheduled actions of each.
//!
//! Every call is about one service. Those are asked about whose capacity is paid while it waits.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_applicationautoscaling::types::{self, ServiceNamespace};
use futures::FutureExt;

use trimtab_model::id::ResourceId;
use trimtab_model::queue;
use trimtab_model::resource::scalable_target::{ScalableTarget, TargetPolicy, TargetSchedule};
use trimtab_model::resource::{ResourceKind, Tags};

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, number};

const DESCRIBE: &str = "application-autoscaling:DescribeScalableTargets";
const DESCRIBE_POLICIES: &str = "application-autoscaling:DescribeScalingPolicies";
const DESCRIBE_ACTIONS: &str = "application-autoscaling:DescribeScheduledActions";

/// The services that are asked about.
const SERVICES: &[ServiceNamespace] = &[
    ServiceNamespace::Dynamodb,
    ServiceNamespace::Ecs,
    ServiceNamespace::Lambda,
    ServiceNamespace::Rds,
    ServiceNamespace::Sagemaker,
];

/// The collector. Tags of targets decide nothing, and are not read.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::ScalableTarget,
    reach: Reach::Region,
    actions: &[DESCRIBE, DESCRIBE_POLICIES, DESCRIBE_ACTIONS],
    collect: |session, part| collect(session, part).boxed(),
};

/// A resource and its dimension.
type Key = (String, String);

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    for service in SERVICES {
        let mut targets = Vec::new();
        let stream = session
            .application_autoscaling()
            .describe_scalable_targets()
            .service_namespace(service.clone())
            .into_paginator()
            .send();
        let listed = pages(DESCRIBE, stream, |page| {
            targets.extend(page.scalable_targets.unwrap_or_default());
        })
        .await;
        if !targets.is_empty() {
            let policies = policies(session, service).await;
            let policies = part.detail(policies);
            let actions = scheduled_actions(session, service).await;
            let actions = part.detail(actions);
            for target in targets {
                let Some(mut kind) = kind(target) else { continue };
                let key = (kind.resource_id.clone(), kind.scalable_dimension.clone());
                kind.policies = of_target(policies.as_ref(), &key);
                kind.scheduled_actions = of_target(actions.as_ref(), &key);
                let id = format!("{} {}", kind.resource_id, kind.scalable_dimension);
                part.snapshot.scalable_targets.push(session.resource(id, Tags::new(), kind));
            }
        }
        listed?;
    }
    Ok(())
}

/// Returns what was read about a target: an empty list where nothing is about it.
fn of_target<T: Clone>(read: Option<&BTreeMap<Key, Vec<T>>>, key: &Key) -> Option<Vec<T>> {
    read.map(|all| all.get(key).cloned().unwrap_or_default())
}

fn kind(target: types::ScalableTarget) -> Option<ScalableTarget> {
    let suspended = target.suspended_state.and_then(|state| state.dynamic_scaling_in_suspended);
    Some(ScalableTarget {
        scalable_target_arn: target.scalable_target_arn,
        service_namespace: target.service_namespace.as_str().to_owned(),
        resource_id: target.resource_id,
        scalable_dimension: target.scalable_dimension.as_str().to_owned(),
        min_capacity: number::count(Some(target.min_capacity))?,
        max_capacity: number::count(Some(target.max_capacity))?,
        scaling_in_suspended: suspended == Some(true),
        creation_time: moment::moment(&target.creation_time),
        policies: None,
        scheduled_actions: None,
    })
}

async fn policies(
    session: &Session,
    service: &ServiceNamespace,
) -> Result<BTreeMap<Key, Vec<TargetPolicy>>, AwsError> {
    let mut all: BTreeMap<Key, Vec<TargetPolicy>> = BTreeMap::new();
    let stream = session
        .application_autoscaling()
        .describe_scaling_policies()
        .service_namespace(service.clone())
        .into_paginator()
        .send();
    pages(DESCRIBE_POLICIES, stream, |page| {
        for policy in page.scaling_policies.unwrap_or_default() {
            let key = (policy.resource_id.clone(), policy.scalable_dimension.as_str().to_owned());
            all.entry(key).or_default().push(target_policy(policy));
        }
    })
    .await?;
    Ok(all)
}

fn target_policy(policy: types::ScalingPolicy) -> TargetPolicy {
    let tracking = policy.target_tracking_scaling_policy_configuration;
    let followed = tracking.as_ref().and_then(|one| one.customized_metric_specification.as_ref());
    TargetPolicy {
        alarms: policy.alarms.unwrap_or_default().into_iter().map(|one| one.alarm_name).collect(),
        queues: followed.map(queues).unwrap_or_default(),
        policy_name: policy.policy_name,
        policy_type: policy.policy_type.as_str().to_owned(),
        target_value: tracking.as_ref().and_then(|one| number::decimal(one.target_value)),
        scale_in_disabled: tracking.and_then(|one| one.disable_scale_in) == Some(true),
    }
}

/// Returns the queues whose metrics a policy follows: one metric, or several in an expression.
fn queues(followed: &types::CustomizedMetricSpecification) -> Vec<ResourceId> {
    let of_queue = |namespace| namespace == Some(queue::NAMESPACE);
    let mut found = BTreeSet::new();
    if of_queue(followed.namespace()) {
        let names = followed.dimensions().iter().filter(|one| one.name() == queue::DIMENSION);
        found.extend(names.map(|one| ResourceId::from(one.value())));
    }
    let metrics = followed.metrics().iter().filter_map(|one| one.metric_stat()?.metric());
    for metric in metrics.filter(|one| of_queue(one.namespace())) {
        let names = metric.dimensions().iter().filter(|one| one.name() == queue::DIMENSION);
        found.extend(names.map(|one| ResourceId::from(one.value())));
    }
    found.into_iter().collect()
}

async fn scheduled_actions(
    session: &Session,
    service: &ServiceNamespace,
) -> Result<BTreeMap<Key, Vec<TargetSchedule>>, AwsError> {
    let mut all: BTreeMap<Key, Vec<TargetSchedule>> = BTreeMap::new();
    let stream = session
        .application_autoscaling()
        .describe_scheduled_actions()
        .service_namespace(service.clone())
        .into_paginator()
        .send();
    pages(DESCRIBE_ACTIONS, stream, |page| {
        for action in page.scheduled_actions.unwrap_or_default() {
            let Some(dimension) = &action.scalable_dimension else { continue };
            let key = (action.resource_id.clone(), dimension.as_str().to_owned());
            let limits = action.scalable_target_action;
            all.entry(key).or_default().push(TargetSchedule {
                scheduled_action_name: action.scheduled_action_name,
                schedule: action.schedule,
                timezone: action.timezone,
                min_capacity: limits.as_ref().and_then(|one| number::count(one.min_capacity)),
                max_capacity: limits.and_then(|one| number::count(one.max_capacity)),
            });
        }
    })
    .await?;
    Ok(all)
}
