//! Numbers for people: grouped, and rounded to what matters.

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

/// The sign of what is below zero, for people; machines read a hyphen.
pub const MINUS: char = '−';

/// Returns `value` with `decimals` decimals and commas between thousands.
pub fn grouped(value: Decimal, decimals: u32) -> String {
    let rounded = value.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero);
    let digits = format!("{:.*}", decimals as usize, rounded.abs());
    let (whole, fraction) =
        digits.split_once('.').map_or((digits.as_str(), None), |(w, f)| (w, Some(f)));
    let mut text = String::new();
    if rounded.is_sign_negative() && !rounded.is_zero() {
        text.push(MINUS);
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

/// Returns every digit of `value`, grouped, trailing zeros dropped.
pub fn exact(value: Decimal) -> String {
    let value = value.normalize();
    grouped(value, value.scale())
}

/// Returns `value` as plain decimal text without grouping, exponent or trailing zeros.
///
/// This is the form of the JSON contract and of CSV.
pub fn decimal_text(value: Decimal) -> String {
    let value = value.normalize();
    if value.is_zero() { "0".to_owned() } else { value.to_string() }
}

/// Returns a metric's value with three significant digits, grouped.
///
/// Not a number and infinity, which no metric has, become a dash.
pub fn significant(value: f64) -> String {
    let magnitude = value.abs();
    let decimals = if magnitude >= 100.0 || magnitude == 0.0 {
        0
    } else if magnitude >= 10.0 {
        1
    } else if magnitude >= 1.0 {
        2
    } else {
        4
    };
    if !value.is_finite() {
        return "–".to_owned();
    }
    // Rounded as sentences round it, so that a value reads the same wherever it stands.
    match format!("{value:.decimals$}").parse::<Decimal>() {
        Ok(decimal) => exact(decimal),
        // Beyond 28 digits only the order of magnitude is of use.
        Err(_) => format!("{value:e}"),
    }
}

/// Returns a measured share with one decimal, as the sentences about it have it; a small one keeps
/// three digits.
pub fn measured_percent(value: f64) -> String {
    if value.is_finite() && value.abs() >= 1.0 {
        format!("{value:.1}").parse::<Decimal>().map_or_else(|_| significant(value), exact)
    } else {
        significant(value)
    }
}

/// Returns `percent` (50.0 is one half) with `%`: one decimal below ten, none above.
///
/// A share that is not zero is never shown as `0%`, one that is not whole never as `100%`.
pub fn percent(percent: f64) -> String {
    if !percent.is_finite() {
        return "–".to_owned();
    }
    let magnitude = percent.abs();
    if magnitude == 0.0 {
        "0%".to_owned()
    } else if magnitude < 0.1 {
        (if percent < 0.0 { ">−0.1%" } else { "<0.1%" }).to_owned()
    } else if (99.95..100.0).contains(&magnitude) {
        (if percent < 0.0 { "<−99.9%" } else { ">99.9%" }).to_owned()
    } else if magnitude < 9.95 || (99.5..100.0).contains(&magnitude) {
        format!("{percent:.1}%").replace(".0%", "%").replace('-', "−")
    } else {
        format!("{percent:.0}%").replace('-', "−")
    }
}

/// Returns `part` of `whole` as percent text; a dash where there is no whole.
pub fn share(part: Decimal, whole: Decimal) -> String {
    percent_of(part, whole).map_or_else(|| "–".to_owned(), percent)
}

/// Returns by which share of `whole` something rose or fell, with its sign: `+3%`, `−12%`.
pub fn signed_share(difference: Decimal, whole: Decimal) -> String {
    let text = share(difference.abs(), whole.abs());
    if difference.is_zero() || whole.is_zero() || text.starts_with('<') {
        text
    } else if difference.is_sign_negative() {
        format!("{MINUS}{text}")
    } else {
        format!("+{text}")
    }
}

/// Returns `part` of `whole` in percent; absent where there is no whole.
pub fn percent_of(part: Decimal, whole: Decimal) -> Option<f64> {
    part.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(whole)?.to_f64()
}

/// Returns `mebibytes` as GiB.
pub fn gibibytes(mebibytes: u64) -> String {
    let value = Decimal::from(mebibytes) / Decimal::from(1024);
    format!("{} GiB", exact(value.round_dp(2)))
}

/// Returns a count with commas.
pub fn count(value: u64) -> String {
    grouped(Decimal::from(value), 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn thousands_are_grouped() {
        assert_eq!(grouped(decimal("1234567.891"), 2), "1,234,567.89");
        assert_eq!(grouped(decimal("-1000"), 0), "−1,000");
        assert_eq!(grouped(decimal("-0.001"), 2), "0.00");
        assert_eq!(exact(decimal("0.118000")), "0.118");
    }

    #[test]
    fn decimal_text_has_no_exponent() {
        assert_eq!(decimal_text(decimal("0.00000000000000000001")), "0.00000000000000000001");
        assert_eq!(decimal_text(decimal("12.3400")), "12.34");
        assert_eq!(decimal_text(decimal("-0.00")), "0");
        assert_eq!(decimal_text(decimal("1200")), "1200");
    }

    #[test]
    fn percent_never_rounds_to_nothing() {
        assert_eq!(percent(27.4), "27%");
        assert_eq!(percent(2.74), "2.7%");
        assert_eq!(percent(9.97), "10%");
        assert_eq!(percent(0.04), "<0.1%");
        assert_eq!(percent(99.7), "99.7%");
        assert_eq!(percent(99.99), ">99.9%");
        assert_eq!(percent(100.0), "100%");
        assert_eq!(percent(0.0), "0%");
        assert_eq!(percent(-12.4), "−12%");
        assert_eq!(share(decimal("1"), decimal("0")), "–");
        assert_eq!(signed_share(decimal("3"), decimal("100")), "+3%");
        assert_eq!(signed_share(decimal("-12"), decimal("100")), "−12%");
        assert_eq!(signed_share(decimal("0"), decimal("100")), "0%");
    }

    #[test]
    fn a_metric_keeps_three_digits() {
        assert_eq!(significant(1_234_567.4), "1,234,567");
        assert_eq!(significant(46.04), "46");
        assert_eq!(significant(3.456), "3.46");
        assert_eq!(significant(0.01234), "0.0123");
        assert_eq!(significant(f64::NAN), "–");
        assert_eq!(significant(1e30), "1e30");
    }

    #[test]
    fn a_measured_share_reads_as_in_the_sentence_about_it() {
        for value in [17.25, 9.65, 54.55, 99.95, 3.0] {
            let sentence = format!("{value:.1}").replace(".0", "");
            assert_eq!(measured_percent(value), sentence);
        }
        assert_eq!(significant(17.25), "17.2");
        assert_eq!(measured_percent(0.01234), "0.0123");
    }
}
