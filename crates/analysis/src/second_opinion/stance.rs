//! How AWS stands to one recommendation.

use std::collections::BTreeMap;

use serde_json::Value;

use trimtab_model::collection::Outcome;
use trimtab_model::opinion::{
    Advice, Aspect, Opinion, OpinionReading, OpinionSource, Opinions, SecondOpinion, Stance,
};
use trimtab_model::recommendation::{ActionType, Recommendation};
use trimtab_model::resource::{ResourceKind, ResourceRef};
use trimtab_model::text::Reason;

use super::compare::is_about;
use super::differences::differences;

/// Kinds that Compute Optimizer or Cost Optimization Hub judge, of those that we read
/// (AWS SDK: `IdleRecommendationResourceType` and the hub's `ResourceType`).
pub(super) const JUDGED: &[ResourceKind] = &[
    ResourceKind::Instance,
    ResourceKind::Volume,
    ResourceKind::AutoScalingGroup,
    ResourceKind::Function,
    ResourceKind::DbInstance,
    ResourceKind::DbCluster,
    ResourceKind::NatGateway,
    ResourceKind::DynamoTable,
    ResourceKind::CacheCluster,
    ResourceKind::MemoryDbCluster,
    ResourceKind::EcsService,
    ResourceKind::ModelEndpoint,
];

/// What two proposals of another configuration are compared by.
const TARGETS: &[&str] = &[
    "instance_type",
    "db_instance_class",
    "cache_node_type",
    "volume_type",
    "storage_type",
    "size_gib",
    "iops",
    "throughput_mib_s",
    "memory_size_mb",
    "cpu_units",
    "memory_mib",
];

/// Returns AWS's stance; absent where AWS could not be asked about the resource's place.
pub(super) fn second_opinion(item: &Recommendation, opinions: &Opinions) -> Option<SecondOpinion> {
    let asked: Vec<OpinionSource> = OpinionSource::ALL
        .iter()
        .copied()
        .filter(|source| was_asked(*source, &item.resource, opinions))
        .collect();
    if asked.is_empty() {
        return None;
    }
    let ours = ours(item);
    let about: Vec<Opinion> = opinions
        .opinions
        .iter()
        .filter(|opinion| is_about(opinion, &item.resource) && opinion.aspect == aspect(item))
        .cloned()
        .collect();
    let silent = |reason: Reason| SecondOpinion {
        stance: Stance::Absent,
        reason,
        differences: Vec::new(),
        opinions: about.clone(),
    };
    let Some(ours) = ours.filter(|_| JUDGED.contains(&item.resource.kind)) else {
        return Some(silent(unjudged_change()));
    };
    let verdicts: Vec<(Stance, Reason, &Opinion)> = about
        .iter()
        .map(|opinion| {
            let (stance, reason) = stance(ours, item, opinion);
            (stance, reason, opinion)
        })
        .collect();
    let agreeing = verdicts.iter().find(|(stance, ..)| *stance == Stance::Agree);
    let Some((stance, reason, opinion)) = agreeing.or(verdicts.first()) else {
        return Some(silent(not_named(&asked)));
    };
    Some(SecondOpinion {
        stance: *stance,
        reason: reason.clone(),
        differences: differences(item, opinion),
        opinions: about.clone(),
    })
}

/// Returns whether a source has answered about the place of a resource.
pub(super) fn was_asked(
    source: OpinionSource,
    resource: &ResourceRef,
    opinions: &Opinions,
) -> bool {
    let is_there = |reading: &OpinionReading| {
        reading.source == source
            && reading.account == resource.account
            && reading.region.as_ref().is_none_or(|region| *region == resource.region)
    };
    let answered = |reading: &OpinionReading| match reading.outcome {
        Outcome::Complete | Outcome::Partial => true,
        Outcome::Denied | Outcome::Throttled | Outcome::OptedOut | Outcome::Failed => false,
    };
    // Where it refuses now and has answered before, what it said then stands.
    let has_spoken = || {
        opinions.opinions.iter().any(|opinion| {
            opinion.source == source
                && opinion.account == resource.account
                && opinion.region == resource.region
        })
    };
    let there = || opinions.readings.iter().filter(|reading| is_there(reading));
    there().any(answered)
        || (there().any(|reading| reading.outcome != Outcome::OptedOut) && has_spoken())
}

/// Returns what we recommend in AWS's terms; absent for a change that AWS does not judge.
fn ours(item: &Recommendation) -> Option<Advice> {
    match item.action_type {
        ActionType::Schedule
        | ActionType::FixApplication
        | ActionType::ConvertServerless
        | ActionType::MoveToContainers => None,
        // Compute Optimizer sizes tasks, whatever their processor is.
        ActionType::MigrateToGraviton if item.resource.kind == ResourceKind::EcsService => None,
        ActionType::Stop | ActionType::Delete => Some(Advice::Remove),
        ActionType::Rightsize
        | ActionType::Upgrade
        | ActionType::ScaleIn
        | ActionType::MigrateToGraviton
        | ActionType::SetRetention
        | ActionType::Reconfigure => (!targets(item).is_empty()).then_some(Advice::Change),
    }
}

/// Returns what of the resource we want to change.
fn aspect(item: &Recommendation) -> Aspect {
    let is_storage = item.resource.kind == ResourceKind::DbInstance
        && item.action.recommended().contains_key("storage_type");
    if is_storage { Aspect::Storage } else { Aspect::Whole }
}

