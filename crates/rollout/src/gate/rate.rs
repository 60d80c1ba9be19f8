//! Whether the share of failed requests is proven to be small enough.
//!
//! Requests are counted, never minutes: one bad minute of an hour is 98.3 % by minutes and says
//! nothing about 99.9 % of requests. What was read proves the share to be within its limit, or
//! beyond it, or neither.
//!
//! CloudWatch has no count of a response code that did not occur, and its silence is zero. A query
//! that says nothing may look for the code under another name: its zero must have been read, and
//! only requests of which it tells are counted.

use trimtab_model::gate::{Blame, Presence, Signal};
use trimtab_model::period::Period;
use trimtab_model::plan::GateLimits;
use trimtab_model::text::Reason;

use super::bounds::{fewest, proves_at_most, proves_more_than};
use super::case::{WEEKS, weeks_before};
use super::finding::Findings;
use super::judge::Read;
use super::series::Series;

/// In how many of the earlier weeks as many must have failed for that to be usual.
const FEWEST_WEEKS: usize = 2;

/// Requests and those of them that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Count {
    failed: u64,
    of: u64,
}

/// What is read for the share.
pub(super) struct Requests<'a> {
    pub(super) failed: &'a Read<'a>,
    pub(super) all: &'a Read<'a>,
    /// Failed and all requests of the controls, in the order in which both gates name them.
    pub(super) controls: Vec<(Series, Series)>,
}

/// Returns why it is not known whether any request failed: the query of those that did says
/// nothing. Where nobody ever counted any, and none are counted now, that is no news.
pub(super) fn unread(failed: &Read<'_>, all: &Read<'_>, watched: Period) -> Option<Reason> {
    let tells = |read: &Read<'_>| read.series.between(watched).next().is_some();
    if failed.source.query.is_none() || tells(failed) {
        return None;
    }
    let was_there = !failed.series.points.is_empty() || !failed.compared.points.is_empty();
    let is_missed = failed.gate.presence == Presence::Required || was_there || tells(all);
    is_missed.then(|| {
        Reason::new(
            "failures-missing",
            "Requests are counted and failed ones are not, and no figure is not zero. Label requests with the code of their answer (code, status, status_code, http_status_code or http_response_status_code), or give a query of failed-requests that is 0 where none failed (rollout.gate.query).",
            "요청 수는 있지만 실패한 요청 수가 없습니다. 값이 없는 것은 0이 아닙니다. 요청 지표에 응답 코드 레이블(code, status, status_code, http_status_code, http_response_status_code)을 붙이거나, 실패가 없을 때 0을 반환하는 failed-requests 쿼리를 설정하세요(rollout.gate.query).",
        )
    })
}

/// Adds what the counts of the watched time prove.
pub(super) fn look(
    requests: &Requests<'_>,
    watched: Period,
    limits: &GateLimits,
    findings: &mut Findings,
) {
    // Failed and answered are two sides of one count: the stricter limit holds.
    let allowed = requests
        .failed
        .gate
        .limit
        .unwrap_or_else(|| limits.error_percent.min(100.0 - limits.availability_percent));
    let share = allowed / 100.0;
    let now = requests.count(&requests.failed.series, &requests.all.series, watched);
    findings.figure(Signal::FailedRequests, "failed", now.failed as f64);
    findings.figure(Signal::FailedRequests, "of", now.of as f64);
    findings.figure(Signal::FailedRequests, "limit", allowed);
    if now.failed > now.of {
        findings.inconclusive(Reason::new(
            "impossible-value",
            "More requests failed than there were: the two metrics are not of the same thing.",
            "실패한 요청이 전체 요청보다 많습니다. 두 지표의 대상이 다릅니다.",
        ));
    } else if proves_more_than(now.failed, now.of, share) {
        let is_usual = is_usual(requests, watched, share);
        findings.fail(
            if is_usual { Blame::External } else { Blame::Change },
            failing(now, allowed, is_usual),
        );
    } else if !proves_at_most(now.failed, now.of, share) {
        findings.inconclusive(unproven(now, allowed, fewest(share)));
    }
}

