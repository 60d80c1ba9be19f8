//! A report to its channels: claimed, sent, written down.

use std::cell::OnceCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use trimtab_model::document::{ChartBlock, Days, Document};
use trimtab_model::text::Text;
use trimtab_notify::{
    Channel, Content, Delivered, Letter, Parcel, Pause, Repeat, SendError, Waited,
};
use trimtab_render::chart::CSS;
use trimtab_render::report::{Edition, chart_svg};
use trimtab_render::style::Style;
use trimtab_store::state::{
    Claim, DeliveryKey, DeliveryOutcome, DeliveryRecord, DeliveryResult, Sender, State, Step,
};

use super::due::{due, is_over_at, last_period};
use super::steps::{self, Holder, Wanted};
use crate::config::{ChannelTable, Settings, machine_name};
use crate::failure::{Failure, Kind};
use crate::pipeline::report::{self, ReportPeriod};
use crate::rollout::process;

/// How long sending to one receiver can take: three tries, each answer within its limit, of which
/// that of a mail server to the end of a mail is ten minutes.
const LENGTH: SignedDuration = SignedDuration::from_hours(2);

/// What sending needs besides what is sent.
#[derive(Clone, Copy)]
pub struct Sending<'a> {
    /// The configuration.
    pub settings: &'a Settings,
    /// The state.
    pub state: &'a State,
    /// What time it is.
    pub clock: &'a dyn Fn() -> Timestamp,
    /// How tries are apart.
    pub pause: Pause<'a>,
}

impl Sending<'_> {
    /// Returns whether somebody wants the process to end: nothing more is begun.
    fn is_ended(&self) -> bool {
        (self.pause)(Duration::ZERO) == Waited::Ended
    }
}

/// What came of a report for one receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Came {
    /// It was taken.
    Sent,
    /// It was not taken, and may be the next time.
    Failed,
    /// It was refused for good.
    Refused,
    /// It may have been taken or not.
    Uncertain,
    /// Another process is sending it.
    Busy,
    /// It was sent before.
    Before,
    /// It would be sent.
    Would,
}

impl Came {
    /// Returns the word, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Refused => "refused",
            Self::Uncertain => "uncertain",
            Self::Busy => "busy",
            Self::Before => "sent-before",
            Self::Would => "would-send",
        }
    }

    /// Returns whether somebody did not get what they should have.
    pub fn is_failure(self) -> bool {
        matches!(self, Self::Failed | Self::Refused | Self::Uncertain)
    }

    fn of(outcome: DeliveryOutcome) -> Self {
        match outcome {
            DeliveryOutcome::Sending => Self::Busy,
            DeliveryOutcome::Sent => Self::Sent,
            DeliveryOutcome::Failed => Self::Failed,
            DeliveryOutcome::Refused => Self::Refused,
            DeliveryOutcome::Uncertain => Self::Uncertain,
        }
    }
}

/// A report for one receiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    /// What to whom.
    pub key: DeliveryKey,
    /// The kind of the channel.
    pub kind: &'static str,
    /// The receiver, or where the channel leads.
    pub place: String,
    /// What came of it.
    pub came: Came,
    /// How often it was tried just now.
    pub tries: u32,
    /// What the other side said, or why it did not work.
    pub note: Text,
    /// When it is tried again by itself, if the schedule runs.
    pub again_at: Option<Timestamp>,
}

/// Who asks for a report to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asks {
    Person(Wanted),
    Schedule,
}

/// Sends a report to channels because somebody wants it.
///
/// # Errors
/// Fails if there is no such channel, and if the state cannot be written; what came of each
/// receiver is in the result.
pub fn deliver_by_hand(
    sending: Sending<'_>,
    document: &Document,
    channels: &[String],
    wanted: Wanted,
) -> Result<Vec<Posting>, Failure> {
    deliver(sending, document, channels, Asks::Person(wanted))
}

