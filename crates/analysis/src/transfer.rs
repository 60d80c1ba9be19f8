//! What an account pays for data transfer in a region, and which resources pay most of it.
//!
//! A bill tells what was transferred and by whom, never to whom. So a cost is known here and
//! what can go of it is not: findings of this kind have an upper bound and nothing else.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use trimtab_model::charge::{MeterCharge, ResourceCharge};
use trimtab_model::environment::Environment;
use trimtab_model::evidence::Figure;
use trimtab_model::focus::ChargeCategory;
use trimtab_model::id::{RegionId, ResourceId, SubAccountId};
use trimtab_model::money::{Currency, Money, exact_sum};
use trimtab_model::price::{Price, PriceBasis};
use trimtab_model::recommendation::{CostComponent, Estimate, Threshold, Unknown, Verdict};
use trimtab_model::resource::{ResourceKind, ResourceRef};
use trimtab_model::text::StaticText;

use crate::billed::require_days;
use crate::check::{Check, Facts, Judgement};
use crate::pricing::usage_name;
use crate::saving::AMOUNT_DECIMALS;
use crate::verdict::{Proposal, pass, unknown};

/// How many payers a finding names.
const NAMED: usize = 5;

/// What of the account's bill the transfer must be for a finding. Ours: below it, the work of
/// looking at flows costs more than it brings.
pub const MIN_SHARE_PERCENT: Threshold = Threshold {
    name: "min_share_percent",
    default: "2",
    unit: "%",
    text: StaticText {
        en: "Least share of the account's cost that is reported.",
        ko: "보고 대상이 되는, 계정 비용 대비 최소 비율입니다.",
    },
};

/// How many days the bill must cover.
pub const MIN_BILL_DAYS: Threshold = Threshold {
    name: "min_days",
    default: "7",
    unit: "days",
    text: StaticText {
        en: "Days that the bill must cover.",
        ko: "청구서에 담겨 있어야 하는 최소 일수입니다.",
    },
};

/// A usage type of data transfer.
#[derive(Debug, Clone, Copy)]
pub struct Traffic {
    /// The usage type, without the region it begins with.
    pub usage_type: &'static str,
    /// The service whose usage types of that name are something else.
    pub except: Option<&'static str>,
}

/// A month of a usage type in one account and region.
#[derive(Debug, Clone, PartialEq)]
pub struct Transferred {
    /// What the verdict is about.
    pub reference: ResourceRef,
    /// What it costs, effective.
    pub cost: Money,
    /// How much it is.
    pub gigabytes: Decimal,
    /// What share of the account's cost it is; absent where the bill has none.
    pub share_percent: Option<Decimal>,
    /// The resources that the bill names for it, the largest first.
    pub payers: Vec<Payer>,
}

/// A resource that pays for transfer.
#[derive(Debug, Clone, PartialEq)]
pub struct Payer {
    /// Its name on the bill.
    pub id: ResourceId,
    /// What it pays a month.
    pub cost: Money,
    /// How much that is.
    pub gigabytes: Decimal,
}

/// Judges the usage type in every account and region of the bill.
///
/// `counts` picks the payers that no other check judges; `propose` makes the finding.
pub fn judge_transfers(
    check: &Check,
    facts: &Facts<'_>,
    traffic: Traffic,
    counts: impl Fn(&Payer, &ResourceRef) -> bool,
    propose: impl Fn(&Transferred) -> Proposal,
) -> Vec<Judgement> {
    if facts.charges.window.is_none() {
        return without_bill(facts, traffic);
    }
    let mut places: BTreeMap<Place<'_>, Vec<&MeterCharge>> = BTreeMap::new();
    for meter in &facts.charges.meters {
        let place = (meter.account.as_ref(), meter.region.as_ref());
        places.entry(place).or_default().push(meter);
    }
    places
        .into_iter()
        .filter_map(|(place, meters)| {
            let resource = reference(place.0.cloned(), place.1.cloned(), traffic);
            let verdict = if meters.iter().all(|meter| meter.usage_type.is_none()) {
                Err(no_usage_types())
            } else {
                let meters: Vec<&MeterCharge> = meters
                    .into_iter()
                    .filter(|meter| traffic.is(&meter.usage_type, &meter.service_name))
                    .collect();
                // What has no region and no transfer is a fee or a tax.
                if meters.is_empty() && place.1.is_none() {
                    return None;
                }
                transferred(facts, traffic, &resource, &meters, &counts)
                    .and_then(|seen| verdict(check, facts, seen, &propose))
            };
            Some(Judgement { resource, verdict: verdict.unwrap_or_else(Verdict::Unknown) })
        })
        .collect()
}

