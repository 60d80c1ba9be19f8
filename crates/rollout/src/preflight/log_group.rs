//! May the retention of a log group be set?

use trimtab_model::observed::LogGroupPreflight;

use super::finding::{Findings, block, clear, known, when};
use super::owner::managed;

/// The rows, in order: titles in English and in Korean.
pub(super) const ROWS: [(&str, &str); 3] = [
    ("Policies of the account", "계정 정책"),
    ("Deletion protection", "삭제 방지"),
    ("Managed by a tool", "관리 도구"),
];

/// Returns everything that stands in the way of another retention.
pub fn log_group(facts: &LogGroupPreflight) -> Findings {
    rows(facts).concat()
}

/// Judges every row, in order.
pub(super) fn rows(facts: &LogGroupPreflight) -> [Findings; 3] {
    let policies = facts.account_policies.as_ref();
    let policy = known(policies, "Account policies", "logs:DescribeAccountPolicies", |policies| {
        policies.first().map_or_else(clear, |policy| {
            block(
                "account-policy",
                format!("The account's policy {policy} sets its retention: another one would save nothing."),
                format!("계정 정책 {policy}이(가) 보존 기간을 정하므로 바꿔도 절감되지 않습니다."),
            )
        })
    });
    let groups = "logs:DescribeLogGroups";
    let protection =
        known(facts.is_protected.as_ref(), "deletionProtectionEnabled", groups, |is_on| {
            when(*is_on, || {
                block(
                    "deletion-protection",
                    "It is protected against deletion: somebody wants its events.",
                    "삭제 방지가 설정되어 있습니다. 이벤트를 보존하려는 그룹입니다.",
                )
            })
        });
    [policy, protection, managed(facts.tags.as_ref(), "logs:ListTagsForResource")]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn check(alter: impl FnOnce(&mut LogGroupPreflight), expected: &[&str]) {
        let mut facts = LogGroupPreflight {
            account_policies: Some(Vec::new()),
            is_protected: Some(false),
            tags: Some(BTreeMap::new()),
        };
        alter(&mut facts);
        let codes: Vec<String> = log_group(&facts).into_iter().map(|(_, why)| why.code).collect();
        assert_eq!(codes, expected);
    }

    #[test]
    fn h06_a_policy_of_the_account_is_noticed() {
        check(|_| {}, &[]);
        let policy = Some(vec!["retention-30".to_owned()]);
        check(|one| one.account_policies = policy, &["account-policy"]);
        check(|one| one.account_policies = None, &["unknown-account-policies"]);
        check(|one| one.is_protected = Some(true), &["deletion-protection"]);
    }
}
