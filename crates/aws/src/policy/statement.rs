//! One statement per thing that is read, with exactly the actions that reading it calls.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use trimtab_model::resource::ResourceKind;

use crate::collector::Collector;
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

impl Statement {
    /// Returns the one that finds the regions of an account.
    pub fn find_regions() -> Self {
        Self { sid: "FindRegions".to_owned(), actions: vec![region::DESCRIBE_REGIONS] }
    }

    /// Returns the one that finds the accounts of an organisation.
    pub fn find_accounts() -> Self {
        Self { sid: "FindAccounts".to_owned(), actions: vec![account::LIST_ACCOUNTS] }
    }

    /// Returns the one that lets a collector read.
    pub fn read(collector: &Collector) -> Self {
        Self { sid: sid(collector.kind), actions: collector.actions.to_vec() }
    }

    /// Returns the one that reads metrics.
    pub fn read_metrics() -> Self {
        let actions = vec![metrics::GET_METRIC_DATA, metrics::LIST_METRICS];
        Self { sid: "ReadMetrics".to_owned(), actions }
    }

    /// Returns the same with only those actions that `keep` keeps.
    pub fn only(mut self, keep: impl Fn(&str) -> bool) -> Self {
        self.actions.retain(|action| keep(action));
        self
    }

    /// Returns it as it stands in a policy.
    ///
    /// The resource is `*` because none of these actions can be limited to one.
    pub fn document(&self) -> Value {
        json!({
            "Sid": self.sid,
            "Effect": "Allow",
            "Action": self.actions,
            "Resource": "*",
        })
    }
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
    let mut statements = vec![Statement::find_regions()];
    if organization == Organization::Listed {
        statements.push(Statement::find_accounts());
    }
    let read = inventory::ALL.iter().filter(|collector| kinds.contains(&collector.kind));
    statements.extend(read.map(|collector| Statement::read(collector)));
    if with_metrics {
        statements.push(Statement::read_metrics());
    }
    statements
}

fn sid(kind: ResourceKind) -> String {
    let name: String = kind.as_str().split("::").skip(1).collect::<String>();
    format!("Read{}", name.chars().filter(char::is_ascii_alphanumeric).collect::<String>())
}

/// Returns the statements as an IAM policy document.
pub fn policy(statements: &[Statement]) -> Value {
    let statements: Vec<Value> = statements.iter().map(Statement::document).collect();
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
