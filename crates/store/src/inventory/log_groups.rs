//! `logs describe-log-groups`.

use serde::Deserialize;
use trimtab_model::resource::Tags;
use trimtab_model::resource::log_group::LogGroup;

use super::moment::Moment;
use super::place::Place;
use super::tables::Found;

/// One entry of `logGroups`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry {
    log_group_name: String,
    arn: Option<String>,
    retention_in_days: Option<u32>,
    stored_bytes: Option<u64>,
    creation_time: Option<Moment>,
    log_group_class: Option<String>,
    metric_filter_count: Option<u32>,
}

impl From<Entry> for Found<LogGroup> {
    fn from(entry: Entry) -> Self {
        Self {
            id: entry.log_group_name.into(),
            place: Place::of_arn(entry.arn.as_deref()),
            // The operation prints no tags.
            tags: Tags::new(),
            kind: LogGroup {
                arn: entry.arn,
                retention_in_days: entry.retention_in_days,
                stored_bytes: entry.stored_bytes,
                creation_time: entry.creation_time.map(|moment| moment.0),
                log_group_class: entry.log_group_class,
                metric_filter_count: entry.metric_filter_count,
                subscription_filter_count: None,
                last_ingestion_time: None,
            },
        }
    }
}
