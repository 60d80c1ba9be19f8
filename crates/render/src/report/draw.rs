//! The pictures of a report's charts, for whoever can show them.

use trimtab_model::document::{self, BarGroup, BridgeStep, ChartBlock, ChartData};
use trimtab_model::money::Money;

use super::words;
use crate::chart::{Bar, BarTone, Bars, Caption, Fan, FanPoint, Size, Step, StepKind, Waterfall};
use crate::style::Style;

/// Draws a chart as SVG; absent where its figures say more in a table.
///
/// What it returns has no script and no style of its own: [`crate::chart::CSS`] gives it colours.
pub fn chart_svg(chart: &ChartBlock, style: &Style) -> Option<String> {
    let title = words::words(&chart.title, style);
    let caption = Caption::new(chart.name.as_str(), title, "");
    let svg = match &chart.data {
        ChartData::DailyBars(bars) => {
            let bars = bars.iter().map(|bar| Bar {
                date: bar.date,
                amount: bar.amount,
                tone: match bar.group {
                    BarGroup::Previous => BarTone::Before,
                    BarGroup::Current => BarTone::Now,
                },
            });
            Bars { caption, bars: bars.collect() }.draw(Size::WIDE, style)
        }
        ChartData::Bridge { .. } => waterfall(chart, caption, style)?.draw(Size::WIDE, style),
        ChartData::Fan(points) => fan(points, caption, None).draw(Size::WIDE, style),
        ChartData::Stack { .. }
        | ChartData::Funnel(_)
        | ChartData::Dumbbell(_)
        | ChartData::Heat { .. } => return None,
    };
    Some(svg.to_string())
}

/// Returns a bridge as a chart in any width; absent for a chart of another kind.
pub fn waterfall(chart: &ChartBlock, caption: Caption, style: &Style) -> Option<Waterfall> {
    let ChartData::Bridge { from, steps, to } = &chart.data else { return None };
    let end = |end: &BridgeStep| (words::words(&end.label, style), end.amount);
    let steps = steps.iter().map(|step| Step {
        kind: kind(&step.name),
        name: Some(words::words(&step.label, style)),
        amount: step.amount,
        link: None,
    });
    Some(Waterfall { caption, from: end(from), steps: steps.collect(), to: end(to) })
}

/// Returns the running sum of a month as a chart in any width, with what it may come to.
pub fn fan(points: &[document::FanPoint], caption: Caption, budget: Option<Money>) -> Fan {
    let was = points.iter().filter(|point| point.range.is_none());
    let history = was.map(|point| (point.date, Some(point.likely))).collect();
    let to_come = points.iter().filter_map(|point| {
        let (low, high): (Money, Money) = point.range?;
        Some(FanPoint { date: point.date, low, likely: point.likely, high })
    });
    Fan { caption, history, forecast: to_come.collect(), budget }
}

/// Returns the caption of a chart as its reader sees it.
pub fn chart_caption(chart: &ChartBlock, style: &Style) -> Option<String> {
    chart.caption.as_ref().map(|caption| words::line(caption, style))
}

/// Returns the kind of a step by its stable name.
fn kind(name: &str) -> StepKind {
    match name {
        "usage" => StepKind::Usage,
        "price" => StepKind::Price,
        "exchange_rate" => StepKind::ExchangeRate,
        "new" => StepKind::New,
        "gone" => StepKind::Gone,
        "optimisation" => StepKind::Optimisation,
        _ => StepKind::Unexplained,
    }
}
