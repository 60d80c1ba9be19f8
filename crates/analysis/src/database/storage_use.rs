//! What a database asked of its storage at most, for checks that lower what storage may do.

use trimtab_model::evidence::{Figure, MetricCoverage};
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{Threshold, Unknown, Verdict};
use trimtab_model::resource::Resource;
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::text::{StaticText, Text};

use crate::check::{Check, Facts};
use crate::database::names;
use crate::observation::Observation;
use crate::verdict::pass;

/// The statistics of use: peaks first, means where there are no peaks.
pub const PEAKS: &[Statistic] = &[Statistic::Maximum, Statistic::Average];

/// How much room stays above what was seen.
pub const ROOM_PERCENT: Threshold = Threshold {
    name: "room_percent",
    default: "20",
    unit: "%",
    text: StaticText {
        en: "Room that is kept above the highest use that was seen.",
        ko: "관측된 최대 사용량 위에 남겨 두는 여유입니다.",
    },
};

/// Bytes of a MiB.
pub const BYTES_PER_MIB: f64 = 1_048_576.0;

/// Reads and writes of one kind, counted as if they were at their highest at once.
#[derive(Debug, Clone)]
pub struct StorageUse {
    /// The highest use: operations a second, or MiB/s.
    pub peak: f64,
    /// Days that both were watched.
    pub days: f64,
    /// Each metric that was read.
    pub coverage: Vec<MetricCoverage>,
}

impl StorageUse {
    /// Returns the operations of a database, a second.
    ///
    /// # Errors
    /// Returns `Unknown` if reads or writes were not watched long or completely enough.
    pub fn operations(
        check: &Check,
        facts: &Facts<'_>,
        db: &Resource<DbInstance>,
    ) -> Result<Self, Unknown> {
        Self::of(check, facts, db, ["ReadIOPS", "WriteIOPS"], 1.0)
    }

    /// Returns the throughput of a database in MiB/s.
    ///
    /// # Errors
    /// As [`operations`](Self::operations).
    pub fn throughput(
        check: &Check,
        facts: &Facts<'_>,
        db: &Resource<DbInstance>,
    ) -> Result<Self, Unknown> {
        Self::of(check, facts, db, ["ReadThroughput", "WriteThroughput"], BYTES_PER_MIB)
    }

    fn of(
        check: &Check,
        facts: &Facts<'_>,
        db: &Resource<DbInstance>,
        [reads, writes]: [&'static str; 2],
        unit: f64,
    ) -> Result<Self, Unknown> {
        let names = names::of_instance(db);
        let seen =
            |metric| Observation::complete(check, facts, db, &names, "AWS/RDS", metric, PEAKS);
        let (reads, writes) = (seen(reads)?, seen(writes)?);
        Ok(Self {
            peak: (reads.profile.max + writes.profile.max) / unit,
            days: reads.days().min(writes.days()),
            coverage: vec![reads.coverage(), writes.coverage()],
        })
    }
}

/// Returns the figure of the highest operations, rounded up.
pub fn operations_figure(peak: f64) -> Figure {
    Figure::number("iops_max", "Operations, maximum", "최대 IOPS", peak.ceil(), "IOPS")
}

/// Returns the figure of the highest throughput in MiB/s, rounded up.
pub fn throughput_figure(peak: f64) -> Figure {
    Figure::number("throughput_max", "Throughput, maximum", "최대 처리량", peak.ceil(), "MiB/s")
}

/// Passes a database whose storage cannot be changed now.
pub fn not_available(db: &DbInstance) -> Option<Verdict> {
    let status = &db.db_instance_status;
    (status != "available").then(|| {
        pass(
            "not-available",
            format!("The DB instance is {status}."),
            format!("DB 인스턴스 상태가 {status}입니다."),
        )
    })
}

/// Says how reads and writes were counted.
pub fn counted_at_once() -> Text {
    Text::new(
        "Reads and writes at their highest are counted as if at once.",
        "읽기와 쓰기의 최댓값이 동시에 발생한 것으로 계산했습니다.",
    )
}

/// Says what a change of storage holds up.
pub fn optimises_for_hours() -> Text {
    Text::new(
        "Storage optimises for hours; no other change of storage is possible meanwhile.",
        "변경 후 몇 시간 동안 스토리지 최적화가 진행되며, 그동안 다른 스토리지 변경은 할 수 없습니다.",
    )
}
