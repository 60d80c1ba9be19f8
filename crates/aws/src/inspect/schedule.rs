//! What is read of the resource of a schedule besides a look: what its own kind asks for.

use super::{db_instance, group, key, measured};

/// What is read besides a look.
pub(crate) const READS: &[&str] = &[
    key::DESCRIBE_KEY,
    db_instance::DESCRIBE_MAINTENANCE,
    group::DESCRIBE_VERSIONS,
    measured::READS[0],
    measured::READS[1],
];
