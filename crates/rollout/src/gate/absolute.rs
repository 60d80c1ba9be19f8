//! Whether a signal keeps its limit and its forecast, and where it is going.

use trimtab_model::gate::{Blame, Presence, Signal};
use trimtab_model::period::Period;
use trimtab_model::text::Reason;

use super::case::{Case, WEEKS, hour_until, weeks_before};
use super::finding::Findings;
use super::judge::Read;
use super::level::{Level, level, shown};
use super::series::Series;
use super::signal::{
    Limit, Side, has_history, has_hour_before, is_balance, is_ceiling, is_forecast, limit, name,
    needs_limit,
};
use super::words::{above_forecast, close, few, past, sustained, well, without_limit};
use super::{ceiling, forecast, trend};

/// In how many of the earlier weeks a limit must have been broken as well for that to be usual.
const FEWEST_WEEKS: usize = 2;

/// Adds what a signal is against its limit, its forecast, and where it is going.
pub(super) fn look(
    case: &Case<'_>,
    read: &Read<'_>,
    controls: &[Series],
    settled: Period,
    findings: &mut Findings,
) {
    let (gate, series) = (read.gate, &read.series);
    let signal = gate.signal;
    let Some(limit) = limit(gate, case.limits) else {
        if needs_limit(signal) {
            match gate.presence {
                Presence::Required => findings.inconclusive(without_limit(signal)),
                Presence::Optional => findings.say(without_limit(signal)),
            }
        }
        return;
    };
    let values = judged(series, limit, settled);
    findings.figure(signal, "limit", limit.value);
    findings.figure(signal, "points", values.len() as f64);
    if is_ceiling(signal) {
        ceiling::look(signal, limit, &values, findings);
        return;
    }
    let value = shown(&values, limit.side).unwrap_or(f64::NAN);
    findings.figure(signal, "p95", value);
    match level(&values, limit, series.period) {
        Level::Sustained { beyond, of } => {
            let blame = blame(case, read, controls, limit, settled);
            findings.fail(blame, sustained(signal, limit, beyond, of, blame));
        }
        Level::Beyond => {
            let blame = blame(case, read, controls, limit, settled);
            findings.fail(blame, past(signal, limit, value, blame));
        }
        Level::Within => findings.say(well(signal, limit, value)),
        Level::Close => findings.inconclusive(close(signal, limit, value)),
        Level::Few(count) => findings.inconclusive(few(signal, count)),
    }
    if is_forecast(signal)
        && let Some(expected) = gate.expected
    {
        findings.figure(signal, "expected", expected);
        if value > forecast::most(expected) {
            findings.inconclusive(above_forecast(signal, value, expected));
        }
    }
    course(case, read, controls, limit, settled, findings);
}

/// Returns the values that are held against a limit.
///
/// A balance may begin empty, for a start can cost it: it counts from where it first is above
/// its limit.
fn judged(series: &Series, limit: Limit, settled: Period) -> Vec<f64> {
    let values = series.within(settled);
    let first = match limit.side {
        Side::Above => None,
        Side::Below => values.iter().position(|value| !limit.is_broken_by(*value)),
    };
    values.get(first.unwrap_or(0)..).map_or_else(Vec::new, <[f64]>::to_vec)
}

/// Returns whose doing a broken limit is: not the change's where most of the others break it as
/// well, or where it did so in earlier weeks or in the hour before.
fn blame(
    case: &Case<'_>,
    read: &Read<'_>,
    controls: &[Series],
    limit: Limit,
    settled: Period,
) -> Blame {
    let signal = read.gate.signal;
    let is_broken = |series: &Series, period: Period| {
        level(&judged(series, limit, period), limit, series.period).is_broken()
    };
    let others = controls.iter().filter(|one| is_broken(one, settled)).count();
    let weeks = (1..=WEEKS).filter_map(|week| weeks_before(settled, week));
    let hour = hour_until(case.began).filter(|_| has_hour_before(signal));
    let is_usual = others * 2 > controls.len()
        || hour.is_some_and(|hour| is_broken(&read.series, hour))
        || (has_history(signal)
            && weeks.filter(|week| is_broken(&read.compared, *week)).count() >= FEWEST_WEEKS);
    if is_usual { Blame::External } else { Blame::Change }
}

/// Adds where a signal is going.
fn course(
    case: &Case<'_>,
    read: &Read<'_>,
    controls: &[Series],
    limit: Limit,
    settled: Period,
    findings: &mut Findings,
) {
    let signal = read.gate.signal;
    let is_balance = is_balance(signal);
    if !is_balance && !matches!(signal, Signal::MemoryUtilization | Signal::Swap) {
        return;
    }
    let reaches = |series: &Series| trend::reaches(series, settled, limit, case.horizon);
    let Some(hours) = reaches(&read.series) else { return };
    findings.figure(signal, "hours-to-limit", hours);
    let (en, ko) = name(signal);
    if is_balance {
        let others = controls.iter().filter(|one| reaches(one).is_some()).count();
        let blame = if others * 2 > controls.len() { Blame::External } else { Blame::Change };
        findings.fail(
            blame,
            Reason::new(
                "drains",
                format!("{en} drains and is used up in {hours:.0} h."),
                format!("{ko}: 줄어들고 있어 {hours:.0}시간 뒤 바닥납니다."),
            ),
        );
    } else {
        findings.inconclusive(Reason::new(
            "climbs",
            format!("{en} climbs and reaches its limit in {hours:.0} h: it may be a leak."),
            format!("{ko}: 계속 올라 {hours:.0}시간 뒤 한도에 닿습니다. 누수일 수 있습니다."),
        ));
    }
}

