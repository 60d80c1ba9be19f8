//! Opens files of metrics, and makes one table of them on the engine.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use datafusion::error::DataFusionError;
use datafusion::prelude::{DataFrame, ParquetReadOptions, SessionContext};
use tempfile::NamedTempFile;
use trimtab_model::period::Period;

use super::columns::{Columns, WithOrigin};
use super::csv_file::{self, Converted};
use super::locate;
use super::preflight;
use crate::error::InputError;
use crate::input::InputFile;

/// Files of metrics that are ready to be read.
///
/// CSV was turned into temporary Parquet files, which go away with this value.
#[derive(Debug)]
pub struct Metrics {
    sources: Vec<Source>,
}

#[derive(Debug)]
struct Source {
    /// The file that was given: what messages name.
    file: PathBuf,
    /// What is read in its place, for CSV.
    converted: Option<NamedTempFile>,
    columns: Columns,
    rows: u64,
}

impl Metrics {
    /// Opens `files`. Those that are not sound are left out, and their errors returned beside.
    pub fn open(files: &[InputFile]) -> (Self, Vec<InputError>) {
        let mut sources = Vec::new();
        let mut errors = Vec::new();
        for file in files {
            match open(file) {
                Ok(source) => sources.push(source),
                Err(error) => errors.push(error),
            }
        }
        (Self { sources }, errors)
    }

    /// Returns how many samples the files say they hold.
    pub fn rows(&self) -> u64 {
        self.sources.iter().map(|source| source.rows).sum()
    }

    /// Returns whether no file could be opened.
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// Returns whether any file says where its series are from.
    pub(crate) fn with_origin(&self) -> WithOrigin {
        if self.sources.iter().any(|source| source.columns.may_have_origin()) {
            WithOrigin::Yes
        } else {
            WithOrigin::No
        }
    }

    /// Makes one table of all files, of the samples in `window`, or of all.
    pub(crate) async fn table(
        &self,
        session: &SessionContext,
        window: Option<Period>,
    ) -> Result<Option<DataFrame>, DataFusionError> {
        // Files of one shape are one scan: thousands of files stay a small plan.
        let mut shapes: Vec<(&Columns, Vec<String>)> = Vec::new();
        for source in &self.sources {
            let path = address(source.path());
            match shapes.iter_mut().find(|(columns, _)| *columns == &source.columns) {
                Some((_, paths)) => paths.push(path),
                None => shapes.push((&source.columns, vec![path])),
            }
        }
        let mut table: Option<DataFrame> = None;
        for (columns, paths) in shapes {
            let schema = columns.schema();
            let options = ParquetReadOptions {
                file_extension: "",
                schema: Some(&schema),
                skip_metadata: Some(true),
                ..ParquetReadOptions::default()
            };
            let mut frame = session.read_parquet(paths, options).await?;
            if let Some(window) = window {
                frame = frame.filter(columns.within(window))?;
            }
            let frame = frame.select(columns.selection(self.with_origin()))?;
            table = Some(match table {
                Some(table) => table.union(frame)?,
                None => frame,
            });
        }
        Ok(table)
    }

    /// Takes out the files that hold a row which cannot be read, and returns why.
    pub(crate) fn reject_bad(&mut self) -> Vec<InputError> {
        let mut errors = Vec::new();
        self.sources.retain(|source| {
            match locate::first_bad(&source.file, source.path(), &source.columns) {
                Some(error) => {
                    errors.push(error);
                    false
                }
                None => true,
            }
        });
        errors
    }
}

impl Source {
    fn path(&self) -> &Path {
        self.converted.as_ref().map_or(self.file.as_path(), NamedTempFile::path)
    }
}

fn open(input: &InputFile) -> Result<Source, InputError> {
    let path = input.path.as_path();
    let mut magic = Vec::new();
    File::open(path).and_then(|file| file.take(4).read_to_end(&mut magic)).map_err(|cause| {
        let hint = ("check that you may read it", "읽기 권한이 있는지 확인하세요");
        InputError::unreadable(path, &cause, hint)
    })?;
    let file = path.to_owned();
    if magic == b"PAR1" {
        let facts = preflight::preflight(path)?;
        let columns = Columns::recognise(path, &facts.schema, input.origin())?;
        return Ok(Source { file, converted: None, columns, rows: facts.rows });
    }
    let Converted { output, rows, has_origin } = csv_file::convert(path)?;
    let columns = Columns::of_csv(has_origin, input.origin());
    Ok(Source { file, converted: Some(output), columns, rows })
}

/// Returns the file's URL, in which no character of its name means a pattern.
fn address(path: &Path) -> String {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut url = "file://".to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(byte) {
            url.push(char::from(*byte));
        } else {
            url.push_str(&format!("%{byte:02X}"));
        }
    }
    url
}