/// Returns what we propose, by those keys that AWS has too.
pub(super) fn targets(item: &Recommendation) -> BTreeMap<&'static str, String> {
    let recommended = item.action.recommended();
    TARGETS
        .iter()
        .filter_map(|key| {
            let value = match recommended.get(*key)? {
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
            };
            Some((*key, value))
        })
        .collect()
}

fn stance(ours: Advice, item: &Recommendation, theirs: &Opinion) -> (Stance, Reason) {
    let name = theirs.source.name();
    match (ours, theirs.advice) {
        (Advice::Remove, Advice::Remove) => (
            Stance::Agree,
            Reason::new(
                "same-change",
                format!("{name} finds it unused too ({}).", theirs.finding),
                format!("{name}도 사용하지 않는 자원으로 봅니다({}).", theirs.finding),
            ),
        ),
        (Advice::Change, Advice::Change) => same_change(item, theirs),
        // What fits may still have a newer type of the same size proposed for it.
        (Advice::Change, Advice::Keep) if matches!(same_change(item, theirs), (Stance::Agree, reason) if reason.code == "same-change") => {
            same_change(item, theirs)
        }
        (_, Advice::Keep) => (
            Stance::Differ,
            Reason::new(
                "aws-keeps",
                format!("{name} calls it {} and would leave it.", theirs.finding),
                format!("{name}의 판정은 {}이며, 그대로 두라는 의견입니다.", theirs.finding),
            ),
        ),
        (_, Advice::Enlarge) => (
            Stance::Differ,
            Reason::new(
                "aws-enlarges",
                format!(
                    "{name} finds it too small ({}): look at both figures before changing it.",
                    theirs.finding
                ),
                format!(
                    "{name}의 의견은 반대로 용량 부족입니다({}). 변경하기 전에 양쪽 수치를 확인하세요.",
                    theirs.finding
                ),
            ),
        ),
        (_, Advice::Remove) => (
            Stance::Differ,
            Reason::new(
                "aws-removes",
                format!(
                    "{name} finds it unused ({}) where trimtab would keep it in another size.",
                    theirs.finding
                ),
                format!(
                    "{name}의 의견은 사용하지 않는 자원이라는 것이고({}), trimtab의 의견은 크기를 바꿔 계속 쓰는 것입니다.",
                    theirs.finding
                ),
            ),
        ),
        (_, Advice::Change) => (
            Stance::Differ,
            Reason::new(
                "aws-resizes",
                format!("{name} would keep it in another size ({}).", proposal(theirs)),
                format!("{name}의 의견은 크기를 바꿔 계속 쓰는 것입니다({}).", proposal(theirs)),
            ),
        ),
    }
}

fn same_change(item: &Recommendation, theirs: &Opinion) -> (Stance, Reason) {
    let name = theirs.source.name();
    let ours = targets(item);
    let both: Vec<(&str, &String, &String)> = ours
        .iter()
        .filter_map(|(key, own)| Some((*key, own, theirs.recommended.get(*key)?)))
        .collect();
    let other = both.iter().find(|(_, own, their)| own != their);
    if let Some((key, own, their)) = other {
        let (own, their) = (named(key, own), named(key, their));
        return (
            Stance::Differ,
            Reason::new(
                "other-target",
                format!("{name} proposes {their} where trimtab proposes {own}."),
                format!("{name}의 제안은 {their}, trimtab의 제안은 {own}입니다."),
            ),
        );
    }
    if both.is_empty() {
        return (
            Stance::Agree,
            Reason::new(
                "same-kind-of-change",
                format!("{name} recommends a change of the same kind ({}).", proposal(theirs)),
                format!("{name}도 같은 종류의 변경을 권합니다({}).", proposal(theirs)),
            ),
        );
    }
    let target: Vec<String> = both.iter().map(|(key, own, _)| named(key, own)).collect();
    let target = target.join(", ");
    (
        Stance::Agree,
        Reason::new(
            "same-change",
            format!("{name} proposes the same: {target}."),
            format!("{name}의 제안도 같습니다: {target}."),
        ),
    )
}

/// Returns a value, with its key where it is a bare number.
fn named(key: &str, value: &str) -> String {
    match value.bytes().all(|byte| byte.is_ascii_digit()) {
        true => format!("{key} {value}"),
        false => value.to_owned(),
    }
}

/// Returns what AWS proposes, in a phrase.
pub(super) fn proposal(opinion: &Opinion) -> String {
    let values: Vec<String> =
        opinion.recommended.iter().map(|(key, value)| named(key, value)).collect();
    match (&opinion.summary, values.is_empty()) {
        (_, false) => values.join(", "),
        (Some(summary), true) => summary.clone(),
        (None, true) => opinion.finding.clone(),
    }
}

fn unjudged_change() -> Reason {
    Reason::new(
        "not-judged-by-aws",
        "Compute Optimizer and Cost Optimization Hub do not judge this kind of change.",
        "Compute Optimizer와 Cost Optimization Hub가 판정하지 않는 종류의 변경입니다.",
    )
}

fn not_named(asked: &[OpinionSource]) -> Reason {
    let names: Vec<&str> = asked.iter().map(|source| source.name()).collect();
    Reason::new(
        "not-named",
        format!(
            "{} named other resources of this place, or none, but not this one. Too few days of metrics is the usual reason.",
            names.join(" and ")
        ),
        format!(
            "{}의 답에 이 자원이 없습니다. 지표가 쌓인 날이 모자라면 흔히 그렇습니다.",
            names.join(", ")
        ),
    )
}
