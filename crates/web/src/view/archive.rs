//! Reports of the past, what was sent of them, and what is sent next.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use trimtab_app::failure::Failure;
use trimtab_app::pipeline::notify::{deliveries, overview, sending_again};
use trimtab_app::pipeline::now;
use trimtab_app::pipeline::report::{PastReport, past_reports};
use trimtab_model::text::{Language, Text};
use trimtab_store::state::DeliveryRecord;

use crate::pages::reports::{FILES, word_of};
use crate::query::Query;
use crate::shared::Shared;

/// Reports of the past, what was sent of them, and what is sent next.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Archive {
    /// The reports of every period that is over and that bills reach into, the latest first.
    pub(crate) archive: Vec<ArchivedReport>,
    /// What was sent to whom: what somebody did not get first, then the newest period.
    pub(crate) deliveries: Vec<DeliveryOf>,
    /// What leaves by itself next, where a server runs with `--schedule`.
    pub(crate) schedule: Vec<ScheduledReport>,
    /// Whether this server sends it.
    pub(crate) is_scheduled: bool,
}

/// A report of a period that is over.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct ArchivedReport {
    /// `weekly`, `monthly` or `quarterly`.
    pub(crate) period: String,
    /// The first day that it is of.
    #[schema(value_type = String, format = Date)]
    pub(crate) from: Date,
    /// The last day, which counts too.
    #[schema(value_type = String, format = Date)]
    pub(crate) until: Date,
    /// The moment that it looks from: the end of its period.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) as_of: Timestamp,
    /// Whether the bills cover all of its days.
    pub(crate) is_whole: bool,
    /// To how many receivers it was sent.
    pub(crate) sent: u64,
    /// How many receivers did not get it, or may not have.
    pub(crate) failed: u64,
    /// The page.
    pub(crate) href: String,
    /// The files.
    pub(crate) formats: Vec<ReportFile>,
}

/// A report as a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ReportFile {
    /// `pdf`, `xlsx`, `html`, `md` or `json`.
    format: String,
    /// What it is called in a header.
    media_type: String,
    /// Its address.
    href: String,
}

/// What was sent to one receiver.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct DeliveryOf {
    /// `weekly`, `monthly` or `quarterly`.
    pub(crate) report: String,
    /// The first day that it is of.
    #[schema(value_type = String, format = Date)]
    pub(crate) from: Date,
    /// The last day, which counts too.
    #[schema(value_type = String, format = Date)]
    pub(crate) until: Date,
    /// The channel.
    pub(crate) channel: String,
    /// The receiver; null where the channel has one alone.
    pub(crate) receiver: Option<String>,
    /// `sent`, `sending`, `failed`, `refused` or `uncertain`.
    pub(crate) outcome: String,
    /// Whether somebody did not get it, or nobody knows.
    pub(crate) is_failure: bool,
    /// How often it was begun.
    pub(crate) attempts: u64,
    /// When it was known what came of it, or when it was begun.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) at: Timestamp,
    /// When it is tried again by itself; null where it is not.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) again_at: Option<Timestamp>,
    /// What the other side said, or why it did not work; null where nothing was said.
    #[serde(serialize_with = "super::amount::english_or_none")]
    #[schema(value_type = Option<String>)]
    pub(crate) note: Option<Text>,
    /// The commands that lead on: look whether the channel works, and send what is missing. Empty where it was sent.
    pub(crate) commands: Vec<String>,
}

/// A report that leaves by itself.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct ScheduledReport {
    /// `weekly`, `monthly` or `quarterly`.
    pub(crate) report: String,
    /// When it is due.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) next: Timestamp,
    /// The channel.
    pub(crate) channel: String,
    /// Its kind.
    pub(crate) kind: String,
    /// The receiver, or where the channel leads.
    pub(crate) to: String,
}

