//! Checks what a Parquet file claims before anything is decoded from it.
//!
//! Readers allocate by the footer and the page headers. A file of a few hundred bytes
//! can claim gigabytes there, so each claim is held against the size of the file.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

use parquet::file::metadata::ParquetMetaData;

use trimtab_model::explain::Explain;
use trimtab_model::text::{StaticText, Text};

use super::limits::Limits;
use super::thrift::{Cursor, Unsound};
use crate::error::InputError;

/// What to do about a file that did not arrive whole.
pub(super) const AGAIN: StaticText =
    StaticText { en: "copy or export it again", ko: "다시 복사하거나 내보내세요" };
const NEGATIVE_ROWS: &str = "행 수가 음수라고 되어 있습니다";
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
    let length = file.metadata().map_err(|cause| cut(path, &cause.text()))?.len();
    let mut tail = [0_u8; 8];
    if length < TAIL + 4 {
        return Err(cut(path, &Text::new("it is too short", "너무 짧습니다")));
    }
    file.read_exact_at(&mut tail, length - TAIL).map_err(|cause| cut(path, &cause.text()))?;
    let [a, b, c, d, magic @ ..] = tail;
    match &magic {
        b"PAR1" => {}
        b"PARE" => return Err(encrypted(path)),
        _ => {
            return Err(cut(
                path,
                &Text::new("its footer is missing", "끝부분의 메타데이터가 없습니다"),
            ));
        }
    }
    let footer = u64::from(u32::from_le_bytes([a, b, c, d]));
    if footer + TAIL + 4 > length {
        return Err(cut(
            path,
            &Text::new(
                "its footer is longer than the file",
                "끝부분의 메타데이터가 파일보다 깁니다",
            ),
        ));
    }
    if footer > limits.footer_bytes {
        return Err(absurd(
            path,
            format!("has a footer of {footer} bytes"),
            format!("끝부분의 메타데이터가 {footer}바이트입니다"),
        ));
    }
    let size = usize::try_from(footer).map_err(|_| {
        absurd(path, "has an endless footer", "끝부분의 메타데이터가 끝이 없습니다")
    })?;
    let mut bytes = vec![0; size];
    file.read_exact_at(&mut bytes, length - TAIL - footer)
        .map_err(|cause| cut(path, &cause.text()))?;
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
    let length = file.metadata().map_err(|cause| cut(path, &cause.text()))?.len();
    let rows = u64::try_from(metadata.file_metadata().num_rows())
        .map_err(|_| absurd(path, "claims a negative number of rows", NEGATIVE_ROWS))?;
    if rows > limits.rows || rows > ROWS_GRACE + length.saturating_mul(limits.rows_per_byte) {
        return Err(absurd(
            path,
            format!("claims {rows} rows in {length} bytes"),
            format!("{length}바이트에 {rows}행이 있다고 되어 있습니다"),
        ));
    }
    if metadata.file_metadata().schema_descr().num_columns() > limits.columns {
        return Err(absurd(
            path,
            format!("has more than {} columns", limits.columns),
            format!("열이 {}개를 넘습니다", limits.columns),
        ));
    }
    let mut counted: u64 = 0;
    for group in metadata.row_groups() {
        let group_rows = u64::try_from(group.num_rows())
            .map_err(|_| absurd(path, "claims a negative number of rows", NEGATIVE_ROWS))?;
        counted = counted.saturating_add(group_rows);
        let mut open_pages: u64 = 0;
        for index in read {
            let Some(column) = group.columns().get(*index) else {
                return Err(absurd(
                    path,
                    "has a row group without one of its columns",
                    "열 하나가 빠진 행 그룹이 있습니다",
                ));
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
                return Err(absurd(
                    path,
                    "has a column at a negative place",
                    "위치가 음수인 열이 있습니다",
                ));
            };
            if start < 4 || start.checked_add(size).is_none_or(|end| end > length) {
                return Err(cut(
                    path,
                    &Text::new("a column lies beyond its end", "파일 끝을 넘어선 열이 있습니다"),
                ));
            }
            if column.column_descr().max_rep_level() == 0 && values != group_rows {
                return Err(absurd(
                    path,
                    format!("claims {values} values in {group_rows} rows"),
                    format!("{group_rows}행에 값 {values}개가 있다고 되어 있습니다"),
                ));
            }
            if values > ROWS_GRACE.saturating_add(length.saturating_mul(limits.rows_per_byte)) {
                return Err(absurd(
                    path,
                    format!("claims {values} values in {length} bytes"),
                    format!("{length}바이트에 값 {values}개가 있다고 되어 있습니다"),
                ));
            }
            open_pages += pages(path, file, start, size, values, limits)?;
        }
        if open_pages > limits.open_page_bytes {
            return Err(absurd(
                path,
                format!("would need {open_pages} bytes to be read"),
                format!("읽으려면 {open_pages}바이트가 필요합니다"),
            ));
        }
    }
    if counted != rows {
        return Err(absurd(
            path,
            format!("claims {rows} rows and has {counted}"),
            format!("{rows}행이라고 되어 있지만 실제로는 {counted}행입니다"),
        ));
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
            return Err(absurd(
                path,
                "has a page of negative size",
                "크기가 음수인 페이지가 있습니다",
            ));
        };
        if folded > size - at - header {
            return Err(cut(
                path,
                &Text::new("a page lies beyond its column", "열의 끝을 넘어선 페이지가 있습니다"),
            ));
        }
        if unfolded > limits.page_bytes || unfolded > PAGE_GRACE + folded.saturating_mul(PAGE_RATIO)
        {
            return Err(absurd(
                path,
                format!("has a page of {folded} bytes that claims {unfolded}"),
                format!("{folded}바이트가 {unfolded}바이트로 풀린다는 페이지가 있습니다"),
            ));
        }
        if let Some(words) = page.dictionary_values {
            // Every word takes a byte at least.
            if u64::try_from(words).is_err() || words > page.unfolded.max(0) {
                return Err(absurd(
                    path,
                    format!("has a dictionary that claims {words} words"),
                    format!("단어가 {words}개라는 사전이 있습니다"),
                ));
            }
            dictionary = dictionary.max(unfolded);
        }
        if let Some(count) = page.data_values {
            seen = u64::try_from(count)
                .ok()
                .and_then(|count| seen.checked_add(count))
                .filter(|seen| *seen <= values)
                .ok_or_else(|| {
                    absurd(
                        path,
                        format!("has a page that claims {count} values"),
                        format!("값이 {count}개라는 페이지가 있습니다"),
                    )
                })?;
            largest = largest.max(unfolded);
        }
        at += header + folded;
    }
    if seen != values {
        return Err(absurd(
            path,
            format!("claims {values} values in a column and has {seen}"),
            format!("열 하나에 값이 {values}개라고 되어 있지만 실제로는 {seen}개입니다"),
        ));
    }
    Ok(largest + dictionary)
}

/// Reads one page header: little first, more where statistics make it long.
fn header(path: &Path, file: &File, at: u64, left: u64) -> Result<(Page, u64), InputError> {
    let mut size = 256;
    loop {
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(size);
        let mut bytes = vec![0; most];
        file.read_exact_at(&mut bytes, at).map_err(|cause| cut(path, &cause.text()))?;
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

pub(super) fn encrypted(path: &Path) -> InputError {
    InputError::new(
        path,
        ("is encrypted Parquet", "암호화된 Parquet입니다"),
        ("decrypt it first", "먼저 암호를 푸세요"),
    )
}

fn cut(path: &Path, why: &Text) -> InputError {
    let problem = Text::new("is Parquet that was cut or damaged", "잘렸거나 손상된 Parquet입니다");
    InputError::new(path, problem.because(why), AGAIN)
}

fn unsound(path: &Path, cause: Unsound) -> InputError {
    InputError::new(path, cause.text(), AGAIN)
}

fn absurd(path: &Path, english: impl Into<String>, korean: impl Into<String>) -> InputError {
    InputError::new(
        path,
        (english, korean),
        (
            "the file is damaged or hostile; export it again",
            "파일이 손상되었거나 악의적입니다. 다시 내보내세요",
        ),
    )
}
