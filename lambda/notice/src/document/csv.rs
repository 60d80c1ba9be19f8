//! CSV: the first row names the fields, every other row is a notice. Lists are separated by `;`.

use csv::{ErrorKind, ReaderBuilder};

use super::{Field, Record, Value};
use crate::problem::{Place, Problem};

/// Fields that hold lists.
const LISTS: [&str; 2] = ["audience", "channels"];

/// Reads the records of a file.
pub(super) fn records(text: &str) -> Result<Vec<Record>, Vec<Problem>> {
    let mut reader = ReaderBuilder::new().from_reader(text.as_bytes());
    let names: Vec<String> = match reader.headers() {
        Ok(names) => names.iter().map(|name| name.trim().to_owned()).collect(),
        Err(error) => return Err(vec![problem(&error)]),
    };
    for (index, name) in names.iter().enumerate() {
        if names.iter().take(index).any(|earlier| earlier == name) {
            return Err(vec![Problem::of_field(place(1, index), name, "is a column twice")]);
        }
    }
    let mut records = Vec::new();
    let mut problems = Vec::new();
    for row in reader.records() {
        match row {
            Ok(row) => {
                let line = row.position().map_or(0, csv::Position::line);
                records.push(Record { place: place(line, 0), fields: fields(&names, &row, line) });
            }
            Err(error) => problems.push(problem(&error)),
        }
    }
    if problems.is_empty() { Ok(records) } else { Err(problems) }
}

/// Returns the cells of a row; an empty cell is an empty text.
fn fields(names: &[String], row: &csv::StringRecord, line: u64) -> Vec<Field> {
    names
        .iter()
        .zip(row)
        .enumerate()
        .map(|(index, (name, cell))| Field {
            name: name.clone(),
            value: if cell.trim().is_empty() {
                Value::Text(String::new())
            } else if LISTS.contains(&name.as_str()) {
                Value::List(cell.split(';').map(|entry| entry.trim().to_owned()).collect())
            } else {
                Value::Text(cell.to_owned())
            },
            place: place(line, index),
        })
        .collect()
}

fn place(line: u64, index: usize) -> Place {
    Place { line, column: u64::try_from(index).map_or(u64::MAX, |index| index + 1) }
}

fn problem(error: &csv::Error) -> Problem {
    let reason = match error.kind() {
        ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("has {len} cells where the first row has {expected_len}")
        }
        _ => "cannot be read as CSV".to_owned(),
    };
    let mut problem = Problem::of_file(reason);
    problem.line = error.position().map(csv::Position::line);
    problem
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_with_a_cell_too_few_is_named() {
        let problems = records("id,title\na\n").expect_err("a row too short");
        assert_eq!(
            problems,
            [Problem {
                line: Some(2),
                ..Problem::of_file("has 1 cells where the first row has 2")
            }]
        );
    }

    #[test]
    fn a_cell_may_hold_lines_and_the_next_row_keeps_its_line() {
        let records = records("id,body\na,\"하나\n둘\"\nb,셋\n").expect("two records");
        assert_eq!(records[0].fields[1].value, Value::Text("하나\n둘".to_owned()));
        assert_eq!(records[1].place.line, 4);
    }

    #[test]
    fn a_column_twice_is_refused() {
        assert!(records("id,id\n").is_err());
    }
}
