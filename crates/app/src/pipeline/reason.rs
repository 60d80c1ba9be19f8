//! Why somebody decides something.

use crate::failure::Failure;

/// Characters of a reason at most: lists show it.
const LONGEST: usize = 500;

/// Returns the reason that was given.
///
/// # Errors
/// Fails where there is none, or a book.
pub fn stated_reason(given: Option<&str>) -> Result<&str, Failure> {
    let reason = given.map(str::trim).filter(|reason| !reason.is_empty());
    let reason = reason.ok_or_else(|| {
        Failure::usage(
            ("nobody says why", "이유가 없습니다"),
            ("write a reason: others will ask", "다른 사람이 알 수 있게 이유를 쓰세요"),
        )
    })?;
    if reason.chars().count() > LONGEST {
        return Err(Failure::usage(
            ("the reason is too long", "이유가 너무 깁니다"),
            (format!("write {LONGEST} characters at most"), format!("{LONGEST}자 이내로 쓰세요")),
        ));
    }
    Ok(reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_something_and_not_a_book() {
        assert_eq!(stated_reason(Some("  later ")).ok(), Some("later"));
        let long = "a".repeat(LONGEST + 1);
        for none in [None, Some(""), Some("  "), Some(long.as_str())] {
            assert!(stated_reason(none).is_err(), "{none:?}");
        }
    }
}
