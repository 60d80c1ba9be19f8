//! Markdown with front matter: the fields between two lines of `---`, then the body.
//!
//! The front matter is the part of YAML that such files use: `name: text`, `name: [one, two]`, lists of `- one` lines,
//! quotes and comments. What is more than that is refused with its line, and never guessed.

use super::{Field, Record, Value};
use crate::problem::{Place, Problem};

/// Reads the one record of a file.
pub(super) fn records(text: &str) -> Result<Vec<Record>, Vec<Problem>> {
    let lines: Vec<&str> = text.lines().collect();
    let is_fence = |line: &&str| line.trim_end() == "---";
    if !lines.first().is_some_and(is_fence) {
        return Err(vec![at(0, 0, "does not begin with `---`, the fields, and `---`")]);
    }
    let Some(end) = lines.iter().skip(1).position(is_fence).map(|index| index + 1) else {
        return Err(vec![at(0, 0, "has fields that no line of `---` ends")]);
    };
    let mut fields = front_matter(lines.get(1..end).unwrap_or_default())?;
    let body = lines.get(end + 1..).unwrap_or_default().join("\n").trim().to_owned();
    if fields.iter().any(|field| field.name == "body") {
        return Err(vec![at(0, 0, "has a field `body`; the text below the fields is the body")]);
    }
    fields.push(Field {
        name: "body".to_owned(),
        value: Value::Text(body),
        place: place(end + 1, 0),
    });
    Ok(vec![Record { place: place(0, 0), fields }])
}

/// Reads the fields; the first of `lines` is line 2 of the file.
fn front_matter(lines: &[&str]) -> Result<Vec<Field>, Vec<Problem>> {
    let mut fields: Vec<Field> = Vec::new();
    let mut problems = Vec::new();
    // Whether the field before has no value yet, so that entries may follow.
    let mut is_open = false;
    for (index, line) in lines.iter().enumerate() {
        let row = index + 1;
        let content = line.trim();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        if let Some(entry) = content.strip_prefix("- ") {
            match (fields.last_mut(), scalar(entry)) {
                (Some(Field { value: Value::List(entries), .. }), Ok(entry)) if is_open => {
                    entries.push(entry)
                }
                (_, Err(reason)) => problems.push(at(row, 0, reason)),
                (Some(_) | None, Ok(_)) => problems.push(at(row, 0, "is an entry of no list")),
            }
            continue;
        }
        match field(line, row) {
            Ok((field, _)) if fields.iter().any(|earlier| earlier.name == field.name) => {
                problems.push(Problem::of_field(field.place, &field.name, "is there twice"));
            }
            Ok((field, waits)) => {
                fields.push(field);
                is_open = waits;
            }
            Err(problem) => problems.push(problem),
        }
    }
    // A name without any value is a field that is not there.
    fields.retain(|field| field.value != Value::List(Vec::new()));
    if problems.is_empty() { Ok(fields) } else { Err(problems) }
}

/// Returns the field of a line, and whether its entries are on the lines that follow.
fn field(line: &str, row: usize) -> Result<(Field, bool), Problem> {
    let is_name = |character: char| character.is_ascii_lowercase() || character == '_';
    let Some((name, rest)) =
        line.split_once(':').filter(|(name, _)| !name.is_empty() && name.chars().all(is_name))
    else {
        return Err(at(row, 0, "is no field; write `name: value`, without spaces before the name"));
    };
    let content = rest.trim();
    let column = line.chars().count() - rest.trim_start().chars().count();
    let place = place(row, column);
    let problem = |reason: &str| Problem::of_field(place, name, reason);
    if !rest.is_empty() && !rest.starts_with(' ') {
        return Err(problem("needs a space behind the colon"));
    }
    let value = if content.is_empty() {
        return Ok((Field { name: name.to_owned(), value: Value::List(Vec::new()), place }, true));
    } else if let Some(inside) = content.strip_prefix('[') {
        let Some(inside) = inside.strip_suffix(']') else {
            return Err(problem("has a list that no `]` ends"));
        };
        let entries = inside.split(',').filter(|entry| !entry.trim().is_empty());
        Value::List(entries.map(scalar).collect::<Result<_, _>>().map_err(problem)?)
    } else {
        Value::Text(scalar(content).map_err(problem)?)
    };
    Ok((Field { name: name.to_owned(), value, place }, false))
}

/// Returns a plain or quoted text.
fn scalar(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    if let Some(rest) = text.strip_prefix('\'') {
        let inside = rest.strip_suffix('\'').ok_or("has a quote that is not closed")?;
        let unescaped = inside.replace("''", "");
        return if unescaped.contains('\'') {
            Err("has text behind its quotes")
        } else {
            Ok(inside.replace("''", "'"))
        };
    }
    if text.starts_with('"') {
        return serde_json::from_str(text).map_err(|_| "has double quotes that do not end well");
    }
    if text.starts_with(['{', '&', '*', '!', '|', '>', '%', '@', '`']) {
        return Err("begins with a sign that has a meaning in YAML; put the text in quotes");
    }
    let end = text.find(" #").unwrap_or(text.len());
    Ok(text.get(..end).unwrap_or(text).trim_end().to_owned())
}

fn place(row: usize, column: usize) -> Place {
    let number = |index: usize| u64::try_from(index).map_or(u64::MAX, |index| index + 1);
    Place { line: number(row), column: number(column) }
}

fn at(row: usize, column: usize, reason: &str) -> Problem {
    Problem::at(place(row, column), reason)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let problems = records(text).expect_err("a problem");
        assert_eq!(problems.iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
    }

    fn value(text: &str) -> Value {
        records(&format!("---\n{text}\n---\n본문\n")).expect("a record")[0].fields[0].value.clone()
    }

    #[test]
    fn texts_and_lists_are_read() {
        assert_eq!(
            value("title: 12월 점검: 안내 # 메모"),
            Value::Text("12월 점검: 안내".to_owned())
        );
        assert_eq!(value("title: 'it''s'"), Value::Text("it's".to_owned()));
        assert_eq!(value("title: \"가\\n나\""), Value::Text("가\n나".to_owned()));
        let both = Value::List(vec!["push".to_owned(), "slack".to_owned()]);
        assert_eq!(value("channels: [push, slack]"), both);
        assert_eq!(value("channels:\n  - push\n  - slack"), both);
    }

    #[test]
    fn the_body_is_what_follows() {
        let record =
            records("---\nid: a\n---\n\n# 제목\n\n---\n본문\n").expect("a record").remove(0);
        assert_eq!(record.fields[1].value, Value::Text("# 제목\n\n---\n본문".to_owned()));
    }

    #[test]
    fn what_is_not_understood_is_named_by_line() {
        check(
            "---\nid: a\n  nested: b\n---\n",
            &["line 3, column 1: is no field; write `name: value`, without spaces before the name"],
        );
        check("---\ntitle: [a\n---\n", &["line 2, column 8: `title` has a list that no `]` ends"]);
        check(
            "title: a\n",
            &["line 1, column 1: does not begin with `---`, the fields, and `---`"],
        );
        check("---\ntitle: a\n", &["line 1, column 1: has fields that no line of `---` ends"]);
        check(
            "---\ntitle: |\n---\n",
            &[
                "line 2, column 8: `title` begins with a sign that has a meaning in YAML; put the text in quotes",
            ],
        );
    }

    proptest! {
        #[test]
        fn whatever_the_text_there_is_an_answer(text in "(---\n)?\\PC{0,60}(\n---\n)?") {
            let answer = records(&text);
            prop_assert!(answer.is_ok() || answer.is_err_and(|problems| !problems.is_empty()));
        }
    }
}
