//! What an instance used: processor, memory, network and EBS.

use trimtab_model::evidence::{MetricCoverage, UnseenSignal};
use trimtab_model::metric::Statistic;
use trimtab_model::price::InstanceTypeFacts;
use trimtab_model::profile::DayProfile;
use trimtab_model::recommendation::Unknown;
use trimtab_model::resource::Resource;
use trimtab_model::resource::instance::Instance;
use trimtab_model::text::{Reason, Text, counted};

use crate::check::Facts;
use crate::sizing::credits::{Used, hour_means};
use crate::sizing::series::{MINIMUM_HOURS, Series};

/// The statistics of `CPUUtilization`, and of memory, which has to suffice at its highest: peaks first, means where there are no
/// peaks.
pub const PEAK_THEN_MEAN: &[Statistic] = &[Statistic::Maximum, Statistic::Average];
/// Those by which work is told, which a highest sample overstates: means first, peaks where there are no means.
pub const MEAN_THEN_PEAK: &[Statistic] = &[Statistic::Average, Statistic::Maximum];
const SUMS: &[Statistic] = &[Statistic::Sum];

/// Processor use in vCPUs of the current type.
#[derive(Debug, Clone, PartialEq)]
pub struct CpuDemand {
    /// Which statistic of the 5-minute intervals this is.
    pub statistic: Statistic,
    /// vCPUs of the current type, to which the percentages refer.
    pub observed_vcpu: u32,
    /// Percentiles and extremes, in percent of the current type.
    pub percent: Percentiles,
    /// The mean of each hour that has samples, in percent of the current type; empty where
    /// hours were not kept.
    pub hours: Vec<f64>,
    /// Each day's mean, in percent of the current type.
    pub days: Vec<DayProfile>,
    /// Which statistic the means of hours and days are of.
    pub days_statistic: Statistic,
}

impl CpuDemand {
    /// Returns what CPU credits are reckoned from.
    pub fn used(&self) -> Used<'_> {
        Used { vcpu: self.observed_vcpu, hours: &self.hours, days: &self.days }
    }
}

/// A distribution, in percent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Percentiles {
    /// 90th percentile.
    pub p90: f64,
    /// 95th percentile.
    pub p95: f64,
    /// 99.5th percentile.
    pub p99_5: f64,
    /// Highest value.
    pub max: f64,
    /// Mean.
    pub mean: f64,
}

/// What an instance used. What was not measured is absent.
#[derive(Debug, Clone, PartialEq)]
pub struct Demand {
    /// Processor.
    pub cpu: CpuDemand,
    /// Highest memory use, in percent of the current type.
    pub memory_percent: Option<f64>,
    /// Which statistic the memory figure is of.
    pub memory_statistic: Option<Statistic>,
    /// Network in and out together at the 99.5th percentile, in Gbit/s.
    pub network_gbps: Option<f64>,
    /// EBS reads and writes together at the 99.5th percentile, in MB/s.
    pub ebs_mb_s: Option<f64>,
    /// EBS operations at the 99.5th percentile, per second.
    pub ebs_iops: Option<f64>,
    /// Days of the window.
    pub window_days: u32,
    /// Each metric that was read.
    pub coverage: Vec<MetricCoverage>,
}

impl Demand {
    /// Reads the demand of one instance, whose type is `current`.
    ///
    /// # Errors
    /// Returns `Unknown` if there are fewer than 30 hours of processor metrics.
    pub fn of_instance(
        facts: &Facts<'_>,
        instance: &Resource<Instance>,
        current: &InstanceTypeFacts,
    ) -> Result<Self, Unknown> {
        let find = |namespace, metric, statistics: &[Statistic]| {
            Series::find(facts, instance, namespace, metric, statistics)
        };
        let Some(cpu) = find("AWS/EC2", "CPUUtilization", PEAK_THEN_MEAN) else {
            return Err(too_few_samples(facts, instance));
        };
        let means = cpu.beside(facts, instance, Statistic::Average).unwrap_or(cpu);
        let memories = memories(facts, instance);
        let memory = highest(memories);
        let [network, ebs_bytes, ebs_operations] = flows(facts, instance);
        let pairs = [network, ebs_bytes, ebs_operations].into_iter().flatten();
        let coverage = std::iter::once(cpu)
            .chain(memories.into_iter().flatten())
            .chain(pairs.flat_map(|(first, second)| [first, second]))
            .map(|series| series.coverage())
            .collect();
        Ok(Self {
            cpu: CpuDemand {
                statistic: cpu.statistic,
                observed_vcpu: current.vcpu,
                percent: Percentiles {
                    p90: cpu.profile.p90,
                    p95: cpu.profile.p95,
                    p99_5: cpu.profile.p99_5,
                    max: cpu.profile.max,
                    mean: means.profile.mean,
                },
                hours: hour_means(means.profile),
                days: means.profile.days.clone(),
                days_statistic: means.statistic,
            },
            memory_percent: memory.map(|series| series.profile.max),
            memory_statistic: memory.map(|series| series.statistic),
            network_gbps: network.map(|both| per_second(both) * 8.0 / 1e9),
            ebs_mb_s: ebs_bytes.map(|both| per_second(both) / 1e6),
            ebs_iops: ebs_operations.map(per_second),
            window_days: cpu.window_days(),
            coverage,
        })
    }

