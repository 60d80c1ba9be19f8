//! A sentence whose values keep their types, in both languages.

use serde::{Deserialize, Serialize};

use super::value::{Tone, Value};
use crate::text::Language;

/// A part of a sentence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Span {
    /// What it says.
    pub value: SpanValue,
    /// What its colour says.
    pub tone: Tone,
}

/// What a part of a sentence is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpanValue {
    /// Words of the sentence's language.
    Words(String),
    /// A value, which a format shows its own way.
    Value(Value),
}

/// A sentence in both languages, made of words and values.
///
/// The order of values differs between languages, so each has its own spans.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Sentence {
    en: Vec<Span>,
    ko: Vec<Span>,
}

impl Sentence {
    /// Makes a sentence from a pattern per language.
    ///
    /// `{name}` stands for the value of that name. What stands between `[` and `]` has `tone`.
    /// A name without a value stays in the sentence, so that it can be reported. Values are
    /// never read as a pattern.
    pub fn new(en: &str, ko: &str, tone: Tone, values: &[(&str, Value)]) -> Self {
        Self { en: spans(en, tone, values), ko: spans(ko, tone, values) }
    }

    /// Makes a sentence without a mark.
    pub fn plain(en: &str, ko: &str, values: &[(&str, Value)]) -> Self {
        Self::new(en, ko, Tone::Plain, values)
    }

    /// Makes a sentence of one value.
    pub fn of(value: Value) -> Self {
        let span = Span { value: SpanValue::Value(value), tone: Tone::Plain };
        Self { en: vec![span.clone()], ko: vec![span] }
    }

    /// Returns the parts in `language`.
    pub fn spans(&self, language: Language) -> &[Span] {
        match language {
            Language::En => &self.en,
            Language::Ko => &self.ko,
        }
    }

    /// Iterates over the values, in the order of the English sentence.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        self.en.iter().filter_map(|span| match &span.value {
            SpanValue::Value(value) => Some(value),
            SpanValue::Words(_) => None,
        })
    }

    /// Adds another sentence behind this one.
    #[must_use]
    pub fn then(mut self, next: Self) -> Self {
        for (all, more) in [(&mut self.en, next.en), (&mut self.ko, next.ko)] {
            if !all.is_empty() && !more.is_empty() {
                all.push(Span { value: SpanValue::Words(" ".to_owned()), tone: Tone::Plain });
            }
            all.extend(more);
        }
        self
    }
}

fn spans(pattern: &str, tone: Tone, values: &[(&str, Value)]) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut current = Tone::Plain;
    let mut rest = pattern;
    while let Some(at) = rest.find(['{', '[', ']']) {
        let (words, from) = rest.split_at(at);
        push_words(&mut spans, words, current);
        rest = match from.chars().next() {
            Some('[') => {
                current = tone;
                from.get(1..).unwrap_or_default()
            }
            Some(']') => {
                current = Tone::Plain;
                from.get(1..).unwrap_or_default()
            }
            _ => placeholder(from, current, values, &mut spans),
        };
    }
    push_words(&mut spans, rest, current);
    spans
}

/// Adds the value of `{name}` at the start of `from`; returns what follows it.
fn placeholder<'a>(
    from: &'a str,
    tone: Tone,
    values: &[(&str, Value)],
    spans: &mut Vec<Span>,
) -> &'a str {
    let Some((name, rest)) = from.trim_start_matches('{').split_once('}') else {
        push_words(spans, from, tone);
        return "";
    };
    match values.iter().find(|(known, _)| *known == name) {
        Some((_, value)) => {
            spans.push(Span { value: SpanValue::Value(value.clone()), tone });
        }
        None => push_words(spans, &format!("{{{name}}}"), tone),
    }
    rest
}

fn push_words(spans: &mut Vec<Span>, words: &str, tone: Tone) {
    if !words.is_empty() {
        spans.push(Span { value: SpanValue::Words(words.to_owned()), tone });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Money;

    fn words(sentence: &Sentence, language: Language) -> String {
        let word = |span: &Span| match &span.value {
            SpanValue::Words(words) => words.clone(),
            SpanValue::Value(Value::Name(name)) => format!("<{name}>"),
            SpanValue::Value(_) => "<>".to_owned(),
        };
        sentence.spans(language).iter().map(word).collect()
    }

    #[test]
    fn each_language_has_its_own_order() {
        let sentence = Sentence::new(
            "{cost} in {place}, [down].",
            "{place}에서 {cost}, [줄었습니다].",
            Tone::Fell,
            &[
                ("cost", Value::Amount(Money::usd(1.into()))),
                ("place", Value::Name("a{cost}[b]".into())),
            ],
        );
        assert_eq!(words(&sentence, Language::En), "<> in <a{cost}[b]>, down.");
        assert_eq!(words(&sentence, Language::Ko), "<a{cost}[b]>에서 <>, 줄었습니다.");
        let toned: Vec<&Span> =
            sentence.spans(Language::Ko).iter().filter(|span| span.tone == Tone::Fell).collect();
        assert_eq!(toned.len(), 1);
    }

    #[test]
    fn a_name_without_a_value_stays() {
        let sentence = Sentence::plain("a {b} c", "가 {b", &[]);
        assert_eq!(words(&sentence, Language::En), "a {b} c");
        assert_eq!(words(&sentence, Language::Ko), "가 {b");
    }
}
