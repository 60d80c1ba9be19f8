//! What one session may do: the policy that a role is taken on with, which allows nothing that
//! the role itself does not.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use trimtab_model::call::Call;
use trimtab_model::plan::Change;

use crate::actions::{Grant, Handler, Values};
use crate::partition::Partition;
use crate::region::DESCRIBE_REGIONS;
use crate::{gate, marks};

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

/// Returns the policy of a session that makes one call of a change: its actions, on the resources
/// that it names. The conditions are those of the role, which hold besides.
pub(crate) fn of_call(change: &Change, call: &Call) -> Value {
    Handler::of(&change.action).map_or_else(nothing, |handler| of_handler(handler, change, call))
}

/// Returns the policy of a session that only looks, at what some actions look at.
pub(crate) fn of_reading(handlers: &[&'static Handler]) -> Value {
    let reads = handlers.iter().flat_map(|handler| handler.reads.iter().chain(handler.inspects));
    let grants = handlers.iter().flat_map(|handler| handler.grants);
    by_verbs(reads.chain(grants.flat_map(|grant| grant.actions)).chain(gate::READS))
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
    let own = call.iam_action();
    let mut statements = Vec::new();
    for grant in handler.grants {
        let actions: Vec<&str> =
            grant.actions.iter().copied().filter(|action| is_of(action, own, grant)).collect();
        let on = resources(change, call, grant, parts);
        if !actions.is_empty() && !on.is_empty() {
            statements.push(json!({"Effect": "Allow", "Action": actions, "Resource": on}));
        }
    }
    if statements.is_empty() { nothing() } else { document(statements) }
}

/// Returns whether an action of a grant is the call's own, or what AWS does in our name for it.
fn is_of(action: &str, own: &str, grant: &Grant) -> bool {
    match action {
        "ec2:CreateTags" if own != "ec2:CreateTags" => tags_what_is_made(own, grant),
        "rds:AddTagsToResource" => own == "rds:CreateDBSnapshot",
        "kms:CreateGrant" => own == "ec2:StartInstances",
        _ => action == own,
    }
}

/// Returns whether a grant lets tags be written while an action makes something.
fn tags_what_is_made(action: &str, grant: &Grant) -> bool {
    let operation = action.split_once(':').map_or("", |(_, operation)| operation);
    grant.when.iter().filter(|one| one.key == "ec2:CreateAction").any(|one| match one.values {
        Values::One(value) => value == operation,
        Values::AnyOf(values) => values.contains(&operation),
        Values::Types => false,
    })
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
        ("snapshot/*", _) => Vec::new(),
        ("targetgroup/*/*", Call::DeregisterTarget(target) | Call::RegisterTarget(target)) => {
            vec![target.group.to_string()]
        }
        ("db:*" | "function:*" | "log-group:*", _) if id.starts_with("arn:") => {
            vec![id.to_owned(), format!("{id}:*")]
        }
        ("db:*", _) => named(id),
        ("snapshot:*", Call::CreateDbSnapshot { snapshot, .. }) => named(snapshot),
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
    use trimtab_model::action::Action;
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

    #[test]
    fn every_call_of_every_action_fits_and_allows_its_own_action() {
        let mut large = resizing();
        large.parts = (0..120).map(|one| format!("vol-0123456789abcd{one:03}").into()).collect();
        for handler in ALL {
            for call in calls().iter().filter(|call| (handler.makes)(call)) {
                large.resource.id = resource_of(handler.name, call).into();
                let policy = of_handler(handler, &large, call).to_string();
                assert!(policy.len() <= LONGEST, "{}: {policy}", handler.name);
                let action = format!("\"{}\"", call.iam_action());
                assert!(policy.contains(&action), "{}: {policy}", handler.name);
                assert!(!policy.contains("\"*\""), "{}: {policy}", handler.name);
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
