//! Checks what a Parquet file claims before anything is decoded from it.
//!
//! Readers allocate by the footer and the page headers. A file of a few hundred bytes
//! can claim gigabytes there, so each claim is held against the size of the file.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

use parquet::file::metadata::ParquetMetaData;

use super::limits::Limits;
use super::thrift::{Cursor, Unsound};
use crate::error::InputError;

/// The last eight bytes: length of the footer, then `PAR1`.
const TAIL: u64 = 8;
/// A page header is tens of bytes; with statistics of long texts some thousands.
const MOST_HEADER_BYTES: usize = 1 << 20;
/// How far one small page may unfold before the ratio counts.
const PAGE_GRACE: u64 = 4 << 20;
/// How many times its own size a page may unfold to. Constant columns compress well.
const PAGE_RATIO: u64 = 2_000;
/// Rows that any file may claim.
const ROWS_GRACE: u64 = 1_000_000;

/// Checks the footer before it is parsed.
///
/// # Errors
/// Fails when the file is cut, or its footer is not sound.
pub(crate) fn footer(path: &Path, file: &File, limits: Limits) -> Result<(), InputError> {
    let length = file.metadata().map_err(|cause| cut(path, &cause.to_string()))?.len();
    let mut tail = [0_u8; 8];
    if length < TAIL + 4 {
        return Err(cut(path, "it is too short"));
    }
    file.read_exact_at(&mut tail, length - TAIL).map_err(|cause| cut(path, &cause.to_string()))?;
    let [a, b, c, d, magic @ ..] = tail;
    match &magic {
        b"PAR1" => {}
        b"PARE" => return Err(InputError::new(path, "is encrypted Parquet", "decrypt it first")),
        _ => return Err(cut(path, "its footer is missing")),
    }
    let footer = u64::from(u32::from_le_bytes([a, b, c, d]));
    if footer + TAIL + 4 > length {
        return Err(cut(path, "its footer is longer than the file"));
    }
    if footer > limits.footer_bytes {
        return Err(absurd(path, format!("has a footer of {footer} bytes")));
    }
    let size = usize::try_from(footer).map_err(|_| absurd(path, "has an endless footer"))?;
    let mut bytes = vec![0; size];
    file.read_exact_at(&mut bytes, length - TAIL - footer)
        .map_err(|cause| cut(path, &cause.to_string()))?;
    Cursor::new(&bytes).walk(&mut |_, _| ()).map_err(|cause| unsound(path, cause))
}

/// Checks what the parsed footer claims, and every page header of the columns in `read`.
///
/// # Errors
/// Fails when the claims do not fit the file or one another.
pub(super) fn claims(
    path: &Path,
    file: &File,
    metadata: &ParquetMetaData,
    read: &[usize],
    limits: Limits,
) -> Result<(), InputError> {
    let length = file.metadata().map_err(|cause| cut(path, &cause.to_string()))?.len();
    let rows = u64::try_from(metadata.file_metadata().num_rows())
        .map_err(|_| absurd(path, "claims a negative number of rows"))?;
    if rows > limits.rows || rows > ROWS_GRACE + length.saturating_mul(limits.rows_per_byte) {
        return Err(absurd(path, format!("claims {rows} rows in {length} bytes")));
    }
    if metadata.file_metadata().schema_descr().num_columns() > limits.columns {
        return Err(absurd(path, format!("has more than {} columns", limits.columns)));
    }
    let mut counted: u64 = 0;
    for group in metadata.row_groups() {
        let group_rows = u64::try_from(group.num_rows())
            .map_err(|_| absurd(path, "claims a negative number of rows"))?;
        counted = counted.saturating_add(group_rows);
        let mut open_pages: u64 = 0;
        for index in read {
            let Some(column) = group.columns().get(*index) else {
                return Err(absurd(path, "has a row group without one of its columns"));
            };
            let start = column
                .dictionary_page_offset()
                .filter(|offset| *offset > 0)
                .unwrap_or(i64::MAX)
                .min(column.data_page_offset());
            let size = column.compressed_size();
            let (Ok(start), Ok(size), Ok(values)) =
                (u64::try_from(start), u64::try_from(size), u64::try_from(column.num_values()))
            else {
                return Err(absurd(path, "has a column at a negative place"));
            };
            if start < 4 || start.checked_add(size).is_none_or(|end| end > length) {
                return Err(cut(path, "a column lies beyond its end"));
            }
            if column.column_descr().max_rep_level() == 0 && values != group_rows {
                return Err(absurd(path, format!("claims {values} values in {group_rows} rows")));
            }
            if values > ROWS_GRACE.saturating_add(length.saturating_mul(limits.rows_per_byte)) {
                return Err(absurd(path, format!("claims {values} values in {length} bytes")));
            }
            open_pages += pages(path, file, start, size, values, limits)?;
        }
        if open_pages > limits.open_page_bytes {
            return Err(absurd(path, format!("would need {open_pages} bytes to be read")));
        }
    }
    if counted != rows {
        return Err(absurd(path, format!("claims {rows} rows and has {counted}")));
    }
    Ok(())
}

