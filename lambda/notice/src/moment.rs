//! Moments as the database keeps them: DATETIME(6) in UTC.

use jiff::Timestamp;

/// Returns a moment as a literal of MySQL, in UTC with microseconds.
pub fn to_sql(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%d %H:%M:%S%.6f").to_string()
}

/// Returns a moment that was stored, from its microseconds since 1970; `None` when it lies out of all bounds.
pub fn from_microseconds(microseconds: i64) -> Option<Timestamp> {
    Timestamp::from_microsecond(microseconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_in_utc() {
        let moment: Timestamp = "2026-12-01T10:00:00.5+09:00".parse().expect("a moment");
        assert_eq!(to_sql(moment), "2026-12-01 01:00:00.500000");
    }
}
