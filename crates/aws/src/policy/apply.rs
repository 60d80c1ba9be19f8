//! The roles that change something, as policies: what each action declares, and what is denied
//! whatever else allows it.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use trimtab_model::environment::Environment;

use crate::actions::{ALL, Condition, Grant, Handler, Tier, Values};
use crate::partition::Partition;
use crate::region::DESCRIBE_REGIONS;
use crate::{gate, marks};

/// The instance types that a machine may be given where the owner names none: of the current
/// generations for general use, computing and memory.
pub const DEFAULT_TYPES: &[&str] = &[
    "t3.*", "t3a.*", "t4g.*", "m6i.*", "m6a.*", "m6g.*", "m7i.*", "m7a.*", "m7g.*", "c6i.*",
    "c6a.*", "c6g.*", "c7i.*", "c7a.*", "c7g.*", "r6i.*", "r6a.*", "r6g.*", "r7i.*", "r7a.*",
    "r7g.*",
];

/// Actions whose calls could do much more than trimtab asks of them, and that no key of IAM
/// narrows down: they are granted where they are named, and not along with the rest.
const NAMED_ONLY: &[&str] = &["refresh-instances", "switch-database"];

/// What no role of trimtab's does, or only the one that destroys.
const NEVER: &[&str] = &[
    "ec2:TerminateInstances",
    "ec2:DeleteVolume",
    "ec2:DeleteSnapshot",
    "ec2:ReleaseAddress",
    "ec2:DeregisterImage",
    "ec2:DeleteTags",
    "ec2:ModifySnapshotAttribute",
    "ec2:ModifyImageAttribute",
    "ec2:RunInstances",
    "ec2:AssociateIamInstanceProfile",
    "ec2:ReplaceIamInstanceProfileAssociation",
    "organizations:*",
    "sts:AssumeRole",
    "kms:Decrypt",
    "kms:ScheduleKeyDeletion",
    "kms:DisableKey",
    "rds:DeleteDBInstance",
    "rds:DeleteDBCluster",
    "rds:DeleteDBSnapshot",
    "s3:DeleteObject",
    "s3:DeleteBucket",
    "lambda:DeleteFunction",
    "logs:DeleteLogGroup",
    "autoscaling:DeleteAutoScalingGroup",
];

/// A role that changes something.
#[derive(Debug, Clone)]
pub struct ChangingRole {
    /// What it may do at most.
    pub tier: Tier,
    /// The environment that it is for.
    pub environment: Environment,
    /// The account whose resources it changes; any that it is in where none is named.
    pub account: Option<String>,
    /// The instance types that a machine may be given, with `*` for any ending.
    pub types: Vec<String>,
    /// The actions; those of its tier where none is named, but for those that must be.
    pub actions: Vec<&'static Handler>,
    /// The name of the role that schedules act as.
    pub scheduler: String,
}

/// The name of the role that schedules act as, unless the owner gives another.
pub const SCHEDULER_ROLE_NAME: &str = "trimtab-scheduler";

impl ChangingRole {
    /// Returns its policy.
    pub fn policy(&self) -> Value {
        let handlers = self.handlers();
        let grants = grants(&handlers);
        let granted: BTreeSet<&str> =
            grants.iter().flat_map(|grant| grant.actions).copied().collect();
        let reads: BTreeSet<&str> = handlers
            .iter()
            .flat_map(|handler| handler.reads.iter().chain(handler.inspects))
            // The gates of every change are read by whoever makes it, and what is left of it is
            // found by whoever left it.
            .chain(gate::READS)
            .chain(marks::READS)
            .chain(&[DESCRIBE_REGIONS])
            .copied()
            // What is read of some resources only has a statement of its own.
            .filter(|action| !granted.contains(action))
            .collect();
        let mut statements = vec![json!({
            "Sid": "LookBeforeAndAfter",
            "Effect": "Allow",
            "Action": reads,
            "Resource": "*",
        })];
        statements.extend(grants.iter().map(|grant| self.statement(grant)));
        statements.push(deny(
            "OnlyInItsEnvironment",
            json!("*"),
            json!({"StringNotEquals": {
                "aws:PrincipalTag/trimtab-env": self.environment.as_str(),
            }}),
        ));
        statements.extend(denials(&granted, &self.scheduler));
        document(&statements)
    }

