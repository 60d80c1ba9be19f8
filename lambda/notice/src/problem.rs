//! What is wrong with a file, and where.

use std::fmt;

use serde::Serialize;

/// Says what is wrong at one place of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Line of the file, from 1; none when it is about the file as a whole.
    pub line: Option<u64>,
    /// Character of the line, from 1; in CSV the number of the cell.
    pub column: Option<u64>,
    /// Name of the field.
    pub field: Option<String>,
    /// What is wrong and what would be right, as a fragment.
    pub reason: String,
}

/// Is a place in a file: line and column, both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Line of the file.
    pub line: u64,
    /// Character of the line; in CSV the number of the cell.
    pub column: u64,
}

/// How much is told of what a file says: it may be as long as the file.
const REASON_CHARACTERS: usize = 300;
const FIELD_CHARACTERS: usize = 60;

impl Problem {
    /// Returns a problem of the file as a whole.
    pub fn of_file(reason: impl AsRef<str>) -> Self {
        Self {
            line: None,
            column: None,
            field: None,
            reason: beginning(reason.as_ref(), REASON_CHARACTERS),
        }
    }

    /// Returns a problem at a place.
    pub fn at(place: Place, reason: impl AsRef<str>) -> Self {
        Self { line: Some(place.line), column: Some(place.column), ..Self::of_file(reason) }
    }

    /// Returns a problem of a field at a place.
    pub fn of_field(place: Place, field: &str, reason: impl AsRef<str>) -> Self {
        Self { field: Some(beginning(field, FIELD_CHARACTERS)), ..Self::at(place, reason) }
    }
}

fn beginning(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(formatter, "line {line}")?;
            if let Some(column) = self.column {
                write!(formatter, ", column {column}")?;
            }
            formatter.write_str(": ")?;
        }
        if let Some(field) = &self.field {
            write!(formatter, "`{field}` ")?;
        }
        formatter.write_str(&self.reason)
    }
}

impl Place {
    /// Returns the place of a byte of a text; the end of the text when it is shorter.
    pub fn of_offset(text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let column = before.get(line_start..).map_or(0, |line| line.chars().count());
        Self { line: count(before.matches('\n').count()) + 1, column: count(column) + 1 }
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_not_bytes() {
        assert_eq!(Place::of_offset("가나\n다라x", 13), Place { line: 2, column: 3 });
    }

    #[test]
    fn a_long_word_of_a_file_is_cut() {
        assert_eq!(
            Problem::of_file("가".repeat(5000)).reason.chars().count(),
            REASON_CHARACTERS + 1
        );
    }

    #[test]
    fn a_problem_names_place_and_field() {
        let problem = Problem::of_field(Place { line: 3, column: 2 }, "title", "is empty");
        assert_eq!(problem.to_string(), "line 3, column 2: `title` is empty");
    }
}
