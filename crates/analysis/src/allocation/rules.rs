//! What the owner of the bill says of whose cost it is.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use trimtab_model::exemption::Glob;

/// A way to divide the bill, such as by team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dimension {
    /// What it is called.
    pub name: String,
    /// The tag keys that name the owner; the first that a charge has counts.
    pub tags: Vec<String>,
    /// What values of tags mean, by how they are written in lower case.
    pub spellings: BTreeMap<String, String>,
    /// Owners of what no tag names, the first that fits wins.
    pub virtual_tags: Vec<VirtualTag>,
    /// What belongs to all, the first that fits wins.
    pub shared: Vec<SharedCost>,
}

/// An owner of charges that no tag names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VirtualTag {
    /// The owner.
    pub value: String,
    /// Of which charges.
    pub of: Matcher,
}

/// Charges that belong to all owners.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedCost {
    /// What they are called.
    pub name: String,
    /// Which they are.
    pub of: Matcher,
    /// The owners whose own charges they are; empty for any.
    pub values: Vec<String>,
    /// Who bears how much of them.
    pub split: Split,
}

/// Who bears how much of what is shared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Split {
    /// By what each owner costs without it.
    Proportional,
    /// All owners that cost anything bear the same.
    Even,
    /// Shares by owner, of any sum.
    Fixed(BTreeMap<String, Decimal>),
}

/// Which charges: every list that names anything must hold them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Matcher {
    /// `SubAccountId`.
    pub accounts: Vec<Glob>,
    /// `ServiceName`.
    pub services: Vec<Glob>,
    /// `RegionId`.
    pub regions: Vec<Glob>,
    /// `ResourceId`, as the bill writes it.
    pub resources: Vec<Glob>,
}

impl Dimension {
    /// Returns what a value of a tag means; nothing where it is blank.
    pub fn owner(&self, value: &str) -> Option<String> {
        let value = value.trim();
        if value.is_empty() {
            return None;
        }
        let known = self.spellings.get(&value.to_lowercase());
        Some(known.cloned().unwrap_or_else(|| value.to_owned()))
    }

    /// Returns whether any rule looks at single resources, of which there are many.
    pub fn looks_at_resources(&self) -> bool {
        let matchers = self.virtual_tags.iter().map(|one| &one.of);
        matchers.chain(self.shared.iter().map(|one| &one.of)).any(|of| !of.resources.is_empty())
    }
}

impl Matcher {
    /// Returns whether charges of these keys are meant. What a charge has no key for is meant by
    /// no list of such keys.
    pub fn fits(
        &self,
        account: Option<&str>,
        service: Option<&str>,
        region: Option<&str>,
        resource: Option<&str>,
    ) -> bool {
        [
            (&self.accounts, account),
            (&self.services, service),
            (&self.regions, region),
            (&self.resources, resource),
        ]
        .into_iter()
        .all(|(patterns, value)| {
            patterns.is_empty()
                || value.is_some_and(|value| patterns.iter().any(|pattern| pattern.matches(value)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_that_names_anything_must_hold_a_charge() {
        let of = |services: &[&str], regions: &[&str]| Matcher {
            services: services.iter().copied().map(Glob::new).collect(),
            regions: regions.iter().copied().map(Glob::new).collect(),
            ..Matcher::default()
        };
        let fits = |matcher: Matcher| matcher.fits(Some("1"), Some("AmazonEC2"), None, None);
        assert!(fits(Matcher::default()) && fits(of(&["AmazonRDS", "AmazonEC2"], &[])));
        assert!(!fits(of(&["AmazonRDS"], &[])) && !fits(of(&["AmazonEC2"], &["*"])));
    }
}
