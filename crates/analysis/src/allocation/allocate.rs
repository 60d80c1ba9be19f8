//! Every charge to its owner.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use trimtab_model::allocation::{Allocation, AllocationRow, SharedPool};
use trimtab_model::money::{Currency, Money, MoneyError};

use super::rules::{Dimension, Split};
use super::split::split;

/// Charges that are alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portion {
    /// `SubAccountId`.
    pub account: Option<String>,
    /// `ServiceName`.
    pub service: Option<String>,
    /// `RegionId`.
    pub region: Option<String>,
    /// `ResourceId`; absent where no rule looks at it.
    pub resource: Option<String>,
    /// The values of the dimension's tag keys, in their order.
    pub tags: Vec<Option<String>>,
    /// What they cost.
    pub cost: Money,
}

/// What one owner costs by itself.
#[derive(Debug, Clone, Copy, Default)]
struct Own {
    tagged: Decimal,
    by_rule: Decimal,
}

/// Gives charges to owners, each currency by itself.
///
/// # Errors
/// Fails if a sum is too large.
pub fn allocate(
    dimension: &Dimension,
    portions: &[Portion],
) -> Result<Vec<Allocation>, MoneyError> {
    let mut currencies: Vec<Currency> = portions.iter().map(|one| one.cost.currency).collect();
    currencies.sort_unstable();
    currencies.dedup();
    currencies.into_iter().map(|currency| in_currency(dimension, portions, currency)).collect()
}

fn in_currency(
    dimension: &Dimension,
    portions: &[Portion],
    currency: Currency,
) -> Result<Allocation, MoneyError> {
    let zero = Money::zero(currency);
    let mut owners: BTreeMap<String, Own> = BTreeMap::new();
    let mut pools: Vec<Money> = vec![zero; dimension.shared.len()];
    let (mut unallocated, mut total) = (zero, zero);
    let add = |sum: &mut Decimal, cost: Money| {
        *sum = Money::new(*sum, currency).checked_add(cost)?.amount;
        Ok::<(), MoneyError>(())
    };
    for portion in portions.iter().filter(|one| one.cost.currency == currency) {
        total = total.checked_add(portion.cost)?;
        let tagged = portion.tags.iter().flatten().find_map(|value| dimension.owner(value));
        let owner = tagged.clone().or_else(|| by_rule(dimension, portion));
        if let Some(place) = shared_by(dimension, portion, owner.as_deref())
            && let Some(pool) = pools.get_mut(place)
        {
            *pool = pool.checked_add(portion.cost)?;
        } else if let Some(owner) = owner {
            let own = owners.entry(owner).or_default();
            let sum = if tagged.is_some() { &mut own.tagged } else { &mut own.by_rule };
            add(sum, portion.cost)?;
        } else {
            unallocated = unallocated.checked_add(portion.cost)?;
        }
    }
    let mut shares: BTreeMap<String, Decimal> = BTreeMap::new();
    let mut shared = Vec::new();
    for (rule, cost) in dimension.shared.iter().zip(pools) {
        let parts = split(cost.amount, &weights(&rule.split, &owners)).unwrap_or_default();
        if parts.is_empty() {
            unallocated = unallocated.checked_add(cost)?;
        }
        for (owner, part) in &parts {
            add(shares.entry(owner.clone()).or_default(), Money::new(*part, currency))?;
        }
        shared.push(SharedPool { name: rule.name.clone(), cost, parts });
    }
    // Whom a fixed share names may cost nothing by itself.
    for owner in shares.keys() {
        owners.entry(owner.clone()).or_default();
    }
    let mut rows: Vec<AllocationRow> = owners
        .into_iter()
        .map(|(owner, own)| AllocationRow {
            shared: shares.get(&owner).copied().unwrap_or_default(),
            tagged: own.tagged,
            by_rule: own.by_rule,
            owner,
        })
        .collect();
    rows.sort_by(|one, other| other.cost().cmp(&one.cost()).then(one.owner.cmp(&other.owner)));
    Ok(Allocation {
        by: dimension.name.clone(),
        currency,
        rows,
        shared,
        unallocated: unallocated.amount,
        total: total.amount,
    })
}

/// Returns the owner of charges that no tag names.
fn by_rule(dimension: &Dimension, portion: &Portion) -> Option<String> {
    let rule = dimension.virtual_tags.iter().find(|rule| fits(&rule.of, portion))?;
    Some(rule.value.clone())
}

/// Returns which shared cost charges are of.
fn shared_by(dimension: &Dimension, portion: &Portion, owner: Option<&str>) -> Option<usize> {
    dimension.shared.iter().position(|rule| {
        let is_of = |owner: &str| rule.values.iter().any(|value| value == owner);
        fits(&rule.of, portion) && (rule.values.is_empty() || owner.is_some_and(is_of))
    })
}

fn fits(matcher: &super::rules::Matcher, portion: &Portion) -> bool {
    matcher.fits(
        portion.account.as_deref(),
        portion.service.as_deref(),
        portion.region.as_deref(),
        portion.resource.as_deref(),
    )
}

