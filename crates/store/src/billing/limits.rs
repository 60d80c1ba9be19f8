//! How much a bill may be, so that a hostile file costs an error and nothing else.

use serde::{Deserialize, Serialize};

/// Caps on one file. The defaults are far above any real bill's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Rows of one file.
    pub rows: u64,
    /// Columns of one file. A legacy CUR has one per tag and product attribute.
    pub columns: usize,
    /// Bytes of one CSV field.
    pub field_bytes: usize,
    /// Bytes of one CSV record.
    pub record_bytes: u64,
    /// Bytes that a gzip file may unfold to.
    pub unfolded_bytes: u64,
    /// How many times its own size a compressed file may unfold to, beyond `grace_bytes`.
    pub ratio: u64,
    /// What may unfold before the ratio counts.
    pub grace_bytes: u64,
    /// Bytes of a Parquet footer.
    pub footer_bytes: u64,
    /// Bytes of one unfolded Parquet page.
    pub page_bytes: u64,
    /// Bytes of the largest pages of all columns together: what is held at once.
    pub open_page_bytes: u64,
    /// How many rows a Parquet file may claim per byte it has, beyond a million.
    pub rows_per_byte: u64,
    /// Billing periods times billing accounts in one file.
    pub groups: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            rows: 2_000_000_000,
            columns: 4_000,
            field_bytes: 1 << 20,
            record_bytes: 16 << 20,
            unfolded_bytes: 1 << 40,
            ratio: 200,
            grace_bytes: 1 << 20,
            footer_bytes: 64 << 20,
            page_bytes: 128 << 20,
            open_page_bytes: 1 << 30,
            rows_per_byte: 64,
            groups: 512,
        }
    }
}
