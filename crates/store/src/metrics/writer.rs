//! Writes series into `metrics/<account>/<region>/` of the data directory, as Parquet in the
//! long form that everything else reads.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{
    ArrayRef, DictionaryArray, Float64Array, Int32Array, RecordBatch, StringArray,
    TimestampMillisecondArray,
};
use arrow::datatypes::{DataType, Field, Int32Type, Schema, SchemaRef, TimeUnit};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding};
use parquet::file::properties::WriterProperties;
use parquet::schema::types::ColumnPath;

use trimtab_model::explain::Explain;
use trimtab_model::series::Series;
use trimtab_model::text::Text;

/// Rows per row group: small enough that a reader may skip what it does not look for.
const ROW_GROUP_ROWS: usize = 262_144;

/// Series could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteSeriesError {
    /// The file system refused.
    #[error("could not write {path}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// The samples do not fit the format.
    #[error("could not write the samples into {path}")]
    Parquet {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: parquet::errors::ParquetError,
    },
}

impl Explain for WriteSeriesError {
    fn text(&self) -> Text {
        let korean = match self {
            Self::File { path, .. } => format!("파일을 쓰지 못했습니다: {}", path.display()),
            Self::Parquet { path, .. } => {
                format!("지표를 파일에 쓰지 못했습니다: {}", path.display())
            }
        };
        Text::new(self.to_string(), korean)
    }
}

/// A metrics file while it is written. Until [`SeriesFile::finish`] it is hidden from readers.
pub struct SeriesFile {
    path: PathBuf,
    temporary: tempfile::TempPath,
    writer: ArrowWriter<File>,
    schema: SchemaRef,
    rows: u64,
}

impl SeriesFile {
    /// Starts a file at `path`, whose directory is made if need be.
    ///
    /// # Errors
    /// Fails if the directory cannot be written.
    pub fn create(path: &Path) -> Result<Self, WriteSeriesError> {
        let failed = |cause| WriteSeriesError::File { path: path.to_owned(), cause };
        let directory = path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(directory).map_err(failed)?;
        // Hidden names are left out when the directory is listed.
        let temporary =
            tempfile::Builder::new().prefix(".series-").tempfile_in(directory).map_err(failed)?;
        let (file, temporary) = temporary.into_parts();
        let schema = schema();
        let writer = ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties()))
            .map_err(|cause| WriteSeriesError::Parquet { path: path.to_owned(), cause })?;
        Ok(Self { path: path.to_owned(), temporary, writer, schema, rows: 0 })
    }

    /// Appends a series.
    ///
    /// # Errors
    /// Fails if the disk is full.
    pub fn push(&mut self, series: &Series) -> Result<(), WriteSeriesError> {
        let rows = series.values.len().min(series.seconds.len());
        let moments: Vec<i64> =
            series.seconds.iter().take(rows).map(|second| second.saturating_mul(1000)).collect();
        let values: Vec<f64> = series.values.iter().take(rows).copied().collect();
        let period = i32::try_from(series.period_seconds).unwrap_or(i32::MAX);
        let columns: Vec<ArrayRef> = vec![
            constant(series.account.as_str(), rows),
            constant(series.region.as_str(), rows),
            constant(series.resource_id.as_str(), rows),
            constant(&series.namespace, rows),
            constant(&series.metric, rows),
            constant(series.statistic.as_str(), rows),
            Arc::new(Int32Array::from(vec![period; rows])),
            Arc::new(TimestampMillisecondArray::from(moments).with_timezone("UTC")),
            Arc::new(Float64Array::from(values)),
        ];
        let failed = |cause| WriteSeriesError::Parquet { path: self.path.clone(), cause };
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns)
            .map_err(|cause| failed(cause.into()))?;
        self.writer.write(&batch).map_err(failed)?;
        self.rows += rows as u64;
        Ok(())
    }

    /// Closes the file and shows it to readers; an empty one goes away. Returns its rows.
    ///
    /// # Errors
    /// Fails if the disk is full.
    pub fn finish(self) -> Result<u64, WriteSeriesError> {
        let Self { path, temporary, writer, rows, .. } = self;
        let file = writer
            .into_inner()
            .map_err(|cause| WriteSeriesError::Parquet { path: path.clone(), cause })?;
        if rows == 0 {
            return Ok(0);
        }
        file.sync_all().map_err(|cause| WriteSeriesError::File { path: path.clone(), cause })?;
        temporary
            .persist(&path)
            .map_err(|cause| WriteSeriesError::File { path: path.clone(), cause: cause.error })?;
        Ok(rows)
    }
}

fn schema() -> SchemaRef {
    let text = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let names = ["account", "region", "resource_id", "namespace", "metric", "statistic"];
    let mut fields: Vec<Field> =
        names.into_iter().map(|name| Field::new(name, text.clone(), false)).collect();
    let utc = DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into()));
    fields.push(Field::new("period_seconds", DataType::Int32, false));
    fields.push(Field::new("timestamp", utc, false));
    fields.push(Field::new("value", DataType::Float64, false));
    Arc::new(Schema::new(fields))
}

/// Samples hardly repeat, so that a dictionary of values or moments would be wasted work.
fn properties() -> WriterProperties {
    WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_column_dictionary_enabled(ColumnPath::from("value"), false)
        .set_column_dictionary_enabled(ColumnPath::from("timestamp"), false)
        .set_column_encoding(ColumnPath::from("timestamp"), Encoding::DELTA_BINARY_PACKED)
        .build()
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
