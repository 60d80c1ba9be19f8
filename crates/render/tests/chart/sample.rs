//! One of each chart, with invented figures of a game company.

use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};
use rust_decimal::Decimal;
use trimtab_model::money::{Currency, Money};
use trimtab_model::text::Language;
use trimtab_render::Style;
use trimtab_render::chart::*;
use trimtab_render::money::ExchangeRate;
use trimtab_render::table::Table;

type Draw = dyn Fn(Size, &Style) -> Svg;
type Legend = dyn Fn(&Style) -> Vec<LegendItem>;

/// A chart of any kind.
pub struct Drawing {
    pub name: &'static str,
    pub draw: Box<Draw>,
    pub legend: Box<Legend>,
    pub table: Box<dyn Fn(&Style) -> Table>,
    /// The sizes it is made for.
    pub sizes: Vec<Size>,
}

pub fn style(language: Language) -> Style {
    let korean = Style {
        currency: Some(Currency::KRW),
        rates: vec![ExchangeRate {
            from: Currency::USD,
            to: Currency::KRW,
            rate: "1385.2".parse().unwrap(),
            date: date(2026, 11, 20),
            source: "fixed".into(),
        }],
        time_zone: trimtab_render::time::time_zone("Asia/Seoul").unwrap(),
        ..Style::plain(language)
    };
    match language {
        Language::Ko => korean,
        Language::En => Style { currency: None, ..korean },
    }
}

pub fn usd(amount: i64) -> Money {
    Money::usd(Decimal::from(amount))
}

pub fn day(offset: i64) -> Date {
    date(2026, 9, 22).checked_add(offset.days()).unwrap()
}

/// A number that looks like noise and is always the same.
pub fn noise(seed: u64) -> f64 {
    let mut x = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d;
    x ^= x >> 29;
    x = x.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x ^= x >> 32;
    (x % 10_000) as f64 / 10_000.0
}

fn caption(id: &str, title: &str) -> Caption {
    Caption::new(id, title, "2026-09-22 – 2026-11-20 · 실효(상각) 비용")
}

pub fn stack() -> Stack {
    let names = [
        ("Amazon EC2", 2600.0),
        ("Amazon RDS", 1330.0),
        ("Amazon EKS/Fargate", 650.0),
        ("Data Transfer", 620.0),
        ("Amazon ElastiCache", 440.0),
        ("Amazon S3", 310.0),
        ("Amazon CloudWatch", 270.0),
        ("AWS Lambda", 150.0),
        ("Amazon Route 53", 60.0),
        ("AWS KMS", 40.0),
        ("Amazon SNS", 25.0),
    ];
    let days = (0..60).map(|index: i64| {
        let weekend = matches!(index % 7, 4 | 5);
        let values = names.iter().enumerate().map(|(place, (name, base))| {
            let growth = 1.0 + index as f64 * 0.0015 + f64::from(u8::from(weekend)) * 0.08;
            let spike = if *name == "Data Transfer" && index == 50 { 2.4 } else { 1.0 };
            let wave = 0.94 + 0.12 * noise(index as u64 * 31 + place as u64);
            Some(usd((base * growth * wave * spike) as i64))
        });
        StackDay {
            date: day(index),
            values: if index == 33 { vec![None; names.len()] } else { values.collect() },
            state: if index >= 58 { DayState::Provisional } else { DayState::Settled },
            event: (index == 50).then(|| "패치 배포가 NAT 경유".to_owned()),
            link: Some(format!("/cost?day={}", day(index))),
        }
    });
    Stack {
        caption: caption("cost", "서비스별 일 비용"),
        series: names.iter().map(|(name, _)| (*name).to_owned()).collect(),
        days: days.collect(),
        rest: None,
    }
}

pub fn treemap() -> Treemap {
    let services: [(&str, &[i64]); 11] = [
        ("Amazon EC2", &[39_000, 16_000, 12_000, 7_500]),
        ("Amazon RDS", &[21_000, 8_000, 6_500, 4_000]),
        ("EKS/Fargate", &[10_000, 4_000, 3_400, 2_000]),
        ("Data Transfer", &[9_800, 4_600, 2_500, 1_900]),
        ("ElastiCache", &[5_200, 1_900, 1_300, 900]),
        ("Amazon S3", &[4_100, 1_700, 1_100, 500]),
        ("CloudWatch", &[3_700, 2_300, 1_500, 800]),
        ("Lambda", &[2_000, 900, 400, 200]),
        ("Route 53", &[800, 300]),
        ("KMS", &[500, 200]),
        ("Refund", &[-500]),
    ];
    let accounts = ["starfall-live", "starfall-stg", "log-analytics", "shared-infra"];
    let group = |(name, amounts): &(&str, &[i64])| TileGroup {
        name: (*name).to_owned(),
        link: Some(format!("/cost?service={name}")),
        tiles: amounts
            .iter()
            .zip(accounts)
            .map(|(amount, account)| Tile {
                name: account.to_owned(),
                amount: usd(*amount),
                link: Some(format!("/cost?service={name}&account={account}")),
            })
            .collect(),
    };
    Treemap {
        caption: caption("where", "돈이 나가는 곳"),
        groups: services.iter().map(group).collect(),
    }
}

