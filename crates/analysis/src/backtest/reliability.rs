//! How often what was given a chance did happen.
//!
//! Every size that a machine could have is given its chances, not only the one that is
//! chosen: a choice is made because its chance is small, so that it alone would flatter.

use std::collections::{BTreeMap, BTreeSet};

use trimtab_model::backtest::{Reliability, RiskEvent};

use super::trial::{Trial, scales};

/// The edges of the classes, in ten-thousandths: each holds one of 1, 2, 5, 10 and 20 %.
const EDGES: &[u32] = &[0, 20, 70, 140, 320, 710, 1_410, 2_830, 5_000, 10_000];

/// Sums by event and class.
#[derive(Debug, Default)]
pub(super) struct Classes(BTreeMap<(RiskEvent, usize), Sums>);

#[derive(Debug, Default)]
struct Sums {
    pairs: u64,
    predicted: f64,
    observed: f64,
}

impl Classes {
    /// Adds every size that a machine could have, each capacity once.
    pub(super) fn add(&mut self, trial: &Trial<'_>) {
        let (mut vcpus, mut memories) = (BTreeSet::new(), BTreeSet::new());
        for offer in trial.candidates() {
            let (cpu, memory) = scales(trial.current.facts, offer.facts);
            let outcome = trial.outcome(Some(offer));
            let forecast = &trial.forecast;
            if vcpus.insert(offer.facts.vcpu) {
                let above = |percent: f64| forecast.cpu.share_above(percent * cpu);
                self.note(RiskEvent::CpuAbove80, above(80.0), outcome.cpu_above_80);
                self.note(RiskEvent::CpuAbove100, above(100.0), outcome.cpu_above_100);
            }
            if let (Some(odds), Some(above)) = (&forecast.memory, outcome.memory_above_100)
                && memories.insert(offer.facts.memory_mib)
            {
                let ever = f64::from(u8::from(above > 0.0));
                self.note(RiskEvent::MemoryAbove100, odds.ever_above(100.0 * memory), ever);
            }
        }
    }

    fn note(&mut self, event: RiskEvent, predicted: f64, observed: f64) {
        let class = EDGES.iter().skip(1).filter(|edge| predicted > share(**edge)).count();
        let sums = self.0.entry((event, class)).or_default();
        sums.pairs += 1;
        sums.predicted += predicted;
        sums.observed += observed;
    }

    /// Returns the classes that hold something.
    pub(super) fn finish(self) -> Vec<Reliability> {
        let row = |((event, class), sums): ((RiskEvent, usize), Sums)| {
            let pairs = sums.pairs as f64;
            Some(Reliability {
                event,
                from: share(*EDGES.get(class)?),
                to: share(*EDGES.get(class + 1)?),
                pairs: sums.pairs,
                predicted: sums.predicted / pairs,
                observed: sums.observed / pairs,
            })
        };
        self.0.into_iter().filter_map(row).collect()
    }
}

fn share(ten_thousandths: u32) -> f64 {
    f64::from(ten_thousandths) / 10_000.0
}
