//! Finds Dedicated Hosts without an instance.
//!
//! **Why it costs.** A Dedicated Host is charged by the hour as a whole, whether anything runs on it or not.
//!
//! **What we do.** Release it. Neither a running nor a stopped instance may be bound to it. The saving is what
//! the bill says of the host; the price list has no hosts.
//!
//! **What could go wrong.** AWS does not tell since when a host is empty, so *low* is zero: look again on another
//! day. Licences bound to its sockets or cores lose their place, and another host may not be there
//! when it is wanted. A host of Apple's stays at least 24 hours.
//!
//! **Where others err.** Most do not look at hosts, or forget that a Host Reservation goes on being charged.
//!
//! # 한국어
//!
//! 인스턴스가 없는 전용 호스트를 찾습니다.
//!
//! **비용이 드는 이유.** 전용 호스트는 인스턴스 실행 여부와 관계없이 호스트 전체가 시간 단위로 과금됩니다.
//!
//! **제안하는 조치.** 호스트를 반납합니다. 실행 중이거나 중지된 인스턴스가 하나도 묶여 있지 않아야 합니다. 정가표에
//! 호스트 가격이 없으므로 청구서의 호스트 비용을 절감액으로 봅니다.
//!
//! **주의할 점.** 언제부터 비어 있었는지는 조회되지 않으므로 최소 절감액은 0으로 봅니다. 다른 날 다시 확인하세요.
//! 호스트의 소켓이나 코어에 묶인 라이선스는 자리를 잃으며, 다시 필요할 때 호스트가 없을 수 있습니다. Mac 호스트는
//! 최소 24시간 동안 유지해야 합니다.
//!
//! **다른 도구와 다른 점.** 대부분의 도구는 호스트를 확인하지 않거나, 호스트 예약이 있으면 반납해도 계속 과금된다는
//! 점을 고려하지 않습니다.

use rust_decimal::Decimal;

use trimtab_model::action::{Action, HostCapacity};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::host::Host;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need, days_between};
use crate::saving::{EVERYTHING_WITH_HOURS, deletion, narrowed};
use crate::verdict::{Proposal, exempt, judge_each, pass, risk, unknown};

/// The check.
pub static CHECK: Check = Check {
    id: "ec2-host-empty",
    title: StaticText {
        en: "Dedicated Host without an instance",
        ko: "인스턴스가 없는 전용 호스트",
    },
    kind: ResourceKind::Host,
    action_type: ActionType::Delete,
    needs: &[
        Need::Kind(ResourceKind::Host),
        Need::Kind(ResourceKind::Instance),
        Need::OptionalBilling,
    ],
    thresholds: &[Threshold {
        name: "min_age_days",
        default: "7",
        unit: "days",
        text: StaticText {
            en: "Youngest host that is reported: a new one may be about to be filled.",
            ko: "보고 대상이 되는 호스트의 최소 나이입니다. 새 호스트는 곧 쓰일 수 있습니다.",
        },
    }],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::Host, &facts.snapshot.hosts, judge)
    },
};

