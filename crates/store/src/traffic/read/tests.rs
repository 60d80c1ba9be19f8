//! Whole directories of traffic, read.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use flate2::Compression;
use flate2::write::GzEncoder;
use parquet::arrow::ArrowWriter;
use proptest::prelude::*;
use trimtab_model::traffic::{
    ClientBasis, Distinctness, DuplicateCounts, LineProblem, ServiceTraffic,
};

use super::*;

const NOW: &str = "2026-11-01T00:00:00Z";

fn reading() -> Reading {
    Reading::new(TimeZone::get("Asia/Seoul").unwrap(), NOW.parse().unwrap())
}

/// Writes files into `traffic/` of a new directory, folded where the name ends in `.gz`.
fn written(files: &[(&str, String)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = dir.path().join("traffic").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let bytes = if name.ends_with(".gz") {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(text.as_bytes()).unwrap();
            encoder.finish().unwrap()
        } else {
            text.clone().into_bytes()
        };
        std::fs::write(path, bytes).unwrap();
    }
    dir
}

fn read_files(files: &[(&str, String)]) -> (Vec<ServiceTraffic>, Vec<String>) {
    let dir = written(files);
    let (traffic, errors) = read(dir.path(), &reading());
    let shown = errors.iter().map(|error| {
        let file = error.file.strip_prefix(dir.path().join("traffic")).unwrap();
        let row = error.row.map_or(String::new(), |row| format!(" row {row}"));
        format!("{}{row}: {}", file.display(), error.problem.en)
    });
    (traffic.services, shown.collect())
}

/// Returns the only service of files without errors.
fn only(files: &[(&str, String)]) -> ServiceTraffic {
    let (mut services, errors) = read_files(files);
    assert_eq!(errors, [""; 0]);
    assert_eq!(services.len(), 1);
    services.pop().unwrap()
}

