//! Indexes that nobody reads and every write keeps up to date.

use trimtab_model::database::{
    Confidence, Index, IndexRole, QueryFinding, QueryFindingKind, ServerStatistics, Subject, Table,
};
use trimtab_model::evidence::UnseenSignal;
use trimtab_model::text::{Reason, Text};

use super::definition;
use super::duplicate_index::indexes;
use super::thresholds::{MONTH_HOURS, QueryThresholds, SMALL_TABLE};
use super::words::{hours, size};

/// Finds indexes without a use since the server counts, if it has counted for long enough.
pub(super) fn findings(
    statistics: &ServerStatistics,
    thresholds: &QueryThresholds,
    duplicates: &[QueryFinding],
) -> Vec<QueryFinding> {
    let Some(counted) = settled(statistics, thresholds) else { return Vec::new() };
    let known = indexes(duplicates);
    let mut found = Vec::new();
    for table in statistics.tables.iter().filter(|table| table.rows >= Some(SMALL_TABLE)) {
        let unused = table.indexes.iter().filter(|index| {
            index.role == IndexRole::Plain
                && index.uses == Some(0)
                && !known.contains(&(table.name.clone(), index.name.clone()))
        });
        found.extend(unused.map(|index| finding(statistics, table, index, counted)));
    }
    found
}

/// Returns the hours that uses were counted for, if they are enough to say that there are none.
pub(super) fn settled(statistics: &ServerStatistics, thresholds: &QueryThresholds) -> Option<f64> {
    statistics.age.index_hours.filter(|counted| *counted >= thresholds.settled_hours)
}

fn finding(
    statistics: &ServerStatistics,
    table: &Table,
    index: &Index,
    counted: f64,
) -> QueryFinding {
    let database = &statistics.database;
    let hidden = definition::hide_index(database, &table.name, &index.name);
    let (size_en, size_ko) = size(index.bytes);
    let (age_en, age_ko) = hours(counted);
    let advice = match hidden {
        Some(_) => Text::new(
            "Hide it from the planner first, for a month; it stays up to date and comes back at once. Then drop it.",
            "먼저 한 달쯤 옵티마이저에서 숨기세요. 계속 갱신되므로 바로 되돌릴 수 있습니다. 문제가 없으면 삭제하세요.",
        ),
        None => Text::new(
            "Drop it if no monthly or yearly job needs it. Keep its definition: making it again takes as long as the table is large.",
            "월간·연간 작업에서 쓰지 않는다면 삭제하세요. 다시 만들려면 테이블 크기만큼 시간이 걸리므로 정의를 보관해 두세요.",
        ),
    };
    QueryFinding {
        kind: QueryFindingKind::UnusedIndex,
        about: Subject::Index { table: table.name.clone(), index: index.name.clone() },
        load_share: None,
        examined_per_returned: None,
        calls: None,
        confidence: if counted >= MONTH_HOURS { Confidence::High } else { Confidence::Medium },
        reason: Reason::new(
            "never-read",
            format!("Nothing has read it in the {age_en} that the server counted.{size_en}"),
            format!("서버가 집계한 {age_ko} 동안 한 번도 읽히지 않았습니다.{size_ko}"),
        ),
        advice,
        suggestion: Some(
            hidden.unwrap_or_else(|| definition::drop_index(database, &table.name, &index.name)),
        ),
        unseen: vec![UnseenSignal {
            name: "replicas".to_owned(),
            text: Text::new(
                "Replicas count by themselves: look there too before it goes.",
                "레플리카는 따로 집계합니다. 삭제하기 전에 레플리카에서도 확인하세요.",
            ),
        }],
        class_if: None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{index, statistics, table};
    use super::*;

    fn check(age: Option<f64>, index: Index, expected: usize) {
        let mut statistics = statistics();
        statistics.age.index_hours = age;
        statistics.tables = vec![table("orders", 40_000, &["a"], vec![index])];
        assert_eq!(findings(&statistics, &QueryThresholds::default(), &[]).len(), expected);
    }

    #[test]
    fn an_index_without_a_use_is_found_after_a_week_and_not_before() {
        check(Some(168.0), index("by_a", &["a"], 0), 1);
        check(Some(167.9), index("by_a", &["a"], 0), 0);
        check(None, index("by_a", &["a"], 0), 0);
    }

    #[test]
    fn what_is_used_or_needed_or_not_counted_stays() {
        check(Some(999.0), index("by_a", &["a"], 1), 0);
        let of = |role| Index { role, ..index("by_a", &["a"], 0) };
        check(Some(999.0), of(IndexRole::Unique), 0);
        check(Some(999.0), of(IndexRole::Constraint), 0);
        check(Some(999.0), Index { uses: None, ..index("by_a", &["a"], 0) }, 0);
    }
}
