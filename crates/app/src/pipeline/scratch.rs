//! A lake for one question: exports are read into it, and it goes away afterwards.

use std::collections::BTreeMap;
use std::sync::Arc;

use trimtab_model::explain::Explain;
use trimtab_model::text::Text;
use trimtab_store::lake::Lake;
use trimtab_store::state::State;

use crate::failure::{Failure, Kind};
use crate::pipeline::state::threads;
use crate::temporary;

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
        let hint = Text::new(
            "the temporary directory must be writable and have room for the exports",
            "임시 디렉터리에 쓸 수 있어야 하고, 내보낸 파일을 담을 공간이 있어야 합니다",
        );
        let failed = |cause: &(dyn Explain + 'static)| {
            Failure::from_error(Kind::Failed, cause).with_hint(hint.clone())
        };
        let dir = temporary::directory().map_err(|cause| {
            let message =
                ("the temporary directory cannot be used", "임시 디렉터리를 쓸 수 없습니다");
            Failure::new(Kind::Failed, message).because(&cause).with_hint(hint.clone())
        })?;
        let state = Arc::new(State::open(dir.path()).map_err(|cause| failed(&cause))?);
        let lake =
            Lake::open(state, None, &BTreeMap::new(), threads()).map_err(|cause| failed(&cause))?;
        Ok(Self { lake, _dir: dir })
    }
}
