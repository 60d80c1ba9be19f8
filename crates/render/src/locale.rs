//! The words of the user interface, in Fluent files, one per language.
//!
//! A text that belongs to a check lives in the check's own file. Everything else
//! that a person reads is a key of `locale/en.ftl` and `locale/ko.ftl`.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use trimtab_model::text::Language;
use unic_langid::LanguageIdentifier;

/// The English texts, as Fluent source.
pub const ENGLISH: &str = include_str!("locale/en.ftl");
/// The Korean texts, as Fluent source.
pub const KOREAN: &str = include_str!("locale/ko.ftl");

type Bundle = FluentBundle<FluentResource>;

static ENGLISH_BUNDLE: LazyLock<Bundle> = LazyLock::new(|| bundle("en", ENGLISH));
static KOREAN_BUNDLE: LazyLock<Bundle> = LazyLock::new(|| bundle("ko", KOREAN));

/// The texts of one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Locale {
    language: Language,
}

impl Locale {
    /// Selects a language.
    pub fn new(language: Language) -> Self {
        Self { language }
    }

    /// Returns the language.
    pub fn language(self) -> Language {
        self.language
    }

    /// Returns the text of `key`; a key that does not exist comes back in brackets.
    pub fn text(self, key: &str) -> String {
        self.text_with(key, &[])
    }

    /// Returns the text of `key` with its placeholders filled.
    ///
    /// The argument called `count` is a number: it chooses between singular and
    /// plural where the text has both. All others are text and appear as given.
    pub fn text_with(self, key: &str, arguments: &[(&str, &str)]) -> String {
        let bundle = self.bundle();
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            return format!("[{key}]");
        };
        let mut filled = FluentArgs::with_capacity(arguments.len());
        for (name, value) in arguments {
            let value = match *name {
                "count" => FluentValue::try_number(value),
                _ => FluentValue::from(*value),
            };
            filled.set(*name, value);
        }
        // A missing argument leaves its placeholder's name in the text, which a
        // reader can report; the list of errors says nothing more.
        let mut errors = Vec::new();
        bundle.format_pattern(pattern, Some(&filled), &mut errors).into_owned()
    }

    fn bundle(self) -> &'static Bundle {
        match self.language {
            Language::En => &ENGLISH_BUNDLE,
            Language::Ko => &KOREAN_BUNDLE,
        }
    }
}

fn bundle(code: &str, source: &str) -> Bundle {
    let language: LanguageIdentifier = code.parse().expect("a language code of this file");
    // Broken entries are left out by the parser; a test proves that there are none.
    let resource = match FluentResource::try_new(source.to_owned()) {
        Ok(resource) | Err((resource, _)) => resource,
    };
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // Isolating marks are bidirectional controls, which a terminal must not receive.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(grouped));
    bundle.add_resource_overriding(resource);
    bundle
}

/// Returns a number with commas between thousands, as all numbers for people have them.
fn grouped<M>(value: &FluentValue<'_>, _memoizer: &M) -> Option<String> {
    match value {
        FluentValue::Number(number) => Some(crate::number::exact(number.as_string().parse().ok()?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_files_parse() {
        for source in [ENGLISH, KOREAN] {
            let errors = FluentResource::try_new(source.to_owned()).err().map(|(_, errors)| errors);
            assert_eq!(errors, None);
        }
    }

    #[test]
    fn a_missing_key_comes_back_in_brackets() {
        assert_eq!(Locale::new(Language::Ko).text("no-such-key"), "[no-such-key]");
    }

    #[test]
    fn a_count_chooses_the_plural() {
        let text = |count| Locale::new(Language::En).text_with("count-items", &[("count", count)]);
        assert_eq!(text("1"), "1 item");
        assert_eq!(text("36"), "36 items");
        assert_eq!(text("1460"), "1,460 items");
    }
}
