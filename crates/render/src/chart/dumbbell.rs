//! Savings as estimated against savings as realized, one row each.

use rust_decimal::Decimal;

use trimtab_model::money::Money;

use super::amount::{Shown, coordinate};
use super::axis::Axis;
use super::caption::Caption;
use super::frame::{Frame, Grid, Margins};
use super::legend::{LegendItem, LegendMark};
use super::measure::{clean, fitted};
use super::sheet::{Anchor, Rect, Sheet, Tip};
use super::size::Size;
use super::svg::{Svg, px};
use crate::number;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};

/// Estimated against realized.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dumbbell {
    /// What it is called.
    pub caption: Caption,
    /// The savings, in the order they are shown.
    pub rows: Vec<DumbbellRow>,
}

/// One saving.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DumbbellRow {
    /// The name.
    pub name: String,
    /// What was expected.
    pub estimated: Money,
    /// What came of it; none while it is still observed.
    pub realized: Option<Money>,
    /// Its page.
    pub link: Option<String>,
}

const ROW: f64 = 28.0;
/// The size of names, as the style sheet has it.
const TEXT: f64 = 12.0;
/// On a phone the name stands above its row.
const ROW_NARROW: f64 = 40.0;

impl Dumbbell {
    /// Draws the chart.
    pub fn draw(&self, size: Size, style: &Style) -> Svg {
        let shown = Shown::of(self.amounts(), style);
        let (row, top, foot) = (size.pick(ROW, ROW_NARROW), 4.0, 22.0);
        let rows = coordinate(Decimal::from(self.rows.len().max(1)));
        let height = top + rows * row + foot;
        let mut sheet = Sheet::new("dumbbell", &self.caption, size, height);
        shown.say_left_out(&mut sheet, self.amounts());
        let values = || self.amounts().filter_map(|money| shown.value(money));
        let (low, high) = (values().min().unwrap_or_default(), values().max().unwrap_or_default());
        let x = shown.axis(low, high, size.pick(5, 3));
        let (left, right) = size.pick((230.0, 64.0), (14.0, 52.0));
        let margins = Margins { top, right, bottom: foot, left };
        let frame = Frame::new((size.width(), height), margins, x, Axis::bare(0.0, rows));
        sheet.add(&frame.grid(Grid::Vertical));
        for (index, item) in self.rows.iter().enumerate() {
            let middle = rows - coordinate(Decimal::from(index)) - size.pick(0.5, 0.72);
            item.draw(&mut sheet, &frame, middle, &shown, style, size);
        }
        sheet.finish()
    }

    /// Returns what the two dots mean.
    pub fn legend(&self, style: &Style) -> Vec<LegendItem> {
        let locale = style.locale();
        vec![
            LegendItem::new("hollow", LegendMark::Dot, locale.text("column-estimated")),
            LegendItem::new("saved", LegendMark::Dot, locale.text("column-realized")),
        ]
    }

    /// Returns the same in rows.
    pub fn table(&self, style: &Style) -> Table {
        let locale = style.locale();
        let column =
            |key, name: &str, kind| Column::new(key, locale.text(name), kind, Priority::Essential);
        let mut table = Table::new(vec![
            column("change", "column-item", Kind::Text),
            column("estimated", "column-estimated", Kind::Money),
            column("realized", "column-realized", Kind::Money),
            column("realization", "column-realization", Kind::Text),
        ]);
        for row in &self.rows {
            table.row(vec![
                Cell::text(&row.name),
                Cell::Amount(row.estimated),
                Cell::amount(row.realized),
                Cell::optional(row.realization()),
            ]);
        }
        table
    }

    fn amounts(&self) -> impl Iterator<Item = Money> {
        self.rows.iter().flat_map(|row| std::iter::once(row.estimated).chain(row.realized))
    }
}

impl DumbbellRow {
    /// Returns the realized part of what was estimated: `97%`.
    fn realization(&self) -> Option<String> {
        let realized = self.realized.filter(|money| money.currency == self.estimated.currency)?;
        Some(number::share(realized.amount, self.estimated.amount))
    }

    fn draw(
        &self,
        sheet: &mut Sheet,
        frame: &Frame,
        middle: f64,
        shown: &Shown<'_>,
        style: &Style,
        size: Size,
    ) {
        let place =
            |money: Money| shown.value(money).map(|value| frame.place(coordinate(value), middle));
        let Rect { x, width, .. } = frame.inside();
        let y = frame.place(0.0, middle).1;
        sheet.mark(&self.tip(shown, style).to(self.link.as_deref()), |sheet| {
            let name = clean(&self.name);
            let room = size.pick(x - 16.0, size.width() - 8.0);
            let name = fitted(&name, TEXT, room).unwrap_or_default();
            match size.is_wide() {
                true => sheet.text("label", Anchor::End, (x - 12.0, y + 4.0), &name),
                false => sheet.text("label", Anchor::Start, (0.0, y - 12.0), &name),
            }
            let estimated = place(self.estimated);
            let realized = self.realized.and_then(place);
            if let (Some(from), Some(to)) = (estimated, realized) {
                let line = format!("M{} {}H{}", px(from.0), px(y), px(to.0));
                sheet.path("bridge", &line);
            }
            if let Some(at) = estimated {
                sheet.circle("hollow", at, 4.5);
            }
            if let Some(at) = realized {
                sheet.circle("saved", at, 4.5);
            }
            let text = match self.realization() {
                Some(share) => share,
                None => style.locale().text("chart-observing"),
            };
            sheet.text("muted", Anchor::Start, (x + width + 12.0, y + 4.0), &text);
        });
    }

    fn tip(&self, shown: &Shown<'_>, style: &Style) -> Tip {
        let text = |money: Money| {
            shown.value(money).map_or_else(|| style.amount(money), |value| shown.text(value))
        };
        let locale = style.locale();
        let realized = match self.realized {
            Some(money) => text(money),
            None => locale.text("chart-observing"),
        };
        Tip::new(format!(
            "{} · {} {} · {} {realized}",
            clean(&self.name),
            locale.text("column-estimated"),
            text(self.estimated),
            locale.text("column-realized"),
        ))
    }
}
