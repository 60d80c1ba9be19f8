//! Ingest: the bill as AWS delivers it to S3, only what is new.
//!
//! A billing period is read as a whole, from all exports that have it, and only if one of
//! their manifests is another than the last time. What the manifests do not name is not read.

mod find;
mod period;

use std::collections::BTreeMap;
use std::path::Path;

use trimtab_model::text::{Reason, counted};
use trimtab_store::billing::Notice;
use trimtab_store::cost;
use trimtab_store::export::{Deliveries, Object};
use trimtab_store::lake::Lake;
use trimtab_store::state::ExportMark;

use crate::config::Settings;
use crate::failure::{Failure, Kind};
use crate::pipeline::ingest::{Delivered, Ingested, PeriodOutcome};
use crate::pipeline::scan::runtime;
use crate::pipeline::state::open_lake;
use crate::progress::{OnProgress, Progress, Stage};
use crate::worker::Isolation;

pub(super) use find::{Exports, found};
use period::Part;

/// Where a bill lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BillPlace {
    /// Below a prefix of a bucket.
    Bucket {
        /// The bucket.
        bucket: String,
        /// The prefix; empty for all of it.
        prefix: String,
    },
    /// Where AWS says that the account's exports go.
    Account,
}

/// Which bill to read, and as whom.
#[derive(Debug, Clone)]
pub struct ExportRequest {
    /// The profile to start from; the environment's where absent.
    pub profile: Option<String>,
    /// The account to read in, by number or alias; our own where absent.
    pub account: Option<String>,
    /// Where the bill lies.
    pub place: BillPlace,
    /// Where foreign files are parsed.
    pub isolation: Isolation,
}

/// Reads what is new of AWS's exports into the data directory.
///
/// A period of which something cannot be read is in [`Ingested::errors`] and stays as it was.
///
/// # Errors
/// Fails without credentials, if no export is found or a bucket cannot be listed, and if the
/// data directory cannot be used.
pub fn ingest_exports(
    settings: &Settings,
    request: &ExportRequest,
    told: OnProgress<'_>,
) -> Result<Ingested, Failure> {
    let lake = open_lake(settings)?;
    let runtime = runtime()?;
    told(Progress::stage(Stage::Finding));
    let exports = find::exports(settings, request, runtime.handle())?;
    let mut ingested = Ingested { exports: exports.read.clone(), ..Ingested::default() };
    for (period, parts) in by_period(&exports) {
        let outcome =
            read_period(&lake, &exports, &period, &parts, &request.isolation, &mut ingested, told)?;
        ingested.periods.extend(outcome);
    }
    if ingested.periods.is_empty() {
        return Err(nothing_delivered(&exports));
    }
    ingested.totals =
        cost::totals(&lake).map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    Ok(ingested)
}

/// Puts the deliveries of all places together, period by period.
fn by_period(exports: &Exports) -> BTreeMap<String, Vec<Part<'_>>> {
    let mut periods: BTreeMap<String, Vec<Part<'_>>> = BTreeMap::new();
    for place in &exports.places {
        for (period, deliveries) in &place.periods {
            periods.entry(period.clone()).or_default().push(Part { place, deliveries });
        }
    }
    periods
}

/// Reads one period if it is new; nothing where it has no manifest yet.
fn read_period(
    lake: &Lake,
    exports: &Exports,
    period: &str,
    parts: &[Part<'_>],
    isolation: &Isolation,
    ingested: &mut Ingested,
    told: OnProgress<'_>,
) -> Result<Option<PeriodOutcome>, Failure> {
    let failed = |cause| Failure::from_error(Kind::Failed, &cause);
    for part in parts {
        ingested.notices.extend(unfinished(period, part.deliveries, part));
    }
    let manifests: BTreeMap<String, String> = parts.iter().flat_map(Part::manifests).collect();
    if manifests.is_empty() {
        return Ok(None);
    }
    let outcome = |delivered, files, bytes| {
        Ok(Some(PeriodOutcome { period: period.to_owned(), delivered, files, bytes }))
    };
    let mark = lake.state().export_mark(&exports.source, period).map_err(failed)?;
    let standing = match &mark {
        Some(mark) => lake.state().standing(mark).map_err(failed)?,
        None => Vec::new(),
    };
    let is_unchanged = mark
        .as_ref()
        .is_some_and(|mark| mark.manifests == manifests && standing.len() == mark.bills.len());
    if is_unchanged {
        return outcome(Delivered::Unchanged, 0, 0);
    }
    let files = match period::files(parts) {
        Ok(files) => files,
        Err(errors) => {
            ingested.errors.extend(errors);
            return outcome(Delivered::Failed, 0, 0);
        }
    };
    let (count, bytes) = (files.len() as u64, files.iter().map(|file| file.object.size).sum());
    let Some(read) = period::read(lake, &files, isolation, ingested, told)? else {
        return outcome(Delivered::Failed, count, bytes);
    };
    // A bill that this export no longer has was replaced as well: by nothing.
    let gone: Vec<_> = standing.into_iter().filter(|group| !read.bills.contains(group)).collect();
    lake.state().remove_bills(&gone).map_err(failed)?;
    let mark = ExportMark { ingest: read.number, manifests, bills: read.bills };
    lake.state().set_export_mark(&exports.source, period, &mark).map_err(failed)?;
    outcome(Delivered::Read, count, bytes)
}

/// Says that data lies there which no manifest names yet.
fn unfinished(period: &str, deliveries: &Deliveries, part: &Part<'_>) -> Option<Notice> {
    let first: &Object = deliveries.unfinished.first()?;
    let count = deliveries.unfinished.len();
    let (en, ko) = if deliveries.current.is_empty() {
        (
            format!(
                "{} of {period} without a manifest: AWS writes it last, so the delivery is not complete and was not read",
                counted(count, "file")
            ),
            format!(
                "{period} 청구 기간의 파일 {count}개에 매니페스트가 없습니다. AWS는 매니페스트를 마지막에 쓰므로 전달이 끝나지 않은 것으로 보고 읽지 않았습니다"
            ),
        )
    } else {
        (
            format!(
                "{} of {period} newer than the manifest: AWS is delivering the next version, which is read when its manifest is there",
                counted(count, "file")
            ),
            format!(
                "{period} 청구 기간에 매니페스트보다 새로운 파일이 {count}개 있습니다. AWS가 다음 버전을 전달하는 중이며, 매니페스트가 생기면 읽습니다"
            ),
        )
    };
    let file = part.place.bucket.url(&first.key);
    Some(Notice::new(Path::new(&file), Reason::new("delivery-unfinished", en, ko)))
}

fn nothing_delivered(exports: &Exports) -> Failure {
    let urls: Vec<&str> = exports.read.iter().map(|export| export.url.as_str()).collect();
    let urls = urls.join(", ");
    Failure::new(
        Kind::Failed,
        (
            format!("there is no delivery of a bill in {urls}"),
            format!("전달된 청구서가 없습니다: {urls}"),
        ),
    )
    .with_hint((
        "AWS delivers within a day after an export was made; check the prefix, or use `trimtab ingest --from cost-explorer` until then",
        "내보내기를 만들면 하루 안에 첫 파일이 전달됩니다. 접두사를 확인하거나, 그때까지 `trimtab ingest --from cost-explorer`를 쓰세요",
    ))
}
