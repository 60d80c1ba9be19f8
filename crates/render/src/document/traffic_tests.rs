//! The pages of traffic, in both languages.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use trimtab_model::period::Period;
use trimtab_model::text::Language;
use trimtab_model::traffic::{
    ClientBasis, Distinctness, DuplicateCounts, DuplicateGroup, DuplicateKind, DuplicateRules,
    EndpointTraffic, HourTraffic, LineCount, LineProblem, ServiceTraffic, TrafficSource,
    UnreadableLines,
};
use trimtab_model::traffic_summary::{
    ClientsSummary, Growth, ServiceSummary, TrafficReport, WeekShape,
};

use super::{
    traffic_duplicate_table, traffic_duplicates, traffic_endpoint_table, traffic_summary,
    traffic_summary_table,
};
use crate::contract::{traffic_duplicates_json, traffic_summary_json};
use crate::style::Style;
use crate::table::{Format, TableOptions};

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A service of one hour, whose name and paths come from outside.
fn service() -> ServiceTraffic {
    let counts = DuplicateCounts { repeat: 30, ..DuplicateCounts::default() };
    let start = moment("2026-10-01T00:00:00Z");
    ServiceTraffic {
        service: "lobby\u{1b}[31m".to_owned(),
        source: TrafficSource::Alb,
        period: Period::new(start, moment("2026-10-01T03:00:00Z")).unwrap(),
        gaps: vec![
            Period::new(moment("2026-10-01T01:00:00Z"), moment("2026-10-01T02:00:00Z")).unwrap(),
        ],
        time_zone: TimeZone::UTC,
        clients: ClientBasis::AddressAndAgent,
        distinctness: Distinctness::Estimated { standard_error: 0.008_125 },
        rules: Some(DuplicateRules::default()),
        duplicates_incomplete: true,
        hours: vec![HourTraffic {
            hour: start.as_second() / 3600,
            requests: 1_200,
            bot_requests: Some(200),
            duplicates: Some(counts),
            clients: Some(70),
            server_seconds: Some(600.0),
            timed_requests: 1_200,
            ..HourTraffic::default()
        }],
        days: Vec::new(),
        endpoints: vec![EndpointTraffic {
            method: "GET".to_owned(),
            template: "/rooms/{}".to_owned(),
            requests: vec![1_200],
            bot_requests: 200,
            duplicate_requests: vec![30],
            duplicates: counts,
            timed_requests: 1_200,
            server_seconds: Some(600.0),
            duplicate_seconds: Some(15.0),
            bytes: Some(9),
            duplicate_bytes: Some(1),
            server_errors: Some(0),
            examples: vec![DuplicateGroup {
                kind: DuplicateKind::Repeat,
                requests: 2,
                times: vec![start, moment("2026-10-01T00:00:01.5Z")],
                client: Some("5f1c9a77e0".to_owned()),
                client_version: Some("MyGame/1.4".to_owned()),
                request: "/rooms/{}?page=*".to_owned(),
            }],
        }],
        other_endpoints: None,
        lines: LineCount {
            read: 1_205,
            used: 1_200,
            repeated: 2,
            late: 1,
            unreadable: BTreeMap::from([(
                LineProblem::Time,
                UnreadableLines { lines: 3, file: "logs/lobby/a.log".to_owned(), row: 17 },
            )]),
        },
    }
}

fn report(traffic: &ServiceTraffic) -> TrafficReport<'_> {
    let growth = |low: f64| Growth { per_week: 0.021, low, high: 0.045, days: 28 };
    TrafficReport {
        services: vec![ServiceSummary {
            traffic,
            requests: 1_200,
            bot_share: Some(1.0 / 6.0),
            duplicates: traffic.hours[0].duplicates,
            duplicate_share: Some(0.03),
            server_seconds: Some(600.0),
            duplicate_second_share: Some(0.025),
            mean_seconds: Some(0.5),
            bytes: Some(9),
            server_error_share: Some(0.0),
            busiest_hour: Some((traffic.period.start(), 1_200)),
            busiest_minute: Some(60),
            peak_in_progress: Some(0.9),
            clients: Some(ClientsSummary {
                date: Date::constant(2026, 10, 1),
                daily: 70,
                weekly: Some(210),
                monthly: None,
                stickiness: None,
                mean_daily: 70.0,
                highest_daily: 70,
            }),
            request_growth: Some(growth(-0.01)),
            client_growth: Some(growth(0.003)),
            week: WeekShape {
                hours: vec![None; 168],
                hours_of_day: vec![Some(1_200.0), None],
                weekdays: vec![None; 7],
                peak_to_mean: Some(1.0),
            },
        }],
        users: None,
    }
}

