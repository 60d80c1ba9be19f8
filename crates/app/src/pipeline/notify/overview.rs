//! The channels, what goes through them, and what came of the last time.

use jiff::Timestamp;

use trimtab_model::document::DocumentKind;
use trimtab_notify::Repeat;
use trimtab_store::state::{DeliveryOutcome, DeliveryRecord, State};

use super::due::next;
use super::sending::{again, doubt, holder, repeat};
use super::steps::Holder;
use crate::config::{ChannelTable, Settings};
use crate::failure::{Failure, Kind};
use crate::pipeline::report::ReportPeriod;

/// A channel, one of its receivers, and one report that goes there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelLine {
    /// The channel.
    pub channel: String,
    /// Its kind.
    pub kind: &'static str,
    /// The receiver, or where the channel leads.
    pub place: String,
    /// The report; absent where none goes there by itself and none was sent.
    pub report: Option<DocumentKind>,
    /// When it is due next, where it goes there by itself.
    pub next: Option<Timestamp>,
    /// What was sent last.
    pub last: Option<DeliveryRecord>,
}

/// Returns every channel with its reports, in the order of their names.
///
/// # Errors
/// Fails if the state cannot be read.
pub fn overview(
    settings: &Settings,
    state: &State,
    now: Timestamp,
) -> Result<Vec<ChannelLine>, Failure> {
    let records =
        state.latest_deliveries().map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    let mut lines = Vec::new();
    for (name, table) in settings.notify.channels() {
        for receiver in table.receivers() {
            let line = |report, next, last| ChannelLine {
                channel: name.to_owned(),
                kind: table.kind(),
                place: if receiver.is_empty() { table.place() } else { receiver.clone() },
                report,
                next,
                last,
            };
            let before = lines.len();
            for period in ReportPeriod::ALL {
                let kind = period.kind();
                let goes = settings.notify.channels_of(kind).iter().any(|one| one == name);
                let last = records.iter().find(|record| {
                    let key = &record.key;
                    (key.report.as_str(), key.channel.as_str(), &key.receiver)
                        == (kind.as_str(), name, &receiver)
                });
                let last = last.cloned().map(|last| doubted(settings, table, last, now));
                if goes || last.is_some() {
                    let (schedule, zone) = (settings.notify.schedule(), &settings.timezone);
                    let next = goes.then(|| next(period, schedule, zone, now));
                    lines.push(line(Some(kind), next.flatten(), last));
                }
            }
            if lines.len() == before {
                lines.push(line(None, None, None));
            }
        }
    }
    Ok(lines)
}

/// Returns every delivery that was ever begun, as it stands: what somebody did not get first, then the newest period.
///
/// # Errors
/// Fails if the state cannot be read.
pub fn deliveries(
    settings: &Settings,
    state: &State,
    now: Timestamp,
) -> Result<Vec<DeliveryRecord>, Failure> {
    let records = state.deliveries().map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    let mut records: Vec<DeliveryRecord> = records
        .into_iter()
        .map(|record| match settings.notify.table(&record.key.channel) {
            Some(table) => doubted(settings, table, record, now),
            None => record,
        })
        .collect();
    // Stable: periods keep their order.
    records.sort_by_key(|record| !record.outcome.is_failure());
    Ok(records)
}

/// Says what to do about a delivery that may have arrived. Where its sender ended before it was
/// answered, nobody was left to write that down.
fn doubted(
    settings: &Settings,
    table: &ChannelTable,
    mut record: DeliveryRecord,
    now: Timestamp,
) -> DeliveryRecord {
    if record.outcome == DeliveryOutcome::Sending && holder(Some(&record), now) == Holder::Gone {
        record.outcome = DeliveryOutcome::Uncertain;
    }
    if record.outcome == DeliveryOutcome::Uncertain {
        if record.note.en.is_empty() {
            record.note = doubt(settings, &record);
        } else if repeat(table) == Repeat::Harmful {
            record.note = again(settings, &record);
        }
    }
    record
}
