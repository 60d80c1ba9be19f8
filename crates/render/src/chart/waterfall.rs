//! The bridge from one amount to another: what made the difference, step by step.

use rust_decimal::Decimal;

use trimtab_model::money::Money;

use super::amount::{Shown, coordinate};
use super::caption::Caption;
use super::frame::Grid;
use super::legend::{LegendItem, LegendMark};
use super::measure::clean;
use super::sheet::Sheet;
use super::size::Size;
use super::svg::Svg;
use super::waterfall_bar::{Bar, amount_axis, draw_bar, frame};
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};

/// A bridge between two amounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waterfall {
    /// What it is called.
    pub caption: Caption,
    /// The name of the first amount, and the amount.
    pub from: (String, Money),
    /// What made the difference, in order. What they leave open becomes a step of its own.
    pub steps: Vec<Step>,
    /// The name of the last amount, and the amount.
    pub to: (String, Money),
}

/// One step of a bridge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What kind of difference.
    pub kind: StepKind,
    /// A name of its own, in place of that of the kind.
    pub name: Option<String>,
    /// The difference.
    pub amount: Money,
    /// Its page.
    pub link: Option<String>,
}

/// What made a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepKind {
    /// More or less was used.
    Usage,
    /// Prices changed.
    Price,
    /// The exchange rate changed.
    ExchangeRate,
    /// Something was made to cost less.
    Optimisation,
    /// What was not there before.
    New,
    /// What is not there any more.
    Gone,
    /// What no step explains.
    Unexplained,
}

const ROW: f64 = 30.0;
impl Waterfall {
    /// Draws the chart: as columns, on a phone as rows.
    pub fn draw(&self, size: Size, style: &Style) -> Svg {
        let shown = Shown::of(self.amounts(), style);
        let bars = self.bars(&shown, style);
        let rows = coordinate(Decimal::from(bars.len()));
        let height = size.pick(270.0, 30.0 + rows * ROW);
        let mut sheet = Sheet::new("waterfall", &self.caption, size, height);
        sheet.describe(format!(
            "{} {} → {} {}",
            clean(&self.from.0),
            style.amount(self.from.1),
            clean(&self.to.0),
            style.amount(self.to.1)
        ));
        shown.say_left_out(&mut sheet, self.amounts());
        let amounts = amount_axis(&bars, &shown, size);
        let base = amounts.from();
        if let Some(tick) = amounts.ticks().first().filter(|_| base > 0.0) {
            let arguments = [("value", tick.text.as_str())];
            sheet.describe(style.locale().text_with("chart-truncated", &arguments));
        }
        let frame = frame(&bars, amounts, size, height);
        sheet.add(&frame.grid(size.pick(Grid::Horizontal, Grid::Vertical)));
        for (index, bar) in bars.iter().enumerate() {
            let next = bars.get(index + 1);
            draw_bar(&mut sheet, &frame, size, (index, bars.len()), (bar, next), base);
        }
        sheet.finish()
    }

    /// Returns what the colours mean.
    pub fn legend(&self, style: &Style) -> Vec<LegendItem> {
        let entry =
            |class, key: &str| LegendItem::new(class, LegendMark::Fill, style.locale().text(key));
        vec![
            entry("up", "chart-more"),
            entry("down", "chart-less"),
            entry("saved", "chart-step-optimisation"),
        ]
    }

    /// Returns the same in rows.
    pub fn table(&self, style: &Style) -> Table {
        let locale = style.locale();
        let mut table = Table::new(vec![
            Column::new("step", locale.text("column-step"), Kind::Text, Priority::Essential),
            Column::new("amount", locale.text("column-amount"), Kind::Money, Priority::Essential),
        ]);
        table.row(vec![Cell::text(&self.from.0), Cell::Amount(self.from.1)]);
        for step in &self.steps {
            table.row(vec![Cell::text(step.name(style)), Cell::Amount(step.amount)]);
        }
        if let Some(rest) = self.rest() {
            let name = style.locale().text(StepKind::Unexplained.key());
            table.row(vec![Cell::text(name), Cell::Amount(rest)]);
        }
        table.row(vec![Cell::text(&self.to.0), Cell::Amount(self.to.1)]);
        table
    }

    fn amounts(&self) -> impl Iterator<Item = Money> {
        let steps = self.steps.iter().map(|step| step.amount);
        [self.from.1, self.to.1].into_iter().chain(steps)
    }

    /// Returns what the steps leave open, where the amounts can be added up.
    fn rest(&self) -> Option<Money> {
        let mut sum = self.from.1;
        for step in &self.steps {
            sum = sum.checked_add(step.amount).ok()?;
        }
        let to = (sum.currency == self.to.1.currency).then_some(self.to.1)?;
        let rest = to.amount.checked_sub(sum.amount)?;
        let smallest = Decimal::new(1, to.currency.minor_units());
        (rest.abs() >= smallest).then(|| Money::new(rest, to.currency))
    }

    fn bars(&self, shown: &Shown<'_>, style: &Style) -> Vec<Bar> {
        let mut bars = Vec::new();
        let mut level = shown.value(self.from.1).unwrap_or_default();
        bars.push(total(&self.from.0, level, "from", shown));
        let rest = self.rest().map(|amount| Step {
            kind: StepKind::Unexplained,
            name: None,
            amount,
            link: None,
        });
        for step in self.steps.iter().chain(&rest) {
            let Some(change) = shown.value(step.amount) else { continue };
            let next = level + change;
            bars.push(Bar {
                name: step.name(style),
                class: step.kind.class(change),
                low: level.min(next),
                high: level.max(next),
                level: next,
                text: shown.signed(change),
                link: step.link.clone(),
                is_total: false,
            });
            level = next;
        }
        let end = shown.value(self.to.1).unwrap_or_default();
        bars.push(total(&self.to.0, end, "s1", shown));
        bars
    }
}

impl Step {
    fn name(&self, style: &Style) -> String {
        match &self.name {
            Some(name) => clean(name),
            None => style.locale().text(self.kind.key()),
        }
    }
}

impl StepKind {
    fn key(self) -> &'static str {
        match self {
            Self::Usage => "chart-step-usage",
            Self::Price => "chart-step-price",
            Self::ExchangeRate => "chart-step-exchange-rate",
            Self::Optimisation => "chart-step-optimisation",
            Self::New => "chart-step-new",
            Self::Gone => "chart-step-gone",
            Self::Unexplained => "chart-step-unexplained",
        }
    }

    /// Only what was done to save is green.
    fn class(self, change: Decimal) -> &'static str {
        match (self, change.is_sign_negative()) {
            (Self::Unexplained, _) => "other",
            (Self::Optimisation, true) => "saved",
            (_, true) => "down",
            (_, false) => "up",
        }
    }
}

fn total(name: &str, value: Decimal, class: &'static str, shown: &Shown<'_>) -> Bar {
    Bar {
        name: clean(name),
        class,
        low: value.min(Decimal::ZERO),
        high: value.max(Decimal::ZERO),
        level: value,
        text: shown.text(value),
        link: None,
        is_total: true,
    }
}
