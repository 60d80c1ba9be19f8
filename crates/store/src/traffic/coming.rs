//! Days that are not like others, as the owner says: `traffic/events.csv`.

use std::collections::BTreeMap;
use std::path::Path;

use csv::StringRecord;
use jiff::civil::Date;
use trimtab_model::driver::UserEvent;

use crate::error::InputError;

pub(super) const FILE: &str = "events.csv";
const COLUMNS: [&str; 3] = ["date", "name", "factor"];
/// Days of a calendar of events: more is not one.
const MAX_ROWS: usize = 10_000;
/// A hundred times the users is a slip of the pen.
const MOST: f64 = 100.0;

/// Reads `dir/traffic/events.csv` alone; without such a file there are no events.
///
/// # Errors
/// Fails as [`events`] does.
pub fn read(dir: &Path) -> Result<Vec<UserEvent>, InputError> {
    let path = dir.join("traffic").join(FILE);
    if path.exists() { events(&path) } else { Ok(Vec::new()) }
}

/// Reads `date,name,factor`; an empty factor is for the past to say.
///
/// # Errors
/// Fails if a row cannot be read, or a day comes twice: the file is left out as a whole.
pub(super) fn events(path: &Path) -> Result<Vec<UserEvent>, InputError> {
    let unreadable = |cause: csv::Error| {
        InputError::unreadable(
            path,
            &cause,
            ("save it as CSV in UTF-8", "UTF-8로 된 CSV로 저장하세요"),
        )
    };
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_path(path)
        .map_err(unreadable)?;
    let header = reader.headers().map_err(unreadable)?.clone();
    let named: Vec<String> = header
        .iter()
        .map(|name| name.trim_start_matches('\u{feff}').to_ascii_lowercase())
        .collect();
    let at = COLUMNS.map(|column| named.iter().position(|name| name == column));
    let [Some(date), Some(name), factor] = at else {
        let problem = ("needs the columns date and name", "date 열과 name 열이 필요합니다");
        let hint = (
            "write a header date,name,factor; the factor may be left empty",
            "머리글 date,name,factor를 쓰세요. factor는 비워 둘 수 있습니다",
        );
        return Err(InputError::new(path, problem, hint).at_row(1));
    };
    let mut events: BTreeMap<Date, UserEvent> = BTreeMap::new();
    for record in reader.records() {
        let record = record.map_err(unreadable)?;
        let row = record.position().map_or(0, csv::Position::line);
        let event = event(path, &record, (date, name, factor)).map_err(|bad| bad.at_row(row))?;
        if events.len() >= MAX_ROWS {
            let problem = (
                "has more days than a calendar of events",
                "이벤트 일정으로 보기에 날이 너무 많습니다",
            );
            let hint = ("give one row per event", "이벤트마다 한 행씩 쓰세요");
            return Err(InputError::new(path, problem, hint).at_row(row));
        }
        let date = event.date;
        if events.insert(date, event).is_some() {
            let problem = (format!("gives {date} twice"), format!("{date}: 두 번 나옵니다"));
            let hint = ("keep one row per day", "하루에 한 행만 두세요");
            return Err(InputError::new(path, problem, hint).at_row(row).in_column("date"));
        }
    }
    Ok(events.into_values().collect())
}

fn event(
    path: &Path,
    record: &StringRecord,
    (date, name, factor): (usize, usize, Option<usize>),
) -> Result<UserEvent, InputError> {
    let field = |index: usize| record.get(index).unwrap_or_default();
    let text = field(date);
    let date = text.parse().map_err(|_| {
        let problem = (format!("{text:?} is not a date"), format!("{text:?}: 날짜가 아닙니다"));
        let hint = ("give a date such as 2026-10-01", "2026-10-01과 같은 날짜를 쓰세요");
        InputError::new(path, problem, hint).in_column("date")
    })?;
    let text = factor.map(field).unwrap_or_default();
    let factor = if text.is_empty() {
        None
    } else {
        let value = text.parse::<f64>().ok().filter(|value| *value > 0.0 && *value <= MOST);
        Some(value.ok_or_else(|| {
            let problem = (
                format!("{text:?} is not a factor between 0 and 100"),
                format!("{text:?}: 0보다 크고 100 이하인 배수가 아닙니다"),
            );
            let hint = (
                "write how many times the usual users, such as 2.5, or leave it empty",
                "평소 사용자의 몇 배인지 2.5처럼 쓰거나 비워 두세요",
            );
            InputError::new(path, problem, hint).in_column("factor")
        })?)
    };
    Ok(UserEvent { date, name: field(name).to_owned(), factor })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("traffic")).unwrap();
        std::fs::write(dir.path().join("traffic").join(FILE), text).unwrap();
        let shown = match read(dir.path()) {
            Ok(events) => events
                .iter()
                .map(|event| format!("{} {} {:?}", event.date, event.name, event.factor))
                .collect::<Vec<_>>()
                .join("; "),
            Err(error) => format!("row {:?}: {}", error.row.unwrap_or_default(), error.problem.en),
        };
        assert_eq!(shown, expected);
    }

    #[test]
    fn events_are_sorted_and_a_factor_may_be_for_the_past_to_say() {
        check(
            "date,name,factor\n2026-12-24,Winter patch,2\n2026-11-01,Tournament,\n",
            "2026-11-01 Tournament None; 2026-12-24 Winter patch Some(2.0)",
        );
        check("name,date\nA,2026-11-01\n", "2026-11-01 A None");
    }

    #[test]
    fn bad_rows_are_named() {
        check(
            "date,name,factor\n2026-12-24,A,-1\n",
            r#"row 2: "-1" is not a factor between 0 and 100"#,
        );
        check("date,name\n24.12.,A\n", r#"row 2: "24.12." is not a date"#);
        check("date,name\n2026-12-24,A\n2026-12-24,B\n", "row 3: gives 2026-12-24 twice");
        check("day,name\n", "row 1: needs the columns date and name");
    }
}
