//! Whether the clients still come.
//!
//! A machine that nobody reaches any more, say because its address changed, has no errors, no
//! load and a fine response time. So hours are compared with what is expected: with the plan's
//! figure, else with the same hours of earlier weeks.

use jiff::Timestamp;

use trimtab_model::gate::{Blame, HealthGate, Signal};
use trimtab_model::period::Period;
use trimtab_model::text::Reason;

use super::case::{WEEKS, weeks_before};
use super::finding::Findings;
use super::hours::{self, Hours};
use super::percentile::median;
use super::series::Series;

/// The share of the expected requests under which an hour is too quiet.
const QUIET: f64 = 0.5;
/// The share under which the clients have lost it, if others still have theirs.
const LOST: f64 = 0.1;
/// The fewest requests that an hour must lead to expect to be counted.
const FEWEST: f64 = 100.0;
/// How many earlier weeks must be there.
const FEWEST_WEEKS: usize = 2;

/// Adds whether as many requests come as are expected.
pub(super) fn look(
    gate: &HealthGate,
    series: &Series,
    controls: &[Series],
    watched: &[Period],
    findings: &mut Findings,
) {
    let shares = |series: &Series, expected: Option<f64>| -> Vec<(Period, Option<f64>)> {
        watched.iter().map(|hour| (*hour, share(series, *hour, expected))).collect()
    };
    let own = shares(series, gate.expected);
    let known: Vec<f64> = own.iter().filter_map(|(_, share)| *share).collect();
    if let Some(lowest) = known.iter().copied().min_by(f64::total_cmp) {
        findings.figure(Signal::Requests, "quietest-hour-share", lowest);
    }
    // As far as they lack requests, hours are judged as those that got worse are.
    let lack = |shares: &[(Period, Option<f64>)], floor: f64| {
        let lacks: Vec<(Period, Option<f64>)> =
            shares.iter().map(|(hour, share)| (*hour, share.map(|share| 1.0 - share))).collect();
        hours::judge(&lacks, 1.0 - floor)
    };
    let others = controls.iter().map(|one| shares(one, None));
    let others_have = !controls.is_empty()
        && others.clone().all(|shares| matches!(lack(&shares, QUIET), Hours::Well { .. }));
    match (lack(&own, LOST), lack(&own, QUIET)) {
        (Hours::Worse { from, .. }, _) if others_have => findings.fail(Blame::Change, lost(from)),
        (Hours::Worse { from, .. }, _) | (_, Hours::Worse { from, .. }) => {
            findings.inconclusive(quiet(from));
        }
        (_, Hours::Well { .. }) => {}
        (_, Hours::Undecided { .. }) => findings.inconclusive(some_quiet()),
        (_, Hours::Few { .. }) => findings.inconclusive(unknown()),
    }
}

/// Returns the share of the expected requests that an hour had.
fn share(series: &Series, hour: Period, expected: Option<f64>) -> Option<f64> {
    let sum = |hour: Period| series.within(hour).iter().sum::<f64>();
    let usual = match expected {
        Some(of_a_point) => of_a_point * series.expected(hour),
        None => {
            let weeks: Vec<f64> = (1..=WEEKS)
                .filter_map(|week| weeks_before(hour, week))
                .map(sum)
                .filter(|requests| *requests > 0.0)
                .collect();
            median(&weeks).filter(|_| weeks.len() >= FEWEST_WEEKS)?
        }
    };
    // An hour that is always quiet cannot be quieter than usual.
    if usual < FEWEST { Some(1.0) } else { Some(sum(hour) / usual) }
}

fn lost(from: Timestamp) -> Reason {
    Reason::new(
        "traffic-lost",
        format!("Its clients do not reach it any more since {from}; others still have theirs."),
        format!("{from}부터 클라이언트 요청이 끊겼습니다. 다른 대상은 요청을 받고 있습니다."),
    )
}

fn quiet(from: Timestamp) -> Reason {
    Reason::new(
        "traffic-low",
        format!(
            "Since {from} less than half of the usual requests come: nothing is proven without load."
        ),
        format!(
            "{from}부터 요청이 평소의 절반에 못 미칩니다. 부하가 없으면 정상이라고 판단할 수 없습니다."
        ),
    )
}

