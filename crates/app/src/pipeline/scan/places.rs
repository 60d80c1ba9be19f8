//! Which accounts and regions a scan visits, and a session in each.

use jiff::Timestamp;

use trimtab_aws::access::{Access, Caller, Role};
use trimtab_aws::account::{self, Account};
use trimtab_aws::collect::Collected;
use trimtab_aws::collector::{Collector, Reach};
use trimtab_aws::credentials::Credentials;
use trimtab_aws::error::AwsError;
use trimtab_aws::region;
use trimtab_aws::session::Session;

use super::ScanRequest;
use crate::config::{AccountTable, Settings};
use crate::failure::{Failure, Kind};
use crate::pipeline::login::Login;

/// What a scan is to do.
pub(super) struct Places {
    /// Sessions, and how far the collectors reach that are to run there.
    pub(super) sessions: Vec<(Session, Reach)>,
    /// What is known before anything is listed: accounts that cannot be entered.
    pub(super) closed: Vec<Collected>,
}

/// An account that let us in.
pub(in crate::pipeline) struct Entered {
    /// Those of the role that was taken on; our own where absent.
    pub(in crate::pipeline) credentials: Option<Credentials>,
    /// The regions that are enabled.
    pub(in crate::pipeline) enabled: Vec<String>,
    /// The regions to visit.
    pub(in crate::pipeline) regions: Vec<String>,
}