/// A line of the combined format, so many seconds behind 2026-10-01T00:00:00Z.
fn line(second: i64, client: &str, path: &str, status: u16) -> String {
    let start: Timestamp = "2026-10-01T00:00:00Z".parse().unwrap();
    let moment = Timestamp::from_second(start.as_second() + second).unwrap();
    let time = moment.strftime("%d/%b/%Y:%H:%M:%S +0000");
    format!(r#"{client} - - [{time}] "GET {path} HTTP/1.1" {status} 100 "-" "Game/1.2""#) + "\n"
}

fn alb(second: i64, client: &str, path: &str) -> String {
    let start: Timestamp = "2026-10-01T00:00:00Z".parse().unwrap();
    let moment = Timestamp::from_second(start.as_second() + second).unwrap();
    format!(
        "https {moment} app/lobby/50dc {client}:2817 10.0.0.1:80 0.001 0.250 0.002 200 200 34 366 \"GET https://api.example.com:443{path} HTTP/2.0\" \"Game/1.2\" A TLSv1.3 arn:t \"Root=1\" \"api.example.com\" \"arn:c\" 0 {moment} \"forward\" \"-\" \"-\" \"10.0.0.1:80\" \"200\" \"-\" \"-\" TID\n"
    )
}

fn total(service: &ServiceTraffic) -> DuplicateCounts {
    let mut sum = DuplicateCounts::default();
    for hour in &service.hours {
        sum.add_all(&hour.duplicates.unwrap());
    }
    sum
}

#[test]
fn a_log_becomes_hours_days_endpoints_and_duplicates() {
    let text = [
        line(0, "10.0.0.1", "/users/1?page=2", 503),
        line(5, "10.0.0.1", "/users/1?page=2", 200),
        line(3_700, "10.0.0.2", "/users/2", 200),
        line(3_701, "10.0.0.2", "/users/2", 200),
        // The next day in Seoul begins at 15:00 in UTC.
        line(54_000, "10.0.0.1", "/users/1", 200),
    ];
    let service = only(&[("logs/api/access.log", text.concat())]);
    assert_eq!((service.service.as_str(), service.source), ("api", TrafficSource::Combined));
    assert_eq!(service.clients, ClientBasis::AddressAndAgent);
    assert_eq!(service.distinctness, Distinctness::Exact);
    let hours: Vec<_> = service
        .hours
        .iter()
        .map(|hour| (hour.hour - service.hours[0].hour, hour.requests, hour.clients.unwrap()))
        .collect();
    assert_eq!(hours, [(0, 2, 1), (1, 2, 1), (15, 1, 1)]);
    let gaps: Vec<i64> = service.gaps.iter().map(|gap| gap.seconds() / 3600).collect();
    assert_eq!(gaps, [13]);
    let days: Vec<_> = service
        .days
        .iter()
        .map(|day| (day.date.to_string(), day.requests, day.clients, day.first_seen, day.returning))
        .collect();
    assert_eq!(
        days,
        [
            ("2026-10-01".to_owned(), 4, Some(2), None, None),
            ("2026-10-02".to_owned(), 1, Some(1), Some(0), Some(1)),
        ]
    );
    assert_eq!(service.endpoints.len(), 1);
    let endpoint = &service.endpoints[0];
    assert_eq!((endpoint.method.as_str(), endpoint.template.as_str()), ("GET", "/users/{}"));
    assert_eq!(endpoint.requests, [2, 2, 1]);
    assert_eq!(endpoint.duplicate_requests, [1, 1, 0]);
    assert_eq!((endpoint.duplicates.retry, endpoint.duplicates.repeat), (1, 1));
    assert_eq!(total(&service), endpoint.duplicates);
    assert_eq!((endpoint.bytes, endpoint.duplicate_bytes), (Some(500), Some(200)));
    assert_eq!(endpoint.server_errors, Some(1));
    assert_eq!(endpoint.server_seconds, None);
    let example = &endpoint.examples[0];
    assert_eq!(example.request, "/users/{}?page=*");
    assert_eq!(example.client_version.as_deref(), Some("Game/1.2"));
    assert!(example.client.as_ref().is_some_and(|client| !client.contains("10.0")));
}

#[test]
fn logs_of_a_load_balancer_lie_as_in_the_bucket_and_tell_the_work() {
    let name = |part: &str| {
        format!(
            "logs/AWSLogs/123456789012/elasticloadbalancing/ap-northeast-2/2026/10/01/123456789012_elasticloadbalancing_ap-northeast-2_app.lobby.50dc_20261001T0005Z_10.0.0.{part}.log.gz"
        )
    };
    let one = [alb(0, "10.0.0.1", "/rooms/7"), alb(30, "10.0.0.2", "/rooms/8")].concat();
    let two = [alb(10, "10.0.0.3", "/rooms/9"), alb(31, "10.0.0.1", "/rooms/7")].concat();
    let service = only(&[(&name("1"), one), (&name("2"), two)]);
    assert_eq!((service.service.as_str(), service.source), ("lobby", TrafficSource::Alb));
    let hour = &service.hours[0];
    assert_eq!((hour.requests, hour.clients, hour.timed_requests), (4, Some(3), 4));
    assert_eq!(hour.server_seconds, Some(1.0));
    assert_eq!(hour.busiest_minute, Some(4));
    assert!((hour.peak_in_progress.unwrap() - 1.0 / 60.0).abs() < 1e-12);
}

#[test]
fn every_line_is_counted_or_named() {
    let text = [
        line(0, "10.0.0.1", "/", 200),
        "what is this\n\n".to_owned(),
        line(1, "10.0.0.1", "/a", 200).replace(" 200 ", " ok "),
        line(2, "10.0.0.1", "/b", 200).replace("Oct", "Okt"),
        line(90_000_000, "10.0.0.1", "/c", 200),
        line(3, "10.0.0.1", &format!("/{}", "x".repeat(70_000)), 200),
        line(4, "10.0.0.\u{fffd}", "/d", 200),
    ];
    let (services, errors) = read_files(&[("logs/api/access.log", text.concat())]);
    let lines = &services[0].lines;
    assert_eq!((lines.read, lines.used, lines.unreadable_total()), (7, 2, 5));
    let named: Vec<(LineProblem, u64, u64)> = lines
        .unreadable
        .iter()
        .map(|(problem, lines)| (*problem, lines.lines, lines.row))
        .collect();
    use LineProblem::{ImpossibleTime, NotTheFormat, Number, TooLong};
    assert_eq!(
        named,
        [
            (NotTheFormat, 1, 2),
            (LineProblem::Time, 1, 5),
            (ImpossibleTime, 1, 6),
            (Number, 1, 4),
            (TooLong, 1, 7)
        ]
    );
    let expected = "logs/api/access.log row 2: 5 of 7 lines cannot be read; this is the first";
    assert_eq!(errors, [expected]);
}

#[test]
fn what_is_cut_or_of_no_format_is_named_and_the_rest_is_read() {
    let dir = written(&[
        ("logs/api/a.log.gz", (0..2_000).map(|at| line(at, "10.0.0.1", "/", 200)).collect()),
        ("logs/api/b.log", "hello\n".repeat(60)),
        ("notes.txt", "hello".to_owned()),
        ("events/a.csv", "who,when\n".to_owned()),
        ("logs/empty/a.log", "\n\n".to_owned()),
    ]);
    let path = dir.path().join("traffic/logs/api/a.log.gz");
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, whole.get(..whole.len() - 20).unwrap()).unwrap();
    let (traffic, errors) = read(dir.path(), &reading());
    let problems: Vec<&str> = errors.iter().map(|error| error.problem.en.as_str()).collect();
    assert_eq!(problems.len(), 4, "{problems:?}");
    assert_eq!(problems[0], "is of no format that trimtab knows");
    assert!(problems[1].starts_with("cannot be read"), "{problems:?}");
    assert_eq!(problems[2], "is of no format that trimtab knows");
    assert!(problems[3].starts_with("is not read"), "{problems:?}");
    assert!(errors[1].row.is_some_and(|row| row > 1_000));
    assert_eq!(traffic.services.len(), 1);
    assert!(traffic.services[0].lines.used > 1_000);
}

