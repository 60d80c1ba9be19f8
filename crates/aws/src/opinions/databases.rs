//! `compute-optimizer:GetRDSDatabaseRecommendations`.

use aws_sdk_computeoptimizer::types::{RdsInstanceFinding, RdsStorageFinding, RdsdbRecommendation};

use trimtab_model::opinion::{Advice, Aspect, Opinion};
use trimtab_model::resource::ResourceKind;

use super::advised::{days, opinion, saving, target};
use super::listing::{Listed, listed};
use crate::error::AwsError;
use crate::moment;
use crate::session::Session;

/// The action.
pub(super) const ACTION: &str = "compute-optimizer:GetRDSDatabaseRecommendations";

/// Reads what is said of the databases of the session's region: of the instance and of its
/// storage apart.
pub(super) async fn read(session: &Session) -> Result<Listed, AwsError> {
    let client = session.compute_optimizer();
    listed(ACTION, |token| {
        let request = client.get_rds_database_recommendations().set_next_token(token);
        async move {
            let answer = request.send().await.map_err(|error| AwsError::of(ACTION, &error))?;
            let mut page = Listed::default();
            for one in answer.rds_db_recommendations.unwrap_or_default() {
                let about = [of_instance(session, &one), of_storage(session, &one)];
                if about.iter().all(Option::is_none) {
                    page.push(None);
                }
                page.opinions.extend(about.into_iter().flatten());
            }
            Ok((page, answer.next_token))
        }
    })
    .await
}

fn of_instance(session: &Session, one: &RdsdbRecommendation) -> Option<Opinion> {
    let finding = one.instance_finding.as_ref()?;
    let advice = match finding {
        RdsInstanceFinding::Optimized => Advice::Keep,
        RdsInstanceFinding::UnderProvisioned => Advice::Enlarge,
        RdsInstanceFinding::OverProvisioned => Advice::Change,
        _ => return None,
    };
    let mut made = base(session, one, advice, finding.as_str())?;
    made.reason_codes = one
        .instance_finding_reason_codes
        .iter()
        .flatten()
        .map(|code| code.as_str().to_owned())
        .collect();
    let options = one.instance_recommendation_options.iter().flatten();
    if let Some(best) = options.min_by_key(|it| it.rank) {
        made.recommended = target("db_instance_class", best.db_instance_class.clone());
        made.monthly_saving = best
            .savings_opportunity
            .as_ref()
            .and_then(|it| it.estimated_monthly_savings.as_ref())
            .and_then(|it| saving(it.value, it.currency.as_ref().map(|code| code.as_str())));
        made.monthly_saving_after_discounts = best
            .savings_opportunity_after_discounts
            .as_ref()
            .and_then(|it| it.estimated_monthly_savings.as_ref())
            .and_then(|it| saving(it.value, it.currency.as_ref().map(|code| code.as_str())));
    }
    Some(made)
}

fn of_storage(session: &Session, one: &RdsdbRecommendation) -> Option<Opinion> {
    let finding = one.storage_finding.as_ref()?;
    let advice = match finding {
        RdsStorageFinding::Optimized => Advice::Keep,
        RdsStorageFinding::UnderProvisioned => Advice::Enlarge,
        RdsStorageFinding::OverProvisioned | RdsStorageFinding::NotOptimized => Advice::Change,
        _ => return None,
    };
    let mut made = base(session, one, advice, finding.as_str())?;
    made.aspect = Aspect::Storage;
    made.reason_codes = one
        .storage_finding_reason_codes
        .iter()
        .flatten()
        .map(|code| code.as_str().to_owned())
        .collect();
    let options = one.storage_recommendation_options.iter().flatten();
    if let Some(best) = options.min_by_key(|it| it.rank) {
        let configuration = best.storage_configuration.as_ref();
        made.recommended =
            target("storage_type", configuration.and_then(|it| it.storage_type.clone()));
        made.monthly_saving = best
            .savings_opportunity
            .as_ref()
            .and_then(|it| it.estimated_monthly_savings.as_ref())
            .and_then(|it| saving(it.value, it.currency.as_ref().map(|code| code.as_str())));
    }
    Some(made)
}

fn base(
    session: &Session,
    one: &RdsdbRecommendation,
    advice: Advice,
    finding: &str,
) -> Option<Opinion> {
    let arn = one.resource_arn.as_deref();
    let mut made = opinion(session, ResourceKind::DbInstance, arn, advice, finding)?;
    made.lookback_days = days(one.lookback_period_in_days);
    made.refreshed_at = moment::optional(one.last_refresh_timestamp.as_ref());
    Some(made)
}
