//! Whether a channel works: a short message through it, which is no report and is not kept.

use jiff::Timestamp;

use trimtab_notify::{Content, Delivered, Letter, Pause};
use trimtab_render::report::Edition;

use super::sending::{Came, once, table};
use super::steps;
use crate::config::{ChannelTable, Settings};
use crate::failure::Failure;
use trimtab_model::text::Text;
use trimtab_store::state::DeliveryOutcome;

/// What came of a message for one receiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// The channel.
    pub channel: String,
    /// Its kind.
    pub kind: &'static str,
    /// The receiver, or where the channel leads.
    pub place: String,
    /// What came of it.
    pub came: Came,
    /// How often it was tried.
    pub tries: u32,
    /// What the other side said, or why it did not work.
    pub note: Text,
    /// What to do about it, where we know.
    pub hint: Option<Text>,
}

/// Sends a short message to each receiver of channels.
///
/// # Errors
/// Fails if there is no such channel; what came of each receiver is in the result.
pub fn trial(
    settings: &Settings,
    channels: &[String],
    now: Timestamp,
    pause: Pause<'_>,
) -> Result<Vec<Tried>, Failure> {
    for name in channels {
        table(settings, name)?;
    }
    let style = settings.style();
    let edition = Edition::new(&style);
    let letter =
        Letter { installation: "test", content: Content::Test, edition: &edition, at: now };
    let mut all = Vec::new();
    for name in once(channels) {
        let table = table(settings, name)?;
        let channel = match settings.notify.channel(name) {
            Ok(channel) => channel,
            Err(failure) => {
                let Failure { message, hint, .. } = failure;
                let tried = told(table, name, "", (Came::Failed, 0, message));
                all.push(Tried { hint: hint.map(|hint| *hint), ..tried });
                continue;
            }
        };
        let parcel = channel.packed(&letter).map_err(Delivered::untried);
        for receiver in table.receivers() {
            let delivered = match &parcel {
                Ok(parcel) => &parcel.send(&receiver, pause),
                Err(untried) => untried,
            };
            let result = steps::result(delivered, 1, now);
            let came = match result.outcome {
                DeliveryOutcome::Sent => Came::Sent,
                DeliveryOutcome::Refused => Came::Refused,
                DeliveryOutcome::Uncertain => Came::Uncertain,
                DeliveryOutcome::Failed | DeliveryOutcome::Sending => Came::Failed,
            };
            all.push(told(table, name, &receiver, (came, delivered.tries, result.note)));
        }
    }
    Ok(all)
}

fn told(
    table: &ChannelTable,
    name: &str,
    receiver: &str,
    (came, tries, note): (Came, u32, Text),
) -> Tried {
    let place = if receiver.is_empty() { table.place() } else { receiver.to_owned() };
    Tried { channel: name.to_owned(), kind: table.kind(), place, came, tries, note, hint: None }
}
