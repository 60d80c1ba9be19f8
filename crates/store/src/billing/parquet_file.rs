//! Reads a bill in Parquet, several row groups at once, in batches of bounded size.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::column::page::PageReader as _;
use parquet::file::metadata::{ColumnChunkMetaData, PageIndexPolicy, ParquetMetaDataReader};
use parquet::file::serialized_reader::SerializedPageReader;

use trimtab_model::text::{StaticText, Text};

use super::convert::{Conversion, OnProgress, Outcome, Progress};
use super::csv_file::{cannot_read, foreign, lacks};
use super::format::{BillFormat, Recognition, recognise};
use super::limits::Limits;
use super::part::Parts;
use super::preflight::{self, AGAIN};
use super::raw::{Layout, Raw, RowNumbers, is_wanted};
use super::shared_file::SharedFile;
use crate::error::{InputError, words};

const GAVE_UP: StaticText =
    StaticText { en: "the decoder gave up", ko: "해독을 끝내지 못했습니다" };
const FOOTER: StaticText = StaticText {
    en: "its footer cannot be read",
    ko: "끝부분의 메타데이터를 읽을 수 없습니다",
};
const COLUMNS: StaticText =
    StaticText { en: "its columns cannot be read", ko: "열 정보를 읽을 수 없습니다" };
const FEWER_ROWS: StaticText = StaticText {
    en: "it has fewer rows than it claims",
    ko: "실제 행 수가 적혀 있는 것보다 적습니다",
};
/// Rows of one batch.
const BATCH_ROWS: usize = 32_768;
/// Fewer rows than this are not worth a thread of their own.
const LEAST_SLICE: usize = 65_536;
/// How the library says that a checksum does not match; it has no kind of its own for it.
const CHECKSUM: &str = "CRC checksum mismatch";
const WRONG_CHECKSUM: StaticText = StaticText {
    en: "the checksum of a page does not match",
    ko: "페이지의 체크섬이 맞지 않습니다",
};

/// A stretch of rows that one thread converts.
#[derive(Debug, Clone, Copy)]
struct Slice {
    row_group: usize,
    offset: usize,
    rows: usize,
    /// Number of the first row in the file, from 1.
    first: u64,
}

/// Converts a Parquet bill.
///
/// # Errors
/// Fails on the first thing wrong, whichever thread meets it first.
pub(super) fn convert(
    path: &Path,
    staging: &Path,
    limits: Limits,
    threads: usize,
    progress: OnProgress<'_>,
) -> Result<(BillFormat, Vec<Outcome>), InputError> {
    let open = Opened::new(path, limits)?;
    let slices = open.slices(threads.max(1));
    let threads = threads.clamp(1, slices.len().max(1));
    let next = AtomicUsize::new(0);
    let failed = AtomicBool::new(false);
    let work = |thread: usize| -> Result<Outcome, InputError> {
        let parts = Parts::new(path, staging, thread, limits.groups);
        let mut conversion = Conversion::new(parts);
        while let Some(slice) = slices.get(next.fetch_add(1, Ordering::Relaxed)) {
            if failed.load(Ordering::Relaxed) {
                break;
            }
            // The decoder is not ours. Its claims were checked, and should it panic all
            // the same, then it costs this file and not the process.
            let outcome = catch_unwind(AssertUnwindSafe(|| {
                open.convert_slice(*slice, &mut conversion, progress)
            }))
            .unwrap_or_else(|_| Err(damaged(path, &GAVE_UP.to_text())));
            if let Err(error) = outcome {
                failed.store(true, Ordering::Relaxed);
                return Err(error);
            }
        }
        conversion.finish()
    };
    let outcomes: Vec<Result<Outcome, InputError>> = std::thread::scope(|scope| {
        let work = &work;
        let running: Vec<_> =
            (0..threads).map(|thread| scope.spawn(move || work(thread))).collect();
        running
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|_| Err(damaged(path, &GAVE_UP.to_text()))))
            .collect()
    });
    Ok((open.layout.format, outcomes.into_iter().collect::<Result<_, _>>()?))
}

/// A Parquet bill whose claims were checked.
struct Opened {
    file: Arc<File>,
    bytes: u64,
    layout: Layout,
    metadata: ArrowReaderMetadata,
    projection: ProjectionMask,
}

