//! May an address be released?

use trimtab_model::observed::AddressPreflight;

use super::finding::{Findings, block, clear, known, when};
use super::owner::managed;

/// The rows, in order: titles in English and in Korean.
pub(super) const ROWS: [(&str, &str); 5] = [
    ("Associated with nothing", "연결 없음"),
    ("DNS records", "DNS 레코드"),
    ("Allow-lists", "허용 목록"),
    ("Address pool", "IP 풀"),
    ("Managed by a tool", "관리 도구"),
];

/// Returns everything that stands in the way of the release of an address.
pub fn address(facts: &AddressPreflight) -> Findings {
    rows(facts).concat()
}

/// Judges every row, in order.
pub(super) fn rows(facts: &AddressPreflight) -> [Findings; 5] {
    let addresses = "ec2:DescribeAddresses";
    let associated = known(facts.is_associated.as_ref(), "AssociationId", addresses, |is_used| {
        when(*is_used, || {
            block("address-in-use", "The address is associated.", "주소가 연결되어 있습니다.")
        })
    });
    let records = facts.dns_records.as_ref();
    let named = known(records, "DNS records", "route53:ListResourceRecordSets", |records| {
        records.first().map_or_else(clear, |record| {
            block(
                "address-in-dns",
                format!("The record {record} still names it."),
                format!("DNS 레코드 {record}에 아직 남아 있습니다."),
            )
        })
    });
    let lists = facts.allow_lists.as_ref();
    let source = "ec2:DescribeSecurityGroups, ec2:GetManagedPrefixListEntries";
    let allowed = known(lists, "Allow-lists", source, |lists| {
        lists.first().map_or_else(clear, |list| {
            block(
                "address-in-allow-list",
                format!("The rule {list} still names it."),
                format!("허용 목록 {list}에 아직 남아 있습니다."),
            )
        })
    });
    let pool = known(facts.is_of_own_pool.as_ref(), "PublicIpv4Pool", addresses, |is_own| {
        when(*is_own, || {
            block(
                "address-of-own-pool",
                "It is of a pool of the owner's own, and costs nothing.",
                "소유자의 IP 풀에 속한 주소이며 비용이 들지 않습니다.",
            )
        })
    });
    let owner = managed(facts.tags.as_ref(), addresses);
    [associated, named, allowed, pool, owner]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn check(alter: impl FnOnce(&mut AddressPreflight), expected: &[&str]) {
        let mut facts = AddressPreflight {
            is_associated: Some(false),
            dns_records: Some(Vec::new()),
            allow_lists: Some(Vec::new()),
            is_of_own_pool: Some(false),
            tags: Some(BTreeMap::new()),
        };
        alter(&mut facts);
        let codes: Vec<String> = address(&facts).into_iter().map(|(_, why)| why.code).collect();
        assert_eq!(codes, expected);
    }

    #[test]
    fn an_address_that_nobody_names_may_go() {
        check(|_| {}, &[]);
        check(|one| one.is_associated = Some(true), &["address-in-use"]);
        check(|one| one.is_of_own_pool = Some(true), &["address-of-own-pool"]);
    }

    #[test]
    fn h07_an_address_in_dns_or_an_allow_list_is_blocked() {
        let names = || Some(vec!["api.game.example".to_owned()]);
        check(|one| one.dns_records = names(), &["address-in-dns"]);
        check(|one| one.allow_lists = names(), &["address-in-allow-list"]);
        check(|one| one.dns_records = None, &["unknown-dns-records"]);
        check(|one| one.allow_lists = None, &["unknown-allow-lists"]);
    }
}
