//! Reads a bill in CSV, plain or gzip, in batches of bounded size.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions, StringBuilder};
use arrow::datatypes::{DataType, Field, Schema};
use csv::ByteRecord;

use trimtab_model::explain::Explain;
use trimtab_model::text::{StaticText, Text};

use super::format::{Recognition, recognise};
use super::gzip::{Counted, TooLarge, Unfolded};
use super::limits::Limits;
use super::preflight::AGAIN;
use super::raw::{Layout, Raw, RowNumbers, is_wanted};
use crate::error::InputError;

/// Rows of one batch.
const BATCH_ROWS: usize = 16_384;
/// What is said of a file that is no bill.
pub(super) const FOREIGN: StaticText = StaticText {
    en: "is none of FOCUS, CUR 2.0 and legacy CUR, in CSV, gzip CSV or Parquet",
    ko: "FOCUS, CUR 2.0, 기존 CUR 청구서(CSV, gzip CSV, Parquet)가 아닙니다",
};
const EXPORT_AGAIN: StaticText = StaticText { en: "export it again", ko: "다시 내보내세요" };
/// Bytes of one batch, so that wide rows stay bounded too.
const BATCH_BYTES: usize = 32 << 20;

/// Whether the text is folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Folding {
    /// Plain text.
    Plain,
    /// Gzip.
    Gzip,
}

/// An open CSV bill.
pub(super) struct CsvBill {
    reader: csv::Reader<Fenced>,
    /// What every batch has in common.
    pub(super) layout: Layout,
    wanted: Vec<usize>,
    names: Vec<String>,
    schema: Arc<Schema>,
    record: ByteRecord,
    fence: Rc<Cell<u64>>,
    taken: Rc<Cell<u64>>,
    limits: Limits,
    rows: u64,
}

/// Stops a record that never ends: reading past the fence fails.
struct Fenced {
    inner: Box<dyn BufRead>,
    read: u64,
    fence: Rc<Cell<u64>>,
}

impl Read for Fenced {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.read > self.fence.get() {
            return Err(io::Error::other(EndlessRecord));
        }
        let read = self.inner.read(buffer)?;
        self.read += read as u64;
        Ok(read)
    }
}

#[derive(Debug, thiserror::Error)]
#[error("has a row that does not end")]
struct EndlessRecord;

impl Explain for EndlessRecord {
    fn text(&self) -> Text {
        Text::new(self.to_string(), "끝나지 않는 행이 있습니다")
    }
}

impl CsvBill {
    /// Opens the file and reads its header.
    ///
    /// # Errors
    /// Fails when the file is no bill, or its header is not usable.
    pub(super) fn open(path: &Path, folding: Folding, limits: Limits) -> Result<Self, InputError> {
        let file = File::open(path).map_err(|cause| cannot_read(path, &cause))?;
        Self::over(path, Box::new(file), folding, limits)
    }

