//! The bars of a bridge: as columns where there is room, as rows on a phone.

use rust_decimal::Decimal;

use super::amount::{Shown, coordinate};
use super::axis::{Axis, Tick};
use super::frame::{Frame, Margins, TICK_SIZE, room_for};
use super::measure::{fitted, width_of};
use super::sheet::{Anchor, Rect, Sheet, Tip};
use super::size::Size;
use super::svg::px;

/// The size of amounts, as the style sheet has it.
const TEXT: f64 = 12.0;

/// A bar as it is drawn.
pub(super) struct Bar {
    pub name: String,
    pub class: &'static str,
    pub low: Decimal,
    pub high: Decimal,
    /// Where the next bar goes on.
    pub level: Decimal,
    pub text: String,
    pub link: Option<String>,
    pub is_total: bool,
}

/// Returns the axis; it begins above zero where the steps could not be told apart otherwise.
pub(super) fn amount_axis(bars: &[Bar], shown: &Shown<'_>, size: Size) -> Axis {
    let levels = || bars.iter().map(|bar| bar.level);
    let low = levels().min().unwrap_or_default();
    let high = levels().max().unwrap_or_default();
    let ticks = size.pick(5, 3);
    let span = high - low;
    // The part that changes is less than a third of the whole.
    if low > Decimal::ZERO && span > Decimal::ZERO && span * Decimal::from(3) < high {
        shown.axis_from((low - span / Decimal::TWO).max(Decimal::ZERO), high, ticks)
    } else {
        shown.axis(low, high, ticks)
    }
}

pub(super) fn frame(bars: &[Bar], amounts: Axis, size: Size, height: f64) -> Frame {
    let count = coordinate(Decimal::from(bars.len()));
    if size.is_wide() {
        let left = room_for(&amounts);
        let room = (size.width() - left) / count - 2.0;
        let tick = |(index, bar): (usize, &Bar)| Tick {
            at: coordinate(Decimal::from(index)) + 0.5,
            text: fitted(&bar.name, TICK_SIZE, room).unwrap_or_default(),
        };
        let x = Axis::new(0.0, count, bars.iter().enumerate().map(tick).collect());
        let margins = Margins { top: 22.0, right: 4.0, bottom: 24.0, left };
        Frame::new((size.width(), height), margins, x, amounts)
    } else {
        let texts = bars.iter().map(|bar| width_of(&bar.text, TEXT));
        let right = texts.fold(0.0, f64::max) + 12.0;
        let margins = Margins { top: 2.0, right, bottom: 24.0, left: 104.0 };
        Frame::new((size.width(), height), margins, amounts, Axis::bare(0.0, count))
    }
}

pub(super) fn draw_bar(
    sheet: &mut Sheet,
    frame: &Frame,
    size: Size,
    (index, count): (usize, usize),
    (bar, next): (&Bar, Option<&Bar>),
    base: f64,
) {
    let along = coordinate(Decimal::from(index)) + 0.5;
    let from_below = coordinate(Decimal::from(count)) - along;
    let place = |by: f64, amount: Decimal| match size.is_wide() {
        true => frame.place(along + by, coordinate(amount)),
        false => frame.place(coordinate(amount), from_below - by),
    };
    let rect = Rect::between(place(-0.32, bar.low), place(0.32, bar.high));
    // A difference too small to see is still a step.
    let rect = match size.is_wide() {
        true => Rect { height: rect.height.max(1.5), ..rect },
        false => Rect { width: rect.width.max(1.5), ..rect },
    };
    if next.is_some() {
        let (start, end) = (place(0.32, bar.level), place(0.68, bar.level));
        let line = format!("M{} {}L{} {}", px(start.0), px(start.1), px(end.0), px(end.1));
        sheet.path("connector", &line);
    }
    let tip = Tip::new(format!("{} · {}", bar.name, bar.text)).to(bar.link.as_deref());
    sheet.mark(&tip, |sheet| {
        sheet.rect(&format!("bar {}", bar.class), rect, 2.0);
        if bar.is_total && base > 0.0 {
            sheet.path("break", &break_mark(rect, size));
        }
        let middle = (rect.x + rect.width / 2.0, rect.y - 6.0);
        if size.is_wide() {
            sheet.text("value", Anchor::Middle, middle, &bar.text);
        } else {
            let y = rect.y + rect.height / 2.0 + 4.0;
            let name = fitted(&bar.name, TEXT, 94.0).unwrap_or_default();
            sheet.text("label", Anchor::Start, (0.0, y), &name);
            sheet.text("value", Anchor::End, (size.width(), y), &bar.text);
        }
    });
}

/// Returns the zigzag that says that a bar does not begin at zero.
fn break_mark(rect: Rect, size: Size) -> String {
    let (length, teeth) = if size.is_wide() { (rect.width, 8) } else { (rect.height, 4) };
    let step = (length + 8.0) / f64::from(teeth);
    let mut path = String::new();
    for tooth in 0..=teeth {
        let along = f64::from(tooth) * step - 4.0;
        let across = if tooth % 2 == 0 { 0.0 } else { 5.0 };
        let (x, y) = match size.is_wide() {
            true => (rect.x + along, rect.y + rect.height - 16.0 + across),
            false => (rect.x + 12.0 + across, rect.y + along),
        };
        let command = if tooth == 0 { 'M' } else { 'L' };
        path.push_str(&format!("{command}{} {}", px(x), px(y)));
    }
    path
}
