//! A report with every kind of block, value and chart, and names that mean harm.

use jiff::civil::Date;

use trimtab_model::document::{
    Bar, BarGroup, Block, BridgeStep, ChartBlock, ChartData, Column, ColumnKind, CostBasis, Days,
    Decision, DecisionKind, Decisions, Document, DocumentKind, FanPoint, Figure, Figures,
    FunnelStep, Link, Pair, Row, Rows, Section, Sentence, StackSeries, Target, Tone, Value,
};
use trimtab_model::money::Money;
use trimtab_model::text::Text;

/// Names that a program of spreadsheets would run, or read as something else.
pub const HOSTILE: [&str; 8] = [
    "=HYPERLINK(\"http://x\",\"y\")",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+1)",
    "{=1+1}",
    "<r><t>x</t></r>",
    "_x003D_1+1",
    "https://example.com/x",
];
/// What follows a tabulator is a formula for some.
pub const TABBED: &str = "\t=1+1";
/// A name that nobody sees all of.
pub const HIDDEN: &str = "pay\u{202e}fdp\u{1b}[31m\u{0}.exe";

pub fn usd(text: &str) -> Money {
    Money::usd(text.parse().expect("a decimal"))
}

fn date(text: &str) -> Date {
    text.parse().expect("a day")
}

fn both(text: &str) -> Text {
    Text::verbatim(text)
}

/// Returns the report.
pub fn document() -> Document {
    Document {
        kind: DocumentKind::Weekly,
        title: Text::new("Weekly cost report", "주간 비용 보고"),
        verdict: Sentence::plain(
            "Last week cost {cost}.",
            "지난주 비용은 {cost}입니다.",
            &[("cost", Value::Amount(usd("46347")))],
        ),
        as_of: "2026-11-23T00:30:00Z".parse().expect("a moment"),
        period: Days { first: date("2026-11-16"), last: date("2026-11-22") },
        basis: CostBasis::Effective,
        sections: vec![summary(), movers(), decisions(), charts(), nothing()],
        sheets: Vec::new(),
        footer: vec![Sentence::plain("Amounts are EffectiveCost.", "상각 비용입니다.", &[])],
    }
}

fn summary() -> Section {
    let figure = |name: &str, label: &str, value| Figure {
        name: name.into(),
        label: both(label),
        value,
        note: Some(Sentence::plain("of the budget", "예산 대비", &[])),
        tone: Tone::Plain,
    };
    let range =
        Value::MonthlyRange { low: usd("52923.25"), likely: usd("64994.5"), high: usd("70870.75") };
    let missing = Value::Missing(Text::new("users are not known", "사용자 수를 모릅니다"));
    let bars = (0_i64..).zip(Days { first: date("2026-11-09"), last: date("2026-11-22") }.iter());
    let bars = bars.map(|(index, date)| Bar {
        date,
        amount: (index != 13).then(|| usd(&format!("{}.5", 6_000 + index))),
        group: if index < 7 { BarGroup::Previous } else { BarGroup::Current },
        is_provisional: index >= 12,
    });
    Section {
        name: "summary".into(),
        title: None,
        blocks: vec![
            Block::Figures(Figures::new([
                figure("a", "Month to date", Value::Amount(usd("146549.12"))),
                figure("b", "Savings", range),
                figure("c", "Per user", Value::UnitPrice(usd("0.0042765"))),
                figure("d", "Unknown", missing),
            ])),
            Block::chart(ChartBlock {
                name: "daily".into(),
                title: Text::new("Cost by day", "일별 비용"),
                caption: Some(Sentence::plain("UTC days.", "UTC 하루 기준입니다.", &[])),
                data: ChartData::DailyBars(bars.collect()),
            }),
        ],
    }
}

fn movers() -> Section {
    let row = |name: &str, change: &str| {
        Row::new(vec![
            Value::Name(name.into()),
            Value::Change(usd(change)),
            Value::PercentChange(-11.5),
            Value::Count(42),
            Value::Date(date("2026-11-16")),
            Value::Moment("2026-11-16T03:04:00Z".parse().expect("a moment")),
        ])
    };
    let mut rows: Vec<Row> = HOSTILE.iter().map(|name| row(name, "852.25")).collect();
    rows.push(row(TABBED, "-2108.75"));
    rows.push(row(HIDDEN, "0.001"));
    rows.push(row(&"길고긴이름".repeat(8_000), "1"));
    rows.push(
        Row::new(vec![
            Value::text("Together", "합계"),
            Value::Change(usd("-1252.499")),
            Value::Missing(Text::new("no percent", "비율을 모릅니다")),
            Value::text("", ""),
            Value::text("", ""),
            Value::text("", ""),
        ])
        .total(),
    );
    let column = |name: &str, kind| Column::new(name, kind, name, name);
    Section {
        name: "movers".into(),
        title: Some(Text::new("What [moved]: a/b?", "무엇이 움직였나: 가/나?")),
        blocks: vec![Block::Rows(Rows {
            name: "movers".into(),
            title: None,
            columns: vec![
                column("service", ColumnKind::Text),
                column("change", ColumnKind::Amount),
                column("percent", ColumnKind::Percent),
                column("count", ColumnKind::Count),
                column("day", ColumnKind::Moment),
                column("moment", ColumnKind::Moment),
            ],
            rows,
        })],
    }
}

