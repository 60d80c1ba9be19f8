//! What the enabled checks need to be allowed.

use std::collections::BTreeSet;

use serde_json::Value;

use trimtab_analysis::{Check, Need, checks};
use trimtab_aws::actions::{ALL, Handler, Tier};
use trimtab_aws::policy::{
    ChangingRole, DEFAULT_TYPES, Extras, Organization, SCHEDULER_ROLE_NAME, Statement, Trust,
    boundary, statements,
};
use trimtab_model::environment::Environment;
use trimtab_model::id::{CheckId, SubAccountId};
use trimtab_model::plan::SchedulerRole;
use trimtab_model::resource::ResourceKind;

use crate::config::{Settings, external_id};
use crate::failure::Failure;

/// The fewest characters of an external ID that nobody guesses.
const EXTERNAL_ID_LENGTH: usize = 16;
/// Digits of an account's number.
const ACCOUNT_DIGITS: usize = 12;

/// Returns the statements of a policy that lets a role be read by the enabled checks, and the
/// bill as `extras` says.
pub fn read_permissions(
    settings: &Settings,
    organization: Organization,
    extras: &Extras,
) -> Vec<Statement> {
    let with_metrics = needs(settings).any(|need| match need {
        Need::Metric(..) | Need::OptionalMetric(..) => true,
        Need::Kind(_) | Need::OptionalBilling | Need::Billing => false,
    });
    statements(&needed_kinds(settings), with_metrics, organization, extras)
}

/// Returns the role that makes changes of a tier in an environment: of all actions of the tier
/// and of instance types of the current generations, where none are named.
///
/// # Errors
/// Fails on an action that the tier does not have, and on an account that is no number.
pub fn changing_role(
    settings: &Settings,
    tier: Tier,
    environment: Environment,
    actions: &[String],
    types: &[String],
    account: Option<&str>,
) -> Result<ChangingRole, Failure> {
    if let Some(wrong) = account.filter(|account| !is_account(account)) {
        return Err(Failure::usage(
            (format!("`{wrong}` is no account"), format!("계정 번호가 아닙니다: `{wrong}`")),
            ("give its twelve digits", "계정 번호 12자리를 입력하세요"),
        ));
    }
    let types = match types {
        [] => DEFAULT_TYPES.iter().map(|one| (*one).to_owned()).collect(),
        named => named.to_vec(),
    };
    let handlers = actions.iter().map(|name| handler(tier, name)).collect::<Result<_, _>>()?;
    let account = account.map(str::to_owned);
    let schedulers = scheduler_names(&settings.rollout.scheduler, account.as_deref());
    Ok(ChangingRole { tier, environment, account, types, actions: handlers, schedulers })
}

/// Returns the policy that bounds every role that makes changes: of roles, those that schedules act
/// as in any account may be handed on.
pub fn changing_boundary(settings: &Settings) -> Value {
    boundary(&scheduler_names(&settings.rollout.scheduler, None))
}

/// Returns the names of the roles that schedules act as in an account, or in all: the default one
/// where none is set.
fn scheduler_names(roles: &SchedulerRole, account: Option<&str>) -> Vec<String> {
    let own = account.and_then(|account| roles.accounts.get(&SubAccountId::new(account)));
    let set: BTreeSet<&str> = match (own, account) {
        (Some(role), _) => BTreeSet::from([role.as_str()]),
        (None, Some(_)) => roles.every.as_deref().into_iter().collect(),
        (None, None) => {
            roles.every.iter().chain(roles.accounts.values()).map(String::as_str).collect()
        }
    };
    // An ARN names its role behind the last colon, path and all.
    let name = |role: &str| role.rsplit_once(":role/").map_or(role, |(_, name)| name).to_owned();
    let mut names: Vec<String> = set.into_iter().map(name).collect();
    names.sort();
    names.dedup();
    if names.is_empty() { vec![SCHEDULER_ROLE_NAME.to_owned()] } else { names }
}

/// Returns who may take on a role that makes changes: an account or one ARN of it, by the external
/// ID that a variable of the environment holds, where whoever starts a run has it too.
///
/// # Errors
/// Fails where either is not said, and on an external ID that anybody could guess.
pub fn trust_of(
    environment: Environment,
    trusted: Option<&str>,
    variable: Option<&str>,
) -> Result<Trust, Failure> {
    let Some(trusted) = trusted.and_then(principal) else {
        return Err(Failure::usage(
            (
                "nobody is said who may take the role on",
                "역할을 맡을 수 있는 대상을 알 수 없습니다",
            ),
            (
                "add --trusted with the number of your account, or with the ARN of the user or role that starts trimtab",
                "--trusted에 계정 번호나 trimtab을 실행할 사용자 또는 역할의 ARN을 지정하세요",
            ),
        ));
    };
    let external_id = variable.and_then(external_id).filter(|id| {
        (EXTERNAL_ID_LENGTH..=1_224).contains(&id.len())
            && id.chars().all(|sign| sign.is_ascii_alphanumeric() || "+=,.@:/_-".contains(sign))
    });
    let Some(external_id) = external_id else {
        return Err(Failure::usage(
            (
                "there is no external ID of sixteen characters or more",
                "16자 이상의 외부 ID가 없습니다",
            ),
            (
                "make one with `openssl rand -hex 16`, put it into a variable of the environment, and name that with --external-id-env here and as external_id_env in trimtab.toml",
                "`openssl rand -hex 16`으로 만들어 환경 변수에 넣고, 그 이름을 여기에서는 --external-id-env로, trimtab.toml에서는 external_id_env로 지정하세요",
            ),
        ));
    };
    Ok(Trust { trusted, external_id, environment })
}

