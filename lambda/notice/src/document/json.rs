//! JSON: one notice as an object, or several in an array.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{Field, Record, Value};
use crate::problem::{Place, Problem};

/// An object whose values are still text, so that their places are known; a name may come twice.
struct Object<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Object<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a notice as an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut entries = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, &'de RawValue>()? {
                    entries.push((name, value));
                }
                Ok(Object(entries))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

/// Reads the records of a file.
pub(super) fn records(text: &str) -> Result<Vec<Record>, Vec<Problem>> {
    let raw: &RawValue = serde_json::from_str(text).map_err(|error| vec![syntax(&error)])?;
    let objects: Vec<&RawValue> = if raw.get().starts_with('[') {
        serde_json::from_str(raw.get()).map_err(|error| vec![syntax(&error)])?
    } else {
        vec![raw]
    };
    let mut records = Vec::new();
    let mut problems = Vec::new();
    for object in objects {
        match record(text, object) {
            Ok(record) => records.push(record),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(records) } else { Err(problems) }
}

fn record(text: &str, raw: &RawValue) -> Result<Record, Vec<Problem>> {
    let place = place(text, raw);
    let Ok(Object(entries)) = serde_json::from_str::<Object<'_>>(raw.get()) else {
        return Err(vec![Problem::at(place, "is not an object; write a notice as an object")]);
    };
    let mut fields: Vec<Field> = Vec::new();
    let mut problems = Vec::new();
    for (name, raw) in entries {
        let found = field(text, &name, raw);
        match found {
            Ok(Some(field)) if fields.iter().any(|earlier| earlier.name == field.name) => {
                problems.push(Problem::of_field(field.place, &name, "is there twice"));
            }
            Ok(Some(field)) => fields.push(field),
            Ok(None) => {}
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(Record { place, fields }) } else { Err(problems) }
}

/// Returns a field; none when it is null, which says that it is not there.
fn field(text: &str, name: &str, raw: &RawValue) -> Result<Option<Field>, Problem> {
    let place = place(text, raw);
    let value = match serde_json::from_str::<serde_json::Value>(raw.get()) {
        Ok(serde_json::Value::Null) => return Ok(None),
        Ok(serde_json::Value::String(text)) => Value::Text(text),
        Ok(serde_json::Value::Array(entries)) => {
            let texts: Option<Vec<String>> =
                entries.iter().map(|entry| entry.as_str().map(str::to_owned)).collect();
            match texts {
                Some(texts) => Value::List(texts),
                None => return Err(Problem::of_field(place, name, "has an entry that is no text")),
            }
        }
        Ok(_) => {
            return Err(Problem::of_field(place, name, "is neither a text nor a list of texts"));
        }
        Err(error) => return Err(Problem::of_field(place, name, reason(&error))),
    };
    Ok(Some(Field { name: name.to_owned(), value, place }))
}

/// Returns where a value begins: it is a part of the very text.
fn place(text: &str, raw: &RawValue) -> Place {
    let offset = (raw.get().as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    Place::of_offset(text, offset)
}

fn syntax(error: &serde_json::Error) -> Problem {
    let mut problem = Problem::of_file(reason(error));
    problem.line = u64::try_from(error.line()).ok();
    problem.column = u64::try_from(error.column()).ok();
    problem
}

/// Returns what serde_json says, without the place, which is told apart.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let end = text.rfind(" at line ").unwrap_or(text.len());
    format!("is not JSON: {}", text.get(..end).unwrap_or(&text))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let problems = records(text).expect_err("a problem");
        assert_eq!(problems.iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_syntax_error_is_named_by_line_and_column() {
        check("{\n  \"id\": \"a\",\n}", &["line 3, column 1: is not JSON: key must be a string"]);
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_named_where_it_stands() {
        check(
            "[\n {\"id\": 7}\n]",
            &["line 2, column 9: `id` is neither a text nor a list of texts"],
        );
    }

    #[test]
    fn a_field_twice_is_refused() {
        check(r#"{"id":"a","id":"b"}"#, &["line 1, column 16: `id` is there twice"]);
    }

    #[test]
    fn null_says_that_a_field_is_not_there() {
        assert!(records(r#"{"publish_until":null}"#).expect("a record")[0].fields.is_empty());
    }

    proptest! {
        #[test]
        fn whatever_the_text_there_is_an_answer(text in "\\PC{0,80}") {
            let answer = records(&text);
            prop_assert!(answer.is_ok() || answer.is_err_and(|problems| !problems.is_empty()));
        }
    }
}
