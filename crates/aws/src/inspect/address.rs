//! What decides whether an address may be released, besides a look at it.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::{Filter, SecurityGroup};

use trimtab_model::observed::{AddressPreflight, Observed};

use super::whole::Reading;
use crate::error::AwsError;
use crate::page::pages;
use crate::session::Session;

const DESCRIBE_GROUPS: &str = "ec2:DescribeSecurityGroups";
const DESCRIBE_LISTS: &str = "ec2:DescribeManagedPrefixLists";
const GET_ENTRIES: &str = "ec2:GetManagedPrefixListEntries";

/// What is read besides a look.
pub(crate) const READS: &[&str] = &[DESCRIBE_GROUPS, DESCRIBE_LISTS, GET_ENTRIES];

/// Adds what a look does not tell. Zones of DNS are not read: whether a record names the address
/// stays unknown, and so do firewalls outside of this account and region.
pub(super) async fn complete(
    reading: &mut Reading<'_>,
    observed: &Observed,
    facts: &mut AddressPreflight,
) {
    let Observed::Address(address) = observed else { return };
    let Some(ip) = &address.public_ip else { return };
    let lists = allow_lists(reading.session, &format!("{ip}/32")).await;
    facts.allow_lists = reading.noted(lists);
}

/// Returns the security groups and prefix lists of this region that name an address.
async fn allow_lists(session: &Session, cidr: &str) -> Result<Vec<String>, AwsError> {
    let mut found = BTreeSet::new();
    for name in ["ip-permission.cidr", "egress.ip-permission.cidr"] {
        let filter = Filter::builder().name(name).values(cidr).build();
        let request = session.ec2().describe_security_groups().filters(filter);
        pages(DESCRIBE_GROUPS, request.into_paginator().send(), |page| {
            let groups = page.security_groups.unwrap_or_default().into_iter();
            found.extend(groups.filter(|one| names(one, cidr)).filter_map(|one| one.group_id));
        })
        .await?;
    }
    let owner = Filter::builder().name("owner-id").values(session.account().as_str()).build();
    let request = session.ec2().describe_managed_prefix_lists().filters(owner);
    let mut lists = Vec::new();
    pages(DESCRIBE_LISTS, request.into_paginator().send(), |page| {
        lists.extend(page.prefix_lists.unwrap_or_default());
    })
    .await?;
    for list in lists {
        let is_own = list.owner_id.as_deref() == Some(session.account().as_str());
        let Some(id) = list.prefix_list_id.filter(|_| is_own) else { continue };
        let request = session.ec2().get_managed_prefix_list_entries().prefix_list_id(&id);
        let mut is_named = false;
        pages(GET_ENTRIES, request.into_paginator().send(), |page| {
            let entries = page.entries.unwrap_or_default();
            is_named |= entries.iter().any(|one| one.cidr() == Some(cidr));
        })
        .await?;
        if is_named {
            found.insert(id);
        }
    }
    Ok(found.into_iter().collect())
}

fn names(group: &SecurityGroup, cidr: &str) -> bool {
    let rules = group.ip_permissions().iter().chain(group.ip_permissions_egress());
    rules.flat_map(|rule| rule.ip_ranges()).any(|range| range.cidr_ip() == Some(cidr))
}
