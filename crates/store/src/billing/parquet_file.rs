//! Reads a bill in Parquet, several row groups at once, in batches of bounded size.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ParquetRecordBatchReaderBuilder};

use super::convert::{Conversion, OnProgress, Outcome, Progress};
use super::csv_file::{foreign, lacks};
use super::format::{BillFormat, Recognition, recognise};
use super::limits::Limits;
use super::part::Parts;
use super::raw::{Layout, Raw, RowNumbers, is_wanted};
use super::sound_parquet::{FEWER_ROWS, GAVE_UP, SoundParquet, damaged, own_types};
use crate::error::{InputError, words};

/// Rows of one batch.
const BATCH_ROWS: usize = 32_768;
/// Fewer rows than this are not worth a thread of their own.
const LEAST_SLICE: usize = 65_536;

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
    sound: SoundParquet,
    layout: Layout,
    metadata: ArrowReaderMetadata,
    projection: ProjectionMask,
}

impl Opened {
    fn new(path: &Path, limits: Limits) -> Result<Self, InputError> {
        let sound = SoundParquet::open(path, limits)?;
        let fields = sound.fields();
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
        let projection = sound.projection(&wanted)?;
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
        let options = own_types().with_schema(Arc::new(Schema::new(by_dictionary)));
        let metadata = ArrowReaderMetadata::try_new(sound.parsed().clone(), options)
            .map_err(|cause| damaged(path, &words(&cause)))?;
        Ok(Self { sound, layout, metadata, projection })
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
        let (file, bytes) = (self.sound.shared(), self.sound.bytes());
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
            let batch = batch
                .map_err(|cause| self.sound.damaged(slice.row_group, &self.projection, &cause))?;
            let rows = batch.num_rows() as u64;
            conversion.push(&self.layout, &Raw { batch, rows: RowNumbers::From(first) })?;
            first += rows;
            progress(Progress { rows, bytes: (bytes * rows).checked_div(all).unwrap_or_default() });
        }
        if first != slice.first + slice.rows as u64 {
            return Err(damaged(path, &FEWER_ROWS.to_text()));
        }
        Ok(())
    }
}
