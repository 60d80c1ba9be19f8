//! What a class with less memory does to reads from storage.
//!
//! Statements read pages; those that are in memory cost nothing. With less memory, reads from
//! storage can only rise, and never above the pages that statements read in all. How far they rise
//! depends on where pages are kept:
//!
//! - InnoDB and Aurora keep them in their own buffer, which `FreeableMemory` does not count as free:
//!   where the buffer of the new class holds all that is in the present one, reads stay as they are. Where
//!   a part of it does not fit, the pages that are read least leave first, so that the rise is at most
//!   the part's share of all reads: the miss curve of least-recently-used buffers taken as convex.
//! - PostgreSQL also relies on the page cache of the operating system, which `FreeableMemory` counts
//!   as free. Only two things bound its reads: all of its data fits the new memory, or the storage
//!   sustains every page that is read.

use trimtab_model::evidence::Figure;
use trimtab_model::resource::db_load::DbBufferUse;
use trimtab_model::text::Text;

use crate::database::choice::DbQuestion;
use crate::database::class::Class;
use crate::database::connections::{Between, between};
use crate::database::parameters::PAGE_BYTES;
use crate::database::storage::gp3_included;

const BYTES_PER_GIB: f64 = 1_073_741_824.0;

/// What a smaller class does to reads.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reads {
    /// Reads a second from storage now, at the 99.5th percentile.
    pub now: Option<f64>,
    /// The most that they may become; absent where nothing bounds them.
    pub most: Option<f64>,
    /// What bounds them.
    pub bound: Bound,
}

/// What bounds the reads of a smaller class.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bound {
    /// The new buffer, of so many GiB at least, holds all of the present one, of so many at most.
    BufferHolds {
        /// The most that is in the buffer now, in GiB.
        content: f64,
        /// The new buffer, in GiB.
        buffer: f64,
    },
    /// A part of what the buffer may hold now does not fit.
    BufferSpills {
        /// The most that is in the buffer now, in GiB.
        content: f64,
        /// The new buffer, in GiB.
        buffer: f64,
    },
    /// All data on storage fits the new memory.
    DataFits {
        /// The data, in GiB.
        stored: f64,
    },
    /// Only that no more can be read than statements read.
    EveryPage,
    /// Nothing that was measured.
    Nothing,
    /// The engine's buffer is not known here; `FreeableMemory` alone decides.
    OwnMemory,
}

/// Whether a class does for the reads that it may cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enough {
    /// Storage sustains the most that they may become, or they stay as they are.
    Yes,
    /// It does not.
    No,
    /// Nothing bounds them.
    Unknown,
}

/// Returns whether an engine relies on the page cache of the operating system.
pub fn relies_on_page_cache(engine: &str) -> bool {
    engine == "postgres"
}

/// Returns what `class` does to reads; absent where it has no less memory, or where nobody measured
/// how much is in use.
pub fn reads(question: DbQuestion<'_>, class: &Class<'_>) -> Option<Reads> {
    let DbQuestion { engine, current, demand, load, .. } = question;
    let used = demand.memory_gib.filter(|_| class.memory_gib() < current.memory_gib())?;
    let asked = load.and_then(|load| load.buffer.as_ref());
    let now = demand.read_iops;
    if relies_on_page_cache(engine.engine) {
        if let Some(stored) = demand.stored_gib.filter(|data| data + used <= class.memory_gib()) {
            return Some(Reads { now, most: now, bound: Bound::DataFits { stored } });
        }
        let every_page = asked.map(|asked| asked.page_reads_p99_5);
        let bound = if every_page.is_some() { Bound::EveryPage } else { Bound::Nothing };
        return Some(Reads { now, most: every_page, bound });
    }
    let buffers = buffer_gib(question, &current).zip(buffer_gib(question, class));
    let Some((present, after)) = buffers else {
        return Some(Reads { now, most: None, bound: Bound::OwnMemory });
    };
    let (content, buffer) = (content_gib(asked, used, present), after.least);
    if content <= buffer {
        return Some(Reads { now, most: now, bound: Bound::BufferHolds { content, buffer } });
    }
    let spilt = (content - buffer) / content;
    let most = now.zip(asked).map(|(now, asked)| {
        let found_in_memory = (asked.page_reads_p99_5 - now).max(0.0);
        now + found_in_memory * spilt
    });
    Some(Reads { now, most, bound: Bound::BufferSpills { content, buffer } })
}

/// Returns the most that is in the buffer: as counted, else no more than it can hold or than is in
/// use at all.
fn content_gib(asked: Option<&DbBufferUse>, used: f64, present: Between) -> f64 {
    let counted = asked.and_then(|asked| asked.held_bytes_max).map(|bytes| bytes / BYTES_PER_GIB);
    counted.unwrap_or_else(|| present.most.min(used))
}

/// Returns the engine's own buffer on a class: as the parameter group has it, else by default.
///
/// Sources: RDS and Aurora user guides, default values of `innodb_buffer_pool_size` and
/// `shared_buffers`.
pub fn buffer_gib(question: DbQuestion<'_>, class: &Class<'_>) -> Option<Between> {
    let DbQuestion { engine, parameters, .. } = question;
    let (formula, unit) = match (parameters.buffer(), engine.engine) {
        (Some(own), _) => own,
        (None, "mysql" | "mariadb" | "aurora-mysql") => ("{DBInstanceClassMemory*3/4}", 1.0),
        (None, "postgres") => ("{DBInstanceClassMemory/32768}", PAGE_BYTES),
        (None, "aurora-postgresql") => ("SUM({DBInstanceClassMemory/12038},-50003)", PAGE_BYTES),
        (None, _) => return None,
    };
    let size = between(formula, parameters, class).ok()?;
    let gib = |size: f64| size * unit / BYTES_PER_GIB;
    Some(Between { least: gib(size.least), most: gib(size.most) })
}

