//! Why a change is not planned: what is known to fail, or to fail badly, before anything is tried.
//!
//! Whatever only AWS or the machine itself can tell is looked at again just before a change.
//! What is unknown here is no reason to refuse: it is asked then.

mod database;
mod function;
mod instance;
mod schedule;
mod serverless;
mod volume;

use trimtab_model::action::Action;
use trimtab_model::environment::Environment;
use trimtab_model::plan::RolloutRules;
use trimtab_model::price::PriceBook;
use trimtab_model::resource::ResourceRef;
use trimtab_model::text::Reason;

use super::inventory::Inventory;
use super::subject::Subject;

/// A change that is asked for.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) action: &'a Action,
    pub(super) resource: &'a ResourceRef,
    pub(super) subject: Subject<'a>,
    pub(super) environment: Environment,
    pub(super) rules: &'a RolloutRules,
}

/// Returns why an action on a resource is not planned.
pub(super) fn refusal(
    asked: Asked<'_>,
    inventory: &Inventory<'_>,
    prices: Option<&PriceBook>,
) -> Option<Reason> {
    let Asked { action, subject, environment, .. } = asked;
    match (action, subject) {
        (Action::ModifyInstanceType { from, to }, Subject::Instance(one)) => {
            instance::refusal(one, from, to, environment, inventory.snapshot, prices)
        }
        (Action::StopInstance { .. }, Subject::Instance(one)) => instance::of_stop(one, prices),
        (Action::ModifyVolume { from, to, size_gib }, Subject::Volume(one)) => {
            volume::of_change(one, from, to, *size_gib)
        }
        (Action::DeleteVolume { .. }, Subject::Volume(one)) => volume::of_deletion(one, inventory),
        (Action::ModifyDbInstanceClass { from, .. }, Subject::DbInstance(one)) => {
            database::of_class(one, from, inventory.snapshot)
        }
        (Action::SwitchDatabase(switch), Subject::DbInstance(one)) => {
            database::of_switch(one, switch)
        }
        (Action::ModifyDbStorage { from, to }, Subject::DbInstance(one)) => {
            database::of_storage(one, from, to)
        }
        (Action::ReleaseAddress { .. }, Subject::Address(one)) => serverless::of_address(one),
        (Action::PutRetentionPolicy { retention_in_days }, Subject::LogGroup(one)) => {
            serverless::of_retention(one, *retention_in_days)
        }
        (Action::UpdateFunctionArchitecture { from, .. }, Subject::Function(one)) => {
            function::of_architecture(one, from)
        }
        (Action::UpdateFunctionMemory { from_mb, .. }, Subject::Function(one)) => {
            function::of_memory(one, *from_mb)
        }
        (Action::ApplySchedule { target, .. }, _) => schedule::refusal(asked, target),
        (Action::ResizeAutoScalingGroup { from, to }, Subject::Group(one)) => {
            serverless::of_group(one, *from, *to)
        }
        _ => None,
    }
}

/// The code of a resource that is not what the recommendation was made for.
pub(super) const CHANGED: &str = "changed-since";

/// Says that a resource is not what the recommendation was made for.
fn changed(name: &str, was: impl std::fmt::Display, is: impl std::fmt::Display) -> Option<Reason> {
    Some(Reason::new(
        CHANGED,
        format!("{name} was {was} when it was recommended and is {is} now: analyze again."),
        format!("{name}: 추천 당시 {was}, 현재 {is}. 다시 분석하세요."),
    ))
}

/// Makes a reason that applies.
fn refuse(code: &str, en: impl Into<String>, ko: impl Into<String>) -> Option<Reason> {
    Some(Reason::new(code, en, ko))
}
