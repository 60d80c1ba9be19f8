//! A session in every account and region that a plan touches, by the role that makes changes.

use std::collections::{BTreeMap, BTreeSet};

use trimtab_aws::session::Session;
use trimtab_model::id::{RegionId, SubAccountId};
use trimtab_model::plan::Plan;

use super::login::{CLOCK_SECONDS, Login, clock_hint};
use super::scan::places::named_role;
use crate::config::{AccountTable, Settings};
use crate::failure::{Failure, Kind};

/// An account and a region.
pub(crate) type Place = (SubAccountId, RegionId);

/// Opens a session in each account and region of a plan.
///
/// # Errors
/// Fails without credentials that AWS knows, and where an account of the plan cannot be entered:
/// before anything is changed anywhere.
pub(crate) async fn sessions(
    settings: &Settings,
    profile: Option<&str>,
    plan: &Plan,
) -> Result<BTreeMap<Place, Session>, Failure> {
    let login = Login::by_profile(settings, profile, None).await?;
    let caller = login.caller().await?;
    in_time(login.access.clock().seconds_ahead())?;
    let places: BTreeSet<Place> = plan
        .changes()
        .map(|change| (change.resource.account.clone(), change.resource.region.clone()))
        .collect();
    let accounts: BTreeSet<&SubAccountId> = places.iter().map(|(account, _)| account).collect();
    let mut credentials = BTreeMap::new();
    for account in accounts {
        let known = settings.accounts.iter().find(|one| one.id == account.as_str());
        let entry = known.cloned().unwrap_or_else(|| AccountTable::of(account.to_string(), None));
        let of_account = match &entry.apply_role {
            Some(name) => {
                let role = named_role(settings, &entry, &caller, name)?;
                Some(login.access.assume(&role).await.map_err(|error| {
                    let reason = trimtab_aws::part::reason(&error);
                    Failure::from_error(Kind::Permission, &error).with_hint(reason.text)
                })?)
            }
            None if entry.id == caller.account => None,
            None => return Err(elsewhere(account, &caller.account)),
        };
        credentials.insert(account.clone(), of_account);
    }
    let open = |place: Place| {
        let (account, region) = &place;
        let own = credentials.get(account).cloned().flatten();
        let session = login.access.session(account.as_str(), region.as_str(), own);
        (place, session)
    };
    Ok(places.into_iter().map(open).collect())
}

/// Refuses to change anything by a clock that is wrong: windows, deadlines and gates are judged
/// by it, and what is signed by it may be refused in the middle of a change.
fn in_time(seconds_ahead: Option<i64>) -> Result<(), Failure> {
    let Some(ahead) = seconds_ahead.filter(|ahead| ahead.unsigned_abs() > CLOCK_SECONDS) else {
        return Ok(());
    };
    let message = (
        "the clock of this machine is wrong: nothing was changed",
        "이 컴퓨터의 시계가 맞지 않아 아무것도 바꾸지 않았습니다",
    );
    Err(Failure::new(Kind::Failed, message).with_hint(clock_hint(ahead)))
}

fn elsewhere(account: &SubAccountId, ours: &str) -> Failure {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e24_a_clock_that_is_off_refuses_before_the_first_call() {
        for ahead in [None, Some(0), Some(60), Some(-60)] {
            assert!(in_time(ahead).is_ok(), "{ahead:?}");
        }
        for ahead in [61, 600, -61, -600] {
            assert!(in_time(Some(ahead)).is_err(), "{ahead}");
        }
    }
}
