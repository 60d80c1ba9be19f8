//! Which calls were made: for the price list of a scan, and for the proof that it only reads.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// One API of one service, as the SDK names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Operation {
    /// The service, such as `EC2`.
    pub service: String,
    /// The operation, such as `DescribeVolumes`.
    pub name: String,
}

/// Counts calls by operation, retries included.
#[derive(Debug, Default)]
pub struct Calls {
    counts: Mutex<BTreeMap<Operation, u64>>,
}

impl Calls {
    /// Counts one call.
    pub fn count(&self, operation: &Operation) {
        // A thread that panicked while it held the lock has left the numbers sound.
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry(operation.clone()).or_default() += 1;
    }

    /// Returns how often each operation was called.
    pub fn counts(&self) -> BTreeMap<Operation, u64> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
