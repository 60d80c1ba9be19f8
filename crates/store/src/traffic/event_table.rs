//! Lists of who did something when, as a table: Parquet with the columns `user`, `time` and
//! `service`.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type, TimeUnit, TimestampMicrosecondType};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use trimtab_model::text::{StaticText, Text};
use trimtab_model::traffic::LineProblem;

use super::events::{self, SERVICE, TIME, USER};
use super::lines::MAX_LINE;
use super::request::Request;
use crate::billing::Limits;
use crate::billing::sound_parquet::{FEWER_ROWS, GAVE_UP, SoundParquet, damaged};
use crate::error::{InputError, words};
use crate::inventory::moment;

/// What a Parquet file begins with.
const MAGIC: [u8; 4] = *b"PAR1";
/// Rows of one batch.
const BATCH_ROWS: usize = 8_192;

const TEXT_OR_NUMBER: StaticText =
    StaticText { en: "text or a whole number", ko: "텍스트 또는 정수" };
const MOMENT: StaticText = StaticText {
    en: "a timestamp, ISO 8601 text, or seconds or milliseconds since 1970",
    ko: "타임스탬프, ISO 8601 텍스트, 또는 1970년부터 센 초나 밀리초",
};
const TEXT: StaticText = StaticText { en: "text", ko: "텍스트" };

/// The rows of a file of events, one at a time.
pub(super) struct Rows {
    path: PathBuf,
    sound: SoundParquet,
    projection: ProjectionMask,
    columns: Columns,
    /// The row group that is read next.
    group: usize,
    present: Option<Group>,
    batch: Option<Batch>,
    /// Rows read, from 1.
    row: u64,
    /// What tells this row from others, in bytes.
    key: Vec<u8>,
}

/// Where each column stands among those that are read.
#[derive(Debug, Clone, Copy)]
struct Columns {
    user: usize,
    time: usize,
    service: Option<usize>,
}

/// A row group that is being read.
struct Group {
    number: usize,
    reader: ParquetRecordBatchReader,
    /// Rows that it says it has, less those that were read.
    left: u64,
}

/// Some rows, and the next of them.
struct Batch {
    users: StringArray,
    times: Times,
    services: Option<StringArray>,
    at: usize,
    rows: usize,
}

/// How a file writes its times.
enum Times {
    Moments(ArrayRef),
    Counts(ArrayRef),
    Texts(StringArray),
}

/// A row: what tells it from others, and what it says.
pub(super) type Row<'a> = (&'a [u8], Result<Request<'a>, LineProblem>);

/// Returns whether a file is Parquet.
pub(super) fn is_parquet(path: &Path) -> io::Result<bool> {
    let mut magic = Vec::new();
    File::open(path)?.take(MAGIC.len() as u64).read_to_end(&mut magic)?;
    Ok(magic == MAGIC)
}

impl Rows {
    /// Opens a file, and checks what it claims.
    ///
    /// # Errors
    /// Fails if it is no sound Parquet, or lacks a column, or holds another type in one.
    pub(super) fn open(path: &Path) -> Result<Self, InputError> {
        let sound = SoundParquet::open(path, Limits::default())?;
        let at = |wanted: &str| {
            sound.fields().iter().position(|field| events::is_named(field.name(), wanted))
        };
        let user = at(USER).ok_or_else(|| lacks(path, USER))?;
        let time = at(TIME).ok_or_else(|| lacks(path, TIME))?;
        let service = at(SERVICE);
        for (index, wanted, holds) in [
            (Some(user), TEXT_OR_NUMBER, is_user as fn(&DataType) -> bool),
            (Some(time), MOMENT, is_moment),
            (service, TEXT, is_text),
        ] {
            let field = index.and_then(|index| sound.fields().get(index));
            if let Some(field) = field.filter(|field| !holds(field.data_type())) {
                return Err(wrong_type(path, field.name(), field.data_type(), wanted));
            }
        }
        let mut wanted: Vec<usize> =
            [Some(user), Some(time), service].into_iter().flatten().collect();
        wanted.sort_unstable();
        let among = |column: usize| wanted.iter().filter(|index| **index < column).count();
        let columns = Columns { user: among(user), time: among(time), service: service.map(among) };
        let projection = sound.projection(&wanted)?;
        Ok(Self {
            path: path.to_owned(),
            sound,
            projection,
            columns,
            group: 0,
            present: None,
            batch: None,
            row: 0,
            key: Vec::new(),
        })
    }

    /// Returns the row that was read last, counted from 1.
    pub(super) fn row(&self) -> u64 {
        self.row
    }

