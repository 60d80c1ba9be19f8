//! The verdict of the gates of one change.

use trimtab_model::gate::{GateReading, GateVerdict, HealthGate, Presence, Signal, SignalSource};
use trimtab_model::period::Period;
use trimtab_model::text::Reason;

use super::case::{Case, Peak};
use super::finding::Findings;
use super::query::compared;
use super::rate::{self, Requests};
use super::series::{Series, missing};
use super::signal::{has_history, is_ceiling};
use super::{absolute, alarm, exposure, freshness, length, relative, traffic};

/// A gate with what was read for it.
#[derive(Debug, Clone)]
pub(super) struct Read<'a> {
    pub(super) gate: &'a HealthGate,
    /// Where its points were read: its own source, or what stands in.
    pub(super) source: &'a SignalSource,
    /// The points by which it is held against its limit.
    pub(super) series: Series,
    /// The points by which it is compared with earlier weeks.
    pub(super) compared: Series,
}

/// Judges the gates of a resource from what was read of it.
///
/// Fail comes before inconclusive and that before pass. Nothing that was not read passes.
pub fn judge(case: &Case<'_>, reading: Option<&GateReading>) -> GateVerdict {
    let mut findings = Findings::default();
    if case.gates.is_empty() {
        length::look(case, &[], &mut findings);
        return findings.verdict();
    }
    let Some(reading) = reading else {
        findings.inconclusive(Reason::new("no-data", "Nothing was read.", "읽은 지표가 없습니다."));
        return findings.verdict();
    };
    if let Some(reason) = freshness::disbelief(case, reading) {
        findings.inconclusive(reason);
        return findings.verdict();
    }
    let Some(settled) = case.settled() else {
        findings.inconclusive(Reason::new(
            "settling",
            "It has just been changed and settles.",
            "방금 변경되어 안정되는 중입니다.",
        ));
        return findings.verdict();
    };
    for gate in case.gates.iter().filter(|gate| gate.signal == Signal::Alarm) {
        alarm::look(case, gate, looked_at(case, gate, settled), reading, &mut findings);
    }
    let read: Vec<Read<'_>> = case
        .gates
        .iter()
        .filter(|gate| gate.signal != Signal::Alarm)
        .map(|gate| taken(gate, looked_at(case, gate, settled), reading, &mut findings))
        .collect();
    for one in &read {
        let others = controls(one.gate, reading, compared);
        let period = looked_at(case, one.gate, settled);
        if one.series.between(period).next().is_some() {
            let beside = controls(one.gate, reading, SignalSource::clone);
            absolute::look(case, one, &beside, period, &mut findings);
            relative::look(case, one.gate, &one.compared, &others, &mut findings);
        }
        if one.gate.signal == Signal::Requests && !one.compared.points.is_empty() {
            traffic::look(one.gate, &one.compared, &others, &case.hours(), &mut findings);
        }
    }
    failures(case, &read, reading, settled, &mut findings);
    if case.peak == Peak::Needed {
        exposure::look(case, &read, reading, &mut findings);
    }
    length::look(case, &read, &mut findings);
    findings.verdict()
}

/// Returns the time in which a gate is looked at.
fn looked_at(case: &Case<'_>, gate: &HealthGate, settled: Period) -> Period {
    case.whole().filter(|_| counts_at_once(gate)).unwrap_or(settled)
}

/// Returns whether all that happened since the change began counts. A function has nothing to settle when
/// the server is stopped that it replaces: it did the work before.
pub(super) fn counts_at_once(gate: &HealthGate) -> bool {
    gate.is_strict || is_ceiling(gate.signal)
}

/// Takes the points of a gate from its source, or from what stands in where that has none since
/// the change. What is wrong with a source is not made good by another.
fn chosen<'a>(
    gate: &'a HealthGate,
    settled: Period,
    reading: &GateReading,
) -> (&'a SignalSource, Series, Vec<Reason>) {
    let of = |source: &'a SignalSource| {
        let (series, wrong) = Series::of(gate.signal, source, reading);
        (source, series, wrong)
    };
    let says = |(_, series, wrong): &(&SignalSource, Series, Vec<Reason>)| {
        !wrong.is_empty() || series.between(settled).next().is_some()
    };
    let own = of(&gate.source);
    if says(&own) {
        return own;
    }
    gate.stand_ins.iter().map(of).find(says).unwrap_or(own)
}

/// Takes the points of a gate, and adds what is wrong with them.
fn taken<'a>(
    gate: &'a HealthGate,
    settled: Period,
    reading: &GateReading,
    findings: &mut Findings,
) -> Read<'a> {
    let (source, series, wrong) = chosen(gate, settled, reading);
    let coarse = compared(source);
    let (compared, unlike) = if coarse == *source || !has_history(gate.signal) {
        (series.clone(), Vec::new())
    } else {
        Series::of(gate.signal, &coarse, reading)
    };
    let mut wrong = wrong;
    wrong.extend(unlike);
    wrong.dedup();
    let is_there = series.between(settled).next().is_some();
    let is_faulty = !wrong.is_empty();
    for reason in wrong {
        findings.inconclusive(reason);
    }
    if let Some(reason) = series.staleness(gate.signal, settled, reading.at) {
        findings.inconclusive(reason);
    }
    // A response code that did not occur has no points; the requests tell whether any were
    // counted. Where a query must say that none occurred is looked at with the requests.
    if !is_there && !is_faulty && gate.signal != Signal::FailedRequests {
        let reason = missing(gate.signal, source);
        // What was there before the change and is not any more has stopped: its agent died.
        match gate.presence {
            Presence::Optional if series.points.is_empty() && compared.points.is_empty() => {
                findings.say(reason);
            }
            Presence::Optional | Presence::Required => findings.inconclusive(reason),
        }
    }
    Read { gate, source, series, compared }
}

