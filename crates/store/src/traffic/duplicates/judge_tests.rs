//! The judge against a judge that compares every request with every other.

use proptest::prelude::*;
use trimtab_model::traffic::{DuplicateKind, DuplicateRules};

use super::same::has_failed;
use super::{Found, Judge};
use crate::traffic::event::{AskedEvent, Event};

/// A request as the tests write it: milliseconds, client, path, status.
type Row = (i64, u64, u64, u16);

fn rules() -> DuplicateRules {
    DuplicateRules { fan_out_paths: 3, herd_clients: 3, ..DuplicateRules::default() }
}

/// Paths up to 9 are things of one kind; those above are single ones.
fn request((millis, client, path, status): Row) -> (Event, AskedEvent) {
    let asked = AskedEvent {
        request: path,
        path,
        endpoint: if path < 10 { 0 } else { 1 },
        is_of_many: path < 10,
        query: 0,
        status,
        bytes: None,
        server: None,
    };
    let event = Event {
        time: millis * 1_000,
        line: 0,
        client,
        service: 0,
        names_user: false,
        is_bot: false,
        version: 0,
        asked: Some(asked),
    };
    (event, asked)
}

/// Returns the duplicates in order: number of the row and kind.
fn judged(rows: &[Row], rules: &DuplicateRules) -> Vec<(usize, DuplicateKind)> {
    let mut judge = Judge::new(rules);
    let mut found = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let (mut event, asked) = request(*row);
        event.line = index as u64;
        judge.see(&event, &asked, &mut found);
    }
    judge.finish(&mut found);
    assert!(!judge.is_incomplete());
    let mut duplicates: Vec<(usize, DuplicateKind)> = found
        .into_iter()
        .filter_map(|found| match found {
            Found::Duplicate(kind, event, _) => Some((event.line as usize, kind)),
            Found::Chain(..) | Found::Group(..) => None,
        })
        .collect();
    duplicates.sort_by_key(|(index, _)| *index);
    duplicates
}

/// Says of each request what it is by looking at all the others.
fn naive(rows: &[Row], rules: &DuplicateRules) -> Vec<(usize, DuplicateKind)> {
    let mut kinds: Vec<Option<DuplicateKind>> = vec![None; rows.len()];
    for (index, row) in rows.iter().enumerate() {
        let earlier: Vec<&Row> = rows[..index]
            .iter()
            .rev()
            .filter(|other| (other.1, other.2) == (row.1, row.2))
            .collect();
        let Some(last) = earlier.first() else { continue };
        let gap = row.0 - last.0;
        if has_failed(last.3) && gap <= 60_000 {
            kinds[index] = Some(DuplicateKind::Retry);
        } else if !has_failed(last.3)
            && gap <= 2_000
            && ![206, 401, 407].contains(&last.3)
            && row.3 != 206
        {
            kinds[index] = Some(DuplicateKind::Repeat);
        } else if let [a, b, c, ..] = earlier[..] {
            let intervals = [row.0 - a.0, a.0 - b.0, b.0 - c.0];
            let mean = intervals.iter().sum::<i64>() as f64 / 3.0;
            let is_regular = intervals.iter().all(|interval| {
                (2_000..=600_000).contains(interval)
                    && (*interval as f64 - mean).abs() <= (mean * 0.1).max(1_000.0)
            });
            if is_regular {
                kinds[index] = Some(DuplicateKind::Polling);
            }
        }
    }
    let mut is_in_burst = vec![false; rows.len()];
    for (index, row) in rows.iter().enumerate() {
        if row.2 >= 10 || is_in_burst[index] {
            continue;
        }
        let members: Vec<usize> = (index..rows.len())
            .filter(|other| {
                let other = rows[*other];
                other.1 == row.1 && other.2 < 10 && other.0 - row.0 < 1_000
            })
            .collect();
        let mut paths: Vec<u64> = members.iter().map(|other| rows[*other].2).collect();
        paths.sort_unstable();
        paths.dedup();
        for (place, member) in members.iter().enumerate() {
            is_in_burst[*member] = true;
            if place > 0 && paths.len() >= rules.fan_out_paths as usize {
                kinds[*member].get_or_insert(DuplicateKind::FanOut);
            }
        }
    }
    let first_minute = rows.first().map_or(0, |row| row.0.div_euclid(60_000));
    for (index, row) in rows.iter().enumerate() {
        let second = row.0.div_euclid(1_000);
        let of_second: Vec<&Row> = rows
            .iter()
            .filter(|other| other.2 == row.2 && other.0.div_euclid(1_000) == second)
            .collect();
        let mut clients: Vec<u64> = of_second.iter().map(|other| other.1).collect();
        clients.sort_unstable();
        clients.dedup();
        let is_first = !rows[..index]
            .iter()
            .any(|other| other.2 == row.2 && other.0.div_euclid(1_000) == second);
        let minute = second.div_euclid(60);
        let from = (first_minute + 1).max(minute - 10);
        if is_first || clients.len() < rules.herd_clients as usize || from >= minute {
            continue;
        }
        let before = rows
            .iter()
            .filter(|other| {
                other.2 == row.2 && (from..minute).contains(&other.0.div_euclid(60_000))
            })
            .count();
        let usual = before as f64 / ((minute - from) * 60) as f64;
        if of_second.len() as f64 >= usual * 10.0 {
            kinds[index].get_or_insert(DuplicateKind::Herd);
        }
    }
    kinds.into_iter().enumerate().filter_map(|(index, kind)| Some((index, kind?))).collect()
}

