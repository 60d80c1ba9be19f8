//! What one session may do: the policy that a role is taken on with, which allows nothing that
//! the role itself does not.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use trimtab_model::action::Action;
use trimtab_model::call::Call;
use trimtab_model::plan::Change;

use super::condition;
use crate::actions::{CREATE_ACTION, Grant, Handler, LAUNCH_TEMPLATE, Values};
use crate::partition::Partition;
use crate::region::DESCRIBE_REGIONS;
use crate::{calendar, gate, marks};

/// The most characters of a session's policy (API reference of STS, `AssumeRole`).
const LONGEST: usize = 2_048;

/// How many of the parts of a resource are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Parts {
    /// Each.
    Named,
    /// None: too many for one policy, and so any.
    Any,
}

/// Returns the policy of a session that makes one call of a change: its action and what AWS checks
/// together with it, on the resources that it names. The conditions of the role hold besides.
pub(crate) fn of_call(change: &Change, call: &Call) -> Value {
    Handler::of(&change.action).map_or_else(nothing, |handler| of_handler(handler, change, call))
}

/// Returns the policy of a session that only looks, at what some actions look at.
pub(crate) fn of_reading(handlers: &[&'static Handler]) -> Value {
    let reads = handlers.iter().flat_map(|handler| handler.reads.iter().chain(handler.inspects));
    let grants = handlers.iter().flat_map(|handler| handler.grants);
    by_verbs(
        reads
            .chain(grants.flat_map(|grant| grant.actions))
            .chain(gate::READS)
            .chain(calendar::READS),
    )
}

/// Returns the policy of a session that only looks for what carries our mark.
pub(crate) fn of_marks() -> Value {
    by_verbs(marks::READS.iter().chain(&[DESCRIBE_REGIONS]))
}

/// Allows the actions that read something by their verbs: the whole names would not fit. What the
/// role lacks of them stays denied.
fn by_verbs<'a>(actions: impl Iterator<Item = &'a &'static str>) -> Value {
    let verbs = ["Describe", "Get", "List"];
    let actions: BTreeSet<String> = actions
        .filter_map(|action| {
            let (service, operation) = action.split_once(':')?;
            let verb = verbs.into_iter().find(|verb| operation.starts_with(verb))?;
            Some(format!("{service}:{verb}*"))
        })
        .collect();
    document(vec![json!({"Effect": "Allow", "Action": actions, "Resource": "*"})])
}

fn document(statements: Vec<Value>) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

fn of_handler(handler: &Handler, change: &Change, call: &Call) -> Value {
    let whole = call_policy(handler, change, call, Parts::Named);
    if whole.to_string().len() <= LONGEST {
        return whole;
    }
    call_policy(handler, change, call, Parts::Any)
}

fn call_policy(handler: &Handler, change: &Change, call: &Call, parts: Parts) -> Value {
    let mut statements = Vec::new();
    for grant in handler.grants {
        let actions: Vec<&str> =
            grant.actions.iter().copied().filter(|action| is_of(action, call, grant)).collect();
        let on = resources(change, call, grant, parts);
        if actions.is_empty() || on.is_empty() {
            continue;
        }
        let mut statement = json!({"Effect": "Allow", "Action": actions, "Resource": on});
        if let (Some(when), Some(fields)) =
            (conditions(change, call, grant), statement.as_object_mut())
        {
            fields.insert("Condition".to_owned(), when);
        }
        statements.push(statement);
    }
    if statements.is_empty() { nothing() } else { document(statements) }
}

