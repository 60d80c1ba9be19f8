//! A file, by what its name says it is.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Record, csv, json, markdown};
use crate::channel::Channel;
use crate::notice::Notice;
use crate::problem::Problem;

/// How large a file may be: it is held in memory as a whole.
pub const FILE_BYTES_AT_MOST: u64 = 1024 * 1024;

/// How many notices a file may have: they are written in one transaction.
const NOTICES_AT_MOST: usize = 500;
/// How many problems of a file are told: enough to mend it, and no more than a status row holds.
const PROBLEMS_AT_MOST: usize = 100;

/// Reads the notices of a file, all or none.
///
/// `arrived` is when the file came: notices that name no beginning are shown from then. `open` are the channels that
/// this function can send to.
///
/// # Errors
///
/// With every problem that was found, in the order of the file.
pub fn read(
    object_key: &str,
    bytes: &[u8],
    arrived: Timestamp,
    open: &BTreeSet<Channel>,
) -> Result<Vec<Notice>, Vec<Problem>> {
    let records = records(object_key, bytes)?;
    if records.is_empty() {
        return Err(vec![Problem::of_file("has no notice")]);
    }
    if records.len() > NOTICES_AT_MOST {
        let count = records.len();
        return Err(vec![Problem::of_file(format!(
            "has {count} notices; {NOTICES_AT_MOST} are the most"
        ))]);
    }
    let mut notices: Vec<Notice> = Vec::new();
    let mut problems = Vec::new();
    let mut ids = BTreeSet::new();
    for record in &records {
        match Notice::from_record(record, arrived, open) {
            Ok(notice) if ids.insert(notice.id.clone()) => notices.push(notice),
            Ok(notice) => problems.push(Problem::of_field(
                record.place,
                "id",
                format!("is `{}` twice in this file", notice.id),
            )),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() {
        return Ok(notices);
    }
    let more = problems.len().saturating_sub(PROBLEMS_AT_MOST);
    problems.truncate(PROBLEMS_AT_MOST);
    if more > 0 {
        problems.push(Problem::of_file(format!("has {more} more problems")));
    }
    Err(problems)
}

fn records(object_key: &str, bytes: &[u8]) -> Result<Vec<Record>, Vec<Problem>> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line =
            1 + bytes.iter().take(error.valid_up_to()).filter(|byte| **byte == b'\n').count();
        let mut problem = Problem::of_file("is not UTF-8; save the file as UTF-8");
        problem.line = u64::try_from(line).ok();
        vec![problem]
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let ending = object_key.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    match ending.as_deref() {
        Some("json") => json::records(text),
        Some("csv") => csv::records(text),
        Some("md" | "markdown") => markdown::records(text),
        Some(_) | None => {
            Err(vec![Problem::of_file("has a name that ends in none of .json, .csv and .md")])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(object_key: &str, text: &[u8], expected: Result<usize, &[&str]>) {
        let arrived = "2026-12-01T00:00:00Z".parse().expect("a moment");
        let open = BTreeSet::from([Channel::Push, Channel::Slack]);
        match (read(object_key, text, arrived, &open), expected) {
            (Ok(notices), Ok(count)) => assert_eq!(notices.len(), count),
            (Err(problems), Err(texts)) => {
                assert_eq!(problems.iter().map(ToString::to_string).collect::<Vec<_>>(), texts);
            }
            (found, expected) => panic!("{found:?} instead of {expected:?}"),
        }
    }

    #[test]
    fn each_format_is_known_by_the_ending() {
        let json =
            r#"{"id":"a","title":"점검","body":"안내","audience":"all","channels":["push"]}"#;
        check("in/a.JSON", json.as_bytes(), Ok(1));
        check(
            "in/a.csv",
            "id,title,body,audience,channels\na,점검,안내,all,push;slack\n".as_bytes(),
            Ok(1),
        );
        check(
            "in/a.md",
            "---\nid: a\ntitle: 점검\naudience: all\nchannels: [push]\n---\n안내\n".as_bytes(),
            Ok(1),
        );
        check("in/a.xlsx", b"", Err(&["has a name that ends in none of .json, .csv and .md"]));
    }

    #[test]
    fn a_bad_row_is_named_with_its_cell() {
        check(
            "a.csv",
            "id,title,body,audience,channels\na,t,b,all,push\nb,,b,all,fax\n".as_bytes(),
            Err(&[
                "line 3, column 2: `title` is empty",
                "line 3, column 5: `channels` has `fax`; there are push, slack, email and sns",
            ]),
        );
    }

    #[test]
    fn a_channel_that_is_not_open_is_a_problem_of_the_file() {
        check(
            "a.csv",
            b"id,title,body,audience,channels\na,t,b,all,sns\n",
            Err(&["line 2, column 5: `channels` has `sns`, which is not set up for this function"]),
        );
    }

    #[test]
    fn the_same_id_twice_is_refused() {
        check(
            "a.csv",
            b"id,title,body,audience,channels\na,t,b,all,push\na,t,b,all,push\n",
            Err(&["line 3, column 1: `id` is `a` twice in this file"]),
        );
    }

    #[test]
    fn letters_of_an_old_code_page_are_named_by_line() {
        check(
            "a.csv",
            b"id,title\na,\xc1\xa1\xb0\xcb\n",
            Err(&["line 2: is not UTF-8; save the file as UTF-8"]),
        );
    }

    #[test]
    fn a_mark_of_byte_order_is_no_part_of_the_text() {
        check(
            "a.csv",
            "\u{feff}id,title,body,audience,channels\na,t,b,all,push\n".as_bytes(),
            Ok(1),
        );
    }

    #[test]
    fn a_file_of_too_many_notices_is_refused() {
        let rows = "a,t,b,all,push\n".repeat(501);
        let text = format!("id,title,body,audience,channels\n{rows}");
        check("a.csv", text.as_bytes(), Err(&["has 501 notices; 500 are the most"]));
    }

    #[test]
    fn no_notice_is_a_problem() {
        check("a.json", b"[]", Err(&["has no notice"]));
    }
}
