//! Indexes that another index of the same table makes superfluous.

use std::collections::BTreeSet;

use trimtab_model::database::{
    Confidence, Index, IndexRole, QueryFinding, QueryFindingKind, ServerStatistics, Subject, Table,
    TableName,
};
use trimtab_model::text::{Reason, Text};

use super::definition;
use super::words::size;

/// Finds indexes of which another has all columns, in the same order.
pub(super) fn findings(statistics: &ServerStatistics) -> Vec<QueryFinding> {
    let mut found = Vec::new();
    for table in &statistics.tables {
        let mut gone = BTreeSet::new();
        let mut plain: Vec<&Index> =
            table.indexes.iter().filter(|index| is_free(statistics, index)).collect();
        // Of two that are alike, the one that is used less can go; the later name among equals.
        plain.sort_by(|a, b| (a.uses, &b.name).cmp(&(b.uses, &a.name)));
        for index in plain {
            let instead = table.indexes.iter().find(|other| {
                other.name != index.name && !gone.contains(&other.name) && serves(other, index)
            });
            if let Some(instead) = instead {
                gone.insert(index.name.clone());
                found.push(finding(statistics, table, index, instead));
            }
        }
    }
    found
}

/// Returns the names of the indexes that a finding is about.
pub(super) fn indexes(found: &[QueryFinding]) -> BTreeSet<(TableName, String)> {
    found
        .iter()
        .filter_map(|finding| match &finding.about {
            Subject::Index { table, index } => Some((table.clone(), index.clone())),
            Subject::Statement { .. } | Subject::Server => None,
        })
        .collect()
}

/// Returns whether an index could go if another served: in MySQL and MariaDB a foreign key accepts
/// any that does, while a constraint of PostgreSQL owns its index.
fn is_free(statistics: &ServerStatistics, index: &Index) -> bool {
    let replaceable = match index.role {
        IndexRole::Plain => true,
        IndexRole::Constraint => statistics.database.engine.is_mysql_like(),
        IndexRole::Unique => false,
    };
    replaceable && index.comparable && !index.columns.is_empty()
}

/// Returns whether `other` finds whatever `index` finds.
fn serves(other: &Index, index: &Index) -> bool {
    let ordered = other.kind.to_lowercase().starts_with("btree");
    other.comparable
        && other.kind == index.kind
        && (other.columns == index.columns
            || (ordered && other.columns.starts_with(&index.columns)))
}

fn finding(
    statistics: &ServerStatistics,
    table: &Table,
    index: &Index,
    instead: &Index,
) -> QueryFinding {
    let alike = instead.columns == index.columns;
    let (columns, other) = (index.columns.join(", "), instead.columns.join(", "));
    let (size_en, size_ko) = size(index.bytes);
    let (en, ko) = if alike {
        (
            format!("{} has the same columns ({columns}).{size_en}", instead.name),
            format!("{} 인덱스와 열이 같습니다({columns}).{size_ko}", instead.name),
        )
    } else {
        (
            format!("{} ({other}) begins with its columns ({columns}).{size_en}", instead.name),
            format!("{} 인덱스({other})가 같은 열({columns})로 시작합니다.{size_ko}", instead.name),
        )
    };
    QueryFinding {
        kind: QueryFindingKind::DuplicateIndex,
        about: Subject::Index { table: table.name.clone(), index: index.name.clone() },
        load_share: None,
        examined_per_returned: None,
        calls: None,
        confidence: if alike { Confidence::High } else { Confidence::Medium },
        reason: Reason::new("columns-of-another", en, ko),
        advice: Text::new(
            "Drop it: every write keeps it up to date for nothing. Queries that name it in a hint must be changed first.",
            "삭제하세요. 쓰기마다 갱신만 될 뿐 쓸모가 없습니다. 힌트에 이 인덱스를 적은 쿼리가 있다면 먼저 고치세요.",
        ),
        suggestion: Some(definition::drop_index(&statistics.database, &table.name, &index.name)),
        unseen: Vec::new(),
        class_if: None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{index, statistics, table};
    use super::*;

    fn check(indexes: Vec<Index>, expected: &[&str]) {
        let mut statistics = statistics();
        statistics.tables = vec![table("orders", 40_000, &["a", "b"], indexes)];
        let found = findings(&statistics);
        let names: Vec<String> = indexes_of(&found);
        assert_eq!(names, expected);
    }

    fn indexes_of(found: &[QueryFinding]) -> Vec<String> {
        indexes(found).into_iter().map(|(_, name)| name).collect()
    }

    #[test]
    fn of_two_alike_the_one_that_is_used_less_goes() {
        check(vec![index("one", &["a"], 0), index("two", &["a"], 9)], &["one"]);
        check(vec![index("one", &["a"], 9), index("two", &["a"], 9)], &["two"]);
    }

    #[test]
    fn the_beginning_of_another_goes() {
        check(vec![index("short", &["a"], 9), index("long", &["a", "b"], 9)], &["short"]);
        check(vec![index("short", &["b"], 9), index("long", &["a", "b"], 9)], &[]);
    }

    #[test]
    fn what_keeps_values_unique_stays() {
        let unique = Index { role: IndexRole::Unique, ..index("short", &["a"], 0) };
        check(vec![unique.clone(), index("long", &["a", "b"], 9)], &[]);
        check(vec![unique, index("other", &["a"], 9)], &["other"]);
    }

    #[test]
    fn an_index_that_differs_in_kind_or_has_an_expression_stays() {
        let partial = Index { kind: "btree (a > 0)".to_owned(), ..index("one", &["a"], 0) };
        let expression = Index { comparable: false, ..index("two", &["a"], 0) };
        check(vec![partial, expression, index("three", &["a"], 9)], &[]);
    }
}