/// Returns what else must be allowed for a call: what AWS checks together with it, as if we asked
/// for it, which the service authorization reference lists as dependent actions and the user
/// guides name; and what is read for it.
fn companions(call: &Call) -> &'static [&'static str] {
    match call {
        Call::CreateSnapshots { .. }
        | Call::CreateSnapshot { .. }
        | Call::CreateCapacityReservation { .. }
        | Call::CreateDrillVolume { .. }
        | Call::RecoverAddress { .. } => &["ec2:CreateTags"],
        Call::StartInstance { .. } => &["kms:CreateGrant"],
        Call::CreateDbSnapshot { .. } => &["rds:AddTagsToResource"],
        Call::CreateBlueGreenDeployment { .. } => {
            &["rds:AddTagsToResource", "rds:CreateDBInstanceReadReplica"]
        }
        Call::SwitchoverBlueGreenDeployment { .. } => {
            &["rds:ModifyDBInstance", "rds:PromoteReadReplica"]
        }
        // The way back launches by a template too.
        Call::StartInstanceRefresh { .. } | Call::RollbackInstanceRefresh { .. } => {
            &["ec2:RunInstances", "ec2:CreateTags"]
        }
        Call::CreateSchedule { .. } => &["iam:PassRole"],
        // We ask for it ourselves: the package that is given again is downloaded right before.
        Call::UpdateFunctionArchitecture { .. } => &["lambda:GetFunction"],
        Call::CreateScheduleGroup { .. } => &["scheduler:TagResource"],
        _ => &[],
    }
}

/// Returns whether an action of a grant is the call's own, or what AWS does in our name for it.
fn is_of(action: &str, call: &Call, grant: &Grant) -> bool {
    let own = call.iam_action();
    let companions = companions(call);
    if action != own && !companions.contains(&action) {
        return false;
    }
    match action {
        // Tags are written on what is there, or while something is made: a grant says which.
        "ec2:CreateTags" => making(grant).map_or(own == action, |operations| {
            let made =
                |by: &&str| by.split_once(':').is_some_and(|(_, one)| operations.contains(&one));
            made(&own) || companions.iter().any(made)
        }),
        // Those of a snapshot are written on the snapshot, and not on its database.
        "rds:AddTagsToResource" if own == "rds:CreateDBSnapshot" => grant.actions.contains(&own),
        _ => true,
    }
}

/// Returns the operations that make what a grant lets be tagged meanwhile.
fn making(grant: &Grant) -> Option<Vec<&'static str>> {
    let made = grant.when.iter().find(|one| one.key == CREATE_ACTION)?;
    Some(match made.values {
        Values::One(value) => vec![value],
        Values::AnyOf(values) => values.to_vec(),
        Values::Types => Vec::new(),
    })
}

/// Returns the conditions of a grant where a call does not name all that it is about: they narrow
/// down what stays open, also for a role that has none.
fn conditions(change: &Change, call: &Call, grant: &Grant) -> Option<Value> {
    let is_open = matches!(
        call,
        Call::CreateDrillVolume { .. }
            | Call::CreateBlueGreenDeployment { .. }
            | Call::SwitchoverBlueGreenDeployment { .. }
            | Call::StartInstanceRefresh { .. }
            | Call::RollbackInstanceRefresh { .. }
    );
    let when = condition::block(grant.when, |one| match one.values {
        Values::One(_) if one.key == LAUNCH_TEMPLATE => json!(template(change, call)),
        Values::One(value) => json!(value),
        Values::AnyOf(values) => json!(values),
        // No such call gives a type.
        Values::Types => json!([]),
    });
    (is_open && !grant.when.is_empty()).then_some(when)
}

/// Returns the ARN of the template that a refresh launches by; of any where only its name is known.
fn template(change: &Change, call: &Call) -> String {
    let named = match (call, &change.action) {
        (Call::StartInstanceRefresh { launch_template, .. }, _) => launch_template.as_str(),
        (_, Action::RefreshInstances(plan)) => plan.launch_template.as_str(),
        _ => "*",
    };
    let id = if named.starts_with("lt-") { named } else { "*" };
    let resource = &change.resource;
    let partition = Partition::of_region(resource.region.as_str()).as_str();
    format!("arn:{partition}:ec2:{}:{}:launch-template/{id}", resource.region, resource.account)
}

