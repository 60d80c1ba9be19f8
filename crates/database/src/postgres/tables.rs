//! Tables, their columns and indexes, and how often each index was read through.

use std::collections::BTreeMap;

use trimtab_model::database::{Column, Index, IndexRole, Table, TableName};

use super::session::PostgresSession;
use crate::error::DatabaseError;
use crate::row::Row;

const WHAT: &str = "tables and indexes";

const TABLES: &str = "SELECT n.nspname, c.relname, c.reltuples::bigint, pg_relation_size(c.oid), s.seq_scan
 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_stat_user_tables s ON s.relid = c.oid
 WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)' ORDER BY 1, 2";
/// A negative number of different values is a share of the rows.
const COLUMNS: &str = "SELECT n.nspname, c.relname, a.attname, CASE WHEN s.n_distinct < 0 THEN -s.n_distinct * greatest(c.reltuples, 0) ELSE s.n_distinct END,
 EXISTS (SELECT 1 FROM pg_opclass o JOIN pg_am m ON m.oid = o.opcmethod WHERE m.amname = 'btree' AND o.opcintype IN (t.oid, CASE WHEN t.typname IN ('varchar') THEN 25 ELSE 0 END) AND o.opcdefault)::text
 FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_type t ON t.oid = a.atttypid
 LEFT JOIN pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = a.attname AND NOT s.inherited
 WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)' ORDER BY 1, 2, a.attnum";
/// A column that is not indexed in the ordinary way has a suffix that says so, as conditions and
/// methods tell two indexes apart.
const INDEXES: &str = "SELECT n.nspname, c.relname, i.relname, m.amname, coalesce(pg_get_expr(x.indpred, x.indrelid), ''),
 x.indisunique::text, (x.indisprimary OR x.indisexclusion OR x.indisreplident OR NOT x.indisvalid OR EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = x.indexrelid))::text,
 (x.indexprs IS NULL AND x.indnkeyatts = x.indnatts)::text, s.idx_scan, pg_relation_size(i.oid),
 (SELECT string_agg(a.attname || CASE WHEN x.indoption[(k.place - 1)::int] = 0 AND x.indcollation[(k.place - 1)::int] = a.attcollation
   AND (SELECT o.opcdefault FROM pg_opclass o WHERE o.oid = x.indclass[(k.place - 1)::int]) THEN ''
   ELSE concat(' ', x.indoption[(k.place - 1)::int], '/', x.indclass[(k.place - 1)::int], '/', x.indcollation[(k.place - 1)::int]) END, chr(10) ORDER BY k.place)
  FROM unnest(x.indkey::int2[]) WITH ORDINALITY k(attnum, place) JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.attnum)
 FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_am m ON m.oid = i.relam
 LEFT JOIN pg_stat_user_indexes s ON s.indexrelid = x.indexrelid
 WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)' ORDER BY 1, 2, 3";

impl PostgresSession {
    pub(super) async fn tables(&mut self) -> Result<Vec<Table>, DatabaseError> {
        let listed = self.ask(WHAT, TABLES).await?;
        let columns = self.ask(WHAT, COLUMNS).await?;
        let indexes = self.ask(WHAT, INDEXES).await?;
        Ok(assembled(&listed, &columns, &indexes))
    }
}

fn table_name(row: &Row) -> TableName {
    TableName { schema: row.name(0), table: row.name(1) }
}

fn assembled(listed: &[Row], columns: &[Row], indexes: &[Row]) -> Vec<Table> {
    let mut tables: BTreeMap<TableName, Table> = listed
        .iter()
        .map(|row| {
            let name = table_name(row);
            let table = Table {
                name: name.clone(),
                // A table that was never analysed has minus one.
                rows: row.count(2),
                bytes: row.count(3),
                full_scans: row.count(4),
                columns: Vec::new(),
                indexes: Vec::new(),
            };
            (name, table)
        })
        .collect();
    for row in columns {
        if let Some(table) = tables.get_mut(&table_name(row)) {
            let distinct = row.figure(3).filter(|distinct| *distinct > 0.0);
            table.columns.push(Column { name: row.name(2), distinct, indexable: row.is_yes(4) });
        }
    }
    for row in indexes {
        if let Some(table) = tables.get_mut(&table_name(row)) {
            table.indexes.push(index(row));
        }
    }
    tables.into_values().collect()
}

fn index(row: &Row) -> Index {
    let names = row.text(10).unwrap_or_default();
    Index {
        name: row.name(2),
        columns: names.lines().map(str::to_owned).collect(),
        kind: format!("{} {}", row.name(3), row.name(4)).trim().to_owned(),
        comparable: row.is_yes(7),
        role: match (row.is_yes(6), row.is_yes(5)) {
            (true, _) => IndexRole::Constraint,
            (false, true) => IndexRole::Unique,
            (false, false) => IndexRole::Plain,
        },
        uses: row.count(8),
        bytes: row.count(9),
    }
}
