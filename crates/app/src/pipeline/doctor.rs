//! Doctor: what is needed to read accounts, tried step by step, and what is missing for what.

mod accounts;
mod credentials;
mod environment;
mod permissions;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use trimtab_aws::calls::Operation;
use trimtab_model::id::{CheckId, RegionId, SubAccountId};
use trimtab_model::resource::ResourceKind;
use trimtab_model::text::{Reason, Text};

use super::login::Login;
use super::permissions::needed_kinds;
use super::scan::{ScanRequest, affordable, price, runtime, select};
use crate::config::Settings;
use crate::failure::Failure;

/// What was tried, and what is missing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diagnosis {
    /// What was tried, in order.
    pub steps: Vec<Step>,
    /// Each IAM action that an enabled check needs.
    pub permissions: Vec<Permission>,
    /// What is missing, once per principal and need.
    pub lacks: Vec<Lack>,
    /// How often each operation was called, retries included.
    pub calls: BTreeMap<Operation, u64>,
}

/// One thing that was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What it belongs to.
    pub area: Area,
    /// How it ended.
    pub status: Status,
    /// The account, where it is about one.
    pub account: Option<SubAccountId>,
    /// The region, where it is about one.
    pub region: Option<RegionId>,
    /// What was found, in a sentence.
    pub reason: Reason,
    /// What to do about it.
    pub hint: Option<Text>,
}

/// What a step belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Area {
    /// Who we are.
    Credentials,
    /// Which accounts and regions let us in.
    Accounts,
    /// What may be read there.
    Permissions,
    /// This machine.
    Environment,
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// It works.
    Ok,
    /// It works, and something about it should be known.
    Note,
    /// Credentials, a setting or a permission is missing.
    Missing,
    /// It could not be found out.
    Failed,
    /// It was not tried.
    NotAsked,
}

impl Status {
    /// Returns the word, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Note => "note",
            Self::Missing => "missing",
            Self::Failed => "failed",
            Self::NotAsked => "not-asked",
        }
    }
}

impl Area {
    /// Returns the word, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Credentials => "credentials",
            Self::Accounts => "accounts",
            Self::Permissions => "permissions",
            Self::Environment => "environment",
        }
    }
}

/// One IAM action in one place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Permission {
    /// The account.
    pub account: SubAccountId,
    /// The region.
    pub region: RegionId,
    /// What it reads; metrics where absent.
    pub kind: Option<ResourceKind>,
    /// The action.
    pub action: &'static str,
    /// Whether it is allowed.
    pub status: Status,
}

/// A need that is not met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lack {
    /// Who needs it: an ARN.
    pub principal: String,
    /// Who that is, in words.
    pub who: Text,
    /// The account.
    pub account: SubAccountId,
    /// Where it was refused.
    pub regions: BTreeSet<RegionId>,
    /// The actions that were refused.
    pub actions: Vec<String>,
    /// What cannot be read without.
    pub kinds: Vec<ResourceKind>,
    /// Whether it is metrics that cannot be read.
    pub metrics: bool,
    /// The checks that will say Unknown.
    pub checks: Vec<CheckId>,
    /// The statement of a policy that grants it.
    pub statement: Value,
}

/// How far the doctor is.
pub(super) type Watch<'a> = &'a mut dyn FnMut(u64, u64);

/// Tries what a scan of the same request would need. It only reads, and it never asks for a
/// metric that [`ScanRequest::budget`] does not pay for: without one, for none.
///
/// # Errors
/// Fails on a service that is not read, and where nothing could be tried at all. What is
/// missing is no error: it is in the diagnosis.
pub fn doctor(
    settings: &Settings,
    request: &ScanRequest,
    watch: Watch<'_>,
) -> Result<Diagnosis, Failure> {
    let collectors = select(&request.services, &needed_kinds(settings))?;
    let metrics = match request.budget {
        None => 0,
        Some(_) => affordable(request, price::metric_price(settings)?.as_ref())?,
    };
    let mut diagnosis = Diagnosis::default();
    runtime()?.block_on(async {
        let login = match Login::find(settings, request).await {
            Ok(login) => login,
            Err(failure) => return diagnosis.give_up(failure),
        };
        let outcome = login.caller().await;
        diagnosis.clock(&login);
        match outcome {
            Ok(caller) => {
                diagnosis.credentials(&login, &caller);
                let probe = permissions::Probe { settings, request, collectors: &collectors, metrics };
                diagnosis.accounts(&login, &caller, &probe, watch).await;
            }
            Err(failure) => diagnosis.give_up(failure),
        }
        diagnosis.calls = login.access.calls().counts();
    });
    diagnosis.steps.sort_by_key(|step| step.area);
    diagnosis.environment(settings);
    Ok(diagnosis)
}

impl Diagnosis {
    fn step(&mut self, area: Area, status: Status, reason: Reason) -> &mut Step {
        let step = Step { area, status, account: None, region: None, reason, hint: None };
        self.steps.push(step);
        self.steps.last_mut().expect("one was just put there")
    }

    /// Adds a step that ended in a failure.
    fn failed(&mut self, area: Area, failure: Failure) -> &mut Step {
        let status = match failure.kind {
            crate::failure::Kind::Permission | crate::failure::Kind::Usage => Status::Missing,
            _ => Status::Failed,
        };
        let text = failure.causes.iter().fold(failure.message, |text, cause| text.because(cause));
        let step = self.step(area, status, Reason { code: "failure".to_owned(), text });
        step.hint = failure.hint.map(|hint| *hint);
        step
    }

    /// Notes that nothing can be asked of AWS.
    fn give_up(&mut self, failure: Failure) {
        self.failed(Area::Credentials, failure);
        let reason = || {
            Reason::new(
                "no-credentials",
                "without credentials nobody can be asked",
                "자격 증명이 없어 확인할 수 없습니다",
            )
        };
        self.step(Area::Accounts, Status::NotAsked, reason());
        self.step(Area::Permissions, Status::NotAsked, reason());
    }
}

impl Step {
    fn at(&mut self, account: &str, region: Option<&str>) -> &mut Self {
        self.account = Some(account.into());
        self.region = region.map(RegionId::new);
        self
    }

    fn hint(&mut self, hint: impl Into<Text>) -> &mut Self {
        self.hint = Some(hint.into());
        self
    }
}