    /// Reads the next row; absent at the end.
    ///
    /// # Errors
    /// Fails at the first row that the file does not give.
    pub(super) fn next(&mut self) -> Result<Option<Row<'_>>, InputError> {
        while self.batch.as_ref().is_none_or(|batch| batch.at == batch.rows) {
            // The decoder is not ours: should it panic, it costs this file and not the process.
            let more = catch_unwind(AssertUnwindSafe(|| self.turn()))
                .unwrap_or_else(|_| Err(damaged(&self.path, &GAVE_UP.to_text())));
            if !more.map_err(|error| error.at_row(self.row + 1))? {
                return Ok(None);
            }
        }
        let Some(batch) = &mut self.batch else { return Ok(None) };
        let at = batch.at;
        batch.at += 1;
        self.row += 1;
        let user = text(&batch.users, at);
        let service = batch.services.as_ref().map(|services| text(services, at).trim_ascii());
        let service = service.filter(|name| !name.is_empty());
        let Some(time) = batch.times.at(at) else {
            return Ok(Some((&[], Err(LineProblem::Time))));
        };
        if user.len() + service.map_or(0, <[u8]>::len) > MAX_LINE {
            return Ok(Some((&[], Err(LineProblem::TooLong))));
        }
        self.key.clear();
        for part in [user, b"\0", &time.to_le_bytes(), service.unwrap_or_default()] {
            self.key.extend_from_slice(part);
        }
        let request = events::of(Cow::Borrowed(user), time, service.map(Cow::Borrowed));
        Ok(Some((&self.key, request)))
    }

    /// Reads the next batch; false at the end of the file.
    fn turn(&mut self) -> Result<bool, InputError> {
        let groups = self.sound.parsed().row_groups();
        if self.present.is_none() {
            let Some(group) = groups.get(self.group) else { return Ok(false) };
            let left = u64::try_from(group.num_rows()).unwrap_or_default();
            let metadata = self.sound.derived().clone();
            let reader =
                ParquetRecordBatchReaderBuilder::new_with_metadata(self.sound.shared(), metadata)
                    .with_row_groups(vec![self.group])
                    .with_projection(self.projection.clone())
                    .with_batch_size(BATCH_ROWS)
                    .build()
                    .map_err(|cause| self.sound.damaged(self.group, &self.projection, &cause))?;
            self.present = Some(Group { number: self.group, reader, left });
            self.group += 1;
        }
        let Some(present) = &mut self.present else { return Ok(false) };
        match present.reader.next() {
            Some(Ok(batch)) => {
                present.left = present.left.saturating_sub(batch.num_rows() as u64);
                let sorted = Batch::new(&batch, self.columns);
                self.batch = Some(sorted.map_err(|cause| damaged(&self.path, &words(&cause)))?);
                Ok(true)
            }
            Some(Err(cause)) => Err(self.sound.damaged(present.number, &self.projection, &cause)),
            None if present.left > 0 => Err(damaged(&self.path, &FEWER_ROWS.to_text())),
            None => {
                self.present = None;
                Ok(true)
            }
        }
    }
}

impl Batch {
    fn new(batch: &RecordBatch, columns: Columns) -> Result<Self, arrow::error::ArrowError> {
        let texts = |index: usize| -> Result<StringArray, arrow::error::ArrowError> {
            Ok(cast(batch.column(index), &DataType::Utf8)?.as_string::<i32>().clone())
        };
        let time = batch.column(columns.time);
        let times = match time.data_type() {
            DataType::Timestamp(_, zone) => {
                let micros = DataType::Timestamp(TimeUnit::Microsecond, zone.clone());
                Times::Moments(cast(time, &micros)?)
            }
            number if number.is_integer() => Times::Counts(cast(time, &DataType::Int64)?),
            _ => Times::Texts(texts(columns.time)?),
        };
        Ok(Self {
            users: texts(columns.user)?,
            times,
            services: columns.service.map(texts).transpose()?,
            at: 0,
            rows: batch.num_rows(),
        })
    }
}

impl Times {
    /// Returns a time in microseconds since 1970; absent where there is none.
    fn at(&self, row: usize) -> Option<i64> {
        match self {
            Self::Moments(times) => {
                let times = times.as_primitive_opt::<TimestampMicrosecondType>()?;
                times.is_valid(row).then(|| times.value(row))
            }
            Self::Counts(counts) => {
                let counts = counts.as_primitive_opt::<Int64Type>()?;
                let count = counts.is_valid(row).then(|| counts.value(row))?;
                moment::of_count(count).map(jiff::Timestamp::as_microsecond)
            }
            Self::Texts(texts) => {
                texts.is_valid(row).then(|| events::instant(texts.value(row))).flatten()
            }
        }
    }
}

/// Returns a text; none is empty.
fn text(texts: &StringArray, row: usize) -> &[u8] {
    if texts.is_valid(row) { texts.value(row).as_bytes() } else { b"" }
}

fn is_user(found: &DataType) -> bool {
    is_text(found) || found.is_integer()
}

fn is_moment(found: &DataType) -> bool {
    is_text(found) || found.is_integer() || matches!(found, DataType::Timestamp(_, _))
}

fn is_text(found: &DataType) -> bool {
    matches!(found, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

fn lacks(path: &Path, column: &str) -> InputError {
    InputError::new(
        path,
        (format!("has no column {column}"), "필요한 열이 없습니다"),
        (
            "export Parquet with the columns user and time, and service where there are several",
            "Parquet에 user와 time 열을 넣고, 서비스가 여럿이면 service 열도 넣어 내보내세요",
        ),
    )
    .in_column(column)
}

fn wrong_type(path: &Path, name: &str, found: &DataType, wanted: StaticText) -> InputError {
    let Text { en, ko } = wanted.to_text();
    InputError::new(
        path,
        (format!("holds {found}, not {en}"), format!("형식이 다릅니다({found})")),
        (format!("export {name} as {en}"), format!("{name} 열의 형식을 바꾸어 내보내세요: {ko}")),
    )
    .in_column(name)
}

#[cfg(test)]
mod tests;
