//! How much of what was found was saved in the end: found, planned, applied, verified.

use rust_decimal::Decimal;

use trimtab_model::money::Money;

use super::amount::{Shown, coordinate};
use super::axis::Axis;
use super::caption::Caption;
use super::frame::{Frame, Margins};
use super::measure::width_of;
use super::sheet::{Anchor, Rect, Sheet, Tip};
use super::size::Size;
use super::svg::Svg;
use crate::number;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};

/// What became of savings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Funnel {
    /// What it is called.
    pub caption: Caption,
    /// The stages, in order.
    pub stages: Vec<FunnelStage>,
}

/// How far savings have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FunnelStage {
    /// Which stage.
    pub stage: Stage,
    /// How many recommendations.
    pub count: u64,
    /// What they save; none where it is not known yet.
    pub amount: Option<Money>,
}

/// A stage on the way of a saving.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// A check found it.
    Found,
    /// It is part of a plan.
    Planned,
    /// The change was made.
    Applied,
    /// The bill proves it.
    Verified,
}

const ROW: f64 = 38.0;
/// The size of texts, as the style sheet has it.
const TEXT: f64 = 12.0;

impl Funnel {
    /// Draws the chart.
    pub fn draw(&self, size: Size, style: &Style) -> Svg {
        let shown = Shown::of(self.amounts(), style);
        let rows = self.stages.len().max(1);
        let height = (0..rows).fold(4.0, |height, _| height + ROW);
        let mut sheet = Sheet::new("funnel", &self.caption, size, height);
        shown.say_left_out(&mut sheet, self.amounts());
        let largest = self.amounts().filter_map(|money| shown.value(money)).max();
        let largest = largest.unwrap_or_default();
        let names: Vec<String> = self.stages.iter().map(|stage| stage.stage.name(style)).collect();
        let left = names.iter().map(|name| width_of(name, TEXT)).fold(0.0, f64::max) + 12.0;
        let margins = Margins { top: 2.0, right: size.pick(190.0, 118.0), bottom: 2.0, left };
        let x = Axis::bare(0.0, coordinate(largest));
        let bottom = coordinate(Decimal::from(rows));
        let frame = Frame::new((size.width(), height), margins, x, Axis::bare(0.0, bottom));
        for (index, (stage, name)) in self.stages.iter().zip(&names).enumerate() {
            let top = bottom - coordinate(Decimal::from(index));
            let value = stage.amount.and_then(|money| shown.value(money));
            let end = frame.place(coordinate(value.unwrap_or_default()), top - 1.0);
            let bar = Rect::between(frame.place(0.0, top), end);
            let bar = Rect { y: bar.y + 5.0, height: bar.height - 10.0, ..bar };
            let text = stage.text(value, largest, &shown, style);
            sheet.mark(&Tip::new(format!("{name} · {text}")), |sheet| {
                let middle = bar.y + bar.height / 2.0 + 4.0;
                sheet.text("label", Anchor::End, (left - 10.0, middle), name);
                let track = Rect { width: frame.inside().width, ..bar };
                sheet.rect("track", track, 3.0);
                if value.is_some_and(|value| value > Decimal::ZERO) {
                    sheet.rect(stage.stage.class(), Rect { width: bar.width.max(2.0), ..bar }, 3.0);
                }
                let at = (track.x + track.width + 10.0, middle);
                stage.write(sheet, at, value, largest, &shown, style, size);
            });
        }
        sheet.finish()
    }

    /// Returns the same in rows.
    pub fn table(&self, style: &Style) -> Table {
        let locale = style.locale();
        let column =
            |key, name: &str, kind| Column::new(key, locale.text(name), kind, Priority::Essential);
        let mut table = Table::new(vec![
            column("stage", "column-stage", Kind::Text),
            column("recommendations", "column-recommendations", Kind::Count),
            column("saving", "column-saving", Kind::Money),
        ]);
        for stage in &self.stages {
            table.row(vec![
                Cell::text(stage.stage.name(style)),
                Cell::Count(stage.count),
                Cell::amount(stage.amount),
            ]);
        }
        table
    }

    fn amounts(&self) -> impl Iterator<Item = Money> {
        self.stages.iter().filter_map(|stage| stage.amount)
    }
}

impl FunnelStage {
    fn text(
        &self,
        value: Option<Decimal>,
        largest: Decimal,
        shown: &Shown<'_>,
        style: &Style,
    ) -> String {
        let count = self.count.to_string();
        let count = style.locale().text_with("count-items", &[("count", &count)]);
        match value {
            Some(value) => {
                let share = number::share(value, largest);
                format!("{} · {count} · {share}", shown.text(value))
            }
            None => format!("– · {count}"),
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one text of three parts with their places")]
    fn write(
        &self,
        sheet: &mut Sheet,
        at: (f64, f64),
        value: Option<Decimal>,
        largest: Decimal,
        shown: &Shown<'_>,
        style: &Style,
        size: Size,
    ) {
        let amount = value.map_or_else(|| "–".to_owned(), |value| shown.text(value));
        sheet.text("value", Anchor::Start, at, &amount);
        let all = self.text(value, largest, shown, style);
        let rest: Vec<&str> = all.split(" · ").skip(1).take(size.pick(2, 1)).collect();
        let beside = at.0 + width_of(&amount, TEXT * 1.1) + 8.0;
        sheet.text("muted", Anchor::Start, (beside, at.1), &rest.join(" · "));
    }
}

impl Stage {
    fn name(self, style: &Style) -> String {
        let key = match self {
            Self::Found => "chart-found",
            Self::Planned => "chart-planned",
            Self::Applied => "chart-applied",
            Self::Verified => "chart-verified",
        };
        style.locale().text(key)
    }

    /// Only what the bill proves is green.
    fn class(self) -> &'static str {
        match self {
            Self::Found => "stage stage-1",
            Self::Planned => "stage stage-2",
            Self::Applied => "stage stage-3",
            Self::Verified => "saved",
        }
    }
}
