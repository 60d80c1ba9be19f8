//! An Elastic IP address.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Obstacle;
use crate::plan::Fingerprint;
use crate::text::Reason;

/// What an address is now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AddressObserved {
    /// What identifies it.
    pub fingerprint: Fingerprint,
    /// What stands in the way of a change.
    pub obstacles: Vec<(Obstacle, Reason)>,
    /// The address.
    pub public_ip: Option<String>,
    /// Whether something uses it.
    pub is_associated: bool,
    /// Whether the tag `trimtab:apply` is `allowed`.
    pub is_opted_in: bool,
    /// The tag `trimtab:quarantine-until`.
    pub quarantine_until: Option<Timestamp>,
}
