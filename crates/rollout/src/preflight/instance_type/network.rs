//! Rows 12, 13 and 25: interfaces, bandwidth and the public address.

use trimtab_model::observed::{Attestation, PublicAddress};

use super::rows::Question;
use crate::preflight::finding::{Findings, block, clear, known, prep, unread, when};

const INSTANCES: &str = "ec2:DescribeInstances";
const TYPES: &str = "ec2:DescribeInstanceTypes";

/// Row 12.
pub(super) fn interfaces(question: &Question<'_>) -> Findings {
    let to = &question.facts.to;
    let Some(interfaces) = &question.facts.interfaces else {
        return unread("NetworkInterfaces", INSTANCES);
    };
    let (Some(most), Some(ipv4), Some(ipv6), Some(cards)) =
        (to.most_interfaces, to.ipv4_per_interface, to.ipv6_per_interface, to.network_cards)
    else {
        return unread("NetworkInfo", TYPES);
    };
    let count = u32::try_from(interfaces.len()).unwrap_or(u32::MAX);
    let mut findings = clear();
    if count > most {
        findings.extend(block(
            "too-many-interfaces",
            format!("It has {count} interfaces, and the new type takes {most}."),
            format!("네트워크 인터페이스가 {count}개지만 새 유형은 {most}개까지만 지원합니다."),
        ));
    }
    if interfaces.iter().any(|one| one.ipv4 > ipv4 || one.ipv6 > ipv6) {
        findings.extend(block(
            "too-many-addresses",
            format!("An interface has more addresses than the {ipv4} IPv4 and {ipv6} IPv6 that the new type takes."),
            format!("새 유형이 지원하는 인터페이스당 IPv4 {ipv4}개, IPv6 {ipv6}개보다 주소가 많습니다."),
        ));
    }
    if interfaces.iter().any(|one| one.card >= cards) {
        findings.extend(block(
            "fewer-network-cards",
            format!("It uses more network cards than the {cards} of the new type."),
            format!("새 유형의 네트워크 카드 {cards}개보다 많이 사용하고 있습니다."),
        ));
    }
    if interfaces.iter().any(|one| one.uses_ena_express) {
        findings.extend(match to.has_ena_express {
            Some(true) => clear(),
            Some(false) => prep(
                "no-ena-express",
                "ENA Express is on, which the new type does not have: switch it off first.",
                "ENA Express가 켜져 있지만 새 유형은 지원하지 않습니다. 먼저 끄세요.",
            ),
            None => unread("NetworkInfo.EnaSrdSupported", TYPES),
        });
    }
    if interfaces.iter().any(|one| one.is_efa) {
        findings.extend(match to.has_efa {
            Some(true) => clear(),
            Some(false) => block(
                "no-efa",
                "It has an Elastic Fabric Adapter, which the new type does not take.",
                "Elastic Fabric Adapter를 사용하지만 새 유형은 지원하지 않습니다.",
            ),
            None => unread("NetworkInfo.EfaSupported", TYPES),
        });
    }
    findings
}

/// Row 13.
pub(super) fn bandwidth_weighting(question: &Question<'_>) -> Findings {
    let weighting = question.facts.bandwidth_weighting.as_ref();
    known(weighting, "NetworkPerformanceOptions.BandwidthWeighting", INSTANCES, |weighting| {
        if weighting == "default" {
            return clear();
        }
        let takes = question.facts.to.bandwidth_weightings.as_ref();
        known(takes, "NetworkInfo.BandwidthWeightings", TYPES, |takes| {
            when(!takes.contains(weighting), || {
                prep(
                    "bandwidth-weighting",
                    format!(
                        "Its bandwidth is weighted {weighting}, which the new type does not take: set the default first."
                    ),
                    format!(
                        "대역폭 가중치가 {weighting}이지만 새 유형은 지원하지 않습니다. 먼저 기본값으로 바꾸세요."
                    ),
                )
            })
        })
    })
}

/// Row 25.
pub(super) fn public_address(question: &Question<'_>) -> Findings {
    let facts = question.facts;
    let may_change = facts.attested.contains(&Attestation::PublicAddressMayChange);
    known(facts.public_address.as_ref(), "PublicIpAddress", INSTANCES, |address| match address {
        PublicAddress::None | PublicAddress::Elastic => clear(),
        PublicAddress::Changing => when(!may_change, || {
            block(
                "public-address-changes",
                "Its public address is no Elastic IP address and becomes another with the stop; its owner must say that nobody knows it by that.",
                "퍼블릭 IP가 탄력적 IP가 아니어서 중지하면 바뀝니다. 이 주소를 쓰는 곳이 없는지 소유자가 확인해야 합니다.",
            )
        }),
    })
}

#[cfg(test)]
mod tests {
    use trimtab_model::observed::{InstancePreflight, InterfaceFacts, Obstacle};

    use super::super::rows::tests::check;
    use super::*;

    const BLOCK: Obstacle = Obstacle::Block;

    fn with(one: InterfaceFacts) -> impl FnOnce(&mut InstancePreflight) {
        move |facts| facts.interfaces = Some(vec![one])
    }

    #[test]
    fn row_12_interfaces_and_addresses_must_fit() {
        let plain = InterfaceFacts::default;
        let three = |one: &mut InstancePreflight| one.interfaces = Some(vec![plain(); 3]);
        check(12, three, &[]);
        let four = |one: &mut InstancePreflight| one.interfaces = Some(vec![plain(); 4]);
        check(12, four, &[(BLOCK, "too-many-interfaces")]);
        check(12, with(InterfaceFacts { ipv4: 10, ..plain() }), &[]);
        check(12, with(InterfaceFacts { ipv4: 11, ..plain() }), &[(BLOCK, "too-many-addresses")]);
        check(12, with(InterfaceFacts { ipv6: 11, ..plain() }), &[(BLOCK, "too-many-addresses")]);
        check(12, with(InterfaceFacts { card: 1, ..plain() }), &[(BLOCK, "fewer-network-cards")]);
        let express = InterfaceFacts { uses_ena_express: true, ..plain() };
        check(12, with(express), &[(Obstacle::Prep, "no-ena-express")]);
        check(12, with(InterfaceFacts { is_efa: true, ..plain() }), &[(BLOCK, "no-efa")]);
        let unknown = |one: &mut InstancePreflight| one.to.most_interfaces = None;
        check(12, unknown, &[(BLOCK, "unknown-network-info")]);
    }

    #[test]
    fn row_13_a_weighting_that_the_type_lacks_is_set_back_first() {
        let weighted =
            |one: &mut InstancePreflight| one.bandwidth_weighting = Some("vpc-1".to_owned());
        check(13, weighted, &[(Obstacle::Prep, "bandwidth-weighting")]);
        let takes = |one: &mut InstancePreflight| {
            weighted(one);
            one.to.bandwidth_weightings = Some(vec!["vpc-1".to_owned()]);
        };
        check(13, takes, &[]);
    }

    #[test]
    fn row_25_a_public_address_that_changes_must_be_nobodys_business() {
        check(25, |one| one.public_address = Some(PublicAddress::Elastic), &[]);
        let changing =
            |one: &mut InstancePreflight| one.public_address = Some(PublicAddress::Changing);
        check(25, changing, &[(BLOCK, "public-address-changes")]);
        let accepted = |one: &mut InstancePreflight| {
            changing(one);
            one.attested.insert(Attestation::PublicAddressMayChange);
        };
        check(25, accepted, &[]);
    }
}
