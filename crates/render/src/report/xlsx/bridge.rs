//! A bridge as stacked columns: a base that is not drawn, and a step that hangs above it.

use rust_decimal::{Decimal, RoundingStrategy};

use trimtab_model::document::{BridgeStep, Tone};
use trimtab_model::money::Money;

use super::charts::{Drawn, Ink, Kind, Series, named};
use crate::style::Style;
use crate::workbook::{Cell, Column, Filter, Grid, Row, colour};

/// The columns that a chart is drawn from, in their order.
const PARTS: usize = 6;
const BASE: usize = 0;
const END: usize = 1;
const RISE: usize = 2;
const FALL: usize = 3;
const RISE_BELOW: usize = 4;
const FALL_BELOW: usize = 5;

/// The parts of one column of the chart; absent where it has none.
type Parts = [Option<Decimal>; PARTS];
/// The cells that say what a step is, the parts of its column, and whether it is an end.
type Step = (Vec<(Cell, Tone)>, Parts, bool);

/// Returns the figures of a bridge, and the parts that its chart is drawn from.
pub(super) fn bridge(
    (from, steps, to): (&BridgeStep, &[BridgeStep], &BridgeStep),
    style: &Style,
) -> Drawn {
    let shown = |step: &BridgeStep| style.displayed(step.amount);
    let currency = shown(from).currency;
    let mut running = shown(from).amount;
    let mut lowest = running;
    let mut all: Vec<Step> = Vec::new();
    all.push((named(from, Cell::amount(shown(from)), style), end(running), true));
    for step in steps {
        let change = shown(step);
        let before = running;
        running = running.checked_add(change.amount).unwrap_or(running);
        lowest = lowest.min(running);
        let amount = Cell::amount(change).signed();
        all.push((named(step, amount, style), parts(before, running), false));
    }
    let last = shown(to);
    lowest = lowest.min(last.amount);
    all.push((named(to, Cell::amount(last), style), end(last.amount), true));

    let is_used = |place: usize| {
        all.iter().any(|(_, parts, _)| parts.get(place).is_some_and(Option::is_some))
    };
    let used: Vec<usize> = (0..PARTS).filter(|place| is_used(*place)).collect();
    let locale = style.locale();
    let mut columns = vec![
        Column::new(locale.text("report-chart-step")),
        Column::new(locale.text("report-chart-amount")),
    ];
    let titles = [
        locale.text("workbook-bridge-base"),
        locale.text("workbook-bridge-end"),
        locale.text("workbook-bridge-rise"),
        locale.text("workbook-bridge-fall"),
        locale.text("workbook-bridge-rise-below"),
        locale.text("workbook-bridge-fall-below"),
    ];
    let named = |place: &usize| titles.get(*place).cloned().unwrap_or_default();
    columns.extend(used.iter().map(|place| Column::for_chart(named(place))));
    let series = used.iter().enumerate().map(|(index, place)| series(index + 2, *place));
    let series = series.collect();
    let rows = all.into_iter().map(|(mut cells, parts, is_total)| {
        cells.extend(used.iter().map(|place| {
            let part = parts.get(*place).copied().flatten();
            let amount = part.map(|amount| Cell::amount(Money::new(amount, currency)));
            (amount.unwrap_or(Cell::Empty), Tone::Muted)
        }));
        Row { cells, is_total }
    });
    let grid = Grid { columns, rows: rows.collect() };
    let floor = floor(lowest, steps.iter().map(|step| shown(step).amount.abs()).max());
    Drawn { filter: Filter::Off, floor, ..Drawn::new(Kind::Stacked, grid, series) }
}

fn series(column: usize, place: usize) -> Series {
    let (ink, label) = match place {
        BASE => (Ink::Nothing, None),
        END => (Ink::Fill(colour::END), Some("")),
        RISE => (Ink::Fill(colour::UP), Some("+")),
        RISE_BELOW => (Ink::Fill(colour::UP), None),
        FALL => (Ink::Fill(colour::DOWN), Some("-")),
        _ => (Ink::Fill(colour::DOWN), None),
    };
    Series { label, ..Series::new(column, ink) }
}

fn end(amount: Decimal) -> Parts {
    let mut parts = [None; PARTS];
    parts[END] = Some(amount);
    parts
}

/// Returns the parts of a step: it hangs above zero, below it, or reaches over it.
fn parts(before: Decimal, after: Decimal) -> Parts {
    let mut parts = [None; PARTS];
    let (low, high) = (before.min(after), before.max(after));
    let (above, below) = if after >= before { (RISE, RISE_BELOW) } else { (FALL, FALL_BELOW) };
    let mut set = |place: usize, amount: Decimal| {
        // What cannot be seen has no bar, and no label that says zero.
        if let Some(part) = parts.get_mut(place).filter(|_| !amount.round_dp(6).is_zero()) {
            *part = Some(amount);
        }
    };
    if low >= Decimal::ZERO {
        set(BASE, low);
        set(above, high - low);
    } else if high <= Decimal::ZERO {
        set(BASE, high);
        set(below, low - high);
    } else {
        set(above, high);
        set(below, low);
    }
    parts
}

/// Returns where the axis begins: where steps could not be seen beside what they lead from,
/// not at zero.
fn floor(lowest: Decimal, largest_step: Option<Decimal>) -> Option<Decimal> {
    let step = largest_step.filter(|step| !step.is_zero())?;
    let room = step.checked_mul(Decimal::TWO)?;
    let raw = lowest.checked_sub(room)?;
    let round = raw.round_sf_with_strategy(2, RoundingStrategy::ToZero).unwrap_or(raw);
    (raw > lowest / Decimal::TWO).then_some(round)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(before: i64, after: i64, expected: &[(usize, i64)]) {
        let mut wanted = [None; PARTS];
        for (place, amount) in expected {
            wanted[*place] = Some(Decimal::from(*amount));
        }
        assert_eq!(parts(before.into(), after.into()), wanted, "{before} to {after}");
    }

    #[test]
    fn a_step_hangs_between_what_was_and_what_is() {
        check(10, 15, &[(BASE, 10), (RISE, 5)]);
        check(15, 10, &[(BASE, 10), (FALL, 5)]);
        check(-10, -15, &[(BASE, -10), (FALL_BELOW, -5)]);
        check(-15, -10, &[(BASE, -10), (RISE_BELOW, -5)]);
        check(5, -3, &[(FALL, 5), (FALL_BELOW, -3)]);
        check(0, 5, &[(RISE, 5)]);
        check(5, 5, &[(BASE, 5)]);
    }

    #[test]
    fn an_axis_begins_above_zero_only_where_steps_are_small() {
        let floor = |lowest: i64, step: i64| floor(lowest.into(), Some(step.into()));
        assert_eq!(floor(9_900_000, 300_000), Some(9_300_000.into()));
        assert_eq!(floor(9_924_295, 284_962), Some(9_300_000.into()));
        assert_eq!(floor(100, 60), None);
        assert_eq!(floor(-5, 1), None);
    }
}