#[cfg(test)]
mod tests {
    use trimtab_model::gate::GateState;

    use super::super::sample::{Sample, Shape as _, gate};
    use super::*;

    #[test]
    fn e09_the_most_that_a_forecast_allows_is_well_and_a_little_more_is_not() {
        let signal = Signal::CpuUtilization;
        let sample = |value: f64| {
            Sample::of(gate(signal).expecting(40.0)).reads(signal, "i-1", move |_, _| Some(value))
        };
        sample(50.0).check(GateState::Pass, "well");
        sample(50.1).check(GateState::Inconclusive, "above-forecast");
        assert_eq!(sample(50.0).verdict().figures.get("cpu-utilization.expected"), Some(&40.0));
    }

    #[test]
    fn what_is_no_share_of_a_whole_has_no_forecast_and_use_that_climbs_is_no_leak() {
        let signal = Signal::ReadLatency;
        Sample::of(gate(signal).expecting(1.0).limited(50.0))
            .reads(signal, "i-1", |_, _| Some(40.0))
            .check(GateState::Pass, "well");
        let signal = Signal::CpuUtilization;
        Sample::of(gate(signal))
            .reads(signal, "i-1", |hour, _| Some(40.0 + hour))
            .check(GateState::Pass, "well");
    }

    #[test]
    fn e11_most_of_the_others_must_break_a_limit_and_half_of_them_are_not_most() {
        let signal = Signal::LatencyP95;
        let slow = |_: f64, week: i64| Some(if week == 0 { 300.0 } else { 100.0 });
        let blame = |slow_ones: usize| {
            let mut sample = Sample::of(gate(signal).with_controls(4)).reads(signal, "i-1", slow);
            for number in 1..=4 {
                let is_slow = number <= slow_ones;
                let value = move |hour: f64, week: i64| {
                    if is_slow { slow(hour, week) } else { Some(100.0) }
                };
                sample = sample.reads(signal, &format!("i-c{number}"), value);
            }
            sample.verdict().blame
        };
        let external = Blame::External;
        assert_eq!([blame(0), blame(1), blame(2)], [Blame::Change; 3]);
        assert_eq!([blame(3), blame(4)], [external; 2]);
    }

    #[test]
    fn a_limit_that_was_broken_in_two_of_four_weeks_is_not_broken_by_the_change() {
        let signal = Signal::LatencyP95;
        let blame = |weeks: i64| {
            let value = move |_: f64, week: i64| Some(if week <= weeks { 300.0 } else { 100.0 });
            let verdict = Sample::of(gate(signal)).reads(signal, "i-1", value).verdict();
            assert_eq!(verdict.state, GateState::Fail);
            // That it is slower than before fails it as well, and that is the change's doing.
            let limit = verdict.reasons.iter().find(|one| one.code == "latency-p95-limit").unwrap();
            limit.text.en.contains("others that were not changed")
        };
        assert_eq!([blame(0), blame(1), blame(2), blame(4)], [false, false, true, true]);
    }

    #[test]
    fn e13_credits_that_drain_on_most_machines_are_not_drained_by_the_change() {
        let signal = Signal::CpuCreditBalance;
        let drains = |hour: f64, _: i64| Some(576.0 - hour * 28.8);
        let blame = |controls: usize, draining: usize| {
            let one = gate(signal).with_controls(controls);
            let mut sample = Sample::of(one).after(12).reads(signal, "i-1", drains);
            for number in 1..=controls {
                let is_steady = number > draining;
                let value = move |hour: f64, week: i64| {
                    if is_steady { Some(576.0) } else { drains(hour, week) }
                };
                sample = sample.reads(signal, &format!("i-c{number}"), value);
            }
            sample.check(GateState::Fail, "drains");
            sample.verdict().blame
        };
        let change = Blame::Change;
        assert_eq!([blame(0, 0), blame(2, 0), blame(4, 1), blame(4, 2)], [change; 4]);
        assert_eq!([blame(2, 2), blame(4, 3)], [Blame::External; 2]);
    }

    #[test]
    fn a_balance_counts_from_where_it_first_is_above_its_limit() {
        let settled = |values: &[f64], side: Side| {
            let at = |number: i64| jiff::Timestamp::from_second(number * 60).unwrap();
            let points = values.iter().zip(0..).map(|(value, number)| (at(number), *value));
            let (period, points) = (jiff::SignedDuration::from_mins(1), points.collect());
            let all = Period::new(at(0), at(60)).unwrap();
            judged(&Series { period, points }, Limit { side, value: 10.0 }, all)
        };
        assert_eq!(settled(&[0.0, 5.0, 10.0, 12.0, 3.0], Side::Below), [10.0, 12.0, 3.0]);
        assert_eq!(settled(&[0.0, 5.0, 12.0], Side::Above), [0.0, 5.0, 12.0]);
        assert_eq!(settled(&[0.0, 5.0], Side::Below), [0.0, 5.0]);
    }
}
