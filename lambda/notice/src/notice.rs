//! A notice: what was announced to whom, from when until when, and by which channels.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::audience::Audience;
use crate::channel::Channel;
use crate::document::{Field, Record, Value};
use crate::problem::{Place, Problem};
use crate::schedule::{self, Schedule};

/// Is a notice that is fit to be stored and sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its name in its file: small letters, digits and hyphens.
    pub id: String,
    /// One line of at most 200 characters.
    pub title: String,
    /// At most 20,000 characters.
    pub body: String,
    /// The language it is written in, as a tag such as `ko` or `zh-Hant`.
    pub language: String,
    /// When it is shown.
    pub schedule: Schedule,
    /// Whom it is for.
    pub audience: Audience,
    /// How it is announced.
    pub channels: BTreeSet<Channel>,
}

const TITLE_CHARACTERS_AT_MOST: usize = 200;
const BODY_CHARACTERS_AT_MOST: usize = 20_000;
const LANGUAGE_WITHOUT_FIELD: &str = "ko";
const NAMES: [&str; 9] = [
    "id",
    "title",
    "body",
    "language",
    "publish_from",
    "publish_until",
    "time_zone",
    "audience",
    "channels",
];

impl Notice {
    /// Judges a record.
    ///
    /// # Errors
    ///
    /// With every problem of the record, in the order of its fields.
    pub fn from_record(
        record: &Record,
        arrived: Timestamp,
        open: &BTreeSet<Channel>,
    ) -> Result<Self, Vec<Problem>> {
        let mut reader = Reader { record, problems: Vec::new() };
        reader.refuse_unknown_names();
        let id = reader.needed("id", |field| id(text(field)?));
        let title = reader.needed("title", |field| line(text(field)?, TITLE_CHARACTERS_AT_MOST));
        let body = reader.needed("body", |field| body(text(field)?));
        let language = reader.optional("language", |field| language(text(field)?));
        let schedule = reader.schedule(arrived);
        let audience = reader.needed("audience", |field| Audience::parse(entries(&field.value)));
        let channels = reader.needed("channels", |field| channels(field, open));
        let mut problems = reader.problems;
        problems.sort_by_key(|problem| (problem.line, problem.column));
        match (id, title, body, schedule, audience, channels) {
            (Some(id), Some(title), Some(body), Some(schedule), Some(audience), Some(channels))
                if problems.is_empty() =>
            {
                let language = language.unwrap_or_else(|| LANGUAGE_WITHOUT_FIELD.to_owned());
                Ok(Self { id, title, body, language, schedule, audience, channels })
            }
            _ => Err(problems),
        }
    }
}

/// Takes fields out of a record and keeps what is wrong with them.
struct Reader<'a> {
    record: &'a Record,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn refuse_unknown_names(&mut self) {
        for field in &self.record.fields {
            if !NAMES.contains(&field.name.as_str()) {
                let reason = format!("is no field of a notice; there are {}", NAMES.join(", "));
                self.problems.push(Problem::of_field(field.place, &field.name, reason));
            }
        }
    }

    fn needed<T>(&mut self, name: &str, read: impl Fn(&Field) -> Result<T, String>) -> Option<T> {
        if self.field(name).is_none() {
            let place = self.record.place;
            let empty =
                self.place_of_empty(name).map(|place| Problem::of_field(place, name, "is empty"));
            self.problems
                .push(empty.unwrap_or_else(|| Problem::of_field(place, name, "is missing")));
        }
        self.optional(name, read)
    }

    fn optional<T>(&mut self, name: &str, read: impl Fn(&Field) -> Result<T, String>) -> Option<T> {
        let field = self.field(name)?;
        match read(field) {
            Ok(value) => Some(value),
            Err(reason) => {
                let problem = Problem::of_field(field.place, name, reason);
                self.problems.push(problem);
                None
            }
        }
    }

    fn schedule(&mut self, arrived: Timestamp) -> Option<Schedule> {
        let before = self.problems.len();
        let zone = self.optional("time_zone", |field| schedule::zone(text(field)?));
        if self.problems.len() > before {
            return None;
        }
        let from =
            self.optional("publish_from", |field| schedule::moment(text(field)?, zone.as_ref()));
        let until =
            self.optional("publish_until", |field| schedule::moment(text(field)?, zone.as_ref()));
        if self.problems.len() > before {
            return None;
        }
        let from = from.unwrap_or(arrived);
        if let (Some(until), Some(field)) = (until, self.field("publish_until"))
            && until <= from
        {
            let problem =
                Problem::of_field(field.place, "publish_until", "is not after `publish_from`");
            self.problems.push(problem);
            return None;
        }
        Some(Schedule { from, until })
    }

    fn field(&self, name: &str) -> Option<&Field> {
        self.record
            .fields
            .iter()
            .find(|field| field.name == name && field.value != Value::Text(String::new()))
    }

    fn place_of_empty(&self, name: &str) -> Option<Place> {
        self.record.fields.iter().find(|field| field.name == name).map(|field| field.place)
    }
}

fn text(field: &Field) -> Result<&str, String> {
    match &field.value {
        Value::Text(text) => Ok(text),
        Value::List(_) => Err("is a list where one text is due".to_owned()),
    }
}

/// Returns the entries of a list; a text is one entry.
fn entries(value: &Value) -> Vec<&str> {
    match value {
        Value::Text(text) => vec![text],
        Value::List(entries) => entries.iter().map(String::as_str).collect(),
    }
}

