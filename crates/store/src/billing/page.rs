//! The pages of one column chunk: levels, values, and the two put together as Parquet.

use std::ops::Range;

use arrow::array::BooleanBufferBuilder;
use arrow::buffer::NullBuffer;
use bytes::Bytes;
use parquet::basic::{Compression, Encoding};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::Result;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::statistics::Statistics;
use parquet::schema::types::ColumnDescPtr;

use super::page_header::{PageKind, header};

/// Values that are written either as one run or packed.
const BLOCK: usize = 1024;

/// Which rows of a batch are meant.
#[derive(Debug, Clone, Copy)]
pub(super) enum Rows<'a> {
    /// All of so many.
    All(usize),
    /// These, by their number within the batch.
    Some(&'a [u32]),
}

impl Rows<'_> {
    /// Returns how many there are.
    pub(super) fn count(self) -> usize {
        match self {
            Self::All(rows) => rows,
            Self::Some(rows) => rows.len(),
        }
    }

    /// Returns the first of them, so many at most.
    pub(super) fn first(self, most: usize) -> Self {
        match self {
            Self::All(rows) => Self::All(rows.min(most)),
            Self::Some(rows) => Self::Some(rows.get(..most).unwrap_or(rows)),
        }
    }

    /// Does something for each.
    #[inline]
    pub(super) fn each(self, mut what: impl FnMut(usize)) {
        match self {
            Self::All(rows) => (0..rows).for_each(what),
            Self::Some(rows) => rows.iter().for_each(|row| what(*row as usize)),
        }
    }
}

/// Which rows of the page in progress have a value.
pub(super) struct Levels {
    bits: BooleanBufferBuilder,
    nulls: usize,
}

impl Levels {
    fn new() -> Self {
        Self { bits: BooleanBufferBuilder::new(0), nulls: 0 }
    }

    /// Adds rows.
    pub(super) fn push(&mut self, nulls: Option<&NullBuffer>, rows: Rows<'_>) {
        match (nulls.filter(|nulls| nulls.null_count() > 0), rows) {
            (None, rows) => self.bits.append_n(rows.count(), true),
            (Some(nulls), Rows::All(_)) => {
                self.nulls += nulls.null_count();
                self.bits.append_buffer(nulls.inner());
            }
            (Some(nulls), Rows::Some(rows)) => {
                for rows in rows.chunks(64) {
                    let mut word: u64 = 0;
                    for (bit, row) in rows.iter().enumerate() {
                        word |= u64::from(nulls.is_valid(*row as usize)) << bit;
                    }
                    self.nulls += rows.len() - word.count_ones() as usize;
                    self.bits.append_word(word, rows.len());
                }
            }
        }
    }

    /// Adds a row.
    pub(super) fn push_one(&mut self, has_value: bool) {
        self.nulls += usize::from(!has_value);
        self.bits.append(has_value);
    }

    /// Returns how many rows there are.
    pub(super) fn rows(&self) -> usize {
        self.bits.len()
    }

    /// Writes the levels and starts anew. Returns rows and nulls.
    fn take(&mut self, to: &mut Vec<u8>) -> (usize, usize) {
        let (rows, nulls) = (self.rows(), self.nulls);
        if nulls == 0 || nulls == rows {
            run(to, rows, u32::from(nulls == 0), 1);
        } else {
            // Both Arrow and Parquet pack bits from the lowest up.
            varint(to, (rows.div_ceil(8) << 1) | 1);
            to.extend_from_slice(self.bits.as_slice().get(..rows.div_ceil(8)).unwrap_or_default());
        }
        self.bits.truncate(0);
        self.nulls = 0;
        (rows, nulls)
    }
}

/// A column chunk in progress.
pub(super) struct Pages {
    descr: ColumnDescPtr,
    written: Vec<u8>,
    uncompressed: usize,
    rows: usize,
    nulls: usize,
    /// The page in progress.
    pub(super) levels: Levels,
}

/// The distinct values of a chunk, each once.
pub(super) struct Dictionary {
    /// The values, encoded plainly.
    pub(super) values: Vec<u8>,
    /// How many there are.
    pub(super) count: usize,
}

impl Pages {
    pub(super) fn new(descr: ColumnDescPtr) -> Self {
        Self {
            descr,
            written: Vec::new(),
            uncompressed: 0,
            rows: 0,
            nulls: 0,
            levels: Levels::new(),
        }
    }

    /// Returns how many bytes are held.
    pub(super) fn held(&self) -> usize {
        self.written.len()
    }

    /// Returns how many values were null.
    pub(super) fn nulls(&self) -> usize {
        self.nulls
    }

    /// Ends a page of values that are given plainly.
    pub(super) fn end_plain(&mut self, values: &mut Vec<u8>) {
        let packed = lz4_flex::block::compress(values);
        let shrunk = packed.len() < values.len() / 8 * 7;
        let body = if shrunk { &packed } else { &*values };
        let mut page = Vec::with_capacity(body.len() + 64);
        let levels = self.levels.take(&mut page);
        let level_bytes = page.len();
        page.extend_from_slice(body);
        let unpacked = level_bytes + values.len();
        values.clear();
        self.end(&page, levels, level_bytes, Encoding::PLAIN, shrunk, unpacked);
    }

