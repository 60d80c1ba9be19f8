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
    Limit, Side, has_history, has_hour_before, is_balance, is_forecast, limit, name, needs_limit,
};
use super::words::{above_forecast, close, few, past, sustained, well, without_limit};
use super::{forecast, trend};

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
    let value = shown(&values, limit.side).unwrap_or(f64::NAN);
    findings.figure(signal, "p95", value);
    findings.figure(signal, "limit", limit.value);
    findings.figure(signal, "points", values.len() as f64);
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
