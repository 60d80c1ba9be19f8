//! `compute-optimizer:GetIdleRecommendations`.

use aws_sdk_computeoptimizer::types::{
    IdleRecommendation, IdleRecommendationResourceType as ResourceType,
};

use trimtab_model::opinion::{Advice, Opinion};
use trimtab_model::resource::ResourceKind;

use super::advised::{days, opinion, saving};
use super::listing::{Listed, listed};
use crate::error::AwsError;
use crate::moment;
use crate::session::Session;

/// The action.
pub(super) const ACTION: &str = "compute-optimizer:GetIdleRecommendations";

/// Reads what is said to be unused in the session's region.
pub(super) async fn read(session: &Session) -> Result<Listed, AwsError> {
    let client = session.compute_optimizer();
    listed(ACTION, |token| {
        let request = client.get_idle_recommendations().set_next_token(token);
        async move {
            let answer = request.send().await.map_err(|error| AwsError::of(ACTION, &error))?;
            let mut page = Listed::default();
            for one in answer.idle_recommendations.unwrap_or_default() {
                page.push(of_idle(session, one));
            }
            Ok((page, answer.next_token))
        }
    })
    .await
}

fn of_idle(session: &Session, one: IdleRecommendation) -> Option<Opinion> {
    let kind = kind(one.resource_type.as_ref()?)?;
    let finding = one.finding?;
    let arn = one.resource_arn.as_deref();
    let mut made = opinion(session, kind, arn, Advice::Remove, finding.as_str())?;
    made.lookback_days = days(one.look_back_period_in_days);
    made.refreshed_at = moment::optional(one.last_refresh_timestamp.as_ref());
    made.summary = one.finding_description;
    made.monthly_saving = one
        .savings_opportunity
        .and_then(|it| it.estimated_monthly_savings)
        .and_then(|it| saving(it.value, it.currency.as_ref().map(|code| code.as_str())));
    made.monthly_saving_after_discounts = one
        .savings_opportunity_after_discounts
        .and_then(|it| it.estimated_monthly_savings)
        .and_then(|it| saving(it.value, it.currency.as_ref().map(|code| code.as_str())));
    Some(made)
}

/// Returns our kind; absent for one that trimtab does not read.
fn kind(resource_type: &ResourceType) -> Option<ResourceKind> {
    Some(match resource_type {
        ResourceType::Ec2Instance => ResourceKind::Instance,
        ResourceType::AutoScalingGroup => ResourceKind::AutoScalingGroup,
        ResourceType::EbsVolume => ResourceKind::Volume,
        ResourceType::RdsDbInstance => ResourceKind::DbInstance,
        ResourceType::DocumentDbCluster => ResourceKind::DbCluster,
        ResourceType::NatGateway => ResourceKind::NatGateway,
        ResourceType::DynamoDbTable => ResourceKind::DynamoTable,
        ResourceType::ElastiCacheCluster => ResourceKind::CacheCluster,
        ResourceType::MemoryDbCluster => ResourceKind::MemoryDbCluster,
        ResourceType::EcsService => ResourceKind::EcsService,
        ResourceType::SageMakerEndpoint => ResourceKind::ModelEndpoint,
        _ => return None,
    })
}
