//! One statement per thing that is read, with exactly the actions that reading it calls.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use trimtab_model::resource::ResourceKind;

use crate::inventory;
use crate::{account, metrics, region};

/// The name of the role in every document.
pub const ROLE_NAME: &str = "trimtab-read";

/// What a scan may call whatever it reads: who we are, which regions and accounts there are,
/// and metrics. The first two need no statement in the role that is taken on.
pub const BASIC_ACTIONS: &[&str] = &[
    "sts:GetCallerIdentity",
    "sts:AssumeRole",
    region::DESCRIBE_REGIONS,
    account::LIST_ACCOUNTS,
    metrics::GET_METRIC_DATA,
    metrics::LIST_METRICS,
];

/// What one statement of the policy allows, and what for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its name in the policy: letters and digits.
    pub sid: String,
    /// The actions; each begins with Describe, List or Get, and none has a wildcard.
    pub actions: Vec<&'static str>,
}

/// Whether the role also lists the accounts of its organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Organization {
    /// The management account's role does.
    Listed,
    /// A member's role does not.
    Member,
}

/// Returns what the role must be allowed to read `kinds`, and metrics if `with_metrics`.
pub fn statements(
    kinds: &BTreeSet<ResourceKind>,
    with_metrics: bool,
    organization: Organization,
) -> Vec<Statement> {
    let mut statements =
        vec![Statement { sid: "FindRegions".to_owned(), actions: vec![region::DESCRIBE_REGIONS] }];
    if organization == Organization::Listed {
        statements.push(Statement {
            sid: "FindAccounts".to_owned(),
            actions: vec![account::LIST_ACCOUNTS],
        });
    }
    statements.extend(
        inventory::ALL.iter().filter(|collector| kinds.contains(&collector.kind)).map(
            |collector| Statement { sid: sid(collector.kind), actions: collector.actions.to_vec() },
        ),
    );
    if with_metrics {
        statements.push(Statement {
            sid: "ReadMetrics".to_owned(),
            actions: vec![metrics::GET_METRIC_DATA, metrics::LIST_METRICS],
        });
    }
    statements
}

fn sid(kind: ResourceKind) -> String {
    let name: String = kind.as_str().split("::").skip(1).collect::<String>();
    format!("Read{}", name.chars().filter(char::is_ascii_alphanumeric).collect::<String>())
}

/// Returns the statements as an IAM policy document.
///
/// The resource is `*` because none of these actions can be limited to one.
pub fn policy(statements: &[Statement]) -> Value {
    let statements: Vec<Value> = statements
        .iter()
        .map(|statement| {
            json!({
                "Sid": statement.sid,
                "Effect": "Allow",
                "Action": statement.actions,
                "Resource": "*",
            })
        })
        .collect();
    json!({"Version": "2012-10-17", "Statement": statements})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_names_each_action_and_no_wildcard() {
        let kinds = ResourceKind::ALL.iter().copied().collect();
        let statements = statements(&kinds, true, Organization::Listed);
        let sids: BTreeSet<&str> = statements.iter().map(|one| one.sid.as_str()).collect();
        assert_eq!(sids.len(), statements.len(), "each statement has a name of its own");
        for action in statements.iter().flat_map(|one| &one.actions) {
            let (_, verb) = action.split_once(':').expect("service:Operation");
            assert!(
                ["Describe", "List", "Get"].iter().any(|read| verb.starts_with(read)),
                "{action}"
            );
            assert!(!action.contains('*'), "{action}");
        }
    }

    #[test]
    fn what_no_check_reads_is_not_allowed() {
        let volumes = BTreeSet::from([ResourceKind::Volume]);
        let statements = statements(&volumes, false, Organization::Member);
        let actions: Vec<&str> = statements.iter().flat_map(|one| one.actions.clone()).collect();
        assert_eq!(actions, ["ec2:DescribeRegions", "ec2:DescribeVolumes"]);
    }
}