    /// Reads a bill from any source of bytes; `path` names it in messages.
    ///
    /// # Errors
    /// As [`CsvBill::open`].
    pub(super) fn over(
        path: &Path,
        source: Box<dyn Read>,
        folding: Folding,
        limits: Limits,
    ) -> Result<Self, InputError> {
        let taken: Rc<Cell<u64>> = Rc::default();
        let mut inner: Box<dyn BufRead> = match folding {
            Folding::Plain => {
                Box::new(BufReader::with_capacity(1 << 17, Counted::new(source, taken.clone())))
            }
            Folding::Gzip => Box::new(BufReader::with_capacity(
                1 << 17,
                Unfolded::new(source, taken.clone(), limits),
            )),
        };
        let start = inner.fill_buf().map_err(|cause| cannot_read(path, &cause))?;
        if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) {
            return Err(InputError::new(
                path,
                ("is UTF-16 text", "UTF-16 텍스트입니다"),
                ("save it as UTF-8", "UTF-8로 저장하세요"),
            ));
        }
        if start.starts_with(&super::gzip::MAGIC) || start.starts_with(b"PAR1") {
            return Err(InputError::new(
                path,
                ("is an archive within an archive", "압축 파일 안에 압축 파일이 있습니다"),
                ("unpack it once", "압축을 한 번 푸세요"),
            ));
        }
        if start.starts_with(&[0xef, 0xbb, 0xbf]) {
            inner.consume(3);
        }
        let fence = Rc::new(Cell::new(limits.record_bytes));
        let fenced = Fenced { inner, read: 0, fence: fence.clone() };
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(fenced);
        let mut header = ByteRecord::new();
        let any = reader.read_byte_record(&mut header).map_err(|cause| broken(path, &cause))?;
        if !any {
            return Err(InputError::new(path, ("is empty", "비어 있습니다"), EXPORT_AGAIN));
        }
        let names = header_names(path, &header, limits)?;
        let format = match recognise(names.iter().map(String::as_str)) {
            Recognition::Bill(format) => format,
            Recognition::Lacks(format, missing) => {
                return Err(lacks(path, format.as_str(), missing));
            }
            Recognition::Foreign => return Err(foreign(path)),
        };
        let wanted: Vec<usize> = names
            .iter()
            .enumerate()
            .filter(|(_, name)| is_wanted(format, name))
            .map(|(index, _)| index)
            .collect();
        let kept: Vec<&str> =
            wanted.iter().filter_map(|index| names.get(*index)).map(String::as_str).collect();
        let layout = Layout::new(path, format, kept.iter().copied())?;
        let fields: Vec<Field> =
            kept.iter().map(|name| Field::new(*name, DataType::Utf8, true)).collect();
        Ok(Self {
            reader,
            layout,
            wanted,
            schema: Arc::new(Schema::new(fields)),
            names,
            record: header,
            fence,
            taken,
            limits,
            rows: 0,
        })
    }

    /// Returns how many bytes of the file were read so far.
    pub(super) fn bytes(&self) -> u64 {
        self.taken.get()
    }

    /// Reads the next batch; nothing at the end.
    ///
    /// # Errors
    /// Fails on a row that is broken, with its line.
    pub(super) fn next_batch(&mut self) -> Result<Option<Raw>, InputError> {
        let mut builders: Vec<StringBuilder> =
            self.wanted.iter().map(|_| StringBuilder::new()).collect();
        let mut lines = Vec::new();
        let mut bytes = 0;
        while lines.len() < BATCH_ROWS && bytes < BATCH_BYTES {
            self.fence.set(self.reader.position().byte() + self.limits.record_bytes);
            let path = self.layout.file.clone();
            match self.reader.read_byte_record(&mut self.record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(cause) => return Err(broken(&path, &cause)),
            }
            let line = self.record.position().map_or(0, csv::Position::line);
            self.rows += 1;
            if self.rows > self.limits.rows {
                return Err(InputError::new(
                    &path,
                    (
                        format!("has more than {} rows", self.limits.rows),
                        format!("{}행이 넘습니다", self.limits.rows),
                    ),
                    ("split it by month or account", "월이나 계정별로 나누세요"),
                ));
            }
            let text = self.text(line)?;
            bytes += text.len();
            for (builder, index) in builders.iter_mut().zip(&self.wanted) {
                let field =
                    self.record.range(*index).and_then(|range| text.get(range)).unwrap_or_default();
                if field.len() > self.limits.field_bytes {
                    return Err(InputError::new(
                        &path,
                        (
                            format!("has a field of {} bytes", field.len()),
                            format!("{}바이트짜리 필드가 있습니다", field.len()),
                        ),
                        ("check the quotes of this row", "이 행의 따옴표를 확인하세요"),
                    )
                    .at_row(line)
                    .in_column(self.name(*index)));
                }
                match field {
                    "" | "NULL" | "null" => builder.append_null(),
                    _ => builder.append_value(field),
                }
            }
            lines.push(line);
        }
        if lines.is_empty() {
            return Ok(None);
        }
        let columns: Vec<ArrayRef> = builders
            .into_iter()
            .map(|mut builder| Arc::new(builder.finish()) as ArrayRef)
            .collect();
        let options = RecordBatchOptions::new().with_row_count(Some(lines.len()));
        let batch = RecordBatch::try_new_with_options(self.schema.clone(), columns, &options)
            .map_err(|cause| InputError::unreadable(&self.layout.file, &cause, EXPORT_AGAIN))?;
        Ok(Some(Raw { batch, rows: RowNumbers::Lines(lines) }))
    }

    /// Returns the record as text, or says which field is none.
    fn text(&self, line: u64) -> Result<&str, InputError> {
        let error = |problem: StaticText, hint: StaticText, bad: &dyn Fn(&[u8]) -> bool| {
            let index = self.record.iter().position(bad).unwrap_or_default();
            InputError::new(&self.layout.file, problem, hint)
                .at_row(line)
                .in_column(self.name(index))
        };
        let slice = self.record.as_slice();
        if slice.contains(&0) {
            return Err(error(
                StaticText { en: "contains a NUL byte", ko: "NUL 바이트가 있습니다" },
                StaticText {
                    en: "the file is damaged or not a text; export it again",
                    ko: "파일이 손상되었거나 텍스트가 아닙니다. 다시 내보내세요",
                },
                &|field| field.contains(&0),
            ));
        }
        std::str::from_utf8(slice).map_err(|_| {
            let problem = StaticText { en: "is not UTF-8", ko: "UTF-8이 아닙니다" };
            let hint = StaticText { en: "save the file as UTF-8", ko: "UTF-8로 저장하세요" };
            error(problem, hint, &|field| std::str::from_utf8(field).is_err())
        })
    }

    fn name(&self, index: usize) -> String {
        self.names.get(index).cloned().unwrap_or_default()
    }
}