/// Returns whether others fail as well, or it did in earlier weeks.
fn is_usual(requests: &Requests<'_>, watched: Period, share: f64) -> bool {
    let breaks = |count: Count| proves_more_than(count.failed, count.of, share);
    let others = requests.controls.iter().fold(Count { failed: 0, of: 0 }, |sum, (failed, all)| {
        let one = requests.count(failed, all, watched);
        Count { failed: sum.failed + one.failed, of: sum.of + one.of }
    });
    let weeks = (1..=WEEKS).filter_map(|week| weeks_before(watched, week));
    let (failed, all) = (&requests.failed.compared, &requests.all.compared);
    let before = weeks.filter(|week| breaks(requests.count(failed, all, *week))).count();
    breaks(others) || before >= FEWEST_WEEKS
}

impl Requests<'_> {
    fn count(&self, failed: &Series, all: &Series, period: Period) -> Count {
        let must_tell = self.failed.source.query.is_some();
        let of = all.between(period).filter(|(start, _)| !must_tell || failed.tells_of(*start));
        let of = of.map(|(_, value)| value).sum::<f64>().round() as u64;
        Count { failed: failed.within(period).iter().sum::<f64>().round() as u64, of }
    }
}

fn failing(count: Count, allowed: f64, is_usual: bool) -> Reason {
    let Count { failed, of } = count;
    let (code, en, ko) = if is_usual {
        (
            "errors-everywhere",
            " Others fail as well, or it did before.",
            " 다른 대상도 같거나 이전에도 그랬습니다.",
        )
    } else {
        ("errors", "", "")
    };
    Reason::new(
        code,
        format!("{failed} of {of} requests failed, which proves more than {allowed:.3} %.{en}"),
        format!("요청 {of}건 중 {failed}건이 실패하여 {allowed:.3}% 초과가 확실합니다.{ko}"),
    )
}

