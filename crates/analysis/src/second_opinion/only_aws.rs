//! What AWS recommends and we do not, each with our reason.

use std::collections::BTreeSet;

use trimtab_model::analysis::Analysis;
use trimtab_model::environment::Environment;
use trimtab_model::opinion::{Advice, OnlyAws, Opinion, Opinions};
use trimtab_model::resource::ResourceRef;
use trimtab_model::snapshot::Snapshot;
use trimtab_model::text::Reason;

use super::compare::is_about;

/// Returns what AWS recommends about resources that we have no recommendation for, in order
/// of account, region and resource; one entry per source.
pub(super) fn only_aws(
    analysis: &Analysis,
    opinions: &Opinions,
    snapshot: &Snapshot,
) -> Vec<OnlyAws> {
    let mut found: Vec<OnlyAws> = opinions
        .opinions
        .iter()
        .filter(|opinion| opinion.advice != Advice::Keep)
        .filter(|opinion| !analysis.items.iter().any(|item| is_about(opinion, &item.resource)))
        .map(|opinion| {
            let known = snapshot
                .references(opinion.kind)
                .into_iter()
                .find(|resource| is_about(opinion, resource));
            let reason = match &known {
                Some(resource) => ours(analysis, resource),
                None => not_in_inventory(opinion, snapshot),
            };
            let resource = known.unwrap_or_else(|| named(opinion));
            OnlyAws { resource, opinion: opinion.clone(), reason }
        })
        .collect();
    found.sort_by(|left, right| {
        (&left.resource, left.opinion.source).cmp(&(&right.resource, right.opinion.source))
    });
    found
}

/// Returns a resource of which only AWS knows.
fn named(opinion: &Opinion) -> ResourceRef {
    ResourceRef {
        id: opinion.id.clone(),
        kind: opinion.kind,
        account: opinion.account.clone(),
        region: opinion.region.clone(),
        environment: Environment::Unknown,
        name: None,
    }
}

/// Returns what we say of a resource that we do not want to change.
fn ours(analysis: &Analysis, resource: &ResourceRef) -> Reason {
    let superseded = analysis
        .superseded
        .iter()
        .find(|one| one.recommendation.resource == *resource)
        .map(|one| &one.reason);
    let unknown: Option<&Reason> = analysis
        .unknown
        .iter()
        .find(|one| one.resource == *resource)
        .map(|one| &one.unknown.reason);
    // Two checks may pass for one reason.
    let passed: BTreeSet<(&str, &str)> = analysis
        .passed
        .iter()
        .filter(|one| one.resource == *resource)
        .map(|one| (one.reason.text.en.as_str(), one.reason.text.ko.as_str()))
        .collect();
    if let Some(reason) = superseded {
        return told(
            "superseded",
            "Another recommendation covers it",
            "다른 추천에 포함됩니다",
            reason,
        );
    }
    if let Some(reason) = unknown {
        return told(
            "not-judged",
            "trimtab could not judge it",
            "trimtab이 판정하지 못했습니다",
            reason,
        );
    }
    if passed.is_empty() {
        return Reason::new(
            "no-check",
            "No check of trimtab that is switched on judges it.",
            "이 자원을 판정하는 점검이 없거나 꺼져 있습니다.",
        );
    }
    let (en, ko): (Vec<&str>, Vec<&str>) = passed.into_iter().unzip();
    Reason::new(
        "passed",
        format!("trimtab would leave it: {}", en.join(" ")),
        format!("trimtab의 의견은 그대로 두는 것입니다: {}", ko.join(" ")),
    )
}

fn told(code: &str, en: &str, ko: &str, reason: &Reason) -> Reason {
    Reason::new(code, format!("{en}: {}", reason.text.en), format!("{ko}: {}", reason.text.ko))
}

fn not_in_inventory(opinion: &Opinion, snapshot: &Snapshot) -> Reason {
    if snapshot.was_listed(opinion.kind, &opinion.account, &opinion.region) {
        return Reason::new(
            "not-in-inventory",
            "The last scan did not find it: it may be gone since.",
            "마지막 스캔에서 찾지 못했습니다. 그사이 삭제되었을 수 있습니다.",
        );
    }
    Reason::new(
        "not-scanned",
        "This kind was not listed in this account and region.",
        "이 계정과 리전에서 이 종류의 자원을 조회하지 않았습니다.",
    )
}
