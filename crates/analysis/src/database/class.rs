//! What an RDS class offers: the catalogue's facts, and those of the EC2 type it runs on.

use rust_decimal::prelude::ToPrimitive;

use trimtab_model::id::{DbInstanceClass, InstanceType};
use trimtab_model::price::{DbClassFacts, PriceBook};

use crate::sizing::burstable;

/// A class, with the baseline of the EC2 type of the same name where there is one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Class<'a> {
    /// The catalogue's facts.
    pub facts: &'a DbClassFacts,
    /// EBS operations per second that it sustains, where known.
    pub ebs_iops: Option<f64>,
    /// EBS throughput in MB/s that it sustains, where known.
    pub ebs_mb_s: Option<f64>,
    /// Share of each vCPU that a burstable class sustains.
    pub baseline_share: Option<f64>,
}

impl<'a> Class<'a> {
    /// Finds a class in the catalogue.
    pub fn find(prices: &'a PriceBook, class: &DbInstanceClass) -> Option<Self> {
        let facts = prices.db_classes.get(class)?;
        let same_name = class.as_str().strip_prefix("db.").unwrap_or(class.as_str());
        let instance = prices.instance_types.get(&InstanceType::new(same_name));
        Some(Self {
            facts,
            ebs_iops: instance.and_then(|facts| facts.ebs_baseline_iops).map(f64::from),
            ebs_mb_s: instance.and_then(|facts| facts.ebs_baseline_mb_s),
            baseline_share: instance.and_then(burstable::baseline_share),
        })
    }

    /// Returns the memory in GiB.
    pub fn memory_gib(&self) -> f64 {
        self.facts.memory_gib.to_f64().unwrap_or(0.0)
    }

    /// Returns whether it is a T class, which lives on CPU credits.
    pub fn is_burstable(&self) -> bool {
        self.facts.family.starts_with('t')
    }

    /// Returns whether it has an Arm processor.
    pub fn is_arm(&self) -> bool {
        self.attributes().contains('g')
    }

    /// Returns whether it has local disks, which hold temporary objects.
    pub fn has_local_disks(&self) -> bool {
        self.attributes().contains('d')
    }

    /// Returns whether it is a plain class: the general, memory or burstable series,
    /// without the extra memory or fixed threads of the Oracle variants.
    pub fn is_plain(&self) -> bool {
        let dots = self.facts.db_instance_class.as_str().matches('.').count();
        let series: String =
            self.facts.family.chars().take_while(char::is_ascii_alphabetic).collect();
        dots == 2 && ["m", "r", "t", "x", "z", "c"].contains(&series.as_str())
    }

    /// Returns the letters behind the generation, such as `gd` of `r6gd`.
    fn attributes(&self) -> &'a str {
        self.facts
            .family
            .trim_start_matches(|c: char| c.is_ascii_alphabetic())
            .trim_start_matches(|c: char| c.is_ascii_digit())
    }
}