fn decisions() -> Section {
    let decision = |title: &str, savings, link| Decision {
        kind: DecisionKind::Plan,
        title: both(title),
        link,
        savings,
        risk: Value::text("low", "낮음"),
        owner: Some(Value::Name(HOSTILE[0].into())),
        state: Sentence::plain("waits for approval", "승인 대기", &[]),
        deadline: Some("2026-12-15T00:00:00Z".parse().expect("a moment")),
    };
    let range = Value::MonthlyRange { low: usd("5920"), likely: usd("6728"), high: usd("7133") };
    let plan = Link { words: both("PLAN-12"), target: Target::Plan("4c1e".into()) };
    Section {
        name: "decisions".into(),
        title: Some(Text::new("Decisions needed", "결정이 필요합니다")),
        blocks: vec![Block::Decisions(Decisions {
            items: vec![
                decision("lobby", range, Some(plan)),
                decision(HOSTILE[0], Value::MonthlyChange(usd("292.5")), None),
            ],
            more: 4,
        })],
    }
}

fn charts() -> Section {
    let chart = |name: &str, data| {
        Block::chart(ChartBlock { name: name.into(), title: both(name), caption: None, data })
    };
    let step = |name: &str, amount: &str| BridgeStep {
        name: name.into(),
        label: both(name),
        amount: usd(amount),
    };
    let (first, second) = (date("2026-11-16"), date("2026-11-17"));
    let blocks = vec![
        chart(
            "=A1 bridge",
            ChartData::Bridge {
                from: step("2026-09", "32000.5"),
                steps: vec![step("usage", "5000.25"), step("price", "-2000.75")],
                to: step("2026-10", "35000"),
            },
        ),
        chart(
            "stack",
            ChartData::Stack {
                days: vec![first, second],
                provisional: vec![second],
                series: vec![
                    StackSeries {
                        label: both(HOSTILE[0]),
                        amounts: vec![Some(usd("5.5")), Some(usd("6.25"))],
                    },
                    StackSeries { label: both(HOSTILE[0]), amounts: vec![Some(usd("7.75")), None] },
                ],
            },
        ),
        chart(
            "funnel",
            ChartData::Funnel(vec![
                FunnelStep {
                    name: "found".into(),
                    label: both("Found"),
                    amount: Some(usd("1000.5")),
                    missing: None,
                },
                FunnelStep {
                    name: "verified".into(),
                    label: both("Verified"),
                    amount: None,
                    missing: Some(Text::new("not yet", "아직")),
                },
            ]),
        ),
        chart(
            "dumbbell",
            ChartData::Dumbbell(vec![Pair {
                label: both("lobby"),
                estimated: usd("932.5"),
                realized: None,
            }]),
        ),
        chart(
            "fan",
            ChartData::Fan(vec![
                FanPoint { date: first, likely: usd("100.5"), range: None },
                FanPoint {
                    date: second,
                    likely: usd("201.5"),
                    range: Some((usd("190.25"), usd("220.75"))),
                },
            ]),
        ),
        chart(
            "heat",
            ChartData::Heat { unit: both("CPU"), values: vec![vec![Some(12.5), None]; 7] },
        ),
    ];
    Section { name: "charts".into(), title: Some(both("Charts")), blocks }
}

fn nothing() -> Section {
    Section {
        name: "changes".into(),
        title: Some(Text::new("Changes", "변경")),
        blocks: vec![Block::note(Sentence::plain("None.", "없습니다.", &[]))],
    }
}

/// Returns every amount of a report, those of charts included.
pub fn amounts(document: &Document) -> Vec<Money> {
    let of_chart = |block: &Block| match block {
        Block::Chart(chart) => chart_amounts(&chart.data),
        _ => Vec::new(),
    };
    let shown = document.blocks().filter(|block| !matches!(block, Block::Note(_)));
    let values = shown.flat_map(|block| match block {
        // Words under a chart are words.
        Block::Chart(_) => Vec::new(),
        other => other.values(),
    });
    values.flat_map(Value::amounts).chain(document.blocks().flat_map(of_chart)).collect()
}

fn chart_amounts(data: &ChartData) -> Vec<Money> {
    match data {
        ChartData::DailyBars(bars) => bars.iter().filter_map(|bar| bar.amount).collect(),
        ChartData::Bridge { from, steps, to } => {
            [from, to].into_iter().chain(steps).map(|step| step.amount).collect()
        }
        ChartData::Stack { series, .. } => {
            series.iter().flat_map(|one| one.amounts.iter().flatten().copied()).collect()
        }
        ChartData::Funnel(steps) => steps.iter().filter_map(|step| step.amount).collect(),
        ChartData::Dumbbell(pairs) => {
            pairs.iter().flat_map(|pair| [Some(pair.estimated), pair.realized]).flatten().collect()
        }
        ChartData::Fan(points) => {
            let of = |point: &FanPoint| match point.range {
                None => vec![point.likely],
                Some((low, high)) => vec![low, point.likely, high],
            };
            points.iter().flat_map(of).collect()
        }
        ChartData::Heat { .. } => Vec::new(),
    }
}
