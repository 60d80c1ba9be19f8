//! Doctor: what is needed to read accounts, tried step by step, and what is missing for what.

mod accounts;
mod credentials;
mod environment;
mod opinions;
mod permissions;

use std::collections::BTreeMap;

use trimtab_aws::calls::Operation;
use trimtab_model::diagnosis::{Area, Lack, Permission, Status, Step};
use trimtab_model::text::Reason;

use super::login::Login;
use super::permissions::needed_kinds;
use super::scan::{ScanRequest, affordable, price, runtime, select};
use crate::config::Settings;
use crate::failure::{Failure, Kind};

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
    let metric_price = price::metric_price(settings)?;
    let metrics = match request.budget {
        None => 0,
        Some(_) => affordable(request, metric_price.as_ref())?,
    };
    let probe =
        permissions::Probe { settings, request, collectors: &collectors, metrics, metric_price };
    let mut diagnosis = Diagnosis::default();
    runtime()?.block_on(async {
        let login = match Login::find(settings, request).await {
            Ok(login) => login,
            Err(failure) => return diagnosis.give_up(failure),
        };
        match login.caller().await {
            Ok(caller) => {
                diagnosis.credentials(&login, &caller);
                diagnosis.clock(&login);
                diagnosis.accounts(&login, &caller, &probe, watch).await;
            }
            Err(failure) => {
                diagnosis.give_up(failure);
                diagnosis.clock(&login);
            }
        }
        diagnosis.calls = login.access.calls().counts();
    });
    diagnosis.steps.sort_by_key(|step| step.area);
    diagnosis.environment(settings);
    Ok(diagnosis)
}

impl Diagnosis {
    fn add(&mut self, area: Area, status: Status, reason: Reason) {
        self.steps.push(Step::new(area, status, reason));
    }

    /// Notes that nothing can be asked of AWS.
    fn give_up(&mut self, failure: Failure) {
        self.steps.push(failed(Area::Credentials, failure));
        for area in [Area::Accounts, Area::Permissions] {
            let reason = Reason::new(
                "no-credentials",
                "nothing can be asked without credentials",
                "자격 증명이 없어 확인할 수 없습니다",
            );
            self.add(area, Status::NotAsked, reason);
        }
    }
}

/// Makes the step that ended in a failure.
fn failed(area: Area, failure: Failure) -> Step {
    let status = match failure.kind {
        Kind::Permission | Kind::Usage => Status::Missing,
        Kind::Failed
        | Kind::Partial
        | Kind::Stale
        | Kind::RolledBack
        | Kind::NeedsOperator
        | Kind::Interrupted => Status::Failed,
    };
    let text = failure.causes.iter().fold(failure.message, |text, cause| text.because(cause));
    let step = Step::new(area, status, Reason { code: "failure".to_owned(), text });
    match failure.hint {
        Some(hint) => step.with_hint(*hint),
        None => step,
    }
}
