//! How long the Recycle Bin keeps a volume that is deleted.

use aws_sdk_rbin::operation::get_rule::GetRuleOutput;
use aws_sdk_rbin::types::{ResourceTag, ResourceType, RetentionPeriodUnit, RuleStatus};

use trimtab_model::resource::Tags;

use super::resource::unless_absent;
use crate::error::AwsError;
use crate::page::pages;
use crate::session::Session;

const LIST: &str = "rbin:ListRules";
const GET: &str = "rbin:GetRule";

/// What is read.
pub(super) const READS: [&str; 2] = [LIST, GET];

/// Returns for how many days a volume with these tags is kept; 0 where no rule is for it. Of
/// several rules the longest counts (EBS user guide, "How Recycle Bin works").
pub(super) async fn days(session: &Session, tags: &Tags) -> Result<u32, AwsError> {
    let client = session.recycle_bin();
    let mut rules = Vec::new();
    let listing = client.list_rules().resource_type(ResourceType::EbsVolume).max_results(1000);
    pages(LIST, listing.into_paginator().send(), |page| {
        let all = page.rules.unwrap_or_default().into_iter();
        rules.extend(all.filter_map(|rule| rule.identifier));
    })
    .await?;
    let mut most = 0;
    for rule in rules {
        let answer = client.get_rule().identifier(rule).send().await;
        let answer = answer.map_err(|error| AwsError::of(GET, &error));
        // One that was just deleted keeps nothing.
        if let Some(rule) = unless_absent(answer, &["ResourceNotFoundException"])? {
            most = most.max(kept(&rule, tags));
        }
    }
    Ok(most)
}

/// Returns for how many days a rule keeps what has these tags. What is not understood of a rule
/// keeps nothing.
fn kept(rule: &GetRuleOutput, tags: &Tags) -> u32 {
    let has = |tag: &ResourceTag| match (tags.get(&tag.resource_tag_key), &tag.resource_tag_value) {
        (Some(value), Some(wanted)) => value == wanted,
        (Some(value), None) => value.is_empty(),
        (None, _) => false,
    };
    let wanted = rule.resource_tags();
    let is_for_it = wanted.is_empty() || wanted.iter().any(has);
    // An exclusion without a value is taken as one of every value.
    let is_excluded = rule.exclude_resource_tags().iter().any(|tag| {
        has(tag) || (tag.resource_tag_value.is_none() && tags.contains_key(&tag.resource_tag_key))
    });
    let is_in_force = rule.status == Some(RuleStatus::Available);
    let period = rule.retention_period.as_ref();
    let days = period.filter(|one| one.retention_period_unit == RetentionPeriodUnit::Days);
    match days {
        Some(period) if is_in_force && is_for_it && !is_excluded => {
            u32::try_from(period.retention_period_value).unwrap_or(0)
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_rbin::operation::get_rule::builders::GetRuleOutputBuilder;
    use aws_sdk_rbin::types::RetentionPeriod;

    fn rule() -> GetRuleOutputBuilder {
        let period = RetentionPeriod::builder()
            .retention_period_value(30)
            .retention_period_unit(RetentionPeriodUnit::Days)
            .build()
            .unwrap();
        GetRuleOutput::builder().status(RuleStatus::Available).retention_period(period)
    }

    fn tag(key: &str, value: Option<&str>) -> ResourceTag {
        let tag = ResourceTag::builder().resource_tag_key(key);
        tag.set_resource_tag_value(value.map(str::to_owned)).build().unwrap()
    }

    #[test]
    fn a_rule_keeps_what_it_is_for_while_it_is_in_force() {
        let tags: Tags = [("team".to_owned(), "game".to_owned())].into();
        let days = |rule: GetRuleOutputBuilder| kept(&rule.build(), &tags);
        assert_eq!(days(rule()), 30);
        assert_eq!(days(rule().status(RuleStatus::Pending)), 0);
        assert_eq!(days(rule().resource_tags(tag("team", Some("game")))), 30);
        for other in [tag("team", Some("data")), tag("team", None), tag("owner", Some("game"))] {
            assert_eq!(days(rule().resource_tags(other)), 0);
        }
        for excluded in [tag("team", Some("game")), tag("team", None)] {
            assert_eq!(days(rule().exclude_resource_tags(excluded)), 0);
        }
        assert_eq!(days(rule().exclude_resource_tags(tag("team", Some("data")))), 30);
        assert_eq!(days(GetRuleOutput::builder().status(RuleStatus::Available)), 0);
    }
}
