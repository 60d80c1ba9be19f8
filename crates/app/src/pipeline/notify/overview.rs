//! The channels, what goes through them, and what came of the last time.

use jiff::Timestamp;

use trimtab_model::document::DocumentKind;
use trimtab_store::state::{DeliveryOutcome, DeliveryRecord, State};

use super::due::next;
use super::sending::doubt;
use crate::config::Settings;
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
                let last = last.cloned().map(doubted);
                if goes || last.is_some() {
                    let next = goes.then(|| next(period, settings.notify.schedule(), now));
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

/// Says what to do about a delivery whose sender ended before it was answered: nobody was left to
/// write it down.
fn doubted(record: DeliveryRecord) -> DeliveryRecord {
    if record.outcome == DeliveryOutcome::Uncertain && record.note.en.is_empty() {
        let note = doubt(&record);
        return DeliveryRecord { note, ..record };
    }
    record
}
