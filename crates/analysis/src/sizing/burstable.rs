//! Burstable types: what they sustain, and what more than that costs.
//!
//! A T instance sustains its baseline and lives on credits above it. In unlimited
//! mode, the default of T3, T3a and T4g, demand above the baseline over 24 hours is
//! billed per vCPU-hour, so a busy machine is dearer on a T type than it looks.

use rust_decimal::Decimal;

use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::price::{InstanceTypeFacts, Price, PriceBasis};
use trimtab_model::recommendation::CostComponent;

use crate::sizing::credits::Used;

/// Where the baselines and the surplus prices come from.
const SOURCE: &str = "AWS EC2 user guide, burstable performance instances";
/// vCPUs below which a difference is the rounding of a mean.
const ROUNDING: f64 = 1e-6;

/// Returns whether a type lives on CPU credits.
pub fn is_burstable(facts: &InstanceTypeFacts) -> bool {
    facts.burstable || facts.series == "t"
}

/// Returns the share of each vCPU that a burstable type sustains, from 0 to 1.
///
/// Absent for types that are not burstable and for burstable ones whose baseline the
/// table does not have. Source: AWS EC2 user guide, "Key concepts for burstable
/// performance instances", table of baseline utilisation per vCPU.
pub fn baseline_share(facts: &InstanceTypeFacts) -> Option<f64> {
    match (facts.family.as_str(), facts.size.as_str()) {
        ("t2" | "t3" | "t3a" | "t4g", "nano") => Some(0.05),
        ("t2" | "t3" | "t3a" | "t4g", "micro") => Some(0.10),
        ("t2" | "t3" | "t3a" | "t4g", "small" | "medium") => Some(0.20),
        ("t2" | "t3" | "t3a" | "t4g", "large") => Some(0.30),
        ("t2", "xlarge") => Some(0.225),
        ("t2", "2xlarge") => Some(0.168_75),
        ("t3" | "t3a" | "t4g", "xlarge" | "2xlarge") => Some(0.40),
        _ => None,
    }
}

/// Returns the price of a vCPU-hour above the baseline, for Linux.
///
/// Absent for T2, whose default mode throttles and bills nothing. Source: EC2
/// On-Demand pricing page, "T unlimited mode pricing".
pub fn surplus_price(family: &str) -> Option<Price> {
    let usd = match family {
        "t3" | "t3a" => Decimal::new(5, 2),
        "t4g" => Decimal::new(4, 2),
        _ => return None,
    };
    Some(Price {
        usd,
        unit: "vCPU-hour".to_owned(),
        basis: PriceBasis::List,
        source: SOURCE.to_owned(),
        as_of: None,
    })
}

/// Returns the vCPU-hours a month that are charged above the baseline.
pub fn surplus_hours(facts: &InstanceTypeFacts, used: Used<'_>) -> f64 {
    let baseline = baseline_share(facts).map(|share| share * f64::from(facts.vcpu));
    baseline.map_or(0.0, |baseline| used.charged(baseline) * f64::from(HOURS_PER_MONTH))
}

/// Returns whether a type would be throttled: its credits run out, and in its default mode
/// nothing but waiting pays for the difference.
pub fn throttles(facts: &InstanceTypeFacts, used: Used<'_>) -> bool {
    let Some(share) = baseline_share(facts) else { return false };
    let baseline = share * f64::from(facts.vcpu);
    surplus_price(&facts.family).is_none() && used.unserved(baseline, facts.vcpu) > ROUNDING
}

/// Returns the credits to expect on the bill each month; absent when there are none.
pub fn surplus_component(facts: &InstanceTypeFacts, used: Used<'_>) -> Option<CostComponent> {
    let price = surplus_price(&facts.family)?;
    let quantity = Decimal::from_f64_retain(surplus_hours(facts, used))?.round_dp(4);
    (quantity > Decimal::ZERO).then(|| CostComponent {
        name: format!("CPU credits of {}", facts.instance_type),
        quantity,
        price,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sizing::fit::tests::instance_type;

    fn used(hours: &[f64]) -> Used<'_> {
        Used { vcpu: 2, hours, days: &[] }
    }

    #[test]
    fn a_day_below_the_baseline_costs_nothing_more() {
        let facts = instance_type("t3.large", 2, 8192);
        assert!(surplus_component(&facts, used(&[29.0; 24])).is_none());
        assert!(surplus_component(&facts, used(&[30.0; 24])).is_none());
    }

    #[test]
    fn what_is_above_the_baseline_is_billed_by_the_month() {
        // 2 vCPU × (50 % - 30 %) all the time: 0.4 × 730 vCPU-hours at 0.05.
        let facts = instance_type("t3.large", 2, 8192);
        let component = surplus_component(&facts, used(&[50.0; 48])).unwrap();
        assert_eq!(component.quantity, Decimal::new(292, 0));
        assert_eq!(component.amount().unwrap().amount, Decimal::new(1460, 2));
    }

    #[test]
    fn a_type_that_bills_nothing_above_its_baseline_throttles() {
        let busy = [60.0; 24];
        assert!(throttles(&instance_type("t2.large", 2, 8192), used(&busy)));
        assert!(!throttles(&instance_type("t3.large", 2, 8192), used(&busy)));
        assert!(!throttles(&instance_type("t2.large", 2, 8192), used(&[20.0; 24])));
        assert!(!throttles(&instance_type("m5.large", 2, 8192), used(&busy)));
    }

    #[test]
    fn a_burstable_type_without_a_known_baseline_has_none() {
        assert_eq!(baseline_share(&instance_type("t8i.small", 2, 2048)), None);
        assert!(is_burstable(&instance_type("t8i.small", 2, 2048)));
    }
}
