//! Figures as the sentences of findings have them.

use trimtab_model::text::counted;

/// Writes a whole number with commas.
pub(super) fn thousands(value: f64) -> String {
    let digits = format!("{:.0}", value.max(0.0));
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Writes a number that may be small: with one decimal below ten.
pub(super) fn decimals(value: f64) -> String {
    if value >= 9.95 || (value.round() - value).abs() < 0.05 {
        return thousands(value);
    }
    format!("{value:.1}")
}

/// Writes a stretch of hours, in days from two on.
pub(super) fn hours(hours: f64) -> (String, String) {
    if hours >= 48.0 {
        let days = format!("{:.0}", (hours / 24.0).floor());
        return (counted(&days, "day"), format!("{days}일"));
    }
    if hours >= 1.0 {
        let whole = format!("{:.0}", hours.floor());
        return (counted(&whole, "hour"), format!("{whole}시간"));
    }
    let minutes = format!("{:.0}", (hours * 60.0).floor());
    (counted(&minutes, "minute"), format!("{minutes}분"))
}

/// Writes a sentence about a size on disk, with a blank in front, where it is known.
pub(super) fn size(bytes: Option<u64>) -> (String, String) {
    bytes.map_or_else(Default::default, |bytes| {
        let mebibytes = decimals(bytes as f64 / 1_048_576.0);
        (format!(" It takes {mebibytes} MiB."), format!(" 크기는 {mebibytes} MiB입니다."))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_like_figures() {
        assert_eq!(thousands(1_234_567.4), "1,234,567");
        assert_eq!(thousands(999.0), "999");
        assert_eq!(
            (decimals(0.1), decimals(3.0), decimals(9.96)),
            ("0.1".into(), "3".into(), "10".into())
        );
        assert_eq!(hours(71.9).0, "2 days");
        assert_eq!(hours(0.5), ("30 minutes".into(), "30분".into()));
    }
}