/// Takes the points of the controls by the sources that `by` makes of theirs; one with faulty
/// points is none.
fn controls(
    gate: &HealthGate,
    reading: &GateReading,
    by: fn(&SignalSource) -> SignalSource,
) -> Vec<Series> {
    gate.controls
        .iter()
        .filter_map(|source| {
            let (series, wrong) = Series::of(gate.signal, &by(source), reading);
            (wrong.is_empty() && !series.points.is_empty()).then_some(series)
        })
        .collect()
}

/// Adds the share of requests that failed.
fn failures(
    case: &Case<'_>,
    read: &[Read<'_>],
    reading: &GateReading,
    settled: Period,
    findings: &mut Findings,
) {
    for failed in read.iter().filter(|one| one.gate.signal == Signal::FailedRequests) {
        let gate = failed.gate;
        let counted = || read.iter().filter(|other| other.gate.signal == Signal::Requests);
        let all = counted()
            .find(|other| other.gate.source.resource == gate.source.resource)
            .or_else(|| counted().next());
        // Nobody ever counted any: then there is nothing to take a share of.
        let is_uncounted = |all: &&Read<'_>| {
            let presences = [gate.presence, all.gate.presence];
            let has_none = all.series.points.is_empty() && all.compared.points.is_empty();
            presences == [Presence::Optional; 2] && has_none
        };
        if all.as_ref().is_some_and(is_uncounted) {
            continue;
        }
        let Some(all) = all else {
            findings.inconclusive(Reason::new(
                "requests-missing",
                "Failed requests are counted, all requests are not: there is no share.",
                "실패한 요청 수만 있고 전체 요청 수가 없어 비율을 알 수 없습니다.",
            ));
            continue;
        };
        if let Some(reason) = rate::unread(failed, all, settled) {
            findings.inconclusive(reason);
            continue;
        }
        let pairs = gate.controls.iter().zip(&all.gate.controls).map(|(failed, all)| {
            let (failed, _) = Series::of(Signal::FailedRequests, failed, reading);
            let (all, _) = Series::of(Signal::Requests, all, reading);
            (failed, all)
        });
        let requests = Requests { failed, all, controls: pairs.collect() };
        rate::look(&requests, settled, case.limits, findings);
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use proptest::prelude::*;

    use trimtab_model::gate::{Blame, GateState, PointsStatus};

    use super::super::sample::{Sample, Shape as _, gate};
    use super::*;

    const PASS: GateState = GateState::Pass;
    const FAIL: GateState = GateState::Fail;
    const INCONCLUSIVE: GateState = GateState::Inconclusive;

    fn cpu(value: impl Fn(f64, i64) -> Option<f64>) -> Sample {
        let signal = Signal::CpuUtilization;
        Sample::of(gate(signal)).reads(signal, "i-1", value)
    }

    fn latency(value: impl Fn(f64, i64) -> Option<f64>) -> Sample {
        let signal = Signal::LatencyP95;
        Sample::of(gate(signal)).reads(signal, "i-1", value)
    }

    /// A service with controls: a value for the resource and one for each of two others.
    fn group(
        own: impl Fn(f64, i64) -> Option<f64>,
        other: impl Fn(f64, i64) -> Option<f64>,
    ) -> Sample {
        let signal = Signal::LatencyP95;
        Sample::of(gate(signal).with_controls(2))
            .reads(signal, "i-1", own)
            .reads(signal, "i-c1", &other)
            .reads(signal, "i-c2", &other)
    }

    /// Requests and failures of every five minutes.
    fn requests(
        all: impl Fn(f64, i64) -> Option<f64>,
        failed: impl Fn(f64, i64) -> Option<f64>,
    ) -> Sample {
        Sample::of(gate(Signal::FailedRequests))
            .and(gate(Signal::Requests))
            .reads(Signal::Requests, "i-1", all)
            .reads(Signal::FailedRequests, "i-1", failed)
    }

    #[test]
    fn a_machine_that_is_well_passes_and_says_its_figures() {
        let sample = cpu(|_, _| Some(60.0));
        sample.check(PASS, "well");
        let figures = sample.verdict().figures;
        assert_eq!(figures.get("cpu-utilization.limit"), Some(&80.0));
        assert_eq!(figures.get("cpu-utilization.p95"), Some(&60.0));
    }

    #[test]
    fn without_gates_only_the_time_counts() {
        let mut sample = cpu(|_, _| Some(60.0));
        sample.gates.clear();
        sample.check_state(PASS);
        sample.after(23).check(INCONCLUSIVE, "soaking");
    }

    #[test]
    fn before_its_time_is_over_it_fails_but_never_passes() {
        cpu(|_, _| Some(60.0)).after(23).check_state(INCONCLUSIVE);
        cpu(|_, _| Some(90.0)).after(2).check(FAIL, "cpu-utilization-limit");
    }

    #[test]
    fn a_correct_downsizing_doubles_the_use_and_passes() {
        let doubled = |_: f64, week: i64| Some(if week == 0 { 60.0 } else { 30.0 });
        let mut sample = cpu(doubled);
        sample.gates = vec![gate(Signal::CpuUtilization).expecting(58.0)];
        sample.check(PASS, "well");
        sample.gates = vec![gate(Signal::CpuUtilization).expecting(40.0)];
        sample.check(INCONCLUSIVE, "above-forecast");
    }

    #[test]
    fn e01_a_gap_extends_the_watch_and_ends_with_a_person() {
        for (from, until) in [(12.0, 12.2), (12.0, 14.0)] {
            let gap = |hour: f64, _: i64| (hour < from || hour >= until).then_some(60.0);
            cpu(gap).check(INCONCLUSIVE, "gap");
            // Behind the gap, all of the time must pass again.
            cpu_for(39, gap).check(PASS, "well");
        }
        cpu(|_, _| None).check(INCONCLUSIVE, "no-data");
    }

    fn cpu_for(hours: i64, value: impl Fn(f64, i64) -> Option<f64>) -> Sample {
        let signal = Signal::CpuUtilization;
        Sample::of(gate(signal)).after(hours).reads(signal, "i-1", value)
    }

    #[test]
    fn e02_when_nothing_could_be_read_it_never_passes() {
        for status in [
            PointsStatus::Partial,
            PointsStatus::Forbidden,
            PointsStatus::Failed("InternalError".to_owned()),
        ] {
            let mut sample = cpu(|_, _| None);
            for points in &mut sample.reading.series {
                points.status = status.clone();
            }
            sample.check_state(INCONCLUSIVE);
        }
        let sample = cpu(|_, _| Some(60.0));
        assert_eq!(judge(&sample.case(), None).state, INCONCLUSIVE);
    }

    #[test]
    fn e03_what_is_no_possible_number_never_passes() {
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 250.0] {
            cpu(|hour, _| Some(if (hour - 5.0).abs() < 0.01 { value } else { 60.0 }))
                .check(INCONCLUSIVE, "impossible-value");
        }
        // A null, or a text, is no point at all.
        cpu(|_, _| None).check(INCONCLUSIVE, "no-data");
    }

    #[test]
    fn e04_an_answer_that_is_not_whole_never_passes_though_its_points_are_well() {
        for (status, code) in [
            (PointsStatus::Partial, "partial-data"),
            (PointsStatus::Forbidden, super::super::FORBIDDEN),
            (PointsStatus::Failed("InternalError".to_owned()), "read-failed"),
        ] {
            let mut sample = cpu(|_, _| Some(60.0));
            sample.reading.series.first_mut().unwrap().status = status;
            sample.check(INCONCLUSIVE, code);
        }
        // And what it has may still fail.
        let mut sample = cpu(|_, _| Some(90.0));
        sample.reading.series.first_mut().unwrap().status = PointsStatus::Partial;
        sample.check(FAIL, "cpu-utilization-limit");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn e05_the_order_of_points_decides_nothing(
            seed in any::<u64>(), high in 40.0..120.0_f64, share in 1_u64..40,
        ) {
            // A little generator of its own, so that a failure shrinks to a seed.
            let mut state = seed | 1;
            let mut next = move || {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                state
            };
            let values: Vec<f64> =
                (0..288).map(|_| if next() % 40 < share { high } else { 40.0 }).collect();
            let value = |hour: f64, _: i64| values.get((hour * 12.0).round() as usize).copied();
            let sorted = cpu(value);
            let mut shuffled = sorted.clone();
            for part in &mut shuffled.reading.series {
                part.points.sort_by_cached_key(|_| next());
            }
            shuffled.reading.series.reverse();
            prop_assert_eq!(sorted.verdict(), shuffled.verdict());
            let mut newest_first = sorted.clone();
            for part in &mut newest_first.reading.series {
                part.points.reverse();
            }
            prop_assert_eq!(sorted.verdict(), newest_first.verdict());
        }
    }

    #[test]
    fn e06_one_request_without_error_is_no_availability() {
        let one = |hour: f64, week: i64| (week == 0 && (hour - 12.0).abs() < 0.01).then_some(1.0);
        let verdict = requests(one, |_, _| None).verdict();
        assert_eq!(verdict.state, INCONCLUSIVE);
        assert!(verdict.reasons.iter().any(|reason| reason.code == "errors-unproven"));
    }

    #[test]
    fn e07_clients_that_lost_it_are_no_pass() {
        let gone = |hour: f64, week: i64| Some(if week == 0 && hour > 2.0 { 0.0 } else { 500.0 });
        let lost = |controls: usize| {
            let signal = Signal::Requests;
            let sample = Sample::of(gate(signal).with_controls(controls));
            sample.reads(signal, "i-1", gone)
        };
        lost(0).check(INCONCLUSIVE, "traffic-low");
        // Others still have theirs: so it is the change.
        let steady = |_: f64, _: i64| Some(500.0);
        lost(1).reads(Signal::Requests, "i-c1", steady).check(FAIL, "traffic-lost");
        // Nobody has any: a maintenance, say.
        lost(1).reads(Signal::Requests, "i-c1", gone).check(INCONCLUSIVE, "traffic-low");
        // No point at all is not zero, and no pass.
        let never = |_: f64, week: i64| (week > 0).then_some(500.0);
        Sample::of(gate(Signal::Requests))
            .reads(Signal::Requests, "i-1", never)
            .check_state(INCONCLUSIVE);
        Sample::of(gate(Signal::Requests)).reads(Signal::Requests, "i-1", steady).check_state(PASS);
    }

    #[test]
    fn e09_exactly_the_limit_passes_and_just_above_fails() {
        cpu(|_, _| Some(80.0)).check(PASS, "well");
        cpu(|_, _| Some(80.01)).check(FAIL, "cpu-utilization-limit");
        latency(|_, _| Some(200.0)).check(PASS, "well");
        latency(|_, week| Some(if week == 0 { 200.01 } else { 199.0 }))
            .check(FAIL, "latency-p95-limit");
        // A share of requests that is exactly 0.1 % is proven to be neither.
        let tenth = requests(|_, _| Some(1000.0), |_, _| Some(1.0)).verdict();
        assert_eq!(tenth.state, INCONCLUSIVE);
        requests(|_, _| Some(1000.0), |hour, _| (hour < 18.0).then_some(1.0)).check_state(PASS);
        let twice = |_: f64, week: i64| Some(if week == 0 { 2.0 } else { 0.0 });
        requests(|_, _| Some(1000.0), twice).check(FAIL, "errors");
    }

    #[test]
    fn e10_a_leak_holds_though_everything_is_within_its_limit() {
        let signal = Signal::MemoryUtilization;
        Sample::of(gate(signal))
            .and(gate(Signal::LatencyP95))
            .reads(signal, "i-1", |hour, week| {
                Some(if week == 0 { 60.0 + hour * 24.9 / 24.0 } else { 60.0 })
            })
            .reads(Signal::LatencyP95, "i-1", |_, _| Some(100.0))
            .check(INCONCLUSIVE, "climbs");
        Sample::of(gate(signal)).reads(signal, "i-1", |_, _| Some(84.9)).check(PASS, "well");
    }

    #[test]
    fn e11_when_others_are_unwell_too_it_is_not_the_change() {
        let slow = |_: f64, week: i64| Some(if week == 0 { 300.0 } else { 100.0 });
        let well = |_: f64, _: i64| Some(100.0);
        let sample = group(slow, slow);
        sample.check(FAIL, "latency-p95-limit");
        assert_eq!(sample.verdict().blame, Blame::External);
        let sample = group(slow, well);
        assert_eq!((sample.verdict().state, sample.verdict().blame), (FAIL, Blame::Change));
        // What was so in earlier weeks is not the change's doing either, whatever others do.
        for sample in [latency(|_, _| Some(300.0)), group(|_, _| Some(300.0), well)] {
            assert_eq!((sample.verdict().state, sample.verdict().blame), (FAIL, Blame::External));
        }
        // Nor are errors that everybody has.
        let always = requests(|_, _| Some(1000.0), |_, _| Some(5.0));
        assert_eq!((always.verdict().state, always.verdict().blame), (FAIL, Blame::External));
        let many = |_: f64, week: i64| Some(if week == 0 { 5.0 } else { 0.0 });
        let mut sample = requests(|_, _| Some(1000.0), many);
        sample.gates = vec![
            gate(Signal::FailedRequests).with_controls(1),
            gate(Signal::Requests).with_controls(1),
        ];
        let with = |failed: f64| {
            let one = sample.clone().reads(Signal::Requests, "i-c1", |_, _| Some(1000.0));
            one.reads(Signal::FailedRequests, "i-c1", move |_, _| Some(failed)).verdict()
        };
        assert_eq!((with(0.0).state, with(0.0).blame), (FAIL, Blame::Change));
        assert_eq!((with(5.0).state, with(5.0).blame), (FAIL, Blame::External));
    }

    #[test]
    fn e12_a_night_without_a_busy_hour_does_not_pass_and_a_peak_that_is_too_high_fails() {
        let at_night = |hour: f64| hour < 12.0;
        let day =
            |peak: f64| move |hour: f64, _: i64| Some(if at_night(hour) { 25.0 } else { peak });
        let watch = |hours: i64, peak: f64| {
            let signal = Signal::CpuUtilization;
            let mut sample = Sample::of(gate(signal).busy(70.0)).after(hours);
            sample.soak = SignedDuration::from_hours(8);
            sample.peak = Peak::Needed;
            sample.reads(signal, "i-1", day(peak))
        };
        watch(11, 70.0).check(INCONCLUSIVE, "no-busy-hour");
        watch(16, 70.0).check(PASS, "well");
        watch(16, 92.0).check(FAIL, "cpu-utilization-limit");
        // Without a signal that tells of load, nobody knows.
        let mut unknown = cpu(|_, _| Some(60.0));
        unknown.peak = Peak::Needed;
        unknown.check(INCONCLUSIVE, "load-unknown");
    }

    #[test]
    fn what_has_no_signal_of_load_is_watched_for_a_whole_day() {
        let signal = Signal::StatusCheckFailed;
        let watch = |hours: i64| {
            let mut sample = Sample::of(gate(signal)).after(hours);
            sample.soak = SignedDuration::from_hours(8);
            sample.peak = Peak::Needed;
            sample.reads(signal, "i-1", |_, _| Some(0.0))
        };
        watch(12).check(INCONCLUSIVE, "no-whole-day");
        watch(24).check(PASS, "well");
    }

    #[test]
    fn e13_credits_that_drain_fail_before_they_are_gone() {
        let signal = Signal::CpuCreditBalance;
        let drains = |hour: f64, _: i64| Some((576.0 - hour * 28.8).max(0.0));
        let watch = |hours| Sample::of(gate(signal)).after(hours).reads(signal, "i-1", drains);
        watch(6).check_state(INCONCLUSIVE);
        watch(12).check(FAIL, "drains");
        // A balance that a start emptied and that fills up again is well.
        Sample::of(gate(signal))
            .reads(signal, "i-1", |hour, _| Some((hour - 2.0).max(0.0) * 6.0))
            .check(PASS, "well");
        Sample::of(gate(signal)).reads(signal, "i-1", |_, _| Some(0.0)).check_state(FAIL);
    }

    #[test]
    fn e14_a_burst_balance_that_drains_fails_before_it_is_gone() {
        let signal = Signal::BurstBalance;
        Sample::of(gate(signal))
            .reads(signal, "i-1", |hour, _| Some(100.0 - hour * 1.2))
            .check(FAIL, "drains");
        Sample::of(gate(signal)).reads(signal, "i-1", |_, _| Some(100.0)).check(PASS, "well");
    }

    #[test]
    fn e15_points_that_come_late_are_waited_for() {
        let late =
            |minutes: f64| move |hour: f64, _: i64| (hour < 24.0 - minutes / 60.0).then_some(60.0);
        // Three periods of five minutes are young enough.
        cpu(late(10.0)).check(PASS, "well");
        cpu(late(25.0)).check(INCONCLUSIVE, "stale");
        let mut old = cpu(|_, _| Some(60.0));
        old.now += SignedDuration::from_mins(30);
        old.check(INCONCLUSIVE, "reading-old");
    }

    #[test]
    fn e16_a_wrong_unit_has_no_points_and_says_where_to_look() {
        let sample = cpu(|_, _| None);
        sample.check(INCONCLUSIVE, "no-data");
        let text = sample.verdict().reasons.remove(0).text;
        assert!(text.en.contains("unit"), "{}", text.en);
        assert!(text.ko.contains("단위"), "{}", text.ko);
    }

    #[test]
    fn e17_an_agent_that_died_with_the_change_is_no_pass() {
        let signal = Signal::MemoryUtilization;
        let died = |_: f64, week: i64| (week > 0).then_some(50.0);
        for one in [gate(signal), gate(signal).optional()] {
            Sample::of(one).reads(signal, "i-1", died).check(INCONCLUSIVE, "no-data");
        }
        let stopped = |hour: f64, _: i64| (hour < 3.0).then_some(50.0);
        Sample::of(gate(signal).optional())
            .reads(signal, "i-1", stopped)
            .check(INCONCLUSIVE, "stale");
        // What never was there is said, and no more.
        let sample = cpu(|_, _| Some(60.0)).and(gate(signal).optional());
        sample.check_state(PASS);
        assert!(sample.verdict().reasons.iter().any(|reason| reason.code == "no-data"));
    }

    #[test]
    fn e24_a_clock_that_is_off_is_not_judged_by() {
        let with = |offset| {
            let mut sample = cpu(|_, _| Some(90.0));
            sample.reading.clock_offset = offset;
            sample
        };
        with(Some(SignedDuration::from_secs(61))).check(INCONCLUSIVE, "clock-offset");
        with(Some(SignedDuration::from_secs(-61))).check(INCONCLUSIVE, "clock-offset");
        with(Some(SignedDuration::from_secs(60))).check_state(FAIL);
        with(None).check_state(FAIL);
        // Where nobody says the time, points of the future do.
        let mut slow = cpu(|_, _| Some(60.0));
        let ahead = slow.now + SignedDuration::from_mins(10);
        slow.reading.series.first_mut().unwrap().points.push((ahead, 60.0));
        slow.check(INCONCLUSIVE, "clock-offset");
    }

    #[test]
    fn a_service_that_got_slower_than_its_others_fails_within_its_limit() {
        let day = |hour: f64| 100.0 + 20.0 * (hour / 24.0 * std::f64::consts::TAU).sin();
        let own = |factor: f64| {
            move |hour: f64, week: i64| Some(day(hour) * if week == 0 { factor } else { 1.0 })
        };
        let usual = own(1.0);
        group(own(1.20), usual).check(FAIL, "worse-than-control");
        group(own(1.14), usual).check(PASS, "well");
        // A busy day that all of them have is nobody's fault.
        group(own(1.20), own(1.20)).check(PASS, "well");
        // Controls of which nothing is read prove nothing.
        group(own(1.0), |_, _| None).check(INCONCLUSIVE, "control-too-short");
    }

    #[test]
    fn a_single_machine_is_held_against_the_same_hours_of_four_weeks() {
        let grown = |factor: f64| {
            move |hour: f64, week: i64| Some((100.0 + hour) * if week == 0 { factor } else { 1.0 })
        };
        latency(grown(1.30)).check(FAIL, "worse-than-history");
        latency(grown(1.24)).check(PASS, "well");
        latency(|_, week| (week < 4).then_some(100.0)).check(INCONCLUSIVE, "history-too-short");
    }

    #[test]
    fn a_limit_that_the_plan_must_name_is_asked_for() {
        let signal = Signal::DatabaseConnections;
        let sample = |gate| Sample::of(gate).reads(signal, "i-1", |_, _| Some(90.0));
        sample(gate(signal)).check(INCONCLUSIVE, "no-limit");
        sample(gate(signal).optional()).check(PASS, "no-limit");
        sample(gate(signal).limited(100.0)).check(PASS, "well");
        sample(gate(signal).limited(80.0)).check(FAIL, "database-connections-limit");
        for (signal, limit) in [(Signal::Swap, 64.0), (Signal::ReplicaLag, 30.0)] {
            let sample = |value: f64| {
                Sample::of(gate(signal).limited(limit))
                    .reads(signal, "i-1", move |_, _| Some(value))
            };
            sample(limit).check(PASS, "well");
            sample(limit + 1.0).check_state(FAIL);
        }
        // What is not replicated says -1, which is no lag.
        Sample::of(gate(Signal::ReplicaLag).limited(30.0))
            .reads(Signal::ReplicaLag, "i-1", |_, _| Some(-1.0))
            .check(INCONCLUSIVE, "impossible-value");
    }

    #[test]
    fn network_is_held_against_what_the_type_sustains() {
        let signal = Signal::NetworkUtilization;
        let sample =
            |value: f64| Sample::of(gate(signal)).reads(signal, "i-1", move |_, _| Some(value));
        sample(100.0).check(PASS, "well");
        sample(101.0).check(FAIL, "network-utilization-limit");
    }

    #[test]
    fn one_gate_that_fails_outweighs_all_that_pass_or_are_unknown() {
        let sample = cpu(|_, _| Some(95.0)).and(gate(Signal::MemoryUtilization));
        sample.check(FAIL, "cpu-utilization-limit");
        let sample = cpu(|_, _| Some(50.0)).and(gate(Signal::MemoryUtilization));
        sample.check(INCONCLUSIVE, "no-data");
    }

    #[test]
    fn values_are_multiplied_with_the_scale_of_their_source() {
        let mut sample = cpu(|_, _| Some(0.9));
        for one in &mut sample.gates {
            one.source.scale = 100.0;
        }
        for part in &mut sample.reading.series {
            part.source.scale = 100.0;
        }
        sample.check(FAIL, "cpu-utilization-limit");
    }

    #[test]
    fn what_has_no_points_is_read_by_what_stands_in() {
        let signal = Signal::MemoryUtilization;
        let mut one = gate(signal);
        let stand_in = SignalSource { query: Some("memory".to_owned()), ..one.source.clone() };
        one.stand_ins = vec![stand_in.clone()];
        let mut sample = Sample::of(one).reads(signal, "i-1", |_, _| Some(90.0));
        for part in &mut sample.reading.series {
            part.source = stand_in.clone();
        }
        sample.check(FAIL, "memory-utilization-limit");
        // Where it has points of its own, those count.
        let sample = sample.reads(signal, "i-1", |_, _| Some(50.0));
        sample.check(PASS, "well");
        // What cannot be read is not made good by another.
        let mut refused = sample.clone();
        let own = refused.gates.first().unwrap().source.clone();
        refused.reading.series.retain(|part| part.source == stand_in);
        let (status, points) = (PointsStatus::Forbidden, Vec::new());
        refused.reading.series.push(trimtab_model::gate::Points { source: own, status, points });
        refused.check(INCONCLUSIVE, super::super::FORBIDDEN);
    }

    #[test]
    fn e09_shares_and_counts_keep_their_limits_on_both_sides() {
        for (signal, limit, well, ill) in [
            (Signal::ErrorRate, None, 0.1, 0.11),
            (Signal::Availability, None, 99.9, 99.8),
            (Signal::MemoryUtilization, None, 85.0, 85.1),
            (Signal::HealthyHosts, Some(2.0), 2.0, 1.0),
            (Signal::UnhealthyHosts, Some(1.0), 1.0, 2.0),
            (Signal::Swap, Some(10.0), 10.0, 10.1),
            (Signal::DatabaseConnections, Some(800.0), 800.0, 801.0),
            (Signal::ReplicaLag, Some(60.0), 60.0, 60.1),
            (Signal::CpuCreditBalance, None, 1.0, 0.9),
            (Signal::BurstBalance, None, 10.0, 9.9),
            (Signal::FreeMemory, Some(1e9), 1e9, 0.9e9),
            (Signal::StatusCheckFailed, None, 0.0, 1.0),
        ] {
            let sample = |value: f64| {
                let mut one = gate(signal);
                one.limit = limit;
                let value = move |_: f64, week: i64| Some(if week == 0 { value } else { well });
                Sample::of(one).reads(signal, "i-1", value)
            };
            sample(well).check(PASS, "well");
            let verdict = sample(ill).verdict();
            assert_eq!((verdict.state, verdict.blame), (FAIL, Blame::Change), "{signal:?}");
        }
    }

    #[test]
    fn who_was_ill_behind_a_load_balancer_before_the_change_is_not_ill_by_it() {
        let sample = |signal: Signal, before: f64| {
            let value = |_: f64, week: i64| Some(if week == 0 { 1.0 } else { 0.0 });
            let mut sample = Sample::of(gate(signal).limited(0.0)).reads(signal, "i-1", value);
            let source = sample.gates[0].source.clone();
            let minutes = (1..=12).map(|number| SignedDuration::from_mins(number * 5));
            let points = minutes.map(|ago| (sample.since - ago, before)).collect();
            let status = PointsStatus::Complete;
            sample.reading.series.push(trimtab_model::gate::Points { source, status, points });
            sample.verdict()
        };
        let of = |signal, before| {
            let verdict = sample(signal, before);
            (verdict.state, verdict.blame)
        };
        let (change, external) = ((FAIL, Blame::Change), (FAIL, Blame::External));
        let hosts = Signal::UnhealthyHosts;
        assert_eq!((of(hosts, 0.0), of(hosts, 1.0)), (change, external));
        // A status check that fails is the machine's own, whatever it was before.
        let check = Signal::StatusCheckFailed;
        assert_eq!((of(check, 0.0), of(check, 1.0)), (change, change));
    }

    #[test]
    fn what_was_so_in_earlier_weeks_is_not_the_change() {
        for (signal, limit, ill) in [
            (Signal::ReplicaLag, Some(60.0), 90.0),
            (Signal::Swap, Some(10.0), 30.0),
            (Signal::Availability, None, 95.0),
        ] {
            let mut one = gate(signal);
            one.limit = limit;
            let verdict = Sample::of(one).reads(signal, "i-1", move |_, _| Some(ill)).verdict();
            assert_eq!((verdict.state, verdict.blame), (FAIL, Blame::External), "{signal:?}");
        }
    }

    #[test]
    fn e12_the_busy_hour_is_that_of_the_four_weeks_before() {
        let signal = Signal::Requests;
        let sample = |now: f64| {
            let value = move |_: f64, week: i64| Some(if week == 0 { now } else { 100.0 });
            let mut sample = Sample::of(gate(signal)).reads(signal, "i-1", value);
            sample.peak = Peak::Needed;
            let source = SignalSource { period_seconds: 3600, ..sample.gates[0].source.clone() };
            let source =
                SignalSource { statistic: trimtab_model::metric::Statistic::Sum, ..source };
            sample.gates[0].source.statistic = source.statistic;
            for part in &mut sample.reading.series {
                part.source.statistic = source.statistic;
            }
            // A hundred of five minutes, and a busy hour in ten: twelve times 200 of an hour.
            let points = (1..=28 * 24)
                .map(|hour| {
                    let sum = if hour % 10 == 0 { 2_400.0 } else { 1_200.0 };
                    (sample.since - SignedDuration::from_hours(hour), sum)
                })
                .collect();
            let status = PointsStatus::Complete;
            sample.reading.series.push(trimtab_model::gate::Points { source, status, points });
            sample
        };
        sample(100.0).check(INCONCLUSIVE, "no-busy-hour");
        sample(179.0).check(INCONCLUSIVE, "no-busy-hour");
        sample(180.0).check_state(PASS);
        let figures = sample(180.0).verdict().figures;
        assert_eq!(figures.get("requests.busy"), Some(&200.0));
    }

    #[test]
    fn a_query_of_failures_that_says_nothing_is_no_zero() {
        let steady = |_: f64, _: i64| Some(1_000.0);
        let queried = |failed: &dyn Fn(f64, i64) -> Option<f64>| {
            let mut sample = requests(steady, failed);
            let is_failed = |source: &SignalSource| source.metric == "failed-requests";
            for gate in &mut sample.gates {
                gate.presence = Presence::Optional;
                let query = is_failed(&gate.source).then(|| "failed".to_owned());
                gate.source.query = query;
            }
            for part in sample.reading.series.iter_mut().filter(|part| is_failed(&part.source)) {
                part.source.query = Some("failed".to_owned());
            }
            sample
        };
        queried(&|_, _| Some(0.0)).check_state(PASS);
        queried(&|_, _| None).check(INCONCLUSIVE, "failures-missing");
        queried(&|_, week| (week > 0).then_some(0.0)).check(INCONCLUSIVE, "failures-missing");
        // What it told of two points is not told of the others.
        let begins = |hour: f64, _: i64| (hour > 23.8).then_some(0.0);
        queried(&begins).check(INCONCLUSIVE, "errors-unproven");
        queried(&|_, _| Some(100.0)).check_state(FAIL);
        // A response code that did not occur has no points in CloudWatch.
        requests(steady, |_, _| None).check_state(PASS);
        // Where nobody counts any, there is no share.
        let mut silent = queried(&|_, _| None);
        silent.reading.series.clear();
        silent = silent.and(gate(Signal::CpuUtilization));
        silent.reads(Signal::CpuUtilization, "i-1", |_, _| Some(50.0)).check_state(PASS);
    }

    #[test]
    fn e12_an_hour_is_compared_by_its_highest_where_the_hours_before_are() {
        use trimtab_model::metric::Statistic::Maximum;
        let signal = Signal::DatabaseConnections;
        let sample = |burst: f64| {
            // Most of the time a pool is small, and for a moment of each hour it is full.
            let value =
                move |hour: f64, _: i64| Some(if hour.fract() < 0.05 { burst } else { 5.0 });
            let mut sample = Sample::of(gate(signal).limited(800.0)).reads(signal, "i-1", value);
            sample.peak = Peak::Needed;
            sample.gates[0].source.statistic = Maximum;
            for part in &mut sample.reading.series {
                part.source.statistic = Maximum;
            }
            let source = SignalSource { period_seconds: 3600, ..sample.gates[0].source.clone() };
            let hours = 1..=28 * 24;
            let points = hours
                .map(|hour| (sample.since - SignedDuration::from_hours(hour), 100.0))
                .collect();
            let status = PointsStatus::Complete;
            sample.reading.series.push(trimtab_model::gate::Points { source, status, points });
            sample
        };
        sample(100.0).check_state(PASS);
        sample(80.0).check(INCONCLUSIVE, "no-busy-hour");
    }

    #[test]
    fn each_source_is_compared_by_points_that_are_still_there_after_four_weeks() {
        let coarse = |minutes: u32, weeks: std::ops::Range<i64>| {
            let signal = Signal::LatencyP95;
            let mut sample = Sample::of(gate(signal)).reads(signal, "i-1", move |_, week| {
                weeks.contains(&week).then_some(if week == 0 { 130.0 } else { 100.0 })
            });
            for part in &mut sample.reading.series {
                part.source.period_seconds = minutes * 60;
            }
            sample
        };
        // What is read by the minute is there for the watched time only.
        let mut sample = coarse(1, 0..1);
        sample.gates[0].source.period_seconds = 60;
        sample.reading.series.extend(coarse(5, 0..5).reading.series);
        sample.check(FAIL, "worse-than-history");
        sample.reading.series.retain(|part| part.source.period_seconds == 60);
        sample.check(INCONCLUSIVE, "history-too-short");
        // What is wrong with either keeps it from passing, and is said once.
        let impossible = |hour: f64, _: i64| Some(if hour < 1.0 { -1.0 } else { 100.0 });
        let mut faulty = latency(impossible);
        faulty.reading.series.last_mut().unwrap().status = PointsStatus::Partial;
        let verdict = faulty.verdict();
        assert_eq!(verdict.state, INCONCLUSIVE);
        let codes: Vec<&str> = verdict.reasons.iter().map(|one| one.code.as_str()).collect();
        let count = |code: &str| codes.iter().filter(|one| **one == code).count();
        assert_eq!((count("partial-data"), count("impossible-value")), (1, 1), "{codes:?}");
    }

    #[test]
    fn a_control_with_faulty_points_is_none() {
        let usual = |_: f64, week: i64| Some(if week == 0 { 100.0 } else { 90.0 });
        let sample = group(|_, _| Some(100.0), usual);
        sample.check(PASS, "well");
        let mut faulty = sample.clone();
        for part in &mut faulty.reading.series {
            if part.source.resource.as_str() != "i-1" {
                part.status = PointsStatus::Partial;
            }
        }
        faulty.check(INCONCLUSIVE, "control-too-short");
        // One that is whole is enough.
        let mut half = sample.clone();
        for part in &mut half.reading.series {
            if part.source.resource.as_str() == "i-c1" {
                part.status = PointsStatus::Partial;
            }
        }
        half.check(PASS, "well");
    }

    #[test]
    fn what_was_never_read_is_said_and_what_is_faulty_is_said_once() {
        let signal = Signal::MemoryUtilization;
        let codes = |sample: &Sample| -> Vec<String> {
            sample.verdict().reasons.into_iter().map(|one| one.code).collect()
        };
        // Points that cannot be are no missing ones.
        let faulty = cpu(|_, week| (week == 0).then_some(f64::NAN));
        assert_eq!(codes(&faulty), ["impossible-value"]);
        let absent = cpu(|_, _| Some(60.0)).and(gate(signal).optional());
        assert_eq!(
            (codes(&absent), absent.verdict().state),
            (vec!["no-data".to_owned(), "well".to_owned()], PASS)
        );
        let required = cpu(|_, _| Some(60.0)).and(gate(signal));
        assert_eq!((codes(&required), required.verdict().state), (codes(&absent), INCONCLUSIVE));
    }

    #[test]
    fn where_nobody_counts_requests_there_is_no_share_and_where_somebody_did_there_is_one() {
        let silent = |failed: HealthGate, all: HealthGate| {
            let sample = cpu(|_, _| Some(50.0)).and(failed).and(all);
            sample.verdict().reasons.into_iter().map(|one| one.code).collect::<Vec<_>>()
        };
        let failed = || gate(Signal::FailedRequests);
        let all = || gate(Signal::Requests);
        let has = |codes: Vec<String>| codes.iter().any(|code| code == "errors-unproven");
        assert!(!has(silent(failed().optional(), all().optional())));
        assert!(has(silent(failed(), all().optional())));
        assert!(has(silent(failed().optional(), all())));
        assert!(has(silent(failed(), all())));
        // They were counted before.
        let before = cpu(|_, _| Some(50.0)).and(failed().optional()).and(all().optional());
        let before = before.reads(Signal::Requests, "i-1", |_, week| (week > 0).then_some(9.0));
        let codes = |sample: Sample| -> Vec<String> {
            sample.verdict().reasons.into_iter().map(|one| one.code).collect()
        };
        assert!(has(codes(before.clone())));
        // And are read by the minute now: what is left of before are points of five.
        let mut by_minute = before;
        for one in by_minute.gates.iter_mut().filter(|one| one.signal == Signal::Requests) {
            one.source.period_seconds = 60;
        }
        assert!(has(codes(by_minute)));
    }

    #[test]
    fn e17_an_agent_of_which_only_points_of_earlier_weeks_are_left_has_stopped() {
        let mut one = gate(Signal::Swap).limited(10.0).optional();
        one.source.period_seconds = 60;
        let stopped = cpu(|_, _| Some(60.0)).and(one);
        stopped.check(PASS, "no-data");
        stopped
            .reads(Signal::Swap, "i-1", |_, week| (week > 0).then_some(1.0))
            .check(INCONCLUSIVE, "no-data");
    }

    #[test]
    fn without_all_requests_there_is_no_share() {
        let signal = Signal::FailedRequests;
        Sample::of(gate(signal))
            .reads(signal, "i-1", |_, _| Some(0.0))
            .check(INCONCLUSIVE, "requests-missing");
    }

    #[test]
    fn a_load_balancer_that_says_nothing_for_a_while_has_no_gap() {
        latency(|hour, _| (!(3.0..4.0).contains(&hour)).then_some(100.0)).check(PASS, "well");
    }

    #[test]
    fn a_watch_of_less_than_an_hour_settles_for_a_quarter_of_it() {
        let mut sample = cpu(|_, _| Some(95.0)).after(1);
        sample.soak = SignedDuration::from_mins(40);
        sample.now = sample.since + SignedDuration::from_mins(9);
        sample.reading.at = sample.now;
        sample.check(INCONCLUSIVE, "settling");
        // A quarter of forty minutes are ten.
        sample.now = sample.since + SignedDuration::from_mins(12);
        sample.reading.at = sample.now;
        assert!(sample.verdict().reasons.iter().all(|reason| reason.code != "settling"));
        sample.now = sample.since + SignedDuration::from_mins(36);
        sample.reading.at = sample.now;
        sample.check(FAIL, "cpu-utilization-limit");
    }
}
