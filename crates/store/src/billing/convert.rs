//! One bill to staged charges: file in, plain data out.
//!
//! Nothing but the staging directory is written, and the outcome can cross a process
//! boundary, so a hostile file can be converted in a child with limits of its own.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use trimtab_model::explain::Explained;
use trimtab_model::text::StaticText;

use super::column::Columns;
use super::csv_file::{CsvBill, FOREIGN, Folding, cannot_read, foreign};
use super::format::BillFormat;
use super::gzip;
use super::limits::Limits;
use super::map::Mapped;
use super::notice::{Counted, Notice};
use super::parquet_file;
use super::part::{BillGroup, GroupPart, Parts};
use super::preflight::{AGAIN, encrypted};
use super::raw::{Layout, Raw};
use super::{cur, focus};
use crate::digest;
use crate::error::InputError;

const NO_DIGEST: StaticText = StaticText {
    en: "its digest was not computed",
    ko: "다이제스트를 계산하지 못했습니다",
};

/// How far reading has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Rows converted since the last report.
    pub rows: u64,
    /// Bytes of the file read since the last report; an estimate for Parquet.
    pub bytes: u64,
}

/// Receives progress, from any thread.
pub type OnProgress<'a> = &'a (dyn Fn(Progress) + Sync);

/// What one file became.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Converted {
    /// The file.
    pub file: PathBuf,
    /// SHA-256 of the file.
    pub sha256: String,
    /// Its format.
    pub format: BillFormat,
    /// Its rows.
    pub rows: u64,
    /// What it holds, bill by bill, as pairs: JSON has no keys of two parts.
    pub groups: Vec<(BillGroup, GroupPart)>,
    /// What somebody should know.
    pub notices: Vec<Notice>,
}

/// A file that could not be converted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{error}")]
pub struct FailedFile {
    /// What is wrong, where, and what to do.
    pub error: InputError,
    /// Whether it may have been a bill. A readable file of something else, such as the
    /// manifest that AWS puts beside a report, holds nothing back.
    pub holds_back: bool,
}

/// Converts one bill into Parquet files below `staging`, which must exist.
///
/// `threads` is how many row groups of a Parquet file are converted at once.
///
/// # Errors
/// Fails on the first thing wrong in the file. Staged files may be left behind; the
/// caller removes the directory.
pub fn convert(
    file: &Path,
    staging: &Path,
    limits: Limits,
    threads: usize,
    progress: OnProgress<'_>,
) -> Result<Converted, FailedFile> {
    read(file, staging, limits, threads, progress)
        .map_err(|error| FailedFile { holds_back: *error.problem != FOREIGN.to_text(), error })
}

fn read(
    file: &Path,
    staging: &Path,
    limits: Limits,
    threads: usize,
    progress: OnProgress<'_>,
) -> Result<Converted, InputError> {
    let ((format, outcomes), sha256) = std::thread::scope(|scope| {
        let digest = scope.spawn(|| content_digest(file, limits));
        let converted = match kind(file)? {
            FileKind::Parquet => parquet_file::convert(file, staging, limits, threads, progress)?,
            FileKind::Text(folding) => csv(file, staging, folding, limits, progress)?,
        };
        let sha256 = digest
            .join()
            .unwrap_or_else(|_| Err(std::io::Error::other(Explained(NO_DIGEST.to_text()))))
            .map_err(|cause| cannot_read(file, &cause))?;
        Ok((converted, sha256))
    })?;
    let mut groups: BTreeMap<BillGroup, GroupPart> = BTreeMap::new();
    let mut counted: BTreeMap<Counted, u64> = BTreeMap::new();
    for outcome in outcomes {
        for (group, part) in outcome.parts {
            groups.entry(group).or_default().add(part);
        }
        for (kind, rows) in outcome.counted {
            *counted.entry(kind).or_default() += rows;
        }
    }
    Ok(Converted {
        file: file.to_owned(),
        sha256,
        format,
        rows: groups.values().map(GroupPart::rows).sum(),
        groups: groups.into_iter().collect(),
        notices: counted.into_iter().map(|(kind, rows)| kind.notice(file, rows)).collect(),
    })
}

/// Returns the digest of what a file says: of the text, whether it is folded or not, so
/// that a bill beside its own compressed copy counts once.
fn content_digest(file: &Path, limits: Limits) -> std::io::Result<String> {
    let mut head = [0_u8; 2];
    let mut source = File::open(file)?;
    let read = source.read(&mut head)?;
    if read == head.len() && head == gzip::MAGIC {
        let folded = Rc::new(Cell::new(0));
        return digest::of_reader(gzip::Unfolded::new(File::open(file)?, folded, limits));
    }
    digest::of_file(file)
}