fn check(rows: &[Row], expected: &[(usize, DuplicateKind)]) {
    assert_eq!(judged(rows, &rules()), expected, "{rows:?}");
    assert_eq!(naive(rows, &rules()), expected, "{rows:?}");
}

#[test]
fn the_same_request_again_is_a_retry_a_repeat_or_polling() {
    use DuplicateKind::{Polling, Repeat, Retry};
    check(&[(0, 1, 10, 503), (3_000, 1, 10, 200)], &[(1, Retry)]);
    check(&[(0, 1, 10, 503), (60_001, 1, 10, 200)], &[]);
    check(&[(0, 1, 10, 200), (2_000, 1, 10, 200)], &[(1, Repeat)]);
    check(&[(0, 1, 10, 200), (2_001, 1, 10, 200)], &[]);
    check(&[(0, 1, 10, 200), (1_000, 2, 10, 200), (1_000, 1, 11, 200)], &[]);
    // Parts of a file, and an answer to a demand for a password.
    check(&[(0, 1, 10, 206), (100, 1, 10, 206)], &[]);
    check(&[(0, 1, 10, 401), (100, 1, 10, 200)], &[]);
    let every_ten: Vec<Row> = (0..5).map(|turn| (turn * 10_000 + turn * 300, 1, 10, 200)).collect();
    check(&every_ten, &[(3, Polling), (4, Polling)]);
    check(
        &[(0, 1, 10, 200), (10_000, 1, 10, 200), (20_000, 1, 10, 200), (35_000, 1, 10, 200)],
        &[],
    );
}

#[test]
fn many_things_of_one_kind_at_once_are_a_fan_out() {
    use DuplicateKind::{FanOut, Repeat};
    check(&[(0, 1, 0, 200), (10, 1, 1, 200), (999, 1, 2, 200)], &[(1, FanOut), (2, FanOut)]);
    check(&[(0, 1, 0, 200), (10, 1, 1, 200), (1_000, 1, 2, 200)], &[]);
    check(&[(0, 1, 0, 200), (10, 2, 1, 200), (20, 1, 2, 200)], &[]);
    // The second of two equal ones is a repeat, and the two are one path.
    check(&[(0, 1, 0, 200), (5, 1, 0, 200), (10, 1, 1, 200)], &[(1, Repeat)]);
    check(
        &[(0, 1, 0, 200), (5, 1, 0, 200), (10, 1, 1, 200), (20, 1, 2, 200)],
        &[(1, Repeat), (2, FanOut), (3, FanOut)],
    );
}

#[test]
fn many_clients_in_one_second_are_a_herd_if_that_is_unusual() {
    use DuplicateKind::Herd;
    let crowd = |at: i64| (0..4).map(move |client| (at + client, client as u64 + 5, 12, 200));
    let quiet = [(0, 1, 11, 200)];
    let rows: Vec<Row> = quiet.into_iter().chain(crowd(180_000)).collect();
    check(&rows, &[(2, Herd), (3, Herd), (4, Herd)]);
    // What is usual is not known in the first two minutes.
    let rows: Vec<Row> = quiet.into_iter().chain(crowd(100_000)).collect();
    check(&rows, &[]);
    // Forty in the minute before are two thirds a second: four are not ten times as many.
    let busy = (0..40).map(|client| (60_000 + client * 1_400, client as u64 + 100, 12, 200));
    let rows: Vec<Row> = quiet.into_iter().chain(busy).chain(crowd(120_000)).collect();
    check(&rows, &[]);
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let status = prop::sample::select(vec![200_u16, 200, 200, 304, 206, 401, 429, 503, 0]);
    let step = prop_oneof![
        4 => 0_i64..400,
        3 => 400_i64..3_000,
        2 => prop::sample::select(vec![1_000_i64, 5_000, 10_000, 30_000]),
        1 => 30_000_i64..700_000,
    ];
    let row = (step, 0_u64..5, prop_oneof![0_u64..6, 10_u64..12], status);
    prop::collection::vec(row, 1..120).prop_map(|rows| {
        let mut now = 1_000_000;
        rows.into_iter()
            .map(|(step, client, path, status)| {
                now += step;
                (now, client, path, status)
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn one_pass_finds_what_comparing_all_with_all_finds(rows in rows()) {
        prop_assert_eq!(judged(&rows, &rules()), naive(&rows, &rules()));
    }

    #[test]
    fn regular_requests_are_found_whatever_comes_between(
        interval in 2_100_i64..20_000,
        others in prop::collection::vec((0_i64..100_000, 3_u64..5, 0_u64..6, Just(200_u16)), 0..80),
    ) {
        let polls = (0..8).map(|turn| (turn * interval, 1, 11, 200));
        let mut rows: Vec<Row> = polls.chain(others).collect();
        rows.sort();
        let found = judged(&rows, &rules());
        prop_assert_eq!(&found, &naive(&rows, &rules()));
        let polls = found.iter().filter(|(_, kind)| *kind == DuplicateKind::Polling).count();
        prop_assert!(polls >= 5);
    }
}
