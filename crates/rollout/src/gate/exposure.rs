//! Whether a busy hour was among those that were watched.
//!
//! A machine that is well at night says nothing about noon. Before it passes, one whole hour
//! must have carried nine tenths of what a busy hour carried before the change.
//!
//! What a busy hour carried is read of the four weeks before it, all hours of them, where the load
//! is told in a unit that does not depend on the size. CPU use does, so that the plan says it.

use trimtab_model::gate::{GateReading, Signal, SignalSource};
use trimtab_model::metric::Statistic;
use trimtab_model::period::Period;
use trimtab_model::text::Reason;

use super::case::{Case, weeks_until};
use super::finding::Findings;
use super::judge::Read;
use super::percentile::p95;
use super::series::Series;
use super::signal::{is_load, is_sparse, name};

/// The share of a busy hour's load that must have been seen.
const SHARE: f64 = 0.9;
/// What tells load best, first: what comes in, before what it costs.
const BY: [Signal; 6] = [
    Signal::Requests,
    Signal::NetworkUtilization,
    Signal::DatabaseConnections,
    Signal::ReadIops,
    Signal::CpuUtilization,
    Signal::MemoryUtilization,
];

/// Hours of the weeks before that must be known: as many as a week has.
const FEWEST_HOURS: usize = 168;
const HOUR_SECONDS: u32 = 3600;

/// Returns the source that tells the load by the hour.
pub(super) fn hourly(source: &SignalSource) -> SignalSource {
    SignalSource { period_seconds: HOUR_SECONDS, ..source.clone() }
}

/// Whole hours of a day without the time in which a machine settles.
const DAY: usize = 23;

/// Adds whether a busy hour was seen.
pub(super) fn look(
    case: &Case<'_>,
    gates: &[Read<'_>],
    reading: &GateReading,
    findings: &mut Findings,
) {
    let hours = &case.hours();
    if !gates.iter().any(|read| BY.contains(&read.gate.signal)) {
        whole_day(hours.len(), findings);
        return;
    }
    let best = BY.into_iter().find_map(|signal| {
        let of = |read: &Read<'_>| {
            let gate = read.gate;
            if gate.signal != signal {
                return None;
            }
            let busy = busy(case, read, reading).or(gate.busy).filter(|busy| *busy > 0.0)?;
            Some((signal, busy, peak(read, hours)?))
        };
        gates.iter().find_map(of)
    });
    let Some((signal, busy, peak)) = best else {
        findings.inconclusive(Reason::new(
            "load-unknown",
            "No signal says how busy it was, so that nobody knows whether a busy hour was watched.",
            "부하를 알려 주는 지표가 없어 바쁜 시간대를 지켜봤는지 알 수 없습니다.",
        ));
        return;
    };
    findings.figure(signal, "busiest-hour", peak);
    findings.figure(signal, "busy", busy);
    let share = peak / busy;
    if share < SHARE {
        let (en, ko) = name(signal);
        let percent = share * 100.0;
        findings.inconclusive(Reason::new(
            "no-busy-hour",
            format!("{en}: the busiest hour so far had {percent:.0} % of a busy hour's load; 90 % are needed."),
            format!("{ko}: 지금까지 가장 바쁜 시간의 부하가 평소 피크의 {percent:.0}%입니다. 90% 이상을 지켜봐야 합니다."),
        ));
    }
}

/// Returns the load of a busy hour of the weeks before: the 95th percentile of all of them, as
/// much as a point of the gate's own source has of it.
///
/// Only the source that the watched time was read by can say it: another has its own statistic.
fn busy(case: &Case<'_>, read: &Read<'_>, reading: &GateReading) -> Option<f64> {
    let (signal, source) = (read.gate.signal, read.source);
    if !is_load(signal) {
        return None;
    }
    let (series, wrong) = Series::of(signal, &hourly(source), reading);
    let hours = series.within(weeks_until(case.began)?);
    if !wrong.is_empty() || hours.len() < FEWEST_HOURS {
        return None;
    }
    // A sum is of the whole hour; what a query says is of its own stretch, whatever the step.
    let is_sum = source.statistic == Statistic::Sum && source.query.is_none();
    let points = f64::from(HOUR_SECONDS) / f64::from(source.period_seconds.max(1));
    Some(p95(&hours)? / if is_sum { points } else { 1.0 })
}

/// Adds whether a day was seen. Where nothing that is watched tells of load, as of a volume, no
/// hour can be called busy; every hour of a day has been then.
fn whole_day(hours: usize, findings: &mut Findings) {
    if hours < DAY {
        findings.inconclusive(Reason::new(
            "no-whole-day",
            format!("{hours} whole hours were watched; where no signal tells of load, a day is needed."),
            format!("지금까지 {hours}시간을 지켜봤습니다. 부하를 알려 주는 지표가 없으면 하루를 지켜봐야 합니다."),
        ));
    }
}