type Place<'a> = (Option<&'a SubAccountId>, Option<&'a RegionId>);

impl Traffic {
    /// Returns whether a usage type of a service is this one.
    fn is(&self, usage_type: &Option<String>, service_name: &str) -> bool {
        usage_type.as_deref().is_some_and(|name| usage_name(name) == self.usage_type)
            && self.except.is_none_or(|service| !service_name.contains(service))
    }
}

fn reference(
    account: Option<SubAccountId>,
    region: Option<RegionId>,
    traffic: Traffic,
) -> ResourceRef {
    ResourceRef {
        id: traffic.usage_type.into(),
        kind: ResourceKind::DataTransfer,
        account: account.unwrap_or_else(|| "unknown".into()),
        region: region.unwrap_or_else(|| "unknown".into()),
        environment: Environment::Unknown,
        name: None,
    }
}

/// Says in every place that has instances that only a bill would tell.
fn without_bill(facts: &Facts<'_>, traffic: Traffic) -> Vec<Judgement> {
    let mut places: Vec<(&SubAccountId, &RegionId)> = facts
        .snapshot
        .instances
        .iter()
        .map(|instance| (&instance.account, &instance.region))
        .collect();
    places.sort();
    places.dedup();
    let missing = unknown(
        "bill-missing",
        "What is transferred is on the bill only, and no recent one was read.",
        "데이터 전송량은 청구서에만 나오는데, 최근 청구서를 읽지 않았습니다.",
        &["billing"],
    );
    places
        .into_iter()
        .map(|(account, region)| Judgement {
            resource: reference(Some(account.clone()), Some(region.clone()), traffic),
            verdict: Verdict::Unknown(missing.clone()),
        })
        .collect()
}

fn no_usage_types() -> Unknown {
    unknown(
        "usage-type-missing",
        "The bill has no usage types: export `x_UsageType` (FOCUS), or `line_item_usage_type` (CUR).",
        "청구서에 사용 유형이 없습니다. `x_UsageType`(FOCUS)이나 `line_item_usage_type`(CUR)을 포함해 내보내세요.",
        &["billing"],
    )
}

/// Sums the charges of a place to a month.
fn transferred(
    facts: &Facts<'_>,
    traffic: Traffic,
    reference: &ResourceRef,
    meters: &[&MeterCharge],
    counts: impl Fn(&Payer, &ResourceRef) -> bool,
) -> Result<Transferred, Unknown> {
    let factor = facts.charges.monthly_factor().unwrap_or_default();
    let currency = meters.first().map_or(Currency::USD, |meter| meter.currency);
    if meters.iter().any(|meter| meter.currency != currency) {
        return Err(unknown(
            "several-currencies",
            "The bill charges it in several currencies.",
            "청구서에 여러 통화로 나뉘어 있어 더할 수 없습니다.",
            &["billing"],
        ));
    }
    let (all_payers, others): (Vec<Payer>, Vec<Payer>) =
        payers(facts, traffic, reference, currency, factor)?
            .into_iter()
            .partition(|payer| counts(payer, reference));
    let (mut cost, mut gigabytes) = (Decimal::ZERO, Decimal::ZERO);
    for meter in meters {
        let effective = meter.effective.ok_or_else(no_cost)?.amount;
        cost = exact_sum(cost, effective).ok_or_else(no_cost)?;
        gigabytes = meter
            .pricing_quantity
            .and_then(|quantity| gigabytes.checked_add(quantity))
            .ok_or_else(no_cost)?;
    }
    let monthly =
        |sum: Decimal| sum.checked_mul(factor).map(|amount| amount.round_dp(AMOUNT_DECIMALS));
    let mut cost = monthly(cost).ok_or_else(no_cost)?;
    let mut gigabytes = monthly(gigabytes).ok_or_else(no_cost)?;
    for other in &others {
        cost = cost.saturating_sub(other.cost.amount);
        gigabytes = gigabytes.saturating_sub(other.gigabytes);
    }
    let cost = Money::new(cost.max(Decimal::ZERO), currency);
    Ok(Transferred {
        share_percent: share_percent(facts, reference, cost, factor),
        reference: reference.clone(),
        cost,
        gigabytes: gigabytes.max(Decimal::ZERO),
        payers: all_payers,
    })
}