    /// Ends a page of places in a dictionary that has `size` values by now.
    pub(super) fn end_indices(&mut self, indices: &mut Vec<u32>, size: usize) {
        let mut page = Vec::new();
        let levels = self.levels.take(&mut page);
        let level_bytes = page.len();
        let width = (usize::BITS - size.saturating_sub(1).leading_zeros()).max(1);
        page.push(u8::try_from(width).unwrap_or(32));
        hybrid(&mut page, indices, width);
        indices.clear();
        let unpacked = page.len();
        self.end(&page, levels, level_bytes, Encoding::RLE_DICTIONARY, false, unpacked);
    }

    fn end(
        &mut self,
        page: &[u8],
        (rows, nulls): (usize, usize),
        level_bytes: usize,
        encoding: Encoding,
        is_compressed: bool,
        unpacked: usize,
    ) {
        let kind = PageKind::Data { rows, nulls, level_bytes, encoding, is_compressed };
        self.rows += rows;
        self.nulls += nulls;
        self.uncompressed += write(&mut self.written, kind, page, unpacked);
    }

    /// Ends the chunk.
    pub(super) fn close(
        self,
        dictionary: Option<Dictionary>,
        statistics: Option<Statistics>,
    ) -> Result<(Bytes, ColumnCloseResult)> {
        let mut bytes = Vec::with_capacity(self.held() + 4096);
        let mut uncompressed = self.uncompressed;
        let mut encodings = vec![Encoding::PLAIN, Encoding::RLE];
        let has_dictionary = dictionary.is_some();
        if let Some(Dictionary { values, count }) = dictionary {
            encodings.push(Encoding::RLE_DICTIONARY);
            let kind = PageKind::Dictionary { values: count };
            let body = lz4_flex::block::compress(&values);
            uncompressed += write(&mut bytes, kind, &body, values.len());
        }
        let data_offset = bytes.len();
        bytes.extend_from_slice(&self.written);
        let bytes = Bytes::from(bytes);
        let mut metadata = ColumnChunkMetaData::builder(self.descr)
            .set_compression(Compression::LZ4_RAW)
            .set_encodings(encodings)
            .set_num_values(long(self.rows))
            .set_total_compressed_size(long(bytes.len()))
            .set_total_uncompressed_size(long(uncompressed))
            .set_data_page_offset(long(data_offset))
            .set_dictionary_page_offset(has_dictionary.then_some(0));
        if let Some(statistics) = statistics {
            metadata = metadata.set_statistics(statistics);
        }
        let close = ColumnCloseResult {
            bytes_written: bytes.len() as u64,
            rows_written: self.rows as u64,
            metadata: metadata.build()?,
            bloom_filter: None,
            column_index: None,
            offset_index: None,
        };
        Ok((bytes, close))
    }
}

/// Adds a page; returns how many bytes it has with its values unpacked.
fn write(to: &mut Vec<u8>, kind: PageKind, body: &[u8], unpacked: usize) -> usize {
    let header = header(kind, body, unpacked);
    to.extend_from_slice(&header);
    to.extend_from_slice(body);
    header.len() + unpacked
}

/// Writes numbers of `width` bits: stretches of one value as runs, all else packed.
fn hybrid(to: &mut Vec<u8>, numbers: &[u32], width: u32) {
    let blocks: Vec<(&[u32], Option<u32>)> = numbers
        .chunks(BLOCK)
        .map(|block| {
            let first = block.first().copied().unwrap_or_default();
            (block, block.iter().all(|number| *number == first).then_some(first))
        })
        .collect();
    let mut at = 0;
    for stretch in blocks.chunk_by(|one, other| one.1 == other.1) {
        let length: usize = stretch.iter().map(|(block, _)| block.len()).sum();
        let range: Range<usize> = at..at + length;
        at += length;
        match stretch.first().and_then(|(_, same)| *same) {
            Some(same) => run(to, length, same, width),
            None => {
                varint(to, (length.div_ceil(8) << 1) | 1);
                pack(to, numbers.get(range).unwrap_or_default(), width);
            }
        }
    }
}

/// Packs numbers from the lowest bit up, filled with zeros to a multiple of eight numbers.
fn pack(to: &mut Vec<u8>, numbers: &[u32], width: u32) {
    let bytes = numbers.len().div_ceil(8) * width as usize;
    let end = to.len() + bytes;
    to.reserve(bytes + 8);
    let mut word: u64 = 0;
    let mut bits: u32 = 0;
    for number in numbers {
        word |= u64::from(*number) << bits;
        bits += width;
        if bits >= 32 {
            to.extend_from_slice(&(word as u32).to_le_bytes());
            word >>= 32;
            bits -= 32;
        }
    }
    to.extend_from_slice(&word.to_le_bytes());
    to.resize(end, 0);
}

fn run(to: &mut Vec<u8>, length: usize, value: u32, width: u32) {
    varint(to, length << 1);
    let bytes = value.to_le_bytes();
    to.extend_from_slice(bytes.get(..width.div_ceil(8) as usize).unwrap_or_default());
}

fn varint(to: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        to.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    to.push(value as u8);
}

fn long(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_packed_from_the_lowest_bit() {
        // The example of the Parquet specification.
        let mut bytes = Vec::new();
        pack(&mut bytes, &[0, 1, 2, 3, 4, 5, 6, 7], 3);
        assert_eq!(bytes, [0b1000_1000, 0b1100_0110, 0b1111_1010]);
    }

    #[test]
    fn a_long_stretch_of_one_value_is_a_run() {
        let mut bytes = Vec::new();
        hybrid(&mut bytes, &[5; 5000], 3);
        assert_eq!(bytes, [0x90, 0x4e, 5]);
    }
}
