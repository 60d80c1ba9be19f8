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
            format!("{ko}: 지금까지 가장 바쁜 시간의 부하가 평소 피크의 {percent:.0} %입니다. 90 % 이상을 지켜봐야 합니다."),
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
            if count <= 0.0 || !(is_whole || is_sparse(signal)) {
                return None;
            }
            if is_highest {
                return values.into_iter().max_by(f64::total_cmp);
            }
            Some(values.iter().sum::<f64>() / count)
        })
        .max_by(f64::total_cmp)
}