fn no_cost() -> Unknown {
    unknown(
        "transfer-cost-missing",
        "The bill has transfer without an effective cost or a quantity: export `EffectiveCost` and `PricingQuantity` (FOCUS).",
        "청구서의 데이터 전송 항목에 실효 비용이나 수량이 없습니다. `EffectiveCost`와 `PricingQuantity`(FOCUS)를 포함해 내보내세요.",
        &["billing"],
    )
}

fn share_percent(
    facts: &Facts<'_>,
    reference: &ResourceRef,
    cost: Money,
    factor: Decimal,
) -> Option<Decimal> {
    let account = facts.charges.by_account.get(&(reference.account.clone(), cost.currency))?;
    let whole =
        account.effective.amount.checked_mul(factor).filter(|whole| *whole > Decimal::ZERO)?;
    let percent = cost.amount.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(whole)?;
    Some(percent.round_dp(2))
}

/// Returns what each resource that the bill names pays a month, the largest first.
fn payers(
    facts: &Facts<'_>,
    traffic: Traffic,
    place: &ResourceRef,
    currency: Currency,
    factor: Decimal,
) -> Result<Vec<Payer>, Unknown> {
    let mut sums: BTreeMap<&ResourceId, (Decimal, Decimal)> = BTreeMap::new();
    let is_here = |charge: &&ResourceCharge| {
        charge.charge_category == ChargeCategory::Usage
            && charge.cost.effective.currency == currency
            && charge.account.as_ref().is_none_or(|account| *account == place.account)
            && charge.region.as_ref().is_none_or(|region| *region == place.region)
            && traffic.is(&charge.usage_type, &charge.service_name)
    };
    for charge in facts.charges.resources.iter().filter(is_here) {
        let sum = sums.entry(&charge.resource_id).or_default();
        let quantity = charge.pricing_quantity.unwrap_or_default();
        sum.0 = exact_sum(sum.0, charge.cost.effective.amount).ok_or_else(no_cost)?;
        sum.1 = sum.1.checked_add(quantity).ok_or_else(no_cost)?;
    }
    let monthly = |amount: Decimal| {
        amount
            .checked_mul(factor)
            .map(|amount| amount.round_dp(AMOUNT_DECIMALS))
            .ok_or_else(no_cost)
    };
    let mut payers = sums
        .into_iter()
        .map(|(id, (cost, gigabytes))| {
            Ok(Payer {
                id: id.clone(),
                cost: Money::new(monthly(cost)?, currency),
                gigabytes: monthly(gigabytes)?,
            })
        })
        .collect::<Result<Vec<Payer>, Unknown>>()?;
    payers.sort_by_key(|payer| Reverse(payer.cost.amount));
    Ok(payers)
}

fn verdict(
    check: &Check,
    facts: &Facts<'_>,
    seen: Transferred,
    propose: impl Fn(&Transferred) -> Proposal,
) -> Result<Verdict, Unknown> {
    if !seen.cost.rounded().is_positive() {
        return Ok(pass(
            "no-transfer",
            "The bill charges nothing for it here.",
            "이 리전에는 해당 전송 요금이 없습니다.",
        ));
    }
    require_days(facts, check.threshold(facts, MIN_BILL_DAYS.name))?;
    let (min_gb, gigabytes) = (check.threshold(facts, "min_gb_a_month"), seen.gigabytes);
    if gigabytes < min_gb {
        return Ok(pass(
            "too-little",
            format!("{gigabytes:.0} GB a month are charged, less than {min_gb}."),
            format!("월 전송량이 {gigabytes:.0} GB로 {min_gb} GB보다 적습니다."),
        ));
    }
    let min_share = check.threshold(facts, MIN_SHARE_PERCENT.name);
    if let Some(percent) = seen.share_percent.filter(|percent| *percent < min_share) {
        return Ok(pass(
            "small-share",
            format!("It is {percent} % of the account's cost, less than {min_share} %."),
            format!("계정 비용의 {percent}%로 {min_share}%보다 적습니다."),
        ));
    }
    Ok(propose(&seen).into_bounded_verdict(check, seen.reference.clone()))
}

impl Transferred {
    /// Returns the estimate whose upper bound is all of the cost.
    pub fn savings(&self) -> Estimate {
        let nothing = Money::zero(self.cost.currency);
        let formula = self.formula();
        Estimate {
            low: nothing,
            likely: nothing,
            high: self.cost,
            before_discounts: nothing,
            cost_now: self.cost,
            cost_after: self.cost,
            formula_now: formula.clone(),
            formula_after: formula,
            basis: PriceBasis::Bill,
            billed: None,
        }
    }