pub fn waterfall(whole: i64) -> Waterfall {
    let step = |kind, name: Option<&str>, amount| Step {
        kind,
        name: name.map(str::to_owned),
        amount: usd(amount),
        link: Some("/cost/explain".to_owned()),
    };
    Waterfall {
        caption: caption(&format!("bridge-{whole}"), "왜 비용이 바뀌었나"),
        from: ("10월 비용".to_owned(), usd(whole)),
        steps: vec![
            step(StepKind::Usage, Some("DAU +8.2%"), 10_540),
            step(StepKind::New, Some("신규 콘텐츠 서버"), 4_476),
            step(StepKind::ExchangeRate, None, 2_960),
            step(StepKind::Price, None, -1_800),
            step(StepKind::Optimisation, Some("적정 크기"), -16_676),
            step(StepKind::Optimisation, Some("야간 정지"), -5_992),
            step(StepKind::Gone, None, -3_898),
        ],
        to: ("11월 예상".to_owned(), usd(whole - 11_000)),
    }
}

pub fn lines() -> Lines {
    let from: Timestamp = "2026-11-06T12:00:00Z".parse().unwrap();
    let to = from.checked_add((14 * 24).hours()).unwrap();
    let load = |index: i64, factor: f64, floor: f64, seed: u64| {
        let hour = (index as f64 / 12.0 + 21.0) % 24.0;
        let evening = (-((hour - 21.0) / 2.6).powi(2)).exp();
        let noon = 0.4 * (-((hour - 12.5) / 1.8).powi(2)).exp();
        let jitter = noise(index as u64 + seed) * 0.12;
        let spike = if noise(index as u64 * 7 + seed) > 0.998 { 0.7 } else { 0.0 };
        floor + factor * (evening + noon + jitter + spike)
    };
    let series = |name: &str, colour, kind, factor: f64, floor: f64, seed: u64| {
        let points: Vec<Point> = (0..4_032_i64)
            .map(|index| Point {
                at: from.checked_add((index * 5).minutes()).unwrap(),
                // Half a day is missing: the agent was off.
                value: (!(1_900..2_050).contains(&index)).then(|| load(index, factor, floor, seed)),
            })
            .collect();
        Series { name: name.to_owned(), colour, kind, points: m4(&points, 225) }
    };
    let panel = |name: &str, unit, limit: Option<f64>, series| Panel {
        name: name.to_owned(),
        unit,
        limit: limit.map(|limit| (limit, "상한".to_owned())),
        is_floor: false,
        band: None,
        series,
    };
    let (now, then) = ("현재", "변경 후 예상");
    Lines {
        caption: Caption::new("use", "사용률: 현재와 변경 후", "5분 · 14일 · lobby-gateway"),
        from,
        to,
        marks: Vec::new(),
        panels: vec![
            panel(
                "CPU",
                LineUnit::Percent,
                Some(80.0),
                vec![
                    series(now, 0, LineKind::Measured, 24.0, 5.0, 1),
                    series(then, 1, LineKind::Projected, 44.0, 9.0, 1),
                ],
            ),
            panel(
                "메모리",
                LineUnit::Percent,
                Some(80.0),
                vec![
                    series(now, 2, LineKind::Measured, 7.0, 29.0, 5),
                    series(then, 4, LineKind::Projected, 14.0, 58.0, 5),
                ],
            ),
            panel(
                "네트워크",
                LineUnit::Plain("MB/s".to_owned()),
                None,
                vec![series(now, 5, LineKind::Measured, 180.0, 20.0, 9)],
            ),
        ],
    }
}

pub fn spark() -> Spark {
    let value = |index: u64| {
        let wave = (index as f64 / 4.0).sin() * 8.0 + 30.0 + noise(index) * 12.0;
        (!(20..24).contains(&index)).then_some(wave)
    };
    Spark {
        caption: Caption::new("cpu-1", "CPU 28일", "lobby-gateway"),
        values: (0..56).map(value).collect(),
        unit: LineUnit::Percent,
        limit: Some(80.0),
    }
}

pub fn bars() -> Bars {
    let amounts = [66, 68, 67, 69, 73, 71, 65, 64, 66, 65, 67, 70, 69, 62];
    let bar = |(index, amount): (i64, &i64)| Bar {
        date: date(2026, 11, 9).checked_add(index.days()).unwrap(),
        amount: (index != 3).then(|| usd(amount * 100)),
        tone: if index < 7 { BarTone::Before } else { BarTone::Now },
    };
    Bars {
        caption: Caption::new("week", "일 비용", "11/9 – 11/22 · 실효(상각) 비용"),
        bars: (0_i64..).zip(&amounts).map(bar).collect(),
    }
}

pub fn range() -> Range {
    Range {
        caption: Caption::new("range-1", "월 절감 범위", "추정"),
        low: usd(5_920),
        likely: usd(6_728),
        high: usd(7_133),
        scale: usd(10_500),
    }
}

