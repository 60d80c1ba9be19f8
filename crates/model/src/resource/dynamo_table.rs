//! DynamoDB tables.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What `describe-table` says of one table. The resource's id is `TableName`.
///
/// Whether Application Auto Scaling moves its throughput is not here: a
/// [`ScalableTarget`](super::scalable_target::ScalableTarget) says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DynamoTable {
    /// `TableArn`.
    pub table_arn: Option<String>,
    /// `TableStatus`, such as `ACTIVE`.
    pub table_status: Option<String>,
    /// `CreationDateTime`.
    pub creation_date_time: Option<Timestamp>,
    /// `BillingModeSummary.BillingMode`: a table that never was on demand says nothing and is provisioned.
    pub billing_mode: BillingMode,
    /// `ProvisionedThroughput` of the table itself; zero on demand.
    pub throughput: Throughput,
    /// `GlobalSecondaryIndexes`, each with a throughput of its own.
    pub indexes: Vec<TableIndex>,
    /// `TableSizeBytes`, counted anew every six hours or so.
    pub table_size_bytes: Option<u64>,
    /// `ItemCount`, counted with it.
    pub item_count: Option<u64>,
    /// `TableClassSummary.TableClass`; absent for a table that never left `STANDARD`.
    pub table_class: Option<String>,
    /// How many `Replicas` in other regions a global table has.
    pub replica_count: u32,
    /// `DeletionProtectionEnabled`.
    pub deletion_protection_enabled: Option<bool>,
}

/// `BillingMode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum BillingMode {
    /// `PROVISIONED`: paid by the hour for what may be used.
    Provisioned,
    /// `PAY_PER_REQUEST`: paid for what is used.
    PayPerRequest,
}

/// `ProvisionedThroughput`, in capacity units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Throughput {
    /// `ReadCapacityUnits`.
    pub read_capacity_units: u64,
    /// `WriteCapacityUnits`.
    pub write_capacity_units: u64,
}

/// A global secondary index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableIndex {
    /// `IndexName`.
    pub index_name: String,
    /// `ProvisionedThroughput`.
    pub throughput: Throughput,
    /// `IndexSizeBytes`.
    pub index_size_bytes: Option<u64>,
}
