//! Queries that read very much for very little, and whose text gives no index away.

use std::collections::BTreeSet;

use trimtab_model::database::{
    Confidence, QueryFinding, QueryFindingKind, ServerStatistics, Statement, Subject,
};
use trimtab_model::text::{Reason, Text};

use super::thresholds::{LONG_SCAN_PAGES, LONG_SCAN_ROWS, MOST_CALLS, SCAN_SHARE};
use super::words::{decimals, thousands};

/// Finds long scans among the statements of which nothing better is known.
pub(super) fn findings(statistics: &ServerStatistics, found: &[QueryFinding]) -> Vec<QueryFinding> {
    let known: BTreeSet<&str> = found
        .iter()
        .filter_map(|finding| match &finding.about {
            Subject::Statement { digest, .. } => Some(digest.as_str()),
            Subject::Index { .. } | Subject::Server => None,
        })
        .collect();
    statistics
        .statements
        .iter()
        .filter(|one| !known.contains(one.digest.as_str()))
        .filter(|one| one.text.as_str().starts_with("SELECT"))
        .filter(|one| statistics.load_share(one.seconds) >= Some(SCAN_SHARE))
        .filter(|one| is_long(one))
        .map(|one| finding(statistics, one))
        .collect()
}

/// Returns whether a call reads at least a hundred rows, or a page, for each row of the answer.
fn is_long(statement: &Statement) -> bool {
    match statement.rows_examined {
        Some(examined) => {
            let without = statement.calls_without_index.unwrap_or_default() as f64;
            statement.per_call(examined) >= LONG_SCAN_ROWS
                && statement.examined_per_returned().is_some_and(|waste| waste >= 100.0)
                && without >= statement.calls as f64 * MOST_CALLS
        }
        None => {
            let pages = statement.pages.unwrap_or_default();
            statement.per_call(pages) >= LONG_SCAN_PAGES && statement.rows_returned <= pages
        }
    }
}

fn finding(statistics: &ServerStatistics, statement: &Statement) -> QueryFinding {
    let returned = decimals(statement.per_call(statement.rows_returned));
    let (en, ko) = match statement.rows_examined {
        Some(examined) => {
            let examined = thousands(statement.per_call(examined));
            (format!("{examined} rows"), format!("{examined}행을"))
        }
        None => {
            let pages = thousands(statement.per_call(statement.pages.unwrap_or_default()));
            (format!("{pages} pages"), format!("{pages}페이지를"))
        }
    };
    QueryFinding {
        kind: QueryFindingKind::FullScan,
        about: Subject::of(statement),
        load_share: statistics.load_share(statement.seconds),
        examined_per_returned: statement.examined_per_returned(),
        calls: Some(statement.calls),
        confidence: Confidence::Low,
        reason: Reason::new(
            "long-scan",
            format!(
                "Each call reads {en} for {returned} in the answer, and its text gives no index away."
            ),
            format!(
                "한 번 실행할 때마다 {ko} 읽어 {returned}행을 얻는데, 쿼리 문장만으로는 어떤 인덱스가 필요한지 알 수 없습니다."
            ),
        ),
        advice: Text::new(
            "Look at its plan: a condition that no index serves (a function on a column, LIKE '%…'), a report that belongs on a replica, or a sum that could be kept ready.",
            "실행 계획을 확인하세요. 인덱스를 쓸 수 없는 조건(열에 적용한 함수, LIKE '%…')인지, 리드 레플리카로 옮길 집계인지, 미리 계산해 둘 합계인지 살펴보세요.",
        ),
        suggestion: None,
        unseen: Vec::new(),
        class_if: None,
    }
}
