//! Tables, their columns and indexes, and how often each index was read through.

use std::collections::BTreeMap;

use trimtab_model::database::{Column, Index, IndexRole, Table, TableName};

use super::session::MysqlSession;
use crate::error::DatabaseError;
use crate::row::Row;

const TABLES: &str = "SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_ROWS, DATA_LENGTH FROM information_schema.TABLES
 WHERE TABLE_TYPE = 'BASE TABLE' AND TABLE_SCHEMA NOT IN ('mysql', 'sys', 'performance_schema', 'information_schema') ORDER BY 1, 2";
const COLUMNS: &str = "SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, DATA_TYPE FROM information_schema.COLUMNS
 WHERE TABLE_SCHEMA NOT IN ('mysql', 'sys', 'performance_schema', 'information_schema') ORDER BY 1, 2, ORDINAL_POSITION";
const INDEXES: &str = "SELECT TABLE_SCHEMA, TABLE_NAME, INDEX_NAME, NON_UNIQUE, COLUMN_NAME, SUB_PART, INDEX_TYPE, CARDINALITY, COLLATION FROM information_schema.STATISTICS
 WHERE TABLE_SCHEMA NOT IN ('mysql', 'sys', 'performance_schema', 'information_schema') ORDER BY 1, 2, 3, SEQ_IN_INDEX";
const REFERENCES: &str = "SELECT TABLE_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, COLUMN_NAME, REFERENCED_TABLE_SCHEMA, REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME FROM information_schema.KEY_COLUMN_USAGE
 WHERE REFERENCED_TABLE_NAME IS NOT NULL ORDER BY 1, 2, 3, ORDINAL_POSITION";
const COUNTED: &str = "SELECT ENABLED FROM performance_schema.setup_instruments WHERE NAME = 'wait/io/table/sql/handler'";
const USES: &str = "SELECT OBJECT_SCHEMA, OBJECT_NAME, INDEX_NAME, COUNT_STAR, COUNT_READ FROM performance_schema.table_io_waits_summary_by_index_usage
 WHERE OBJECT_SCHEMA NOT IN ('mysql', 'sys', 'performance_schema', 'information_schema')";

const WHAT: &str = "tables and indexes (information_schema)";
const WHAT_USES: &str = "uses of indexes (performance_schema)";

/// How often each index was used, by table and index.
pub(super) struct IndexUses(BTreeMap<(TableName, String), u64>);

impl IndexUses {
    /// Notes the uses. A table that was not opened since the start has none and stays unknown.
    pub(super) fn note(&self, tables: &mut [Table]) {
        for table in tables {
            for index in &mut table.indexes {
                index.uses = self.0.get(&(table.name.clone(), index.name.clone())).copied();
            }
        }
    }
}

impl MysqlSession {
    pub(super) async fn tables(&mut self) -> Result<Vec<Table>, DatabaseError> {
        let listed = self.ask(WHAT, TABLES).await?;
        let columns = self.ask(WHAT, COLUMNS).await?;
        let indexes = self.ask(WHAT, INDEXES).await?;
        let references = self.ask(WHAT, REFERENCES).await?;
        Ok(assembled(&listed, &columns, &indexes, &references))
    }

    pub(super) async fn index_uses(&mut self) -> Result<IndexUses, DatabaseError> {
        let counted = self.ask(WHAT_USES, COUNTED).await?;
        if !counted.iter().any(|row| row.is_yes(0)) {
            let code = "wait/io/table/sql/handler".to_owned();
            return Err(DatabaseError::Refused { what: WHAT_USES, code });
        }
        let rows = self.ask(WHAT_USES, USES).await?;
        let by_index = rows.iter().filter(|row| row.text(2).is_some());
        Ok(IndexUses(
            by_index
                .map(|row| ((table_name(row), row.name(2)), row.count(3).unwrap_or_default()))
                .collect(),
        ))
    }
}

fn table_name(row: &Row) -> TableName {
    TableName { schema: row.name(0), table: row.name(1) }
}