fn weights(split: &Split, owners: &BTreeMap<String, Own>) -> BTreeMap<String, Decimal> {
    let costs = owners.iter().map(|(owner, own)| (owner.clone(), own.tagged + own.by_rule));
    match split {
        Split::Proportional => costs.collect(),
        Split::Even => costs
            .filter(|(_, cost)| *cost > Decimal::ZERO)
            .map(|(owner, _)| (owner, Decimal::ONE))
            .collect(),
        Split::Fixed(shares) => shares.clone(),
    }
}

#[cfg(test)]
mod tests {
    use trimtab_model::exemption::Glob;

    use super::super::rules::{Matcher, SharedCost, VirtualTag};
    use super::*;

    fn texts(list: &[&str]) -> Vec<String> {
        list.iter().map(|one| (*one).to_owned()).collect()
    }

    fn dimension() -> Dimension {
        let services = |list: &[&str]| Matcher {
            services: list.iter().copied().map(Glob::new).collect(),
            ..Matcher::default()
        };
        Dimension {
            name: "team".into(),
            tags: texts(&["Team", "Owner"]),
            spellings: [("플랫폼".to_owned(), "platform".to_owned())].into(),
            virtual_tags: vec![VirtualTag {
                value: "data".into(),
                of: services(&["AmazonRedshift", "Amazon Athena*"]),
            }],
            shared: vec![SharedCost {
                name: "support".into(),
                of: services(&["AWSSupport*"]),
                values: Vec::new(),
                split: Split::Proportional,
            }],
        }
    }

    fn portion(service: &str, tags: &[Option<&str>], cost: &str) -> Portion {
        Portion {
            account: Some("111122223333".into()),
            service: Some(service.into()),
            region: None,
            resource: None,
            tags: tags.iter().map(|tag| tag.map(str::to_owned)).collect(),
            cost: Money::usd(cost.parse().unwrap()),
        }
    }

    fn told(allocation: &Allocation) -> Vec<String> {
        let row = |row: &AllocationRow| {
            let [tagged, by_rule, shared] =
                [row.tagged, row.by_rule, row.shared].map(|amount| amount.normalize());
            format!("{} {tagged}+{by_rule}+{shared}", row.owner)
        };
        allocation.rows.iter().map(row).collect()
    }

    fn bill() -> Vec<Portion> {
        vec![
            portion("AmazonEC2", &[Some("platform"), Some("kim")], "60"),
            portion("AmazonEC2", &[Some(" 플랫폼 "), None], "15"),
            portion("AmazonS3", &[Some(""), Some("lobby")], "15"),
            portion("AmazonRedshift", &[None, None], "10"),
            portion("AmazonVPC", &[None, None], "7"),
            portion("AWSSupportBusiness", &[None, None], "10"),
        ]
    }

    #[test]
    fn tags_come_first_then_rules_and_what_is_shared_is_borne_by_cost() {
        let found = allocate(&dimension(), &bill()).unwrap();
        assert_eq!(found.len(), 1);
        let found = &found[0];
        assert_eq!(told(found), ["platform 75+0+7.5", "lobby 15+0+1.5", "data 0+10+1"]);
        assert_eq!((found.unallocated, found.total), (7.into(), 117.into()));
        let whole: Decimal = found.rows.iter().map(AllocationRow::cost).sum();
        assert_eq!(whole + found.unallocated, found.total);
    }

    #[test]
    fn a_fixed_share_is_borne_by_whom_it_names_and_an_even_one_by_all() {
        let with = |split: Split| {
            let mut dimension = dimension();
            dimension.shared[0].split = split;
            let found = allocate(&dimension, &bill()).unwrap().remove(0);
            found.shared[0]
                .parts
                .iter()
                .map(|(owner, part)| format!("{owner} {}", part.normalize()))
                .collect::<Vec<_>>()
        };
        let fixed = [("platform".to_owned(), 3.into()), ("ops".to_owned(), 1.into())].into();
        assert_eq!(with(Split::Fixed(fixed)), ["ops 2.5", "platform 7.5"]);
        assert_eq!(with(Split::Even).len(), 3);
    }

    #[test]
    fn what_an_owner_pays_for_all_is_shared_and_not_its_own() {
        let mut dimension = dimension();
        dimension.shared[0] = SharedCost {
            name: "platform".into(),
            of: Matcher::default(),
            values: texts(&["platform"]),
            split: Split::Proportional,
        };
        let found = allocate(&dimension, &bill()).unwrap().remove(0);
        assert_eq!(told(&found), ["lobby 15+0+45", "data 0+10+30"]);
        assert_eq!(found.unallocated, 17.into());
    }

    #[test]
    fn where_nobody_could_bear_it_nobody_owns_it() {
        let found = allocate(&dimension(), &bill()[5..]).unwrap().remove(0);
        assert!(found.rows.is_empty() && found.shared[0].parts.is_empty());
        assert_eq!(found.unallocated, 10.into());
    }

    #[test]
    fn currencies_stay_apart() {
        let mut bill = bill();
        bill[0].cost = Money::new(1.into(), "KRW".parse().unwrap());
        let found = allocate(&dimension(), &bill).unwrap();
        let totals: Vec<String> =
            found.iter().map(|one| format!("{} {}", one.currency.code(), one.total)).collect();
        assert_eq!(totals, ["KRW 1", "USD 57"]);
    }
}
