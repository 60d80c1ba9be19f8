//! Queries that go to disk for what they could do in memory: temporary tables, sorts and hashes.

use trimtab_model::database::{
    Confidence, QueryFinding, QueryFindingKind, ServerStatistics, Statement, Subject,
};
use trimtab_model::text::{Reason, Text, counted};

use super::thresholds::{QueryThresholds, SPILL};
use super::words::{decimals, thousands};

/// Finds queries that build temporary tables on disk, or sort there.
pub(super) fn findings(
    statistics: &ServerStatistics,
    thresholds: &QueryThresholds,
) -> Vec<QueryFinding> {
    let heavy = |statement: &&Statement| {
        statistics.load_share(statement.seconds).is_some_and(|share| share >= thresholds.share)
    };
    statistics
        .statements
        .iter()
        .filter(heavy)
        .flat_map(|one| {
            [temporary_table(statistics, one), merge(statistics, one), spill(statistics, one)]
        })
        .flatten()
        .collect()
}

fn of(
    statistics: &ServerStatistics,
    statement: &Statement,
    kind: QueryFindingKind,
    reason: Reason,
    advice: Text,
) -> QueryFinding {
    QueryFinding {
        kind,
        about: Subject::of(statement),
        load_share: statistics.load_share(statement.seconds),
        examined_per_returned: statement.examined_per_returned(),
        calls: Some(statement.calls),
        confidence: Confidence::High,
        reason,
        advice,
        suggestion: None,
        unseen: Vec::new(),
        class_if: None,
    }
}

/// MySQL and MariaDB count temporary tables that did not fit, or could not, into memory.
fn temporary_table(statistics: &ServerStatistics, statement: &Statement) -> Option<QueryFinding> {
    let tables = statement.disk_temporary_tables.filter(|tables| *tables > 0)?;
    let per_call = statement.per_call(tables);
    // One large call among a hundred small ones is the exception and not the query.
    (per_call >= 0.1).then(|| {
        let (per_call, calls) = (decimals(per_call), thousands(statement.calls as f64));
        let tables = counted(&per_call, "temporary table");
        of(
            statistics,
            statement,
            QueryFindingKind::DiskTemporaryTable,
            Reason::new(
                "temporary-table-on-disk",
                format!("It builds {tables} on disk per call, in {calls} calls."),
                format!("{calls}회 실행되면서 한 번에 {per_call}개의 임시 테이블을 디스크에 만듭니다."),
            ),
            Text::new(
                "Keep TEXT and BLOB columns out of GROUP BY, DISTINCT and UNION (select keys first, then join), or give an index that has the order; only then raise tmp_table_size and max_heap_table_size.",
                "GROUP BY, DISTINCT, UNION에서 TEXT·BLOB 열을 빼고(키를 먼저 고른 뒤 조인) 같은 순서의 인덱스를 만드세요. tmp_table_size와 max_heap_table_size는 그다음에 늘리세요.",
            ),
        )
    })
}

/// MySQL and MariaDB count how often sorted parts were merged on disk.
fn merge(statistics: &ServerStatistics, statement: &Statement) -> Option<QueryFinding> {
    let passes = statement.sort_merge_passes.filter(|passes| *passes > 0)?;
    let per_call = statement.per_call(passes);
    (per_call >= 1.0).then(|| {
        let (per_call, calls) = (decimals(per_call), thousands(statement.calls as f64));
        of(
            statistics,
            statement,
            QueryFindingKind::SortOnDisk,
            Reason::new(
                "sort-merge-passes",
                format!("Each of its {calls} calls merges sorted parts on disk {per_call} times."),
                format!("{calls}회 실행되면서 한 번에 {per_call}회씩 디스크에서 정렬을 병합합니다."),
            ),
            Text::new(
                "Sort fewer rows or narrower ones (LIMIT, no long columns), or give an index that has the order; raise sort_buffer_size for this session only, as every connection takes it.",
                "정렬할 행과 열을 줄이거나(LIMIT, 긴 열 제외) 같은 순서의 인덱스를 만드세요. sort_buffer_size는 연결마다 잡히므로 해당 세션에서만 늘리세요.",
            ),
        )
    })
}

/// PostgreSQL counts what sorts and hashes wrote to temporary files.
fn spill(statistics: &ServerStatistics, statement: &Statement) -> Option<QueryFinding> {
    let bytes = statement.spilled_bytes?;
    let per_call = statement.per_call(bytes);
    (per_call >= SPILL).then(|| {
        let (mebibytes, calls) = (decimals(per_call / SPILL), thousands(statement.calls as f64));
        of(
            statistics,
            statement,
            QueryFindingKind::SortOnDisk,
            Reason::new(
                "temporary-files",
                format!("Each of its {calls} calls writes {mebibytes} MiB to temporary files: a sort or a hash did not fit into work_mem."),
                format!("{calls}회 실행되면서 한 번에 임시 파일 {mebibytes} MiB를 씁니다. 정렬이나 해시가 work_mem에 들어가지 않았습니다."),
            ),
            Text::new(
                "Sort fewer rows or narrower ones (LIMIT, no long columns), or give an index that has the order; raise work_mem for this query or role only (SET LOCAL, ALTER ROLE), as every sort of every connection may take it.",
                "정렬할 행과 열을 줄이거나(LIMIT, 긴 열 제외) 같은 순서의 인덱스를 만드세요. work_mem은 연결의 정렬마다 잡히므로 해당 쿼리나 역할에서만(SET LOCAL, ALTER ROLE) 늘리세요.",
            ),
        )
    })
}
