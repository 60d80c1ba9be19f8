//! `allocation`: whose cost it is where tags do not say, and what is shared.

use std::collections::BTreeMap;

use serde::Deserialize;

use trimtab_analysis::allocation::{Dimension, Matcher, SharedCost, Split, VirtualTag};
use trimtab_model::exemption::Glob;

use super::file::RateText;
use super::refused::Refused;
use super::tags::TagKeys;

/// One `[[allocation]]`: a way to divide the bill.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllocationTable {
    /// What it is called, such as `team`.
    pub name: String,
    /// Tag keys that name the owner, the first that a charge has counts.
    pub tags: Vec<String>,
    /// What values of tags mean.
    #[serde(default)]
    pub spellings: BTreeMap<String, String>,
    /// Owners of what no tag names.
    #[serde(default)]
    pub virtual_tag: Vec<VirtualTagTable>,
    /// What belongs to all.
    #[serde(default)]
    pub shared: Vec<SharedTable>,
}

/// One `[[allocation.virtual_tag]]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "WrittenVirtualTag")]
pub struct VirtualTagTable(VirtualTag);

/// One `[[allocation.shared]]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "WrittenShared")]
pub struct SharedTable(SharedCost);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenVirtualTag {
    value: String,
    #[serde(default)]
    accounts: Vec<String>,
    #[serde(default)]
    services: Vec<String>,
    #[serde(default)]
    regions: Vec<String>,
    #[serde(default)]
    resources: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenShared {
    name: String,
    #[serde(default)]
    accounts: Vec<String>,
    #[serde(default)]
    services: Vec<String>,
    #[serde(default)]
    regions: Vec<String>,
    #[serde(default)]
    resources: Vec<String>,
    #[serde(default)]
    values: Vec<String>,
    #[serde(default)]
    split: SplitWord,
    #[serde(default)]
    shares: BTreeMap<String, RateText>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum SplitWord {
    #[default]
    Proportional,
    Even,
    Fixed,
}

/// Makes the matcher of accounts, services, regions and resources.
fn matcher(patterns: [Vec<String>; 4]) -> Matcher {
    let [accounts, services, regions, resources] =
        patterns.map(|patterns| patterns.into_iter().map(Glob::new).collect());
    Matcher { accounts, services, regions, resources }
}

impl TryFrom<WrittenVirtualTag> for VirtualTagTable {
    type Error = Refused;

    fn try_from(written: WrittenVirtualTag) -> Result<Self, Refused> {
        let WrittenVirtualTag { value, accounts, services, regions, resources } = written;
        let of = matcher([accounts, services, regions, resources]);
        if of == Matcher::default() {
            return Err(Refused::new(
                format!(
                    "the virtual tag `{value}` names no charges: give accounts, services, regions or resources"
                ),
                format!(
                    "가상 태그 `{value}`에 조건이 없습니다. accounts, services, regions, resources 중 하나를 적으세요"
                ),
            ));
        }
        Ok(Self(VirtualTag { value, of }))
    }
}

impl TryFrom<WrittenShared> for SharedTable {
    type Error = Refused;

    fn try_from(written: WrittenShared) -> Result<Self, Refused> {
        let WrittenShared { name, accounts, services, regions, resources, values, split, shares } =
            written;
        let of = matcher([accounts, services, regions, resources]);
        if of == Matcher::default() && values.is_empty() {
            return Err(Refused::new(
                format!(
                    "the shared cost `{name}` names no charges: give accounts, services, regions, resources or values"
                ),
                format!(
                    "공유 비용 `{name}`에 조건이 없습니다. accounts, services, regions, resources, values 중 하나를 적으세요"
                ),
            ));
        }
        if (split == SplitWord::Fixed) == shares.is_empty() {
            return Err(Refused::new(
                format!(
                    "the shared cost `{name}`: `shares` go with split = \"fixed\", and with it alone"
                ),
                format!(
                    "공유 비용 `{name}`: `shares`는 split = \"fixed\"일 때만, 그때는 반드시 적어야 합니다"
                ),
            ));
        }
        let split = match split {
            SplitWord::Proportional => Split::Proportional,
            SplitWord::Even => Split::Even,
            SplitWord::Fixed => {
                Split::Fixed(shares.into_iter().map(|(owner, share)| (owner, share.0)).collect())
            }
        };
        Ok(Self(SharedCost { name, of, values, split }))
    }
}

/// Returns the ways to divide the bill; each tag that names owners where the files name none.
pub(super) fn dimensions(tables: &[AllocationTable], tags: &TagKeys) -> Vec<Dimension> {
    if tables.is_empty() {
        let of_key = |key: &String| Dimension {
            name: key.clone(),
            tags: vec![key.clone()],
            spellings: BTreeMap::new(),
            virtual_tags: Vec::new(),
            shared: Vec::new(),
        };
        return tags.owners.iter().map(of_key).collect();
    }
    tables
        .iter()
        .map(|table| Dimension {
            name: table.name.clone(),
            tags: table.tags.clone(),
            spellings: table
                .spellings
                .iter()
                .map(|(written, owner)| (written.trim().to_lowercase(), owner.clone()))
                .collect(),
            virtual_tags: table.virtual_tag.iter().map(|one| one.0.clone()).collect(),
            shared: table.shared.iter().map(|one| one.0.clone()).collect(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::file::parse;
    use super::*;

    const TEAM: &str = "[[allocation]]\nname = \"team\"\ntags = [\"Team\"]\n";

    fn of(text: &str) -> Vec<Dimension> {
        let file = parse(Path::new("trimtab.toml"), &format!("{TEAM}{text}")).unwrap();
        dimensions(&file.allocation, &TagKeys::default())
    }

    fn refusal(text: &str) -> String {
        let wrong = parse(Path::new("trimtab.toml"), &format!("{TEAM}{text}")).unwrap_err();
        format!("{:?} {:?}", wrong.line, wrong.problem)
    }

    #[test]
    fn a_way_to_divide_has_spellings_virtual_tags_and_shared_costs() {
        let team = of("[allocation.spellings]\n\"플랫폼\" = \"platform\"\n\
             [[allocation.virtual_tag]]\nvalue = \"data\"\nservices = [\"Amazon Redshift\"]\n\
             [[allocation.shared]]\nname = \"support\"\nservices = [\"AWS Support*\"]\n\
             split = \"fixed\"\nshares = { platform = 3, ops = \"1.5\" }\n")
        .remove(0);
        assert_eq!(team.owner(" 플랫폼"), Some("platform".to_owned()));
        assert_eq!(team.virtual_tags[0].value, "data");
        let shares =
            [("ops".to_owned(), "1.5".parse().unwrap()), ("platform".to_owned(), 3.into())];
        assert_eq!(team.shared[0].split, Split::Fixed(shares.into()));
    }

    #[test]
    fn without_one_every_owners_key_divides_the_bill() {
        let names: Vec<String> =
            dimensions(&[], &TagKeys::default()).into_iter().map(|one| one.name).collect();
        assert_eq!(names, TagKeys::default().owners);
    }

    #[test]
    fn a_rule_that_would_take_every_charge_or_none_is_refused() {
        for (text, says) in [
            ("[[allocation.virtual_tag]]\nvalue = \"all\"\n", "names no charges"),
            ("[[allocation.shared]]\nname = \"all\"\n", "names no charges"),
            (
                "[[allocation.shared]]\nname = \"s\"\nvalues = [\"a\"]\nsplit = \"fixed\"\n",
                "go with split",
            ),
            (
                "[[allocation.shared]]\nname = \"s\"\nvalues = [\"a\"]\nshares = { b = 1 }\n",
                "go with split",
            ),
        ] {
            let told = refusal(text);
            assert!(told.contains(says) && told.contains("Some("), "{text}: {told}");
        }
        assert!(
            refusal("[[allocation.virtual_tag]]\nvalue = \"a\"\nservice = [\"x\"]\n")
                .contains("service")
        );
    }
}