#[test]
fn a_line_in_two_files_counts_once_and_that_is_said() {
    let both: String = (0..50).map(|at| line(at * 10, "10.0.0.1", "/", 200)).collect();
    let twice = line(7, "10.0.0.2", "/x", 200).repeat(2);
    let service = only(&[
        ("logs/api/access.log.1", [both.clone(), line(700, "10.0.0.3", "/y", 200)].concat()),
        ("logs/api/access.log.2.gz", [both, twice].concat()),
    ]);
    assert_eq!(service.lines.repeated, 50);
    assert_eq!(service.lines.used, 53);
    assert_eq!(service.hours[0].requests, 53);
    assert_eq!(service.lines.read, 103);
}

#[test]
fn events_name_users_and_services() {
    let rows = [
        "user,time,service\n",
        "kim,2026-10-01T00:00:00Z,lobby\n",
        "lee,2026-10-01T01:00:00Z,lobby\n",
        "kim,2026-10-02T00:00:00Z,match\n",
        "kim,soon,match\n",
    ];
    let objects = [
        r#"{"user":"kim","time":"2026-10-02T00:00:00Z","service":"lobby"}"#,
        r#"{"user":"park","time":1790899200,"service":"lobby"}"#,
    ];
    let (services, errors) =
        read_files(&[("events/a.csv.gz", rows.concat()), ("events/b.jsonl", objects.join("\n"))]);
    assert_eq!(errors, ["events/a.csv.gz row 5: 1 of 4 lines cannot be read; this is the first"]);
    let shown: Vec<_> = services
        .iter()
        .map(|service| {
            let days: Vec<u64> = service.days.iter().filter_map(|day| day.clients).collect();
            (service.service.as_str(), service.clients, days, service.rules.is_some())
        })
        .collect();
    let user = ClientBasis::User;
    assert_eq!(shown, [("lobby", user, vec![2, 2], false), ("match", user, vec![1], false)]);
    assert_eq!(services[0].lines.unreadable_total(), 1);
}

