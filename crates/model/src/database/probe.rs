//! A question about an index that does not exist, and what the planner answers.

use serde::Serialize;

use super::query_text::QueryText;
use super::table::TableName;

/// Would this statement be quicker with this index?
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Probe {
    /// The digest of the statement.
    pub digest: String,
    /// The schema in which it runs.
    pub schema: Option<String>,
    /// Its normalised text.
    pub text: QueryText,
    /// The table that lacks the index.
    pub table: TableName,
    /// What the statement calls that table.
    pub alias: String,
    /// The columns of the index, in order.
    pub columns: Vec<String>,
}

/// What the planner answers. Its weights have no unit: only their ratio says something.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ProbeAnswer {
    /// Whether the plan reads the table from end to end; absent where there is no plan.
    pub reads_whole_table: Option<bool>,
    /// Rows that the plan expects to look at.
    pub rows_planned: Option<f64>,
    /// The weight of the plan.
    pub weight: Option<f64>,
    /// The weight of the plan if the index were there.
    pub weight_with_index: Option<f64>,
}
