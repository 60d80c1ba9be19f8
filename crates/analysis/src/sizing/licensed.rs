//! Windows instances: priced by the bill, since the catalogue has Linux prices only.
//!
//! Within one family a Windows price is proportional to the vCPUs, as both of its
//! parts are: the machine by size, the licence per vCPU. So the rate on the bill, split
//! by vCPU, prices the other sizes of the same family, and nothing else.

use rust_decimal::Decimal;

use trimtab_model::focus::ChargeCategory;
use trimtab_model::id::ResourceId;
use trimtab_model::money::{Currency, exact_sum};
use trimtab_model::price::{InstanceTypeFacts, Price, PriceBasis};
use trimtab_model::recommendation::Unknown;
use trimtab_model::resource::Resource;
use trimtab_model::resource::instance::Instance;
use trimtab_model::text::Reason;

use crate::check::Facts;
use crate::saving::INSTANCE_HOURS;
use crate::sizing::burstable::is_burstable;
use crate::sizing::fit::Offer;

/// How far a Linux price may be from proportional for a family to count as such.
const PROPORTIONAL: &str = "0.01";

/// A type with a price of its own.
#[derive(Debug, Clone)]
pub struct PricedType<'a> {
    /// The type.
    pub facts: &'a InstanceTypeFacts,
    /// What it costs per hour with the licence.
    pub price: Price,
}

/// Returns the sizes of the instance's family at the bill's rate, the current one first
/// by price; absent for Linux, whose prices are in the catalogue.
///
/// # Errors
/// Returns `Unknown` for licences whose price does not follow the vCPUs, for burstable
/// types, and where the bill does not say what the hours cost.
pub fn family_at_billed_rate<'a>(
    facts: &Facts<'_>,
    instance: &Resource<Instance>,
    current: &InstanceTypeFacts,
    offers: &[Offer<'a>],
) -> Result<Option<Vec<PricedType<'a>>>, Unknown> {
    let platform = match instance.kind.platform_details.as_deref() {
        None | Some("Linux/UNIX") => return Ok(None),
        Some(platform) => platform,
    };
    if platform != "Windows" || is_burstable(current) {
        return Err(no_price(platform, &format!("prices:ec2:{platform}")));
    }
    let rate = billed_rate(facts, &instance.id).ok_or_else(|| no_price(platform, "billing"))?;
    let here = offers
        .iter()
        .find(|offer| offer.facts.instance_type == current.instance_type)
        .ok_or_else(|| no_price(platform, &format!("prices:ec2:{}", current.instance_type)))?;
    let tolerance: Decimal = PROPORTIONAL.parse().expect("a decimal constant of this file");
    let priced = |offer: &Offer<'a>| {
        let share = Decimal::from(offer.facts.vcpu).checked_div(Decimal::from(current.vcpu))?;
        let expected = here.price.usd.checked_mul(share)?;
        let off = (offer.price.usd - expected).abs();
        (off <= expected * tolerance).then_some(())?;
        Some(PricedType {
            facts: offer.facts,
            price: Price {
                usd: rate.checked_mul(share)?,
                unit: "hour".to_owned(),
                basis: PriceBasis::Bill,
                source: "effective rate of this instance on the bill, by vCPU".to_owned(),
                as_of: None,
            },
        })
    };
    let mut family: Vec<PricedType<'a>> = offers
        .iter()
        .filter(|offer| offer.facts.family == current.family)
        .filter_map(priced)
        .collect();
    family.sort_by(|a, b| {
        (a.price.usd, &a.facts.instance_type).cmp(&(b.price.usd, &b.facts.instance_type))
    });
    Ok(Some(family))
}

/// Returns the effective cost of an hour of the instance, if the bill is in dollars.
fn billed_rate(facts: &Facts<'_>, instance: &ResourceId) -> Option<Decimal> {
    let mut cost = Decimal::ZERO;
    let mut hours = Decimal::ZERO;
    for charge in facts.charges.of_resource(instance) {
        let effective = charge.cost.effective;
        if charge.charge_category != ChargeCategory::Usage
            || effective.currency != Currency::USD
            || !(INSTANCE_HOURS.charges)(charge)
        {
            continue;
        }
        cost = exact_sum(cost, effective.amount)?;
        hours = hours.checked_add(charge.pricing_quantity?)?;
    }
    (hours > Decimal::ZERO && cost > Decimal::ZERO).then(|| cost.checked_div(hours))?
}

fn no_price(platform: &str, settled_by: &str) -> Unknown {
    Unknown {
        reason: Reason::new(
            "licensed-platform",
            format!(
                "It runs {platform}, whose hourly rate holds a licence; Linux prices would be wrong."
            ),
            format!(
                "{platform} 인스턴스의 시간당 요금에는 라이선스가 포함되어 있어 Linux 가격을 적용할 수 없습니다."
            ),
        ),
        settled_by: vec![settled_by.to_owned()],
    }
}
