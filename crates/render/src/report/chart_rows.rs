//! The figures of a chart as a table: what a reader sees who cannot see the chart.

use trimtab_model::document::{
    Bar, BarGroup, BridgeStep, ChartBlock, ChartData, Column, ColumnKind, FanPoint, Row, Rows,
    Value,
};
use trimtab_model::text::Text;

use super::words::both;

/// Returns the figures of a chart.
pub fn chart_rows(chart: &ChartBlock) -> Rows {
    let (columns, rows) = match &chart.data {
        ChartData::DailyBars(bars) => daily(bars),
        ChartData::Bridge { from, steps, to } => bridge(from, steps, to),
        ChartData::Stack { days, series, .. } => {
            let mut columns = vec![column("day", ColumnKind::Moment, "report-chart-day")];
            columns.extend(series.iter().enumerate().map(|(index, series)| Column {
                name: format!("series_{index}"),
                title: series.label.clone(),
                kind: ColumnKind::Amount,
            }));
            let row = |(index, day): (usize, &jiff::civil::Date)| {
                let amounts = series.iter().map(|series| {
                    amount(series.amounts.get(index).copied().flatten(), "report-day-not-billed")
                });
                Row::new(std::iter::once(Value::Date(*day)).chain(amounts).collect())
            };
            (columns, days.iter().enumerate().map(row).collect())
        }
        ChartData::Funnel(steps) => (
            vec![
                column("step", ColumnKind::Text, "report-chart-step"),
                column("amount", ColumnKind::Amount, "report-chart-amount"),
            ],
            steps
                .iter()
                .map(|step| {
                    let why = || step.missing.clone().unwrap_or_else(|| both("not-known"));
                    let value = step.amount.map_or_else(|| Value::Missing(why()), Value::Monthly);
                    Row::new(vec![Value::Text(step.label.clone()), value])
                })
                .collect(),
        ),
        ChartData::Dumbbell(pairs) => (
            vec![
                column("item", ColumnKind::Text, "report-chart-step"),
                column("estimated", ColumnKind::Amount, "report-chart-estimated"),
                column("realized", ColumnKind::Amount, "report-chart-realized"),
            ],
            pairs
                .iter()
                .map(|pair| {
                    let realized = pair.realized.map_or_else(
                        || Value::Missing(both("report-not-verified")),
                        Value::Monthly,
                    );
                    Row::new(vec![
                        Value::Text(pair.label.clone()),
                        Value::Monthly(pair.estimated),
                        realized,
                    ])
                })
                .collect(),
        ),
        ChartData::Fan(points) => (
            vec![
                column("day", ColumnKind::Moment, "report-chart-day"),
                column("expected", ColumnKind::Amount, "report-chart-expected"),
            ],
            points
                .iter()
                .enumerate()
                .filter(|(index, _)| is_told(points, *index))
                .map(|(_, point)| {
                    let likely = point.likely;
                    let value = point.range.map_or(Value::Amount(likely), |(low, high)| {
                        Value::Range { low, likely, high }
                    });
                    Row::new(vec![Value::Date(point.date), value])
                })
                .collect(),
        ),
        ChartData::Heat { values, .. } => heat(values),
    };
    Rows { name: chart.name.clone(), title: Some(chart.title.clone()), columns, rows }
}

/// Returns whether a table has a row for a day of a running sum: each seventh, the last that is over
/// and the last of all. The days between them say little.
fn is_told(points: &[FanPoint], index: usize) -> bool {
    let is_over = |index: usize| points.get(index).is_some_and(|point| point.range.is_none());
    let next = index + 1;
    next.is_multiple_of(7) || next == points.len() || (is_over(index) && !is_over(next))
}

fn column(name: &str, kind: ColumnKind, key: &str) -> Column {
    Column { name: name.to_owned(), title: both(key), kind }
}

fn amount(money: Option<trimtab_model::money::Money>, why: &str) -> Value {
    money.map_or_else(|| Value::Missing(both(why)), Value::Amount)
}

fn daily(bars: &[Bar]) -> (Vec<Column>, Vec<Row>) {
    let columns = vec![
        column("day", ColumnKind::Moment, "report-chart-day"),
        column("amount", ColumnKind::Amount, "report-chart-amount"),
        column("group", ColumnKind::Text, "report-chart-group"),
    ];
    let row = |bar: &Bar| {
        let group = match bar.group {
            BarGroup::Previous => both("report-chart-previous"),
            BarGroup::Current => both("report-chart-current"),
        };
        let group = if bar.is_provisional {
            let provisional = both("report-provisional");
            Text::new(
                format!("{}, {}", group.en, provisional.en),
                format!("{}, {}", group.ko, provisional.ko),
            )
        } else {
            group
        };
        Row::new(vec![
            Value::Date(bar.date),
            amount(bar.amount, "report-day-not-billed"),
            Value::Text(group),
        ])
    };
    (columns, bars.iter().map(row).collect())
}

fn bridge(from: &BridgeStep, steps: &[BridgeStep], to: &BridgeStep) -> (Vec<Column>, Vec<Row>) {
    let columns = vec![
        column("step", ColumnKind::Text, "report-chart-step"),
        column("amount", ColumnKind::Amount, "report-chart-amount"),
    ];
    let end = |step: &BridgeStep| {
        Row::new(vec![Value::Text(step.label.clone()), Value::Amount(step.amount)]).total()
    };
    let between = steps
        .iter()
        .map(|step| Row::new(vec![Value::Text(step.label.clone()), Value::Change(step.amount)]));
    (columns, std::iter::once(end(from)).chain(between).chain([end(to)]).collect())
}

fn heat(values: &[Vec<Option<f64>>]) -> (Vec<Column>, Vec<Row>) {
    let mut columns = vec![column("day", ColumnKind::Count, "report-chart-weekday")];
    columns.extend((0..24).map(|hour| Column {
        name: format!("hour_{hour}"),
        title: Text::verbatim(hour.to_string()),
        kind: ColumnKind::Count,
    }));
    let row = |(index, hours): (usize, &Vec<Option<f64>>)| {
        let day = Value::Count(u64::try_from(index + 1).unwrap_or(u64::MAX));
        let value = |hour: &Option<f64>| {
            hour.map_or_else(
                || Value::Missing(both("report-not-measured")),
                |value| Value::Text(Text::verbatim(crate::number::significant(value))),
            )
        };
        Row::new(std::iter::once(day).chain(hours.iter().map(value)).collect())
    };
    (columns, values.iter().enumerate().map(row).collect())
}
