//! `savingsplans:DescribeSavingsPlans`, whose pages the SDK does not turn by itself.

use std::collections::BTreeSet;

use aws_sdk_savingsplans::types;
use futures::FutureExt;
use jiff::Timestamp;

use trimtab_model::resource::savings_plan::SavingsPlan;
use trimtab_model::resource::{ResourceKind, Tags};

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::number;
use crate::part::Part;
use crate::session::Session;

const DESCRIBE: &str = "savingsplans:DescribeSavingsPlans";

/// The collector. Plans belong to an account and not to a region.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::SavingsPlan,
    reach: Reach::Account,
    actions: &[DESCRIBE],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let client = session.savingsplans();
    let mut next: Option<String> = None;
    let mut seen = BTreeSet::new();
    loop {
        let answer = client
            .describe_savings_plans()
            .set_next_token(next)
            .send()
            .await
            .map_err(|error| AwsError::of(DESCRIBE, &error))?;
        for plan in answer.savings_plans.unwrap_or_default() {
            let Some(id) = plan.savings_plan_id.clone() else { continue };
            let tags: Tags = plan.tags.clone().unwrap_or_default().into_iter().collect();
            part.snapshot.savings_plans.push(session.resource(id, tags, kind(plan)));
        }
        next = answer.next_token.filter(|token| !token.is_empty());
        let Some(token) = &next else { return Ok(()) };
        if !seen.insert(token.clone()) {
            return Err(AwsError::Endless { action: DESCRIBE.to_owned() });
        }
    }
}

fn kind(plan: types::SavingsPlan) -> SavingsPlan {
    SavingsPlan {
        savings_plan_arn: plan.savings_plan_arn,
        savings_plan_type: plan.savings_plan_type.map(|word| word.as_str().to_owned()),
        ec2_instance_family: plan.ec2_instance_family,
        plan_region: plan.region,
        state: plan.state.map(|word| word.as_str().to_owned()),
        start: moment(plan.start.as_deref()),
        end: moment(plan.end.as_deref()),
        term_duration_seconds: number::count(Some(plan.term_duration_in_seconds)),
        returnable_until: moment(plan.returnable_until.as_deref()),
        payment_option: plan.payment_option.map(|word| word.as_str().to_owned()),
        currency: plan.currency.map(|word| word.as_str().to_owned()),
        hourly_commitment: plan.commitment.and_then(|text| text.parse().ok()),
        upfront_payment_amount: plan.upfront_payment_amount.and_then(|text| text.parse().ok()),
    }
}

/// Reads a moment such as `2026-10-01T00:00:00.000Z`; this API writes them as text.
fn moment(text: Option<&str>) -> Option<Timestamp> {
    text.and_then(|text| text.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::moment;

    #[test]
    fn moments_are_read_as_the_api_writes_them() {
        let expected = "2026-10-01T12:30:00Z".parse().ok();
        assert_eq!(moment(Some("2026-10-01T12:30:00.000Z")), expected);
        assert_eq!(moment(Some("soon")), None);
        assert_eq!(moment(None), None);
    }
}
