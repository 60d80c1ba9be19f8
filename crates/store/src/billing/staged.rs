//! The staged files of one bill: one whose decimals are held in 64 bits where they fit,
//! and one for the rows that do not.

use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use parquet::errors::Result;

use super::charge_file::ChargeFile;
use super::page::Rows;
use super::unit::Units;

/// Files in progress.
pub(super) struct Staged {
    dir: PathBuf,
    name: String,
    narrow: Option<(ChargeFile, Units)>,
    wide: Option<ChargeFile>,
}

impl Staged {
    /// Prepares to write files into `dir` whose names start with `name`.
    pub(super) fn new(dir: &Path, name: String) -> Self {
        Self { dir: dir.to_owned(), name, narrow: None, wide: None }
    }

    /// Adds rows of a batch in the schema of the lake.
    pub(super) fn write(&mut self, batch: &RecordBatch, rows: Rows<'_>) -> Result<()> {
        if self.narrow.is_none() {
            let units = Units::suited(batch, rows);
            self.narrow = Some((ChargeFile::create(&self.narrow_path(), &units)?, units));
        }
        let Some((narrow, units)) = &mut self.narrow else { return Ok(()) };
        let Some((fit, unfit)) = units.parted(batch, rows) else {
            return narrow.write(batch, rows);
        };
        if !fit.is_empty() {
            narrow.write(batch, Rows::Some(&fit))?;
        }
        if self.wide.is_none() {
            self.wide = Some(ChargeFile::create(&self.wide_path(), &Units::widest())?);
        }
        self.wide.as_mut().map_or(Ok(()), |wide| wide.write(batch, Rows::Some(&unfit)))
    }

    /// Returns how many bytes wait to be written.
    pub(super) fn held(&self) -> usize {
        self.narrow.iter().map(|(file, _)| file).chain(&self.wide).map(ChargeFile::held).sum()
    }

    /// Ends the row groups.
    pub(super) fn flush(&mut self) -> Result<()> {
        self.narrow
            .iter_mut()
            .map(|(file, _)| file)
            .chain(&mut self.wide)
            .try_for_each(ChargeFile::flush)
    }

    /// Ends the files, and returns them.
    pub(super) fn close(self) -> Result<Vec<PathBuf>> {
        let paths = [self.narrow_path(), self.wide_path()];
        let mut written = Vec::new();
        for (file, path) in [self.narrow.map(|(file, _)| file), self.wide].into_iter().zip(paths) {
            if let Some(file) = file {
                file.close()?;
                written.push(path);
            }
        }
        Ok(written)
    }

    fn narrow_path(&self) -> PathBuf {
        self.dir.join(format!("{}.parquet", self.name))
    }

    fn wide_path(&self) -> PathBuf {
        self.dir.join(format!("{}-wide.parquet", self.name))
    }
}