fn unproven(count: Count, allowed: f64, fewest: Option<u64>) -> Reason {
    let Count { failed, of } = count;
    let fewest = fewest.map_or_else(|| "-".to_owned(), |fewest| fewest.to_string());
    Reason::new(
        "errors-unproven",
        format!(
            "{failed} of {of} requests failed: neither at most {allowed:.3} % nor more is proven. It takes {fewest} requests at the least."
        ),
        format!(
            "요청 {of}건 중 {failed}건이 실패했습니다. {allowed:.3}% 이하인지 초과인지 판단할 수 없으며, 최소 {fewest}건이 필요합니다."
        ),
    )
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use trimtab_model::gate::{GateState, HealthGate};
    use trimtab_model::id::ResourceId;

    use super::super::sample::{Sample, Shape as _, gate};
    use super::*;

    /// A thousand requests of every five minutes, of which so many fail in each week.
    fn sample(failed: impl Fn(i64) -> f64) -> Sample {
        Sample::of(gate(Signal::FailedRequests))
            .and(gate(Signal::Requests))
            .reads(Signal::Requests, "i-1", |_, _| Some(1_000.0))
            .reads(Signal::FailedRequests, "i-1", move |_, week| Some(failed(week)))
    }

    #[test]
    fn the_stricter_of_two_limits_holds_and_that_of_the_gate_before_both() {
        let limit = |errors: f64, available: f64, own: Option<f64>| {
            let mut sample = sample(|_| 0.0);
            sample.limits.error_percent = errors;
            sample.limits.availability_percent = available;
            sample.gates[0].limit = own;
            let limit = sample.verdict().figures.get("failed-requests.limit").copied();
            limit.map(|limit| (limit * 1e6).round() as i64)
        };
        assert_eq!(limit(1.0, 99.9, None), Some(100_000));
        assert_eq!(limit(0.2, 99.0, None), Some(200_000));
        assert_eq!(limit(0.2, 99.0, Some(3.0)), Some(3_000_000));
        // Two of a thousand are within one percent and not within a tenth.
        let mut sample = sample(|week| if week == 0 { 2.0 } else { 0.0 });
        sample.check(GateState::Fail, "errors");
        sample.gates[0].limit = Some(1.0);
        sample.check_state(GateState::Pass);
    }

    #[test]
    fn where_all_requests_fail_it_fails_and_more_than_all_cannot_be() {
        let with = |failed: f64| sample(move |week| if week == 0 { failed } else { 0.0 });
        with(1_000.0).check(GateState::Fail, "errors");
        with(1_001.0).check(GateState::Inconclusive, "impossible-value");
    }

    #[test]
    fn what_failed_in_two_of_four_weeks_is_usual_and_in_one_is_not() {
        let with = |weeks: i64| sample(move |week| if week <= weeks { 5.0 } else { 0.0 });
        with(1).check(GateState::Fail, "errors");
        with(2).check(GateState::Fail, "errors-everywhere");
    }

    #[test]
    fn the_requests_of_all_controls_count_together() {
        let with = |failed: [f64; 2]| {
            let mut sample = sample(|week| if week == 0 { 5.0 } else { 0.0 });
            for one in &mut sample.gates {
                *one = one.clone().with_controls(2);
            }
            for (control, failed) in ["i-c1", "i-c2"].into_iter().zip(failed) {
                sample = sample.reads(Signal::Requests, control, |_, _| Some(1_000.0)).reads(
                    Signal::FailedRequests,
                    control,
                    move |_, _| Some(failed),
                );
            }
            sample
        };
        with([0.0, 0.0]).check(GateState::Fail, "errors");
        with([0.0, 5.0]).check(GateState::Fail, "errors-everywhere");
        with([1.0, 1.0]).check(GateState::Fail, "errors");
    }

    #[test]
    fn each_resource_has_its_own_requests() {
        let other = |signal: Signal| {
            let mut one = gate(signal);
            one.source.resource = ResourceId::new("i-2");
            one
        };
        let mut sample = sample(|_| 0.0);
        // Those of the other come first, and are few.
        sample.gates.insert(0, other(Signal::Requests));
        sample.reads(Signal::Requests, "i-2", |_, _| Some(1.0)).check_state(GateState::Pass);
    }

    /// A gate of a query, with points at some minutes of the watched hour, and of the week before.
    fn read<'a>(gate: &'a HealthGate, now: &[i64], before: &[i64]) -> Read<'a> {
        let series = |minutes: &[i64]| {
            let at = |minute: i64| Timestamp::from_second(minute * 60).unwrap();
            let points = minutes.iter().map(|minute| (at(*minute), 0.0)).collect();
            Series { period: SignedDuration::from_mins(1), points }
        };
        Read { gate, source: &gate.source, series: series(now), compared: series(before) }
    }

    #[test]
    fn a_query_of_failures_that_says_nothing_is_missed_where_it_or_its_requests_are_known() {
        let queried = |one: HealthGate| {
            let mut one = one;
            one.source.query = Some("failed".to_owned());
            one
        };
        let (optional, all) =
            (queried(gate(Signal::FailedRequests).optional()), gate(Signal::Requests));
        let at = |minute: i64| Timestamp::from_second(minute * 60).unwrap();
        let hour = Period::new(at(600), at(660)).unwrap();
        let is_missed = |failed: &Read<'_>, all: &[i64]| {
            unread(failed, &read(&gate(Signal::Requests), all, &[]), hour).is_some()
        };
        // Minute 600 is within the hour, minute 5 is long before.
        assert!(!is_missed(&read(&optional, &[], &[]), &[]));
        assert!(is_missed(&read(&optional, &[], &[]), &[600]));
        assert!(is_missed(&read(&optional, &[5], &[]), &[]));
        assert!(is_missed(&read(&optional, &[], &[5]), &[]));
        assert!(!is_missed(&read(&optional, &[600], &[]), &[600]));
        let required = queried(gate(Signal::FailedRequests));
        assert!(is_missed(&read(&required, &[], &[]), &[]));
        assert!(!is_missed(&read(&all, &[], &[]), &[600]));
    }
}
