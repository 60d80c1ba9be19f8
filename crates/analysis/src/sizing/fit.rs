//! Which types could replace an instance's type, and which of them cover its demand.

use rust_decimal::Decimal;

use trimtab_model::id::RegionId;
use trimtab_model::policy::{Permission, SizingPolicy};
use trimtab_model::price::{InstanceTypeFacts, Price, PriceBook};
use trimtab_model::resource::instance::Instance;

use crate::sizing::burstable::{baseline_share, is_burstable};
use crate::sizing::headroom::Requirement;

/// Series made for one kind of work: proposed only to instances of the same series.
/// Accelerators of some of them are not in the type's facts.
const SPECIAL_SERIES: &[&str] = &["dl", "f", "g", "gr", "hpc", "inf", "mac", "p", "trn", "u", "vt"];

/// Room for the rounding of percentages: a billionth.
const TOLERANCE: f64 = 1e-9;

/// A type with a price in one region.
#[derive(Debug, Clone, Copy)]
pub struct Offer<'a> {
    /// The type.
    pub facts: &'a InstanceTypeFacts,
    /// Its On-Demand Linux price per hour.
    pub price: &'a Price,
}

/// One of the things a type offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spec {
    /// vCPUs.
    Cpu,
    /// Memory.
    Memory,
    /// Sustained network bandwidth.
    Network,
    /// Sustained EBS throughput.
    EbsThroughput,
    /// Sustained EBS operations.
    EbsIops,
}

/// Lists the priced types offered in a region, cheapest first, ties by name.
pub fn offers<'a>(
    prices: &'a PriceBook,
    region: &RegionId,
    estimated: Permission,
) -> Vec<Offer<'a>> {
    let Some(region) = prices.regions.get(region) else { return Vec::new() };
    let estimates = match estimated {
        Permission::Allow => Some(&region.instance_hour_estimated),
        Permission::Deny => None,
    };
    let mut offers: Vec<Offer<'a>> = region
        .instance_hour
        .iter()
        .chain(
            estimates
                .into_iter()
                .flatten()
                .filter(|(name, _)| !region.instance_hour.contains_key(*name)),
        )
        .filter(|(name, price)| {
            price.usd > Decimal::ZERO
                && region.offered.as_ref().is_none_or(|offered| offered.contains(*name))
        })
        .filter_map(|(name, price)| Some(Offer { facts: prices.instance_types.get(name)?, price }))
        .collect();
    offers.sort_by(|a, b| {
        (a.price.usd, &a.facts.instance_type).cmp(&(b.price.usd, &b.facts.instance_type))
    });
    offers
}

/// Returns whether `instance` could run on `candidate` at all, whatever its demand.
pub fn is_compatible(
    instance: &Instance,
    current: &InstanceTypeFacts,
    candidate: &InstanceTypeFacts,
    policy: SizingPolicy,
) -> bool {
    let permits = |permission, condition: bool| condition || permission == Permission::Allow;
    let special = SPECIAL_SERIES.contains(&candidate.series.as_str());
    candidate.instance_type != current.instance_type
        && same_architecture(instance, current, candidate, policy)
        && permits(policy.previous_generation, candidate.current_generation)
        && permits(policy.burstable, !is_burstable(candidate))
        && (!is_burstable(candidate) || baseline_share(candidate).is_some())
        && candidate.bare_metal == current.bare_metal
        && candidate.instance_store_gb.is_none()
        && candidate.accelerators == current.accelerators
        && (!special || candidate.series == current.series)
        && hypervisor_fits(instance, current, candidate)
}

fn same_architecture(
    instance: &Instance,
    current: &InstanceTypeFacts,
    candidate: &InstanceTypeFacts,
    policy: SizingPolicy,
) -> bool {
    let supports = |wanted: &str| candidate.architecture.split(',').any(|one| one.trim() == wanted);
    let here =
        instance.architecture.as_deref().or_else(|| current.architecture.split(',').next_back());
    here.is_some_and(supports)
        || (policy.other_architecture == Permission::Allow
            && (supports("x86_64") || supports("arm64")))
}

/// Nitro needs the ENA driver and hardware virtualization; nobody goes back to Xen.
fn hypervisor_fits(
    instance: &Instance,
    current: &InstanceTypeFacts,
    candidate: &InstanceTypeFacts,
) -> bool {
    let is_xen = |facts: &InstanceTypeFacts| facts.hypervisor.as_deref() == Some("xen");
    if is_xen(candidate) {
        return is_xen(current);
    }
    instance.ena_support != Some(false)
        && instance.virtualization_type.as_deref() != Some("paravirtual")
}

