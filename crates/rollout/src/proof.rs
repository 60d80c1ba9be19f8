//! What a change of production rests on: the same change of its service, which passed in staging.
//!
//! A smaller type that was well in staging says nothing of another type, of another image, or of
//! another engine. What was not watched there, or so long ago that the service is another one by
//! now, says nothing either.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::mem::discriminant;

use jiff::Timestamp;

use trimtab_model::action::Action;
use trimtab_model::environment::Environment;
use trimtab_model::journal::ChangeOutcome;
use trimtab_model::plan::{Change, Plan, Stage, StagingProof, UnitKind};
use trimtab_model::resource::ResourceKind;
use trimtab_model::text::Reason;

use crate::plan::is_way_back;
use crate::progress::{Phase, Progress};

/// The changes of staging, by their service.
#[derive(Debug, Default)]
pub(crate) struct Staged<'a>(BTreeMap<&'a str, Vec<&'a Change>>);

impl<'a> Staged<'a> {
    /// Collects them.
    pub(crate) fn of(stages: &'a [Stage]) -> Self {
        let mut found: BTreeMap<&str, Vec<&Change>> = BTreeMap::new();
        let staging = stages.iter().filter(|stage| stage.environment == Environment::Staging);
        for change in staging.flat_map(|stage| &stage.waves).flat_map(|wave| &wave.changes) {
            if let Some(service) = service(change) {
                found.entry(service).or_default().push(change);
            }
        }
        Self(found)
    }

    /// Returns those that prove a change; none where it needs no proof.
    ///
    /// # Errors
    /// Returns why nothing among them would prove it.
    pub(crate) fn needed(
        &self,
        change: &Change,
        rule: StagingProof,
    ) -> Result<Vec<&'a Change>, Reason> {
        let is_production = matches!(change.environment, Environment::Prod | Environment::Unknown);
        if !is_production || rule == StagingProof::Off || is_way_back(change) {
            return Ok(Vec::new());
        }
        let of_service = service(change).and_then(|name| self.0.get(name)).into_iter().flatten();
        let twins = || of_service.clone().copied().filter(|other| is_same_kind(other, change));
        let alike: Vec<&Change> = twins().filter(|one| difference(one, change).is_none()).collect();
        if !alike.is_empty() {
            return Ok(alike);
        }
        match (twins().find_map(|other| difference(other, change)), rule) {
            (Some(found), _) => Err(found),
            (None, StagingProof::Required) => Err(unstaged(change)),
            (None, StagingProof::IfStaged | StagingProof::Off) => Ok(Vec::new()),
        }
    }
}

/// Returns why a change of a run must not begin: what was to prove it did not pass, was not
/// watched, or is too old.
pub(crate) fn missing(
    plan: &Plan,
    progress: &Progress,
    change: &Change,
    now: Timestamp,
) -> Option<Reason> {
    let proofs = match Staged::of(&plan.stages).needed(change, plan.rules.staging_proof) {
        Ok(proofs) => proofs,
        Err(reason) => return Some(reason),
    };
    if proofs.is_empty() {
        return None;
    }
    let watched: Vec<&Change> = proofs.into_iter().filter(|proof| !proof.soak.is_zero()).collect();
    if watched.is_empty() {
        return Some(Reason::new(
            "not-soaked",
            "The same change is not watched in staging: it proves nothing.",
            "스테이징의 같은 변경을 지켜보지 않아 검증되지 않았습니다.",
        ));
    }
    if watched.iter().all(|proof| passed_at(progress, proof).is_none()) {
        return Some(Reason::new(
            "not-proven",
            "The same change has not passed in staging.",
            "스테이징에서 같은 변경이 통과하지 않았습니다.",
        ));
    }
    // What passed in production since then is a newer proof than that of staging.
    let of_its_kind = plan.changes().filter(|other| {
        service(other) == service(change)
            && is_same_kind(other, change)
            && difference(other, change).is_none()
    });
    let latest = of_its_kind
        .filter(|other| !other.soak.is_zero())
        .filter_map(|other| passed_at(progress, other))
        .max()?;
    let lifetime = plan.rules.evidence_lifetime;
    (now.duration_since(latest) > lifetime).then(|| expired(latest, lifetime.as_hours() / 24))
}

/// Says that a proof is too old.
pub(crate) fn expired(passed: Timestamp, days: i64) -> Reason {
    Reason::new(
        "proof-expired",
        format!(
            "What was proven before passed at {passed}, more than {days} days ago: make a new plan and begin again (rollout.evidence_lifetime)."
        ),
        format!(
            "이전 검증은 {passed}에 통과했고 {days}일이 넘었습니다. 새 계획으로 다시 시작하세요(rollout.evidence_lifetime)."
        ),
    )
}

/// Returns when a change passed its gates, if it did and still stands.
pub(crate) fn passed_at(progress: &Progress, change: &Change) -> Option<Timestamp> {
    let one = progress.changes.get(&change.id)?;
    match &one.phase {
        Phase::Passed { at } if one.held.is_none() => Some(*at),
        Phase::Closed { outcome: ChangeOutcome::Confirmed, at } => Some(*at),
        Phase::Passed { .. }
        | Phase::Closed { .. }
        | Phase::Forward
        | Phase::Soaking { .. }
        | Phase::Back { .. } => None,
    }
}

