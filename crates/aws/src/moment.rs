//! AWS's moments as ours.

use aws_smithy_types::DateTime;
use jiff::Timestamp;

/// Returns the moment; absent where AWS's is outside the calendar.
pub(crate) fn moment(at: &DateTime) -> Option<Timestamp> {
    let nanos = i32::try_from(at.subsec_nanos()).ok()?;
    Timestamp::new(at.secs(), nanos).ok()
}

/// Returns the moment of a time that may be absent.
pub(crate) fn optional(at: Option<&DateTime>) -> Option<Timestamp> {
    at.and_then(moment)
}

/// Returns the moment of milliseconds since 1970, as CloudWatch Logs writes them.
pub(crate) fn of_millis(millis: i64) -> Option<Timestamp> {
    Timestamp::from_millisecond(millis).ok()
}

/// Returns the moment of a text, as Lambda writes it: `2026-10-31T09:30:00.000+0000`.
pub(crate) fn of_text(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_without_a_colon_is_read() {
        let at = "2026-10-31T09:30:00Z".parse::<Timestamp>().ok();
        assert_eq!(of_text("2026-10-31T09:30:00.000+0000"), at);
        assert_eq!(of_text("2026-10-31T18:30:00+0900"), at);
    }
}