/// What one thread made of its share of a file.
pub(super) struct Outcome {
    parts: BTreeMap<BillGroup, GroupPart>,
    counted: BTreeMap<Counted, u64>,
}

/// Turns raw batches of one thread into staged charges.
pub(super) struct Conversion {
    columns: Columns,
    parts: Parts,
    counted: BTreeMap<Counted, u64>,
}

impl Conversion {
    pub(super) fn new(parts: Parts) -> Self {
        Self { columns: Columns::new(), parts, counted: BTreeMap::new() }
    }

    pub(super) fn push(&mut self, layout: &Layout, raw: &Raw) -> Result<(), InputError> {
        let mapped = map(&mut self.columns, layout, raw)?;
        for (kind, rows) in &mapped.counted {
            *self.counted.entry(*kind).or_default() += rows;
        }
        self.parts.write(&mapped)
    }

    pub(super) fn finish(mut self) -> Result<Outcome, InputError> {
        if self.columns.rounded > 0 {
            self.counted.insert(Counted::Rounded, self.columns.rounded);
        }
        Ok(Outcome { parts: self.parts.finish()?, counted: self.counted })
    }
}

/// Maps one batch by the format of its file.
pub(super) fn map(columns: &mut Columns, layout: &Layout, raw: &Raw) -> Result<Mapped, InputError> {
    if layout.format.is_focus() {
        focus::map(columns, layout, raw)
    } else {
        cur::map(columns, layout, raw)
    }
}

/// Reads and maps a CSV bill from memory without writing anything: what the fuzzer drives.
///
/// # Errors
/// Fails as [`convert`] does.
pub fn rehearse(bytes: Vec<u8>, limits: Limits) -> Result<u64, InputError> {
    let path = Path::new("bill.csv");
    let folding = if bytes.starts_with(&gzip::MAGIC) { Folding::Gzip } else { Folding::Plain };
    let mut bill = CsvBill::over(path, Box::new(std::io::Cursor::new(bytes)), folding, limits)?;
    let mut columns = Columns::new();
    let mut rows = 0;
    while let Some(raw) = bill.next_batch()? {
        rows += map(&mut columns, &bill.layout, &raw)?.batch.num_rows() as u64;
    }
    Ok(rows)
}

fn csv(
    file: &Path,
    staging: &Path,
    folding: Folding,
    limits: Limits,
    progress: OnProgress<'_>,
) -> Result<(BillFormat, Vec<Outcome>), InputError> {
    let mut bill = CsvBill::open(file, folding, limits)?;
    let parts = Parts::new(file, staging, 0, limits.groups);
    let mut conversion = Conversion::new(parts);
    let mut bytes = 0;
    while let Some(raw) = bill.next_batch()? {
        conversion.push(&bill.layout, &raw)?;
        let now = bill.bytes();
        progress(Progress { rows: raw.batch.num_rows() as u64, bytes: now - bytes });
        bytes = now;
    }
    Ok((bill.layout.format, vec![conversion.finish()?]))
}

enum FileKind {
    Parquet,
    Text(Folding),
}

/// Tells what a file is by its first bytes.
fn kind(file: &Path) -> Result<FileKind, InputError> {
    let mut start = [0_u8; 512];
    let mut open = File::open(file).map_err(|cause| cannot_read(file, &cause))?;
    let mut length = 0;
    while let Some(rest) = start.get_mut(length..).filter(|rest| !rest.is_empty()) {
        let read = open.read(rest).map_err(|cause| cannot_read(file, &cause))?;
        if read == 0 {
            break;
        }
        length += read;
    }
    let start = start.get(..length).unwrap_or_default();
    if start.is_empty() {
        return Err(InputError::new(file, ("is empty", "비어 있습니다"), AGAIN));
    }
    if start.starts_with(b"PAR1") {
        return Ok(FileKind::Parquet);
    }
    if start.starts_with(b"PARE") {
        return Err(encrypted(file));
    }
    if start.starts_with(&gzip::MAGIC) {
        return Ok(FileKind::Text(Folding::Gzip));
    }
    if start.starts_with(b"PK\x03\x04") {
        return Err(InputError::new(
            file,
            ("is a zip archive", "zip 압축 파일입니다"),
            ("unpack it first", "먼저 압축을 푸세요"),
        ));
    }
    let text = start.trim_ascii_start();
    if text.first() == Some(&b'<') {
        return Err(InputError::new(
            file,
            ("is a web page or XML, not a bill", "청구서가 아니라 웹 페이지나 XML입니다"),
            (
                "the download was refused or expired; sign in and export it again",
                "다운로드가 거부되었거나 만료되었습니다. 로그인한 뒤 다시 내보내세요",
            ),
        ));
    }
    if start.starts_with(b"{") || start.starts_with(b"[") {
        return Err(foreign(file));
    }
    Ok(FileKind::Text(Folding::Plain))
}