pub fn ring(percent: Option<u8>) -> Ring {
    let id = percent.map_or("none".to_owned(), |percent| percent.to_string());
    Ring { caption: Caption::new(format!("ring-{id}"), "신뢰도", "추정"), percent }
}

pub fn heat() -> Heat {
    let hour = |day: u64, hour: u64| {
        let office = (1..=5).contains(&(day + 1)) && (9..20).contains(&hour);
        let load = if office { 38.0 + 40.0 * noise(day * 24 + hour) } else { 3.0 * noise(hour) };
        (day != 6 || hour < 18).then_some(load)
    };
    Heat {
        caption: Caption::new("hours", "시간대별 CPU", "최근 4주 · dev·stg"),
        hours: (0..7).map(|d| (0..24).map(|h| hour(d, h)).collect()).collect(),
        unit: LineUnit::Percent,
    }
}

pub fn fan() -> Fan {
    let known = |index: i64| {
        let amount = 6_400.0 + 300.0 * (index as f64 / 2.2).sin() + 300.0 * noise(index as u64);
        (day(40 + index), Some(usd(amount as i64)))
    };
    let expected = |index: i64| {
        let likely = 6_500 + index * 12;
        let spread = 120 + index * 38;
        FanPoint {
            date: day(60 + index),
            low: usd(likely - spread),
            likely: usd(likely),
            high: usd(likely + spread * 6 / 5),
        }
    };
    Fan {
        caption: Caption::new("forecast", "월말 예측", "일 비용 · 실효(상각) 비용"),
        history: (0..20).map(known).collect(),
        forecast: (0..21).map(expected).collect(),
        budget: Some(usd(7_300)),
    }
}

pub fn funnel() -> Funnel {
    let stage =
        |stage, count, amount: Option<i64>| FunnelStage { stage, count, amount: amount.map(usd) };
    Funnel {
        caption: Caption::new("funnel", "절감의 진행", "월 기준 · 추정, 검증은 청구서 기준"),
        stages: vec![
            stage(Stage::Found, 36, Some(64_900)),
            stage(Stage::Planned, 18, Some(34_700)),
            stage(Stage::Applied, 9, Some(16_100)),
            stage(Stage::Verified, 7, Some(11_840)),
        ],
    }
}

pub fn dumbbell() -> Dumbbell {
    let row = |name: &str, estimated, realized: Option<i64>| DumbbellRow {
        name: name.to_owned(),
        estimated: usd(estimated),
        realized: realized.map(usd),
        link: Some("/savings/1".to_owned()),
    };
    Dumbbell {
        caption: Caption::new("proof", "예상과 실현", "월 기준"),
        rows: vec![
            row("로비 게이트웨이 c6i.2xlarge", 6_728, Some(6_533)),
            row("개발·스테이징 야간 정지", 6_020, Some(6_288)),
            row("유저 DB 라이터 r6g.4xlarge", 4_620, Some(3_100)),
            row("NAT → S3 게이트웨이 엔드포인트", 2_870, None),
        ],
    }
}

macro_rules! drawing {
    ($name:literal, $chart:expr, $legend:expr, $($size:expr),+) => {{
        let (chart, for_legend, for_table) = ($chart, $chart, $chart);
        Drawing {
            name: $name,
            draw: Box::new(move |size, style| chart.draw(size, style)),
            legend: Box::new(move |style| $legend(&for_legend, style)),
            table: Box::new(move |style| for_table.table(style)),
            sizes: vec![$($size),+],
        }
    }};
}

fn no_legend<T>(_: &T, _: &Style) -> Vec<LegendItem> {
    Vec::new()
}

pub fn all() -> Vec<Drawing> {
    let (wide, narrow) = (Size::WIDE, Size::NARROW);
    vec![
        drawing!("stack", stack(), Stack::legend, wide, narrow),
        drawing!("treemap", treemap(), no_legend, wide, narrow),
        drawing!("waterfall", waterfall(217_000), Waterfall::legend, wide, narrow),
        drawing!("waterfall from zero", waterfall(40_000), Waterfall::legend, wide, narrow),
        drawing!("lines", lines(), |lines: &Lines, _: &Style| lines.legend(), wide, narrow),
        drawing!("fan", fan(), Fan::legend, wide, narrow),
        drawing!("heat", heat(), |heat: &Heat, _: &Style| heat.legend(), wide, narrow),
        drawing!("bars", bars(), Bars::legend, wide, narrow),
        drawing!("funnel", funnel(), no_legend, wide, narrow),
        drawing!("dumbbell", dumbbell(), Dumbbell::legend, wide, narrow),
        drawing!("spark", spark(), no_legend, Size::CELL),
        drawing!("range", range(), no_legend, Size::CELL, Size::of(280)),
        drawing!("ring", ring(Some(93)), no_legend, Size::TEXT, Size::of(44)),
        drawing!("ring, not sure", ring(Some(41)), no_legend, Size::TEXT, Size::of(44)),
        drawing!("ring, not known", ring(None), no_legend, Size::TEXT, Size::of(44)),
    ]
}
