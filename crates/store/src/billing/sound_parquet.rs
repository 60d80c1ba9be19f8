//! A Parquet file whose claims were checked before anything is decoded from it.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::datatypes::Fields;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::column::page::PageReader as _;
use parquet::file::metadata::{
    ColumnChunkMetaData, PageIndexPolicy, ParquetMetaData, ParquetMetaDataReader,
};
use parquet::file::serialized_reader::SerializedPageReader;

use trimtab_model::text::{StaticText, Text};

use super::csv_file::cannot_read;
use super::limits::Limits;
use super::preflight::{self, AGAIN};
use super::shared_file::SharedFile;
use crate::error::{InputError, words};

/// What is said where the library panicked.
pub(crate) const GAVE_UP: StaticText =
    StaticText { en: "the decoder gave up", ko: "해독을 끝내지 못했습니다" };
/// What is said where rows are missing.
pub(crate) const FEWER_ROWS: StaticText = StaticText {
    en: "it has fewer rows than it claims",
    ko: "실제 행 수가 적혀 있는 것보다 적습니다",
};
const FOOTER: StaticText = StaticText {
    en: "its footer cannot be read",
    ko: "끝부분의 메타데이터를 읽을 수 없습니다",
};
const COLUMNS: StaticText =
    StaticText { en: "its columns cannot be read", ko: "열 정보를 읽을 수 없습니다" };
/// How the library says that a checksum does not match; it has no kind of its own for it.
const CHECKSUM: &str = "CRC checksum mismatch";
const WRONG_CHECKSUM: StaticText = StaticText {
    en: "the checksum of a page does not match",
    ko: "페이지의 체크섬이 맞지 않습니다",
};

/// A Parquet file whose footer is sound.
pub(crate) struct SoundParquet {
    path: PathBuf,
    file: Arc<File>,
    bytes: u64,
    limits: Limits,
    parsed: Arc<ParquetMetaData>,
    derived: ArrowReaderMetadata,
}

impl SoundParquet {
    /// Opens a file and checks its footer.
    ///
    /// # Errors
    /// Fails if the file cannot be read, or is no sound Parquet.
    pub(crate) fn open(path: &Path, limits: Limits) -> Result<Self, InputError> {
        let file = File::open(path).map_err(|cause| cannot_read(path, &cause))?;
        preflight::footer(path, &file, limits)?;
        let parsed = catch_unwind(AssertUnwindSafe(|| {
            ParquetMetaDataReader::new()
                .with_page_index_policy(PageIndexPolicy::Skip)
                .parse_and_finish(&file)
        }))
        .map_err(|_| damaged(path, &FOOTER.to_text()))?
        .map_err(|cause| damaged(path, &words(&cause)))?;
        let parsed = Arc::new(parsed);
        let derived = catch_unwind(AssertUnwindSafe(|| {
            ArrowReaderMetadata::try_new(parsed.clone(), own_types())
        }))
        .map_err(|_| damaged(path, &COLUMNS.to_text()))?
        .map_err(|cause| damaged(path, &words(&cause)))?;
        let bytes = file.metadata().map_err(|cause| cannot_read(path, &cause))?.len();
        Ok(Self { path: path.to_owned(), file: Arc::new(file), bytes, limits, parsed, derived })
    }

    /// Returns the columns, with the file's own types.
    pub(crate) fn fields(&self) -> &Fields {
        self.derived.schema().fields()
    }

    /// Returns what the footer says, with the file's own types.
    pub(crate) fn derived(&self) -> &ArrowReaderMetadata {
        &self.derived
    }

    /// Returns what the footer says.
    pub(crate) fn parsed(&self) -> &Arc<ParquetMetaData> {
        &self.parsed
    }

    /// Returns the file, to be read by offset.
    pub(crate) fn shared(&self) -> SharedFile {
        SharedFile::new(self.file.clone(), self.bytes)
    }

    /// Returns the size of the file.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Picks columns, counted from 0, and checks every claim about them.
    ///
    /// # Errors
    /// Fails when the claims do not fit the file or one another.
    pub(crate) fn projection(&self, wanted: &[usize]) -> Result<ProjectionMask, InputError> {
        let schema = self.derived.parquet_schema();
        let projection = ProjectionMask::roots(schema, wanted.iter().copied());
        let leaves: Vec<usize> =
            (0..schema.num_columns()).filter(|leaf| projection.leaf_included(*leaf)).collect();
        preflight::claims(&self.path, &self.file, &self.parsed, &leaves, self.limits)?;
        Ok(projection)
    }

    /// Makes the error of a row group that cannot be read, with the column where one alone
    /// is why.
    pub(crate) fn damaged(
        &self,
        row_group: usize,
        projection: &ProjectionMask,
        cause: &(dyn std::error::Error + 'static),
    ) -> InputError {
        let why = if cause.to_string().contains(CHECKSUM) {
            WRONG_CHECKSUM.to_text()
        } else {
            words(cause)
        };
        let error = damaged(&self.path, &why);
        let columns = self.parsed.row_group(row_group).columns();
        let unreadable = columns
            .iter()
            .enumerate()
            .find(|(leaf, column)| projection.leaf_included(*leaf) && self.pages(column).is_err());
        match unreadable {
            Some((_, column)) => error.in_column(column.column_path().string()),
            None => error,
        }
    }

    /// Reads the pages of a column, and nothing from them.
    fn pages(&self, column: &ColumnChunkMetaData) -> parquet::errors::Result<()> {
        let rows = usize::try_from(column.num_values()).unwrap_or_default();
        let mut pages = SerializedPageReader::new(Arc::new(self.shared()), column, rows, None)?;
        while pages.get_next_page()?.is_some() {}
        Ok(())
    }
}

/// Types stored by a writer beside the file's own are hints that a hostile file could abuse; the
/// file's own types suffice.
pub(crate) fn own_types() -> ArrowReaderOptions {
    ArrowReaderOptions::new().with_skip_arrow_metadata(true)
}

/// Makes the error of a file that cannot be read.
pub(crate) fn damaged(path: &Path, why: &Text) -> InputError {
    let short = |why: &str| -> String {
        why.chars().filter(|letter| !letter.is_control()).take(200).collect()
    };
    let why = Text::new(short(&why.en), short(&why.ko));
    let problem =
        Text::new("is Parquet that cannot be read", "읽을 수 없는 Parquet입니다").because(&why);
    InputError::new(path, problem, AGAIN)
}
