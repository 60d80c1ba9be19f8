//! A staged Parquet file of charges, written row group by row group.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::RecordBatch;
use parquet::arrow::ArrowSchemaConverter;
use parquet::errors::Result;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;

use super::chunk::Chunk;
use super::page::Rows;
use super::schema::{COLUMNS, stored};
use super::unit::Units;

/// Rows of one row group: small enough that two writers stay far below the memory bound.
const ROW_GROUP_ROWS: usize = 524_288;
/// Bytes of the largest dictionary of a row group. Beyond them the next one starts.
const DICTIONARY_BYTES: usize = 16 << 20;

/// Columns that queries filter by: their bounds let row groups be left out.
const FILTERED: &[&str] = &["ServiceName", "SubAccountId"];

/// A file in progress.
pub(super) struct ChargeFile {
    writer: SerializedFileWriter<File>,
    units: Units,
    chunks: Vec<Chunk>,
    rows: usize,
}

impl ChargeFile {
    /// Creates a file that must not exist yet. Every value that comes fits `units`.
    pub(super) fn create(path: &Path, units: &Units) -> Result<Self> {
        let schema = ArrowSchemaConverter::new().convert(&stored(units))?;
        let writer = SerializedFileWriter::new(
            File::create_new(path)?,
            schema.root_schema_ptr(),
            Arc::new(WriterProperties::default()),
        )?;
        let mut file = Self { writer, units: units.clone(), chunks: Vec::new(), rows: 0 };
        file.start();
        Ok(file)
    }

    /// Adds rows of a batch in the schema of the lake.
    pub(super) fn write(&mut self, batch: &RecordBatch, rows: Rows<'_>) -> Result<()> {
        for (chunk, column) in self.chunks.iter_mut().zip(batch.columns()) {
            chunk.push(column, rows);
        }
        self.rows += rows.count();
        let is_full = self.rows >= ROW_GROUP_ROWS
            || self.chunks.iter().any(|chunk| chunk.dictionary_bytes() >= DICTIONARY_BYTES);
        if is_full { self.flush() } else { Ok(()) }
    }

    /// Returns how many bytes wait to be written.
    pub(super) fn held(&self) -> usize {
        self.chunks.iter().map(Chunk::held).sum()
    }

