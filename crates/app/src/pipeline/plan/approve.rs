//! A person's word for one stage of one plan, by its hash.

use std::collections::BTreeSet;

use jiff::Timestamp;

use trimtab_model::environment::Environment;
use trimtab_model::id::SubAccountId;
use trimtab_model::plan::{Approval as Needed, Plan, Stage};
use trimtab_rollout::plan as pure;
use trimtab_store::state::{Approved, State, StoredPlan};

use super::{Severity, find, kept, operator};
use crate::failure::{Failure, Kind};
use crate::pipeline::demo::clock;

/// How many characters of a hash must be typed.
const SHORTEST: usize = 12;

/// What a person approves.
#[derive(Debug, Clone)]
pub struct ApproveRequest {
    /// The plan, by the beginning of its identifier.
    pub plan: String,
    /// The stage.
    pub stage: Environment,
    /// The hash that was typed, or twelve characters of its beginning at least.
    pub hash: String,
    /// The aliases of accounts that were typed.
    pub aliases: Vec<String>,
    /// Who; the user of this machine where absent.
    pub by: Option<String>,
}

/// An approval that was kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Approval {
    /// The plan.
    pub stored: StoredPlan,
    /// Who approved.
    pub by: String,
    /// Whose word is still missing.
    pub missing: Missing,
}

/// Whose word a stage still needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// Nobody's.
    Nothing,
    /// One person's.
    OnePerson,
    /// Two persons', one of whom did not make the plan.
    TwoPersons,
    /// One more person's, who is not the one who approved.
    AnotherPerson,
    /// One more person's, who did not make the plan.
    SomebodyElse,
}

/// Approves a stage.
///
/// # Errors
/// Refuses a plan that has errors or is too old, a hash that is not its own, and production
/// without the name of each of its accounts.
pub fn approve(
    state: &State,
    request: &ApproveRequest,
    now: Timestamp,
) -> Result<Approval, Failure> {
    let stored = find(state, &request.plan)?;
    let by = operator(request.by.as_deref())?;
    let plan = &stored.plan;
    let now = clock(plan, now);
    let Some(stage) = plan.stages.iter().find(|stage| stage.environment == request.stage) else {
        return Err(no_stage(plan, request.stage));
    };
    same_hash(&stored, &request.hash)?;
    if plan.expires_at <= now {
        return Err(expired(&stored));
    }
    flawless(&stored, now)?;
    known_person(plan, &by)?;
    if stage.environment == Environment::Prod {
        accounts_named(plan, stage, &request.aliases)?;
    }
    let before = approvals_of(state, &stored, stage)?;
    let has_spoken = before.iter().any(|one| one.by.to_lowercase() == by.to_lowercase());
    let still = missing(plan, stage, &before);
    if has_spoken && still != Missing::Nothing {
        return Err(Failure::new(
            Kind::Failed,
            (
                format!("{by} has approved this stage already"),
                format!("이미 {by} 님이 승인한 단계입니다"),
            ),
        )
        .with_hint((
            "another person must approve it too: something in it is gone for good afterwards",
            "되돌릴 수 없는 변경이 있어 다른 사람의 승인도 필요합니다",
        )));
    }
    kept(state.approve(&stored.id, stage.environment, &by, &stored.hash, now))?;
    let after = approvals_of(state, &stored, stage)?;
    let missing = missing(plan, stage, &after);
    Ok(Approval { missing, stored, by })
}

/// Returns the approvals of a stage that hold: those of the hash that the plan has, by people who
/// may approve.
///
/// # Errors
/// Fails when the state cannot be read.
pub fn approvals_of(
    state: &State,
    stored: &StoredPlan,
    stage: &Stage,
) -> Result<Vec<Approved>, Failure> {
    let mut approvals = kept(state.approvals(&stored.id))?;
    let environment = stage.environment.as_str();
    approvals.retain(|one| {
        one.stage == environment
            && one.hash == stored.hash
            && stored.plan.rules.may_approve(&one.by)
    });
    Ok(approvals)
}

/// Returns whose word a stage still needs.
pub fn missing(plan: &Plan, stage: &Stage, approvals: &[Approved]) -> Missing {
    // A name in other letters is no other person.
    let persons: BTreeSet<String> = approvals.iter().map(|one| one.by.to_lowercase()).collect();
    match (stage.approval, persons.len()) {
        (Needed::Hash | Needed::HashAndAlias, 0) => Missing::OnePerson,
        (Needed::Hash | Needed::HashAndAlias, _) => Missing::Nothing,
        (Needed::TwoPersons, 0) => Missing::TwoPersons,
        (Needed::TwoPersons, 1) if persons.contains(&plan.created_by.to_lowercase()) => {
            Missing::SomebodyElse
        }
        (Needed::TwoPersons, 1) => Missing::AnotherPerson,
        (Needed::TwoPersons, _) => Missing::Nothing,
    }
}

/// Refuses a hash that is not the beginning of the plan's.
///
/// # Errors
/// Fails where it is too short, or another one.
pub fn same_hash(stored: &StoredPlan, typed: &str) -> Result<(), Failure> {
    let typed = typed.trim().to_lowercase();
    let typed = typed.strip_prefix("sha256:").unwrap_or(&typed);
    if typed.len() < SHORTEST {
        return Err(Failure::usage(
            (
                format!("{} characters are too few for a hash", typed.chars().count()),
                format!("해시로는 너무 짧습니다({}글자)", typed.chars().count()),
            ),
            (
                format!(
                    "type {SHORTEST} characters of it at least: `trimtab plan show {}` prints it",
                    stored.id
                ),
                format!(
                    "{SHORTEST}글자 이상 입력하세요. `trimtab plan show {}` 명령으로 볼 수 있습니다",
                    stored.id
                ),
            ),
        ));
    }
    if stored.hash.starts_with(typed) {
        return Ok(());
    }
    Err(Failure::new(
        Kind::Stale,
        (
            format!("the hash is not that of {}", stored.id),
            format!("{}의 해시가 아닙니다", stored.id),
        ),
    )
    .with_hint((
        format!("look at the plan again with `trimtab plan show {}`: you may have read another one", stored.id),
        format!("`trimtab plan show {}` 명령으로 계획을 다시 확인하세요. 다른 계획을 본 것일 수 있습니다", stored.id),
    )))
}