/// Returns what [`deliver_by_hand`] would send where. Nothing leaves, and nothing is written.
///
/// # Errors
/// Fails if there is no such channel, and if the state cannot be read.
pub fn planned(
    sending: Sending<'_>,
    document: &Document,
    channels: &[String],
    wanted: Wanted,
) -> Result<Vec<Posting>, Failure> {
    let mut all = Vec::new();
    for name in once(channels) {
        let table = table(sending.settings, name)?;
        let ready = sending.settings.notify.channel(name);
        for receiver in table.receivers() {
            let key = key(document, name, receiver);
            let found = sending.state.delivery(&key).map_err(|cause| failed(&cause))?;
            let sent = found.filter(|found| found.outcome == DeliveryOutcome::Sent);
            let came = match (&ready, &sent) {
                (_, Some(_)) if wanted == Wanted::Missing => Came::Before,
                (Ok(_), _) => Came::Would,
                (Err(_), _) => Came::Failed,
            };
            let note = match (&ready, sent) {
                (Err(failure), _) if came == Came::Failed => failure.message.clone(),
                (_, Some(found)) => {
                    let at = found.ended_at.unwrap_or(found.began_at);
                    Text::new(format!("sent before, at {at}"), format!("이미 보냄: {at}"))
                }
                (_, None) => Text::verbatim(""),
            };
            all.push(posting(table, key, (came, 0, note, None)));
        }
    }
    Ok(all)
}

/// Sends every report that is due and was not sent, and returns what came of each that was tried.
/// After somebody wants the process to end, it begins no other.
///
/// # Errors
/// Says for each report what kept it from being made or written down.
pub fn tick(
    sending: Sending<'_>,
    periods: &[ReportPeriod],
) -> Vec<(ReportPeriod, Result<Vec<Posting>, Failure>)> {
    let of = |period: &ReportPeriod| (*period, scheduled(sending, *period));
    periods
        .iter()
        .take_while(|_| !sending.is_ended())
        .map(of)
        .filter(|(_, result)| !matches!(result, Ok(all) if all.is_empty()))
        .collect()
}

fn scheduled(sending: Sending<'_>, period: ReportPeriod) -> Result<Vec<Posting>, Failure> {
    let settings = sending.settings;
    let names = settings.notify.channels_of(period.kind());
    let now = (sending.clock)();
    let Some(slot) = due(period, settings.notify.schedule(), &settings.timezone, now)
        .filter(|_| !names.is_empty())
    else {
        return Ok(Vec::new());
    };
    let mut wanted = Vec::new();
    for name in names {
        if waits(sending, name, (period, slot.period), now)? {
            wanted.push(name.clone());
        }
    }
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    // For this moment, not for the end of what is known: a week without a bill is said to be one.
    let document = report::document(settings, period, Some(now), now)?;
    if document.period != slot.period {
        // The week ended while the report was made. The next tick has the new one.
        return Ok(Vec::new());
    }
    deliver(sending, &document, &wanted, Asks::Schedule)
}