/// Finds accounts and regions, and opens a session in each.
pub(super) async fn find(
    login: &Login,
    settings: &Settings,
    request: &ScanRequest,
    collectors: &[&'static Collector],
    now: Timestamp,
) -> Result<Places, Failure> {
    let access = &login.access;
    let caller = login.caller().await?;
    let home = home(access, &caller);
    let members =
        members(access, settings, &caller, &home).await.map_err(|error| no_list(&error))?;
    let accounts = accounts(settings, request, &caller, members)?;
    let mut places = Places { sessions: Vec::new(), closed: Vec::new() };
    for account in &accounts {
        let role = role(settings, account, &caller)?;
        let entered = match enter(access, request, account, role.as_ref(), &home).await {
            Ok(entered) => entered,
            Err(error) => {
                let session = access.session(&account.id, &home, None);
                let unread = collectors
                    .iter()
                    .map(|collector| Collected::unread(&session, collector, &error, now));
                places.closed.extend(unread);
                continue;
            }
        };
        let open = |region: &str| access.session(&account.id, region, entered.credentials.clone());
        places.sessions.push((open(&home), Reach::Account));
        places.sessions.extend(entered.regions.iter().map(|region| (open(region), Reach::Region)));
    }
    Ok(places)
}

/// Opens a session in the account that `name` names by number or alias, ours where absent:
/// where the bill is asked for.
pub(in crate::pipeline) async fn payer(
    login: &Login,
    settings: &Settings,
    name: Option<&str>,
) -> Result<Session, Failure> {
    let access = &login.access;
    let caller = login.caller().await?;
    let home = home(access, &caller);
    let Some(name) = name else { return Ok(access.session(&caller.account, &home, None)) };
    let request = ScanRequest { accounts: vec![name.to_owned()], ..ScanRequest::default() };
    let members =
        members(access, settings, &caller, &home).await.map_err(|error| no_list(&error))?;
    let accounts = accounts(settings, &request, &caller, members)?;
    let Some(account) = accounts.first() else {
        return Ok(access.session(&caller.account, &home, None));
    };
    let credentials = match role(settings, account, &caller)? {
        Some(role) => Some(access.assume(&role).await.map_err(|error| {
            let reason = trimtab_aws::part::reason(&error);
            Failure::from_error(Kind::Permission, &error).with_hint(reason.text)
        })?),
        None => None,
    };
    Ok(access.session(&account.id, &home, credentials))
}

/// Returns the region where what has no region of its own is asked for.
pub(in crate::pipeline) fn home(access: &Access, caller: &Caller) -> String {
    access.region().map_or_else(|| caller.partition.home_region().to_owned(), str::to_owned)
}

/// Takes the role on, if there is one, and asks for the regions.
pub(in crate::pipeline) async fn enter(
    access: &Access,
    request: &ScanRequest,
    account: &AccountTable,
    role: Option<&Role>,
    home: &str,
) -> Result<Entered, AwsError> {
    let credentials = match role {
        Some(role) => Some(access.assume(role).await?),
        None => None,
    };
    // Asked even where the regions are named: it shows whether the account lets us in.
    let session = access.session(&account.id, home, credentials.clone());
    let enabled = region::enabled(&session).await?;
    let wanted = if request.regions.is_empty() { &account.regions } else { &request.regions };
    let regions = match wanted.as_slice() {
        [] => enabled.clone(),
        wanted => wanted.to_vec(),
    };
    Ok(Entered { credentials, enabled, regions })
}

/// Returns the accounts of the organisation; none where no organisation is to be scanned.
pub(in crate::pipeline) async fn members(
    access: &Access,
    settings: &Settings,
    caller: &Caller,
    home: &str,
) -> Result<Vec<Account>, AwsError> {
    if settings.organization.is_none() {
        return Ok(Vec::new());
    }
    account::accounts(&access.session(&caller.account, home, None)).await
}

/// Says that the organisation's accounts could not be listed.
pub(in crate::pipeline) fn no_list(error: &AwsError) -> Failure {
    Failure::from_error(Kind::Permission, error).with_hint((
        "run from the management account or a delegated administrator, or list the accounts under [[account]] in trimtab.toml",
        "관리 계정이나 위임된 관리자 계정에서 실행하거나, trimtab.toml의 [[account]]에 계정을 적으세요",
    ))
}

/// Returns the accounts to visit: those that are configured, then the organisation's.
pub(in crate::pipeline) fn accounts(
    settings: &Settings,
    request: &ScanRequest,
    caller: &Caller,
    members: Vec<Account>,
) -> Result<Vec<AccountTable>, Failure> {
    let mut accounts = settings.accounts.clone();
    for member in members {
        if !accounts.iter().any(|account| account.id == member.id) {
            accounts.push(AccountTable::of(member.id, member.name));
        }
    }
    if accounts.is_empty() {
        accounts.push(AccountTable::of(caller.account.clone(), None));
    }
    accounts.sort_by(|left, right| left.id.cmp(&right.id));
    if request.accounts.is_empty() {
        return Ok(accounts);
    }
    let is = |account: &AccountTable, name: &String| {
        account.id == *name || account.alias.as_ref() == Some(name)
    };
    for name in &request.accounts {
        if !accounts.iter().any(|account| is(account, name)) {
            return Err(Failure::usage(
                (
                    format!("`{name}` is not one of the accounts that are configured"),
                    format!("설정에 없는 계정입니다: `{name}`"),
                ),
                (
                    "add it under [[account]] in trimtab.toml, or leave --account out",
                    "trimtab.toml의 [[account]]에 추가하거나 --account를 빼세요",
                ),
            ));
        }
    }
    accounts.retain(|account| request.accounts.iter().any(|name| is(account, name)));
    Ok(accounts)
}

/// Returns the role to take on in an account: none in our own, unless one is configured.
pub(in crate::pipeline) fn role(
    settings: &Settings,
    account: &AccountTable,
    caller: &Caller,
) -> Result<Option<Role>, Failure> {
    let organization = settings.organization.as_ref();
    let name = account.role.as_deref().or_else(|| {
        let foreign = account.id != caller.account;
        organization.filter(|_| foreign).map(|organization| organization.role.as_str())
    });
    name.map(|name| named_role(settings, account, caller, name)).transpose()
}

/// Returns a role of an account by its ARN or its name, with the external ID that it asks for.
pub(in crate::pipeline) fn named_role(
    settings: &Settings,
    account: &AccountTable,
    caller: &Caller,
    name: &str,
) -> Result<Role, Failure> {
    let organization = settings.organization.as_ref();
    let arn = if name.starts_with("arn:") {
        name.to_owned()
    } else {
        caller.partition.role_arn(&account.id, name)
    };
    let variable = account
        .external_id_env
        .as_deref()
        .or_else(|| organization.and_then(|one| one.external_id_env.as_deref()));
    let external_id = variable.map(|name| external_id(settings, name)).transpose()?;
    Ok(Role { arn, external_id })
}

fn external_id(settings: &Settings, variable: &str) -> Result<String, Failure> {
    settings.external_ids.get(variable).cloned().ok_or_else(|| {
        Failure::usage(
            (
                format!("the environment variable {variable} is not set"),
                format!("환경 변수가 설정되지 않았습니다: {variable}"),
            ),
            (
                "it holds the external ID that the role's trust policy asks for; trimtab.toml names it in external_id_env",
                "역할의 신뢰 정책이 요구하는 외부 ID를 담는 변수이며, trimtab.toml의 external_id_env에 이름이 있습니다",
            ),
        )
    })
}