fn header_names(
    path: &Path,
    header: &ByteRecord,
    limits: Limits,
) -> Result<Vec<String>, InputError> {
    if header.len() > limits.columns {
        return Err(InputError::new(
            path,
            (
                format!("has more than {} columns", limits.columns),
                format!("열이 {}개를 넘습니다", limits.columns),
            ),
            ("export fewer columns", "열을 줄여서 내보내세요"),
        )
        .at_row(1));
    }
    let names: Vec<String> = header
        .iter()
        .map(|name| {
            std::str::from_utf8(name)
                .ok()
                .filter(|name| !name.contains('\0') && name.len() <= 1024)
                .map(|name| name.trim().to_owned())
        })
        .collect::<Option<_>>()
        .ok_or_else(|| foreign(path))?;
    let mut sorted: Vec<&String> = names.iter().filter(|name| !name.is_empty()).collect();
    sorted.sort();
    for pair in sorted.windows(2) {
        if let [one, other] = pair
            && one == other
        {
            let problem = ("has a column twice", "같은 열이 두 번 나옵니다");
            let hint = ("keep one of the two", "둘 중 하나만 남기세요");
            let error = InputError::new(path, problem, hint);
            return Err(error.at_row(1).in_column(one.as_str()));
        }
    }
    Ok(names)
}

/// Says that a file is no bill in any format that we know.
pub(super) fn foreign(path: &Path) -> InputError {
    InputError::new(
        path,
        FOREIGN,
        (
            "give an AWS Data Exports or Cost and Usage Report file as AWS wrote it, and nothing else, in this directory",
            "이 디렉터리에는 AWS Data Exports나 비용 및 사용 보고서(CUR) 파일만, AWS가 내보낸 그대로 두세요",
        ),
    )
}

/// Says which column a bill lacks.
pub(super) fn lacks(path: &Path, format: &str, missing: &str) -> InputError {
    InputError::new(
        path,
        (
            format!("looks like {format} and lacks a column that it cannot do without"),
            format!("{format} 형식으로 보이지만 꼭 있어야 할 열이 없습니다"),
        ),
        (format!("add {missing} to the export"), format!("{missing} 열을 넣어서 내보내세요")),
    )
    .in_column(missing)
}

/// Says that a file cannot be read.
pub(super) fn cannot_read(path: &Path, cause: &io::Error) -> InputError {
    if let Some(inner) = cause.get_ref() {
        if let Some(too_large) = inner.downcast_ref::<TooLarge>() {
            let hint = (
                "unpack it yourself and look at it before you try again",
                "직접 압축을 풀어 내용을 확인한 뒤 다시 시도하세요",
            );
            return InputError::new(path, too_large.text(), hint);
        }
        if let Some(endless) = inner.downcast_ref::<EndlessRecord>() {
            let hint = ("check its quotes", "따옴표를 확인하세요");
            return InputError::new(path, endless.text(), hint);
        }
    }
    match cause.kind() {
        io::ErrorKind::UnexpectedEof => {
            InputError::new(path, ("ends in the middle", "중간에 끝납니다"), AGAIN)
        }
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
            let problem = Text::new("is damaged", "손상되었습니다");
            InputError::new(path, problem.because(&cause.text()), AGAIN)
        }
        _ => InputError::unreadable(
            path,
            cause,
            (
                "check that it is there and that you may read it",
                "파일이 있는지, 읽기 권한이 있는지 확인하세요",
            ),
        ),
    }
}

fn broken(path: &Path, cause: &csv::Error) -> InputError {
    match cause.kind() {
        csv::ErrorKind::Io(io) => cannot_read(path, io),
        csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
            let error = InputError::new(
                path,
                (
                    format!("has {len} fields where the header has {expected_len}"),
                    format!("필드가 {len}개인데 머리글에는 {expected_len}개입니다"),
                ),
                (
                    "check commas and quotes of this row, or whether the file was cut",
                    "이 행의 쉼표와 따옴표를, 또는 파일이 잘렸는지를 확인하세요",
                ),
            );
            match pos {
                Some(pos) => error.at_row(pos.line()),
                None => error,
            }
        }
        _ => InputError::unreadable(path, cause, EXPORT_AGAIN),
    }
}