/// Returns whether `class` and the storage sustain what reads may become.
pub fn enough(question: DbQuestion<'_>, class: &Class<'_>, reads: &Reads) -> Enough {
    let sustained = sustained_iops(question, class);
    let fits = |most: f64| {
        let needed = question.demand.write_iops.map(|writes| most + writes);
        needed.zip(sustained).map(|(needed, sustained)| needed <= sustained)
    };
    match (reads.bound, reads.most) {
        (Bound::BufferHolds { .. } | Bound::DataFits { .. } | Bound::OwnMemory, _) => Enough::Yes,
        // Memory with its headroom holds what is in use; only where the buffer's own counters
        // say how far reads may rise can storage be too slow for it.
        (Bound::BufferSpills { .. }, most) => match most.and_then(fits) {
            Some(false) => Enough::No,
            Some(true) | None => Enough::Yes,
        },
        (Bound::EveryPage | Bound::Nothing, most) => match most.and_then(fits) {
            Some(true) => Enough::Yes,
            Some(false) => Enough::No,
            None => Enough::Unknown,
        },
    }
}

/// Returns the operations a second that the class and the storage both sustain; absent for Aurora,
/// whose storage has no such limit, and where one of them is not known.
fn sustained_iops(question: DbQuestion<'_>, class: &Class<'_>) -> Option<f64> {
    let db = &question.db.kind;
    let size = db.allocated_storage_gib?;
    let storage = match db.storage_type.as_deref()? {
        "gp2" => size.saturating_mul(3).clamp(100, 64_000),
        "gp3" => db.iops.unwrap_or(gp3_included(&db.engine, size).0),
        "io1" | "io2" => db.iops?,
        _ => return None,
    };
    Some(class.ebs_iops?.min(f64::from(storage)))
}

/// Returns the reads as figures: those of now, against the most that they may become.
pub fn figures(reads: &Reads) -> Vec<Figure> {
    let figure = |name, en, ko, value: f64| Figure::number(name, en, ko, value, "IOPS");
    let now = reads.now.map(|now| {
        figure(
            "reads_p99_5",
            "Reads from storage, 99.5th percentile",
            "스토리지 읽기 99.5 백분위수",
            now,
        )
    });
    let most = reads.most.map(|most| {
        figure(
            "reads_at_most",
            "Reads from storage after the change, at most",
            "변경 후 스토리지 읽기 상한",
            most,
        )
    });
    now.into_iter().chain(most).collect()
}

/// Says what becomes of reads, and on what that rests.
pub fn note(reads: &Reads) -> Text {
    let most = reads.most.unwrap_or_default();
    match reads.bound {
        Bound::BufferHolds { content, buffer } => Text::new(
            format!(
                "The buffer of the new class has {buffer:.1} GiB or more and holds the {content:.1} GiB that may be in it now: reads from storage stay as they are."
            ),
            format!(
                "새 클래스의 버퍼는 최소 {buffer:.1} GiB로, 지금 버퍼에 있을 수 있는 {content:.1} GiB를 모두 담습니다. 스토리지 읽기는 늘지 않습니다."
            ),
        ),
        Bound::BufferSpills { content, buffer } if reads.most.is_some() => Text::new(
            format!(
                "Of the {content:.1} GiB that may be in its buffer, the new one holds {buffer:.1}. If the pages read least leave first, reads from storage rise to {most:.0} a second at most."
            ),
            format!(
                "지금 버퍼에 있을 수 있는 {content:.1} GiB 가운데 새 버퍼가 담는 양은 {buffer:.1} GiB입니다. 가장 적게 읽는 페이지부터 밀려난다고 보면 스토리지 읽기는 초당 최대 {most:.0}회입니다."
            ),
        ),
        Bound::BufferSpills { content, buffer } => Text::new(
            format!(
                "Of at most {content:.1} GiB in its buffer, the new one holds {buffer:.1}. How far reads from storage rise was not measured: with Performance Insights on, its counters say."
            ),
            format!(
                "지금 버퍼에 최대 {content:.1} GiB가 있을 수 있고 새 버퍼는 {buffer:.1} GiB를 담습니다. 스토리지 읽기가 얼마나 늘지는 측정되지 않았습니다. Performance Insights를 켜면 카운터로 알 수 있습니다."
            ),
        ),
        Bound::DataFits { stored } => Text::new(
            format!(
                "All {stored:.1} GiB on its storage fit the new memory beside what is in use: reads from storage do not rise."
            ),
            format!(
                "스토리지에 있는 {stored:.1} GiB 전체가 사용 중인 메모리와 함께 새 클래스의 메모리에 들어갑니다. 스토리지 읽기는 늘지 않습니다."
            ),
        ),
        Bound::EveryPage => Text::new(
            format!(
                "Statements read {most:.0} pages a second in all: reads from storage cannot rise above that, and the storage sustains it."
            ),
            format!(
                "쿼리가 읽는 페이지는 모두 합쳐 초당 {most:.0}개입니다. 스토리지 읽기는 이보다 늘 수 없고, 스토리지가 이를 감당합니다."
            ),
        ),
        Bound::Nothing => Text::new(
            "How far reads from storage rise was not measured.",
            "스토리지 읽기가 얼마나 늘지는 측정되지 않았습니다.",
        ),
        Bound::OwnMemory => Text::new(
            "How large the engine's buffer is on the new class is not known here; the memory in use fits it.",
            "새 클래스에서 엔진 버퍼의 크기는 알 수 없지만, 사용 중인 메모리는 새 클래스에 들어갑니다.",
        ),
    }
}
