//! Users per day, as the owner counts them: `traffic/users.csv`.

use std::collections::BTreeMap;
use std::path::Path;

use csv::StringRecord;
use jiff::civil::Date;
use trimtab_model::text::Text;
use trimtab_model::traffic::UserDay;

use crate::error::InputError;
use crate::header;

pub(super) const FILE: &str = "users.csv";
const DATE: &str = "date";
const DAU: &str = "dau";
const NEW_USERS: &str = "new_users";
const PEAK: &str = "peak_concurrent_users";
/// Three centuries of days: more is not a file of days.
const MAX_ROWS: usize = 110_000;

/// Reads `dir/traffic/users.csv` alone; absent where there is no such file.
///
/// # Errors
/// Fails as [`users`] does.
pub fn read(dir: &Path) -> Result<Option<Vec<UserDay>>, InputError> {
    let path = dir.join("traffic").join(FILE);
    if path.exists() { users(&path).map(Some) } else { Ok(None) }
}

/// Reads users per day: `date,dau[,new_users,peak_concurrent_users]`.
///
/// # Errors
/// Fails if a row cannot be read, or has a date that another has: the file is left out as a
/// whole, for half of the users would look like a fall.
pub(super) fn users(path: &Path) -> Result<Vec<UserDay>, InputError> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_path(path)
        .map_err(|cause| unreadable(path, &cause))?;
    let mut record = StringRecord::new();
    if !reader.read_record(&mut record).map_err(|cause| unreadable(path, &cause))? {
        return Err(InputError::new(
            path,
            ("is empty", "비어 있습니다"),
            ("give at least the header date,dau", "적어도 머리글 date,dau는 있어야 합니다"),
        ));
    }
    let header = Header::read(path, &record)?;
    let mut days: BTreeMap<Date, UserDay> = BTreeMap::new();
    while reader.read_record(&mut record).map_err(|cause| unreadable(path, &cause))? {
        let row = record.position().map_or(0, csv::Position::line);
        let day = header.day(&record).map_err(|bad| {
            InputError::new(path, bad.problem, bad.hint).at_row(row).in_column(bad.column)
        })?;
        if days.insert(day.date, day).is_some() {
            let date = day.date;
            let problem = (format!("gives {date} twice"), format!("{date}: 두 번 나옵니다"));
            let hint = ("keep one row per day", "하루에 한 행만 두세요");
            let error = InputError::new(path, problem, hint);
            return Err(error.at_row(row).in_column(DATE));
        }
        if days.len() > MAX_ROWS {
            let problem = (
                format!("has more than {MAX_ROWS} days"),
                format!("{MAX_ROWS}일보다 많은 날이 있습니다"),
            );
            let hint = ("give one row per day", "하루에 한 행씩 쓰세요");
            return Err(InputError::new(path, problem, hint).at_row(row));
        }
    }
    Ok(days.into_values().collect())
}

fn unreadable(path: &Path, cause: &csv::Error) -> InputError {
    let hint = ("save it as CSV in UTF-8", "UTF-8로 된 CSV로 저장하세요");
    let error = InputError::unreadable(path, cause, hint);
    match cause.position() {
        Some(position) => error.at_row(position.line()),
        None => error,
    }
}

/// Where each column stands.
struct Header {
    date: usize,
    dau: usize,
    new_users: Option<usize>,
    peak: Option<usize>,
}

/// What is wrong with one field.
struct Bad {
    column: &'static str,
    problem: Text,
    hint: Text,
}

impl Header {
    fn read(path: &Path, record: &StringRecord) -> Result<Self, InputError> {
        let at = header::positions(path, record)?;
        let required = |name: &str| {
            at.get(name).copied().ok_or_else(|| {
                let problem = (format!("has no column {name}"), "필요한 열이 없습니다");
                let hint = ("give the columns date and dau", "date 열과 dau 열을 넣으세요");
                InputError::new(path, problem, hint).in_column(name)
            })
        };
        Ok(Self {
            date: required(DATE)?,
            dau: required(DAU)?,
            new_users: at.get(NEW_USERS).copied(),
            peak: at.get(PEAK).copied(),
        })
    }