/// Says why nothing in staging is the proof of a change.
fn unstaged(change: &Change) -> Reason {
    if service(change).is_some() {
        return Reason::new(
            "not-in-staging",
            "The plan does not make this change of its service in staging first, which the rules require (rollout.staging_proof).",
            "규칙상 같은 서비스의 같은 변경을 스테이징에서 먼저 해야 하는데 이 계획에는 없습니다(rollout.staging_proof).",
        );
    }
    if is_of_service(change.resource.kind) {
        return Reason::new(
            "no-service",
            "No tag says of which service it is (Service, App or Application), so that nothing in staging can be its proof, which the rules require (rollout.staging_proof). Tag it here and in staging.",
            "서비스를 나타내는 태그(Service, App, Application)가 없어 규칙이 요구하는 스테이징 검증을 할 수 없습니다(rollout.staging_proof). 운영과 스테이징 자원에 같은 태그를 붙이세요.",
        );
    }
    Reason::new(
        "not-provable",
        "What this changes is of no service by itself, so that nothing in staging can be its proof, which the rules require (rollout.staging_proof). Plan such changes by themselves, with rollout.staging_proof = \"if-staged\".",
        "이 종류의 자원은 서비스로 묶이지 않아 규칙이 요구하는 스테이징 검증을 할 수 없습니다(rollout.staging_proof). 이런 변경만 따로 rollout.staging_proof = \"if-staged\"로 계획하세요.",
    )
}

/// Returns whether resources of a kind are counted with their service.
fn is_of_service(kind: ResourceKind) -> bool {
    matches!(
        kind,
        ResourceKind::Instance
            | ResourceKind::DbInstance
            | ResourceKind::AutoScalingGroup
            | ResourceKind::Function
    )
}

fn is_same_kind(other: &Change, change: &Change) -> bool {
    discriminant(&other.action) == discriminant(&change.action)
}

/// Returns the service of a change, without its environment.
fn service(change: &Change) -> Option<&str> {
    let unit = change.units.iter().find(|unit| unit.kind == UnitKind::Service)?;
    Some(unit.name.rsplit_once('/').map_or(unit.name.as_str(), |(service, _)| service))
}

/// Says in what two changes of a service differ that makes one no proof of the other.
fn difference(other: &Change, change: &Change) -> Option<Reason> {
    let (theirs, ours) = (traits(other), traits(change));
    let found = ours.iter().zip(&theirs).find(|(ours, theirs)| ours != theirs);
    let ((name, ours), (_, theirs)) = found?;
    let word = |value: &Option<String>| value.clone().unwrap_or_else(|| "?".to_owned());
    let (ours, theirs) = (word(ours), word(theirs));
    Some(Reason::new(
        "staging-differs",
        format!(
            "In staging its service gets {name} {theirs}, and here {ours}: what passes there proves nothing of this (rollout.staging_proof)."
        ),
        format!(
            "같은 서비스의 스테이징은 {name}이(가) {theirs}이고 여기는 {ours}입니다. 스테이징 결과로는 검증되지 않습니다(rollout.staging_proof)."
        ),
    ))
}

/// What must be the same, by AWS's names: the size that it gets, and what runs on it. Of amounts
/// that staging has less of, such as storage and members, only which way they go.
fn traits(change: &Change) -> Vec<(&'static str, Option<String>)> {
    let is = |name: &'static str| (name, change.expected.0.get(name).cloned());
    match &change.action {
        Action::ModifyInstanceType { to, .. } => {
            vec![("InstanceType", Some(to.to_string())), is("ImageId")]
        }
        Action::ModifyDbInstanceClass { to, .. } => {
            vec![("DBInstanceClass", Some(to.to_string())), is("Engine"), is("EngineVersion")]
        }
        Action::ModifyDbStorage { to, .. } => {
            vec![("StorageType", Some(to.storage_type.clone())), is("Engine"), is("EngineVersion")]
        }
        Action::SwitchDatabase(switch) => vec![
            ("DBInstanceClass", Some(switch.to_class.to_string())),
            ("AllocatedStorage", Some(way(switch.from_storage_gib, switch.to_storage_gib))),
            is("Engine"),
            is("EngineVersion"),
        ],
        Action::RefreshInstances(refresh) => vec![("InstanceType", Some(refresh.to.to_string()))],
        Action::ResizeAutoScalingGroup { from, to } => vec![
            ("MinSize", Some(way(from.min_size, to.min_size))),
            ("MaxSize", Some(way(from.max_size, to.max_size))),
            ("DesiredCapacity", Some(way(from.desired_capacity, to.desired_capacity))),
        ],
        Action::UpdateFunctionArchitecture { to, .. } => {
            vec![("Architectures", Some(to.clone())), is("Runtime")]
        }
        Action::UpdateFunctionMemory { to_mb, .. } => {
            vec![("MemorySize", Some(to_mb.to_string())), is("Runtime")]
        }
        _ => Vec::new(),
    }
}

/// Returns a sign of whether there is more or less of something afterwards.
fn way(from: u32, to: u32) -> String {
    match to.cmp(&from) {
        Ordering::Less => "↓",
        Ordering::Equal => "=",
        Ordering::Greater => "↑",
    }
    .to_owned()
}
