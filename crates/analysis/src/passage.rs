//! Whether anything passed through a resource, by its metrics or by the bill.

use trimtab_model::evidence::{Evidence, Figure, MetricCoverage};
use trimtab_model::id::ResourceId;
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::Unknown;
use trimtab_model::resource::{Resource, ResourceKind};

use crate::billed::Billed;
use crate::check::{Check, Facts};
use crate::observation::{MIN_DAYS, Observation, missing};

const SUM: &[Statistic] = &[Statistic::Sum];

/// Where the traffic of a kind is counted.
#[derive(Debug, Clone, Copy)]
pub struct Counters {
    /// The namespace of the metrics.
    pub namespace: &'static str,
    /// The metrics, each a sum that must be zero.
    pub metrics: &'static [&'static str],
    /// The usage types of the bill that show that the resource was there.
    pub held: &'static [&'static str],
    /// The usage types of the bill that count what passed.
    pub moved: &'static [&'static str],
}

/// What passed through a resource.
#[derive(Debug, Clone)]
pub enum Passage {
    /// Something did.
    Something {
        /// The metric, or the usage type of the bill.
        counter: &'static str,
        /// How much was counted.
        units: f64,
    },
    /// Nothing did, which this proves.
    Nothing(Silence),
}

/// The proof that nothing passed.
#[derive(Debug, Clone)]
pub struct Silence {
    /// Days that were looked at.
    pub days: f64,
    coverage: Vec<MetricCoverage>,
    counter: &'static str,
}

impl Silence {
    /// Returns the figures of the proof.
    pub fn evidence(&self) -> Evidence {
        Evidence {
            window_days: Some(self.days as u32),
            figures: vec![
                Figure::number("traffic", "Traffic", "트래픽", 0.0, "bytes").against(0.0),
                Figure::word("counted_by", "Counted by", "확인 근거", self.counter),
            ],
            coverage: self.coverage.clone(),
            ..Evidence::default()
        }
    }
}

/// Returns what passed through a resource.
///
/// One counter above zero settles it, even where the others are missing. That nothing
/// passed takes every metric for the check's whole window, or a bill that charges the
/// resource itself for as long and no unit of what passes.
///
/// # Errors
/// Returns `Unknown` if neither proves it.
pub fn passage<K>(
    check: &Check,
    facts: &Facts<'_>,
    resource: &Resource<K>,
    kind: ResourceKind,
    names: &[ResourceId],
    counters: &Counters,
) -> Result<Passage, Unknown> {
    let Counters { namespace, metrics, held, moved } = *counters;
    let seen: Vec<(&'static str, Option<Observation<'_>>)> = metrics
        .iter()
        .map(|metric| (*metric, Observation::find(facts, resource, names, namespace, metric, SUM)))
        .collect();
    let busy = seen.iter().find_map(|(metric, seen)| {
        seen.filter(|seen| seen.profile.max > 0.0).map(|seen| (*metric, seen.profile.sum))
    });
    if let Some((counter, units)) = busy {
        return Ok(Passage::Something { counter, units });
    }
    let billed = Billed::find(facts, &resource.reference(kind), names);
    let on_bill = |min_days| billed.as_ref().and_then(|bill| bill.moved(held, moved, min_days));
    let counter = moved.first().copied().unwrap_or("bill");
    if let Some(quantity) = on_bill(0.0).filter(|quantity| !quantity.is_zero()) {
        use rust_decimal::prelude::ToPrimitive;
        let units = quantity.to_f64().unwrap_or_default();
        return Ok(Passage::Something { counter, units });
    }
    let watched = seen
        .iter()
        .map(|(metric, seen)| {
            let seen = seen.ok_or_else(|| missing(namespace, metric, SUM))?;
            seen.require(check, facts).map(|()| seen)
        })
        .collect::<Result<Vec<_>, Unknown>>();
    let min_days = check.threshold_f64(facts, MIN_DAYS.name);
    match (watched, billed.as_ref().filter(|_| on_bill(min_days).is_some())) {
        (Ok(watched), _) => Ok(Passage::Nothing(Silence {
            days: watched.iter().map(Observation::days).fold(f64::INFINITY, f64::min),
            coverage: watched.iter().map(Observation::coverage).collect(),
            counter: namespace,
        })),
        (Err(_), Some(bill)) => {
            use rust_decimal::prelude::ToPrimitive;
            let days = bill.days.to_f64().unwrap_or_default();
            Ok(Passage::Nothing(Silence { days, coverage: Vec::new(), counter }))
        }
        (Err(mut nothing), None) => {
            nothing.settled_by.push("billing".to_owned());
            Err(nothing)
        }
    }
}
