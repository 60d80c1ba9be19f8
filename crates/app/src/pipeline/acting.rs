//! A way into every account and region that a plan touches, by the role that makes changes.

pub(in crate::pipeline) mod endpoint;
pub(in crate::pipeline) mod role;

use std::collections::{BTreeMap, BTreeSet};

use trimtab_aws::access::Caller;
use trimtab_aws::actions::Handler;
use trimtab_aws::credentials::KeyLife;
use trimtab_aws::entrance::{Entrance, Errand};
use trimtab_aws::session::Session;
use trimtab_model::environment::Environment;
use trimtab_model::id::{RegionId, SubAccountId};
use trimtab_model::plan::Plan;
use trimtab_store::state::StoredPlan;

use super::login::{CLOCK_SECONDS, Login, clock_hint};
use crate::config::{AccountTable, Settings};
use crate::failure::{Failure, Kind};

/// An account and a region.
pub(crate) type Place = (SubAccountId, RegionId);

/// Whether keys of an IAM user, which hold until somebody deletes them, may make changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LongLivedKeys {
    /// They may not.
    #[default]
    Refused,
    /// They may, and the audit log says so.
    Allowed,
}

/// What is done where somebody enters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Nothing is changed.
    Look,
    /// Changes begin.
    Begin,
    /// What is under way is brought to its end, which no clock may keep from it: a machine may be
    /// stopped. The SDK signs by AWS's clock then.
    GoOn,
}

/// Who makes changes, and starting from what.
#[derive(Debug, Clone, Default)]
pub struct Actor {
    /// The profile of the AWS configuration to start from.
    pub profile: Option<String>,
    /// Whether keys that never end may be used.
    pub long_lived_keys: LongLivedKeys,
}

impl Actor {
    /// Returns somebody who only looks: no call of theirs changes anything.
    pub(crate) fn looking(profile: Option<&str>) -> Self {
        Self { profile: profile.map(str::to_owned), long_lived_keys: LongLivedKeys::Allowed }
    }
}

/// One account and region that was entered.
#[derive(Debug)]
pub(crate) struct Entered {
    /// A conversation that can only look.
    pub(crate) looking: Session,
    /// The way in for a call, by environment.
    pub(crate) ways: BTreeMap<Environment, Entrance>,
}

/// Every account and region of a plan.
#[derive(Debug)]
pub(crate) struct Entries {
    /// What was entered.
    pub(crate) places: BTreeMap<Place, Entered>,
    /// What was only let pass because somebody said so, by the words of the audit log.
    pub(crate) exceptions: Vec<&'static str>,
}

/// Enters each account and region of a plan.
///
/// # Errors
/// Fails without credentials that AWS knows, with keys that never end, through an address that
/// is neither AWS's nor named by the settings, and where an account of the plan cannot be
/// entered: before anything is changed anywhere.
pub(crate) async fn enter(
    settings: &Settings,
    actor: &Actor,
    stored: &StoredPlan,
    operator: &str,
    purpose: Purpose,
) -> Result<Entries, Failure> {
    let login = Login::by_profile(settings, actor.profile.as_deref(), None).await?;
    // Also who only looks shows an external ID, and believes what is answered.
    endpoint::known(settings, &login.access)?;
    let caller = login.caller().await?;
    if purpose == Purpose::Begin {
        in_time(login.access.clock().seconds_ahead())?;
    }
    let mut exceptions = Vec::new();
    if login.access.key_life() == Some(KeyLife::Long) {
        match actor.long_lived_keys {
            LongLivedKeys::Refused => return Err(long_lived(&caller)),
            LongLivedKeys::Allowed => exceptions.push("long-lived-keys"),
        }
    }
    let plan = &stored.plan;
    let mut ways: BTreeMap<Place, BTreeMap<Environment, Entrance>> = BTreeMap::new();
    for change in plan.changes() {
        let (resource, environment) = (&change.resource, change.environment);
        let place = (resource.account.clone(), resource.region.clone());
        let known = ways.entry(place).or_default();
        if known.contains_key(&environment) {
            continue;
        }
        let account = &resource.account;
        let entry = settings.accounts.iter().find(|one| one.id == account.as_str());
        let entry = entry.cloned().unwrap_or_else(|| AccountTable::of(account.to_string(), None));
        let role = role::of(settings, &entry, &caller, environment)?;
        let errand = Errand {
            plan: stored.id.clone(),
            operator: operator.to_owned(),
            account: account.clone(),
            environment,
        };
        known.insert(environment, Entrance::new(&login.access, role, errand));
    }
    let handlers = handlers(plan);
    let mut places = BTreeMap::new();
    for (place, ways) in ways {
        let mut looking = None;
        for way in ways.values() {
            // Each role is tried, so that one that does not let us in is told now.
            let session = way
                .look(place.1.as_str(), &handlers)
                .await
                .map_err(|error| role::not_let_in(settings, &place.0, way.role(), &error))?;
            if looking.is_none() {
                looking = Some(session);
            }
        }
        if let Some(looking) = looking {
            places.insert(place, Entered { looking, ways });
        }
    }
    Ok(Entries { places, exceptions })
}

/// Returns the handlers of what a plan does, each once.
fn handlers(plan: &Plan) -> Vec<&'static Handler> {
    let mut names = BTreeSet::new();
    let all = plan.changes().filter_map(|change| Handler::of(&change.action));
    all.filter(|handler| names.insert(handler.name)).collect()
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

fn long_lived(caller: &Caller) -> Failure {
    Failure::new(
        Kind::Permission,
        (
            format!("the keys of {} never end, and no change is made with such keys", caller.arn),
            format!("만료되지 않는 키({})로는 변경하지 않습니다", caller.arn),
        ),
    )
    .with_hint((
        "log in with `aws sso login` or take a role on, and name that profile with --profile; --allow-long-lived-keys uses them all the same, and the audit log says so",
        "`aws sso login`으로 로그인하거나 역할을 맡은 프로필을 --profile로 지정하세요. --allow-long-lived-keys를 붙이면 그대로 쓰고 감사 기록에 남깁니다",
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
