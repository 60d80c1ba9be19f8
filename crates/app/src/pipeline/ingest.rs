//! Ingest: a directory of exports into the data directory.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use trimtab_model::calendar::Calendar;
use trimtab_model::explain::Explain;
use trimtab_model::money::Money;
use trimtab_model::period::Period;
use trimtab_model::snapshot::Snapshot;
use trimtab_model::text::{StaticText, Text};
use trimtab_store::InputError;
use trimtab_store::billing::{Converted, FailedFile, Notice};
use trimtab_store::cost::{self, BillTotal};
use trimtab_store::input::{self, InputFile};
use trimtab_store::inventory::{self, Place};
use trimtab_store::lake::{self, FileOutcome, Lake};
use trimtab_store::{digest, traffic};

use crate::config::Settings;
use crate::failure::{Failure, Kind};
use crate::pipeline::state::{now, open_lake, threads};
use crate::pipeline::traffic as pipeline_traffic;
use crate::progress::{Files, OnProgress, Part, Progress, Stage};
use crate::task::{self, Answer, Task};
use crate::worker::{Isolation, WorkerError};

/// What to do about a file that kills its reader.
pub(super) const SUSPECT: StaticText = StaticText {
    en: "check that the file is what it should be; split it if it is honest and very large",
    ko: "올바른 파일인지 확인하고, 정상이지만 아주 크다면 나누세요",
};

/// A child process that is not of this version.
pub(super) const STRANGE_ANSWER: StaticText = StaticText {
    en: "got an answer to another question",
    ko: "자식 프로세스가 엉뚱한 답을 했습니다",
};

/// What to ingest.
#[derive(Debug, Clone)]
pub struct IngestRequest {
    /// The directory of exports.
    pub dir: PathBuf,
    /// Account and region of inventory files that do not say theirs.
    pub place: Place,
    /// Where foreign files are parsed.
    pub isolation: Isolation,
}

/// What was read and what was not.
#[derive(Debug, Default)]
pub struct Ingested {
    /// Bills that were read.
    pub bills: Vec<FileOutcome>,
    /// What the lake now holds per billing period, account and currency.
    pub totals: Vec<BillTotal>,
    /// How many resources the inventory lists.
    pub resources: u64,
    /// Inventory files that were given.
    pub inventory_files: u64,
    /// Files of metrics that were read.
    pub metrics_files: u64,
    /// Days of users.
    pub user_days: u64,
    /// Services whose traffic was reduced.
    pub services: u64,
    /// What could not be read, file by file.
    pub errors: Vec<InputError>,
    /// What should be known about what was read.
    pub notices: Vec<Notice>,
    /// The exports of AWS that were looked at.
    pub exports: Vec<ReadExport>,
    /// What became of each billing period of them.
    pub periods: Vec<PeriodOutcome>,
    /// What was asked of Cost Explorer, if it was.
    pub requests: Option<RequestsMade>,
}

/// An export of AWS that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadExport {
    /// Its name, where AWS was asked for it.
    pub name: Option<String>,
    /// What it holds, where AWS was asked for it.
    pub table: Option<String>,
    /// Where it lies.
    pub url: String,
}

/// What became of one billing period of AWS's exports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodOutcome {
    /// The period, as `2026-10`.
    pub period: String,
    /// What became of it.
    pub delivered: Delivered,
    /// Files that were fetched.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// What became of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivered {
    /// It was new or had changed, and was read.
    Read,
    /// It is what was read before.
    Unchanged,
    /// Something of it could not be read: what was there before stays.
    Failed,
}

impl Delivered {
    /// Returns the word, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Unchanged => "unchanged",
            Self::Failed => "failed",
        }
    }
}

/// What was asked of Cost Explorer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestsMade {
    /// Requests, retries included.
    pub requests: u64,
    /// What they cost; absent where the catalogue does not say.
    pub cost: Option<Money>,
    /// Months that came from what was asked before.
    pub cached: Vec<String>,
}

