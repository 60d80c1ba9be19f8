//! The data directory of the demo's dashboard: the story, ingested as a user's own exports are.

use std::path::PathBuf;

use trimtab_model::analysis::Analysis;
use trimtab_store::inventory::Place;

use super::{Story, directory, recall, remember, unwritable};
use crate::config::{DayText, ExchangeRateTable, RateText, Settings};
use crate::failure::Failure;
use crate::pipeline::ingest::{IngestRequest, ingest};
use crate::pipeline::state::{open_state, save_analysis};
use crate::progress::OnProgress;
use crate::story::game_kr;
use crate::worker::Isolation;

/// Returns the data directory that the demo's dashboard works on.
pub fn data_dir(settings: &Settings) -> PathBuf {
    directory(settings).join("data")
}

/// Ingests the story into a data directory of its own and keeps its analysis there. What is the
/// user's is not touched.
///
/// # Errors
/// Fails if the directory cannot be written.
pub fn furnish(
    settings: &Settings,
    analysis: &Analysis,
    story: &Story,
    isolation: &Isolation,
    told: OnProgress<'_>,
) -> Result<Settings, Failure> {
    let mut own = settings.clone();
    own.data_dir = data_dir(settings);
    own.lake = None;
    forget_another(&own, story)?;
    if own.exchange_rates.is_empty() {
        let rate = game_kr::exchange_rate();
        own.exchange_rates.push(ExchangeRateTable {
            from: rate.from,
            to: rate.to,
            rate: RateText(rate.rate),
            date: DayText(rate.date),
            source: rate.source,
        });
    }
    own.timezone = game_kr::calendar().time_zone;
    own.policy.calendar = game_kr::calendar();
    let request = IngestRequest {
        dir: story.dir.clone(),
        place: Place::default(),
        isolation: isolation.clone(),
    };
    ingest(&own, &request, told)?;
    remember(&own, story)?;
    save_analysis(&open_state(&own)?, analysis)?;
    Ok(own)
}

/// Removes what was ingested of a story of another seed: two companies in one bill would be neither.
fn forget_another(own: &Settings, story: &Story) -> Result<(), Failure> {
    match recall(own) {
        Some(kept) if kept.seed != story.seed => std::fs::remove_dir_all(&own.data_dir)
            .map_err(|cause| unwritable(&own.data_dir, &cause)),
        _ => Ok(()),
    }
}