#[test]
fn events_may_be_parquet_too() {
    let dir = written(&[
        ("events/a.csv", "user,time\nkim,2026-10-01T00:00:00Z\n".to_owned()),
        ("events/bad.csv", "user,time\n,soon\n".to_owned()),
    ]);
    let moments = ["2026-10-01T01:00:00Z", "2026-10-01T02:00:00Z", "2026-10-01T02:00:00Z"];
    let users = StringArray::from(vec!["kim", "lee", "lee"]);
    let columns: Vec<(&str, ArrayRef)> =
        vec![("user", Arc::new(users)), ("time", Arc::new(StringArray::from(moments.to_vec())))];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    for name in ["b.parquet", "c.parquet"] {
        let file = std::fs::File::create(dir.path().join("traffic/events").join(name)).unwrap();
        let mut writer = ArrowWriter::try_new(file, batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
    }
    std::fs::write(dir.path().join("traffic/events/d.parquet"), "PAR1 and no more").unwrap();
    let (traffic, errors) = read(dir.path(), &reading());
    let problems: Vec<&str> = errors.iter().map(|error| error.problem.en.as_str()).collect();
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert_eq!(problems[0], "has none that can be read among its first lines or rows (1)");
    assert!(problems[1].starts_with("is Parquet that was cut or damaged"), "{problems:?}");
    let service = &traffic.services[0];
    // Two equal rows of one file stay two; a second file that holds the same rows adds none.
    assert_eq!((service.lines.read, service.lines.used, service.lines.repeated), (7, 4, 3));
    assert_eq!(service.days[0].clients, Some(2));
}

fn logs() -> impl Strategy<Value = Vec<Vec<(i64, u8, u8, bool)>>> {
    // Steps of up to two minutes, so that tolerance and gaps both come into play.
    let row = (0_i64..40, 0_u8..4, 0_u8..6, any::<bool>());
    prop::collection::vec(prop::collection::vec(row, 1..40), 1..4).prop_map(|files| {
        files
            .into_iter()
            .map(|rows| {
                let mut now = 0;
                rows.into_iter()
                    .map(|(step, client, path, is_fine)| {
                        now += step;
                        (now, client, path, is_fine)
                    })
                    .collect()
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn neither_the_names_nor_the_order_of_files_matter(files in logs()) {
        let texts: Vec<String> = files
            .iter()
            .enumerate()
            .map(|(file, rows)| {
                rows.iter()
                    .map(|(second, client, path, is_fine)| {
                        // A file of its own address each: no line is in two of them.
                        let client = format!("10.0.{file}.{client}");
                        let status = if *is_fine { 200 } else { 503 };
                        line(*second, &client, &format!("/items/{path}"), status)
                    })
                    .collect()
            })
            .collect();
        let named = |names: &[String]| {
            let files: Vec<(&str, String)> =
                names.iter().map(String::as_str).zip(texts.clone()).collect();
            read_files(&files)
        };
        let names: Vec<String> =
            (0..texts.len()).map(|file| format!("logs/api/{file}.log")).collect();
        let reversed: Vec<String> = names.iter().rev().cloned().collect();
        let (one, other) = (named(&names), named(&reversed));
        prop_assert_eq!(&one, &other);
        let rows: usize = files.iter().map(Vec::len).sum();
        prop_assert_eq!(one.0[0].lines.used, rows as u64);
        let requests: u64 = one.0[0].hours.iter().map(|hour| hour.requests).sum();
        prop_assert_eq!(requests, rows as u64);
        let judged: u64 = one.0[0].endpoints.iter().map(|of| of.duplicates.total()).sum();
        prop_assert_eq!(judged, total(&one.0[0]).total());
    }
}

/// Returns a file of the shared samples, or says that the test is skipped.
fn sample(name: &str) -> Option<std::path::PathBuf> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let path = data.join("samples").join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} is not there", path.display());
    None
}

/// The figures were computed apart, by a script of Python that reads the lines with one regular
/// expression, sorts them by time and line, and compares each with all before it.
#[test]
fn a_real_log_comes_to_what_was_computed_apart() {
    let Some(path) = sample("apache_access.log") else { return };
    let dir = tempfile::tempdir().unwrap();
    let logs = dir.path().join("traffic/logs/site");
    std::fs::create_dir_all(&logs).unwrap();
    std::fs::copy(path, logs.join("access.log")).unwrap();
    for (zone, days) in [
        ("UTC", vec![(1632, 272), (2893, 524), (2896, 497), (2578, 442)]),
        ("Asia/Seoul", vec![(538, 77), (2898, 492), (2902, 559), (2862, 463), (799, 152)]),
    ] {
        let zone = TimeZone::get(zone).unwrap();
        let (traffic, errors) = read(dir.path(), &Reading::new(zone, NOW.parse().unwrap()));
        assert_eq!(errors, []);
        let service = &traffic.services[0];
        assert_eq!(service.source, TrafficSource::Combined);
        let lines = &service.lines;
        assert_eq!((lines.read, lines.used, lines.late, lines.repeated), (10_000, 9_999, 0, 0));
        let unreadable = &lines.unreadable[&LineProblem::NotTheFormat];
        assert_eq!((unreadable.lines, unreadable.row), (1, 8_899));
        let sum = |figure: fn(&trimtab_model::traffic::HourTraffic) -> u64| -> u64 {
            service.hours.iter().map(figure).sum()
        };
        assert_eq!(service.hours.len(), 84);
        assert_eq!(sum(|hour| hour.requests), 9_999);
        assert_eq!(sum(|hour| hour.bot_requests.unwrap()), 1_639);
        assert_eq!(sum(|hour| hour.bytes.unwrap()), 2_747_282_505);
        assert_eq!(sum(|hour| hour.server_errors.unwrap()), 3);
        assert_eq!(sum(|hour| hour.clients.unwrap()), 2_302);
        assert_eq!(service.hours.iter().filter_map(|hour| hour.clients).max(), Some(50));
        assert_eq!(service.hours.iter().map(|hour| hour.requests).max(), Some(136));
        let found: Vec<(u64, u64)> =
            service.days.iter().map(|day| (day.requests, day.clients.unwrap())).collect();
        assert_eq!(found, days);
        let new: Vec<Option<u64>> = service.days.iter().skip(1).map(|day| day.first_seen).collect();
        if days.len() == 4 {
            assert_eq!(new, [Some(487), Some(441), Some(390)]);
        } else {
            assert_eq!(new, [Some(476), Some(506), Some(408), Some(123)]);
        }
        let expected = DuplicateCounts { repeat: 98, polling: 9, ..DuplicateCounts::default() };
        assert_eq!(total(service), expected);
        let first = &service.endpoints[0];
        assert_eq!((first.template.as_str(), first.total()), ("/favicon.ico", 799));
    }
}
