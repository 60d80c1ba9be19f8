//! `cost-optimization-hub:ListRecommendations`, one answer for all regions of an account.

use std::collections::BTreeMap;

use aws_sdk_costoptimizationhub::types::{EnrollmentStatus, Filter, Recommendation};

use trimtab_model::opinion::{Advice, Aspect, Opinion, OpinionSource};
use trimtab_model::resource::ResourceKind;

use super::advised::saving;
use super::listing::Listed;
use super::name;
use crate::error::AwsError;
use crate::moment;
use crate::page::pages;
use crate::session::Session;

/// The action that says whether the account has switched the hub on.
pub(super) const LIST_ENROLLMENTS: &str = "cost-optimization-hub:ListEnrollmentStatuses";
/// The action that lists recommendations.
pub(super) const LIST: &str = "cost-optimization-hub:ListRecommendations";

/// EBS's types of volumes, by which a summary begins.
const VOLUME_TYPES: &[&str] = &["gp2", "gp3", "io1", "io2", "st1", "sc1", "standard"];

/// Returns whether the session's account has switched the hub on.
pub(super) async fn is_enrolled(session: &Session) -> Result<bool, AwsError> {
    let account = session.account().as_str();
    let stream = session.cost_optimization_hub().list_enrollment_statuses().into_paginator().send();
    let mut is_active = false;
    let listed = pages(LIST_ENROLLMENTS, stream, |page| {
        is_active |= page.items.unwrap_or_default().iter().any(|one| {
            one.status == Some(EnrollmentStatus::Active)
                && one.account_id.as_deref().is_none_or(|id| id == account)
        });
    })
    .await;
    match listed {
        Ok(()) => Ok(is_active),
        Err(AwsError::OptedOut { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Reads what is said of the session's account. The hub drops what overlaps.
pub(super) async fn read(session: &Session) -> Result<Listed, AwsError> {
    let own = Filter::builder().account_ids(session.account().as_str()).build();
    let request = session.cost_optimization_hub().list_recommendations().filter(own);
    let mut all = Listed::default();
    pages(LIST, request.into_paginator().send(), |page| {
        for one in page.items.unwrap_or_default() {
            all.push(opinion(session, one));
        }
    })
    .await?;
    Ok(all)
}

fn opinion(session: &Session, one: Recommendation) -> Option<Opinion> {
    let (kind, aspect) = kind(one.current_resource_type.as_deref()?)?;
    let finding = one.action_type?;
    let advice = match finding.as_str() {
        "Stop" | "Delete" => Advice::Remove,
        "Rightsize" | "Upgrade" | "ScaleIn" | "MigrateToGraviton" => Advice::Change,
        _ => return None,
    };
    let arn = one.resource_arn.as_deref();
    let named = arn.and_then(|arn| name::of_arn(kind, arn));
    // A service's own name may be that of several, in as many clusters.
    let id = named.or(one.resource_id.filter(|_| kind != ResourceKind::EcsService))?;
    let region = one.region.or_else(|| arn.and_then(name::region_of_arn).map(str::to_owned))?;
    let lookback = one.recommendation_lookback_period_in_days;
    Some(Opinion {
        source: OpinionSource::CostOptimizationHub,
        account: one.account_id.map_or_else(|| session.account().clone(), Into::into),
        region: region.into(),
        kind,
        id: id.into(),
        aspect,
        advice,
        finding,
        reason_codes: Vec::new(),
        recommended: recommended(kind, one.recommended_resource_summary.as_deref()),
        summary: one.recommended_resource_summary,
        monthly_saving: one
            .estimated_monthly_savings
            .and_then(|value| saving(value, one.currency_code.as_deref())),
        monthly_saving_after_discounts: None,
        lookback_days: lookback.and_then(|days| u32::try_from(days).ok()).filter(|days| *days > 0),
        memory: None,
        refreshed_at: moment::optional(one.last_refresh_timestamp.as_ref()),
    })
}

/// Returns our kind, and what of it is meant; absent for one that trimtab does not read.
fn kind(word: &str) -> Option<(ResourceKind, Aspect)> {
    Some(match word {
        "Ec2Instance" => (ResourceKind::Instance, Aspect::Whole),
        "Ec2AutoScalingGroup" => (ResourceKind::AutoScalingGroup, Aspect::Whole),
        "EbsVolume" => (ResourceKind::Volume, Aspect::Whole),
        "LambdaFunction" => (ResourceKind::Function, Aspect::Whole),
        "RdsDbInstance" => (ResourceKind::DbInstance, Aspect::Whole),
        "RdsDbInstanceStorage" => (ResourceKind::DbInstance, Aspect::Storage),
        "AuroraDbClusterStorage" => (ResourceKind::DbCluster, Aspect::Storage),
        "DocumentDBCluster" => (ResourceKind::DbCluster, Aspect::Whole),
        "NatGateway" => (ResourceKind::NatGateway, Aspect::Whole),
        "DynamoDBTable" => (ResourceKind::DynamoTable, Aspect::Whole),
        "ElastiCacheCluster" => (ResourceKind::CacheCluster, Aspect::Whole),
        "MemoryDBCluster" => (ResourceKind::MemoryDbCluster, Aspect::Whole),
        "EcsService" => (ResourceKind::EcsService, Aspect::Whole),
        "SageMakerEndpoint" => (ResourceKind::ModelEndpoint, Aspect::Whole),
        _ => return None,
    })
}

/// Reads the type out of a summary, where it says nothing else that could be meant.
fn recommended(kind: ResourceKind, summary: Option<&str>) -> BTreeMap<String, String> {
    let first =
        summary.and_then(|summary| summary.split([' ', ',', '/']).next()).unwrap_or_default();
    let is_type = |word: &str| {
        word.split_once('.').is_some_and(|(family, size)| {
            !family.is_empty() && !size.is_empty() && !word.contains(':')
        })
    };
    let key = match kind {
        ResourceKind::Instance if is_type(first) => "instance_type",
        ResourceKind::DbInstance if first.starts_with("db.") => "db_instance_class",
        ResourceKind::Volume if VOLUME_TYPES.contains(&first) => "volume_type",
        _ => return BTreeMap::new(),
    };
    BTreeMap::from([(key.to_owned(), first.to_owned())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_gives_a_type_only_where_it_is_one() {
        let read = |kind, summary| {
            recommended(kind, Some(summary)).into_values().next().unwrap_or_default()
        };
        assert_eq!(read(ResourceKind::Instance, "m6i.large"), "m6i.large");
        assert_eq!(read(ResourceKind::Instance, "Stop the instance"), "");
        assert_eq!(read(ResourceKind::DbInstance, "db.r6g.large"), "db.r6g.large");
        assert_eq!(read(ResourceKind::Volume, "gp3/100 GiB"), "gp3");
        assert_eq!(read(ResourceKind::Function, "128 MB"), "");
    }
}