/// Returns the reports of the past, what was sent of them, and what is sent next.
///
/// # Errors
/// Fails if the store cannot be read.
pub(crate) fn archive(shared: &Shared) -> Result<Archive, Failure> {
    let (settings, moment) = (&shared.settings, now());
    let covered = if shared.has_bills()? { shared.covered()? } else { None };
    let past = covered.map(|covered| past_reports(covered, &settings.timezone, moment));
    let records = deliveries(settings, shared.state(), moment)?;
    let of = |past: &PastReport| ArchivedReport::of(past, &records);
    let lines = overview(settings, shared.state(), moment)?;
    let mut schedule: Vec<ScheduledReport> = lines
        .into_iter()
        .filter_map(|line| {
            Some(ScheduledReport {
                report: line.report?.as_str().to_owned(),
                next: line.next?,
                channel: line.channel,
                kind: line.kind.to_owned(),
                to: line.place,
            })
        })
        .collect();
    schedule.sort_by(|left, right| {
        (left.next, &left.channel, &left.to).cmp(&(right.next, &right.channel, &right.to))
    });
    Ok(Archive {
        archive: past.iter().flatten().map(of).collect(),
        deliveries: records.iter().map(|record| DeliveryOf::of(shared, record)).collect(),
        schedule,
        is_scheduled: shared.options.is_scheduled,
    })
}

/// Returns how many receivers did not get the latest of a report that goes to them, or may not have.
///
/// # Errors
/// Fails if the state cannot be read.
pub(crate) fn undelivered(shared: &Shared) -> Result<u64, Failure> {
    let lines = overview(&shared.settings, shared.state(), now())?;
    let last = lines.iter().filter_map(|line| line.last.as_ref());
    Ok(last.filter(|last| last.outcome.is_failure()).count() as u64)
}

/// Returns the addresses of a report as files, from that of its page.
pub(crate) fn files_of(page: &Query) -> Vec<ReportFile> {
    let file = |format: &str, media_type: &str| ReportFile {
        format: format.to_owned(),
        media_type: media_type.to_owned(),
        href: page.with("format", Some(format)).on("/reports"),
    };
    FILES.iter().map(|(one, _)| file(one.as_str(), one.media_type())).collect()
}

impl ArchivedReport {
    fn of(past: &PastReport, records: &[DeliveryRecord]) -> Self {
        let word = word_of(past.period);
        let own = |record: &&DeliveryRecord| {
            record.key.report == word && record.key.period.first == past.days.first
        };
        let count = |wanted: fn(&DeliveryRecord) -> bool| {
            records.iter().filter(own).filter(|record| wanted(record)).count() as u64
        };
        let page = Query::default()
            .with("period", Some(word))
            .with("as_of", Some(&past.as_of.to_string()));
        Self {
            period: word.to_owned(),
            from: past.days.first,
            until: past.days.last,
            as_of: past.as_of,
            is_whole: past.is_whole,
            sent: count(|record| record.outcome.as_str() == "sent"),
            failed: count(|record| record.outcome.is_failure()),
            href: page.on("/reports"),
            formats: files_of(&page),
        }
    }
}

impl DeliveryOf {
    fn of(shared: &Shared, record: &DeliveryRecord) -> Self {
        let key = &record.key;
        let is_failure = record.outcome.is_failure();
        let commands = match is_failure {
            false => Vec::new(),
            true => vec![
                format!("trimtab notify test {}", key.channel),
                sending_again(&shared.settings, record),
            ],
        };
        Self {
            report: key.report.clone(),
            from: key.period.first,
            until: key.period.last,
            channel: key.channel.clone(),
            receiver: Some(key.receiver.clone()).filter(|receiver| !receiver.is_empty()),
            outcome: record.outcome.as_str().to_owned(),
            is_failure,
            attempts: record.attempt,
            at: record.ended_at.unwrap_or(record.began_at),
            again_at: record.again_at,
            note: Some(record.note.clone()).filter(|note| !note.get(Language::En).is_empty()),
            commands,
        }
    }
}
