//! Finds Elastic IP addresses on network interfaces that nothing holds.
//!
//! **Why it costs.** Every public IPv4 address is charged by the hour. An address on an
//! interface without an instance looks associated, and serves nobody.
//!
//! **What we do.** Take the address off the interface and release it.
//!
//! **What could go wrong.** Others may admit this very address, or a DNS record may name it.
//! A released address comes back only if nobody took it in the meantime. The interface may
//! wait for an instance that is started again and again, with its address.
//!
//! **Where others err.** They look for an association and stop there: an interface that
//! stands alone has one.
//!
//! # 한국어
//!
//! 아무것에도 연결되지 않은 네트워크 인터페이스에 붙어 있는 Elastic IP를 찾습니다.
//!
//! **비용이 드는 이유.** 퍼블릭 IPv4 주소는 모두 시간 단위로 과금됩니다. 인스턴스가 없는 인터페이스에 붙은 주소는
//! 연결된 것처럼 보이지만 쓰는 곳이 없습니다.
//!
//! **제안하는 조치.** 인터페이스에서 주소를 떼고 해제합니다.
//!
//! **주의할 점.** 상대방이 이 주소를 허용 목록에 두었거나 DNS 레코드가 가리킬 수 있습니다. 해제한 주소는 그사이 다른
//! 사람이 가져가지 않았을 때만 되찾을 수 있습니다. 인스턴스를 바꿔 끼우려고 남겨 둔 인터페이스인지도 확인하세요.
//!
//! **다른 도구와 다른 점.** 연결 여부만 보는 도구는 홀로 남은 인터페이스의 주소를 놓칩니다.

use trimtab_model::action::{Action, Deletion};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown, Verdict,
};
use trimtab_model::resource::address::Address;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::pricing::Tariff;
use crate::saving::{EVERYTHING, deletion};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

/// The check.
pub static CHECK: Check = Check {
    id: "ec2-address-detached-interface",
    title: StaticText {
        en: "Elastic IP address on a network interface that nothing holds",
        ko: "사용하지 않는 네트워크 인터페이스에 붙은 Elastic IP",
    },
    kind: ResourceKind::Address,
    action_type: ActionType::Delete,
    needs: &[
        Need::Kind(ResourceKind::Address),
        Need::Kind(ResourceKind::NetworkInterface),
        Need::OptionalBilling,
    ],
    thresholds: &[],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::Address, &facts.snapshot.addresses, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    address: &Resource<Address>,
) -> Result<Verdict, Unknown> {
    let kind = &address.kind;
    let Some(interface_id) = kind.network_interface_id.as_deref() else {
        return Ok(pass(
            "no-interface",
            "No network interface holds the address.",
            "네트워크 인터페이스에 붙어 있지 않은 주소입니다.",
        ));
    };
    if kind.public_ipv4_pool.as_deref().is_some_and(|pool| pool != "amazon") {
        return Ok(pass(
            "own-address",
            "The address is your own and is not charged.",
            "직접 가져온 주소라 과금되지 않습니다.",
        ));
    }
    let interface = facts.snapshot.network_interfaces.iter().find(|interface| {
        interface.id.as_str() == interface_id
            && interface.account == address.account
            && interface.region == address.region
    });
    let Some(interface) = interface else {
        return Err(unknown(
            "interface-unknown",
            "The network interface that holds the address was not read.",
            "이 주소가 붙은 네트워크 인터페이스 정보가 없습니다.",
            &["inventory:describe-network-interfaces"],
        ));
    };
    if interface.kind.status != "available" {
        return Ok(pass(
            "in-use",
            format!("The network interface is {}.", interface.kind.status),
            format!("네트워크 인터페이스 상태가 {}입니다.", interface.kind.status),
        ));
    }
    let reference = address.reference(ResourceKind::Address);
    let hours = HOURS_PER_MONTH.into();
    let list = Tariff::of(facts, address).meter("public IPv4", hours, "vpc/public_ipv4_idle");
    let mut names = vec![address.id.clone()];
    names.extend(kind.public_ip.as_deref().map(Into::into));
    let savings = deletion(facts, &reference, &names, EVERYTHING, list.map(|part| vec![part]))?;
    Ok(Proposal {
        action: Action::Delete(Deletion::AssociatedAddress {
            association_id: kind.association_id.clone(),
            public_ip: kind.public_ip.clone(),
        }),
        finding: Finding::Unused,
        reason_codes: vec![ReasonCode::Unattached],
        reason: Reason::new(
            "interface-detached",
            format!("It is on {interface_id}, which nothing holds."),
            format!(
                "아무것에도 연결되지 않은 네트워크 인터페이스에 붙어 있습니다: {interface_id}."
            ),
        ),
        savings,
        performance_risk: risk(address.environment, 1),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "The address comes back only if nobody took it; its tags are lost.",
            "다른 사람이 가져가지 않았을 때만 같은 주소를 되찾을 수 있으며 태그는 사라집니다.",
        )),
        evidence: Evidence {
            figures: vec![Figure::word(
                "interface",
                "Network interface",
                "네트워크 인터페이스",
                interface_id,
            )],
            signals_not_seen: vec![UnseenSignal {
                name: "dns".to_owned(),
                text: Text::new(
                    "Whether a DNS record or somebody's list of admitted addresses names it.",
                    "DNS 레코드나 상대방의 허용 목록에 이 주소가 있는지 알 수 없습니다.",
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
    use crate::scene::{Scene, check, scene};

    fn on_interface(status: &str) -> Scene {
        scene()
            .address(|address| {
                address.kind.association_id = Some("eipassoc-1".into());
                address.kind.network_interface_id = Some("eni-1".into());
            })
            .network_interface(|interface| interface.kind.status = status.into())
    }

    #[test]
    fn an_address_on_a_detached_interface_fires() {
        check(&CHECK, on_interface("available"), "recommend 3.65 / 3.65 / 3.65");
    }

    #[test]
    fn an_address_on_an_interface_in_use_passes() {
        check(&CHECK, on_interface("in-use"), "pass in-use");
    }

    #[test]
    fn an_interface_that_is_being_attached_is_just_under() {
        check(&CHECK, on_interface("attaching"), "pass in-use");
    }

    #[test]
    fn an_interface_that_was_not_read_is_unknown() {
        let mut scene = on_interface("available");
        scene.snapshot.network_interfaces.clear();
        check(&CHECK, scene, "unknown interface-unknown");
    }
}