/// What a page header says.
#[derive(Default)]
struct Page {
    unfolded: i64,
    folded: i64,
    data_values: Option<i64>,
    dictionary_values: Option<i64>,
}

/// Walks the page headers of one column and returns the size of its largest page
/// together with its dictionary.
fn pages(
    path: &Path,
    file: &File,
    start: u64,
    size: u64,
    values: u64,
    limits: Limits,
) -> Result<u64, InputError> {
    let mut at = 0;
    let mut seen: u64 = 0;
    let mut largest: u64 = 0;
    let mut dictionary: u64 = 0;
    while at < size {
        let (page, header) = header(path, file, start + at, size - at)?;
        let (Ok(unfolded), Ok(folded)) = (u64::try_from(page.unfolded), u64::try_from(page.folded))
        else {
            return Err(absurd(path, "has a page of negative size"));
        };
        if folded > size - at - header {
            return Err(cut(path, "a page lies beyond its column"));
        }
        if unfolded > limits.page_bytes || unfolded > PAGE_GRACE + folded.saturating_mul(PAGE_RATIO)
        {
            return Err(absurd(
                path,
                format!("has a page of {folded} bytes that claims {unfolded}"),
            ));
        }
        if let Some(words) = page.dictionary_values {
            // Every word takes a byte at least.
            if u64::try_from(words).is_err() || words > page.unfolded.max(0) {
                return Err(absurd(path, format!("has a dictionary that claims {words} words")));
            }
            dictionary = dictionary.max(unfolded);
        }
        if let Some(count) = page.data_values {
            seen = u64::try_from(count)
                .ok()
                .and_then(|count| seen.checked_add(count))
                .filter(|seen| *seen <= values)
                .ok_or_else(|| absurd(path, format!("has a page that claims {count} values")))?;
            largest = largest.max(unfolded);
        }
        at += header + folded;
    }
    if seen != values {
        return Err(absurd(path, format!("claims {values} values in a column and has {seen}")));
    }
    Ok(largest + dictionary)
}

/// Reads one page header: little first, more where statistics make it long.
fn header(path: &Path, file: &File, at: u64, left: u64) -> Result<(Page, u64), InputError> {
    let mut size = 256;
    loop {
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(size);
        let mut bytes = vec![0; most];
        file.read_exact_at(&mut bytes, at).map_err(|cause| cut(path, &cause.to_string()))?;
        let mut page = Page::default();
        let mut cursor = Cursor::new(&bytes);
        // Field ids of PageHeader in parquet.thrift.
        let outcome = cursor.walk(&mut |path, value| match path {
            [2] => page.unfolded = value,
            [3] => page.folded = value,
            [5 | 8, 1] => page.data_values = Some(value),
            [7, 1] => page.dictionary_values = Some(value),
            _ => {}
        });
        match outcome {
            Ok(()) => return Ok((page, cursor.position() as u64)),
            Err(_) if most == size && size < MOST_HEADER_BYTES => size *= 8,
            Err(cause) => return Err(unsound(path, cause)),
        }
    }
}

fn cut(path: &Path, why: &str) -> InputError {
    InputError::new(
        path,
        format!("is Parquet that was cut or damaged: {why}"),
        "copy or export it again",
    )
}

fn unsound(path: &Path, cause: Unsound) -> InputError {
    InputError::new(path, cause.to_string(), "copy or export it again")
}

fn absurd(path: &Path, what: impl Into<String>) -> InputError {
    InputError::new(path, what, "the file is damaged or hostile; export it again")
}
