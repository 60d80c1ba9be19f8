//! The first row of a file of comma-separated values.

use std::collections::BTreeMap;
use std::path::Path;

use csv::StringRecord;

use crate::error::InputError;

/// Returns where each column stands, by its name in lower case.
///
/// # Errors
/// Fails if a name stands twice: which of the two is meant, nobody knows.
pub(crate) fn positions(
    path: &Path,
    record: &StringRecord,
) -> Result<BTreeMap<String, usize>, InputError> {
    let mut at = BTreeMap::new();
    for (index, name) in record.iter().enumerate() {
        let name = name.trim_start_matches('\u{feff}').trim().to_ascii_lowercase();
        if at.insert(name.clone(), index).is_some() {
            let problem = ("names a column twice", "같은 이름의 열이 두 번 나옵니다");
            let hint = ("keep one of the two", "둘 중 하나만 남기세요");
            return Err(InputError::new(path, problem, hint).at_row(1).in_column(name));
        }
    }
    Ok(at)
}
