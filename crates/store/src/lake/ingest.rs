//! A run: files in, bills in the lake, and an account of what happened to each file.

use std::collections::BTreeSet;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::thread::ScopedJoinHandle;

use jiff::Timestamp;

use trimtab_model::text::Text;

use super::commit;
use super::open::{Lake, LakeError};
use super::settle::settle;
use crate::billing::{BillFormat, BillGroup, Converted, FailedFile, Notice};
use crate::state::IngestRecord;

/// Turns one file into staged charges: [`crate::billing::convert`] here or in a child process.
pub type Convert<'a> = &'a dyn Fn(&Path, &Path) -> Result<Converted, FailedFile>;

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileOutcome {
    /// The file.
    pub file: PathBuf,
    /// Its format.
    pub format: BillFormat,
    /// Its rows.
    pub rows: u64,
}

/// What a run did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ingested {
    /// Files that were read, in the order given.
    pub files: Vec<FileOutcome>,
    /// Bills that were replaced or added.
    pub bills: Vec<BillGroup>,
    /// Bills that stay as they were because a file could not be read.
    pub held_back: Vec<BillGroup>,
    /// Files that could not be read.
    pub failed: Vec<FailedFile>,
    /// What somebody should know.
    pub notices: Vec<Notice>,
    /// The number of the run; absent where no bill was changed.
    pub number: Option<i64>,
}

impl Ingested {
    /// Returns the rows of all files that were read.
    pub fn rows(&self) -> u64 {
        self.files.iter().map(|file| file.rows).sum()
    }
}

/// Reads files into the lake. How they settle is in the module `settle`.
///
/// # Errors
/// Fails when the lake cannot be used; then it is as it was. A file that cannot be read
/// is no error of the run: it is in [`Ingested::failed`].
pub fn ingest(
    lake: &Lake,
    files: &[PathBuf],
    convert: Convert<'_>,
    now: Timestamp,
) -> Result<Ingested, LakeError> {
    let data_dir = lake.state.data_dir();
    let _lock = lock(&data_dir.join("ingest.lock"))?;
    let stagings = data_dir.join("staging");
    prepare(&stagings)?;
    commit::sweep(lake)?;
    let staging = tempfile::Builder::new()
        .prefix("run-")
        .tempdir_in(&stagings)
        .map_err(|cause| place(&stagings, cause))?;
    let run = staging.path().file_name().unwrap_or_default().to_string_lossy().into_owned();

    let mut ingested = Ingested::default();
    let converted = std::thread::scope(|scope| {
        let mut converted: Vec<Converted> = Vec::new();
        let mut syncing: Option<ScopedJoinHandle<'_, Result<(), LakeError>>> = None;
        for (index, file) in files.iter().enumerate() {
            let own = staging.path().join(index.to_string());
            std::fs::create_dir(&own).map_err(|cause| place(&own, cause))?;
            match convert(file, &own) {
                Ok(outcome) => {
                    ingested.files.push(FileOutcome {
                        file: outcome.file.clone(),
                        format: outcome.format,
                        rows: outcome.rows,
                    });
                    // What is staged goes to the disk while the next file is read.
                    if let Some(earlier) = syncing.replace(scope.spawn(move || sync(&own))) {
                        joined(earlier)?;
                    }
                    converted.push(outcome);
                }
                Err(failed) => {
                    std::fs::remove_dir_all(&own).map_err(|cause| place(&own, cause))?;
                    ingested.failed.push(failed);
                }
            }
        }
        syncing.map_or(Ok(()), joined)?;
        Ok::<_, LakeError>(converted)
    })?;
    let existing: BTreeSet<BillGroup> =
        lake.state.bills()?.into_iter().map(|bill| bill.group).collect();
    let settlement = settle(&converted, &ingested.failed, &existing);
    let read: Vec<IngestRecord> = converted
        .into_iter()
        .map(|file| IngestRecord {
            file: file.file,
            sha256: file.sha256,
            format: file.format,
            rows: file.rows,
        })
        .collect();
    ingested.bills = settlement.bills.iter().map(|settled| settled.bill.group.clone()).collect();
    ingested.held_back = settlement.held_back;
    ingested.notices = settlement.notices;
    if !settlement.bills.is_empty() {
        let number = commit::commit(lake, settlement.bills, &read, staging.path(), &run, now)?;
        ingested.number = Some(number);
    }
    Ok(ingested)
}

/// Writes the files of a directory to the disk.
fn sync(dir: &Path) -> Result<(), LakeError> {
    let all = || -> std::io::Result<()> {
        for entry in std::fs::read_dir(dir)? {
            File::open(entry?.path())?.sync_all()?;
        }
        Ok(())
    };
    all().map_err(|cause| place(dir, cause))
}

fn joined(thread: ScopedJoinHandle<'_, Result<(), LakeError>>) -> Result<(), LakeError> {
    thread.join().unwrap_or_else(|_| {
        Err(LakeError::Unexpected(Text::new(
            "a thread that wrote to the disk ended",
            "디스크에 쓰던 스레드가 끝났습니다",
        )))
    })
}

/// Takes the data directory for one run.
fn lock(path: &Path) -> Result<File, LakeError> {
    let file =
        File::options().create(true).append(true).open(path).map_err(|cause| place(path, cause))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(LakeError::Busy),
        Err(TryLockError::Error(cause)) => Err(place(path, cause)),
    }
}

/// Empties the staging directory: under the lock, whatever is there was left by a crash.
fn prepare(stagings: &Path) -> Result<(), LakeError> {
    match std::fs::remove_dir_all(stagings) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
            return Err(place(stagings, cause));
        }
        _ => {}
    }
    std::fs::create_dir_all(stagings).map_err(|cause| place(stagings, cause))
}

fn place(path: &Path, cause: std::io::Error) -> LakeError {
    LakeError::Place { place: path.display().to_string(), cause: Box::new(cause) }
}
