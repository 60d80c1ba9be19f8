//! Indexes that do not exist and that a query could use.

use std::collections::BTreeSet;

use trimtab_model::database::{Probe, ServerStatistics, Statement, Table};

use super::shape::{Comparison, Condition, Shape, TableUse, shape};
use super::thresholds::{MOST_CALLS, QueryThresholds, SMALL_TABLE, TOO_MANY, WASTE, WHOLE};

/// Columns of an index at most: further ones cost upkeep and rarely say more.
const COLUMNS: usize = 3;

/// A statement, the table that it reads whole, and the index that it could use.
pub(super) struct Candidate<'s> {
    pub(super) statement: &'s Statement,
    pub(super) table: &'s Table,
    pub(super) columns: Vec<String>,
    /// Whether the rows that came back say how many an index would find.
    pub(super) adds_up: bool,
    alias: String,
}

impl Candidate<'_> {
    /// Returns the question for the planner.
    pub(super) fn probe(&self) -> Probe {
        Probe {
            digest: self.statement.digest.clone(),
            schema: self.statement.schema.clone(),
            text: self.statement.text.clone(),
            table: self.table.name.clone(),
            alias: self.alias.clone(),
            columns: self.columns.clone(),
        }
    }
}

/// Returns what the planner should be asked: one question for each index that may be missing.
pub fn probes(statistics: &ServerStatistics, thresholds: &QueryThresholds) -> Vec<Probe> {
    candidates(statistics, thresholds).iter().map(Candidate::probe).collect()
}

/// Lists the indexes that may be missing, those of the heaviest statement first.
pub(super) fn candidates<'s>(
    statistics: &'s ServerStatistics,
    thresholds: &QueryThresholds,
) -> Vec<Candidate<'s>> {
    let heavy = |statement: &&Statement| {
        statistics.load_share(statement.seconds).is_some_and(|share| share >= thresholds.share)
    };
    statistics
        .statements
        .iter()
        .filter(heavy)
        .filter_map(|statement| candidate(statistics, statement))
        .collect()
}

/// Returns the index that a statement lacks: on the largest table that it reads whole.
fn candidate<'s>(
    statistics: &'s ServerStatistics,
    statement: &'s Statement,
) -> Option<Candidate<'s>> {
    let shape = shape(&statement.text, statistics.database.engine)?;
    let tables: Vec<(&TableUse, &Table)> = shape
        .tables
        .iter()
        .map(|used| Some((used, resolved(statistics, statement, used)?)))
        .collect::<Option<_>>()?;
    let mut found: Vec<Candidate<'s>> = tables
        .iter()
        .filter(|(_, table)| reads_whole(statement, table))
        .filter_map(|(used, table)| {
            let columns = columns(&shape, &tables, used, table)?;
            Some(Candidate {
                statement,
                table,
                columns,
                adds_up: shape.adds_up,
                alias: used.alias.clone(),
            })
        })
        .collect();
    found.sort_by_key(|candidate| std::cmp::Reverse(candidate.table.rows));
    found.into_iter().next()
}

/// Finds the table that a query means.
fn resolved<'s>(
    statistics: &'s ServerStatistics,
    statement: &Statement,
    used: &TableUse,
) -> Option<&'s Table> {
    let schema = used.schema.as_ref().or(statement.schema.as_ref());
    let named = |table: &&Table| table.name.table.eq_ignore_ascii_case(&used.table);
    let mut found = statistics
        .tables
        .iter()
        .filter(named)
        .filter(|table| schema.is_none_or(|schema| *schema == table.name.schema));
    let first = found.next()?;
    // Where no schema is named, two tables of one name leave open which it is.
    found.next().is_none().then_some(first)
}

/// Returns whether one call looks at most of the table and gives back little of it.
fn reads_whole(statement: &Statement, table: &Table) -> bool {
    let Some(rows) = table.rows.filter(|rows| *rows >= SMALL_TABLE) else { return false };
    let returned = statement.per_call(statement.rows_returned);
    if returned > rows as f64 * TOO_MANY {
        return false;
    }
    if let Some(examined) = statement.rows_examined {
        let without = statement.calls_without_index.unwrap_or_default() as f64;
        // The server counts a call without an index for statements that read only.
        let reads = statement.rows_returned == 0 || without >= statement.calls as f64 * MOST_CALLS;
        return reads
            && statement.per_call(examined) >= rows as f64 * WHOLE
            && statement.examined_per_returned().is_some_and(|waste| waste >= WASTE);
    }
    let pages = table.bytes.unwrap_or_default() as f64 / 8192.0;
    let touched = statement.per_call(statement.pages.unwrap_or_default());
    pages > 0.0 && touched >= pages * WHOLE
}

/// Returns the columns of the index: those that are compared with values, the most telling
/// first, then one range. Absent where an index serves already, or none would.
fn columns(
    shape: &Shape,
    tables: &[(&TableUse, &Table)],
    used: &TableUse,
    table: &Table,
) -> Option<Vec<String>> {
    let is_of = |condition: &&Condition| match &condition.alias {
        Some(alias) => alias.eq_ignore_ascii_case(&used.alias),
        None => {
            let has = |(_, table): &&(&TableUse, &Table)| table.column(&condition.column).is_some();
            tables.iter().filter(has).count() == 1 && table.column(&condition.column).is_some()
        }
    };
    let of = |wanted: &[Comparison]| -> Vec<&trimtab_model::database::Column> {
        let mut seen = BTreeSet::new();
        shape
            .conditions
            .iter()
            .filter(is_of)
            .filter(|condition| wanted.contains(&condition.comparison))
            .filter_map(|condition| table.column(&condition.column))
            .filter(|column| column.indexable && seen.insert(column.name.clone()))
            .collect()
    };
    let mut equal = of(&[Comparison::Equal]);
    // A join is a comparison with a value where the other table is read first.
    if equal.is_empty() {
        equal = of(&[Comparison::Join]);
    }
    let range = of(&[Comparison::Range]);
    let leads = |name: &str| {
        table.indexes.iter().any(|index| index.columns.first().is_some_and(|first| first == name))
    };
    if equal.iter().any(|column| leads(&column.name)) {
        return None;
    }
    if equal.is_empty() && range.iter().any(|column| leads(&column.name)) {
        return None;
    }
    let distinct = |column: &trimtab_model::database::Column| column.distinct.unwrap_or(0.0);
    equal.sort_by(|a, b| distinct(b).total_cmp(&distinct(a)));
    // Columns of few values find too much, even together.
    let known: Option<f64> = equal.iter().map(|column| column.distinct).product();
    if range.is_empty() && known.is_some_and(|values| values < 1.0 / TOO_MANY) {
        return None;
    }
    let names: Vec<String> = equal
        .iter()
        .chain(range.iter().take(1))
        .take(COLUMNS)
        .map(|column| column.name.clone())
        .collect();
    (!names.is_empty()).then_some(names)
}
