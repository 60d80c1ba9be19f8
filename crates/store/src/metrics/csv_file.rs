//! Turns a CSV of metrics into a temporary Parquet file, so that one path reads all.

use std::cell::Cell;
use std::io::{self, Read};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use csv::StringRecord;
use datafusion::arrow::array::{
    ArrayRef, Float64Builder, Int64Builder, RecordBatch, StringBuilder, TimestampMillisecondBuilder,
};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use tempfile::NamedTempFile;
use trimtab_model::explain::Explained;
use trimtab_model::metric::is_possible;
use trimtab_model::text::{StaticText, Text};

use super::columns::{Columns, GROUP, ORIGIN, PERIOD, TIMESTAMP, VALUE, missing};
use crate::error::InputError;
use crate::header;
use crate::inventory::moment;
use crate::unfold;

/// What may unfold before its ratio counts.
const GRACE_BYTES: u64 = 1 << 20;
/// A row of metrics has some hundred bytes; an unclosed quote makes one of the whole file.
const MAX_RECORD_BYTES: u64 = 16 << 20;
const BATCH_ROWS: usize = 65_536;
const AGAIN: StaticText =
    StaticText { en: "export the file again", ko: "파일을 다시 내보내세요" };
const NEGATIVE_HINT: StaticText = StaticText {
    en: "correct the value, or leave the row out where nothing was measured",
    ko: "값을 바로잡으세요. 측정한 값이 없으면 행을 빼세요",
};
const NUMBER_HINT: StaticText =
    StaticText { en: "give a plain number such as 12.5", ko: "12.5와 같은 숫자를 쓰세요" };
const SECONDS_HINT: StaticText =
    StaticText { en: "give a whole number such as 300", ko: "300과 같은 정수를 쓰세요" };
const EMPTY_HINT: StaticText = StaticText {
    en: "every row needs it; remove the row or fill it",
    ko: "모든 행에 있어야 하는 값입니다. 행을 지우거나 값을 채우세요",
};
const MOMENT_HINT: StaticText = StaticText {
    en: "give 2026-10-01T00:00:00Z, `2026-10-01 00:00:00` (UTC), or seconds or milliseconds since 1970",
    ko: "2026-10-01T00:00:00Z, `2026-10-01 00:00:00`(UTC), 또는 1970년부터의 초나 밀리초로 쓰세요",
};

/// A CSV that was turned into Parquet.
pub(super) struct Converted {
    /// The Parquet file.
    pub(super) output: NamedTempFile,
    /// Its rows.
    pub(super) rows: u64,
    /// Whether it has the columns that say where a series is from.
    pub(super) has_origin: bool,
}

/// Converts `path`.
pub(super) fn convert(path: &Path) -> Result<Converted, InputError> {
    let unreadable = |cause: &(dyn std::error::Error + 'static)| {
        let hint = ("check the file, or export it again", "파일을 확인하거나 다시 내보내세요");
        InputError::unreadable(path, cause, hint)
    };
    let inner = unfold::open(path, GRACE_BYTES).map_err(|cause| unreadable(&cause))?;
    let since = Rc::new(Cell::new(0));
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .from_reader(Metered { inner, since: since.clone() });
    let mut record = StringRecord::new();
    let some = reader.read_record(&mut record).map_err(|cause| csv_error(path, &cause))?;
    if !some {
        return Err(InputError::new(
            path,
            ("is empty", "비어 있습니다"),
            ("export it again, or remove it", "다시 내보내거나 지우세요"),
        ));
    }
    let header = Header::read(path, &record)?;
    let fields = record.len();
    let output = NamedTempFile::new().map_err(|cause| unreadable(&cause))?;
    let has_origin = header.origin.is_some();
    let mut batch = Batch::new(has_origin);
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let file = output.reopen().map_err(|cause| unreadable(&cause))?;
    let mut writer = ArrowWriter::try_new(file, batch.schema.clone(), Some(properties))
        .map_err(|cause| unreadable(&cause))?;
    let mut rows = 0_u64;
    while reader.read_record(&mut record).map_err(|cause| csv_error(path, &cause))? {
        since.set(0);
        let row = record.position().map_or(rows + 2, csv::Position::line);
        if record.len() != fields {
            let found = record.len();
            let problem = (
                format!("has {found} fields where the header has {fields}"),
                format!("필드가 {found}개인데 머리글에는 {fields}개입니다"),
            );
            let hint = (
                "mend the row, or export the file again",
                "행을 바로잡거나 파일을 다시 내보내세요",
            );
            return Err(InputError::new(path, problem, hint).at_row(row));
        }
        batch.push(&header, &record).map_err(|bad| {
            InputError::new(path, bad.problem, bad.hint).at_row(row).in_column(bad.column)
        })?;
        rows += 1;
        if batch.rows == BATCH_ROWS {
            writer.write(&batch.take()).map_err(|cause| unreadable(&cause))?;
        }
    }
    writer
        .write(&batch.take())
        .and_then(|()| writer.close())
        .map_err(|cause| unreadable(&cause))?;
    Ok(Converted { output, rows, has_origin })
}

fn csv_error(path: &Path, cause: &csv::Error) -> InputError {
    let row = cause.position().map(csv::Position::line);
    let error = match cause.kind() {
        csv::ErrorKind::Utf8 { .. } => {
            let problem = ("is not valid UTF-8", "올바른 UTF-8이 아닙니다");
            InputError::new(path, problem, ("save the file as UTF-8", "UTF-8로 저장하세요"))
        }
        _ => InputError::unreadable(path, cause, AGAIN),
    };
    match row {
        Some(row) => error.at_row(row),
        None => error,
    }
}

