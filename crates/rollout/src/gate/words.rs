//! How a signal that was held against its limit is spoken of.

use trimtab_model::gate::{Blame, Signal};
use trimtab_model::text::{Reason, memory};

use super::level::FEWEST;
use super::signal::{Limit, Side, key, name, unit};

/// What a share can be at most: a swap of more is one in bytes.
const WHOLE: f64 = 100.5;

fn amount(signal: Signal, value: f64) -> String {
    match signal {
        Signal::FreeMemory => memory(value),
        Signal::Swap if value > WHOLE => memory(value),
        _ => format!("{value:.1}{}", unit(signal)),
    }
}

pub(super) fn sustained(
    signal: Signal,
    limit: Limit,
    beyond: usize,
    of: usize,
    blame: Blame,
) -> Reason {
    let (en, ko) = name(signal);
    let line = amount(signal, limit.value);
    let (side, side_ko) = words(limit.side);
    let (also, also_ko) = elsewhere(blame);
    Reason::new(
        format!("{}-limit", key(signal)),
        format!("{en} was {side} {line} for {beyond} of {of} points in a row.{also}"),
        format!("{ko}: 연속 {of}개 중 {beyond}개가 {line} {side_ko}입니다.{also_ko}"),
    )
}

pub(super) fn past(signal: Signal, limit: Limit, value: f64, blame: Blame) -> Reason {
    let (en, ko) = name(signal);
    let (value, line) = (amount(signal, value), amount(signal, limit.value));
    let (side, side_ko) = words(limit.side);
    let (also, also_ko) = elsewhere(blame);
    Reason::new(
        format!("{}-limit", key(signal)),
        format!("{en} is {value} at the 95th percentile, {side} {line}.{also}"),
        format!("{ko}: 95백분위가 {value}로 {line} {side_ko}입니다.{also_ko}"),
    )
}

fn words(side: Side) -> (&'static str, &'static str) {
    match side {
        Side::Above => ("above", "초과"),
        Side::Below => ("below", "미만"),
    }
}

fn elsewhere(blame: Blame) -> (&'static str, &'static str) {
    match blame {
        Blame::Change => ("", ""),
        Blame::External => (
            " So are others that were not changed, or so it was before: taking it back would not help.",
            " 변경하지 않은 리소스도 같거나 이전에도 그랬으므로 되돌려도 나아지지 않습니다.",
        ),
    }
}

pub(super) fn well(signal: Signal, limit: Limit, value: f64) -> Reason {
    let (en, ko) = name(signal);
    let (value, line) = (amount(signal, value), amount(signal, limit.value));
    Reason::new(
        "well",
        format!("{en}: {value} at the 95th percentile; the limit is {line}."),
        format!("{ko}: 95백분위 {value}, 한도 {line}."),
    )
}

/// Says that one point was above a limit that none may be above.
pub(super) fn above(signal: Signal, limit: Limit, value: f64) -> Reason {
    let (en, ko) = name(signal);
    let (value, line) = (amount(signal, value), amount(signal, limit.value));
    Reason::new(
        format!("{}-limit", key(signal)),
        format!("{en}: {value} at the most, above {line}."),
        format!("{ko}: 최대 {value}, 한도 {line} 초과."),
    )
}

/// Says that no point was above it.
pub(super) fn below(signal: Signal, limit: Limit, value: f64) -> Reason {
    let (en, ko) = name(signal);
    let (value, line) = (amount(signal, value), amount(signal, limit.value));
    Reason::new(
        "well",
        format!("{en}: {value} at the most; the limit is {line}."),
        format!("{ko}: 최대 {value}, 한도 {line}."),
    )
}

pub(super) fn close(signal: Signal, limit: Limit, value: f64) -> Reason {
    let (en, ko) = name(signal);
    let (value, line) = (amount(signal, value), amount(signal, limit.value));
    Reason::new(
        "too-close",
        format!("{en}: {value} at the 95th percentile is too close to the limit of {line} to say."),
        format!("{ko}: 95백분위 {value}는 한도 {line}에 너무 가까워 판단할 수 없습니다."),
    )
}

pub(super) fn few(signal: Signal, count: usize) -> Reason {
    let (en, ko) = name(signal);
    Reason::new(
        "few-points",
        format!("{en}: there are {count} points so far; {FEWEST} are needed."),
        format!("{ko}: 데이터가 {count}개입니다. {FEWEST}개 이상이 필요합니다."),
    )
}

pub(super) fn without_limit(signal: Signal) -> Reason {
    let (en, ko) = name(signal);
    Reason::new(
        "no-limit",
        format!("{en}: the plan names no limit for it."),
        format!("{ko}: 계획에 한도가 없습니다."),
    )
}

pub(super) fn above_forecast(signal: Signal, value: f64, expected: f64) -> Reason {
    let (en, ko) = name(signal);
    let (value, expected) = (amount(signal, value), amount(signal, expected));
    Reason::new(
        "above-forecast",
        format!(
            "{en} is {value} at the 95th percentile where {expected} was forecast: the forecast does not hold."
        ),
        format!("{ko}: 95백분위가 {value}로 예측값 {expected}보다 높습니다. 예측이 맞지 않습니다."),
    )
}
