//! Finds VPCs attached to a transit gateway through which nothing passes.
//!
//! **Why it costs.** Every attachment is charged by the hour to the account that owns the
//! VPC, whether or not a packet passes.
//!
//! **What we do.** Take the routes to the transit gateway out, then delete the attachment.
//!
//! **What could go wrong.** A way that only a failover or a yearly exercise uses. The owner of
//! the transit gateway must accept a new attachment and route to it again.
//!
//! **Where others err.** They judge every type. A VPN or Direct Connect attachment goes with
//! its connection; here only those of VPCs are judged, in the account that pays.
//!
//! # 한국어
//!
//! Transit Gateway에 연결되어 있지만 트래픽이 없는 VPC 연결을 찾습니다.
//!
//! **비용이 드는 이유.** 연결은 패킷 유무와 관계없이 VPC를 소유한 계정에 시간 단위로 과금됩니다.
//!
//! **제안하는 조치.** Transit Gateway로 가는 경로를 먼저 제거하고 연결을 삭제합니다.
//!
//! **주의할 점.** 장애 조치나 연례 훈련에만 쓰는 경로일 수 있습니다. 다시 연결하려면 Transit Gateway 소유자가
//! 승인하고 라우팅을 다시 설정해야 합니다.
//!
//! **다른 도구와 다른 점.** VPN이나 Direct Connect 연결은 해당 회선과 함께 없어지므로, 비용을 내는 계정의 VPC
//! 연결만 판단합니다.

use trimtab_model::action::{Action, Deletion};
use trimtab_model::metric::Statistic;
use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown, Verdict,
};
use trimtab_model::resource::transit_gateway_attachment::TransitGatewayAttachment;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need, days_between};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS};
use crate::passage::{Counters, Passage, passage};
use crate::pricing::Tariff;
use crate::saving::{EVERYTHING, deletion};
use crate::verdict::{Proposal, judge_each, pass, risk};

/// Where the traffic of an attachment is counted.
const COUNTERS: Counters = Counters {
    namespace: "AWS/TransitGateway",
    metrics: &["BytesIn", "BytesOut"],
    held: &["TransitGateway-Hours"],
    moved: &["TransitGateway-Bytes"],
};

/// The check.
pub static CHECK: Check = Check {
    id: "transit-gateway-attachment-idle",
    title: StaticText {
        en: "Attachment to a transit gateway without traffic",
        ko: "트래픽이 없는 Transit Gateway 연결",
    },
    kind: ResourceKind::TransitGatewayAttachment,
    action_type: ActionType::Delete,
    needs: &[
        Need::Kind(ResourceKind::TransitGatewayAttachment),
        Need::OptionalMetric("AWS/TransitGateway", "BytesIn", &[Statistic::Sum]),
        Need::OptionalMetric("AWS/TransitGateway", "BytesOut", &[Statistic::Sum]),
        Need::OptionalBilling,
    ],
    thresholds: &[MIN_DAYS, MIN_COVERAGE_PERCENT],
    judge: |check, facts| {
        let kind = ResourceKind::TransitGatewayAttachment;
        judge_each(check, facts, kind, &facts.snapshot.transit_gateway_attachments, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    attachment: &Resource<TransitGatewayAttachment>,
) -> Result<Verdict, Unknown> {
    let kind = &attachment.kind;
    let is_vpc = kind.resource_type.as_deref() == Some("vpc");
    let pays = kind.resource_owner_id.as_ref().is_none_or(|owner| *owner == attachment.account);
    if !is_vpc || !pays || kind.state.as_deref() != Some("available") {
        return Ok(pass(
            "not-judged",
            "It is no VPC's attachment, not available, or another account pays for it.",
            "VPC 연결이 아니거나, 사용 가능 상태가 아니거나, 다른 계정이 비용을 내는 연결입니다.",
        ));
    }
    let min_days = check.threshold_f64(facts, MIN_DAYS.name);
    let age_days = kind.creation_time.map(|created| days_between(created, facts.now));
    if let Some(age_days) = age_days.filter(|age| f64::from(*age) < min_days) {
        return Ok(pass(
            "too-young",
            format!("The attachment is {age_days} days old and may not be in use yet."),
            format!("생성된 지 {age_days}일이라 아직 사용 전일 수 있습니다."),
        ));
    }
    let names = std::slice::from_ref(&attachment.id);
    let of = ResourceKind::TransitGatewayAttachment;
    let silence = match passage(check, facts, attachment, of, names, &COUNTERS)? {
        Passage::Something { counter, units } => {
            return Ok(pass(
                "in-use",
                format!("{counter} counted {units:.0}."),
                format!("트래픽이 있습니다({counter}: {units:.0})."),
            ));
        }
        Passage::Nothing(silence) => silence,
    };
    let reference = attachment.reference(of);
    let hours = HOURS_PER_MONTH.into();
    let list = Tariff::of(facts, attachment).meter("attachment", hours, "vpc/tgw_attachment_hour");
    let savings = deletion(facts, &reference, names, EVERYTHING, list.map(|part| vec![part]))?;
    let days = silence.days;
    let mut evidence = silence.evidence();
    evidence.notes.push(Text::new(
        "Take the routes to the transit gateway out first: they become black holes.",
        "Transit Gateway로 가는 경로를 먼저 제거하세요. 남겨 두면 블랙홀 경로가 됩니다.",
    ));
    Ok(Proposal {
        action: Action::Delete(Deletion::TransitGatewayAttachment {
            transit_gateway_id: kind.transit_gateway_id.clone(),
            vpc_id: kind.attached_id.clone(),
        }),
        finding: Finding::Idle,
        reason_codes: vec![ReasonCode::NoTraffic],
        reason: Reason::new(
            "no-traffic",
            format!("Not one byte passed in {days:.0} days."),
            format!("{days:.0}일 동안 단 1바이트도 통과하지 않았습니다."),
        ),
        savings,
        performance_risk: risk(attachment.environment, 1),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "A new attachment has another id; the gateway's owner accepts it and routes to it again.",
            "새 연결은 ID가 바뀌며, 게이트웨이 소유자의 승인과 라우팅 설정이 다시 필요합니다.",
        )),
        evidence,
    }
    .into_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::scene::{Scene, check, days_ago, scene};

    fn held() -> Scene {
        scene().transit_gateway_attachment(|_| ()).bill(
            "tgw-attach-1",
            "TransitGateway-Hours",
            "720",
            "36",
        )
    }

    #[test]
    fn an_attachment_with_hours_and_no_bytes_fires() {
        check(&CHECK, held(), "recommend 36.50 / 36.50 / 36.50");
    }

    #[test]
    fn an_attachment_with_bytes_passes() {
        check(
            &CHECK,
            held().bill("tgw-attach-1", "TransitGateway-Bytes", "1", "0.02"),
            "pass in-use",
        );
    }

    #[test]
    fn an_attachment_of_13_days_is_just_under_the_threshold() {
        let scene =
            scene().transit_gateway_attachment(|one| one.kind.creation_time = Some(days_ago(13)));
        check(&CHECK, scene, "pass too-young");
    }

    #[test]
    fn an_attachment_that_nothing_counts_is_unknown() {
        check(&CHECK, scene().transit_gateway_attachment(|_| ()), "unknown metric-missing");
    }

    #[test]
    fn what_another_account_pays_passes() {
        let scene = scene().transit_gateway_attachment(|one| {
            one.kind.resource_owner_id = Some("999999999999".into());
        });
        check(&CHECK, scene, "pass not-judged");
    }
}
