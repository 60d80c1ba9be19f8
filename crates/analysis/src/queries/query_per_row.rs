//! Queries that are sent once for each row of another query, instead of once for all.

use trimtab_model::database::{
    Confidence, DatabaseEngine, QueryFinding, QueryFindingKind, ServerStatistics, Statement,
    Subject,
};
use trimtab_model::evidence::UnseenSignal;
use trimtab_model::text::{Reason, Text};

use super::shape::{Comparison, Verb, shape};
use super::thresholds::{CALL_SHARE, CALLS_PER_PARENT, MANY_CALLS, NEAR};
use super::words::thousands;

/// Finds queries that run as often as another one gives rows.
pub(super) fn findings(statistics: &ServerStatistics) -> Vec<QueryFinding> {
    let Some(total) = statistics.total else { return Vec::new() };
    let engine = statistics.database.engine;
    statistics
        .statements
        .iter()
        .filter(|one| one.calls >= MANY_CALLS)
        .filter(|one| one.calls as f64 >= total.calls as f64 * CALL_SHARE)
        .filter(|one| looks_one_up(one, engine))
        .filter_map(|one| Some(finding(statistics, one, parent(statistics, one)?)))
        .collect()
}

/// Returns whether a query looks rows of one table up by one value.
fn looks_one_up(statement: &Statement, engine: DatabaseEngine) -> bool {
    shape(&statement.text, engine).is_some_and(|shape| {
        shape.verb == Verb::Select
            && shape.tables.len() == 1
            && shape.conditions.len() == 1
            && shape.conditions.iter().all(|one| one.comparison == Comparison::Equal)
            && !statement.text.as_str().contains(" IN (")
    })
}

/// Returns the query whose rows are as many as the calls: the nearest.
fn parent<'s>(statistics: &'s ServerStatistics, child: &Statement) -> Option<&'s Statement> {
    let engine = statistics.database.engine;
    let distance = |one: &Statement| one.rows_returned.abs_diff(child.calls);
    statistics
        .statements
        .iter()
        .filter(|one| one.digest != child.digest && one.schema == child.schema)
        .filter(|one| one.calls.saturating_mul(CALLS_PER_PARENT) <= child.calls)
        .filter(|one| distance(one) as f64 <= child.calls as f64 * NEAR)
        .filter(|one| shape(&one.text, engine).is_some_and(|shape| shape.verb == Verb::Select))
        .min_by_key(|one| distance(one))
}

fn finding(statistics: &ServerStatistics, child: &Statement, parent: &Statement) -> QueryFinding {
    let exact = parent.rows_returned == child.calls;
    let calls = thousands(child.calls as f64);
    let (rows, runs) = (thousands(parent.rows_returned as f64), thousands(parent.calls as f64));
    QueryFinding {
        kind: QueryFindingKind::QueryPerRow,
        about: Subject::of(child),
        load_share: statistics.load_share(child.seconds),
        examined_per_returned: child.examined_per_returned(),
        calls: Some(child.calls),
        confidence: if exact { Confidence::Medium } else { Confidence::Low },
        reason: Reason::new(
            "runs-once-per-row",
            format!(
                "It ran {calls} times, and another query gave {rows} rows in {runs} calls: it seems to be sent once for each. The other one: {}",
                parent.text
            ),
            format!(
                "{calls}회 실행되었는데, 다른 쿼리가 {runs}회 실행되어 {rows}행을 돌려주었습니다. 그 행마다 한 번씩 보내는 것으로 보입니다. 다른 쿼리: {}",
                parent.text
            ),
        ),
        advice: Text::new(
            "Ask for all rows at once: a JOIN, WHERE … IN (…), or the prefetch of the ORM (include, selectinload, @BatchSize).",
            "JOIN이나 WHERE … IN (…), ORM의 일괄 조회(include, selectinload, @BatchSize)로 한 번에 조회하세요.",
        ),
        suggestion: None,
        unseen: vec![UnseenSignal {
            name: "sessions".to_owned(),
            text: Text::new(
                "Counts alone do not prove it: which session sent what, and in which order, was not read.",
                "횟수만으로는 확정할 수 없습니다. 어느 세션이 어떤 순서로 보냈는지는 읽지 않았습니다.",
            ),
        }],
        class_if: None,
    }
}
