//! Which format a file has: its content says it, never its name.

use std::path::Path;

use trimtab_model::traffic::{LineProblem, TrafficSource};

use super::event_table::{self, Rows};
use super::lines::{Line, Lines, Unfolding};
use super::records::Form;
use super::request::Request;
use super::{alb, cloudfront, combined, events};
use crate::error::InputError;

/// Lines that are looked at: a log may begin with some that are damaged.
const LOOKED_AT: usize = 50;

/// How the lines of a file are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Format {
    /// Common or combined.
    Combined,
    /// Of an Application Load Balancer.
    Alb,
    /// Of CloudFront.
    CloudFront(cloudfront::Columns),
    /// Events as CSV.
    EventRows(events::Columns),
    /// Events as JSON.
    EventObjects,
}

/// What a line is.
#[derive(Debug)]
pub(super) enum Read<'l> {
    /// It holds a request or an event.
    Request(Request<'l>),
    /// It holds none by design.
    Nothing,
    /// It cannot be read.
    Problem(LineProblem),
}

impl Format {
    /// Reads one line.
    pub(super) fn read<'l>(&mut self, line: &'l [u8]) -> Read<'l> {
        if line.trim_ascii().is_empty() {
            return Read::Nothing;
        }
        let read = match self {
            Self::Combined => combined::parse(line),
            Self::Alb => alb::parse(line),
            Self::CloudFront(columns) => {
                if line.first() == Some(&b'#') {
                    // A file that was put together from several names its fields again.
                    if let Some(named) = cloudfront::Columns::read(line) {
                        *columns = named;
                    }
                    return Read::Nothing;
                }
                columns.parse(line)
            }
            Self::EventRows(columns) => {
                if events::Columns::read(line).as_ref() == Some(columns) {
                    return Read::Nothing;
                }
                columns.parse(line)
            }
            Self::EventObjects => events::parse_json(line),
        };
        match read {
            Ok(request) => Read::Request(request),
            Err(problem) => Read::Problem(problem),
        }
    }
}

/// What the first lines of a file say of it.
#[derive(Debug, Clone)]
pub(super) struct Recognised {
    /// How it is read.
    pub(super) form: Form,
    /// What it is.
    pub(super) source: TrafficSource,
    /// The load balancer, where its lines name one.
    pub(super) balancer: Option<String>,
    /// The time of the first line that could be read.
    pub(super) first: i64,
    /// The text of that line: files are put in order by it where their times are the same.
    pub(super) line: Vec<u8>,
}

/// Recognises a file of `logs/`; absent where it holds no line.
///
/// # Errors
/// Fails if the file cannot be read, or its first lines are of no format that is known.
pub(super) fn recognise_log(path: &Path) -> Result<Option<Recognised>, InputError> {
    recognise(path, LOG_HINT, |line| {
        if let Some(columns) = cloudfront::Columns::read(line) {
            Some((Format::CloudFront(columns), TrafficSource::CloudFront))
        } else if alb::balancer(line).is_some() {
            Some((Format::Alb, TrafficSource::Alb))
        } else if combined::names_agents(line) {
            Some((Format::Combined, TrafficSource::Combined))
        } else if combined::parse(line).is_ok() {
            Some((Format::Combined, TrafficSource::Common))
        } else {
            None
        }
    })
}

/// Recognises a file of `events/`; absent where it holds no line.
///
/// # Errors
/// Fails if the file cannot be read, or is not a list of events.
pub(super) fn recognise_events(path: &Path) -> Result<Option<Recognised>, InputError> {
    let hint = ("check the file, or export it again", "파일을 확인하거나 다시 내보내세요");
    let is_table = event_table::is_parquet(path)
        .map_err(|cause| InputError::unreadable(path, &cause, hint))?;
    if is_table {
        return recognise_table(path);
    }
    recognise(path, EVENT_HINT, |line| {
        if let Some(columns) = events::Columns::read(line) {
            Some((Format::EventRows(columns), TrafficSource::Events))
        } else if line.trim_ascii_start().first() == Some(&b'{') {
            Some((Format::EventObjects, TrafficSource::Events))
        } else {
            None
        }
    })
}

/// Recognises events as Parquet by the first row that can be read.
fn recognise_table(path: &Path) -> Result<Option<Recognised>, InputError> {
    let mut rows = Rows::open(path)?;
    let mut unread: u64 = 0;
    while let Some((key, read)) = rows.next()? {
        match read {
            Ok(request) => {
                return Ok(Some(Recognised {
                    form: Form::Table,
                    source: TrafficSource::Events,
                    balancer: None,
                    first: request.time,
                    line: key.to_vec(),
                }));
            }
            Err(_) => unread += 1,
        }
    }
    if unread == 0 { Ok(None) } else { Err(none_readable(path, unread, EVENT_HINT)) }
}

