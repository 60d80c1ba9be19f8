//! Queries that read a whole table for a few rows, though an index could find them.

use trimtab_model::database::{
    Confidence, Database, ProbeAnswer, QueryFinding, QueryFindingKind, ServerStatistics, Subject,
};
use trimtab_model::evidence::UnseenSignal;
use trimtab_model::text::{Reason, Text};

use super::candidate::Candidate;
use super::definition;
use super::thresholds::{TOO_MANY, WORTH_AN_INDEX};
use super::words::{decimals, thousands};

/// Returns what the planner makes of a candidate: nothing where it would not use the index.
pub(super) fn finding(
    statistics: &ServerStatistics,
    candidate: &Candidate<'_>,
    answer: &ProbeAnswer,
) -> Option<QueryFinding> {
    if answer.reads_whole_table == Some(false) {
        return None;
    }
    let lighter = answer.weight.zip(answer.weight_with_index).map(|(now, then)| then / now);
    if lighter.is_some_and(|part| part > WORTH_AN_INDEX) {
        return None;
    }
    let rows = candidate.table.rows.unwrap_or_default() as f64;
    let planned = answer.rows_planned.filter(|_| !statistics.database.engine.is_mysql_like());
    if lighter.is_none() && planned.is_some_and(|planned| planned > rows * TOO_MANY) {
        return None;
    }
    let counted = candidate.statement.rows_examined.is_some();
    let selective = lighter.is_some() || planned.is_some() || !candidate.adds_up;
    let confidence = match (answer.reads_whole_table, lighter) {
        (Some(true), Some(_)) => Confidence::High,
        (Some(true), None) if counted && selective => Confidence::High,
        (Some(true), None) => Confidence::Medium,
        _ if counted && selective => Confidence::Medium,
        _ => Confidence::Low,
    };
    let statement = candidate.statement;
    Some(QueryFinding {
        kind: QueryFindingKind::MissingIndex,
        about: Subject::of(statement),
        load_share: statistics.load_share(statement.seconds),
        examined_per_returned: statement.examined_per_returned(),
        calls: Some(statement.calls),
        confidence,
        reason: reason(candidate, answer, lighter),
        advice: advice(&statistics.database),
        suggestion: Some(definition::create_index(
            &statistics.database,
            &candidate.table.name,
            &candidate.columns,
        )),
        unseen: unseen(answer, selective),
        class_if: None,
    })
}

fn reason(candidate: &Candidate<'_>, answer: &ProbeAnswer, lighter: Option<f64>) -> Reason {
    let Candidate { statement, table, columns, .. } = candidate;
    let (name, columns) = (&table.name, columns.join(", "));
    let returned = decimals(statement.per_call(statement.rows_returned));
    let (read_en, read_ko) = match statement.rows_examined {
        Some(examined) => {
            let examined = thousands(statement.per_call(examined));
            (format!("{examined} rows"), format!("{examined}행을"))
        }
        None => {
            let pages = thousands(statement.per_call(statement.pages.unwrap_or_default()));
            (format!("{pages} pages"), format!("{pages}페이지를"))
        }
    };
    let (plan_en, plan_ko) = match (lighter, answer.reads_whole_table) {
        (Some(part), _) => {
            let percent = decimals(part * 100.0);
            (
                format!(" With the index the planner reckons {percent} % of the work."),
                format!(" 인덱스가 있으면 실행 계획의 비용이 지금의 {percent}%로 줄어듭니다."),
            )
        }
        (None, Some(true)) => (
            " Its plan reads the table from end to end.".to_owned(),
            " 실행 계획에서도 테이블 전체를 읽습니다.".to_owned(),
        ),
        (None, _) => (String::new(), String::new()),
    };
    Reason::new(
        "reads-whole-table",
        format!(
            "Each call reads {read_en} of {name} for {returned} in the answer; no index begins with {columns}.{plan_en}"
        ),
        format!(
            "한 번 실행할 때마다 {name}에서 {read_ko} 읽어 {returned}행을 얻습니다. {columns}(으)로 시작하는 인덱스가 없습니다.{plan_ko}"
        ),
    )
}

fn advice(database: &Database) -> Text {
    if database.engine.is_mysql_like() {
        Text::new(
            "Add the index in a quiet hour, on a copy first. Every write keeps it up to date and it takes disk space; DROP INDEX undoes it.",
            "복제본에서 먼저 확인한 뒤 한가한 시간에 인덱스를 추가하세요. 쓰기마다 인덱스도 갱신되고 디스크를 차지하며, DROP INDEX로 되돌릴 수 있습니다.",
        )
    } else {
        Text::new(
            "Add the index in a quiet hour, outside a transaction. Every write keeps it up to date and it takes disk space; DROP INDEX CONCURRENTLY undoes it.",
            "한가한 시간에 트랜잭션 밖에서 인덱스를 추가하세요. 쓰기마다 인덱스도 갱신되고 디스크를 차지하며, DROP INDEX CONCURRENTLY로 되돌릴 수 있습니다.",
        )
    }
}

fn unseen(answer: &ProbeAnswer, selective: bool) -> Vec<UnseenSignal> {
    let mut unseen = Vec::new();
    if answer.reads_whole_table.is_none() {
        unseen.push(UnseenSignal {
            name: "plan".to_owned(),
            text: Text::new(
                "No plan was seen: the account may not read the table, or the server keeps no sample of the query.",
                "실행 계획은 보지 못했습니다. 계정에 테이블을 읽을 권한이 없거나 서버가 쿼리 표본을 보관하지 않습니다.",
            ),
        });
    }
    if !selective {
        unseen.push(UnseenSignal {
            name: "selectivity".to_owned(),
            text: Text::new(
                "The query adds rows up, so its answer does not say how many rows the index would find.",
                "행을 집계하는 쿼리여서 인덱스로 찾을 행이 몇 개인지 결과로는 알 수 없습니다.",
            ),
        });
    }
    unseen
}
