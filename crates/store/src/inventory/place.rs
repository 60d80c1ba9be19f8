//! Where a resource is, as far as the directory or the listing says.

use std::collections::BTreeSet;

use trimtab_model::id::{RegionId, SubAccountId};

/// Stands for an account or a region that nothing names.
pub const UNKNOWN: &str = "unknown";

/// An account and a region, each where it is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The account.
    pub account: Option<SubAccountId>,
    /// The region.
    pub region: Option<RegionId>,
}

impl Place {
    /// Reads the directories of `<account>/<region>/<file>`; other names say nothing.
    pub(crate) fn of_directory(relative: &str) -> Self {
        let mut place = Self::default();
        let directories = relative.rsplit_once('/').map_or("", |(directories, _)| directories);
        for name in directories.split('/') {
            if is_account(name) {
                place.account = Some(name.into());
            } else if region_of_zone(name) == Some(name) {
                place.region = Some(name.into());
            }
        }
        place
    }

    /// Reads `arn:<partition>:<service>:<region>:<account>:…`.
    pub(super) fn of_arn(arn: Option<&str>) -> Self {
        let mut parts = arn.unwrap_or_default().split(':');
        let region = parts.nth(3).and_then(region_of_zone).map(RegionId::from);
        let account = parts.next().filter(|part| is_account(part)).map(SubAccountId::from);
        Self { account, region }
    }

    /// Reads an availability zone, a local zone or a network border group.
    pub(super) fn of_zone(zone: Option<&str>) -> Self {
        Self { account: None, region: zone.and_then(region_of_zone).map(RegionId::from) }
    }

    /// Fills what is missing from `other`.
    pub(super) fn or(self, other: Self) -> Self {
        Self { account: self.account.or(other.account), region: self.region.or(other.region) }
    }

    /// Sets the account where one is given.
    pub(super) fn owned_by(self, account: Option<&str>) -> Self {
        Self {
            account: account.filter(|id| is_account(id)).map(SubAccountId::from),
            ..Self::default()
        }
        .or(self)
    }

    /// Returns account and region, [`UNKNOWN`] for what is not known.
    pub(super) fn settled(self) -> (SubAccountId, RegionId) {
        (
            self.account.unwrap_or_else(|| UNKNOWN.into()),
            self.region.unwrap_or_else(|| UNKNOWN.into()),
        )
    }
}

/// What the listings of one directory say about where they come from.
#[derive(Debug, Default)]
pub(super) struct Neighbours {
    /// Accounts that own the listed resources.
    pub(super) accounts: BTreeSet<SubAccountId>,
    /// Accounts that own listed snapshots, which may be those of strangers.
    pub(super) snapshot_owners: BTreeSet<SubAccountId>,
    /// Regions of the listed resources.
    pub(super) regions: BTreeSet<RegionId>,
}

impl Neighbours {
    /// Returns the one account and the one region, where there is only one.
    pub(super) fn place(&self) -> Place {
        let owners = if self.accounts.is_empty() { &self.snapshot_owners } else { &self.accounts };
        Place { account: only(owners), region: only(&self.regions) }
    }
}

fn only<T: Clone + Ord>(set: &BTreeSet<T>) -> Option<T> {
    if set.len() == 1 { set.first().cloned() } else { None }
}

fn is_account(name: &str) -> bool {
    name.len() == 12 && name.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns the region part of a zone: `us-west-2` of `us-west-2a` and of `us-west-2-lax-1a`.
fn region_of_zone(zone: &str) -> Option<&str> {
    let mut end = 0;
    for (index, part) in zone.split('-').enumerate() {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            return if index >= 2 { zone.get(..end + digits) } else { None };
        }
        if part.len() < 2 || !part.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return None;
        }
        end += part.len() + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_names_its_region() {
        for (zone, region) in [
            ("ap-northeast-2a", Some("ap-northeast-2")),
            ("ap-northeast-2", Some("ap-northeast-2")),
            ("us-gov-west-1b", Some("us-gov-west-1")),
            ("us-west-2-lax-1a", Some("us-west-2")),
            ("us-east-1-wl1-bos-wlz-1", Some("us-east-1")),
            ("prod", None),
            ("team-1", None),
            ("", None),
            ("-", None),
        ] {
            assert_eq!(region_of_zone(zone), region, "{zone}");
        }
    }

    #[test]
    fn an_arn_names_account_and_region() {
        let place = Place::of_arn(Some("arn:aws:rds:ap-northeast-2:111122223333:db:game"));
        assert_eq!(place.account, Some("111122223333".into()));
        assert_eq!(place.region, Some("ap-northeast-2".into()));
        assert_eq!(Place::of_arn(Some("arn:aws:s3:::bucket")), Place::default());
        assert_eq!(Place::of_arn(Some("nonsense")), Place::default());
    }

    #[test]
    fn directories_name_account_and_region_and_may_carry_other_names() {
        let place = Place::of_directory("team/111122223333/eu-west-1/describe-volumes.json");
        assert_eq!(place.account, Some("111122223333".into()));
        assert_eq!(place.region, Some("eu-west-1".into()));
        assert_eq!(Place::of_directory("describe-volumes.json"), Place::default());
    }
}