/// Returns the ARN of whoever is trusted.
fn principal(text: &str) -> Option<String> {
    if is_account(text) {
        return Some(format!("arn:aws:iam::{text}:root"));
    }
    let parts: Vec<&str> = text.split(':').collect();
    let is_arn = matches!(
        parts.as_slice(),
        ["arn", partition, "iam", "", account, resource]
            if partition.starts_with("aws") && is_account(account) && !resource.contains('*')
    );
    is_arn.then(|| text.to_owned())
}

fn is_account(text: &str) -> bool {
    text.len() == ACCOUNT_DIGITS && text.chars().all(|digit| digit.is_ascii_digit())
}

fn handler(tier: Tier, name: &str) -> Result<&'static Handler, Failure> {
    Handler::named(name).filter(|handler| handler.tier == tier).ok_or_else(|| {
        let names: Vec<&str> =
            ALL.iter().filter(|one| one.tier == tier).map(|one| one.name).collect();
        let names = names.join(", ");
        Failure::usage(
            (
                format!("this tier has no action `{name}`"),
                format!("이 역할에는 그런 작업이 없습니다: `{name}`"),
            ),
            (format!("it has {names}"), format!("쓸 수 있는 작업: {names}")),
        )
    })
}

/// Returns the kinds that the enabled checks read: what a scan lists, and what it may list.
pub(super) fn needed_kinds(settings: &Settings) -> BTreeSet<ResourceKind> {
    needs(settings)
        .filter_map(|need| match need {
            Need::Kind(kind) => Some(*kind),
            Need::Metric(..) | Need::OptionalMetric(..) | Need::OptionalBilling | Need::Billing => {
                None
            }
        })
        .collect()
}

/// Returns the kinds whose own metrics the enabled checks read: those of an agent are not its own.
pub(super) fn measured_kinds(settings: &Settings) -> BTreeSet<ResourceKind> {
    let is_own = |need: &Need| match need {
        Need::Metric(namespace, ..) | Need::OptionalMetric(namespace, ..) => {
            *namespace != "CWAgent"
        }
        Need::Kind(_) | Need::OptionalBilling | Need::Billing => false,
    };
    enabled(settings).filter(|check| check.needs.iter().any(is_own)).map(|one| one.kind).collect()
}

/// Returns the enabled checks that cannot judge without one of `kinds`.
pub(super) fn checks_of(settings: &Settings, kinds: &BTreeSet<ResourceKind>) -> Vec<CheckId> {
    let reads = |need: &Need| matches!(need, Need::Kind(kind) if kinds.contains(kind));
    enabled(settings).filter(|one| one.needs.iter().any(reads)).map(Check::check_id).collect()
}

/// Returns the enabled checks that cannot judge without metrics.
pub(super) fn checks_of_metrics(settings: &Settings) -> Vec<CheckId> {
    let reads = |need: &Need| matches!(need, Need::Metric(..));
    enabled(settings).filter(|one| one.needs.iter().any(reads)).map(Check::check_id).collect()
}

fn needs(settings: &Settings) -> impl Iterator<Item = &'static Need> {
    enabled(settings).flat_map(|check| check.needs)
}

fn enabled(settings: &Settings) -> impl Iterator<Item = &'static Check> {
    let disabled = &settings.policy.disabled_checks;
    checks::ALL.iter().copied().filter(|check| !disabled.contains(&check.check_id()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_hands_on_the_one_of_schedules_in_its_account_and_the_boundary_any_of_them() {
        let mut roles = SchedulerRole::default();
        let names = |roles: &SchedulerRole, account| scheduler_names(roles, account);
        assert_eq!(names(&roles, Some("111122223333")), [SCHEDULER_ROLE_NAME]);
        assert_eq!(names(&roles, None), [SCHEDULER_ROLE_NAME]);
        let own = "arn:aws:iam::111122223333:role/teams/nights";
        roles.accounts.insert("111122223333".into(), own.to_owned());
        roles.every = Some("evenings".to_owned());
        assert_eq!(names(&roles, Some("111122223333")), ["teams/nights"]);
        assert_eq!(names(&roles, Some("444455556666")), ["evenings"]);
        assert_eq!(names(&roles, None), ["evenings", "teams/nights"]);
        roles.every = Some("arn:aws:iam::444455556666:role/teams/nights".to_owned());
        assert_eq!(names(&roles, None), ["teams/nights"]);
    }
}
