//! Writes metrics as Parquet in the long form that `metrics/` holds.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{
    ArrayRef, DictionaryArray, Float64Array, Int32Array, RecordBatch, StringArray,
    TimestampMillisecondArray,
};
use arrow::datatypes::{DataType, Field, Int32Type, Schema, SchemaRef, TimeUnit};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, Encoding};
use parquet::file::properties::WriterProperties;
use parquet::schema::types::ColumnPath;

use trimtab_model::metric::Statistic;

use super::error::StoryError;

/// Rows per row group: small enough that a reader may skip what it does not look for.
const ROW_GROUP_ROWS: usize = 262_144;

/// What one series is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Series<'a> {
    /// The resource, as the namespace's own dimension names it.
    pub(super) resource_id: &'a str,
    /// The namespace, such as `AWS/EC2`.
    pub(super) namespace: &'a str,
    /// The metric.
    pub(super) metric: &'a str,
    /// The statistic.
    pub(super) statistic: Statistic,
    /// The unit.
    pub(super) unit: &'a str,
}

/// Evenly spaced moments.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grid {
    /// The first moment, in milliseconds since 1970.
    pub(super) start_ms: i64,
    /// The step, in seconds.
    pub(super) period_seconds: i32,
}

/// A metrics file while it is written.
pub(super) struct MetricFile {
    path: PathBuf,
    writer: ArrowWriter<File>,
    schema: SchemaRef,
}

impl MetricFile {
    /// Starts the file at `path`.
    pub(super) fn create(path: &Path) -> Result<Self, StoryError> {
        let file = File::create(path).map_err(StoryError::write(path))?;
        let text = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        let schema = Arc::new(Schema::new(vec![
            Field::new("resource_id", text.clone(), false),
            Field::new("namespace", text.clone(), false),
            Field::new("metric", text.clone(), false),
            Field::new("statistic", text.clone(), false),
            Field::new("period_seconds", DataType::Int32, false),
            Field::new(
                "timestamp",
                DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into())),
                false,
            ),
            Field::new("value", DataType::Float64, false),
            Field::new("unit", text, false),
        ]));
        // Samples hardly repeat, so that a dictionary of values or moments would be wasted work.
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
            .set_column_dictionary_enabled(ColumnPath::from("value"), false)
            .set_column_dictionary_enabled(ColumnPath::from("timestamp"), false)
            .set_column_encoding(ColumnPath::from("timestamp"), Encoding::DELTA_BINARY_PACKED)
            .build();
        let options =
            ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
        let writer = ArrowWriter::try_new_with_options(file, Arc::clone(&schema), options)
            .map_err(StoryError::parquet(path))?;
        Ok(Self { path: path.to_owned(), writer, schema })
    }

    /// Appends a stretch of one series: one value per step of `grid`.
    pub(super) fn push(
        &mut self,
        series: &Series<'_>,
        grid: Grid,
        values: Vec<f64>,
    ) -> Result<(), StoryError> {
        let rows = values.len();
        let step_ms = i64::from(grid.period_seconds) * 1000;
        let moments: Vec<i64> =
            (grid.start_ms..).step_by(usize::try_from(step_ms).unwrap_or(1)).take(rows).collect();
        let columns: Vec<ArrayRef> = vec![
            constant(series.resource_id, rows),
            constant(series.namespace, rows),
            constant(series.metric, rows),
            constant(series.statistic.as_str(), rows),
            Arc::new(Int32Array::from(vec![grid.period_seconds; rows])),
            Arc::new(TimestampMillisecondArray::from(moments).with_timezone("UTC")),
            Arc::new(Float64Array::from(values)),
            constant(series.unit, rows),
        ];
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns)
            .map_err(StoryError::columns(&self.path))?;
        self.writer.write(&batch).map_err(StoryError::parquet(&self.path))
    }

    /// Writes what is left and closes the file.
    pub(super) fn finish(self) -> Result<(), StoryError> {
        self.writer.close().map_err(StoryError::parquet(&self.path))?;
        Ok(())
    }
}

/// Returns a column that says `text` in every row.
fn constant(text: &str, rows: usize) -> ArrayRef {
    let keys = Int32Array::from(vec![0; rows]);
    let values = Arc::new(StringArray::from(vec![text]));
    Arc::new(
        DictionaryArray::<Int32Type>::try_new(keys, values)
            .expect("every key is zero, and there is one value"),
    )
}