/// Reads a directory of exports into the data directory.
///
/// A file that cannot be read is in [`Ingested::errors`], and what it would have
/// replaced stays as it was.
///
/// # Errors
/// Fails if the directory or the data directory cannot be used.
pub fn ingest(
    settings: &Settings,
    request: &IngestRequest,
    told: OnProgress<'_>,
) -> Result<Ingested, Failure> {
    let lake = open_lake(settings)?;
    let mut ingested = Ingested::default();
    require_directory(&request.dir)?;
    bills(&lake, request, &mut ingested, told)?;
    told(Progress::stage(Stage::Inventory));
    keep_inventory(&lake, settings, request, &mut ingested)?;
    keep_metrics(settings, request, &mut ingested, told)?;
    told(Progress::stage(Stage::Traffic));
    keep_traffic(settings, request, &mut ingested)?;
    ingested.totals =
        cost::totals(&lake).map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    Ok(ingested)
}

/// Fails unless `dir` is a directory in which at least one of the four parts is.
pub(super) fn require_directory(dir: &Path) -> Result<(), Failure> {
    let hint = (
        "give a directory with at least one of billing/, inventory/, metrics/ and traffic/ in it",
        "billing/, inventory/, metrics/, traffic/ 가운데 하나 이상이 있는 디렉터리를 지정하세요",
    );
    let shown = dir.display();
    if !dir.is_dir() {
        let message = if dir.exists() {
            (format!("{shown} is not a directory"), format!("디렉터리가 아닙니다: {shown}"))
        } else {
            (format!("{shown} does not exist"), format!("디렉터리가 없습니다: {shown}"))
        };
        return Err(Failure::new(Kind::Failed, message).with_hint(hint));
    }
    let parts = ["billing", "inventory", "metrics", "traffic"];
    if parts.iter().any(|part| dir.join(part).exists()) {
        return Ok(());
    }
    Err(Failure::new(
        Kind::Failed,
        (
            format!("{shown} holds none of the parts that trimtab reads"),
            format!("trimtab이 읽는 것이 하나도 없는 디렉터리입니다: {shown}"),
        ),
    )
    .with_hint(hint))
}

/// Reads `billing/` into the lake.
pub(super) fn bills(
    lake: &Lake,
    request: &IngestRequest,
    ingested: &mut Ingested,
    told: OnProgress<'_>,
) -> Result<(), Failure> {
    let (files, unlisted) = input::list(&request.dir, "billing");
    if files.is_empty() && unlisted.is_empty() {
        return Ok(());
    }
    // What could not even be listed may have been a part of a bill like any other file.
    let unlisted: BTreeMap<PathBuf, InputError> =
        unlisted.into_iter().map(|error| (error.file.clone(), error)).collect();
    let paths: Vec<PathBuf> =
        files.into_iter().map(|file| file.path).chain(unlisted.keys().cloned()).collect();
    let lengths: Vec<u64> = paths.iter().map(|path| length(path)).collect();
    let progress = RefCell::new(Files::new(Stage::Bills, &lengths, told));
    let convert = |file: &Path, staging: &Path| {
        if let Some(error) = unlisted.get(file) {
            return Err(FailedFile { error: error.clone(), holds_back: true });
        }
        progress.borrow_mut().next(&name(file), length(file), |told| {
            convert(&request.isolation, file, staging, told).map_err(|failed| FailedFile {
                holds_back: failed.holds_back || !is_manifest(file),
                ..failed
            })
        })
    };
    let outcome = lake::ingest(lake, &paths, &convert, now())
        .map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    ingested.bills = outcome.files;
    ingested.notices.extend(outcome.notices);
    ingested.errors.extend(outcome.failed.into_iter().map(|failed| failed.error));
    Ok(())
}

fn length(file: &Path) -> u64 {
    file.metadata().map_or(0, |metadata| metadata.len())
}

