//! Whether a busy hour was among those that were watched.
//!
//! A machine that is well at night says nothing about noon. Before it passes, one whole hour
//! must have carried nine tenths of what a busy hour carried before the change.

use trimtab_model::gate::{HealthGate, Signal};
use trimtab_model::period::Period;
use trimtab_model::text::Reason;

use super::finding::Findings;
use super::series::Series;
use super::signal::{is_sparse, name};

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

/// Whole hours of a day without the time in which a machine settles.
const DAY: usize = 23;

/// Adds whether a busy hour was seen.
pub(super) fn look(gates: &[(&HealthGate, Series)], hours: &[Period], findings: &mut Findings) {
    if !gates.iter().any(|(gate, _)| BY.contains(&gate.signal)) {
        whole_day(hours.len(), findings);
        return;
    }
    let best = BY.into_iter().find_map(|signal| {
        let of = |(gate, series): &(&HealthGate, Series)| {
            let busy = gate.busy.filter(|busy| gate.signal == signal && *busy > 0.0)?;
            Some((signal, busy, peak(signal, series, hours)?))
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

/// Returns the mean of the busiest hour.
fn peak(signal: Signal, series: &Series, hours: &[Period]) -> Option<f64> {
    hours
        .iter()
        .filter_map(|hour| {
            let values = series.within(*hour);
            // Where nothing comes in there is no point, and it counts as nothing.
            let count =
                if is_sparse(signal) { series.expected(*hour) } else { values.len() as f64 };
            let is_whole = values.len() as f64 * 2.0 >= series.expected(*hour);
            (count > 0.0 && (is_whole || is_sparse(signal)))
                .then(|| values.iter().sum::<f64>() / count)
        })
        .max_by(f64::total_cmp)
}
