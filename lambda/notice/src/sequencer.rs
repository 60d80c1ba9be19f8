//! The order of the changes of one object.

use std::cmp::Ordering;

use thiserror::Error;

/// Is the position of a change among the changes of its object, as S3 counts them.
///
/// A hexadecimal number without leading zeros. S3 writes it in different lengths: the greater number is the later
/// change, so the shorter text is the earlier one once leading zeros are gone. Numbers of different objects say
/// nothing about each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sequencer(String);

/// Says that a text is no sequencer.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("sequencer `{0}` is not a hexadecimal number of at most 64 digits")]
pub struct SequencerError(String);

impl Sequencer {
    /// Returns the position before every change.
    pub fn none() -> Self {
        Self(String::new())
    }

    /// Reads a sequencer of an event, or one that was stored.
    ///
    /// # Errors
    ///
    /// When a character is no hexadecimal digit, or there are more than 64.
    pub fn parse(text: &str) -> Result<Self, SequencerError> {
        if text.len() > 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(SequencerError(text.chars().take(80).collect()));
        }
        Ok(Self(text.trim_start_matches('0').to_ascii_lowercase()))
    }

    /// Returns the digits, as they are stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Ord for Sequencer {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for Sequencer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(left: &str, right: &str, expected: Ordering) {
        let left = Sequencer::parse(left).expect("a sequencer");
        let right = Sequencer::parse(right).expect("a sequencer");
        assert_eq!(left.cmp(&right), expected);
    }

    #[test]
    fn a_greater_number_is_later() {
        check("0055AED6DCD90281E5", "0055AED6DCD90281E6", Ordering::Less);
    }

    #[test]
    fn a_longer_number_is_later_whatever_its_first_digit() {
        check("FF", "100", Ordering::Less);
    }

    #[test]
    fn leading_zeros_and_case_say_nothing() {
        check("00ab", "AB", Ordering::Equal);
    }

    #[test]
    fn every_change_is_after_none() {
        assert!(Sequencer::none() < Sequencer::parse("1").expect("a sequencer"));
    }

    #[test]
    fn what_is_not_hexadecimal_is_refused() {
        assert!(Sequencer::parse("12g4").is_err());
        assert!(Sequencer::parse(&"1".repeat(65)).is_err());
    }

    proptest! {
        #[test]
        fn the_order_is_that_of_the_numbers(left: u128, right: u128, padding in 0_usize..8) {
            let padded = format!("{}{left:X}", "0".repeat(padding));
            let ordering = Sequencer::parse(&padded).expect("hex").cmp(&Sequencer::parse(&format!("{right:x}")).expect("hex"));
            prop_assert_eq!(ordering, left.cmp(&right));
        }
    }
}
