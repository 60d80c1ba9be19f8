//! The roles that change something, as policies: what each action declares, and what is denied
//! whatever else allows it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use trimtab_model::environment::Environment;

use super::condition;
use crate::actions::{ALL, Condition, Grant, Handler, Tier, Values};
use crate::partition::Partition;
use crate::region::DESCRIBE_REGIONS;
use crate::{calendar, gate, marks};

/// The instance types that a machine may be given where the owner names none: of the current
/// generations for general use, computing and memory.
pub const DEFAULT_TYPES: &[&str] = &[
    "t3.*", "t3a.*", "t4g.*", "m6i.*", "m6a.*", "m6g.*", "m7i.*", "m7a.*", "m7g.*", "c6i.*",
    "c6a.*", "c6g.*", "c7i.*", "c7a.*", "c7g.*", "r6i.*", "r6a.*", "r6g.*", "r7i.*", "r7a.*",
    "r7g.*",
];

/// Actions whose calls could do much more than trimtab asks of them, and that no key of IAM
/// narrows down: they are granted where they are named, and not along with the rest.
const NAMED_ONLY: &[&str] =
    &["refresh-instances", "switch-database", "update-function-architecture"];

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
    /// The names of the roles that schedules act as: that of its account, or those of all.
    pub schedulers: Vec<String>,
}

/// The name of the role that schedules act as, unless the owner gives another.
pub const SCHEDULER_ROLE_NAME: &str = "trimtab-scheduler";
/// What stands for such a name in the ARN of a grant.
const SCHEDULER: &str = "{scheduler}";

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
            .chain(calendar::READS)
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
        if granted.contains("ec2:RunInstances") {
            // The tags that a template puts on what it launches are whatever stands in it.
            statements.push(never_opt_in());
        }
        statements.extend(denials(&granted, &self.schedulers));
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
                arn.replace("{partition}", Partition::Aws.as_str()).replace("{account}", account)
            })
            .flat_map(|arn| self.of_schedulers(arn))
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

    /// Returns an ARN, once for each role of a scheduler where it is that of one.
    fn of_schedulers(&self, arn: String) -> Vec<String> {
        if !arn.contains(SCHEDULER) {
            return vec![arn];
        }
        self.schedulers.iter().map(|name| arn.replace(SCHEDULER, name)).collect()
    }

    fn conditions(&self, when: &[Condition]) -> Value {
        condition::block(when, |condition| match condition.values {
            Values::One(value) => json!(value),
            Values::AnyOf(values) => json!(values),
            Values::Types => json!(self.types),
        })
    }
}

/// Returns the policy that bounds every role of trimtab's that changes something: what it allows
/// beyond this is not allowed, whoever edits it. Of the roles of an account, those of these names
/// may be handed on to schedules.
pub fn boundary(schedulers: &[String]) -> Value {
    let grants = grants(ALL);
    let granted: BTreeSet<&str> = grants.iter().flat_map(|grant| grant.actions).copied().collect();
    let reads = ALL
        .iter()
        .flat_map(|handler| handler.reads.iter().chain(handler.inspects))
        .chain(gate::READS)
        .chain(calendar::READS)
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
    statements.extend(denials(&granted, schedulers));
    statements.push(never_opt_in());
    document(&statements)
}

