//! Finds Elastic IP addresses that nothing holds.
//!
//! **Why it costs.** Every public IPv4 address of AWS is charged by the hour, held or not.
//!
//! **What we do.** Release it. Wait first, because an address is easily a line in somebody
//! else's firewall: look for it in DNS and in partners' allow-lists before.
//!
//! **What could go wrong.** A released address can be taken back only as long as nobody
//! else has got it. AWS does not list since when nothing holds an address. Where the bill
//! names it, the idle hours on the bill tell, and an address that has been idle for less
//! than seven days passes; where the bill does not, that is said under *not seen*.
//!
//! **Where others err.** Most report an address in the minute it becomes free, also one
//! that an instance gave up for a restart. Addresses that the customer brought along cost
//! nothing and are not reported here.
//!
//! # 한국어
//!
//! 아무 데도 연결되지 않은 Elastic IP 주소를 찾습니다.
//!
//! **비용이 드는 이유.** AWS의 퍼블릭 IPv4 주소는 연결 여부와 관계없이 모두 시간당 요금이 부과됩니다.
//!
//! **제안하는 조치.** 주소를 해제합니다. 다른 회사의 방화벽 규칙에 들어 있는 경우가 흔하므로 바로
//! 해제하지 말고, DNS와 협력사의 허용 목록에 그 주소가 있는지 먼저 확인하세요.
//!
//! **주의할 점.** 해제한 주소는 다른 사람이 가져가기 전까지만 되찾을 수 있습니다. AWS는 주소가 언제부터
//! 연결되지 않았는지 알려 주지 않습니다. 청구서에 주소가 나오면 청구서의 유휴 시간으로 판단하며, 유휴
//! 기간이 7일보다 짧은 주소는 정상으로 봅니다. 청구서에 나오지 않으면 그 사실을 *보지 못한 신호*에
//! 적습니다.
//!
//! **다른 도구와 다른 점.** 대부분은 주소가 비는 순간 보고하며, 인스턴스를 재시작하느라 잠시 놓은
//! 주소도 예외가 아닙니다. 고객이 직접 가져온 주소(BYOIP)는 요금이 없으므로 여기에서 보고하지 않습니다.

use rust_decimal::Decimal;

use trimtab_model::action::Action;
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::id::ResourceId;
use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::address::Address;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::pricing::Tariff;
use crate::saving::{EVERYTHING, deletion};
use crate::verdict::{Proposal, judge_each, pass, risk};

/// The check.
pub static CHECK: Check = Check {
    id: "ec2-address-unassociated",
    title: StaticText {
        en: "Elastic IP address that nothing holds",
        ko: "아무 데도 연결되지 않은 Elastic IP 주소",
    },
    kind: ResourceKind::Address,
    action_type: ActionType::Delete,
    needs: &[Need::Kind(ResourceKind::Address), Need::OptionalBilling],
    thresholds: &[Threshold {
        name: "min_idle_days",
        default: "7",
        unit: "days",
        text: StaticText {
            en: "Fewest idle days on the bill, where the bill names the address.",
            ko: "청구서에 주소가 나올 때, 유휴 상태로 과금된 최소 일수입니다.",
        },
    }],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::Address, &facts.snapshot.addresses, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    address: &Resource<Address>,
) -> Result<Verdict, Unknown> {
    let held = address.kind.association_id.is_some()
        || address.kind.instance_id.is_some()
        || address.kind.network_interface_id.is_some();
    if held {
        return Ok(pass("associated", "Something holds the address.", "사용 중인 주소입니다."));
    }
    if address.kind.public_ipv4_pool.as_deref().is_some_and(|pool| pool != "amazon") {
        return Ok(pass(
            "own-pool",
            "The address is from the customer's own range and costs nothing.",
            "고객 소유 대역의 주소(BYOIP)라 비용이 없습니다.",
        ));
    }
    let idle_days = idle_days_on_bill(facts, &address.id);
    let min_idle_days = check.threshold(facts, "min_idle_days");
    if let Some(idle_days) = idle_days.filter(|days| *days < min_idle_days) {
        return Ok(pass(
            "idle-too-short",
            format!(
                "The bill has it idle for {idle_days:.1} days; below {min_idle_days} it may be in between two uses."
            ),
            format!(
                "청구서상 유휴 기간이 {idle_days:.1}일입니다. {min_idle_days}일 미만이면 잠시 비어 있는 주소일 수 있습니다."
            ),
        ));
    }
    let reference = address.reference(ResourceKind::Address);
    let hours = Decimal::from(HOURS_PER_MONTH);
    let list =
        Tariff::of(facts, address).meter("idle public IPv4 address", hours, "vpc/public_ipv4_idle");
    let names = std::slice::from_ref(&address.id);
    let savings = deletion(facts, &reference, names, EVERYTHING, list.map(|part| vec![part]))?;
    let public_ip = address.kind.public_ip.clone();
    let shown = public_ip.clone().unwrap_or_else(|| address.id.to_string());
    Ok(Proposal {
        action: Action::ReleaseAddress { public_ip },
        finding: Finding::Unused,
        reason_codes: vec![ReasonCode::Unassociated],
        reason: Reason::new(
            "unassociated",
            format!("Nothing holds the address {shown}."),
            format!("주소({shown})는 아무 데도 연결되어 있지 않습니다."),
        ),
        savings,
        performance_risk: risk(address.environment, 0),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "The address can be taken back only while nobody else has got it; its tags are lost.",
            "다른 사용자가 가져가기 전에만 같은 주소를 되찾을 수 있으며, 태그는 사라집니다.",
        )),
        evidence: evidence(idle_days, min_idle_days),
    }
    .into_verdict(check, reference))
}

