//! What decides whether the retention of a log group may be set, besides a look at it.

use aws_sdk_cloudwatchlogs::types::PolicyType;

use trimtab_model::observed::LogGroupPreflight;

use super::whole::Reading;
use crate::error::AwsError;
use crate::session::Session;

const DESCRIBE_POLICIES: &str = "logs:DescribeAccountPolicies";

/// What is read besides a look.
pub(crate) const READS: &[&str] = &[DESCRIBE_POLICIES];

/// More pages than an account can have policies of one type.
const MOST_PAGES: usize = 100;

/// Adds what a look does not tell.
pub(super) async fn complete(reading: &mut Reading<'_>, facts: &mut LogGroupPreflight) {
    let policies = policies(reading.session).await;
    facts.account_policies = reading.noted(policies);
}

/// Returns the policies of the account that set how long events are kept.
async fn policies(session: &Session) -> Result<Vec<String>, AwsError> {
    let mut found = Vec::new();
    let mut token: Option<String> = None;
    for _ in 0..MOST_PAGES {
        let request = session.logs().describe_account_policies();
        let request = request.policy_type(PolicyType::RetentionPolicy);
        let answer = request.set_next_token(token).send().await;
        let page = answer.map_err(|error| AwsError::of(DESCRIBE_POLICIES, &error))?;
        let all = page.account_policies.unwrap_or_default().into_iter();
        found.extend(all.filter_map(|one| one.policy_name));
        match page.next_token {
            None => return Ok(found),
            next => token = next,
        }
    }
    Err(AwsError::Endless { action: DESCRIBE_POLICIES.to_owned() })
}
