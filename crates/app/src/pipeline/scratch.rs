//! A lake for one question: exports are read into it, and it goes away afterwards.

use std::collections::BTreeMap;
use std::sync::Arc;

use trimtab_store::lake::Lake;
use trimtab_store::state::State;

use crate::failure::{Failure, Kind};
use crate::pipeline::state::threads;

/// A lake in a temporary directory, which goes away with this value.
pub(super) struct Scratch {
    /// The lake.
    pub(super) lake: Lake,
    // After the lake: fields are dropped in order, and the lake's files go last.
    _dir: tempfile::TempDir,
}

impl Scratch {
    /// Makes an empty lake.
    pub(super) fn new() -> Result<Self, Failure> {
        let failed = |cause: &dyn std::error::Error| {
            Failure::from_error(Kind::Failed, cause)
                .with_hint("the temporary directory must be writable and have room for the exports")
        };
        let dir = tempfile::Builder::new()
            .prefix("trimtab-")
            .tempdir()
            .map_err(|cause| failed(&cause))?;
        let state = Arc::new(State::open(dir.path()).map_err(|cause| failed(&cause))?);
        let lake =
            Lake::open(state, None, &BTreeMap::new(), threads()).map_err(|cause| failed(&cause))?;
        Ok(Self { lake, _dir: dir })
    }
}
