//! A sentence in every language that a user can choose.

use std::fmt::Display;

use serde::{Deserialize, Serialize};

/// A language of the user interface.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default,
)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Korean.
    Ko,
}

impl Language {
    /// Returns the two-letter code, `en` or `ko`.
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ko => "ko",
        }
    }
}

/// Returns a count and its English noun: `1 day`, `14 days`.
///
/// The number as it is printed decides, so that what was rounded to one is singular.
pub fn counted(count: impl Display, noun: &str) -> String {
    let count = count.to_string();
    let ending = if count == "1" { "" } else { "s" };
    format!("{count} {noun}{ending}")
}

/// Returns bytes of memory in GiB, or in MiB where they are less than one: `3.25 GiB`, `512 MiB`.
pub fn memory(bytes: f64) -> String {
    const MEBIBYTE: f64 = 1_048_576.0;
    const GIBIBYTE: f64 = 1_073_741_824.0;
    let (value, unit) = match bytes.abs() {
        size if size >= GIBIBYTE => (bytes / GIBIBYTE, "GiB"),
        _ => (bytes / MEBIBYTE, "MiB"),
    };
    let digits = if value.abs() >= 100.0 { 0 } else { 2 };
    let text = format!("{value:.digits$}");
    let text = match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => &text,
    };
    format!("{text} {unit}")
}

/// One sentence in English and Korean.
///
/// Both are fields, so that a text without its translation does not compile. A
/// check carries its texts in its own file; everything else that users see lives
/// in the locale files of `render`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Text {
    /// The English sentence.
    pub en: String,
    /// The Korean sentence.
    pub ko: String,
}

impl Text {
    /// Makes a text from its two sentences.
    pub fn new(en: impl Into<String>, ko: impl Into<String>) -> Self {
        Self { en: en.into(), ko: ko.into() }
    }

    /// Makes a text of words that have no translation: those of a library or of the system.
    pub fn verbatim(words: impl Into<String>) -> Self {
        let words = words.into();
        Self { ko: words.clone(), en: words }
    }

    /// Adds why, after a colon.
    pub fn because(self, cause: &Self) -> Self {
        Self { en: format!("{}: {}", self.en, cause.en), ko: format!("{}: {}", self.ko, cause.ko) }
    }

    /// Returns the sentence in `language`.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Ko => &self.ko,
        }
    }
}

/// English first, then Korean.
impl<E: Into<String>, K: Into<String>> From<(E, K)> for Text {
    fn from((en, ko): (E, K)) -> Self {
        Self::new(en, ko)
    }
}

impl From<StaticText> for Text {
    fn from(text: StaticText) -> Self {
        text.to_text()
    }
}

/// A text known at compile time: the title of a check, the sentence of a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StaticText {
    /// The English sentence.
    pub en: &'static str,
    /// The Korean sentence.
    pub ko: &'static str,
}

impl StaticText {
    /// Returns the sentence in `language`.
    pub fn get(self, language: Language) -> &'static str {
        match language {
            Language::En => self.en,
            Language::Ko => self.ko,
        }
    }

    /// Returns the same text, owned.
    pub fn to_text(self) -> Text {
        Text::new(self.en, self.ko)
    }
}

/// Why a verdict is what it is: a stable code for machines, a sentence for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// A stable, lower-case, hyphenated code.
    pub code: String,
    /// The sentence, figures included.
    pub text: Text,
}

impl Reason {
    /// Makes a reason from its code and its two sentences.
    pub fn new(code: impl Into<String>, en: impl Into<String>, ko: impl Into<String>) -> Self {
        Self { code: code.into(), text: Text::new(en, ko) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_singular_and_everything_else_is_plural() {
        assert_eq!(counted(1, "day"), "1 day");
        assert_eq!(counted(0, "day"), "0 days");
        assert_eq!(counted(14, "day"), "14 days");
        assert_eq!(counted(format_args!("{:.0}", 1.2), "connection"), "1 connection");
        assert_eq!(counted(1.5, "day"), "1.5 days");
    }

    #[test]
    fn memory_is_written_in_the_unit_that_reads_well() {
        for (bytes, expected) in [
            (0.0, "0 MiB"),
            (536_870_912.0, "512 MiB"),
            (1_572_864.0, "1.5 MiB"),
            (1_073_741_824.0, "1 GiB"),
            (3_489_660_928.0, "3.25 GiB"),
            (137_438_953_472.0, "128 GiB"),
        ] {
            assert_eq!(memory(bytes), expected);
        }
    }
}
