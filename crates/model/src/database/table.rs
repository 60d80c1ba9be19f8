//! A table, its columns and its indexes.

use std::fmt;

use serde::Serialize;

/// A table's name within its schema.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct TableName {
    /// The schema; the database, where the server is MySQL or MariaDB.
    pub schema: String,
    /// The table.
    pub table: String,
}

impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.schema, self.table)
    }
}

/// A column.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Column {
    /// Its name, as the catalogue spells it.
    pub name: String,
    /// How many different values it has, where the server's statistics say so.
    pub distinct: Option<f64>,
    /// Whether an index of the ordinary kind can hold it whole.
    pub indexable: bool,
}

/// What an index is for besides speed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IndexRole {
    /// Nothing: it can go.
    Plain,
    /// It keeps values unique, the primary key included.
    Unique,
    /// A constraint or the replication needs it, such as a foreign key.
    Constraint,
}

/// An index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// Its columns in order. An expression makes it incomparable.
    pub columns: Vec<String>,
    /// What else tells it apart, such as a method or a condition; equal where both are alike.
    pub kind: String,
    /// Whether `columns` and `kind` say all of it.
    pub comparable: bool,
    /// What it is for.
    pub role: IndexRole,
    /// How often it was read through, where the server counts it.
    pub uses: Option<u64>,
    /// Its size in bytes, where the server says it.
    pub bytes: Option<u64>,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Table {
    /// Its name.
    pub name: TableName,
    /// How many rows it has, as the server estimates.
    pub rows: Option<u64>,
    /// Its size in bytes, without indexes.
    pub bytes: Option<u64>,
    /// How often it was read from end to end.
    pub full_scans: Option<u64>,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its indexes.
    pub indexes: Vec<Index>,
}

impl Table {
    /// Finds a column by its name, whatever its case.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }
}