fn judge(check: &Check, facts: &Facts<'_>, host: &Resource<Host>) -> Result<Verdict, Unknown> {
    let kind = &host.kind;
    if kind.state != "available" {
        return Ok(pass(
            "not-available",
            "The host is not available.",
            "사용 가능 상태의 호스트가 아닙니다.",
        ));
    }
    if !facts.snapshot.was_listed(ResourceKind::Instance, &host.account, &host.region) {
        return Err(unknown(
            "instances-not-listed",
            "The instances that may be bound to the host were not read.",
            "호스트에 묶여 있을 수 있는 인스턴스 목록이 없습니다.",
            &["inventory:describe-instances"],
        ));
    }
    let bound =
        facts.snapshot.instances.iter().any(|one| one.kind.host_id.as_ref() == Some(&host.id));
    if bound || !kind.instance_ids.is_empty() {
        return Ok(pass("in-use", "An instance is on the host.", "인스턴스가 있는 호스트입니다."));
    }
    if kind.host_reservation_id.is_some() {
        return Ok(exempt(
            "reserved",
            "A Host Reservation pays for it, and would go on.",
            "호스트 예약으로 비용을 내고 있어 반납해도 계속 과금됩니다.",
        ));
    }
    if kind.member_of_service_linked_resource_group == Some(true) {
        return Ok(exempt(
            "managed",
            "License Manager allocates and releases it.",
            "License Manager가 할당하고 반납하는 호스트입니다.",
        ));
    }
    let capacity = match (&kind.instance_family, &kind.instance_type) {
        (Some(family), _) => HostCapacity::InstanceFamily(family.clone()),
        (None, Some(one)) => HostCapacity::InstanceType(one.clone()),
        (None, None) => {
            return Err(unknown(
                "capacity-unknown",
                "What the host takes is not known.",
                "호스트가 지원하는 인스턴스 유형을 알 수 없습니다.",
                &["inventory:describe-hosts"],
            ));
        }
    };
    let Some(allocated) = kind.allocation_time else {
        return Err(unknown(
            "age-unknown",
            "When the host was allocated is not known.",
            "호스트가 언제 할당되었는지 알 수 없습니다.",
            &["inventory:describe-hosts"],
        ));
    };
    let age_days = days_between(allocated, facts.now);
    let min_age_days = check.threshold_f64(facts, "min_age_days");
    if f64::from(age_days) < min_age_days {
        return Ok(pass(
            "too-young",
            format!("The host is {age_days} days old."),
            format!("할당된 지 {age_days}일 된 호스트입니다."),
        ));
    }
    let reference = host.reference(ResourceKind::Host);
    let names = std::slice::from_ref(&host.id);
    let no_price = unknown(
        "price-missing",
        "The price list has no Dedicated Hosts, and the bill does not name this one.",
        "정가표에 전용 호스트 가격이 없고 청구서에도 이 호스트가 없습니다.",
        &["billing"],
    );
    let savings = deletion(facts, &reference, names, EVERYTHING_WITH_HOURS, Err(no_price))?;
    Ok(Proposal {
        action: Action::ReleaseHost {
            capacity,
            availability_zone: kind.availability_zone.clone(),
        },
        finding: Finding::Unused,
        reason_codes: vec![ReasonCode::Unused],
        reason: Reason::new(
            "empty",
            format!("No instance is on the host or bound to it; it was allocated {age_days} days ago."),
            format!("호스트에 있거나 묶인 인스턴스가 없으며, 할당된 지 {age_days}일 되었습니다."),
        ),
        savings: narrowed(savings, Decimal::ZERO, Decimal::ONE)?,
        performance_risk: risk(host.environment, 1),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "Another host can be allocated only if the zone has one then; licences must be bound to it anew.",
            "다시 할당하려면 그때 해당 가용 영역에 호스트가 있어야 하며, 라이선스도 새로 연결해야 합니다.",
        )),
        evidence: Evidence {
            window_days: Some(age_days),
            figures: vec![
                Figure::number("age_days", "Age", "할당 후 경과", f64::from(age_days), "days").against(min_age_days),
            ],
            signals_not_seen: vec![UnseenSignal {
                name: "empty_since".to_owned(),
                text: Text::new(
                    "Since when the host is empty, and whether a licence is bound to it.",
                    "언제부터 비어 있었는지, 라이선스가 묶여 있는지 알 수 없습니다.",
                ),
            }],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::scene::{Scene, check, days_ago, scene};

    fn host(age_days: i64) -> Scene {
        scene().host(|host| host.kind.allocation_time = Some(days_ago(age_days))).bill(
            "h-1",
            "HostUsage:m5",
            "720",
            "3600",
        )
    }

    #[test]
    fn an_empty_host_fires() {
        check(&CHECK, host(7), "recommend 0.00 / 3650.00 / 3650.00");
    }

    #[test]
    fn a_host_with_a_stopped_instance_passes() {
        let scene = host(7).instance(|instance| instance.kind.host_id = Some("h-1".into()));
        check(&CHECK, scene, "pass in-use");
    }

    #[test]
    fn a_host_of_6_days_is_just_under_the_threshold() {
        check(&CHECK, host(6), "pass too-young");
    }

    #[test]
    fn a_host_that_the_bill_does_not_name_is_unknown() {
        let mut scene = host(7);
        scene.charges = Default::default();
        check(&CHECK, scene, "unknown price-missing");
    }

    #[test]
    fn a_reserved_host_is_exempt() {
        let mut scene = host(7);
        scene.snapshot.hosts[0].kind.host_reservation_id = Some("hr-1".into());
        check(&CHECK, scene, "exempt reserved");
    }
}