/// Returns how many idle days the bill has for the address, where it names it.
fn idle_days_on_bill(facts: &Facts<'_>, address: &ResourceId) -> Option<Decimal> {
    let hours: Vec<Decimal> = facts
        .charges
        .of_resource(address)
        .iter()
        .filter(|charge| {
            charge.usage_type.as_deref().is_some_and(|usage| usage.contains("IdleAddress"))
        })
        .filter_map(|charge| charge.pricing_quantity)
        .collect();
    let first = *hours.first()?;
    let sum = hours.iter().skip(1).try_fold(first, |sum, more| sum.checked_add(*more))?;
    Some(sum / Decimal::from(24))
}

fn evidence(idle_days: Option<Decimal>, min_idle_days: Decimal) -> Evidence {
    use rust_decimal::prelude::ToPrimitive;
    let number = |days: Decimal| days.to_f64().unwrap_or_default();
    let mut evidence = Evidence {
        notes: vec![Text::new(
            "Look for the address in DNS records and allow-lists before it is released.",
            "해제하기 전에 DNS 레코드와 허용 목록에 이 주소가 남아 있는지 확인하세요.",
        )],
        ..Evidence::default()
    };
    match idle_days {
        Some(days) => evidence.figures.push(
            Figure::number("idle_days", "Idle days on the bill", "청구서상 유휴 일수", number(days), "days")
                .against(number(min_idle_days)),
        ),
        None => evidence.signals_not_seen.push(UnseenSignal {
            name: "idle_time".to_owned(),
            text: Text::new(
                "Since when nothing holds the address; a bill with resource ids would tell.",
                "언제부터 비어 있었는지 알 수 없습니다. 자원 ID가 포함된 청구서가 있으면 알 수 있습니다.",
            ),
        }),
    }
    evidence
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::scene::{check, recommended, scene};

    #[test]
    fn an_unassociated_address_fires() {
        check(&CHECK, scene().address(|_| ()), "recommend 3.65 / 3.65 / 3.65");
    }

    #[test]
    fn an_associated_address_passes() {
        let scene =
            scene().address(|address| address.kind.association_id = Some("eipassoc-1".into()));
        check(&CHECK, scene, "pass associated");
    }

    #[test]
    fn an_address_idle_for_167_hours_is_just_under_the_threshold() {
        let idle = |hours| {
            scene()
                .address(|_| ())
                .bill("eipalloc-1", "PublicIPv4:IdleAddress", hours, "0.84")
                .bill("eipalloc-1", "PublicIPv4:InUseAddress", "552", "2.76")
        };
        check(&CHECK, idle("167"), "pass idle-too-short");
        check(&CHECK, idle("168"), "recommend 3.65 / 3.65 / 3.65");
    }

    #[test]
    fn a_region_without_price_is_unknown() {
        let scene = scene().address(|_| ()).without_price("vpc/public_ipv4_idle");
        check(&CHECK, scene, "unknown price-missing");
    }

    #[test]
    fn an_address_that_the_customer_brought_passes() {
        let scene =
            scene().address(|address| address.kind.public_ipv4_pool = Some("ipv4pool-1".into()));
        check(&CHECK, scene, "pass own-pool");
    }

    #[test]
    fn without_a_bill_the_idle_time_is_not_seen() {
        let signals = recommended(&CHECK, &scene().address(|_| ())).evidence.signals_not_seen;
        assert_eq!(signals.first().map(|signal| signal.name.as_str()), Some("idle_time"));
    }
}
