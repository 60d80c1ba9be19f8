//! Finds a second interface endpoint for the same service in the same VPC.
//!
//! **Why it costs.** Each is charged by the hour in every zone. Only one of them can hold the
//! service's private DNS name, so the other one is reached by its own long name or not at all.
//!
//! **What we do.** Keep the one with private DNS, and of two without the older one; delete
//! the other once whoever calls it by its own name has been moved.
//!
//! **What could go wrong.** Two endpoints may differ on purpose: another policy, another
//! security group, another set of zones. Compare them before.
//!
//! # 한국어
//!
//! 같은 VPC에서 같은 서비스에 두 개 이상 만들어진 인터페이스 엔드포인트를 찾습니다.
//!
//! **비용이 드는 이유.** 각각 가용 영역마다 시간 단위로 과금됩니다. 서비스의 프라이빗 DNS 이름은 하나의
//! 엔드포인트만 가질 수 있으므로, 나머지는 고유의 긴 이름으로 호출되거나 아예 쓰이지 않습니다.
//!
//! **제안하는 조치.** 프라이빗 DNS가 있는 쪽을 남기고, 둘 다 없으면 먼저 만든 쪽을 남깁니다. 나머지는 고유 이름으로
//! 호출하는 곳을 옮긴 뒤 삭제합니다.
//!
//! **주의할 점.** 정책, 보안 그룹, 가용 영역을 다르게 하려고 일부러 나눠 둔 것일 수 있으니 먼저 비교하세요.

use trimtab_model::action::Action;
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown, Verdict,
};
use trimtab_model::resource::vpc_endpoint::VpcEndpoint;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::endpoint::{COUNTERS, deletion_of, list_cost, neighbours};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS};
use crate::passage::{Passage, passage};
use crate::saving::{EVERYTHING, deletion};
use crate::verdict::{Proposal, exempt, judge_each, pass, risk};

/// The check.
pub static CHECK: Check = Check {
    id: "vpc-endpoint-duplicate",
    title: StaticText {
        en: "Second interface endpoint for the same service in a VPC",
        ko: "한 VPC에 중복된 인터페이스 엔드포인트",
    },
    kind: ResourceKind::VpcEndpoint,
    action_type: ActionType::Delete,
    needs: &[
        Need::Kind(ResourceKind::VpcEndpoint),
        Need::OptionalMetric("AWS/PrivateLinkEndpoints", "BytesProcessed", &[Statistic::Sum]),
        Need::OptionalBilling,
    ],
    thresholds: &[MIN_DAYS, MIN_COVERAGE_PERCENT],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::VpcEndpoint, &facts.snapshot.vpc_endpoints, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    endpoint: &Resource<VpcEndpoint>,
) -> Result<Verdict, Unknown> {
    let kind = &endpoint.kind;
    if kind.requester_managed == Some(true) {
        return Ok(exempt(
            "managed-by-service",
            "Another AWS service made this endpoint and manages it.",
            "다른 AWS 서비스가 만들어 관리하는 엔드포인트입니다.",
        ));
    }
    let kept = neighbours(facts, endpoint)
        .filter(|other| is_live_interface(&other.kind))
        .filter(|other| other.kind.service_name == kind.service_name)
        .find(|other| precedes(other, endpoint));
    let (true, Some(kept)) = (is_live_interface(kind), kept) else {
        return Ok(pass(
            "the-only-one",
            "No other endpoint of the VPC comes before it for the service.",
            "이 VPC에는 이 서비스에 대해 먼저 남길 다른 엔드포인트가 없습니다.",
        ));
    };
    // Of two, the silent one goes; if that is the other one, this one stays.
    let silent = |one: &Resource<VpcEndpoint>| {
        let names = std::slice::from_ref(&one.id);
        let passed = passage(check, facts, one, ResourceKind::VpcEndpoint, names, &COUNTERS);
        matches!(passed, Ok(Passage::Nothing(_)))
    };
    if silent(kept) {
        return Ok(pass(
            "the-other-is-idle",
            format!("{} has no traffic: that one can go, and this one stays.", kept.id),
            format!("트래픽이 없는 쪽은 {}이므로 이 엔드포인트는 유지합니다.", kept.id),
        ));
    }
    let reference = endpoint.reference(ResourceKind::VpcEndpoint);
    let names = std::slice::from_ref(&endpoint.id);
    let savings = deletion(facts, &reference, names, EVERYTHING, list_cost(facts, endpoint))?;
    Ok(Proposal {
        action: Action::Delete(deletion_of(kind)),
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::Duplicated],
        reason: Reason::new(
            "duplicate",
            format!("{} serves {} in the same VPC.", kept.id, kind.service_name),
            format!("같은 VPC에 동일한 서비스의 엔드포인트가 있습니다: {}.", kept.id),
        ),
        savings,
        performance_risk: risk(endpoint.environment, 1),
        effort: ImplementationEffort::Medium,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "A new endpoint has another identifier and other addresses.",
            "새 엔드포인트는 ID와 IP 주소가 바뀝니다.",
        )),
        evidence: Evidence {
            figures: vec![Figure::word(
                "kept",
                "Endpoint that stays",
                "남는 엔드포인트",
                kept.id.as_str(),
            )],
            signals_not_seen: vec![UnseenSignal {
                name: "policy".to_owned(),
                text: Text::new(
                    "Whether the two differ in policy, security groups or who calls them by their own names.",
                    "두 엔드포인트의 정책과 보안 그룹이 같은지, 고유 이름으로 호출하는 곳이 있는지 알 수 없습니다.",
                ),
            }],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

fn is_live_interface(endpoint: &VpcEndpoint) -> bool {
    endpoint.is_interface() && endpoint.state.as_deref() == Some("available")
}

/// Private DNS first, then age, then the identifier.
fn precedes(one: &Resource<VpcEndpoint>, other: &Resource<VpcEndpoint>) -> bool {
    let rank = |endpoint: &Resource<VpcEndpoint>| {
        (
            endpoint.kind.private_dns_enabled != Some(true),
            endpoint.kind.creation_timestamp.is_none(),
            endpoint.kind.creation_timestamp,
            endpoint.id.clone(),
        )
    };
    rank(one) < rank(other)
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::scene::{Scene, check, scene};

    /// The first endpoint is without private DNS; the second has it.
    fn pair(vpc: &str) -> Scene {
        scene().vpc_endpoint(|one| one.kind.private_dns_enabled = Some(false)).vpc_endpoint(|one| {
            one.id = "vpce-2".into();
            one.kind.vpc_id = Some(vpc.into());
        })
    }

    #[test]
    fn a_second_endpoint_without_private_dns_fires() {
        check(&CHECK, pair("vpc-1"), "recommend 14.60 / 14.60 / 14.60");
    }

    #[test]
    fn the_only_endpoint_passes() {
        check(&CHECK, scene().vpc_endpoint(|_| ()), "pass the-only-one");
    }

    #[test]
    fn an_endpoint_of_another_vpc_is_just_under() {
        check(&CHECK, pair("vpc-2"), "pass the-only-one");
    }

    #[test]
    fn where_the_other_one_is_idle_this_one_passes() {
        let scene = pair("vpc-1").bill("vpce-2", "VpcEndpoint-Hours", "1440", "14.40");
        check(&CHECK, scene, "pass the-other-is-idle");
    }

    #[test]
    fn without_a_price_it_is_unknown() {
        let scene = pair("vpc-1").without_price("vpc/interface_endpoint_hour");
        check(&CHECK, scene, "unknown price-missing");
    }
}
