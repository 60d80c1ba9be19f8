//! The sizes that Fargate runs, and the cheapest one that suffices.

use rust_decimal::Decimal;

use trimtab_model::recommendation::CostComponent;

/// CPU units of a vCPU.
pub const UNITS_PER_VCPU: u32 = 1024;
/// MiB of a GB, as Fargate counts.
pub const MIB_PER_GB: u32 = 1024;

/// Processor and memory of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size {
    /// In units of which 1,024 are a vCPU.
    pub cpu_units: u32,
    /// In MiB.
    pub memory_mib: u32,
}

/// CPU units, then the least, the most and the step of memory in MiB that go with them.
///
/// Source: AWS, "Amazon ECS task definition parameters for Fargate", task CPU and memory; for
/// Linux, 2026-10.
const OFFERED: &[(u32, u32, u32, u32)] = &[
    (256, 512, 1024, 512),
    (256, 2048, 2048, 1024),
    (512, 1024, 4096, 1024),
    (1024, 2048, 8192, 1024),
    (2048, 4096, 16_384, 1024),
    (4096, 8192, 30_720, 1024),
    (8192, 16_384, 61_440, 4096),
    (16_384, 32_768, 122_880, 8192),
];

impl Size {
    /// Returns every size, smallest processor first.
    pub fn offered() -> impl Iterator<Item = Self> {
        OFFERED.iter().flat_map(|(cpu_units, least, most, step)| {
            (*least..=*most)
                .step_by(*step as usize)
                .map(|memory_mib| Self { cpu_units: *cpu_units, memory_mib })
        })
    }

    /// Returns the vCPUs.
    pub fn vcpu(self) -> Decimal {
        Decimal::from(self.cpu_units) / Decimal::from(UNITS_PER_VCPU)
    }

    /// Returns the memory in GB, as it is billed.
    pub fn memory_gb(self) -> Decimal {
        Decimal::from(self.memory_mib) / Decimal::from(MIB_PER_GB)
    }
}

/// Returns the cheapest size with at least so many CPU units and MiB, and what it costs.
///
/// `formula` prices a size. Absent where no size is large enough, or none has a price.
pub fn cheapest<E>(
    cpu_units: f64,
    memory_mib: f64,
    formula: impl Fn(Size) -> Result<Vec<CostComponent>, E>,
) -> Option<(Size, Vec<CostComponent>)> {
    Size::offered()
        .filter(|size| {
            f64::from(size.cpu_units) >= cpu_units && f64::from(size.memory_mib) >= memory_mib
        })
        .filter_map(|size| {
            let formula = formula(size).ok()?;
            Some((amount(&formula)?, size, formula))
        })
        .min_by(|(left, smaller, _), (right, larger, _)| {
            left.cmp(right).then_with(|| smaller.cmp(larger))
        })
        .map(|(_, size, formula)| (size, formula))
}

/// Returns the sum of a formula in dollars; absent if it overflows.
pub fn amount(formula: &[CostComponent]) -> Option<Decimal> {
    formula.iter().try_fold(Decimal::ZERO, |sum, part| sum.checked_add(part.amount().ok()?.amount))
}

#[cfg(test)]
mod tests {
    use trimtab_model::price::{Price, PriceBasis};

    use super::*;

    fn priced(size: Size) -> Result<Vec<CostComponent>, ()> {
        let part = |quantity: Decimal, usd: &str| CostComponent {
            name: String::new(),
            quantity,
            price: Price {
                usd: usd.parse().expect("a decimal"),
                unit: "hour".to_owned(),
                basis: PriceBasis::List,
                source: "test".to_owned(),
                as_of: None,
            },
        };
        Ok(vec![part(size.vcpu(), "0.04048"), part(size.memory_gb(), "0.004445")])
    }

    #[test]
    fn every_size_is_one_that_the_documentation_lists() {
        let offered: Vec<Size> = Size::offered().collect();
        // 3 + 4 + 7 + 13 + 23 + 12 + 12 sizes of memory.
        assert_eq!(offered.len(), 74);
        assert!(!offered.contains(&Size { cpu_units: 256, memory_mib: 1536 }));
        assert!(offered.contains(&Size { cpu_units: 4096, memory_mib: 30_720 }));
    }

    #[test]
    fn the_cheapest_size_covers_both_needs() {
        let found = |cpu, memory| cheapest(cpu, memory, priced).map(|(size, _)| size);
        assert_eq!(found(200.0, 700.0), Some(Size { cpu_units: 256, memory_mib: 1024 }));
        // Much memory needs more processor than was asked for.
        assert_eq!(found(200.0, 5000.0), Some(Size { cpu_units: 1024, memory_mib: 5120 }));
        assert_eq!(found(200.0, 200_000.0), None);
    }
}
