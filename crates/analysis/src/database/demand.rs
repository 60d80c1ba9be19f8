//! What a DB instance used: processor, memory, connections and storage.

use trimtab_model::evidence::{MetricCoverage, UnseenSignal};
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::Unknown;
use trimtab_model::resource::Resource;
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::text::{Reason, Text};

use crate::check::Facts;
use crate::database::class::Class;
use crate::sizing::credits::{busy_hour, hour_means};
use crate::sizing::demand::{PEAK_THEN_MEAN, Percentiles};
use crate::sizing::series::{MINIMUM_HOURS, Series};

/// The statistics of `FreeableMemory`: lows first, means where there are no lows.
pub const LOW_THEN_MEAN: &[Statistic] = &[Statistic::Minimum, Statistic::Average];

const BYTES_PER_GIB: f64 = 1_073_741_824.0;

/// What a DB instance used. What was not measured is absent.
#[derive(Debug, Clone, PartialEq)]
pub struct DbDemand {
    /// Processor, in percent of the current class.
    pub cpu_percent: Percentiles,
    /// Which statistic of `CPUUtilization` that is.
    pub cpu_statistic: Statistic,
    /// The busiest day's mean, in percent of the current class.
    pub busiest_day_percent: f64,
    /// What an hour is at least of the busiest twentieth of all hours, in percent of the current
    /// class; absent where hours were not kept.
    pub busy_hour_percent: Option<f64>,
    /// Highest memory use in GiB: the class's memory less the lowest `FreeableMemory`, and what was
    /// swapped out at most, which would be in memory if there were room.
    pub memory_gib: Option<f64>,
    /// The part of it that was swapped out, in GiB.
    pub swap_gib: Option<f64>,
    /// Most that its data and logs took of its storage, in GiB; absent where storage is Aurora's.
    pub stored_gib: Option<f64>,
    /// Whether the lows of memory were seen, or only means.
    pub memory_statistic: Option<Statistic>,
    /// Most connections at once.
    pub connections: Option<f64>,
    /// Reads per second from storage at the 99.5th percentile.
    pub read_iops: Option<f64>,
    /// Writes per second at the 99.5th percentile.
    pub write_iops: Option<f64>,
    /// Both together.
    pub iops: Option<f64>,
    /// Reads and writes in MB/s at the 99.5th percentile.
    pub mb_s: Option<f64>,
    /// Fewest CPU credits that were left, for a burstable class.
    pub fewest_credits: Option<f64>,
    /// Days of the window.
    pub window_days: u32,
    /// Each metric that was read.
    pub coverage: Vec<MetricCoverage>,
}