    /// Returns the cost as quantity times the bill's own rate; in dollars, or not at all.
    fn formula(&self) -> Vec<CostComponent> {
        let rate = self.cost.amount.checked_div(self.gigabytes);
        rate.filter(|_| self.cost.currency == Currency::USD)
            .map(|usd| CostComponent {
                name: self.reference.id.as_str().to_owned(),
                quantity: self.gigabytes,
                price: Price {
                    usd: usd.round_dp(12),
                    unit: "GB".to_owned(),
                    basis: PriceBasis::Bill,
                    source: "bill".to_owned(),
                    as_of: None,
                },
            })
            .into_iter()
            .collect()
    }

    /// Returns how much it is, what share of the account's cost, and who pays most.
    pub fn figures(&self, check: &Check, facts: &Facts<'_>) -> Vec<Figure> {
        let number = |value: Decimal| value.to_f64().unwrap_or_default();
        let threshold = |name: &str| number(check.threshold(facts, name));
        let mut figures = vec![
            Figure::number(
                "transferred_gb",
                "Transferred a month",
                "월 전송량",
                number(self.gigabytes.round_dp(1)),
                "GB",
            )
            .against(threshold("min_gb_a_month")),
        ];
        figures.extend(self.share_percent.map(|percent| {
            Figure::number(
                "share_percent",
                "Share of the account's cost",
                "계정 비용 대비 비율",
                number(percent),
                "%",
            )
            .against(threshold(MIN_SHARE_PERCENT.name))
        }));
        figures.extend(self.payers.iter().take(NAMED).zip(1..).map(|(payer, place)| {
            Figure::word(
                &format!("payer_{place}"),
                &format!("Payer {place}"),
                &format!("전송 비용 {place}위"),
                format!(
                    "{}: {:.2} {}",
                    described(facts, &self.reference, &payer.id),
                    payer.cost.rounded().amount,
                    payer.cost.currency.code(),
                ),
            )
        }));
        figures
    }
}

/// Returns a payer's name on the bill, with what the inventory knows of it in the API's words.
fn described(facts: &Facts<'_>, place: &ResourceRef, id: &ResourceId) -> String {
    let snapshot = facts.snapshot;
    let is_here = |account: &SubAccountId, region: &RegionId| {
        *account == place.account && *region == place.region
    };
    let instance =
        snapshot.instances.iter().find(|one| one.id == *id && is_here(&one.account, &one.region));
    if let Some(instance) = instance {
        let words = [
            instance.name(),
            Some(instance.kind.instance_type.as_str()),
            instance.kind.availability_zone.as_deref(),
            instance.kind.auto_scaling_group_name.as_deref(),
        ];
        return format!("{id} ({})", words.into_iter().flatten().collect::<Vec<_>>().join(", "));
    }
    id.as_str().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::scene;

    const REGIONAL: Traffic = Traffic { usage_type: "DataTransfer-Regional-Bytes", except: None };

    #[test]
    fn a_usage_type_of_another_service_is_not_this_one() {
        let out = Traffic { usage_type: "DataTransfer-Out-Bytes", except: Some("CloudFront") };
        let is = |name: &str, service: &str| out.is(&Some(name.to_owned()), service);
        assert!(is("EU-DataTransfer-Out-Bytes", "AmazonEC2"));
        assert!(!is("EU-DataTransfer-Out-Bytes", "Amazon CloudFront"));
        assert!(!is("US-DataTransfer-Out-Bytes", "AmazonEC2"));
        assert!(!is("C3DataTransfer-Out-Bytes", "AmazonS3"));
        assert!(!out.is(&None, "AmazonEC2"));
    }

    #[test]
    fn the_payers_are_those_of_the_place_and_the_largest_comes_first() {
        let scene = scene()
            .bill("i-1", "DataTransfer-Regional-Bytes", "100", "1")
            .bill("i-2", "APN2-DataTransfer-Regional-Bytes", "300", "3")
            .bill("i-2", "BoxUsage:m5.large", "720", "72")
            .bill_of_account("999999999999", "i-3", "DataTransfer-Regional-Bytes", "900", "9");
        let place = reference(Some("111122223333".into()), Some("us-east-1".into()), REGIONAL);
        let found = payers(&scene.facts(), REGIONAL, &place, Currency::USD, Decimal::ONE)
            .expect("sums that fit");
        let found: Vec<(&str, Decimal)> =
            found.iter().map(|payer| (payer.id.as_str(), payer.cost.amount)).collect();
        assert_eq!(found, [("i-2", Decimal::from(3)), ("i-1", Decimal::from(1))]);
    }
}