fn some_quiet() -> Reason {
    Reason::new(
        "traffic-undecided",
        "Some hours had less than half of the usual requests. Later hours decide, or a person.",
        "요청이 평소의 절반에 못 미친 시간이 있습니다. 이후 시간을 더 보거나 사람이 판단해야 합니다.",
    )
}

fn unknown() -> Reason {
    Reason::new(
        "traffic-unknown",
        "Three hours with the same hours of two earlier weeks are needed to say whether its clients still come.",
        "클라이언트가 계속 접속하는지 판단하려면 3시간과 지난 2주 이상의 같은 시간대 데이터가 필요합니다.",
    )
}

#[cfg(test)]
mod tests {
    use trimtab_model::gate::GateState;

    use super::super::sample::{Sample, Shape as _, gate};
    use super::*;

    const REQUESTS: Signal = Signal::Requests;

    /// Points of one size in the watched time, and of another in so many weeks before it.
    fn sample(one: HealthGate, now: f64, (weeks, before): (i64, f64)) -> Sample {
        Sample::of(one).reads(REQUESTS, "i-1", move |_, week| match week {
            0 => Some(now),
            week if week <= weeks => Some(before),
            _ => None,
        })
    }

    #[test]
    fn e07_half_of_the_usual_requests_are_enough_and_less_is_not() {
        let with = |now: f64| sample(gate(REQUESTS), now, (4, 500.0));
        with(250.0).check_state(GateState::Pass);
        with(249.0).check(GateState::Inconclusive, "traffic-low");
        assert_eq!(with(250.0).verdict().figures.get("requests.quietest-hour-share"), Some(&0.5));
    }

    #[test]
    fn e07_under_a_tenth_it_is_lost_where_others_have_theirs() {
        let with = |now: f64| {
            let sample = sample(gate(REQUESTS).with_controls(1), now, (4, 500.0));
            sample.reads(REQUESTS, "i-c1", |_, _| Some(500.0))
        };
        with(50.0).check(GateState::Inconclusive, "traffic-low");
        with(49.0).check(GateState::Fail, "traffic-lost");
    }

    #[test]
    fn what_the_plan_expects_of_a_point_comes_before_earlier_weeks() {
        let with = |now: f64| sample(gate(REQUESTS).expecting(400.0), now, (4, 5_000.0));
        with(200.0).check_state(GateState::Pass);
        with(199.0).check(GateState::Inconclusive, "traffic-low");
    }

    #[test]
    fn two_weeks_with_requests_tell_what_is_usual_and_one_does_not() {
        sample(gate(REQUESTS), 500.0, (2, 500.0)).check_state(GateState::Pass);
        sample(gate(REQUESTS), 500.0, (1, 500.0)).check(GateState::Inconclusive, "traffic-unknown");
        // A week without any is none of them: two of 500 are usual, and not the half.
        let quiet = Sample::of(gate(REQUESTS)).reads(REQUESTS, "i-1", |_, week| {
            Some(match week {
                0 => 200.0,
                1 | 2 => 500.0,
                _ => 0.0,
            })
        });
        quiet.check(GateState::Inconclusive, "traffic-low");
    }

    #[test]
    fn an_hour_of_less_than_a_hundred_requests_cannot_be_quieter_than_usual() {
        let hourly = |usual: f64| {
            Sample::of(gate(REQUESTS)).reads(REQUESTS, "i-1", move |hour, week| {
                let requests = if hour.fract() < 0.01 { usual } else { 0.0 };
                Some(if week == 0 { 0.0 } else { requests })
            })
        };
        hourly(99.0).check_state(GateState::Pass);
        hourly(100.0).check(GateState::Inconclusive, "traffic-low");
    }

    #[test]
    fn a_quiet_hour_at_the_end_waits_for_the_next() {
        Sample::of(gate(REQUESTS))
            .reads(REQUESTS, "i-1", |hour, week| {
                Some(if week == 0 && hour > 22.5 { 100.0 } else { 500.0 })
            })
            .check(GateState::Inconclusive, "traffic-undecided");
    }
}