    fn handlers(&self) -> Vec<&'static Handler> {
        let all = ALL.iter().copied().filter(|handler| handler.tier == self.tier);
        if self.actions.is_empty() {
            return all.filter(|handler| !NAMED_ONLY.contains(&handler.name)).collect();
        }
        let is_named = |handler: &&Handler| self.actions.iter().any(|one| one.name == handler.name);
        all.filter(is_named).collect()
    }

    fn statement(&self, grant: &Grant) -> Value {
        let account = self.account.as_deref().unwrap_or("*");
        let on: Vec<String> = grant
            .on
            .iter()
            .map(|arn| {
                arn.replace("{partition}", Partition::Aws.as_str())
                    .replace("{account}", account)
                    .replace("{scheduler}", &self.scheduler)
            })
            .collect();
        let mut statement = json!({
            "Sid": grant.sid,
            "Effect": "Allow",
            "Action": grant.actions,
            "Resource": on,
        });
        if let (false, Some(fields)) = (grant.when.is_empty(), statement.as_object_mut()) {
            fields.insert("Condition".to_owned(), self.conditions(grant.when));
        }
        statement
    }

    fn conditions(&self, when: &[Condition]) -> Value {
        let mut operators = Map::new();
        for condition in when {
            let values = match condition.values {
                Values::One(value) => json!(value),
                Values::AnyOf(values) => json!(values),
                Values::Types => json!(self.types),
            };
            let keys = operators.entry(condition.operator).or_insert_with(|| json!({}));
            if let Some(keys) = keys.as_object_mut() {
                keys.insert(condition.key.to_owned(), values);
            }
        }
        Value::Object(operators)
    }
}

/// Returns the policy that bounds every role of trimtab's that changes something: what it allows
/// beyond this is not allowed, whoever edits it.
pub fn boundary() -> Value {
    let grants = grants(ALL);
    let granted: BTreeSet<&str> = grants.iter().flat_map(|grant| grant.actions).copied().collect();
    let reads = ALL
        .iter()
        .flat_map(|handler| handler.reads.iter().chain(handler.inspects))
        .chain(gate::READS)
        .chain(marks::READS)
        .chain(&[DESCRIBE_REGIONS])
        .copied();
    let all: BTreeSet<&str> = reads.chain(granted.iter().copied()).collect();
    let mut statements = vec![json!({
        "Sid": "AtMostThis",
        "Effect": "Allow",
        "Action": all,
        "Resource": "*",
    })];
    statements.extend(denials(&granted, SCHEDULER_ROLE_NAME));
    // Whoever may write these tags opts resources in by himself.
    statements.push(json!({
        "Sid": "NeverOptIn",
        "Effect": "Deny",
        "Action": ["ec2:CreateTags", "ec2:DeleteTags", "rds:AddTagsToResource"],
        "Resource": "*",
        "Condition": {
            "ForAnyValue:StringEquals": {"aws:TagKeys": ["trimtab:apply", "trimtab:env"]},
        },
    }));
    document(&statements)
}