/// Checks what a page says; where its lines break does not matter.
fn check(page: &str, expected: &[&str]) {
    let words: Vec<&str> = page.split_whitespace().collect();
    let page = words.join(" ");
    for text in expected {
        assert!(page.contains(text), "{text:?} is not in {page}");
    }
    assert!(!page.contains('\u{1b}'), "{page}");
}

#[test]
fn a_summary_says_what_is_known_and_what_is_not() {
    let traffic = service();
    let report = report(&traffic);
    let english = traffic_summary(&report, &Style::plain(Language::En));
    check(
        &english,
        &[
            "1 h without a line",
            "1,200 · bots 17% · 5xx 0%",
            "3% · repeat 30 · at least",
            "DAU 70, WAU 210, MAU not known",
            "estimated, standard error 0.8%",
            "+2.1% a week (95 %: +0.3% to +4.5%, 28 days)",
            "not clear: +2.1% a week (95 %: −1% to +4.5%, 28 days)",
            "1,205 read, 1,200 counted",
            "3 lines not readable: a time that is none (first in logs/lobby/a.log, row 17)",
        ],
    );
    let korean = traffic_summary(&report, &Style::plain(Language::Ko));
    check(&korean, &["즉시 반복 30", "1시간은 기록 없음", "1,205줄을 읽어 1,200줄 집계", "17행"]);
}

#[test]
fn duplicates_show_examples_and_what_the_kinds_mean() {
    let traffic = service();
    let english = traffic_duplicates(&[&traffic], 10, &Style::plain(Language::En));
    check(
        &english,
        &[
            "GET /rooms/{} · repeat",
            "30 of 1,200 requests",
            "2 × /rooms/{}?page=* · 5f1c9a77e0 (MyGame/1.4)",
            "seconds between them: 1.5",
            "repeat: the same request again",
        ],
    );
    assert!(!english.contains("herd: at least"));
    let korean = traffic_duplicates(&[&traffic], 10, &Style::plain(Language::Ko));
    check(&korean, &["즉시 반복", "요청 1,200건 가운데 30건"]);
    let nothing = ServiceTraffic { endpoints: Vec::new(), rules: None, ..traffic };
    let page = traffic_duplicates(&[&nothing], 10, &Style::plain(Language::En));
    check(&page, &["found in access logs only"]);
}

#[test]
fn tables_and_json_have_the_documented_fields() {
    let traffic = service();
    let report = report(&traffic);
    let style = Style::plain(Language::En);
    let csv = |table: crate::table::Table| {
        let options = TableOptions { format: Format::Csv, ..TableOptions::default() };
        table.render(&style, &options).unwrap()
    };
    let summary = csv(traffic_summary_table(&report, &style));
    assert!(summary.starts_with("service,source,requests,bots,duplicates,"), "{summary}");
    let endpoints = csv(traffic_endpoint_table(&[&traffic], &style));
    assert!(endpoints.contains(",GET,/rooms/{},1200,200,30,3"), "{endpoints}");
    let duplicates = csv(traffic_duplicate_table(&[&traffic], &style));
    assert!(duplicates.contains(",repeat,GET,/rooms/{},30,1200,"), "{duplicates}");
    let json = traffic_summary_json(&report);
    assert_eq!(json.pointer("/items/0/lines/unreadable/0/first_row"), Some(&17.into()));
    assert_eq!(json.pointer("/items/0/clients/mau"), Some(&serde_json::Value::Null));
    assert_eq!(json.pointer("/items/0/hours/0/duplicates"), Some(&30.into()));
    let json = traffic_duplicates_json(&[&traffic]);
    assert_eq!(json.pointer("/items/0/examples/0/client"), Some(&"5f1c9a77e0".into()));
}
