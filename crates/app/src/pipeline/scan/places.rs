//! Which accounts and regions a scan visits, and a session in each.

use jiff::Timestamp;

use trimtab_aws::access::{Access, Caller, Role};
use trimtab_aws::account;
use trimtab_aws::collect::Collected;
use trimtab_aws::collector::{Collector, Reach};
use trimtab_aws::error::AwsError;
use trimtab_aws::region;
use trimtab_aws::session::Session;

use super::ScanRequest;
use crate::config::{AccountTable, Settings};
use crate::failure::{Failure, Kind};

/// What a scan is to do.
pub(super) struct Places {
    /// Sessions, and how far the collectors reach that are to run there.
    pub(super) sessions: Vec<(Session, Reach)>,
    /// What is known before anything is listed: accounts that cannot be entered.
    pub(super) closed: Vec<Collected>,
}

/// Finds accounts and regions, and opens a session in each.
pub(super) async fn find(
    access: &Access,
    settings: &Settings,
    request: &ScanRequest,
    collectors: &[&'static Collector],
    now: Timestamp,
) -> Result<Places, Failure> {
    let caller = access.caller().await.map_err(|error| no_caller(&error))?;
    let home =
        access.region().map_or_else(|| caller.partition.home_region().to_owned(), str::to_owned);
    let accounts = accounts(access, settings, request, &caller, &home).await?;
    let mut places = Places { sessions: Vec::new(), closed: Vec::new() };
    for account in &accounts {
        let mut closed = |error: &AwsError| {
            let session = access.session(&account.id, &home, None);
            let unread = collectors
                .iter()
                .map(|collector| Collected::unread(&session, collector, error, now));
            places.closed.extend(unread);
        };
        let credentials = match role(settings, account, &caller)? {
            Some(role) => match access.assume(&role).await {
                Ok(credentials) => Some(credentials),
                Err(error) => {
                    closed(&error);
                    continue;
                }
            },
            None => None,
        };
        let open = |region: &str| access.session(&account.id, region, credentials.clone());
        let entered = match regions(&open(&home), request, account).await {
            Ok(regions) => regions,
            Err(error) => {
                closed(&error);
                continue;
            }
        };
        places.sessions.push((open(&home), Reach::Account));
        places.sessions.extend(entered.iter().map(|region| (open(region), Reach::Region)));
    }
    Ok(places)
}

/// Opens a session in the account that `name` names by number or alias, ours where absent:
/// where the bill is asked for.
pub(in crate::pipeline) async fn payer(
    access: &Access,
    settings: &Settings,
    name: Option<&str>,
) -> Result<Session, Failure> {
    let caller = access.caller().await.map_err(|error| no_caller(&error))?;
    let home =
        access.region().map_or_else(|| caller.partition.home_region().to_owned(), str::to_owned);
    let Some(name) = name else { return Ok(access.session(&caller.account, &home, None)) };
    let request = ScanRequest { accounts: vec![name.to_owned()], ..ScanRequest::default() };
    let accounts = accounts(access, settings, &request, &caller, &home).await?;
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

fn no_caller(error: &AwsError) -> Failure {
    Failure::from_error(Kind::Permission, error).with_hint((
        "log in (`aws sso login`), name a profile with --profile, or set AWS_PROFILE; a clock that is minutes off is refused too",
        "로그인하거나(`aws sso login`) --profile로 프로필을 지정하거나 AWS_PROFILE을 설정하세요. 시계가 몇 분 어긋나도 거부됩니다",
    ))
}

async fn accounts(
    access: &Access,
    settings: &Settings,
    request: &ScanRequest,
    caller: &Caller,
    home: &str,
) -> Result<Vec<AccountTable>, Failure> {
    let mut accounts = settings.accounts.clone();
    if settings.organization.is_some() {
        let session = access.session(&caller.account, home, None);
        let members = account::accounts(&session).await.map_err(|error| {
            Failure::from_error(Kind::Permission, &error).with_hint((
                "run from the management account or a delegated administrator, or list the accounts under [[account]] in trimtab.toml",
                "관리 계정이나 위임된 관리자 계정에서 실행하거나, trimtab.toml의 [[account]]에 계정을 적으세요",
            ))
        })?;
        for member in members {
            if !accounts.iter().any(|account| account.id == member.id) {
                accounts.push(AccountTable::of(member.id, member.name));
            }
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
fn role(
    settings: &Settings,
    account: &AccountTable,
    caller: &Caller,
) -> Result<Option<Role>, Failure> {
    let organization = settings.organization.as_ref();
    let name = account.role.as_deref().or_else(|| {
        let foreign = account.id != caller.account;
        organization.filter(|_| foreign).map(|organization| organization.role.as_str())
    });
    let Some(name) = name else { return Ok(None) };
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
    Ok(Some(Role { arn, external_id }))
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

async fn regions(
    session: &Session,
    request: &ScanRequest,
    account: &AccountTable,
) -> Result<Vec<String>, AwsError> {
    // Asked even where the regions are named: it shows whether the account lets us in.
    let enabled = region::enabled(session).await?;
    let wanted = if request.regions.is_empty() { &account.regions } else { &request.regions };
    Ok(match wanted.as_slice() {
        [] => enabled,
        wanted => wanted.to_vec(),
    })
}
