//! One statement per thing that is read, with exactly the actions that reading it calls.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use trimtab_model::opinion::OpinionSource;
use trimtab_model::resource::ResourceKind;

use crate::collector::Collector;
use crate::partition::Partition;
use crate::{account, bills, cost_explorer, inventory, marks, metrics, opinions, region};

/// The name of the role in every document.
pub const ROLE_NAME: &str = "trimtab-read";

/// What a scan may call whatever it reads: who we are, which regions and accounts there are,
/// and metrics. The first two need no statement in the role that is taken on. What AWS itself
/// recommends is asked by [`opinions::ACTIONS`].
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
    /// What they may be used on.
    pub scope: Scope,
}

/// What the actions of a statement may be used on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Everything: none of the actions can be limited to one resource.
    All,
    /// One bucket.
    Bucket(String),
    /// The objects of one bucket.
    Objects(String),
}

impl Scope {
    /// Returns the resource as a policy names it, in a partition.
    pub(super) fn resource(&self, partition: &str) -> String {
        match self {
            Self::All => "*".to_owned(),
            Self::Bucket(bucket) => format!("arn:{partition}:s3:::{bucket}"),
            Self::Objects(bucket) => format!("arn:{partition}:s3:::{bucket}/*"),
        }
    }
}

impl Statement {
    /// Makes a statement of actions that cannot be limited to one resource.
    fn of_all(sid: impl Into<String>, actions: impl Into<Vec<&'static str>>) -> Self {
        Self { sid: sid.into(), actions: actions.into(), scope: Scope::All }
    }
}

/// What the role reads besides inventory and metrics.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Extras {
    /// The bucket to which AWS delivers the bill.
    pub bill_bucket: Option<String>,
    /// Whether Cost Explorer may be asked, which costs money.
    pub cost_explorer: CostExplorer,
}

/// Whether a role may ask Cost Explorer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CostExplorer {
    /// It may.
    Asked,
    /// It may not.
    #[default]
    NotAsked,
}

impl Statement {
    /// Returns the one that finds the regions of an account.
    pub fn find_regions() -> Self {
        Self::of_all("FindRegions", [region::DESCRIBE_REGIONS])
    }

    /// Returns the one that finds the accounts of an organisation.
    pub fn find_accounts() -> Self {
        Self::of_all("FindAccounts", [account::LIST_ACCOUNTS])
    }

    /// Returns the one that lets a collector read.
    pub fn read(collector: &Collector) -> Self {
        Self::of_all(sid(collector.kind), collector.actions)
    }

    /// Returns the one that reads metrics.
    pub fn read_metrics() -> Self {
        Self::of_all("ReadMetrics", [metrics::GET_METRIC_DATA, metrics::LIST_METRICS])
    }

    /// Returns the one that finds what runs left in an account.
    pub fn find_marks() -> Self {
        Self::of_all("FindMarks", marks::READS)
    }

    /// Returns the one that asks for what AWS recommends. Compute Optimizer looks at resources in
    /// our name.
    pub fn ask(source: OpinionSource) -> Self {
        let own = opinions::ACTIONS.iter().filter(|(of, _)| *of == source);
        let own = own.flat_map(|(_, actions)| *actions).copied();
        match source {
            OpinionSource::ComputeOptimizer => {
                let dependent = opinions::DEPENDENT_ACTIONS.iter().copied();
                Self::of_all("ReadComputeOptimizer", own.chain(dependent).collect::<Vec<_>>())
            }
            OpinionSource::CostOptimizationHub => {
                Self::of_all("ReadCostOptimizationHub", own.collect::<Vec<_>>())
            }
        }
    }

    /// Returns the same with only those actions that `keep` keeps.
    pub fn only(mut self, keep: impl Fn(&str) -> bool) -> Self {
        self.actions.retain(|action| keep(action));
        self
    }

    /// Returns it as it stands in a policy of AWS's commercial regions.
    pub fn document(&self) -> Value {
        json!({
            "Sid": self.sid,
            "Effect": "Allow",
            "Action": self.actions,
            "Resource": self.scope.resource(Partition::Aws.as_str()),
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

/// Returns what the role must be allowed to read `kinds` and what AWS recommends about them,
/// metrics if `with_metrics`, what runs left, and what `extras` says.
pub fn statements(
    kinds: &BTreeSet<ResourceKind>,
    with_metrics: bool,
    organization: Organization,
    extras: &Extras,
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
    let sources = opinions::ACTIONS.iter().map(|(source, _)| *source);
    statements.extend(sources.map(Statement::ask));
    statements.push(Statement::find_marks());
    statements.extend(bill_statements(extras));
    statements
}

/// Returns what the bill needs. Objects are read in one bucket and nowhere else.
fn bill_statements(extras: &Extras) -> Vec<Statement> {
    let asked = extras.cost_explorer == CostExplorer::Asked;
    let mut statements = Vec::new();
    if extras.bill_bucket.is_some() || asked {
        let actions = [bills::LIST_EXPORTS, bills::GET_EXPORT, bills::DESCRIBE_REPORTS];
        statements.push(Statement::of_all("FindBills", actions));
    }
    if let Some(bucket) = &extras.bill_bucket {
        statements.push(Statement {
            sid: "ListBills".to_owned(),
            actions: bills::BUCKET_ACTIONS.to_vec(),
            scope: Scope::Bucket(bucket.clone()),
        });
        statements.push(Statement {
            sid: "ReadBills".to_owned(),
            actions: vec![bills::GET_OBJECT],
            scope: Scope::Objects(bucket.clone()),
        });
    }
    if asked {
        statements.push(Statement::of_all("AskCostExplorer", [cost_explorer::GET_COST_AND_USAGE]));
    }
    statements
}

fn sid(kind: ResourceKind) -> String {
    let name: String = kind.as_str().split("::").skip(1).collect::<String>();
    format!("Read{}", name.chars().filter(char::is_ascii_alphanumeric).collect::<String>())
}

/// Returns the statements as an IAM policy document.
///
/// The resource is `*` where an action cannot be limited to one. Others are those of AWS's
/// commercial regions: a document without variables cannot ask where it is deployed.
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
        let statements = statements(&kinds, true, Organization::Listed, &everything());
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

    fn everything() -> Extras {
        Extras { bill_bucket: Some("bills".to_owned()), cost_explorer: CostExplorer::Asked }
    }

    #[test]
    fn what_no_check_reads_is_not_allowed() {
        let volumes = BTreeSet::from([ResourceKind::Volume]);
        let statements = statements(&volumes, false, Organization::Member, &Extras::default());
        let sids: Vec<&str> = statements.iter().map(|one| one.sid.as_str()).collect();
        assert_eq!(
            sids,
            [
                "FindRegions",
                "ReadEC2Volume",
                "ReadComputeOptimizer",
                "ReadCostOptimizationHub",
                "FindMarks",
            ]
        );
        let actions: Vec<&str> =
            statements.iter().take(2).flat_map(|one| one.actions.clone()).collect();
        assert_eq!(actions, ["ec2:DescribeRegions", "ec2:DescribeVolumes"]);
    }

    #[test]
    fn objects_are_read_in_the_bucket_of_the_bill_only() {
        let statements = statements(&BTreeSet::new(), false, Organization::Member, &everything());
        for statement in statements {
            let reads = statement.actions.contains(&bills::GET_OBJECT);
            let resource = statement.scope.resource("aws");
            assert_eq!(reads, resource == "arn:aws:s3:::bills/*", "{statement:?}");
        }
    }
}
