//! Times as the tables keep them: RFC 3339 text.

use jiff::Timestamp;
use rusqlite::Row;

/// Reads a time out of a column.
pub(super) fn moment(row: &Row<'_>, column: usize) -> Result<Timestamp, rusqlite::Error> {
    row.get::<_, String>(column)?.parse().map_err(|cause: jiff::Error| {
        rusqlite::Error::FromSqlConversionFailure(
            column,
            rusqlite::types::Type::Text,
            Box::new(cause),
        )
    })
}