impl Opened {
    fn new(path: &Path, limits: Limits) -> Result<Self, InputError> {
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
        // Types stored by a writer beside the file's own are hints that a hostile file
        // could abuse; the file's own types suffice.
        let plain = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let derived = catch_unwind(AssertUnwindSafe(|| {
            ArrowReaderMetadata::try_new(parsed.clone(), plain.clone())
        }))
        .map_err(|_| damaged(path, &COLUMNS.to_text()))?
        .map_err(|cause| damaged(path, &words(&cause)))?;
        let fields = derived.schema().fields();
        let names = || fields.iter().map(|field| field.name().as_str());
        let format = match recognise(names()) {
            Recognition::Bill(format) => format,
            Recognition::Lacks(format, missing) => {
                return Err(lacks(path, format.as_str(), missing));
            }
            Recognition::Foreign => return Err(foreign(path)),
        };
        let wanted: Vec<usize> = fields
            .iter()
            .enumerate()
            .filter(|(_, field)| is_wanted(format, field.name()))
            .map(|(index, _)| index)
            .collect();
        let layout = Layout::new(path, format, names().filter(|name| is_wanted(format, name)))?;
        let projection = ProjectionMask::roots(derived.parquet_schema(), wanted.iter().copied());
        let leaves: Vec<usize> = (0..derived.parquet_schema().num_columns())
            .filter(|leaf| projection.leaf_included(*leaf))
            .collect();
        preflight::claims(path, &file, &parsed, &leaves, limits)?;
        let by_dictionary: Vec<Field> = fields
            .iter()
            .map(|field| match field.data_type() {
                // Texts stay dictionaries from the file through to the lake.
                DataType::Utf8 if is_wanted(format, field.name()) => {
                    field.as_ref().clone().with_data_type(DataType::Dictionary(
                        Box::new(DataType::Int32),
                        Box::new(DataType::Utf8),
                    ))
                }
                _ => field.as_ref().clone(),
            })
            .collect();
        let options = plain.with_schema(Arc::new(Schema::new(by_dictionary)));
        let metadata = ArrowReaderMetadata::try_new(parsed, options)
            .map_err(|cause| damaged(path, &words(&cause)))?;
        let bytes = file.metadata().map_err(|cause| cannot_read(path, &cause))?.len();
        Ok(Self { file: Arc::new(file), bytes, layout, metadata, projection })
    }

    /// Parts the rows so that every thread has work.
    fn slices(&self, threads: usize) -> Vec<Slice> {
        let groups = self.metadata.metadata().row_groups();
        let share = if groups.len() >= threads { 1 } else { threads };
        let mut slices = Vec::new();
        let mut first = 1;
        for (row_group, group) in groups.iter().enumerate() {
            let rows = usize::try_from(group.num_rows()).unwrap_or_default();
            let size = rows.div_ceil(share).max(LEAST_SLICE);
            let mut offset = 0;
            while offset < rows {
                let taken = size.min(rows - offset);
                slices.push(Slice { row_group, offset, rows: taken, first: first + offset as u64 });
                offset += taken;
            }
            first += rows as u64;
        }
        slices
    }

    fn convert_slice(
        &self,
        slice: Slice,
        conversion: &mut Conversion,
        progress: OnProgress<'_>,
    ) -> Result<(), InputError> {
        let path = &self.layout.file;
        let file = SharedFile::new(self.file.clone(), self.bytes);
        let reader =
            ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
                .with_row_groups(vec![slice.row_group])
                .with_projection(self.projection.clone())
                .with_offset(slice.offset)
                .with_limit(slice.rows)
                .with_batch_size(BATCH_ROWS)
                .build()
                .map_err(|cause| damaged(path, &words(&cause)))?;
        let all =
            u64::try_from(self.metadata.metadata().file_metadata().num_rows()).unwrap_or_default();
        let mut first = slice.first;
        for batch in reader {
            let batch = batch.map_err(|cause| self.damaged(slice.row_group, &cause))?;
            let rows = batch.num_rows() as u64;
            conversion.push(&self.layout, &Raw { batch, rows: RowNumbers::From(first) })?;
            first += rows;
            progress(Progress {
                rows,
                bytes: (self.bytes * rows).checked_div(all).unwrap_or_default(),
            });
        }
        if first != slice.first + slice.rows as u64 {
            return Err(damaged(path, &FEWER_ROWS.to_text()));
        }
        Ok(())
    }

    /// Makes the error of a row group that cannot be read, with the column where one alone
    /// is why.
    fn damaged(&self, row_group: usize, cause: &(dyn std::error::Error + 'static)) -> InputError {
        let why = if cause.to_string().contains(CHECKSUM) {
            WRONG_CHECKSUM.to_text()
        } else {
            words(cause)
        };
        let error = damaged(&self.layout.file, &why);
        let columns = self.metadata.metadata().row_group(row_group).columns();
        let unreadable = columns.iter().enumerate().find(|(leaf, column)| {
            self.projection.leaf_included(*leaf) && self.pages(column).is_err()
        });
        match unreadable {
            Some((_, column)) => error.in_column(column.column_path().string()),
            None => error,
        }
    }

    /// Reads the pages of a column, and nothing from them.
    fn pages(&self, column: &ColumnChunkMetaData) -> parquet::errors::Result<()> {
        let file = Arc::new(SharedFile::new(self.file.clone(), self.bytes));
        let rows = usize::try_from(column.num_values()).unwrap_or_default();
        let mut pages = SerializedPageReader::new(file, column, rows, None)?;
        while pages.get_next_page()?.is_some() {}
        Ok(())
    }
}

fn damaged(path: &Path, why: &Text) -> InputError {
    let short = |why: &str| -> String {
        why.chars().filter(|letter| !letter.is_control()).take(200).collect()
    };
    let why = Text::new(short(&why.en), short(&why.ko));
    let problem =
        Text::new("is Parquet that cannot be read", "읽을 수 없는 Parquet입니다").because(&why);
    InputError::new(path, problem, AGAIN)
}