/// Returns a policy that allows nothing: one must have a statement.
fn nothing() -> Value {
    document(vec![json!({"Effect": "Deny", "Action": "*", "Resource": "*"})])
}

/// Returns the ARNs of a grant, narrowed to the account, the region and the resources of a change.
fn resources(change: &Change, call: &Call, grant: &Grant, parts: Parts) -> Vec<String> {
    let resource = &change.resource;
    let partition = Partition::of_region(resource.region.as_str());
    grant
        .on
        .iter()
        .flat_map(|pattern| {
            let place = pattern
                .replace("{partition}", partition.as_str())
                .replace("{account}", resource.account.as_str())
                .replacen(":*:", &format!(":{}:", resource.region), 1);
            names(change, call, &place, parts)
        })
        .collect()
}

/// Returns the ARNs of what a call names, of the kind that an ARN with a wildcard is of.
fn names(change: &Change, call: &Call, place: &str, parts: Parts) -> Vec<String> {
    let id = change.resource.id.as_str();
    let named = |name: &str| vec![place.replacen('*', name, 1)];
    let with = |prefix: &str| if id.starts_with(prefix) { named(id) } else { Vec::new() };
    // The last part of the ARN, without what stands for any name.
    let kind = place.splitn(6, ':').nth(5).unwrap_or_default();
    match (kind, call) {
        ("instance/*", _) => with("i-"),
        ("volume/*", Call::CreateDrillVolume { .. }) => vec![place.to_owned()],
        // It is another volume than the one that the change is about.
        ("volume/*", Call::DeleteDrillVolume { volume }) => named(volume.as_str()),
        ("volume/*", _) if id.starts_with("vol-") => named(id),
        ("volume/*", _) => {
            let volumes = change.parts.iter().filter(|part| part.as_str().starts_with("vol-"));
            match parts {
                Parts::Named if !change.parts.is_empty() => {
                    volumes.map(|volume| place.replacen('*', volume.as_str(), 1)).collect()
                }
                Parts::Named | Parts::Any => vec![place.to_owned()],
            }
        }
        ("elastic-ip/*", Call::RecoverAddress { .. }) => vec![place.to_owned()],
        ("elastic-ip/*", _) => with("eipalloc-"),
        ("capacity-reservation/*", Call::CancelCapacityReservation { reservation }) => {
            named(reservation.as_str())
        }
        ("capacity-reservation/*", Call::CreateCapacityReservation { .. }) => {
            vec![place.to_owned()]
        }
        ("capacity-reservation/*", _) => Vec::new(),
        ("snapshot/*", Call::CreateSnapshot { .. } | Call::CreateSnapshots { .. }) => {
            vec![place.to_owned()]
        }
        ("snapshot/*", Call::CreateDrillVolume { snapshot, .. }) => named(snapshot.as_str()),
        ("snapshot/*", _) => Vec::new(),
        ("targetgroup/*/*", Call::DeregisterTarget(target) | Call::RegisterTarget(target)) => {
            vec![target.group.to_string()]
        }
        // The copy has a name that RDS gives it.
        (
            "db:*",
            Call::CreateBlueGreenDeployment { .. } | Call::SwitchoverBlueGreenDeployment { .. },
        ) => vec![place.to_owned()],
        ("deployment:*", Call::SwitchoverBlueGreenDeployment { deployment, .. }) => {
            named(deployment)
        }
        ("deployment:*", Call::CreateBlueGreenDeployment { .. }) => vec![place.to_owned()],
        ("deployment:*", _) => Vec::new(),
        ("role/{scheduler}", Call::CreateSchedule { role, .. }) if !role.is_empty() => {
            vec![role.clone()]
        }
        ("role/{scheduler}", _) => Vec::new(),
        ("db:*" | "function:*" | "log-group:*", _) if id.starts_with("arn:") => {
            vec![id.to_owned(), format!("{id}:*")]
        }
        ("db:*", _) => named(id),
        ("snapshot:*", Call::CreateDbSnapshot { snapshot, .. }) => named(snapshot),
        ("snapshot:*", _) => Vec::new(),
        ("launch-template/*", Call::CreateLaunchTemplateVersion { launch_template, .. })
            if launch_template.starts_with("lt-") =>
        {
            named(launch_template)
        }
        // A version, an alias or a stream of it has a name behind its own.
        ("function:*" | "log-group:*", _) => {
            vec![place.replacen('*', id, 1), place.replacen('*', &format!("{id}:*"), 1)]
        }
        ("autoScalingGroup:*:autoScalingGroupName/*", _) => {
            let group = place.strip_suffix('*').unwrap_or(place);
            vec![format!("{group}{id}")]
        }
        _ => vec![place.to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use trimtab_model::resource::ResourceKind;

    use super::*;
    use crate::actions::ALL;
    use crate::actions::tests::calls;
    use crate::wire::change;

    fn resizing() -> Change {
        let action =
            Action::ModifyInstanceType { from: "m6i.xlarge".into(), to: "m7i.large".into() };
        let mut change = change(ResourceKind::Instance, "i-0a1b", action);
        change.parts = ["vol-1", "vol-2"].map(Into::into).into();
        change
    }

    /// Returns each statement as its actions and its resources.
    fn of(change: &Change, call: &Call) -> Vec<(Vec<String>, Vec<String>)> {
        let policy = of_call(change, call);
        let texts = |one: &Value, key: &str| -> Vec<String> {
            let values = one.get(key).and_then(Value::as_array).expect("a list");
            values.iter().filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let all = policy.get("Statement").and_then(Value::as_array).expect("statements");
        all.iter().map(|one| (texts(one, "Action"), texts(one, "Resource"))).collect()
    }

    fn check(call: &Call, expected: &[(&[&str], &[&str])]) {
        let owned = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
        let expected: Vec<_> =
            expected.iter().map(|(actions, on)| (owned(actions), owned(on))).collect();
        assert_eq!(of(&resizing(), call), expected);
    }

    const MACHINE: &str = "arn:aws:ec2:ap-northeast-2:111122223333:instance/i-0a1b";

    #[test]
    fn a_call_is_allowed_on_what_it_names_and_nothing_else_is() {
        let instance = || "i-0a1b".into();
        check(
            &Call::StopInstance { instance: instance() },
            &[(&["ec2:StopInstances"], &[MACHINE])],
        );
        check(
            &Call::StartInstance { instance: instance() },
            &[
                (&["ec2:StartInstances"], &[MACHINE]),
                (&["kms:CreateGrant"], &["arn:aws:kms:ap-northeast-2:111122223333:key/*"]),
            ],
        );
        check(
            &Call::CreateSnapshots { instance: instance(), change: "C-1".into() },
            &[
                (&["ec2:CreateSnapshots"], &[MACHINE]),
                (
                    &["ec2:CreateSnapshots"],
                    &[
                        "arn:aws:ec2:ap-northeast-2:111122223333:volume/vol-1",
                        "arn:aws:ec2:ap-northeast-2:111122223333:volume/vol-2",
                    ],
                ),
                (&["ec2:CreateSnapshots"], &["arn:aws:ec2:ap-northeast-2::snapshot/*"]),
                (&["ec2:CreateTags"], &["arn:aws:ec2:ap-northeast-2::snapshot/*"]),
            ],
        );
        check(
            &Call::CancelCapacityReservation { reservation: "cr-1".into() },
            &[(
                &["ec2:CancelCapacityReservation"],
                &["arn:aws:ec2:ap-northeast-2:111122223333:capacity-reservation/cr-1"],
            )],
        );
    }

    #[test]
    fn what_an_action_does_not_do_is_allowed_to_nobody() {
        let delete = of_call(&resizing(), &Call::DeleteVolume { volume: "vol-1".into() });
        assert!(delete.to_string().contains("Deny"), "{delete}");
    }

    /// Asserts which actions a call of a handler is allowed on which resources, each behind the
    /// account and the region.
    fn together(handler: &str, call: &Call, expected: &[(&[&str], &[&str])]) {
        let mut change = resizing();
        change.resource.id = resource_of(handler, call).into();
        let handler = Handler::named(handler).expect("a handler");
        let policy = of_handler(handler, &change, call);
        let all = policy["Statement"].as_array().expect("statements");
        let found: Vec<(Value, Value)> =
            all.iter().map(|one| (one["Action"].clone(), one["Resource"].clone())).collect();
        let place = |arn: &&str| match arn.split_once("::") {
            _ if arn.starts_with("arn:") => (*arn).to_owned(),
            Some((service, rest)) => {
                format!("arn:aws:{service}:ap-northeast-2:111122223333:{rest}")
            }
            None => unreachable!("{arn}"),
        };
        let expected: Vec<(Value, Value)> = expected
            .iter()
            .map(|(actions, on)| (json!(actions), json!(on.iter().map(place).collect::<Vec<_>>())))
            .collect();
        assert_eq!(found, expected, "{call:?}");
    }

    fn call_of(is: impl Fn(&Call) -> bool) -> Call {
        calls().into_iter().find(|call| is(call)).expect("such a call")
    }

    #[test]
    fn a_drill_makes_and_deletes_a_volume_of_its_own() {
        let snapshot = "arn:aws:ec2:ap-northeast-2::snapshot/snap-0a1b";
        together(
            "delete-volume",
            &call_of(|call| matches!(call, Call::CreateDrillVolume { .. })),
            &[
                (&["ec2:CreateVolume"], &[snapshot]),
                (&["ec2:CreateVolume"], &["ec2::volume/*"]),
                (&["ec2:CreateTags"], &["ec2::volume/*"]),
            ],
        );
        let drill = call_of(|call| matches!(call, Call::DeleteDrillVolume { .. }));
        // Of the volume that the change is about, it may delete nothing.
        let own: (&[&str], &[&str]) = (&["ec2:DeleteVolume"], &["ec2::volume/vol-0a1b2c3d"]);
        together("delete-volume", &drill, &[own, own]);
        assert_eq!(resource_of("delete-volume", &drill), "vol-0f0f");
    }

    #[test]
    fn a_schedule_is_given_its_role_and_a_group_of_them_its_tag() {
        let schedules: &[&str] =
            &["scheduler::schedule-group/trimtab", "scheduler::schedule/trimtab/*"];
        together(
            "apply-schedule",
            &call_of(|call| matches!(call, Call::CreateSchedule { .. })),
            &[
                (&["scheduler:CreateSchedule"], schedules),
                (&["iam:PassRole"], &["arn:aws:iam::111122223333:role/trimtab-scheduler"]),
            ],
        );
        together(
            "apply-schedule",
            &call_of(|call| matches!(call, Call::CreateScheduleGroup { .. })),
            &[
                (&["scheduler:CreateScheduleGroup"], schedules),
                (&["scheduler:TagResource"], &["scheduler::schedule-group/trimtab"]),
            ],
        );
    }

    #[test]
    fn a_package_is_read_and_given_to_the_function_alone() {
        let function: &[&str] = &["lambda::function:i-0a1b", "lambda::function:i-0a1b:*"];
        together(
            "update-function-architecture",
            &call_of(|call| matches!(call, Call::UpdateFunctionArchitecture { .. })),
            &[(&["lambda:GetFunction", "lambda:UpdateFunctionCode"], function)],
        );
        together(
            "update-function-architecture",
            &call_of(|call| matches!(call, Call::PublishVersion { .. })),
            &[(&["lambda:PublishVersion"], function)],
        );
    }

    #[test]
    fn a_refresh_launches_by_its_template_and_tags_what_it_launches() {
        let group = "autoscaling::autoScalingGroup:*:autoScalingGroupName/web";
        let launches: &[&str] = &[
            "arn:aws:ec2:ap-northeast-2:*:*",
            "license-manager::license-configuration:*",
            "resource-groups::group/*",
        ];
        let into: &[&str] = &["arn:aws:ec2:ap-northeast-2:*:subnet/*", "ec2::network-interface/*"];
        for (own, is) in [
            ("autoscaling:StartInstanceRefresh", true),
            ("autoscaling:RollbackInstanceRefresh", false),
        ] {
            let call = call_of(|call| match call {
                Call::StartInstanceRefresh { .. } => is,
                Call::RollbackInstanceRefresh { .. } => !is,
                _ => false,
            });
            together(
                "refresh-instances",
                &call,
                &[
                    (&[own], &[group]),
                    (&["ec2:RunInstances"], launches),
                    (&["ec2:RunInstances"], into),
                    (&["ec2:CreateTags"], &["ec2::*/*"]),
                ],
            );
        }
        let start = call_of(|call| matches!(call, Call::StartInstanceRefresh { .. }));
        let handler = Handler::named("refresh-instances").expect("a handler");
        let policy = of_handler(handler, &resizing(), &start);
        assert_eq!(
            policy["Statement"][1]["Condition"],
            json!({
                "ArnLike": {
                    "ec2:LaunchTemplate":
                        "arn:aws:ec2:ap-northeast-2:111122223333:launch-template/lt-0a1b",
                },
                "Bool": {"ec2:IsLaunchTemplateResource": "true"},
            })
        );
    }

    #[test]
    fn a_copy_of_a_database_is_made_and_switched_to_under_a_name_that_rds_gives_it() {
        let databases: &[&str] = &["rds::db:*"];
        together(
            "switch-database",
            &call_of(|call| matches!(call, Call::CreateBlueGreenDeployment { .. })),
            &[
                (&["rds:CreateBlueGreenDeployment"], databases),
                (&["rds:CreateDBInstanceReadReplica"], databases),
                (&["rds:AddTagsToResource"], databases),
                (
                    &["rds:CreateBlueGreenDeployment", "rds:CreateDBInstanceReadReplica"],
                    &["rds::og:*", "rds::pg:*", "rds::subgrp:*"],
                ),
                (
                    &["rds:CreateBlueGreenDeployment", "rds:AddTagsToResource"],
                    &["rds::deployment:*"],
                ),
            ],
        );
        let switch = call_of(|call| matches!(call, Call::SwitchoverBlueGreenDeployment { .. }));
        together(
            "switch-database",
            &switch,
            &[
                (&["rds:PromoteReadReplica", "rds:SwitchoverBlueGreenDeployment"], databases),
                (&["rds:SwitchoverBlueGreenDeployment"], &["rds::deployment:bgd-0a1b"]),
                (&["rds:ModifyDBInstance"], databases),
            ],
        );
        // Whose names are open is narrowed down by tags.
        let handler = Handler::named("switch-database").expect("a handler");
        let policy = of_handler(handler, &resizing(), &switch);
        for statement in policy["Statement"].as_array().expect("statements") {
            let tags = statement["Condition"].to_string();
            assert!(tags.contains("aws:ResourceTag/trimtab:"), "{statement}");
        }
        together(
            "switch-database",
            &call_of(|call| matches!(call, Call::CreateDbSnapshot { .. })),
            &[
                (&["rds:CreateDBSnapshot"], &["rds::db:arena-main"]),
                (
                    &["rds:CreateDBSnapshot", "rds:AddTagsToResource"],
                    &["rds::snapshot:trimtab-c-1"],
                ),
            ],
        );
    }

    #[test]
    fn every_call_of_every_action_fits_and_allows_its_own_action() {
        let mut large = resizing();
        large.parts = (0..120).map(|one| format!("vol-0123456789abcd{one:03}").into()).collect();
        for handler in ALL {
            for call in calls().iter().filter(|call| (handler.makes)(call)) {
                large.resource.id = resource_of(handler.name, call).into();
                let policy = of_handler(handler, &large, call).to_string();
                assert!(policy.len() <= LONGEST, "{}: {policy}", handler.name);
                for action in companions(call).iter().chain([&call.iam_action()]) {
                    let action = format!("\"{action}\"");
                    assert!(policy.contains(&action), "{}: {policy}", handler.name);
                }
                assert!(!policy.contains("\"*\""), "{}: {policy}", handler.name);
                assert!(!policy.contains("{scheduler}"), "{}: {policy}", handler.name);
                assert!(!policy.contains("\"Resource\":[]"), "{}: {policy}", handler.name);
            }
        }
    }

    #[test]
    fn the_longest_names_and_regions_fit_too() {
        let mut long = resizing();
        long.resource.region = "us-gov-west-1".into();
        for (handler, letters) in [
            ("refresh-instances", 255),
            ("switch-database", 63),
            ("update-function-architecture", 64),
            ("update-function-memory", 64),
        ] {
            let handler = Handler::named(handler).expect("a handler");
            long.resource.id = "x".repeat(letters).as_str().into();
            for call in calls().iter().filter(|call| (handler.makes)(call)) {
                let policy = of_handler(handler, &long, call).to_string();
                assert!(policy.len() <= LONGEST, "{}: {}", policy.len(), handler.name);
            }
        }
    }

    /// Returns the resource of a change that makes a call.
    fn resource_of<'a>(handler: &str, call: &'a Call) -> &'a str {
        match call {
            _ if handler == "release-address" => "eipalloc-0a1b",
            Call::ModifyVolume { volume, .. }
            | Call::DeleteVolume { volume }
            | Call::CreateSnapshot { volume, .. } => volume.as_str(),
            Call::Quarantine { resource, .. } | Call::EndQuarantine { resource } => {
                resource.as_str()
            }
            // The volume that a drill makes is not the one that is deleted.
            Call::CreateDrillVolume { .. } | Call::DeleteDrillVolume { .. } => "vol-0f0f",
            Call::CreateDbSnapshot { instance, .. }
            | Call::ModifyDbInstanceClass { instance, .. }
            | Call::ModifyDbStorage { instance, .. }
            | Call::CreateBlueGreenDeployment { instance, .. }
            | Call::SwitchoverBlueGreenDeployment { instance, .. }
            | Call::StopDbInstance { instance }
            | Call::StartDbInstance { instance } => instance.as_str(),
            Call::StartDbCluster { cluster } => cluster.as_str(),
            Call::ResizeGroup { group, .. }
            | Call::PutGroupSchedule { group, .. }
            | Call::DeleteGroupSchedule { group, .. }
            | Call::StartInstanceRefresh { group, .. }
            | Call::RollbackInstanceRefresh { group } => group.as_str(),
            _ => "i-0a1b",
        }
    }

    #[test]
    fn who_looks_for_marks_may_read_what_has_them_and_nothing_else() {
        let policy = of_marks();
        let actions = policy["Statement"][0]["Action"].as_array().expect("actions");
        let actions: Vec<&str> = actions.iter().filter_map(Value::as_str).collect();
        let expected = ["ec2:Describe*", "rds:Describe*", "scheduler:Get*", "scheduler:List*"];
        assert_eq!(actions, expected);
    }

    #[test]
    fn looking_is_by_reading_verbs_only_and_fits() {
        let policy = of_reading(ALL).to_string();
        assert!(policy.len() <= LONGEST, "{policy}");
        for wanted in ["ec2:Describe*", "rds:Describe*", "cloudwatch:Get*"] {
            assert!(policy.contains(wanted), "{wanted}: {policy}");
        }
        let policy = of_reading(ALL);
        let actions = policy["Statement"][0]["Action"].as_array().expect("actions");
        for action in actions.iter().filter_map(Value::as_str) {
            let (_, verb) = action.split_once(':').expect("an action");
            assert!(["Describe*", "Get*", "List*"].contains(&verb), "{action}");
        }
    }
}
