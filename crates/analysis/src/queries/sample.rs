//! A server for tests, without anything wrong.

use trimtab_model::database::{
    Column, Database, DatabaseEngine, Index, IndexRole, QueryText, Rights, ServerStatistics,
    Statement, StatementTotal, StatisticsAge, Table, TableName,
};

pub(super) fn statistics() -> ServerStatistics {
    ServerStatistics {
        database: Database {
            engine: DatabaseEngine::Mariadb,
            version: "10.11.19-MariaDB".to_owned(),
            address: "db.example:3306".to_owned(),
            name: Some("game".to_owned()),
        },
        rights: Rights::ReadOnly,
        age: StatisticsAge {
            server_hours: Some(1000.0),
            statement_hours: Some(1000.0),
            index_hours: Some(1000.0),
        },
        total: Some(StatementTotal { calls: 2_000, seconds: 100.0, unattributed_seconds: 0.0 }),
        statements: Vec::new(),
        tables: Vec::new(),
        connections: None,
        memory: None,
        missing: Vec::new(),
    }
}

pub(super) fn table(name: &str, rows: u64, columns: &[&str], indexes: Vec<Index>) -> Table {
    let column = |name: &&str| Column { name: (*name).to_owned(), distinct: None, indexable: true };
    Table {
        name: TableName { schema: "game".to_owned(), table: name.to_owned() },
        rows: Some(rows),
        bytes: Some(rows * 100),
        full_scans: None,
        columns: columns.iter().map(column).collect(),
        indexes,
    }
}

pub(super) fn index(name: &str, columns: &[&str], uses: u64) -> Index {
    Index {
        name: name.to_owned(),
        columns: columns.iter().map(|column| (*column).to_owned()).collect(),
        kind: "BTREE".to_owned(),
        comparable: true,
        role: IndexRole::Plain,
        uses: Some(uses),
        bytes: None,
    }
}

/// Makes a statement that looks at `examined` rows for each of `calls` and gives back `returned`.
pub(super) fn statement(text: &str, calls: u64, examined: u64, returned: u64) -> Statement {
    Statement {
        digest: text.to_owned(),
        schema: Some("game".to_owned()),
        text: QueryText::guarded(text, DatabaseEngine::Mariadb),
        calls,
        seconds: 10.0,
        rows_returned: returned * calls,
        rows_examined: Some(examined * calls),
        pages: None,
        calls_without_index: Some(if examined > returned { calls } else { 0 }),
        disk_temporary_tables: Some(0),
        sort_merge_passes: Some(0),
        spilled_bytes: None,
    }
}
