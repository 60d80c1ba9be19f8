//! Writes FOCUS 1.0 rows as gzipped CSV, as AWS exports them.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::error::StoryError;
use super::focus_columns::{NUMBER_COLUMNS, TEXT_COLUMNS, TIME_COLUMNS, numbers, texts, times};
use super::focus_row::BillRow;

/// A gzipped CSV bill while it is written.
pub(super) struct FocusCsv {
    path: PathBuf,
    writer: csv::Writer<GzEncoder<BufWriter<File>>>,
}

impl FocusCsv {
    /// Starts the file at `path` with its header.
    pub(super) fn create(path: &Path) -> Result<Self, StoryError> {
        let file = File::create(path).map_err(StoryError::write(path))?;
        let gzip = GzEncoder::new(BufWriter::new(file), Compression::fast());
        let mut writer = csv::Writer::from_writer(gzip);
        let header = TEXT_COLUMNS.iter().chain(&NUMBER_COLUMNS).chain(&TIME_COLUMNS);
        writer.write_record(header.chain(&["Tags"])).map_err(StoryError::csv(path))?;
        Ok(Self { path: path.to_owned(), writer })
    }

    /// Appends one row.
    pub(super) fn push(&mut self, row: &BillRow<'_>) -> Result<(), StoryError> {
        let failed = StoryError::csv(&self.path);
        for cell in texts(row) {
            self.writer.write_field(cell.unwrap_or_default()).map_err(&failed)?;
        }
        for cell in numbers(row) {
            let text = cell.map(|number| number.to_string()).unwrap_or_default();
            self.writer.write_field(text).map_err(&failed)?;
        }
        for cell in times(row) {
            self.writer
                .write_field(cell.strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string())
                .map_err(&failed)?;
        }
        let tags: serde_json::Map<String, serde_json::Value> = row
            .resource
            .map(|resource| resource.tags.as_slice())
            .unwrap_or_default()
            .iter()
            .map(|(key, value)| (key.clone(), value.clone().into()))
            .collect();
        let text = if tags.is_empty() {
            String::new()
        } else {
            serde_json::Value::Object(tags).to_string()
        };
        self.writer.write_field(text).map_err(&failed)?;
        self.writer.write_record(None::<&[u8]>).map_err(failed)
    }

    /// Writes what is left and closes the file.
    pub(super) fn finish(self) -> Result<(), StoryError> {
        let Self { path, writer } = self;
        let gzip = writer.into_inner().map_err(|error| StoryError::Write {
            path: path.clone(),
            cause: std::io::Error::other(error.to_string()),
        })?;
        let mut buffer = gzip.finish().map_err(StoryError::write(&path))?;
        std::io::Write::flush(&mut buffer).map_err(StoryError::write(&path))
    }
}
