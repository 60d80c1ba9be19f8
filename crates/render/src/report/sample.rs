//! A report for the tests of formats: every block, every value, names that mean harm.

use jiff::Timestamp;
use jiff::civil::Date;

use trimtab_model::document::{
    Bar, BarGroup, Block, BridgeStep, ChartBlock, ChartData, Column, ColumnKind, CostBasis, Days,
    Decision, DecisionKind, Decisions, Document, DocumentKind, FanPoint, Figure, Figures,
    FunnelStep, Link, Pair, Row, Rows, Section, Sentence, StackSeries, Target, Tone, Value,
};
use trimtab_model::money::Money;
use trimtab_model::text::Text;

/// A name that tries everything at once.
pub(super) const HOSTILE: &str = "<script>alert(1)</script>\u{202e}gnp.exe\u{1b}[31m=HYPERLINK(\"http://x\",\"y\") | `a` *b* <!channel> \"' onmouseover=x";
/// A name that a spreadsheet would run.
pub(super) const FORMULA: &str = "=HYPERLINK(\"http://x\",\"y\")";

pub(super) fn usd(text: &str) -> Money {
    Money::usd(text.parse().unwrap())
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The weekly report of a game, as the analysis would make it.
pub(super) fn weekly() -> Document {
    Document {
        kind: DocumentKind::Weekly,
        title: Text::new("Weekly cost report", "주간 비용 보고"),
        verdict: Sentence::new(
            "Last week cost {cost}, [{change} (4.6%) less] than the week before.",
            "지난주 비용은 {cost}, 전주보다 [{change} (4.6%) 줄었습니다].",
            Tone::Fell,
            &[("cost", Value::Amount(usd("46347"))), ("change", Value::Amount(usd("2238")))],
        ),
        as_of: at("2026-11-23T00:30:00Z"),
        period: Days { first: date("2026-11-16"), last: date("2026-11-22") },
        basis: CostBasis::Effective,
        sections: vec![summary(), movers(), decisions()],
        sheets: Vec::new(),
        footer: vec![Sentence::plain(
            "Amounts are EffectiveCost.",
            "금액은 상각·할인 후 비용(EffectiveCost)입니다.",
            &[],
        )],
    }
}

fn summary() -> Section {
    let figure = |name: &str, en: &str, ko: &str, value| Figure {
        name: name.into(),
        label: Text::new(en, ko),
        value,
        note: Some(Sentence::plain("of the budget", "예산 대비", &[])),
        tone: Tone::Plain,
    };
    let figures = Figures::new([
        figure("a", "Month to date", "이번 달 누적", Value::Amount(usd("146549"))),
        figure(
            "b",
            "Month end",
            "월말 예상",
            Value::Range { low: usd("198000"), likely: usd("200692"), high: usd("204000") },
        ),
        figure(
            "c",
            "Savings found",
            "찾은 절감",
            Value::MonthlyRange { low: usd("52923"), likely: usd("64994"), high: usd("70870") },
        ),
        figure(
            "d",
            "Cost per user",
            "DAU당 비용",
            Value::Missing(Text::new("users are not known", "사용자 수를 모릅니다")),
        ),
    ]);
    Section {
        name: "summary".into(),
        title: None,
        blocks: vec![Block::Figures(figures), Block::chart(daily())],
    }
}

pub(super) fn daily() -> ChartBlock {
    let days = Days { first: date("2026-11-09"), last: date("2026-11-22") };
    let bars = (0_i64..).zip(days.iter()).map(|(index, date)| Bar {
        date,
        amount: (index != 13).then(|| Money::usd((6_000 + index % 5 * 300).into())),
        group: if index < 7 { BarGroup::Previous } else { BarGroup::Current },
        is_provisional: index >= 12,
    });
    ChartBlock {
        name: "daily".into(),
        title: Text::new("Cost by day", "일별 비용"),
        caption: Some(Sentence::plain("UTC days.", "UTC 하루 기준입니다.", &[])),
        data: ChartData::DailyBars(bars.collect()),
    }
}

fn movers() -> Section {
    let row = |service: &str, change: &str, cause: Value| {
        Row::new(vec![
            Value::Name(service.into()),
            Value::Name("starfall-live".into()),
            Value::Change(usd(change)),
            Value::PercentChange(if change.starts_with('-') { -11.0 } else { 38.0 }),
            cause,
        ])
        .toned(2, Tone::of_change(usd(change)))
    };
    let missing = Value::Missing(Text::new("cause not known", "원인이 확인되지 않았습니다"));
    Section {
        name: "movers".into(),
        title: Some(Text::new("What moved", "무엇이 움직였나")),
        blocks: vec![
            Block::Rows(Rows {
                name: "movers".into(),
                title: None,
                columns: vec![
                    Column::new("service", ColumnKind::Text, "Service", "서비스"),
                    Column::new("account", ColumnKind::Text, "Account", "계정"),
                    Column::new("change", ColumnKind::Amount, "Change", "증감"),
                    Column::new("percent", ColumnKind::Percent, "%", "%"),
                    Column::new("cause", ColumnKind::Text, "Cause", "원인"),
                ],
                rows: vec![
                    row(
                        "Amazon EC2",
                        "-2108",
                        Value::text("applied: lobby", "적용: 로비 게이트웨이"),
                    ),
                    row(HOSTILE, "852", missing.clone()),
                    row(FORMULA, "3.5", missing.clone()),
                    row(&"길고긴이름".repeat(2_000), "0.001", missing),
                    Row::new(vec![
                        Value::text("Together", "합계"),
                        Value::text("", ""),
                        Value::Change(usd("-1252.499")),
                        Value::text("", ""),
                        Value::text("", ""),
                    ])
                    .total(),
                ],
            }),
            Block::missing(Sentence::plain("Nothing is verified.", "검증된 값은 없습니다.", &[])),
        ],
    }
}

fn decisions() -> Section {
    let decision = |kind, title: &str, savings, target| Decision {
        kind,
        title: Text::verbatim(title),
        link: target,
        savings,
        risk: Value::text("low", "낮음"),
        owner: Some(Value::Name("live-ops".into())),
        state: Sentence::plain("waits for approval", "승인 대기", &[]),
        deadline: (kind == DecisionKind::Increase).then(|| at("2026-12-15T00:00:00Z")),
    };
    let range = Value::MonthlyRange { low: usd("5920"), likely: usd("6728"), high: usd("7133") };
    let plan = Link { words: Text::verbatim("PLAN-12"), target: Target::Plan("4c1e".into()) };
    Section {
        name: "decisions".into(),
        title: Some(Text::new("Decisions needed", "결정이 필요합니다")),
        blocks: vec![
            Block::Decisions(Decisions {
                items: vec![
                    decision(DecisionKind::Plan, "로비 게이트웨이 24대", range.clone(), Some(plan)),
                    decision(
                        DecisionKind::Increase,
                        "sp-1",
                        Value::MonthlyChange(usd("292.5")),
                        None,
                    ),
                    decision(DecisionKind::Recommendation, HOSTILE, range, None),
                ],
                more: 4,
            }),
            Block::note(Sentence::plain(
                "All {count} together save {amount}.",
                "{count}건을 모두 적용하면 {amount} 줄어듭니다.",
                &[("count", Value::Count(36)), ("amount", Value::Monthly(usd("64994")))],
            )),
        ],
    }
}

/// A report with every kind of chart.
pub(super) fn charts() -> Document {
    let chart = |name: &str, data| {
        Block::chart(ChartBlock {
            name: name.into(),
            title: Text::new(name, name),
            caption: None,
            data,
        })
    };
    let step = |name: &str, amount: &str| BridgeStep {
        name: name.into(),
        label: Text::new(name, name),
        amount: usd(amount),
    };
    let day = date("2026-11-16");
    let blocks = vec![
        chart(
            "bridge",
            ChartData::Bridge {
                from: step("2026-09", "32000"),
                steps: vec![step("usage", "5000"), step("price", "-2000")],
                to: step("2026-10", "35000"),
            },
        ),
        chart(
            "stack",
            ChartData::Stack {
                days: vec![day],
                provisional: vec![day],
                series: vec![
                    StackSeries { label: Text::verbatim(HOSTILE), amounts: vec![Some(usd("5"))] },
                    StackSeries { label: Text::verbatim("RDS"), amounts: vec![None] },
                ],
            },
        ),
        chart(
            "funnel",
            ChartData::Funnel(vec![
                FunnelStep {
                    name: "found".into(),
                    label: Text::new("Found", "찾음"),
                    amount: Some(usd("1000")),
                    missing: None,
                },
                FunnelStep {
                    name: "verified".into(),
                    label: Text::new("Verified", "검증"),
                    amount: None,
                    missing: Some(Text::new("not yet", "아직")),
                },
            ]),
        ),
        chart(
            "dumbbell",
            ChartData::Dumbbell(vec![Pair {
                label: Text::verbatim("lobby"),
                estimated: usd("932"),
                realized: None,
            }]),
        ),
        chart(
            "fan",
            ChartData::Fan(vec![FanPoint {
                date: day,
                likely: usd("100"),
                range: Some((usd("90"), usd("120"))),
            }]),
        ),
        chart(
            "heat",
            ChartData::Heat {
                unit: Text::new("CPU", "CPU"),
                values: vec![vec![Some(12.5), None]; 7],
            },
        ),
    ];
    Document {
        sections: vec![Section {
            name: "charts".into(),
            title: Some(Text::new("Charts", "차트")),
            blocks,
        }],
        ..weekly()
    }
}

/// A report of which nothing is known.
pub(super) fn empty() -> Document {
    Document {
        verdict: Sentence::plain("Nothing is known.", "알 수 없습니다.", &[]),
        sections: Vec::new(),
        sheets: Vec::new(),
        footer: Vec::new(),
        ..weekly()
    }
}
