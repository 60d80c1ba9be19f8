//! What the enabled checks need to be allowed.

use std::collections::BTreeSet;

use trimtab_analysis::{Check, Need, checks};
use trimtab_aws::actions::{ALL, Handler, Tier};
use trimtab_aws::policy::{
    ChangingRole, DEFAULT_TYPES, Extras, Organization, SCHEDULER_ROLE_NAME, Statement, statements,
};
use trimtab_model::environment::Environment;
use trimtab_model::id::CheckId;
use trimtab_model::resource::ResourceKind;

use crate::config::Settings;
use crate::failure::Failure;

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
    let is_number = |text: &str| {
        text.len() == ACCOUNT_DIGITS && text.chars().all(|digit| digit.is_ascii_digit())
    };
    if let Some(wrong) = account.filter(|account| !is_number(account)) {
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
    // An ARN names its role behind the last colon, path and all.
    let scheduler = settings.rollout.scheduler.every.as_deref().unwrap_or(SCHEDULER_ROLE_NAME);
    let scheduler = scheduler.rsplit_once(":role/").map_or(scheduler, |(_, name)| name);
    let scheduler = scheduler.to_owned();
    Ok(ChangingRole { tier, environment, account, types, actions: handlers, scheduler })
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