impl DbDemand {
    /// Reads the demand of one DB instance, whose class is `current`.
    ///
    /// # Errors
    /// Returns `Unknown` if there are fewer than 30 hours of processor metrics.
    pub fn of(
        facts: &Facts<'_>,
        db: &Resource<DbInstance>,
        current: &Class<'_>,
    ) -> Result<Self, Unknown> {
        let find = |metric, statistics: &[Statistic]| {
            Series::find(facts, db, "AWS/RDS", metric, statistics)
        };
        let Some(cpu) = find("CPUUtilization", PEAK_THEN_MEAN) else {
            return Err(Unknown {
                reason: Reason::new(
                    "insufficient-data",
                    format!("CPUUtilization covers less than {MINIMUM_HOURS:.0} hours."),
                    format!("CPUUtilization이 {MINIMUM_HOURS:.0}시간 분량에 미치지 못합니다."),
                ),
                settled_by: vec!["metrics:AWS/RDS:CPUUtilization".to_owned()],
            });
        };
        let means = cpu.beside(facts, db, Statistic::Average).unwrap_or(cpu);
        let freeable = find("FreeableMemory", LOW_THEN_MEAN);
        let swap = find("SwapUsage", PEAK_THEN_MEAN);
        let credits = find("CPUCreditBalance", LOW_THEN_MEAN).filter(|_| current.is_burstable());
        let free_storage = find("FreeStorageSpace", LOW_THEN_MEAN);
        let connections = find("DatabaseConnections", PEAK_THEN_MEAN);
        let pair =
            |first, second| Some([find(first, PEAK_THEN_MEAN)?, find(second, PEAK_THEN_MEAN)?]);
        let operations = pair("ReadIOPS", "WriteIOPS");
        let bytes = pair("ReadThroughput", "WriteThroughput");
        let sum =
            |both: [Series<'_>; 2]| both.iter().map(|series| series.profile.p99_5).sum::<f64>();
        let gib = |bytes: f64| bytes / BYTES_PER_GIB;
        let swap_gib = swap.map(|series| gib(series.profile.max));

        let coverage = [Some(cpu), freeable, swap, connections, credits, free_storage]
            .into_iter()
            .flatten()
            .chain([operations, bytes].into_iter().flatten().flatten())
            .map(|series| series.coverage())
            .collect();
        Ok(Self {
            cpu_percent: Percentiles {
                p90: cpu.profile.p90,
                p95: cpu.profile.p95,
                p99_5: cpu.profile.p99_5,
                max: cpu.profile.max,
                mean: means.profile.mean,
            },
            cpu_statistic: cpu.statistic,
            busiest_day_percent: means.profile.max_daily_mean(),
            busy_hour_percent: busy_hour(&hour_means(means.profile)),
            memory_gib: freeable.map(|series| {
                let used = current.memory_gib() - gib(series.profile.min);
                used.max(0.0) + swap_gib.unwrap_or_default()
            }),
            swap_gib,
            stored_gib: free_storage.zip(db.kind.allocated_storage_gib).map(
                |(series, allocated)| (f64::from(allocated) - gib(series.profile.min)).max(0.0),
            ),
            memory_statistic: freeable.map(|series| series.statistic),
            connections: connections.map(|series| series.profile.max),
            read_iops: operations.map(|[reads, _]| reads.profile.p99_5),
            write_iops: operations.map(|[_, writes]| writes.profile.p99_5),
            iops: operations.map(sum),
            mb_s: bytes.map(|both| sum(both) / 1e6),
            fewest_credits: credits.map(|series| series.profile.min),
            window_days: cpu.window_days(),
            coverage,
        })
    }

    /// Returns what would be used without a share of the load: less of the processor, which is taken
    /// to work in proportion to the load, and as much of everything else.
    pub fn without(&self, share: f64) -> Self {
        let left = 1.0 - share;
        let mut demand = self.clone();
        let cpu = &mut demand.cpu_percent;
        for percent in [&mut cpu.p90, &mut cpu.p95, &mut cpu.p99_5, &mut cpu.max, &mut cpu.mean] {
            *percent *= left;
        }
        demand.busiest_day_percent *= left;
        demand.busy_hour_percent = demand.busy_hour_percent.map(|percent| percent * left);
        demand
    }

    /// Returns whether a burstable class had no CPU credits left at some moment.
    pub fn ran_out_of_credits(&self) -> bool {
        self.fewest_credits.is_some_and(|credits| credits < 1.0)
    }

    /// Returns what was not measured and could have changed the decision.
    pub fn unseen(&self) -> Vec<UnseenSignal> {
        let rows = [
            (
                self.memory_gib.is_none(),
                "memory",
                "FreeableMemory was not there, so no class with less memory is proposed.",
                "FreeableMemory가 없어 메모리가 더 적은 클래스는 제안하지 않습니다.",
            ),
            (
                self.swap_gib.is_none(),
                "swap",
                "SwapUsage was not there; what was swapped out could not be counted as memory in use.",
                "SwapUsage가 없어 스왑으로 나간 메모리를 사용량에 더하지 못했습니다.",
            ),
            (
                self.connections.is_none(),
                "connections",
                "DatabaseConnections was not there; the connection limit of the new class was not checked.",
                "DatabaseConnections가 없어 새 클래스의 연결 수 한도를 확인하지 못했습니다.",
            ),
            (
                self.iops.is_none(),
                "storage_iops",
                "ReadIOPS and WriteIOPS were not there; what the new class sustains was not checked.",
                "ReadIOPS와 WriteIOPS가 없어 새 클래스의 지속 IOPS를 확인하지 못했습니다.",
            ),
            (
                self.mb_s.is_none(),
                "storage_throughput",
                "ReadThroughput and WriteThroughput were not there; what the new class sustains was not checked.",
                "ReadThroughput과 WriteThroughput이 없어 새 클래스의 지속 처리량을 확인하지 못했습니다.",
            ),
            (
                self.cpu_statistic != Statistic::Maximum,
                "cpu_peaks",
                "Only averages of CPUUtilization were there; they hide short peaks.",
                "CPUUtilization이 평균으로만 제공되어 짧은 피크가 보이지 않습니다.",
            ),
        ];
        rows.into_iter()
            .filter(|(missing, ..)| *missing)
            .map(|(_, name, en, ko)| UnseenSignal {
                name: name.to_owned(),
                text: Text::new(en, ko),
            })
            .collect()
    }
}