fn assembled(listed: &[Row], columns: &[Row], indexes: &[Row], references: &[Row]) -> Vec<Table> {
    let mut tables: BTreeMap<TableName, Table> = listed
        .iter()
        .map(|row| {
            let name = table_name(row);
            let table = Table {
                name: name.clone(),
                rows: row.count(2),
                bytes: row.count(3),
                full_scans: None,
                columns: Vec::new(),
                indexes: Vec::new(),
            };
            (name, table)
        })
        .collect();
    for row in columns {
        let Some(table) = tables.get_mut(&table_name(row)) else { continue };
        let kind = row.text(3).unwrap_or_default().to_lowercase();
        let whole = !["text", "blob", "json", "geometry", "point", "vector"]
            .iter()
            .any(|part| kind.contains(part));
        table.columns.push(Column { name: row.name(2), distinct: None, indexable: whole });
    }
    for row in indexes {
        if let Some(table) = tables.get_mut(&table_name(row)) {
            note_index(table, row);
        }
    }
    let needed = needed(references);
    for table in tables.values_mut() {
        for index in table.indexes.iter_mut().filter(|index| index.role == IndexRole::Plain) {
            let serves = |columns: &Vec<String>| index.columns.starts_with(columns);
            if needed.get(&table.name).is_some_and(|keys| keys.iter().any(serves)) {
                index.role = IndexRole::Constraint;
            }
        }
    }
    tables.into_values().collect()
}

/// Adds one column of an index: the first row of an index makes it.
fn note_index(table: &mut Table, row: &Row) {
    let (name, column) = (row.name(2), row.text(4));
    let part = row.text(5).map_or_else(String::new, |length| format!("({length})"));
    let order = if row.text(8) == Some("D") { " DESC" } else { "" };
    if table.indexes.last().is_none_or(|index| index.name != name) {
        let unique = row.text(3) == Some("0");
        // The first column's number of different values is the column's own.
        let known = column.and_then(|name| table.columns.iter_mut().find(|one| one.name == name));
        if let (Some(known), None) = (known, row.text(5)) {
            known.distinct = row.figure(7);
        }
        table.indexes.push(Index {
            name,
            columns: Vec::new(),
            kind: row.name(6),
            comparable: true,
            role: if unique { IndexRole::Unique } else { IndexRole::Plain },
            uses: None,
            bytes: None,
        });
    }
    if let Some(index) = table.indexes.last_mut() {
        match column {
            Some(column) => index.columns.push(format!("{column}{part}{order}")),
            // An expression has no column.
            None => index.comparable = false,
        }
    }
}

/// Returns the columns that foreign keys need an index on, at both ends.
fn needed(references: &[Row]) -> BTreeMap<TableName, Vec<Vec<String>>> {
    let mut keys: BTreeMap<(TableName, TableName, String), [Vec<String>; 2]> = BTreeMap::new();
    for row in references {
        let to = TableName { schema: row.name(4), table: row.name(5) };
        let [own, other] = keys.entry((table_name(row), to, row.name(2))).or_default();
        own.push(row.name(3));
        other.push(row.name(6));
    }
    let mut needed: BTreeMap<TableName, Vec<Vec<String>>> = BTreeMap::new();
    for ((from, to, _), [own, other]) in keys {
        needed.entry(from).or_default().push(own);
        needed.entry(to).or_default().push(other);
    }
    needed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(lines: &[&[&str]]) -> Vec<Row> {
        let value = |text: &&str| (*text != "-").then(|| (*text).to_owned());
        lines.iter().map(|line| Row::new(line.iter().map(value).collect())).collect()
    }

    #[test]
    fn an_index_that_a_foreign_key_needs_is_marked() {
        let tables = assembled(
            &rows(&[&["game", "orders", "100", "1000"]]),
            &rows(&[&["game", "orders", "player_id", "int"], &["game", "orders", "memo", "text"]]),
            &rows(&[
                &["game", "orders", "PRIMARY", "0", "id", "-", "BTREE", "100", "A"],
                &["game", "orders", "by_memo", "1", "memo", "20", "BTREE", "90", "A"],
                &["game", "orders", "by_player", "1", "player_id", "-", "BTREE", "50", "A"],
                &["game", "orders", "by_sum", "1", "-", "-", "BTREE", "50", "A"],
            ]),
            &rows(&[&["game", "orders", "fk", "player_id", "game", "players", "id"]]),
        );
        let table = &tables[0];
        let roles: Vec<_> = table.indexes.iter().map(|index| index.role).collect();
        use IndexRole::{Constraint, Plain, Unique};
        assert_eq!(roles, [Unique, Plain, Constraint, Plain]);
        assert_eq!(table.indexes[1].columns, ["memo(20)"]);
        assert!(!table.indexes[3].comparable);
        assert_eq!(table.column("PLAYER_ID").and_then(|column| column.distinct), Some(50.0));
        assert!(!table.column("memo").is_some_and(|column| column.indexable));
    }
}
