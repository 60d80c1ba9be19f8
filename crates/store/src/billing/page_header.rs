//! What stands before a page: its kind, its sizes, and the checksum of its bytes.
//!
//! The Parquet library verifies checksums and writes none, so headers are put together
//! here, in Thrift's compact protocol.

use parquet::basic::Encoding;

/// Types of the compact protocol.
const TRUE: u8 = 1;
const FALSE: u8 = 2;
const I32: u8 = 5;
const STRUCT: u8 = 12;
const STOP: u8 = 0;

/// What Parquet calls these kinds of pages.
const DICTIONARY_PAGE: i32 = 2;
const DATA_PAGE_V2: i32 = 3;

/// What a page holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PageKind {
    /// The distinct values of a chunk, encoded plainly.
    Dictionary {
        /// How many there are.
        values: usize,
    },
    /// Rows of a column without nesting.
    Data {
        /// Rows, those without a value included.
        rows: usize,
        /// Rows without a value.
        nulls: usize,
        /// Bytes of the levels, which stand first and are never compressed.
        level_bytes: usize,
        /// How the values are encoded.
        encoding: Encoding,
        /// Whether the values are compressed.
        is_compressed: bool,
    },
}

/// Returns the header of a page: `body` as it will be stored, which had `unpacked` bytes.
pub(super) fn header(kind: PageKind, body: &[u8], unpacked: usize) -> Vec<u8> {
    let mut fields = Fields { bytes: Vec::with_capacity(64), last: 0 };
    fields.number(
        1,
        match kind {
            PageKind::Dictionary { .. } => DICTIONARY_PAGE,
            PageKind::Data { .. } => DATA_PAGE_V2,
        },
    );
    fields.number(2, small(unpacked));
    fields.number(3, small(body.len()));
    fields.number(4, crc32fast::hash(body).cast_signed());
    match kind {
        PageKind::Dictionary { values } => fields.group(7, |fields| {
            fields.number(1, small(values));
            fields.number(2, code(Encoding::PLAIN));
            fields.truth(3, false);
        }),
        PageKind::Data { rows, nulls, level_bytes, encoding, is_compressed } => {
            fields.group(8, |fields| {
                fields.number(1, small(rows));
                fields.number(2, small(nulls));
                fields.number(3, small(rows));
                fields.number(4, code(encoding));
                fields.number(5, small(level_bytes));
                fields.number(6, 0);
                fields.truth(7, is_compressed);
            });
        }
    }
    fields.bytes.push(STOP);
    fields.bytes
}

/// Returns the number of an encoding in the format.
fn code(encoding: Encoding) -> i32 {
    encoding as i32
}

/// A page is bounded far below what this cannot hold.
fn small(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// Fields of a struct, in the order of their ids.
struct Fields {
    bytes: Vec<u8>,
    last: u8,
}

impl Fields {
    fn number(&mut self, id: u8, value: i32) {
        self.start(id, I32);
        // Zigzag: small numbers of either sign are short.
        let mut rest = ((value << 1) ^ (value >> 31)).cast_unsigned();
        while rest >= 0x80 {
            self.bytes.push((rest & 0x7f) as u8 | 0x80);
            rest >>= 7;
        }
        self.bytes.push(rest as u8);
    }

    fn truth(&mut self, id: u8, value: bool) {
        self.start(id, if value { TRUE } else { FALSE });
    }

    fn group(&mut self, id: u8, fill: impl FnOnce(&mut Self)) {
        self.start(id, STRUCT);
        self.last = 0;
        fill(self);
        self.bytes.push(STOP);
        self.last = id;
    }

    fn start(&mut self, id: u8, kind: u8) {
        self.bytes.push((id - self.last) << 4 | kind);
        self.last = id;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_compact_thrift() {
        let kind = PageKind::Dictionary { values: 3 };
        let header = header(kind, b"123456789", 12);
        // The checksum of these nine digits is the check value of CRC-32: 0xcbf43926.
        let crc = [0x15, 0xb3, 0x9b, 0xde, 0xc0, 0x06];
        let expected =
            [&[0x15, 4, 0x15, 24, 0x15, 18][..], &crc, &[0x3c, 0x15, 6, 0x15, 0, 0x12, 0, 0]]
                .concat();
        assert_eq!(header, expected);
    }
}
