//! Which role makes the changes of an account, and what to do where it does not let us in.

use trimtab_aws::access::{Caller, Role};
use trimtab_aws::error::AwsError;
use trimtab_model::environment::Environment;
use trimtab_model::id::SubAccountId;

use crate::config::{AccountTable, Settings};
use crate::failure::{Failure, Kind};
use crate::pipeline::scan::places::named_role;

/// What stands for the environment in the name of a role.
pub(in crate::pipeline) const ENVIRONMENT: &str = "{env}";

/// Returns the role that makes changes in an environment of an account; none in our own, unless
/// one is configured.
///
/// # Errors
/// Refuses an account that the settings do not have and that is not our own, and a role of another
/// account than the one it is named for.
pub(in crate::pipeline) fn of(
    settings: &Settings,
    entry: &AccountTable,
    caller: &Caller,
    environment: Environment,
) -> Result<Option<Role>, Failure> {
    let Some(name) = &entry.apply_role else {
        return if entry.id == caller.account {
            Ok(None)
        } else {
            Err(elsewhere(&entry.id, &caller.account))
        };
    };
    let word = match environment {
        Environment::Dev | Environment::Staging | Environment::Prod => environment,
        Environment::Unknown => Environment::Prod,
    };
    let name = name.replace(ENVIRONMENT, word.as_str());
    let role = named_role(settings, entry, caller, &name)?;
    if role.arn.split(':').nth(4) == Some(entry.id.as_str()) {
        return Ok(Some(role));
    }
    let (arn, id) = (&role.arn, &entry.id);
    Err(Failure::new(
        Kind::Permission,
        (
            format!("{arn} is not a role of account {id}"),
            format!("{id} 계정의 역할이 아닙니다: {arn}"),
        ),
    )
    .with_hint((
        "correct apply_role of that [[account]] in trimtab.toml: the name of the role alone is enough",
        "trimtab.toml의 해당 [[account]]에서 apply_role을 바로잡으세요. 역할 이름만 적어도 됩니다",
    )))
}

/// Says that a role does not let us in, and what its owner has to look at.
pub(super) fn not_let_in(
    settings: &Settings,
    account: &SubAccountId,
    role: Option<&Role>,
    error: &AwsError,
) -> Failure {
    let is_refusal = matches!(error, AwsError::Denied { .. })
        || matches!(error, AwsError::Failed { code, .. } if code.starts_with("AccessDenied"));
    let (Some(role), true) = (role, is_refusal) else {
        let reason = trimtab_aws::part::reason(error);
        return Failure::from_error(Kind::Permission, error).with_hint(reason.text);
    };
    let entry = settings.accounts.iter().find(|one| one.id == account.as_str());
    let variable = entry.and_then(|one| one.external_id_env.as_deref());
    let shown = match (variable, &role.external_id) {
        (Some(variable), Some(_)) => (
            format!("the external ID of {variable} was shown"),
            format!("외부 ID는 {variable}의 값을 보냈습니다"),
        ),
        _ => (
            "no external ID was shown: external_id_env names the variable that holds it".to_owned(),
            "외부 ID를 보내지 않았습니다. external_id_env에 외부 ID가 든 환경 변수의 이름을 적으세요"
                .to_owned(),
        ),
    };
    Failure::new(
        Kind::Permission,
        (
            format!("{} does not let us in; nothing was changed", role.arn),
            format!("{} 역할을 맡지 못해 아무것도 바꾸지 않았습니다", role.arn),
        ),
    )
    .because(error)
    .with_hint((
        format!(
            "{}; the role's trust policy must have the same one, trust these credentials, and allow sts:AssumeRole, sts:SetSourceIdentity and sts:TagSession: `trimtab iam policy --tier trust` prints one that does",
            shown.0
        ),
        format!(
            "{}. 역할의 신뢰 정책에 같은 외부 ID와 지금 쓰는 자격 증명이 있어야 하고, sts:AssumeRole, sts:SetSourceIdentity, sts:TagSession을 허용해야 합니다. `trimtab iam policy --tier trust`로 필요한 신뢰 정책을 출력할 수 있습니다",
            shown.1
        ),
    ))
}

fn elsewhere(account: &str, ours: &str) -> Failure {
    Failure::new(
        Kind::Permission,
        (
            format!("the plan changes account {account}, and the credentials are of {ours}"),
            format!("계획은 {account} 계정을 변경하지만 자격 증명은 {ours} 계정의 것입니다"),
        ),
    )
    .with_hint((
        "name the role that makes changes as apply_role of that [[account]] in trimtab.toml, or start from another --profile",
        "trimtab.toml의 해당 [[account]]에 변경용 역할을 apply_role로 지정하거나 --profile로 다른 프로필을 쓰세요",
    ))
}