/// Returns whether anything is to be done for a channel.
fn waits(
    sending: Sending<'_>,
    name: &str,
    (report, period): (ReportPeriod, Days),
    now: Timestamp,
) -> Result<bool, Failure> {
    let table = table(sending.settings, name)?;
    for receiver in table.receivers() {
        let key = DeliveryKey {
            report: report.kind().as_str().to_owned(),
            period,
            channel: name.to_owned(),
            receiver,
        };
        let found = sending.state.delivery(&key).map_err(|cause| failed(&cause))?;
        let step =
            steps::by_schedule(found.as_ref(), repeat(table), holder(found.as_ref(), now), now);
        if matches!(step, Step::Send | Step::Doubt) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn deliver(
    sending: Sending<'_>,
    document: &Document,
    channels: &[String],
    asks: Asks,
) -> Result<Vec<Posting>, Failure> {
    for name in channels {
        table(sending.settings, name)?;
    }
    let installation = sending.state.installation().map_err(|cause| failed(&cause))?;
    let style = sending.settings.style();
    let draw = |chart: &ChartBlock| chart_svg(chart, &style);
    let edition = edition(sending.settings, &style, &draw);
    let content = Content::Report(document);
    let mut all = Vec::new();
    for name in once(channels) {
        let table = table(sending.settings, name)?;
        let channel = sending.settings.notify.channel(name);
        let parcel = OnceCell::new();
        // The channel before may have taken its time.
        let at = (sending.clock)();
        let letter = Letter { installation: &installation, content, edition: &edition, at };
        for receiver in table.receivers() {
            if sending.is_ended() {
                return Ok(all);
            }
            let key = key(document, name, receiver);
            if let Some(one) = one(sending, table, (&channel, &parcel, &letter), key, asks)? {
                all.push(one);
            }
        }
    }
    Ok(all)
}

/// A channel that may not be ready, and its parcel once it is packed.
type Packed<'c, 'p> =
    (&'c Result<Channel, Failure>, &'p OnceCell<Result<Parcel<'c>, Delivered>>, &'p Letter<'p>);

/// Sends to one receiver. Absent where there was nothing to do, or somebody else does it.
fn one(
    sending: Sending<'_>,
    table: &ChannelTable,
    (channel, parcel, letter): Packed<'_, '_>,
    key: DeliveryKey,
    asks: Asks,
) -> Result<Option<Posting>, Failure> {
    let now = (sending.clock)();
    let sender = Sender { host: machine_name(), process: process::ours() };
    let step = |found: Option<&DeliveryRecord>| match asks {
        Asks::Person(wanted) => steps::by_hand(found, wanted, holder(found, now)),
        Asks::Schedule => steps::by_schedule(found, repeat(table), holder(found, now), now),
    };
    let claim = sending.state.claim_delivery(&key, &sender, (LENGTH, now), step);
    let attempt = match claim.map_err(|cause| failed(&cause))? {
        Claim::Ours { attempt } => attempt,
        Claim::Not { step: Step::Doubt, found } => {
            let note = doubt(sending.settings, &found);
            return Ok(Some(posting(table, key, (Came::Uncertain, 0, note, None))));
        }
        Claim::Not { found, .. } => {
            let came = match found.outcome {
                DeliveryOutcome::Sent => Came::Before,
                other => Came::of(other),
            };
            let told = posting(table, key, (came, 0, found.note.clone(), found.again_at));
            return Ok((asks != Asks::Schedule).then_some(told));
        }
    };
    let (result, tries) = match channel {
        Err(failure) => (not_ready(failure, attempt, (sending.clock)()), 0),
        Ok(channel) => {
            let packed = parcel.get_or_init(|| packed(channel, letter));
            let delivered = match packed {
                Ok(parcel) => &parcel.send(&key.receiver, sending.pause),
                Err(untried) => untried,
            };
            (steps::result(delivered, attempt, (sending.clock)()), delivered.tries)
        }
    };
    sending.state.settle_delivery(&key, attempt, &result).map_err(|cause| failed(&cause))?;
    let DeliveryResult { outcome, note, again_at, .. } = result;
    Ok(Some(posting(table, key, (Came::of(outcome), tries, note, again_at))))
}

/// Packs a letter. A mistake of ours over it is written down like everything else that went wrong.
fn packed<'c>(channel: &'c Channel, letter: &Letter<'_>) -> Result<Parcel<'c>, Delivered> {
    catch_unwind(AssertUnwindSafe(|| channel.packed(letter)))
        .unwrap_or_else(|_| {
            let problem = "a mistake of ours: look at the log".to_owned();
            Err(SendError::Setup { problem })
        })
        .map_err(Delivered::untried)
}

/// Returns the names, each once.
pub(super) fn once(names: &[String]) -> Vec<&String> {
    let mut all: Vec<&String> = Vec::new();
    for name in names {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

/// Returns how reports are written for those who get them.
pub(super) fn edition<'a>(
    settings: &'a Settings,
    style: &'a Style,
    draw: &'a dyn Fn(&ChartBlock) -> Option<String>,
) -> Edition<'a> {
    Edition { draw, chart_css: CSS, base: settings.notify.base_url(), ..Edition::new(style) }
}

/// Returns what a second copy does on a channel.
pub(super) fn repeat(table: &ChannelTable) -> Repeat {
    match table {
        ChannelTable::Mail(_) | ChannelTable::Slack(_) => Repeat::Harmful,
        ChannelTable::Webhook(_) | ChannelTable::Files(_) => Repeat::Harmless,
    }
}

/// Returns what came of a channel that lacks something of its own: once that is there, it is
/// tried again.
fn not_ready(failure: &Failure, attempt: u64, at: Timestamp) -> DeliveryResult {
    let mut note = failure.message.clone();
    for cause in &failure.causes {
        note = note.because(cause);
    }
    let again_at = at.saturating_add(steps::wait(attempt)).unwrap_or(at);
    DeliveryResult { outcome: DeliveryOutcome::Failed, at, again_at: Some(again_at), note }
}

/// Returns what to say of a delivery whose sender ended before it was answered.
pub(super) fn doubt(settings: &Settings, found: &DeliveryRecord) -> Text {
    let (began, command) = (found.began_at, sending_again(settings, found));
    Text::new(
        format!(
            "begun at {began}, and whoever sent it ended before an answer: look whether it arrived; `{command}` sends it again"
        ),
        format!(
            "{began}에 보내기 시작했지만 응답을 받기 전에 프로세스가 끝났습니다. 도착했는지 확인하세요. `{command}` 명령으로 다시 보낼 수 있습니다"
        ),
    )
}

/// Returns what is written of a delivery that may have arrived, and what to do about it.
pub(super) fn again(settings: &Settings, found: &DeliveryRecord) -> Text {
    let (note, command) = (&found.note, sending_again(settings, found));
    Text::new(
        format!("{}: look whether it arrived; `{command}` sends it again", note.en),
        format!("{}. 도착했는지 확인하세요. `{command}` 명령으로 다시 보낼 수 있습니다", note.ko),
    )
}

/// Returns the command that sends a report again to those of a channel who were not sent it. It is
/// for the moment at which it was sent, unless that one has another last period.
pub fn sending_again(settings: &Settings, found: &DeliveryRecord) -> String {
    let (began, key, zone) = (found.began_at, &found.key, &settings.timezone);
    let period = ReportPeriod::ALL.into_iter().find(|one| one.kind().as_str() == key.report);
    let is_last = period.is_some_and(|period| last_period(period, zone, began) == Some(key.period));
    let at = if is_last { began } else { is_over_at(key.period, zone).unwrap_or(began) };
    format!("trimtab report {} --as-of {at} --send --missing --to {}", key.report, key.channel)
}

pub(super) fn holder(found: Option<&DeliveryRecord>, now: Timestamp) -> Holder {
    let Some(found) = found else { return Holder::Gone };
    let has_ended =
        found.sender.host == machine_name() && process::has_ended(&found.sender.process);
    if found.until <= now || has_ended { Holder::Gone } else { Holder::Alive }
}

pub(super) fn table<'a>(settings: &'a Settings, name: &str) -> Result<&'a ChannelTable, Failure> {
    settings.notify.table(name).ok_or_else(|| settings.notify.unknown(name))
}

fn key(document: &Document, channel: &str, receiver: String) -> DeliveryKey {
    DeliveryKey {
        report: document.kind.as_str().to_owned(),
        period: document.period,
        channel: channel.to_owned(),
        receiver,
    }
}

fn posting(
    table: &ChannelTable,
    key: DeliveryKey,
    (came, tries, note, again_at): (Came, u32, Text, Option<Timestamp>),
) -> Posting {
    let place = if key.receiver.is_empty() { table.place() } else { key.receiver.clone() };
    Posting { key, kind: table.kind(), place, came, tries, note, again_at }
}

fn failed(cause: &trimtab_store::state::StateError) -> Failure {
    Failure::from_error(Kind::Failed, cause)
}