fn none_readable(path: &Path, unread: u64, hint: (&str, &str)) -> InputError {
    let problem = (
        format!("has none that can be read among its first lines or rows ({unread})"),
        format!("첫 {unread}개의 줄이나 행 가운데 읽을 수 있는 것이 없습니다"),
    );
    InputError::new(path, problem, hint)
}

const LOG_HINT: (&str, &str) = (
    "put access logs here: of an Application Load Balancer, standard logs of CloudFront with their #Fields line, or the common or combined format of nginx or Apache",
    "Application Load Balancer 액세스 로그, #Fields 줄이 있는 CloudFront 표준 로그, nginx나 Apache의 common 또는 combined 형식 로그를 두세요",
);
const EVENT_HINT: (&str, &str) = (
    "give CSV with a header user,time or user,time,service, one JSON object a line with user and time, or Parquet with these columns",
    "머리글이 user,time 또는 user,time,service인 CSV, 한 줄에 user와 time이 있는 JSON 객체 하나씩, 또는 그 열이 있는 Parquet을 쓰세요",
);

fn recognise(
    path: &Path,
    hint: (&str, &str),
    of: impl Fn(&[u8]) -> Option<(Format, TrafficSource)>,
) -> Result<Option<Recognised>, InputError> {
    let unreadable = |cause: std::io::Error| {
        InputError::unreadable(path, &cause, ("export the file again", "파일을 다시 내보내세요"))
    };
    let mut lines = Lines::open(path, Unfolding::Here).map_err(unreadable)?;
    let mut known: Option<(Format, TrafficSource)> = None;
    let mut is_any = false;
    let mut unread: u64 = 0;
    let mut balancer = None;
    for _ in 0..LOOKED_AT {
        let line = match lines.next().map_err(unreadable)? {
            Some(Line::Text(line)) => line,
            Some(Line::TooLong) => {
                unread += 1;
                continue;
            }
            None => break,
        };
        is_any |= !line.trim_ascii().is_empty();
        let (format, source) = match &mut known {
            Some((format, source)) => (format, *source),
            None => match of(line) {
                Some((format, source)) => {
                    balancer = alb::balancer(line)
                        .map(|name| String::from_utf8_lossy(name).into_owned())
                        .filter(|_| source == TrafficSource::Alb);
                    let (format, source) = known.insert((format, source));
                    (format, *source)
                }
                None => continue,
            },
        };
        match format.read(line) {
            Read::Request(request) => {
                let first = request.time;
                let line = line.to_vec();
                let form = Form::Lines(format.clone());
                return Ok(Some(Recognised { form, source, balancer, first, line }));
            }
            Read::Nothing => {}
            Read::Problem(_) => unread += 1,
        }
    }
    match known {
        Some(_) if unread > 0 => Err(none_readable(path, unread, hint)),
        // A head without a line behind it, such as CloudFront's of an hour without requests.
        Some(_) => Ok(None),
        None if !is_any => Ok(None),
        None => {
            let problem = ("is of no format that trimtab knows", "trimtab이 아는 형식이 아닙니다");
            Err(InputError::new(path, problem, hint))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn check(text: &str, expected: &str) {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        let shown = |read: Result<Option<Recognised>, InputError>| match read {
            Ok(Some(recognised)) => {
                let balancer = recognised.balancer.unwrap_or_default();
                format!("{:?} {balancer}", recognised.source).trim_end().to_owned()
            }
            Ok(None) => "nothing".to_owned(),
            Err(error) => error.problem.en.clone(),
        };
        let both = [shown(recognise_log(file.path())), shown(recognise_events(file.path()))];
        assert_eq!(both.join(" | "), expected, "{text}");
    }

    #[test]
    fn the_content_says_what_a_file_is() {
        const UNKNOWN: &str = "is of no format that trimtab knows";
        let common = r#"a - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1"#;
        let alb = r#"http 2026-10-02T22:23:00Z app/l/5 10.0.0.9:1 10.0.0.1:80 0 0 0 200 200 1 2 "GET http://e:80/ HTTP/1.1" "-" - -"#;
        check(common, &format!("Common | {UNKNOWN}"));
        check(&format!("{common} \"-\" \"-\""), &format!("Combined | {UNKNOWN}"));
        check(&format!("damaged\n\n{alb}\n"), &format!("Alb app/l/5 | {UNKNOWN}"));
        check("user,time\nkim,2026-10-01T00:00:00Z\n", &format!("{UNKNOWN} | Events"));
        check(r#"{"user":1,"time":1759276800}"#, &format!("{UNKNOWN} | Events"));
        check("\n\n", "nothing | nothing");
        check(
            "#Version: 1.0\n#Fields: date time c-ip cs-method cs-uri-stem sc-status sc-bytes cs(User-Agent)\n",
            &format!("nothing | {UNKNOWN}"),
        );
    }
}