/// Denies the tags by which resources are opted in: whoever may write them does so by himself.
fn never_opt_in() -> Value {
    json!({
        "Sid": "NeverOptIn",
        "Effect": "Deny",
        "Action": ["ec2:CreateTags", "ec2:DeleteTags", "rds:AddTagsToResource"],
        "Resource": "*",
        "Condition": {
            "ForAnyValue:StringEquals": {"aws:TagKeys": ["trimtab:apply", "trimtab:env"]},
        },
    })
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
fn denials(granted: &BTreeSet<&str>, schedulers: &[String]) -> Vec<Value> {
    let never: Vec<&str> =
        NEVER.iter().copied().filter(|action| !granted.contains(action)).collect();
    let mut all = vec![deny("NeverThis", json!(never), Value::Null)];
    if granted.contains("iam:PassRole") {
        // Of IAM, these roles may be handed on, and nothing else be done to them either.
        let roles: Vec<String> =
            schedulers.iter().map(|name| format!("arn:*:iam::*:role/{name}")).collect();
        all.push(json!({
            "Sid": "NeverIam", "Effect": "Deny", "Action": ["iam:*"], "NotResource": roles,
        }));
        all.push(json!({
            "Sid": "OnlyPassThatRole",
            "Effect": "Deny",
            "NotAction": ["iam:PassRole"],
            "Resource": roles,
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
        all.extend(foreign_templates());
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

/// Denies launches from templates that nobody opted in, and from those of another environment: two
/// statements, as the keys of one must all differ.
fn foreign_templates() -> [Value; 2] {
    let unless = |sid: &str, key: &str, value: &str| {
        json!({
            "Sid": sid,
            "Effect": "Deny",
            "Action": "ec2:RunInstances",
            "Resource": "arn:*:ec2:*:*:launch-template/*",
            "Condition": {"StringNotEquals": {key: value}},
        })
    };
    [
        unless("OnlyOptedInTemplates", "aws:ResourceTag/trimtab:apply", "allowed"),
        unless(
            "OnlyTemplatesOfItsEnvironment",
            "aws:ResourceTag/trimtab:env",
            "${aws:PrincipalTag/trimtab-env}",
        ),
    ]
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

    fn schedulers(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn bounds() -> Value {
        boundary(&schedulers(&[SCHEDULER_ROLE_NAME]))
    }

    fn role(tier: Tier, actions: &[&str]) -> ChangingRole {
        ChangingRole {
            tier,
            environment: Environment::Staging,
            account: Some("111122223333".to_owned()),
            types: vec!["m7i.*".to_owned()],
            actions: actions.iter().map(|name| Handler::named(name).expect("a name")).collect(),
            schedulers: schedulers(&[SCHEDULER_ROLE_NAME]),
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
        for sid in [
            "LaunchFromTemplatesOnly",
            "CopyAndSwitchOptedInDatabases",
            "GiveOptedInFunctionsTheirPackage",
        ] {
            assert_eq!(with_sid(&all, sid), None);
        }
        assert!(all.to_string().contains("ec2:RunInstances"), "it is denied");
        let groups = role(Tier::Apply, &["refresh-instances"]).policy();
        assert!(with_sid(&groups, "LaunchFromTemplatesOnly").is_some());
        assert!(with_sid(&groups, "NoLaunchWithoutATemplate").is_some());
        assert!(with_sid(&bounds(), "NoLaunchWithoutATemplate").is_some());
        let databases = role(Tier::Apply, &["switch-database"]).policy();
        assert!(with_sid(&databases, "CopyAndSwitchOptedInDatabases").is_some());
        let never = with_sid(&databases, "NeverThis").expect("a denial").to_string();
        assert!(never.contains("rds:DeleteDBInstance"), "{never}");
        let functions = role(Tier::Apply, &["update-function-architecture"]).policy();
        let given = with_sid(&functions, "GiveOptedInFunctionsTheirPackage").expect("a grant");
        let actions = json!(["lambda:GetFunction", "lambda:UpdateFunctionCode"]);
        assert_eq!(given.get("Action"), Some(&actions));
        for policy in [groups, databases, functions] {
            assert!(policy.to_string().len() <= MANAGED);
        }
    }

    #[test]
    fn g11_instances_are_launched_only_from_templates_that_are_opted_in_and_of_the_environment() {
        for policy in [role(Tier::Apply, &["refresh-instances"]).policy(), bounds()] {
            for (sid, key, value) in [
                ("OnlyOptedInTemplates", "trimtab:apply", "allowed"),
                ("OnlyTemplatesOfItsEnvironment", "trimtab:env", "${aws:PrincipalTag/trimtab-env}"),
            ] {
                let key = format!("aws:ResourceTag/{key}");
                let wanted = json!({
                    "Sid": sid,
                    "Effect": "Deny",
                    "Action": "ec2:RunInstances",
                    "Resource": "arn:*:ec2:*:*:launch-template/*",
                    "Condition": {"StringNotEquals": {key: value}},
                });
                assert_eq!(with_sid(&policy, sid), Some(wanted));
            }
            // Nor does what it launches opt itself in.
            assert!(with_sid(&policy, "NeverOptIn").is_some());
        }
        assert_eq!(with_sid(&role(Tier::Apply, &["modify-volume"]).policy(), "NeverOptIn"), None);
    }

    #[test]
    fn only_the_roles_of_schedules_are_handed_on_each_by_its_name() {
        let names = ["nights", "teams/weekends"];
        let mut schedules = role(Tier::Apply, &["apply-schedule"]);
        schedules.schedulers = schedulers(&names);
        let passed = with_sid(&schedules.policy(), "PassTheSchedulersRole").expect("a grant");
        let role_of = |name: &str| format!("arn:aws:iam::111122223333:role/{name}");
        assert_eq!(passed.get("Resource"), Some(&json!(names.map(role_of))));
        let roles = json!(names.map(|name| format!("arn:*:iam::*:role/{name}")));
        for policy in [schedules.policy(), boundary(&schedulers(&names))] {
            let never = with_sid(&policy, "NeverIam").expect("a denial");
            assert_eq!(never.get("NotResource"), Some(&roles));
            let only = with_sid(&policy, "OnlyPassThatRole").expect("a denial");
            assert_eq!(only.get("Resource"), Some(&roles));
        }
    }

    #[test]
    fn what_gates_read_is_allowed_to_every_role_that_changes_something() {
        for policy in [role(Tier::Apply, &["modify-volume"]).policy(), bounds()] {
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
        for policy in roles.iter().map(ChangingRole::policy).chain([boundary(&[])]) {
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
        assert!(bounds().to_string().len() <= MANAGED);
    }

    #[test]
    fn statements_have_names_that_iam_takes_and_each_its_own() {
        for policy in [role(Tier::Apply, &[]).policy(), role(Tier::Destroy, &[]).policy(), bounds()]
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
