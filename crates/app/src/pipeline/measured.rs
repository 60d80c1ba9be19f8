//! What was measured of one resource, sample by sample.

use trimtab_model::period::Period;
use trimtab_model::resource::ResourceRef;
use trimtab_store::InputError;
use trimtab_store::engine::Engine;
use trimtab_store::input;
use trimtab_store::metrics::{self, Measured, Metrics, MetricsError};

use crate::config::Settings;
use crate::failure::{Failure, Kind};

/// The metrics that the data directory keeps, opened: one for many questions.
///
/// They are read in this process: every file was checked from end to end before it was kept.
pub struct KeptMetrics {
    engine: Engine,
    metrics: Metrics,
    state: String,
}

impl KeptMetrics {
    /// Opens them as they are now.
    ///
    /// # Errors
    /// Fails if the engine cannot be started.
    pub fn open(settings: &Settings) -> Result<Self, Failure> {
        let state = Self::state_of(settings);
        let (files, _): (_, Vec<InputError>) = input::list(&settings.data_dir, "metrics");
        let threads = std::thread::available_parallelism().map_or(2, usize::from);
        let engine =
            Engine::new(threads).map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
        let (metrics, _) = Metrics::open(&files);
        Ok(Self { engine, metrics, state })
    }

    /// Returns which files there are, how long and from when: a text that differs where they do.
    pub fn state_of(settings: &Settings) -> String {
        let (files, _) = input::list(&settings.data_dir, "metrics");
        let told = files.iter().map(|file| {
            let facts = file.path.metadata().ok();
            let length = facts.as_ref().map_or(0, std::fs::Metadata::len);
            format!(
                "{:?} {length} {:?}\n",
                file.path,
                facts.and_then(|facts| facts.modified().ok())
            )
        });
        told.collect()
    }

    /// Returns what [`Self::state_of`] said when they were opened.
    pub fn state(&self) -> &str {
        &self.state
    }

    /// Reads the samples of some metrics of a resource.
    ///
    /// # Errors
    /// Fails if they cannot be read.
    pub fn read(
        &self,
        resource: &ResourceRef,
        names: &[&str],
        window: Period,
    ) -> Result<Vec<Measured>, Failure> {
        metrics::measured(&self.engine, &self.metrics, resource, names, window)
            .map_err(|cause: MetricsError| Failure::from_error(Kind::Failed, &cause))
    }
}