    /// Ends the row group.
    pub(super) fn flush(&mut self) -> Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for (chunk, (name, _)) in std::mem::take(&mut self.chunks).into_iter().zip(COLUMNS) {
            let (bytes, close) = chunk.close(FILTERED.contains(name))?;
            group.append_column(&bytes, close)?;
        }
        group.close()?;
        self.rows = 0;
        self.start();
        Ok(())
    }

    /// Ends the file.
    pub(super) fn close(mut self) -> Result<()> {
        self.flush()?;
        self.writer.close()?;
        Ok(())
    }

    fn start(&mut self) {
        let columns = self.writer.schema_descr().columns();
        self.chunks = COLUMNS
            .iter()
            .zip(columns)
            .zip(self.units.each())
            .map(|(((_, kind), descr), unit)| Chunk::new(*kind, descr.clone(), unit))
            .collect();
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use arrow::array::{
        Array, ArrayRef, Date32Array, Decimal128Array, DictionaryArray, UInt32Array, new_null_array,
    };
    use arrow::compute::{cast, concat_batches, take_record_batch};
    use arrow::datatypes::{DataType, Int32Type};
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    use super::*;
    use crate::billing::schema::{Kind, READ, WRITTEN, decimal_type, moment_type};

    /// Rows that repeat, that differ, that are absent in part and throughout.
    fn batch(rows: i32, seed: i32) -> std::result::Result<RecordBatch, Box<dyn Error>> {
        let mut columns: Vec<ArrayRef> = Vec::new();
        for (index, ((_, kind), field)) in COLUMNS.iter().zip(WRITTEN.fields()).enumerate() {
            let index = i32::try_from(index)?;
            let has = |row: i32| index % 5 != 4 && (index % 3 != 0 || row % 7 != 0);
            let value = |row: i32| match index % 4 {
                0 => 7,
                1 => row / 3000 + seed + 1,
                2 => row.wrapping_mul(31 + index) % 300,
                _ => row + seed,
            };
            let numbers = (0..rows).map(|row| has(row).then(|| value(row)));
            columns.push(match kind {
                _ if index % 5 == 4 => {
                    new_null_array(field.data_type(), rows.unsigned_abs() as usize)
                }
                Kind::Text => {
                    let texts: Vec<Option<String>> =
                        numbers.map(|number| number.map(|number| format!("t{number}"))).collect();
                    let texts: DictionaryArray<Int32Type> =
                        texts.iter().map(|text| text.as_deref()).collect();
                    Arc::new(texts)
                }
                Kind::Decimal => {
                    let decimals: Decimal128Array = numbers
                        .map(|number| number.map(|number| i128::from(number) * -1_000_000_007))
                        .collect();
                    cast(&decimals.with_precision_and_scale(38, 18)?, &decimal_type())?
                }
                Kind::Moment => {
                    let days: Date32Array =
                        numbers.map(|number| number.map(|n| n % 9000)).collect();
                    cast(&days, &moment_type())?
                }
                Kind::Day => Arc::new(numbers.collect::<Date32Array>()),
            });
        }
        Ok(RecordBatch::try_new(WRITTEN.clone(), columns)?)
    }

    /// Writes batches, with the lake's unit and with those that suit, and reads every
    /// column back.
    fn check(parts: &[(RecordBatch, Option<Vec<u32>>)]) -> std::result::Result<(), Box<dyn Error>> {
        let first = &parts.first().ok_or("no batch")?.0;
        let suited = Units::suited(first, Rows::All(first.num_rows()));
        assert_ne!(suited, Units::widest());
        check_with(parts, &suited)?;
        check_with(parts, &Units::widest())
    }

    fn check_with(
        parts: &[(RecordBatch, Option<Vec<u32>>)],
        units: &Units,
    ) -> std::result::Result<(), Box<dyn Error>> {
        let place = tempfile::tempdir()?;
        let path = place.path().join("charges.parquet");
        let mut file = ChargeFile::create(&path, units)?;
        let mut expected = Vec::new();
        for (batch, rows) in parts {
            match rows {
                None => {
                    file.write(batch, Rows::All(batch.num_rows()))?;
                    expected.push(batch.clone());
                }
                Some(rows) => {
                    file.write(batch, Rows::Some(rows))?;
                    expected.push(take_record_batch(batch, &UInt32Array::from(rows.clone()))?);
                }
            }
        }
        file.close()?;
        let expected = concat_batches(&WRITTEN, &expected)?;
        for (index, field) in READ.fields().iter().enumerate() {
            let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(&path)?)?;
            let only = parquet::arrow::ProjectionMask::roots(builder.parquet_schema(), [index]);
            let batches: Vec<RecordBatch> = builder
                .with_projection(only)
                .with_batch_size(16_384)
                .build()?
                .collect::<std::result::Result<_, _>>()
                .map_err(|cause| format!("{}: {cause}", field.name()))?;
            let read: Vec<&dyn Array> =
                batches.iter().map(|batch| batch.column(0).as_ref()).collect();
            let plain = match field.data_type() {
                DataType::Utf8View => DataType::Utf8,
                other => other.clone(),
            };
            let read = cast(&arrow::compute::concat(&read)?, &plain)?;
            let wanted = cast(expected.column(index), &plain)?;
            assert_eq!(&read, &wanted, "{}", field.name());
        }
        Ok(())
    }

    #[test]
    fn what_is_written_is_read_back() -> std::result::Result<(), Box<dyn Error>> {
        check(&[(batch(5, 0)?, None)])?;
        check(&[(batch(70_001, 0)?, None), (batch(10_000, 9)?, None), (batch(3, 1)?, None)])
    }

    #[test]
    fn chosen_rows_are_read_back() -> std::result::Result<(), Box<dyn Error>> {
        let odd = (0..9_000).filter(|row| row % 2 == 1).collect();
        check(&[(batch(9_000, 0)?, Some(odd)), (batch(9_000, 5)?, Some(vec![7, 9, 8_000]))])
    }

    #[test]
    fn a_dictionary_that_grew_large_ends_the_row_group() -> std::result::Result<(), Box<dyn Error>>
    {
        let long = |row: usize| format!("{row}{}", "x".repeat(DICTIONARY_BYTES / 10));
        let texts: Vec<String> = (0..25).map(long).collect();
        let texts: DictionaryArray<Int32Type> =
            texts.iter().map(|text| Some(text.as_str())).collect();
        let mut columns = batch(25, 0)?.columns().to_vec();
        if let Some(column) = columns.get_mut(1) {
            *column = Arc::new(texts);
        }
        let large = RecordBatch::try_new(WRITTEN.clone(), columns)?;
        check(&[(large.slice(0, 12), None), (large.slice(5, 20), None), (batch(100, 3)?, None)])
    }
}