    fn day(&self, record: &StringRecord) -> Result<UserDay, Bad> {
        let text = record.get(self.date).unwrap_or_default();
        let date = text.parse().map_err(|_| Bad {
            column: DATE,
            problem: Text::new(
                format!("{text:?} is not a date"),
                format!("{text:?}: 날짜가 아닙니다"),
            ),
            hint: Text::new("give a date such as 2026-10-01", "2026-10-01과 같은 날짜를 쓰세요"),
        })?;
        let dau = count(record, Some(self.dau), DAU)?.ok_or(Bad {
            column: DAU,
            problem: Text::new("is empty", "비어 있습니다"),
            hint: Text::new(
                "give the number of users, or leave the day out",
                "사용자 수를 쓰거나 그날을 빼세요",
            ),
        })?;
        Ok(UserDay {
            date,
            dau,
            new_users: count(record, self.new_users, NEW_USERS)?,
            peak_concurrent_users: count(record, self.peak, PEAK)?,
        })
    }
}

/// Reads a count; an absent column and an empty field are unknown, not zero.
fn count(
    record: &StringRecord,
    index: Option<usize>,
    column: &'static str,
) -> Result<Option<u64>, Bad> {
    let text = index.and_then(|index| record.get(index)).unwrap_or_default();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| Bad {
        column,
        problem: Text::new(
            format!("{text:?} is not a number of users"),
            format!("{text:?}: 사용자 수가 아닙니다"),
        ),
        hint: Text::new(
            "give a whole number without separators, such as 12000",
            "12000처럼 구분 기호가 없는 정수를 쓰세요",
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("traffic")).unwrap();
        std::fs::write(dir.path().join("traffic").join(FILE), text).unwrap();
        let (days, error) = match read(dir.path()) {
            Ok(days) => (days.unwrap_or_default(), None),
            Err(error) => (Vec::new(), Some(error)),
        };
        let shown: Vec<String> = days
            .iter()
            .map(|day| {
                let known =
                    |count: Option<u64>| count.map_or("-".to_owned(), |count| count.to_string());
                let (new, peak) = (known(day.new_users), known(day.peak_concurrent_users));
                format!("{} {} {new} {peak}", day.date, day.dau)
            })
            .chain(error.iter().map(|error| {
                format!(
                    "row {} {}: {}",
                    error.row.map_or("-".to_owned(), |row| row.to_string()),
                    error.column.as_deref().unwrap_or("-"),
                    error.problem.en
                )
            }))
            .collect();
        assert_eq!(shown.join("; "), expected);
    }

    #[test]
    fn days_are_sorted_and_what_is_absent_is_unknown() {
        check(
            "\u{feff}date,dau,new_users,peak_concurrent_users\n2026-10-02,200,,50\n2026-10-01,100,7,\n",
            "2026-10-01 100 7 -; 2026-10-02 200 - 50",
        );
        check("dau,date\n5,2026-10-01\n", "2026-10-01 5 - -");
    }

    #[test]
    fn bad_rows_are_named() {
        check("date,dau\n2026-10-01,1\n2026-10-01,2\n", "row 3 date: gives 2026-10-01 twice");
        check("date,dau\n2026-10-01,many\n", r#"row 2 dau: "many" is not a number of users"#);
        check("date,dau\n2026-13-01,1\n", r#"row 2 date: "2026-13-01" is not a date"#);
        check("date,dau\n2026-10-01,\n", "row 2 dau: is empty");
        check("date,users\n2026-10-01,1\n", "row - dau: has no column dau");
        check("", "row - -: is empty");
    }

    #[test]
    fn an_absent_file_is_no_error() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(read(dir.path()), Ok(None));
    }
}
