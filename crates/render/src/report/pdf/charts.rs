//! The charts of a report on pages.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use trimtab_model::document::{BridgeStep, FanPoint, Value};
use trimtab_model::money::Money;

use super::super::edition::Edition;
use super::super::words;
use super::sheet::{Ink, LEADING, MARGIN, Mark, Sheet, Weight};

/// Size of the letters of a bridge.
const SIZE: f32 = 8.0;
/// Height of a row of a bridge.
const ROW: f32 = 16.0;
/// Where the words of a bridge end, and where its bars begin, from the margin on.
const WORDS: f32 = 210.0;
const BARS: f32 = 226.0;

/// Sets a bridge: its two ends as amounts, and each step with a bar to the left or to the right.
/// Bars have one scale, from their own zero on.
pub(super) fn bridge(
    sheet: &mut Sheet<'_>,
    (from, steps, to): (&BridgeStep, &[BridgeStep], &BridgeStep),
    edition: &Edition<'_>,
) {
    let rows = u16::try_from(steps.len() + 2).unwrap_or(u16::MAX);
    sheet.needs(f32::from(rows) * ROW);
    let largest = |of: fn(&Decimal) -> bool| {
        let amounts = steps.iter().map(|step| step.amount.amount).filter(of);
        amounts.map(|amount| amount.abs()).max().unwrap_or_default()
    };
    let less = largest(Decimal::is_sign_negative);
    let all = less.checked_add(largest(Decimal::is_sign_positive)).unwrap_or(less);
    let share = |part: Decimal| -> f32 {
        part.checked_div(all).and_then(|share| share.to_f32()).unwrap_or(0.0).clamp(0.0, 1.0)
    };
    let width = Sheet::width() - BARS;
    let zero = MARGIN + BARS + share(less) * width;
    end(sheet, from, edition);
    for step in steps {
        let money = step.amount;
        let is_less = money.amount.is_sign_negative();
        let length = (share(money.amount.abs()) * width).max(0.6);
        let ink = if is_less { Ink::Fell } else { Ink::Rose };
        let x = if is_less { zero - length } else { zero };
        let y = sheet.y + 3.0;
        sheet.mark(Mark::Area { x, y, width: length, height: ROW - 6.0, ink });
        row(sheet, step, &Value::Change(money), edition, Weight::Regular);
    }
    end(sheet, to, edition);
    sheet.space(3.0);
}

fn end(sheet: &mut Sheet<'_>, end: &BridgeStep, edition: &Edition<'_>) {
    row(sheet, end, &Value::Amount(end.amount), edition, Weight::Bold);
}

fn row(
    sheet: &mut Sheet<'_>,
    step: &BridgeStep,
    amount: &Value,
    edition: &Edition<'_>,
    weight: Weight,
) {
    let baseline = sheet.y + ROW / 2.0 + SIZE * 0.36;
    let label = words::words(&step.label, edition.style);
    sheet.words((MARGIN, baseline), SIZE, &label, Ink::Plain, weight);
    let amount = words::shown(amount, edition.style);
    let x = MARGIN + WORDS - sheet.typeface.width(&amount, SIZE);
    sheet.words((x, baseline), SIZE, &amount, Ink::Plain, weight);
    sheet.y += ROW;
    let (y, width) = (sheet.y, Sheet::width());
    sheet.mark(Mark::Area { x: MARGIN, y, width, height: 0.5, ink: Ink::Line });
}

/// Sets the running sum of a month: a bar a day, dark where it was and pale where it is expected,
/// with the range of the last day beside it.
pub(super) fn fan(sheet: &mut Sheet<'_>, points: &[FanPoint], edition: &Edition<'_>) {
    const HEIGHT: f32 = 96.0;
    const LABEL: f32 = 6.5;
    let Some(count) = u16::try_from(points.len()).ok().filter(|count| *count > 0) else { return };
    let top = |point: &FanPoint| point.range.map_or(point.likely, |(_, high)| high).amount;
    let most = points.iter().map(top).max().unwrap_or_default();
    let share = |money: Money| -> f32 {
        let share = money.amount.checked_div(most).and_then(|share| share.to_f32());
        share.unwrap_or(0.0).clamp(0.0, 1.0)
    };
    sheet.needs(HEIGHT + 3.0 * LABEL * LEADING);
    let step = Sheet::width() / f32::from(count);
    let base = sheet.y + LABEL * LEADING + HEIGHT;
    let mut x = MARGIN;
    for (index, point) in points.iter().enumerate() {
        let height = (HEIGHT * share(point.likely)).max(0.6);
        let ink = if point.range.is_some() { Ink::BarBefore } else { Ink::Bar };
        let (left, width) = (x + step * 0.13, step * 0.74);
        sheet.mark(Mark::Area { x: left, y: base - height, width, height, ink });
        if let Some((low, high)) = point.range {
            let (from, to) = (HEIGHT * share(low), HEIGHT * share(high));
            let place = x + step / 2.0 - 0.5;
            let height = (to - from).max(0.6);
            sheet.mark(Mark::Area { x: place, y: base - to, width: 1.0, height, ink: Ink::Soft });
        }
        let mut centred = |text: &str, y: f32| {
            let room = step - sheet.typeface.width(text, LABEL);
            sheet.words((x + room / 2.0, y), LABEL, text, Ink::Soft, Weight::Regular);
        };
        let is_last = index + 1 == points.len();
        if index % 7 == 0 || is_last {
            let day = format!("{:02}-{:02}", point.date.month(), point.date.day());
            centred(&day, base + LABEL + 3.0);
            if index > 0 {
                let reach = point.range.map_or(point.likely, |(_, high)| high);
                let amount = edition.style.amount(point.likely);
                centred(&amount, base - HEIGHT * share(reach) - 2.5);
            }
        }
        x += step;
    }
    sheet.y = base + 2.0 * LABEL * LEADING;
}
