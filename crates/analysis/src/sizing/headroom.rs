//! What a size must offer: the demand, and room above it.

use trimtab_model::policy::{CpuThreshold, SizingPolicy};
use trimtab_model::price::InstanceTypeFacts;

use crate::sizing::demand::{Demand, Percentiles};

/// The least that a type must offer. Absent means: not measured, so not compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Requirement {
    /// vCPUs.
    pub vcpu: f64,
    /// Memory in MiB.
    pub memory_mib: f64,
    /// Sustained network in Gbit/s.
    pub network_gbps: Option<f64>,
    /// Sustained EBS throughput in MB/s.
    pub ebs_mb_s: Option<f64>,
    /// Sustained EBS operations per second.
    pub ebs_iops: Option<f64>,
}

impl Requirement {
    /// Returns what a type must offer to carry `demand` under `policy`.
    ///
    /// The percentile of the policy stays at or below the share of the processor that
    /// the headroom leaves, as Compute Optimizer defines it: P99.5 with 20 % means
    /// under 80 % for 99.5 % of the time. Where memory was not measured, all of the
    /// current memory is required.
    pub fn new(demand: &Demand, policy: SizingPolicy, current: &InstanceTypeFacts) -> Self {
        let percent = threshold_percent(&demand.cpu.percent, policy.cpu_threshold);
        let memory_now = current.memory_mib as f64;
        Self {
            vcpu: percent / 100.0 * f64::from(demand.cpu.observed_vcpu)
                / (1.0 - policy.cpu_headroom.share()),
            memory_mib: demand.memory_percent.map_or(memory_now, |used| {
                used / 100.0 * memory_now / (1.0 - policy.memory_headroom.share())
            }),
            network_gbps: demand.network_gbps,
            ebs_mb_s: demand.ebs_mb_s,
            ebs_iops: demand.ebs_iops,
        }
    }

    /// Returns the requirement where the demand of the processor is `cpu` times as high, and
    /// that of memory `memory` times where it was measured.
    pub fn grown(self, cpu: f64, memory: f64, memory_is_measured: bool) -> Self {
        let memory = if memory_is_measured { memory } else { 1.0 };
        Self { vcpu: self.vcpu * cpu, memory_mib: self.memory_mib * memory, ..self }
    }
}

/// Returns the percentile that the policy covers.
pub fn threshold_percent(percentiles: &Percentiles, threshold: CpuThreshold) -> f64 {
    match threshold {
        CpuThreshold::P90 => percentiles.p90,
        CpuThreshold::P95 => percentiles.p95,
        CpuThreshold::P99_5 => percentiles.p99_5,
    }
}

/// Returns the name of the percentile, as evidence shows it.
pub fn threshold_name(threshold: CpuThreshold) -> &'static str {
    match threshold {
        CpuThreshold::P90 => "p90",
        CpuThreshold::P95 => "p95",
        CpuThreshold::P99_5 => "p99.5",
    }
}