/// How to read a figure that the catalogue lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissingFigure {
    /// As too little: a type that is proposed must be shown to suffice.
    Short,
    /// As enough: the type that runs now is not called short without proof.
    Enough,
}

/// Lists the specs of which `candidate` offers less than required.
pub fn shortfalls(
    requirement: &Requirement,
    candidate: &InstanceTypeFacts,
    missing: MissingFigure,
) -> Vec<Spec> {
    let short = |needed: f64, offered: f64| needed > offered * (1.0 + TOLERANCE);
    let unknown_or_short = |needed: Option<f64>, offered: Option<f64>| match (needed, offered) {
        (None, _) => false,
        (Some(needed), None) => needed > 0.0 && missing == MissingFigure::Short,
        (Some(needed), Some(offered)) => short(needed, offered),
    };
    let mut specs = Vec::new();
    if short(requirement.vcpu, f64::from(candidate.vcpu)) {
        specs.push(Spec::Cpu);
    }
    if short(requirement.memory_mib, candidate.memory_mib as f64) {
        specs.push(Spec::Memory);
    }
    if unknown_or_short(requirement.network_gbps, candidate.network_baseline_gbps) {
        specs.push(Spec::Network);
    }
    if unknown_or_short(requirement.ebs_mb_s, candidate.ebs_baseline_mb_s) {
        specs.push(Spec::EbsThroughput);
    }
    if unknown_or_short(requirement.ebs_iops, candidate.ebs_baseline_iops.map(f64::from)) {
        specs.push(Spec::EbsIops);
    }
    specs
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Makes a current x86_64 Nitro type with generous network and EBS.
    pub(crate) fn instance_type(name: &str, vcpu: u32, memory_mib: u64) -> InstanceTypeFacts {
        let (family, size) = name.split_once('.').expect("a dot in the type");
        let series: String = family.chars().take_while(char::is_ascii_alphabetic).collect();
        InstanceTypeFacts {
            instance_type: name.into(),
            family: family.to_owned(),
            size: size.to_owned(),
            burstable: series == "t",
            series,
            generation: family.chars().filter_map(|c| c.to_digit(10)).next().unwrap_or(5),
            attributes: String::new(),
            current_generation: true,
            bare_metal: false,
            hypervisor: Some("nitro".to_owned()),
            architecture: "x86_64".to_owned(),
            cpu_vendor: None,
            vcpu,
            memory_mib,
            network_baseline_gbps: Some(f64::from(vcpu) * 0.4),
            ebs_baseline_mb_s: Some(f64::from(vcpu) * 40.0),
            ebs_baseline_iops: Some(vcpu * 1800),
            instance_store_gb: None,
            accelerators: 0,
            coremark: None,
        }
    }

    fn requirement(vcpu: f64, memory_mib: f64) -> Requirement {
        Requirement { vcpu, memory_mib, network_gbps: None, ebs_mb_s: None, ebs_iops: None }
    }

    #[test]
    fn exactly_enough_is_enough() {
        // 80 % of 2 vCPU with 20 % headroom: 1.6 / 0.8.
        let needed = requirement(0.8 * 2.0 / (1.0 - 0.2), 8192.0);
        assert!(
            shortfalls(&needed, &instance_type("m5.large", 2, 8192), MissingFigure::Short)
                .is_empty()
        );
    }

    #[test]
    fn each_spec_can_be_short() {
        let needed = Requirement {
            vcpu: 2.1,
            memory_mib: 8193.0,
            network_gbps: Some(0.9),
            ebs_mb_s: Some(81.0),
            ebs_iops: Some(3601.0),
        };
        assert_eq!(
            shortfalls(&needed, &instance_type("m5.large", 2, 8192), MissingFigure::Short),
            [Spec::Cpu, Spec::Memory, Spec::Network, Spec::EbsThroughput, Spec::EbsIops]
        );
    }

    #[test]
    fn a_figure_that_the_catalogue_lacks_does_not_suffice() {
        let mut facts = instance_type("m5.large", 2, 8192);
        facts.network_baseline_gbps = None;
        let needed = Requirement { network_gbps: Some(0.1), ..requirement(1.0, 1024.0) };
        assert_eq!(shortfalls(&needed, &facts, MissingFigure::Short), [Spec::Network]);
        assert!(shortfalls(&needed, &facts, MissingFigure::Enough).is_empty());
    }
}
