//! The forecast of a machine.

use trimtab_model::recommendation::Unknown;
use trimtab_model::resource::Resource;
use trimtab_model::resource::instance::Instance;

use super::flow::Flow;
use super::odds::{NOTHING, Odds};
use super::table;
use crate::check::Facts;
use crate::sizing::demand::{self, PEAK_THEN_MEAN, too_few_samples};
use crate::sizing::series::Series;

/// What is expected of a machine over a horizon.
#[derive(Debug, Clone)]
pub struct Forecast {
    /// Its processor.
    pub cpu: Odds,
    /// Its memory; absent where it was not measured.
    pub memory: Option<Odds>,
    /// Its network, bytes in and out; absent, as the two below, where it was not measured or
    /// nothing flowed.
    pub network: Option<Flow>,
    /// Bytes that it reads from EBS and writes there.
    pub ebs_throughput: Option<Flow>,
    /// Operations of EBS, reads and writes.
    pub ebs_operations: Option<Flow>,
}

impl Forecast {
    /// Forecasts the demand of an instance over the horizon of its policy.
    ///
    /// # Errors
    /// Returns `Unknown` if there are fewer than 30 hours of processor metrics.
    pub fn of_instance(facts: &Facts<'_>, instance: &Resource<Instance>) -> Result<Self, Unknown> {
        let horizon = facts.policy.sizing(instance.environment).horizon;
        let cpu = Series::find(facts, instance, "AWS/EC2", "CPUUtilization", PEAK_THEN_MEAN)
            .ok_or_else(|| too_few_samples(facts, instance))?;
        let memory = demand::memory(facts, instance);
        let [network, ebs_throughput, ebs_operations] = demand::flows(facts, instance)
            .map(|flow| flow.and_then(|both| Flow::new(both, horizon)));
        Ok(Self {
            cpu: Odds::new(cpu.profile, &table::CPU, horizon),
            memory: memory
                .filter(|memory| memory.profile.max / 100.0 > NOTHING)
                .map(|memory| Odds::new(memory.profile, &table::MEMORY, horizon)),
            network,
            ebs_throughput,
            ebs_operations,
        })
    }

    /// Returns the forecast where the demand of the processor is `cpu` times as high, and that
    /// of memory `memory` times.
    pub fn grown(&self, cpu: f64, memory: f64) -> Self {
        Self {
            cpu: self.cpu.grown(cpu),
            memory: self.memory.as_ref().map(|odds| odds.grown(memory)),
            ..self.clone()
        }
    }
}
