//! Finds interface endpoints outside production that are charged in several zones.
//!
//! **Why it costs.** An interface endpoint is charged by the hour in every zone that it has a
//! subnet in. Instances of other zones reach it all the same: traffic between zones to an
//! interface endpoint is not charged.
//!
//! **What we do.** Outside production, keep the subnet of one zone and take the others out.
//! The saving is the hours of the zones that go.
//!
//! **What could go wrong.** If the zone that is left fails, the service cannot be reached
//! through the endpoint until a subnet is added again. Production is left alone for that
//! reason, and so is what no tag places.
//!
//! # 한국어
//!
//! 운영 환경이 아닌데 여러 가용 영역에서 과금되는 인터페이스 엔드포인트를 찾습니다.
//!
//! **비용이 드는 이유.** 인터페이스 엔드포인트는 서브넷이 있는 가용 영역마다 시간 단위로 과금됩니다. 다른 영역의
//! 인스턴스도 그대로 접속할 수 있으며, 인터페이스 엔드포인트로 가는 영역 간 전송에는 요금이 없습니다.
//!
//! **제안하는 조치.** 운영 환경이 아니면 한 영역의 서브넷만 남기고 나머지를 제거합니다. 제거한 영역의 시간
//! 요금이 절감액입니다.
//!
//! **주의할 점.** 남긴 영역에 장애가 나면 서브넷을 다시 추가할 때까지 엔드포인트로 서비스에 접속할 수 없습니다.
//! 그래서 운영 환경과, 태그로 환경을 알 수 없는 자원은 제안하지 않습니다.

use trimtab_model::action::{Action, Setting};
use trimtab_model::environment::Environment;
use trimtab_model::evidence::{Evidence, Figure};
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown, Verdict,
};
use trimtab_model::resource::vpc_endpoint::VpcEndpoint;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::billed::is_usage;
use crate::check::{Check, Facts, Need};
use crate::endpoint::zone_hours;
use crate::saving::{Commitment, Meter, estimate_of};
use crate::verdict::{Proposal, exempt, judge_each, pass, risk, unknown};

/// Picks the hours of the zones.
const ZONES: Meter = Meter {
    charges: |charge| is_usage(charge, &["VpcEndpoint-Hours"]),
    commitment: Commitment::Impossible,
};

/// The check.
pub static CHECK: Check = Check {
    id: "vpc-endpoint-zones-nonproduction",
    title: StaticText {
        en: "Interface endpoint in several zones outside production",
        ko: "운영 환경이 아닌데 여러 가용 영역에 걸친 인터페이스 엔드포인트",
    },
    kind: ResourceKind::VpcEndpoint,
    action_type: ActionType::ScaleIn,
    needs: &[Need::Kind(ResourceKind::VpcEndpoint), Need::OptionalBilling],
    thresholds: &[],
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
    let Some((first, others)) = kind
        .subnet_ids
        .split_first()
        .filter(|(_, others)| kind.is_interface() && !others.is_empty())
    else {
        return Ok(pass(
            "one-zone",
            "It is charged in one zone at most.",
            "과금되는 가용 영역이 하나 이하입니다.",
        ));
    };
    if kind.requester_managed == Some(true) {
        return Ok(exempt(
            "managed-by-service",
            "Another AWS service made this endpoint and manages it.",
            "다른 AWS 서비스가 만들어 관리하는 엔드포인트입니다.",
        ));
    }
    match endpoint.environment {
        Environment::Prod => {
            return Ok(pass(
                "production",
                "Production keeps an endpoint in every zone.",
                "운영 환경은 가용 영역마다 엔드포인트를 유지합니다.",
            ));
        }
        Environment::Unknown => {
            return Err(unknown(
                "environment-unknown",
                "No tag says whether this is production.",
                "운영 환경인지 알 수 있는 태그가 없습니다.",
                &["tags"],
            ));
        }
        Environment::Dev | Environment::Staging => {}
    }
    let reference = endpoint.reference(ResourceKind::VpcEndpoint);
    let zones = kind.subnet_ids.len();
    let savings = estimate_of(
        facts,
        &reference,
        std::slice::from_ref(&endpoint.id),
        ZONES,
        vec![zone_hours(facts, endpoint, zones)?],
        vec![zone_hours(facts, endpoint, 1)?],
    )?;
    Ok(Proposal {
        action: Action::Set(Setting::EndpointSubnets {
            keep: vec![first.clone()],
            remove: others.to_vec(),
        }),
        finding: Finding::Overprovisioned,
        reason_codes: vec![ReasonCode::OneZoneSuffices],
        reason: Reason::new(
            "several-zones",
            format!("{zones} zones are charged outside production."),
            format!("운영 환경이 아닌데 가용 영역 {zones}곳에서 과금됩니다."),
        ),
        savings,
        performance_risk: risk(endpoint.environment, 1),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "A subnet that is added again gets another address.",
            "서브넷을 다시 추가하면 IP 주소가 바뀝니다.",
        )),
        evidence: Evidence {
            figures: vec![
                Figure::number(
                    "zones",
                    "Zones that are charged",
                    "과금되는 가용 영역 수",
                    zones as f64,
                    "",
                )
                .against(1.0),
            ],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use trimtab_model::environment::Environment;

    use super::CHECK;
    use crate::scene::{check, scene};

    #[test]
    fn a_dev_endpoint_in_two_zones_fires() {
        check(&CHECK, scene().vpc_endpoint(|_| ()), "recommend 7.30 / 7.30 / 7.30");
    }

    #[test]
    fn the_bill_decides_what_a_zone_costs() {
        let scene =
            scene().vpc_endpoint(|_| ()).bill("vpce-1", "VpcEndpoint-Hours", "1440", "7.20");
        check(&CHECK, scene, "recommend 3.65 / 3.65 / 3.65");
    }

    #[test]
    fn production_passes() {
        let scene = scene().vpc_endpoint(|one| one.environment = Environment::Prod);
        check(&CHECK, scene, "pass production");
    }

    #[test]
    fn one_zone_is_just_under_the_threshold_and_passes() {
        let scene = scene().vpc_endpoint(|one| one.kind.subnet_ids.truncate(1));
        check(&CHECK, scene, "pass one-zone");
    }

    #[test]
    fn without_an_environment_it_is_unknown() {
        let scene = scene().vpc_endpoint(|one| one.environment = Environment::Unknown);
        check(&CHECK, scene, "unknown environment-unknown");
    }
}
