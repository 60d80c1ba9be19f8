//! A value of the configuration that is not one, in both languages.

use std::fmt;

use trimtab_model::text::Text;

/// Stands between the languages: no text that people write has it.
const BETWEEN: char = '\u{1f}';

/// Why a value is refused.
///
/// A parser passes errors on as one text, so both languages travel in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused(Text);

impl Refused {
    pub(super) fn new(en: String, ko: String) -> Self {
        Self(Text::new(en, ko))
    }

    /// Returns what a parser's message says in each language, where it is one of ours.
    pub(super) fn text_of(message: &str) -> Option<Text> {
        let (en, ko) = message.split_once(BETWEEN)?;
        Some(Text::new(en, ko))
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{BETWEEN}{}", self.0.en, self.0.ko)
    }
}
