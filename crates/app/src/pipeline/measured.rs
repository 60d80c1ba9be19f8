//! What was measured of one resource, sample by sample.

use trimtab_model::period::Period;
use trimtab_store::engine::Engine;
use trimtab_store::input;
use trimtab_store::metrics::{self, Measured, Metrics};

use crate::config::Settings;
use crate::failure::{Failure, Kind};

/// Reads the samples of a resource from the metrics that the data directory keeps.
///
/// They are read in this process: every file was checked from end to end before it was kept.
///
/// # Errors
/// Fails if the engine cannot be started or cannot read them.
pub fn measured(
    settings: &Settings,
    resource: &str,
    window: Period,
) -> Result<Vec<Measured>, Failure> {
    let (files, _) = input::list(&settings.data_dir, "metrics");
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let engine = Engine::new(threads).map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    let (opened, _) = Metrics::open(&files);
    metrics::measured(&engine, &opened, resource, window)
        .map_err(|cause| Failure::from_error(Kind::Failed, &cause))
}