/// Returns the load of the busiest hour: the mean of its points, or the highest where the hours
/// before are told by their highest.
fn peak(read: &Read<'_>, hours: &[Period]) -> Option<f64> {
    let (signal, series, source) = (read.gate.signal, &read.series, read.source);
    let is_highest = source.statistic == Statistic::Maximum && source.query.is_none();
    hours
        .iter()
        .filter_map(|hour| {
            let values = series.within(*hour);
            // Where nothing comes in there is no point, and it counts as nothing.
            let count =
                if is_sparse(signal) { series.expected(*hour) } else { values.len() as f64 };
            let is_whole = values.len() as f64 * 2.0 >= series.expected(*hour);
            if !(is_whole || is_sparse(signal)) {
                return None;
            }
            if is_highest {
                return values.into_iter().max_by(f64::total_cmp);
            }
            Some(values.iter().sum::<f64>() / count)
        })
        .max_by(f64::total_cmp)
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use trimtab_model::gate::{GateState, Points, PointsStatus};

    use super::super::case::Peak;
    use super::super::sample::{Sample, Shape as _, gate};
    use super::*;

    const CPU: Signal = Signal::CpuUtilization;
    const REQUESTS: Signal = Signal::Requests;

    /// A day in which a busy hour must be seen; with points of so many hours before it.
    fn sample(
        signal: Signal,
        hours: i64,
        of_an_hour: f64,
        value: impl Fn(f64) -> Option<f64>,
    ) -> Sample {
        let watched = |hour: f64, week: i64| if week == 0 { value(hour) } else { Some(1_000.0) };
        let mut sample = Sample::of(gate(signal)).reads(signal, "i-1", watched);
        sample.peak = Peak::Needed;
        let points =
            (1..=hours).map(|hour| (sample.since - SignedDuration::from_hours(hour), of_an_hour));
        let source = hourly(&sample.gates[0].source);
        let (status, points) = (PointsStatus::Complete, points.collect());
        sample.reading.series.push(Points { source, status, points });
        sample
    }

    fn shape(mut sample: Sample, by: impl Fn(&mut SignalSource)) -> Sample {
        by(&mut sample.gates[0].source);
        sample.reading.series.iter_mut().for_each(|part| by(&mut part.source));
        sample
    }

    #[test]
    fn e12_a_week_of_hours_must_be_known_to_call_one_busy() {
        sample(REQUESTS, 168, 1_000.0, |_| Some(1_000.0)).check_state(GateState::Pass);
        sample(REQUESTS, 167, 1_000.0, |_| Some(1_000.0))
            .check(GateState::Inconclusive, "load-unknown");
        let mut faulty = sample(REQUESTS, 168, 1_000.0, |_| Some(1_000.0));
        faulty.reading.series.last_mut().unwrap().status = PointsStatus::Partial;
        faulty.check(GateState::Inconclusive, "load-unknown");
    }

    #[test]
    fn e12_nothing_is_no_load_of_a_busy_hour() {
        let mut nothing = Sample::of(gate(CPU).busy(0.0)).reads(CPU, "i-1", |_, _| Some(50.0));
        nothing.peak = Peak::Needed;
        nothing.check(GateState::Inconclusive, "load-unknown");
    }

    #[test]
    fn it_says_how_much_of_a_busy_hour_was_seen() {
        let mut sample = Sample::of(gate(CPU).busy(80.0)).reads(CPU, "i-1", |_, _| Some(50.0));
        sample.peak = Peak::Needed;
        sample.check(GateState::Inconclusive, "no-busy-hour");
        let text = sample.verdict().reasons.remove(0).text;
        assert!(text.en.contains(" 62 %") && text.ko.contains(" 62%"), "{text:?}");
        assert_eq!(sample.verdict().figures.get("cpu-utilization.busiest-hour"), Some(&50.0));
    }

    #[test]
    fn an_hour_of_which_half_is_known_counts_and_one_of_which_less_is_known_does_not() {
        let watch = |minutes: f64| {
            // One hour from 10:15 on is busy, and known for so long.
            let value = move |hour: f64, _: i64| match hour - 10.25 {
                since if !(0.0..1.0).contains(&since) => Some(30.0),
                since => (since < minutes / 60.0 - 0.01).then_some(70.0),
            };
            let mut sample = Sample::of(gate(CPU).busy(70.0)).reads(CPU, "i-1", value);
            sample.peak = Peak::Needed;
            sample.verdict().figures.get("cpu-utilization.busiest-hour").copied()
        };
        assert_eq!((watch(30.0), watch(25.0)), (Some(70.0), Some(30.0)));
    }

    #[test]
    fn where_nothing_comes_in_there_is_no_point_and_it_counts_as_nothing() {
        // One point of twelve in each hour, in which all of its requests are.
        let once = |hour: f64| (hour.fract() < 0.01).then_some(1_200.0);
        let sample = sample(REQUESTS, 168, 100.0, once);
        assert_eq!(sample.verdict().figures.get("requests.busiest-hour"), Some(&100.0));
    }

    #[test]
    fn a_sum_is_of_its_whole_hour_and_what_a_query_says_is_of_its_own_stretch() {
        let busy = |statistic: Statistic, query: Option<&str>| {
            let sample = sample(REQUESTS, 168, 1_200.0, |_| Some(100.0));
            let sample = shape(sample, |source| {
                source.statistic = statistic;
                source.query = query.map(str::to_owned);
            });
            sample.verdict().figures.get("requests.busy").copied()
        };
        assert_eq!(busy(Statistic::Sum, None), Some(100.0));
        assert_eq!(busy(Statistic::Sum, Some("sum")), Some(1_200.0));
        assert_eq!(busy(Statistic::Average, None), Some(1_200.0));
    }

    #[test]
    fn the_highest_of_an_hour_is_not_asked_of_a_query() {
        let signal = Signal::NetworkUtilization;
        let busiest = |statistic: Statistic, query: Option<&str>| {
            let sample = sample(signal, 168, 50.0, |hour| {
                Some(if hour.fract() < 0.01 { 85.0 } else { 25.0 })
            });
            let sample = shape(sample, |source| {
                source.statistic = statistic;
                source.query = query.map(str::to_owned);
            });
            sample.verdict().figures.get("network-utilization.busiest-hour").copied()
        };
        assert_eq!(busiest(Statistic::Maximum, None), Some(85.0));
        assert_eq!(busiest(Statistic::Maximum, Some("max")), Some(30.0));
        assert_eq!(busiest(Statistic::Average, None), Some(30.0));
    }
}
