//! Finds trails that record management events which another trail records already.
//!
//! **Why it costs.** The first copy of management events is free in each region. Every further
//! trail that records them is charged per event, and for what it stores.
//!
//! **What we do.** Stop the trail that the bill charges, once whoever reads its bucket reads
//! the other one's. It can be started again.
//!
//! **What could go wrong.** A security team may own one of the two, with a bucket that others
//! cannot change. Events of the time in which it is stopped are in the other trail only.
//!
//! **Where others err.** They report any second trail, also where it records data events or
//! another region. We take the one that the bill charges for management events.
//!
//! # 한국어
//!
//! 다른 추적이 이미 기록하는 관리 이벤트를 중복으로 기록하는 추적을 찾습니다.
//!
//! **비용이 드는 이유.** 관리 이벤트는 리전마다 첫 번째 사본만 무료입니다. 같은 이벤트를 기록하는 추적이 더 있으면 이벤트
//! 수에 따라 과금되고 저장 비용도 나옵니다.
//!
//! **제안하는 조치.** 해당 버킷을 읽는 쪽을 다른 추적의 버킷으로 옮긴 뒤, 청구서에서 과금되는 추적의 기록을
//! 중지합니다. 다시 시작할 수 있습니다.
//!
//! **주의할 점.** 보안 담당 부서가 변경할 수 없는 버킷으로 따로 운영하는 추적일 수 있습니다. 중지한 동안의 이벤트는 다른
//! 추적에만 남습니다.
//!
//! **다른 도구와 다른 점.** 데이터 이벤트나 다른 리전을 기록하는 추적까지 두 번째라는 이유로 보고하는 대신, 청구서에서
//! 관리 이벤트로 과금되는 추적만 제안합니다.

use trimtab_model::action::{Action, Setting};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::id::ResourceId;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown, Verdict,
};
use trimtab_model::resource::trail::Trail;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::billed::is_usage;
use crate::check::{Check, Facts, Need};
use crate::saving::{Commitment, Meter, deletion};
use crate::verdict::{Proposal, exempt, judge_each, pass, risk, unknown};

/// Picks the further copies of management events.
const FURTHER_COPIES: Meter = Meter {
    charges: |charge| is_usage(charge, &["PaidEventsRecorded"]),
    commitment: Commitment::Impossible,
};

/// The check.
pub static CHECK: Check = Check {
    id: "cloudtrail-trail-duplicate",
    title: StaticText {
        en: "CloudTrail trail that records management events a second time",
        ko: "관리 이벤트를 중복으로 기록하는 CloudTrail 추적",
    },
    kind: ResourceKind::Trail,
    action_type: ActionType::Stop,
    needs: &[Need::Kind(ResourceKind::Trail), Need::OptionalBilling],
    thresholds: &[],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::Trail, &facts.snapshot.trails, judge)
    },
};