fn name(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Returns whether a file is JSON: the manifests that AWS puts beside a report are, and no
/// bill is. Anything else that cannot be read may be a damaged part of one.
fn is_manifest(file: &Path) -> bool {
    use std::io::Read;
    let mut head = [0_u8; 64];
    let read = std::fs::File::open(file).and_then(|mut file| file.read(&mut head)).unwrap_or(0);
    let first = head.iter().take(read).find(|byte| !byte.is_ascii_whitespace());
    matches!(first, Some(b'{' | b'['))
}

/// Turns one file into staged charges, in a child where `isolation` says so.
pub(super) fn convert(
    isolation: &Isolation,
    file: &Path,
    staging: &Path,
    told: &dyn Fn(Part),
) -> Result<Converted, FailedFile> {
    let task = Task::ConvertBill {
        file: file.to_owned(),
        staging: staging.to_owned(),
        threads: threads(),
    };
    let error = match task::run(isolation, task, told) {
        Ok(Answer::Bill(outcome)) => return *outcome,
        Err(WorkerError::Died { status }) => InputError::new(file, died(&status), SUSPECT),
        Err(cause) => InputError::new(
            file,
            Text::new("could not be given to a child process", "자식 프로세스에 맡기지 못했습니다")
                .because(&cause.text()),
            (
                "check that the system lets trimtab start processes",
                "시스템이 trimtab의 프로세스 실행을 허용하는지 확인하세요",
            ),
        ),
        Ok(Answer::Span(_) | Answer::Profiles(_) | Answer::Traffic(_)) => {
            let hint = ("run the command again", "명령을 다시 실행하세요");
            InputError::new(file, STRANGE_ANSWER, hint)
        }
    };
    // It may have been a bill: what it would have replaced stays as it was.
    Err(FailedFile { error, holds_back: true })
}

/// Reads `inventory/` of a request.
pub(super) fn read_inventory(
    settings: &Settings,
    request: &IngestRequest,
    taken_at: Timestamp,
    ingested: &mut Ingested,
) -> Snapshot {
    let (snapshot, errors) =
        inventory::read(&request.dir, taken_at, &settings.policy.environments, &request.place);
    ingested.errors.extend(errors);
    ingested.inventory_files = count(input::list(&request.dir, "inventory").0.len());
    ingested.resources = count(snapshot.resource_count());
    snapshot
}

fn keep_inventory(
    lake: &Lake,
    settings: &Settings,
    request: &IngestRequest,
    ingested: &mut Ingested,
) -> Result<(), Failure> {
    if !request.dir.join("inventory").exists() {
        return Ok(());
    }
    let newer = read_inventory(settings, request, now(), ingested);
    let failed = |cause| Failure::from_error(Kind::Failed, &cause);
    let snapshot = match lake.state().latest_snapshot().map_err(failed)? {
        Some(older) => older.updated_by(newer),
        None => newer,
    };
    lake.state().save_snapshot(&snapshot).map(|_number| ()).map_err(failed)
}

/// Returns where the data directory keeps metrics.
pub(super) fn metrics_dir(settings: &Settings) -> PathBuf {
    settings.data_dir.join("metrics")
}

/// Checks every file of `metrics/` from the first to the last row, and keeps those that
/// are sound under the hash of their content: the same file twice is one file.
fn keep_metrics(
    settings: &Settings,
    request: &IngestRequest,
    ingested: &mut Ingested,
    told: OnProgress<'_>,
) -> Result<(), Failure> {
    let (files, errors) = input::list(&request.dir, "metrics");
    ingested.errors.extend(errors);
    if files.is_empty() {
        return Ok(());
    }
    let dir = metrics_dir(settings);
    std::fs::create_dir_all(&dir).map_err(|cause| unwritable(&dir, &cause))?;
    let lengths: Vec<u64> = files.iter().map(|file| length(&file.path)).collect();
    let mut progress = Files::new(Stage::Metrics, &lengths, told);
    for file in files {
        let problem = progress.next(&name(&file.path), length(&file.path), |told| {
            check_metrics(&request.isolation, &file, told)
        })?;
        match problem {
            Some(error) => ingested.errors.push(error),
            None => {
                keep(&file, &dir)?;
                ingested.metrics_files += 1;
            }
        }
    }
    Ok(())
}

/// Returns what is wrong in a file of metrics, whenever its samples were taken.
fn check_metrics(
    isolation: &Isolation,
    file: &InputFile,
    told: &dyn Fn(Part),
) -> Result<Option<InputError>, Failure> {
    let always = Period::new(
        Timestamp::UNIX_EPOCH,
        Timestamp::from_second(4_102_444_800).unwrap_or(Timestamp::MAX),
    )
    .map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    let task = Task::Reduce {
        files: vec![file.clone()],
        windows: vec![always],
        calendar: Calendar::default(),
    };
    let problem = match task::run(isolation, task, told) {
        Ok(Answer::Profiles(Ok(reduced))) => return Ok(reduced.errors.into_iter().next()),
        Ok(Answer::Profiles(Err(cause))) => cause,
        Err(WorkerError::Died { status }) => died(&status),
        Err(cause) => return Err(Failure::from_error(Kind::Failed, &cause)),
        Ok(Answer::Bill(_) | Answer::Span(_) | Answer::Traffic(_)) => STRANGE_ANSWER.to_text(),
    };
    Ok(Some(InputError::new(&file.path, problem, SUSPECT)))
}

/// Copies a file into `dir` under the hash of its content, whole or not at all, and into
/// the directories of its account and region where it lies in such.
fn keep(file: &InputFile, dir: &Path) -> Result<(), Failure> {
    let failed = |cause: std::io::Error| unwritable(dir, &cause);
    let dir = &match file.origin() {
        Some(origin) => dir.join(origin.account.as_str()).join(origin.region.as_str()),
        None => dir.to_owned(),
    };
    std::fs::create_dir_all(dir).map_err(failed)?;
    let hash = digest::of_file(&file.path).map_err(failed)?;
    let extension = file.relative.split_once('.').map_or("", |(_, extension)| extension);
    let target = dir.join(format!("{hash}.{}", extension.rsplit('/').next().unwrap_or_default()));
    if target.exists() {
        return Ok(());
    }
    let mut source = std::fs::File::open(&file.path).map_err(failed)?;
    let mut copy = tempfile::NamedTempFile::new_in(dir).map_err(failed)?;
    std::io::copy(&mut source, &mut copy).map_err(failed)?;
    copy.as_file().sync_all().map_err(failed)?;
    copy.persist(&target).map(|_file| ()).map_err(|cause| failed(cause.error))
}

fn keep_traffic(
    settings: &Settings,
    request: &IngestRequest,
    ingested: &mut Ingested,
) -> Result<(), Failure> {
    if !request.dir.join("traffic").exists() {
        return Ok(());
    }
    let (read, errors) = pipeline_traffic::read(settings, &request.dir, &request.isolation)?;
    ingested.errors.extend(errors);
    ingested.user_days = count(read.days.len());
    ingested.services = count(read.services.len());
    let dir = settings.data_dir.join("traffic");
    let failed = |cause: std::io::Error| unwritable(&dir, &cause);
    if !read.services.is_empty() {
        traffic::keep(&settings.data_dir, &read.services).map_err(failed)?;
    }
    let files = [(!read.days.is_empty(), "users.csv"), (!read.events.is_empty(), "events.csv")];
    for (_, name) in files.into_iter().filter(|(was_read, _)| *was_read) {
        let source = request.dir.join("traffic").join(name);
        std::fs::create_dir_all(&dir).map_err(failed)?;
        let mut copy = tempfile::NamedTempFile::new_in(&dir).map_err(failed)?;
        let mut original = std::fs::File::open(&source).map_err(failed)?;
        std::io::copy(&mut original, &mut copy).map_err(failed)?;
        copy.persist(dir.join(name)).map_err(|cause| failed(cause.error))?;
    }
    Ok(())
}

/// Says that what was read could not be kept in `dir`.
fn unwritable(dir: &Path, cause: &std::io::Error) -> Failure {
    let dir = dir.display();
    let message =
        (format!("could not keep files in {dir}"), format!("파일을 보관하지 못했습니다: {dir}"));
    Failure::new(Kind::Failed, message).because(cause).with_hint((
        format!("{dir} must be writable and have room"),
        format!("쓸 수 있고 공간이 있는 디렉터리여야 합니다: {dir}"),
    ))
}

/// Says that a child died while it read a file.
fn died(status: &str) -> Text {
    Text::new(
        format!("made the reader run into its limits of memory or time, or crash ({status})"),
        format!("이 파일을 읽다가 메모리나 시간의 한도를 넘었거나 비정상 종료했습니다({status})"),
    )
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