    /// Returns what was not measured and could have changed the decision.
    pub fn unseen(&self) -> Vec<UnseenSignal> {
        let mut unseen = Vec::new();
        let mut add = |name: &str, en: &str, ko: &str| {
            unseen.push(UnseenSignal { name: name.to_owned(), text: Text::new(en, ko) });
        };
        if self.memory_percent.is_none() {
            add(
                "memory",
                "Memory use was not measured, so no size with less memory is proposed. The CloudWatch agent or Prometheus provides mem_used_percent.",
                "메모리 사용률이 측정되지 않아 메모리가 더 적은 유형은 제안하지 않습니다. CloudWatch 에이전트나 Prometheus로 mem_used_percent를 수집할 수 있습니다.",
            );
        }
        if self.network_gbps.is_none() {
            add(
                "network",
                "Network traffic was not measured. Provide NetworkIn and NetworkOut of AWS/EC2 with statistic Sum.",
                "네트워크 트래픽이 측정되지 않았습니다. AWS/EC2의 NetworkIn, NetworkOut을 Sum 통계로 제공하세요.",
            );
        }
        if self.ebs_mb_s.is_none() {
            add(
                "ebs_throughput",
                "EBS throughput was not measured. Provide EBSReadBytes and EBSWriteBytes of AWS/EC2 with statistic Sum.",
                "EBS 처리량이 측정되지 않았습니다. AWS/EC2의 EBSReadBytes, EBSWriteBytes를 Sum 통계로 제공하세요.",
            );
        }
        if self.ebs_iops.is_none() {
            add(
                "ebs_iops",
                "EBS operations were not measured. Provide EBSReadOps and EBSWriteOps of AWS/EC2 with statistic Sum.",
                "EBS 입출력 횟수가 측정되지 않았습니다. AWS/EC2의 EBSReadOps, EBSWriteOps를 Sum 통계로 제공하세요.",
            );
        }
        if self.cpu.statistic != Statistic::Maximum {
            add(
                "cpu_peaks",
                "Only 5-minute averages of CPUUtilization were there; they hide short peaks. Provide statistic Maximum.",
                "CPUUtilization이 5분 평균으로만 제공되어 짧은 피크가 보이지 않습니다. Maximum 통계를 제공하세요.",
            );
        }
        unseen
    }
}

/// Returns the memory of an instance: the series that the size must hold.
pub fn memory<'a>(facts: &Facts<'a>, instance: &Resource<Instance>) -> Option<Series<'a>> {
    highest(memories(facts, instance))
}

/// Returns what flows through an instance, in both directions: network bytes, EBS bytes and EBS
/// operations.
pub fn flows<'a>(
    facts: &Facts<'a>,
    instance: &Resource<Instance>,
) -> [Option<(Series<'a>, Series<'a>)>; 3] {
    let find = |metric| Series::find(facts, instance, "AWS/EC2", metric, SUMS);
    [("NetworkIn", "NetworkOut"), ("EBSReadBytes", "EBSWriteBytes"), ("EBSReadOps", "EBSWriteOps")]
        .map(|(first, second)| Some((find(first)?, find(second)?)))
}

/// Windows has two figures: what is resident, and what is promised. A size must hold both.
fn memories<'a>(facts: &Facts<'a>, instance: &Resource<Instance>) -> [Option<Series<'a>>; 2] {
    ["mem_used_percent", "Memory % Committed Bytes In Use"]
        .map(|metric| Series::find(facts, instance, "CWAgent", metric, PEAK_THEN_MEAN))
}

fn highest(memories: [Option<Series<'_>>; 2]) -> Option<Series<'_>> {
    memories
        .into_iter()
        .flatten()
        .max_by(|left, right| left.profile.max.total_cmp(&right.profile.max))
}

/// Adds the 99.5th percentiles of two sums per period, per second. The two peaks need not
/// coincide, so this errs on the side of more.
fn per_second((first, second): (Series<'_>, Series<'_>)) -> f64 {
    first.profile.p99_5 * first.per_second() + second.profile.p99_5 * second.per_second()
}

/// Says that the processor was watched for less than 30 hours.
pub fn too_few_samples(facts: &Facts<'_>, instance: &Resource<Instance>) -> Unknown {
    let of = ("AWS/EC2", "CPUUtilization");
    let profiles = facts.profiles;
    let hours = profiles
        .each_source(&instance.origin(), &instance.id, of, PEAK_THEN_MEAN, |_| true)
        .into_iter()
        .map(|found| found.profile.hours_observed())
        .fold(0.0, f64::max);
    Unknown {
        reason: Reason::new(
            "insufficient-data",
            format!(
                "CPUUtilization covers {}; at least {MINIMUM_HOURS:.0} are needed.",
                counted(format_args!("{hours:.0}"), "hour")
            ),
            format!(
                "CPUUtilization이 {hours:.0}시간 분량뿐입니다. 최소 {MINIMUM_HOURS:.0}시간이 필요합니다."
            ),
        ),
        settled_by: vec!["metrics:AWS/EC2:CPUUtilization".to_owned()],
    }
}