fn judge(check: &Check, facts: &Facts<'_>, trail: &Resource<Trail>) -> Result<Verdict, Unknown> {
    let kind = &trail.kind;
    let (Some(is_logging), Some(management), Some(other_events)) =
        (kind.is_logging, kind.management_events, kind.other_events)
    else {
        return Err(unknown(
            "selectors-unknown",
            "What the trail records was not read.",
            "이 추적이 기록하는 이벤트를 읽지 못했습니다.",
            &["inventory:get-event-selectors"],
        ));
    };
    if !is_logging || !management {
        return Ok(pass(
            "records-none",
            "The trail records no management events.",
            "관리 이벤트를 기록하지 않는 추적입니다.",
        ));
    }
    if kind.is_organization_trail == Some(true) {
        return Ok(exempt(
            "organization-trail",
            "The organisation's trail is the one that stays.",
            "조직 추적은 유지합니다.",
        ));
    }
    let other = facts.snapshot.trails.iter().find(|other| {
        other.id != trail.id
            && other.account == trail.account
            && other.kind.is_logging == Some(true)
            && other.kind.management_events == Some(true)
            && covers(&other.kind, other, trail)
    });
    let Some(other) = other else {
        return Ok(pass(
            "the-only-one",
            "No other trail records management events everywhere that this one does.",
            "이 추적의 범위를 모두 기록하는 다른 추적이 없습니다.",
        ));
    };
    if other_events {
        return Ok(pass(
            "records-more",
            "It records data events or insights too, which would end with it.",
            "데이터 이벤트나 인사이트도 함께 기록하고 있어 중지할 수 없습니다.",
        ));
    }
    let reference = trail.reference(ResourceKind::Trail);
    let arn = kind.trail_arn.as_deref().map(ResourceId::new);
    let names: Vec<ResourceId> = std::iter::once(trail.id.clone()).chain(arn).collect();
    let not_charged = unknown(
        "charge-unknown",
        "The bill does not say which of the trails it charges.",
        "청구서에서 어느 추적이 과금되는지 알 수 없습니다.",
        &["billing"],
    );
    let savings = deletion(facts, &reference, &names, FURTHER_COPIES, Err(not_charged))?;
    Ok(Proposal {
        action: Action::Set(Setting::TrailLogging),
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::Duplicated],
        reason: Reason::new(
            "duplicate",
            format!("{} records the same management events.", other.id),
            format!("같은 관리 이벤트를 기록하는 추적이 있습니다: {}.", other.id),
        ),
        savings,
        performance_risk: risk(trail.environment, 1),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "Recording can be started again; what happened in between is in the other trail only.",
            "기록은 다시 시작할 수 있지만, 그사이의 이벤트는 다른 추적에만 남습니다.",
        )),
        evidence: Evidence {
            figures: vec![Figure::word(
                "other",
                "Trail that stays",
                "남는 추적",
                other.id.as_str(),
            )],
            signals_not_seen: vec![UnseenSignal {
                name: "readers".to_owned(),
                text: Text::new(
                    "Who reads the bucket of this trail.",
                    "이 추적의 버킷을 누가 읽는지 알 수 없습니다.",
                ),
            }],
            notes: vec![Text::new(
                "The bucket and what it holds stay, and are charged as storage.",
                "버킷과 저장된 로그는 남아서 계속 저장 요금이 나옵니다.",
            )],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

/// Returns whether `other` records every region that `trail` does.
fn covers(kind: &Trail, other: &Resource<Trail>, trail: &Resource<Trail>) -> bool {
    let home =
        |one: &Resource<Trail>| one.kind.home_region.clone().unwrap_or_else(|| one.region.clone());
    kind.is_multi_region_trail == Some(true)
        || (trail.kind.is_multi_region_trail == Some(false) && home(other) == home(trail))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::scene::{Scene, check, scene};

    fn two() -> Scene {
        scene().trail(|_| ()).trail(|one| one.id = "first".into())
    }

    fn charged(scene: Scene) -> Scene {
        scene.bill("second", "PaidEventsRecorded", "1000000", "20")
    }

    #[test]
    fn the_one_that_the_bill_charges_fires() {
        check(&CHECK, charged(two()), "recommend 20.28 / 20.28 / 20.28");
    }

    #[test]
    fn the_only_trail_passes() {
        check(&CHECK, charged(scene().trail(|_| ())), "pass the-only-one");
    }

    #[test]
    fn a_trail_of_more_regions_than_the_other_is_just_under() {
        let mut scene = charged(two());
        scene.snapshot.trails[1].kind.is_multi_region_trail = Some(false);
        check(&CHECK, scene, "pass the-only-one");
    }

    #[test]
    fn a_trail_with_data_events_passes() {
        let mut scene = charged(two());
        scene.snapshot.trails[0].kind.other_events = Some(true);
        check(&CHECK, scene, "pass records-more");
    }

    #[test]
    fn what_the_bill_does_not_tell_is_unknown() {
        check(&CHECK, two(), "unknown charge-unknown");
        let scene = scene().trail(|one| one.kind.management_events = None);
        check(&CHECK, scene, "unknown selectors-unknown");
    }
}
