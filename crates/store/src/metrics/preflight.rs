//! Looks at a Parquet file before it is read, so that what it claims cannot cost memory.

use std::fs::File;
use std::path::Path;

use datafusion::arrow::datatypes::SchemaRef;
use parquet::arrow::arrow_reader::ArrowReaderMetadata;
use trimtab_model::text::{StaticText, Text};

use crate::billing;
use crate::error::{InputError, words};

const HINT: StaticText = StaticText {
    en: "export the file again; it is damaged or was not made by a sane writer",
    ko: "파일을 다시 내보내세요. 손상되었거나 정상적인 프로그램이 쓴 파일이 아닙니다",
};

/// Rows that any file may claim, however small.
const GRACE_ROWS: u64 = 1 << 20;
/// Rows per byte beyond that. Constant series compress to about 20 a byte.
const MAX_ROWS_PER_BYTE: u64 = 64;
/// How many times its own size a file may unfold to, beyond the grace.
const MAX_RATIO: u64 = 200;
/// What may unfold before the ratio counts.
const GRACE_BYTES: u64 = 64 << 20;

/// What a sound Parquet file says of itself.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) schema: SchemaRef,
    pub(super) rows: u64,
}

/// Checks the footer against the file, and what it claims against sense.
pub(super) fn preflight(path: &Path) -> Result<Facts, InputError> {
    let unsound = |problem: Text| InputError::new(path, problem, HINT);
    let unreadable = |cause: std::io::Error| InputError::unreadable(path, &cause, HINT);
    let file = File::open(path).map_err(unreadable)?;
    let bytes = file.metadata().map_err(unreadable)?.len();
    // The footer is walked before the Parquet library allocates by what it says.
    billing::preflight::footer(path, &file, billing::Limits::default())?;
    let metadata = ArrowReaderMetadata::load(&file, Default::default()).map_err(|cause| {
        let problem = Text::new("is not sound Parquet", "온전한 Parquet이 아닙니다");
        unsound(problem.because(&words(&cause)))
    })?;
    let groups = metadata.metadata().row_groups();
    let sum = |count: &dyn Fn(usize) -> Option<i64>| {
        (0..groups.len())
            .try_fold(0_u64, |sum, index| sum.checked_add(u64::try_from(count(index)?).ok()?))
    };
    let rows = sum(&|index| Some(groups.get(index)?.num_rows()));
    let unfolded = sum(&|index| Some(groups.get(index)?.total_byte_size()));
    let (Some(rows), Some(unfolded)) = (rows, unfolded) else {
        return Err(unsound(Text::new(
            "claims a negative or an endless size",
            "크기가 음수이거나 끝없이 크다고 되어 있습니다",
        )));
    };
    if rows > GRACE_ROWS + bytes.saturating_mul(MAX_ROWS_PER_BYTE) {
        return Err(unsound(Text::new(
            format!("claims {rows} rows in {bytes} bytes"),
            format!("{bytes}바이트에 {rows}행이 있다고 되어 있습니다"),
        )));
    }
    if unfolded > GRACE_BYTES + bytes.saturating_mul(MAX_RATIO) {
        return Err(unsound(Text::new(
            format!("claims to unfold from {bytes} bytes to {unfolded}"),
            format!("{bytes}바이트가 {unfolded}바이트로 풀린다고 되어 있습니다"),
        )));
    }
    Ok(Facts { schema: metadata.schema().clone(), rows })
}
