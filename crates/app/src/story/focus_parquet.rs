//! Writes FOCUS 1.0 rows as Parquet, with the columns and types of AWS's export.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Decimal128Builder, Float64Builder, MapBuilder, RecordBatch, StringBuilder,
    StringDictionaryBuilder, TimestampMillisecondBuilder,
};
use arrow::datatypes::{DataType, Field, Int32Type, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::error::StoryError;
use super::focus_columns::{NUMBER_COLUMNS, TEXT_COLUMNS, TIME_COLUMNS, numbers, texts, times};
use super::focus_row::{BillRow, SCALE};

/// Rows per batch: what is held in memory before it is encoded.
const BATCH_ROWS: usize = 16_384;

/// Rows per row group.
const ROW_GROUP_ROWS: usize = 262_144;

/// The type of amounts and quantities in a Parquet bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CostType {
    /// `decimal(38, 16)`: exact.
    Decimal,
    /// `double`: what older exports carry; totals are exact to about 15 digits only.
    Double,
}

/// A column of numbers while it grows.
enum NumberBuilder {
    Decimal(Decimal128Builder),
    Double(Float64Builder),
}

/// A Parquet bill while it is written.
pub(super) struct FocusParquet {
    path: PathBuf,
    writer: ArrowWriter<File>,
    schema: SchemaRef,
    texts: Vec<StringDictionaryBuilder<Int32Type>>,
    numbers: Vec<NumberBuilder>,
    times: Vec<TimestampMillisecondBuilder>,
    tags: MapBuilder<StringBuilder, StringBuilder>,
    rows: usize,
}

impl FocusParquet {
    /// Starts the file at `path`.
    pub(super) fn create(path: &Path, cost_type: CostType) -> Result<Self, StoryError> {
        let file = File::create(path).map_err(StoryError::write(path))?;
        let numbers: Vec<_> = NUMBER_COLUMNS.iter().map(|_| cost_type.builder()).collect();
        let times: Vec<_> = TIME_COLUMNS
            .iter()
            .map(|_| TimestampMillisecondBuilder::new().with_timezone("UTC"))
            .collect();
        let schema = Arc::new(Schema::new(fields(cost_type)));
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
            .build();
        // Without Arrow's own metadata, a reader sees plain strings as in AWS's export.
        let options =
            ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
        let writer = ArrowWriter::try_new_with_options(file, Arc::clone(&schema), options)
            .map_err(StoryError::parquet(path))?;
        Ok(Self {
            path: path.to_owned(),
            writer,
            schema,
            texts: TEXT_COLUMNS.iter().map(|_| StringDictionaryBuilder::new()).collect(),
            numbers,
            times,
            tags: MapBuilder::new(None, StringBuilder::new(), StringBuilder::new()),
            rows: 0,
        })
    }

    /// Appends one row.
    pub(super) fn push(&mut self, row: &BillRow<'_>) -> Result<(), StoryError> {
        for (builder, cell) in self.texts.iter_mut().zip(texts(row)) {
            match cell {
                Some(text) => {
                    builder.append(text).map_err(StoryError::columns(&self.path))?;
                }
                None => builder.append_null(),
            }
        }
        for (builder, cell) in self.numbers.iter_mut().zip(numbers(row)) {
            builder.push(cell);
        }
        for (builder, cell) in self.times.iter_mut().zip(times(row)) {
            builder.append_value(cell.as_millisecond());
        }
        let tags = row.resource.map(|resource| resource.tags.as_slice()).unwrap_or_default();
        for (key, value) in tags {
            self.tags.keys().append_value(key);
            self.tags.values().append_value(value);
        }
        self.tags.append(true).map_err(StoryError::columns(&self.path))?;
        self.rows += 1;
        if self.rows >= BATCH_ROWS { self.flush() } else { Ok(()) }
    }

    /// Writes what is left and closes the file.
    pub(super) fn finish(mut self) -> Result<(), StoryError> {
        self.flush()?;
        let Self { path, writer, .. } = self;
        writer.close().map_err(StoryError::parquet(&path))?;
        Ok(())
    }

    fn flush(&mut self) -> Result<(), StoryError> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(self.schema.fields().len());
        columns.extend(self.texts.iter_mut().map(|builder| Arc::new(builder.finish()) as ArrayRef));
        columns.extend(self.numbers.iter_mut().map(NumberBuilder::finish));
        columns.extend(self.times.iter_mut().map(|builder| Arc::new(builder.finish()) as ArrayRef));
        columns.push(Arc::new(self.tags.finish()));
        self.rows = 0;
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns)
            .map_err(StoryError::columns(&self.path))?;
        self.writer.write(&batch).map_err(StoryError::parquet(&self.path))
    }
}

impl CostType {
    fn data_type(self) -> DataType {
        match self {
            Self::Decimal => DataType::Decimal128(38, SCALE.to_i8().unwrap_or_default()),
            Self::Double => DataType::Float64,
        }
    }

    fn builder(self) -> NumberBuilder {
        match self {
            Self::Decimal => {
                NumberBuilder::Decimal(Decimal128Builder::new().with_data_type(self.data_type()))
            }
            Self::Double => NumberBuilder::Double(Float64Builder::new()),
        }
    }
}

impl NumberBuilder {
    fn push(&mut self, cell: Option<Decimal>) {
        match self {
            Self::Decimal(builder) => builder.append_option(cell.and_then(scaled)),
            Self::Double(builder) => builder.append_option(cell.and_then(|cell| cell.to_f64())),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Decimal(builder) => Arc::new(builder.finish()),
            Self::Double(builder) => Arc::new(builder.finish()),
        }
    }
}

/// Returns the digits of `amount` with [`SCALE`] of them behind the point.
fn scaled(amount: Decimal) -> Option<i128> {
    let missing = SCALE.checked_sub(amount.scale())?;
    amount.mantissa().checked_mul(10_i128.checked_pow(missing)?)
}

fn fields(cost_type: CostType) -> Vec<Field> {
    let text = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let time = DataType::Timestamp(arrow::datatypes::TimeUnit::Millisecond, Some("UTC".into()));
    let entries = MapBuilder::new(None, StringBuilder::new(), StringBuilder::new()).finish();
    let of = |names: &[&str], data_type: DataType| -> Vec<Field> {
        names.iter().map(|name| Field::new(*name, data_type.clone(), true)).collect()
    };
    let mut fields = of(&TEXT_COLUMNS, text);
    fields.extend(of(&NUMBER_COLUMNS, cost_type.data_type()));
    fields.extend(of(&TIME_COLUMNS, time));
    fields.push(Field::new("Tags", arrow::array::Array::data_type(&entries).clone(), true));
    fields
}
