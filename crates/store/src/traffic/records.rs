//! The records of one file: lines of a text, or rows of a table.

use std::path::{Path, PathBuf};

use trimtab_model::traffic::LineProblem;

use super::event_table::{Row, Rows};
use super::format::{Format, Read};
use super::lines::{Line, Lines, Unfolding};
use super::request::Request;
use crate::error::InputError;

/// What a file is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    /// Lines of a format.
    Lines(Format),
    /// Rows of events.
    Table,
}

/// The records of one file.
pub(super) struct Records {
    path: PathBuf,
    from: From,
}

enum From {
    Lines(Box<Lines>, Format),
    Table(Box<Rows>),
}

/// What a record is.
#[derive(Debug)]
pub(super) enum Record<'a> {
    /// It holds a request or an event; its bytes tell it from others.
    Request(&'a [u8], Request<'a>),
    /// It holds none by design.
    Nothing,
    /// It cannot be read.
    Problem(LineProblem),
}

impl Records {
    /// Opens a file.
    ///
    /// # Errors
    /// Fails if it cannot be read.
    pub(super) fn open(path: &Path, form: &Form, unfolding: Unfolding) -> Result<Self, InputError> {
        let from = match form {
            Form::Lines(format) => {
                let lines = Lines::open(path, unfolding).map_err(|cause| {
                    let hint =
                        ("check the file, or export it again", "파일을 확인하거나 다시 내보내세요");
                    InputError::unreadable(path, &cause, hint)
                })?;
                From::Lines(Box::new(lines), format.clone())
            }
            Form::Table => From::Table(Box::new(Rows::open(path)?)),
        };
        Ok(Self { path: path.to_owned(), from })
    }

    /// Returns the row of the record that was read last.
    pub(super) fn row(&self) -> u64 {
        match &self.from {
            From::Lines(lines, _) => lines.row(),
            From::Table(rows) => rows.row(),
        }
    }

    /// Reads the next record; absent at the end.
    ///
    /// # Errors
    /// Fails where the file breaks off or is damaged, and names the row.
    pub(super) fn next(&mut self) -> Result<Option<Record<'_>>, InputError> {
        match &mut self.from {
            From::Lines(lines, format) => {
                let row = lines.row() + 1;
                let line = lines.next().map_err(|cause| {
                    InputError::unreadable(&self.path, &cause, BROKEN).at_row(row)
                })?;
                Ok(line.map(|line| match line {
                    Line::TooLong => Record::Problem(LineProblem::TooLong),
                    Line::Text(text) => match format.read(text) {
                        Read::Request(request) => Record::Request(text, request),
                        Read::Nothing => Record::Nothing,
                        Read::Problem(problem) => Record::Problem(problem),
                    },
                }))
            }
            From::Table(rows) => {
                let row = rows
                    .next()
                    .map_err(|error| InputError { hint: Box::new(BROKEN.into()), ..error })?;
                Ok(row.map(|(key, read): Row<'_>| match read {
                    Ok(request) => Record::Request(key, request),
                    Err(problem) => Record::Problem(problem),
                }))
            }
        }
    }
}

/// What to do about a file that breaks off.
const BROKEN: (&str, &str) = (
    "the lines before are counted, those behind are missing; export the file again",
    "이 앞의 줄은 집계했고 뒤의 줄은 빠졌습니다. 파일을 다시 내보내세요",
);
