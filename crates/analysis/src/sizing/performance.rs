//! How much of one family's work a vCPU of another does.
//!
//! A vCPU is a unit of billing. What it does in a second differs between processors by a
//! factor of two and more, so that a size with as many vCPUs may be a smaller machine.

use std::collections::BTreeMap;

use trimtab_model::price::{InstanceTypeFacts, PriceBook};

/// What a vCPU of each family does: CoreMark iterations a second, measured on its sizes.
///
/// Source: the column `coremark_iter_s` of `catalog/instance_types.csv`, with its date.
#[derive(Debug, Clone, Default)]
pub struct Performance(BTreeMap<String, Measured>);

#[derive(Debug, Clone, Copy, Default)]
struct Measured {
    sizes: f64,
    sum: f64,
    squares: f64,
}

impl Measured {
    fn mean(self) -> f64 {
        self.sum / self.sizes
    }

    /// The standard deviation between the sizes of the family, as a share of the mean.
    fn spread(self) -> f64 {
        let mean = self.mean();
        (self.squares / self.sizes - mean * mean).max(0.0).sqrt() / mean
    }
}

/// What a vCPU of one family does, as a multiple of what one of another does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ratio {
    /// The multiple: 0.8 means that five vCPUs do the work of four.
    pub likely: f64,
    /// The standard deviation of it, from how the sizes of both families differ.
    pub uncertainty: f64,
}

impl Performance {
    /// Collects the measurements of a catalogue.
    pub fn of(prices: &PriceBook) -> Self {
        let mut families: BTreeMap<String, Measured> = BTreeMap::new();
        for facts in prices.instance_types.values() {
            let Some(coremark) = facts.coremark.filter(|_| facts.vcpu > 0) else { continue };
            let each = coremark / f64::from(facts.vcpu);
            let family = families.entry(facts.family.clone()).or_default();
            family.sizes += 1.0;
            family.sum += each;
            family.squares += each * each;
        }
        Self(families)
    }

    /// Returns what a vCPU of `candidate` does for one of `current`: exactly one within a family.
    /// Absent where either was not measured.
    pub fn ratio(
        &self,
        current: &InstanceTypeFacts,
        candidate: &InstanceTypeFacts,
    ) -> Option<Ratio> {
        if current.family == candidate.family {
            return Some(Ratio { likely: 1.0, uncertainty: 0.0 });
        }
        let (now, after) = (self.0.get(&current.family)?, self.0.get(&candidate.family)?);
        let likely = after.mean() / now.mean();
        let uncertainty = likely * now.spread().hypot(after.spread());
        Some(Ratio { likely, uncertainty })
    }

    /// Returns the vCPUs of the present type that those of `candidate` are worth.
    ///
    /// A slower processor counts as that. A faster one does not count as more: what waits for a disk or a lock
    /// does not run faster on it, and CoreMark says nothing of that. One that was not
    /// measured counts as equal.
    pub fn worth(&self, current: &InstanceTypeFacts, candidate: &InstanceTypeFacts) -> f64 {
        let ratio = self.ratio(current, candidate).map_or(1.0, |ratio| ratio.likely);
        f64::from(candidate.vcpu) * ratio.min(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sizing::fit::tests::instance_type;

    fn measured(name: &str, vcpu: u32, coremark: f64) -> InstanceTypeFacts {
        InstanceTypeFacts { coremark: Some(coremark), ..instance_type(name, vcpu, 8 << 10) }
    }

    fn book(types: &[InstanceTypeFacts]) -> PriceBook {
        let mut prices = PriceBook::default();
        for facts in types {
            prices.instance_types.insert(facts.instance_type.clone(), facts.clone());
        }
        prices
    }

    #[test]
    fn a_slower_processor_is_worth_less_and_a_faster_one_no_more() {
        let old = measured("m5.large", 2, 20_000.0);
        let (slow, fast) = (measured("t3a.large", 2, 16_000.0), measured("m7a.large", 2, 40_000.0));
        let unknown = instance_type("x9.large", 2, 8 << 10);
        let performance =
            Performance::of(&book(&[old.clone(), slow.clone(), fast.clone(), unknown.clone()]));
        for (candidate, vcpu) in [(&slow, 1.6), (&fast, 2.0), (&unknown, 2.0)] {
            assert!((performance.worth(&old, candidate) - vcpu).abs() < 1e-9, "{candidate:?}");
        }
        assert_eq!(performance.ratio(&old, &unknown), None);
        let ratio = performance.ratio(&old, &fast).expect("both were measured");
        assert_eq!((ratio.likely, ratio.uncertainty), (2.0, 0.0));
    }

    #[test]
    fn sizes_that_differ_make_the_ratio_uncertain() {
        let types = [
            measured("m5.large", 2, 20_000.0),
            measured("m5.xlarge", 4, 44_000.0),
            measured("m6i.large", 2, 24_000.0),
        ];
        let performance = Performance::of(&book(&types));
        let ratio = performance.ratio(&types[0], &types[2]).expect("both were measured");
        assert!((ratio.likely - 12.0 / 10.5).abs() < 1e-9, "{ratio:?}");
        assert!((ratio.uncertainty - ratio.likely * 0.5 / 10.5).abs() < 1e-9, "{ratio:?}");
    }
}