fn id(text: &str) -> Result<String, String> {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if text.is_empty() || text.len() > 64 || !text.bytes().all(is_plain) {
        return Err("is not 1 to 64 small letters, digits and hyphens".to_owned());
    }
    Ok(text.to_owned())
}

fn line(text: &str, characters_at_most: usize) -> Result<String, String> {
    let text = text.trim();
    let length = text.chars().count();
    if length == 0 {
        return Err("is empty".to_owned());
    }
    if length > characters_at_most {
        return Err(format!("has {length} characters; {characters_at_most} are the most"));
    }
    if text.chars().any(char::is_control) {
        return Err("has a line break or another control character".to_owned());
    }
    Ok(text.to_owned())
}

fn body(text: &str) -> Result<String, String> {
    let text = text.trim();
    let length = text.chars().count();
    if length == 0 {
        return Err("is empty".to_owned());
    }
    if length > BODY_CHARACTERS_AT_MOST {
        return Err(format!("has {length} characters; {BODY_CHARACTERS_AT_MOST} are the most"));
    }
    if text
        .chars()
        .any(|character| character.is_control() && !matches!(character, '\n' | '\r' | '\t'))
    {
        return Err("has a control character".to_owned());
    }
    Ok(text.replace("\r\n", "\n"))
}

fn language(text: &str) -> Result<String, String> {
    let is_tag = text.len() <= 35
        && text.split('-').enumerate().all(|(index, part)| {
            let is_first = index == 0;
            let length = if is_first { 2..=3 } else { 2..=8 };
            length.contains(&part.len())
                && part.bytes().all(|byte| {
                    if is_first { byte.is_ascii_lowercase() } else { byte.is_ascii_alphanumeric() }
                })
        });
    if is_tag {
        Ok(text.to_owned())
    } else {
        Err(format!("is `{text}`; write a tag such as ko, en or zh-Hant"))
    }
}

fn channels(field: &Field, open: &BTreeSet<Channel>) -> Result<BTreeSet<Channel>, String> {
    let mut channels = BTreeSet::new();
    for entry in entries(&field.value) {
        let Some(channel) = Channel::of_notice(entry) else {
            return Err(format!("has `{entry}`; there are push, slack, email and sns"));
        };
        if !open.contains(&channel) {
            return Err(format!("has `{entry}`, which is not set up for this function"));
        }
        channels.insert(channel);
    }
    if channels.is_empty() {
        Err("is empty; there are push, slack, email and sns".to_owned())
    } else {
        Ok(channels)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(fields: &[(&str, &str)]) -> Record {
        let field = |(index, (name, text)): (usize, &(&str, &str))| Field {
            name: (*name).to_owned(),
            value: Value::Text((*text).to_owned()),
            place: Place { line: 1, column: index as u64 + 1 },
        };
        Record {
            place: Place { line: 1, column: 1 },
            fields: fields.iter().enumerate().map(field).collect(),
        }
    }

    fn check(changes: &[(&str, &str)], expected: Result<(), &str>) {
        let mut fields = vec![
            ("id", "a"),
            ("title", "점검"),
            ("body", "안내"),
            ("audience", "all"),
            ("channels", "push"),
        ];
        for change in changes {
            fields.retain(|(name, _)| *name != change.0);
            fields.push(*change);
        }
        let arrived = "2026-12-01T00:00:00Z".parse().expect("a moment");
        let found =
            Notice::from_record(&record(&fields), arrived, &BTreeSet::from([Channel::Push]));
        match (found, expected) {
            (Ok(_), Ok(())) => {}
            (Err(problems), Err(part)) => {
                let text: Vec<String> = problems.iter().map(ToString::to_string).collect();
                assert!(text.join("\n").contains(part), "{text:?}");
            }
            (found, expected) => panic!("{found:?} instead of {expected:?}"),
        }
    }

    #[test]
    fn a_whole_notice_passes() {
        check(
            &[
                ("time_zone", "Asia/Seoul"),
                ("publish_from", "2026-12-01 10:00"),
                ("publish_until", "2026-12-02 10:00"),
            ],
            Ok(()),
        );
    }

    #[test]
    fn an_end_before_the_beginning_is_refused() {
        check(&[("publish_until", "2026-11-30T00:00:00Z")], Err("is not after"));
    }

    #[test]
    fn a_field_that_nobody_knows_is_refused() {
        check(&[("titel", "x")], Err("`titel` is no field"));
    }

    #[test]
    fn an_id_keeps_to_small_letters() {
        check(&[("id", "A b")], Err("`id` is not 1 to 64"));
    }

    #[test]
    fn a_title_of_two_lines_is_refused() {
        check(&[("title", "가\n나")], Err("line break"));
    }

    #[test]
    fn a_title_may_have_two_hundred_characters_of_korean() {
        check(&[("title", &"가".repeat(200))], Ok(()));
        check(&[("title", &"가".repeat(201))], Err("has 201 characters"));
    }

    #[test]
    fn a_language_is_a_tag() {
        check(&[("language", "zh-Hant")], Ok(()));
        check(&[("language", "한국어")], Err("write a tag"));
    }

    #[test]
    fn a_zone_that_is_unknown_is_told_once() {
        check(
            &[("time_zone", "Asia/Soul"), ("publish_from", "2026-12-01 10:00")],
            Err("no known zone"),
        );
    }
}