/// Says that a plan is too old to be started.
pub(in crate::pipeline) fn expired(stored: &StoredPlan) -> Failure {
    Failure::new(
        Kind::Stale,
        (
            format!("{} expired at {}", stored.id, stored.plan.expires_at),
            format!("{}은(는) {}에 만료되었습니다", stored.id, stored.plan.expires_at),
        ),
    )
    .with_hint((
        "scan again, and make a new plan with `trimtab plan create`",
        "다시 스캔하고 `trimtab plan create` 명령으로 새 계획을 만드세요",
    ))
}

/// Refuses the word of somebody whom the plan does not name among those who may approve.
pub(super) fn known_person(plan: &Plan, by: &str) -> Result<(), Failure> {
    if plan.rules.may_approve(by) {
        return Ok(());
    }
    let names = plan.rules.approvers.join(", ");
    Err(Failure::new(
        Kind::Failed,
        (
            format!("{by} is not among those who may approve this plan"),
            format!("이 계획을 승인할 수 있는 사람이 아닙니다: {by}"),
        ),
    )
    .with_hint((
        format!("ask one of them: {names}; rollout.approvers names them, and a new plan takes over who stands there"),
        format!("다음 중 한 명에게 승인을 요청하세요: {names}. rollout.approvers를 고치면 새로 만드는 계획부터 적용됩니다"),
    )))
}

/// Refuses a plan with errors.
fn flawless(stored: &StoredPlan, now: Timestamp) -> Result<(), Failure> {
    let findings = pure::lint(&stored.plan, now);
    if !pure::forbids_approval(&findings) {
        return Ok(());
    }
    let mut failure = Failure::new(
        Kind::Failed,
        (
            format!("{} has errors and cannot be approved", stored.id),
            format!("{}에 오류가 있어 승인할 수 없습니다", stored.id),
        ),
    );
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
    failure.causes.extend(errors.map(|finding| finding.reason.text.clone()));
    Err(failure.with_hint((
        format!(
            "`trimtab plan lint {}` shows all of it; correct it and make a new plan",
            stored.id
        ),
        format!(
            "`trimtab plan lint {}` 명령으로 전부 볼 수 있습니다. 바로잡고 새 계획을 만드세요",
            stored.id
        ),
    )))
}

/// Returns what each account of a stage is called: by its alias, else by its number.
pub(in crate::pipeline) fn names_of(plan: &Plan, stage: &Stage) -> Vec<(SubAccountId, String)> {
    let accounts: BTreeSet<&SubAccountId> = stage
        .waves
        .iter()
        .flat_map(|wave| &wave.changes)
        .map(|change| &change.resource.account)
        .collect();
    accounts
        .into_iter()
        .map(|account| {
            let alias = plan.accounts.get(account).cloned().flatten();
            (account.clone(), alias.unwrap_or_else(|| account.to_string()))
        })
        .collect()
}

fn accounts_named(plan: &Plan, stage: &Stage, typed: &[String]) -> Result<(), Failure> {
    let names = names_of(plan, stage);
    let is_known = |name: &String| names.iter().any(|(_, known)| known == name.trim());
    if let Some(foreign) = typed.iter().find(|name| !is_known(name)) {
        return Err(Failure::new(
            Kind::Failed,
            (
                format!("no account of this stage is called `{foreign}`"),
                format!("이 단계에 없는 계정 이름입니다: `{foreign}`"),
            ),
        )
        .with_hint((
            "look at the accounts of the plan with `trimtab plan show`: it may be another company's, or another plan",
            "`trimtab plan show` 명령으로 계획의 계정을 확인하세요. 다른 계획일 수 있습니다",
        )));
    }
    let unnamed: Vec<&str> = names
        .iter()
        .filter(|(_, name)| !typed.iter().any(|typed| typed.trim() == name))
        .map(|(account, _)| account.as_str())
        .collect();
    if unnamed.is_empty() {
        return Ok(());
    }
    let accounts = unnamed.join(", ");
    Err(Failure::new(
        Kind::Failed,
        (
            format!(
                "production is approved by the name of each account, and {accounts} was not named"
            ),
            format!(
                "운영 환경은 계정 이름을 하나하나 입력해 승인합니다. 입력하지 않은 계정: {accounts}"
            ),
        ),
    )
    .with_hint((
        "type the alias of each with --alias, or its number where it has none",
        "각 계정의 별칭을 --alias로 입력하세요. 별칭이 없으면 계정 번호를 입력합니다",
    )))
}

fn no_stage(plan: &Plan, stage: Environment) -> Failure {
    let stages: Vec<&str> = plan.stages.iter().map(|one| one.environment.as_str()).collect();
    let stages = stages.join(", ");
    Failure::usage(
        (format!("the plan has no stage {stage}"), format!("계획에 {stage} 단계가 없습니다")),
        (format!("it has: {stages}"), format!("계획에 있는 단계: {stages}")),
    )
}