/// A stream that ends in an error where one record would fill the memory.
struct Metered<R> {
    inner: R,
    /// Bytes read since the last record was complete.
    since: Rc<Cell<u64>>,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.since.set(self.since.get() + count as u64);
        if self.since.get() > MAX_RECORD_BYTES {
            return Err(io::Error::other(Explained(Text::new(
                "a row is longer than 16 MiB",
                "16 MiB보다 긴 행이 있습니다",
            ))));
        }
        Ok(count)
    }
}

/// Where each column stands.
struct Header {
    group: [usize; 4],
    origin: Option<[usize; 2]>,
    period: Option<usize>,
    timestamp: usize,
    value: usize,
}

impl Header {
    fn read(path: &Path, record: &StringRecord) -> Result<Self, InputError> {
        let at = header::positions(path, record)?;
        let find = |name: &str| at.get(name).copied().ok_or_else(|| missing(path, name));
        let [resource, namespace, metric, statistic] = GROUP;
        let [account, region] = ORIGIN.map(|name| at.get(name).copied());
        Ok(Self {
            // One of the two alone says nothing.
            origin: account.zip(region).map(|(account, region)| [account, region]),
            group: [find(resource)?, find(namespace)?, find(metric)?, find(statistic)?],
            period: at.get(PERIOD).copied(),
            timestamp: find(TIMESTAMP)?,
            value: find(VALUE)?,
        })
    }
}

/// What is wrong with one field.
struct Bad {
    column: &'static str,
    problem: Text,
    hint: StaticText,
}

struct Batch {
    schema: SchemaRef,
    rows: usize,
    group: [StringBuilder; 4],
    /// Empty where the file does not say where its series are from.
    origin: Vec<StringBuilder>,
    timestamp: TimestampMillisecondBuilder,
    value: Float64Builder,
    period: Int64Builder,
}

impl Batch {
    fn new(has_origin: bool) -> Self {
        // Written as plain text: what reads it asks for its own form.
        let fields: Vec<Field> = Columns::of_csv(has_origin, None)
            .schema()
            .fields()
            .iter()
            .map(|field| match field.data_type() {
                DataType::Utf8View => Field::new(field.name(), DataType::Utf8, true),
                other => Field::new(field.name(), other.clone(), true),
            })
            .collect();
        Self {
            schema: Arc::new(Schema::new(fields)),
            rows: 0,
            group: Default::default(),
            origin: ORIGIN.iter().filter(|_| has_origin).map(|_| StringBuilder::new()).collect(),
            timestamp: TimestampMillisecondBuilder::new().with_timezone("UTC"),
            value: Float64Builder::new(),
            period: Int64Builder::new(),
        }
    }

    fn push(&mut self, header: &Header, record: &StringRecord) -> Result<(), Bad> {
        let field = |index: usize| record.get(index).unwrap_or_default().trim();
        for ((builder, index), column) in self.group.iter_mut().zip(header.group).zip(GROUP) {
            let text = field(index);
            if text.is_empty() {
                let problem = Text::new("is empty", "비어 있습니다");
                return Err(Bad { column, problem, hint: EMPTY_HINT });
            }
            builder.append_value(text);
        }
        for (builder, index) in self.origin.iter_mut().zip(header.origin.into_iter().flatten()) {
            builder.append_option(Some(field(index)).filter(|text| !text.is_empty()));
        }
        let text = field(header.timestamp);
        let Some(moment) = moment::parse(text) else {
            return Err(Bad {
                column: TIMESTAMP,
                problem: Text::new(
                    format!("{text:?} is not a time"),
                    format!("{text:?}: 시각이 아닙니다"),
                ),
                hint: MOMENT_HINT,
            });
        };
        self.timestamp.append_value(moment.as_millisecond());
        let text = field(header.value);
        let [_, namespace, metric, _] = header.group.map(field);
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() && !is_possible(namespace, metric, value) => {
                let problem = Text::new(
                    format!("{text:?} is below 0, which {metric} cannot be"),
                    format!("{text:?}: 0보다 작을 수 없는 지표입니다({metric})"),
                );
                return Err(Bad { column: VALUE, problem, hint: NEGATIVE_HINT });
            }
            Ok(value) if value.is_finite() => self.value.append_value(value),
            Ok(_) | Err(_) => {
                let problem = Text::new(
                    format!("{text:?} is not a number"),
                    format!("{text:?}: 숫자가 아닙니다"),
                );
                return Err(Bad { column: VALUE, problem, hint: NUMBER_HINT });
            }
        }
        match header.period.map(field).filter(|text| !text.is_empty()) {
            None => self.period.append_null(),
            Some(text) => match text.parse::<i64>() {
                Ok(period) if period > 0 => self.period.append_value(period),
                Ok(_) | Err(_) => {
                    let problem = Text::new(
                        format!("{text:?} is not a number of seconds"),
                        format!("{text:?}: 초 단위 정수가 아닙니다"),
                    );
                    return Err(Bad { column: PERIOD, problem, hint: SECONDS_HINT });
                }
            },
        }
        self.rows += 1;
        Ok(())
    }

    fn take(&mut self) -> RecordBatch {
        self.rows = 0;
        let mut columns: Vec<ArrayRef> = self
            .group
            .iter_mut()
            .chain(&mut self.origin)
            .map(|builder| Arc::new(builder.finish()) as ArrayRef)
            .collect();
        columns.push(Arc::new(self.timestamp.finish()));
        columns.push(Arc::new(self.value.finish()));
        columns.push(Arc::new(self.period.finish()));
        RecordBatch::try_new(self.schema.clone(), columns)
            .expect("the builders have the types of the schema and equal lengths")
    }
}