/// Returns what the actions need, each statement once, in order.
fn grants(handlers: &[&'static Handler]) -> Vec<&'static Grant> {
    let mut grants: Vec<&'static Grant> = Vec::new();
    for grant in handlers.iter().flat_map(|handler| handler.grants) {
        if !grants.iter().any(|known| known.sid == grant.sid) {
            grants.push(grant);
        }
    }
    grants
}

/// Returns what is denied to a role that is granted some actions.
fn denials(granted: &BTreeSet<&str>, scheduler: &str) -> Vec<Value> {
    let never: Vec<&str> =
        NEVER.iter().copied().filter(|action| !granted.contains(action)).collect();
    let mut all = vec![deny("NeverThis", json!(never), Value::Null)];
    if granted.contains("iam:PassRole") {
        // Of IAM, one role may be handed on, and nothing else be done to it either.
        let role = format!("arn:*:iam::*:role/{scheduler}");
        all.push(json!({
            "Sid": "NeverIam", "Effect": "Deny", "Action": ["iam:*"], "NotResource": role,
        }));
        all.push(json!({
            "Sid": "OnlyPassThatRole",
            "Effect": "Deny",
            "NotAction": ["iam:PassRole"],
            "Resource": role,
        }));
    } else {
        all.push(deny("NeverIam", json!(["iam:*"]), Value::Null));
    }
    if granted.contains("ec2:ModifyInstanceAttribute") {
        // Another attribute is the user data, which runs as root at the next start.
        all.push(deny(
            "NoOtherAttributeOfInstances",
            json!("ec2:ModifyInstanceAttribute"),
            json!({"StringNotEquals": {"ec2:Attribute": "InstanceType"}}),
        ));
    }
    if granted.contains("ec2:RunInstances") {
        // AWS asks for it when a group gets a template; nothing is launched by itself.
        all.push(deny(
            "NoLaunchWithoutATemplate",
            json!("ec2:RunInstances"),
            json!({"ArnNotLike": {"ec2:LaunchTemplate": "arn:*:ec2:*:*:launch-template/*"}}),
        ));
    }
    if granted.contains("rds:ModifyDBInstance") {
        all.push(deny(
            "NoPasswordsOfDatabases",
            json!("rds:ModifyDBInstance"),
            json!({"Bool": {"rds:ManageMasterUserPassword": "true"}}),
        ));
    }
    all
}

fn deny(sid: &str, actions: Value, when: Value) -> Value {
    let mut statement = json!({"Sid": sid, "Effect": "Deny", "Action": actions, "Resource": "*"});
    if let (false, Some(fields)) = (when.is_null(), statement.as_object_mut()) {
        fields.insert("Condition".to_owned(), when);
    }
    statement
}

fn document(statements: &[Value]) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What an inline policy of a role, and a policy of its own, may hold without white space
    /// (IAM user guide, quotas).
    const INLINE: usize = 10_240;
    const MANAGED: usize = 6_144;

    fn role(tier: Tier, actions: &[&str]) -> ChangingRole {
        ChangingRole {
            tier,
            environment: Environment::Staging,
            account: Some("111122223333".to_owned()),
            types: vec!["m7i.*".to_owned()],
            actions: actions.iter().map(|name| Handler::named(name).expect("a name")).collect(),
            scheduler: SCHEDULER_ROLE_NAME.to_owned(),
        }
    }

    fn statements(policy: &Value) -> Vec<Value> {
        policy.get("Statement").and_then(Value::as_array).cloned().expect("statements")
    }

    fn with_sid(policy: &Value, sid: &str) -> Option<Value> {
        statements(policy).into_iter().find(|one| one.get("Sid") == Some(&json!(sid)))
    }

    #[test]
    fn a_type_is_changed_only_where_its_owner_allows_it() {
        let policy = role(Tier::Apply, &["modify-instance-type"]).policy();
        assert_eq!(
            with_sid(&policy, "ChangeTypeOnly"),
            Some(json!({
                "Sid": "ChangeTypeOnly",
                "Effect": "Allow",
                "Action": ["ec2:ModifyInstanceAttribute"],
                "Resource": ["arn:aws:ec2:*:111122223333:instance/*"],
                "Condition": {
                    "StringEquals": {
                        "aws:ResourceTag/trimtab:apply": "allowed",
                        "aws:ResourceTag/trimtab:env": "${aws:PrincipalTag/trimtab-env}",
                        "ec2:Attribute": "InstanceType",
                    },
                    "Null": {"ec2:ManagedResourceOperator": "true"},
                    "StringLike": {"ec2:Attribute/InstanceType": ["m7i.*"]},
                },
            }))
        );
        assert!(with_sid(&policy, "NoOtherAttributeOfInstances").is_some());
        assert!(with_sid(&policy, "ModifyOptedInVolumes").is_none());
        let pinned = with_sid(&policy, "OnlyInItsEnvironment").expect("a denial");
        assert!(pinned.to_string().contains(r#""aws:PrincipalTag/trimtab-env":"staging""#));
    }

    #[test]
    fn g11_what_could_do_more_is_granted_only_where_it_is_named() {
        let all = role(Tier::Apply, &[]).policy();
        for sid in ["LaunchFromTemplatesOnly", "CopyAndSwitchOptedInDatabases"] {
            assert_eq!(with_sid(&all, sid), None);
        }
        assert!(all.to_string().contains("ec2:RunInstances"), "it is denied");
        let groups = role(Tier::Apply, &["refresh-instances"]).policy();
        assert!(with_sid(&groups, "LaunchFromTemplatesOnly").is_some());
        assert!(with_sid(&groups, "NoLaunchWithoutATemplate").is_some());
        assert!(with_sid(&boundary(), "NoLaunchWithoutATemplate").is_some());
        let databases = role(Tier::Apply, &["switch-database"]).policy();
        assert!(with_sid(&databases, "CopyAndSwitchOptedInDatabases").is_some());
        let never = with_sid(&databases, "NeverThis").expect("a denial").to_string();
        assert!(never.contains("rds:DeleteDBInstance"), "{never}");
        for policy in [groups, databases] {
            assert!(policy.to_string().len() <= MANAGED);
        }
    }

    #[test]
    fn what_gates_read_is_allowed_to_every_role_that_changes_something() {
        for policy in [role(Tier::Apply, &["modify-volume"]).policy(), boundary()] {
            let text = policy.to_string();
            assert!(gate::READS.iter().all(|action| text.contains(action)), "{text}");
        }
    }

    #[test]
    fn what_is_left_is_found_by_every_role_that_could_have_left_it() {
        let roles = [
            role(Tier::Apply, &[]),
            role(Tier::Apply, &["modify-volume"]),
            role(Tier::Destroy, &[]),
        ];
        for policy in roles.iter().map(ChangingRole::policy).chain([boundary()]) {
            let text = policy.to_string();
            for action in marks::READS.iter().chain(&["ec2:DescribeRegions"]) {
                assert!(text.contains(&format!("\"{action}\"")), "{action}: {text}");
            }
        }
    }

    #[test]
    fn g11_nothing_is_denied_that_is_granted_and_nothing_else_destroys() {
        for tier in [Tier::Apply, Tier::Destroy] {
            let policy = role(tier, &[]).policy();
            let of = |effect: &str| -> BTreeSet<String> {
                statements(&policy)
                    .iter()
                    .filter(|one| one.get("Effect") == Some(&json!(effect)))
                    .filter(|one| one.get("Condition").is_none() || effect == "Allow")
                    .flat_map(|one| one.get("Action").and_then(Value::as_array).cloned())
                    .flatten()
                    .filter_map(|action| action.as_str().map(str::to_owned))
                    .collect()
            };
            let (allowed, denied) = (of("Allow"), of("Deny"));
            assert!(allowed.is_disjoint(&denied), "{tier:?}");
            assert!(allowed.iter().all(|action| !action.contains('*')), "{tier:?}");
            let destroys = allowed
                .iter()
                .any(|one| one.starts_with("ec2:Delete") || one.starts_with("ec2:Release"));
            assert_eq!(destroys, tier == Tier::Destroy);
            assert!(denied.contains("ec2:TerminateInstances") && denied.contains("iam:*"));
        }
    }

    #[test]
    fn the_policies_fit_where_iam_takes_them() {
        let mut apply = role(Tier::Apply, &[]);
        apply.types = DEFAULT_TYPES.iter().map(|one| (*one).to_owned()).collect();
        assert!(apply.policy().to_string().len() <= INLINE);
        assert!(role(Tier::Destroy, &[]).policy().to_string().len() <= INLINE);
        assert!(boundary().to_string().len() <= MANAGED);
    }

    #[test]
    fn statements_have_names_that_iam_takes_and_each_its_own() {
        for policy in
            [role(Tier::Apply, &[]).policy(), role(Tier::Destroy, &[]).policy(), boundary()]
        {
            let all = statements(&policy);
            let sids: BTreeSet<String> = all
                .iter()
                .filter_map(|one| one.get("Sid").and_then(Value::as_str).map(str::to_owned))
                .collect();
            assert_eq!(sids.len(), all.len());
            let is_plain = |sid: &String| sid.chars().all(|one| one.is_ascii_alphanumeric());
            assert!(sids.iter().all(is_plain), "{sids:?}");
        }
    }
}
