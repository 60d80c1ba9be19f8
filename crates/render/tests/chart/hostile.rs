//! Names from outside, and data that is not there, or not what anybody would expect.

use jiff::Timestamp;
use jiff::civil::date;
use rust_decimal::Decimal;
use trimtab_model::money::{Currency, Money};
use trimtab_model::text::Language;
use trimtab_render::Style;
use trimtab_render::chart::*;

use crate::sample::{self, style, usd};

const HOSTILE: &str =
    "<script>alert(1)</script>\"' onload=\"x\u{202e}gpj.exe\u{1b}[31m&\u{0}]]><![CDATA[";

fn caption() -> Caption {
    Caption::new(HOSTILE, HOSTILE, HOSTILE)
}

fn check(draw: impl Fn(Size, &Style) -> Svg) {
    for language in [Language::Ko, Language::En] {
        for size in [Size::WIDE, Size::NARROW, Size::CELL, Size::of(0)] {
            let svg = draw(size, &style(language)).to_string();
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
            assert!(!svg.contains("<script") && !svg.contains("\u{202e}"), "{svg}");
            assert!(!svg.contains("onload=\"") && !svg.contains("<![CDATA["), "{svg}");
            assert!(!svg.contains("javascript:") && !svg.contains('\u{0}'), "{svg}");
            assert!(svg.len() < 400_000, "{}", svg.len());
            is_well_formed(&svg);
        }
    }
}

/// Fails unless every element is closed in order and every quote too.
fn is_well_formed(svg: &str) {
    let mut open = Vec::new();
    for piece in svg.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').expect(piece);
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        assert!(!text.contains('>'), "{text}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name.to_owned()));
        } else if !tag.ends_with('/') {
            open.push(tag.split(' ').next().unwrap().to_owned());
        }
    }
    assert_eq!(open, Vec::<String>::new());
}

fn long() -> String {
    HOSTILE.repeat(200)
}

fn stack_day(values: Vec<Option<Money>>) -> StackDay {
    StackDay {
        date: date(2026, 11, 20),
        values,
        state: DayState::Provisional,
        event: Some(long()),
        link: Some("javascript:alert(1)".into()),
    }
}

#[test]
fn hostile_names_are_harmless_everywhere() {
    let huge = Money::usd(Decimal::MAX);
    check(|size, style| {
        let series = vec![long(), HOSTILE.to_owned()];
        let days = vec![stack_day(vec![Some(usd(5)), Some(huge)])];
        Stack { caption: caption(), series, days, rest: None }.draw(size, style)
    });
    check(|size, style| {
        let tile = Tile { name: long(), amount: usd(5), link: Some("//evil.example".into()) };
        let group = TileGroup { name: long(), link: Some(long()), tiles: vec![tile] };
        Treemap { caption: caption(), groups: vec![group; 12] }.draw(size, style)
    });
    check(|size, style| {
        let step = Step {
            kind: StepKind::New,
            name: Some(long()),
            amount: usd(3),
            link: Some("data:text/html,x".into()),
        };
        let (from, to) = ((long(), usd(1)), (long(), usd(4)));
        Waterfall { caption: caption(), from, steps: vec![step; 3], to }.draw(size, style)
    });
    check(|size, style| {
        let mut lines = sample::lines();
        for panel in &mut lines.panels {
            panel.name = long();
            panel.unit = LineUnit::Plain(long());
            panel.limit = Some((f64::INFINITY, long()));
            panel.series.iter_mut().for_each(|series| series.name = long());
        }
        Lines { caption: caption(), ..lines }.draw(size, style)
    });
    check(|size, style| {
        let row = DumbbellRow {
            name: long(),
            estimated: usd(0),
            realized: Some(usd(-3)),
            link: Some(" javascript:x".into()),
        };
        Dumbbell { caption: caption(), rows: vec![row] }.draw(size, style)
    });
}

#[test]
fn nothing_to_draw_is_a_picture_too() {
    let at = Timestamp::UNIX_EPOCH;
    check(|size, style| {
        Stack { caption: caption(), series: vec![], days: vec![], rest: None }.draw(size, style)
    });
    check(|size, style| Treemap { caption: caption(), groups: vec![] }.draw(size, style));
    check(|size, style| {
        Lines { caption: caption(), from: at, to: at, marks: vec![], panels: vec![] }
            .draw(size, style)
    });
    check(|size, style| {
        let (from, to) = (("".into(), usd(0)), ("".into(), usd(0)));
        Waterfall { caption: caption(), from, steps: vec![], to }.draw(size, style)
    });
    check(|size, style| Bars { caption: caption(), bars: vec![] }.draw(size, style));
    check(|size, style| {
        Heat { caption: caption(), hours: vec![], unit: LineUnit::Percent }.draw(size, style)
    });
    check(|size, style| {
        Fan { caption: caption(), history: vec![], forecast: vec![], budget: None }
            .draw(size, style)
    });
    check(|size, style| Funnel { caption: caption(), stages: vec![] }.draw(size, style));
    check(|size, style| Dumbbell { caption: caption(), rows: vec![] }.draw(size, style));
    check(|size, style| {
        let unit = LineUnit::Percent;
        Spark { caption: caption(), values: vec![], unit, limit: None }.draw(size, style)
    });
    check(|size, style| Ring { caption: caption(), percent: None }.draw(size, style));
}

#[test]
fn one_point_zeros_and_amounts_below_zero_are_drawn() {
    for amount in [0, 1, -1, -1_000_000] {
        let money = usd(amount);
        check(|size, style| {
            let days = vec![stack_day(vec![Some(money), None, Some(usd(2))])];
            let series = vec!["a".into(), "b".into(), "c".into()];
            Stack { caption: caption(), series, days, rest: None }.draw(size, style)
        });
        check(|size, style| {
            let tile = Tile { name: "a".into(), amount: money, link: None };
            let groups = vec![TileGroup { name: "g".into(), link: None, tiles: vec![tile] }];
            Treemap { caption: caption(), groups }.draw(size, style)
        });
        check(|size, style| {
            let step = Step { kind: StepKind::Usage, name: None, amount: money, link: None };
            let (from, to) = (("a".into(), usd(-5)), ("b".into(), usd(3)));
            Waterfall { caption: caption(), from, steps: vec![step], to }.draw(size, style)
        });
        check(|size, style| {
            let bar = Bar { date: date(2026, 11, 20), amount: Some(money), tone: BarTone::Now };
            Bars { caption: caption(), bars: vec![bar] }.draw(size, style)
        });
        check(|size, style| {
            let point =
                FanPoint { date: date(2026, 11, 21), low: money, likely: money, high: money };
            let history = vec![(date(2026, 11, 20), Some(money)), (date(2026, 11, 21), None)];
            Fan { caption: caption(), history, forecast: vec![point], budget: Some(money) }
                .draw(size, style)
        });
        check(|size, style| {
            let stage = FunnelStage { stage: Stage::Found, count: 1, amount: Some(money) };
            Funnel { caption: caption(), stages: vec![stage] }.draw(size, style)
        });
        check(|size, style| {
            let caption = caption();
            Range { caption, low: money, likely: money, high: money, scale: money }
                .draw(size, style)
        });
        check(|size, style| {
            let values = vec![Some(f64::from(amount as i32))];
            let unit = LineUnit::Percent;
            Spark { caption: caption(), values, unit, limit: Some(f64::NAN) }.draw(size, style)
        });
    }
}

#[test]
fn values_that_are_no_numbers_are_gaps() {
    let point = |second: i64, value: f64| Point {
        at: Timestamp::from_second(second).unwrap(),
        value: Some(value),
    };
    let points =
        vec![point(0, 1.0), point(60, f64::NAN), point(120, f64::INFINITY), point(180, -1e300)];
    check(|size, style| {
        let series = Series {
            name: "a".into(),
            colour: 40,
            kind: LineKind::Projected,
            points: points.clone(),
        };
        let panel = Panel {
            name: "p".into(),
            unit: LineUnit::Plain(String::new()),
            limit: None,
            is_floor: true,
            band: Some(LineBand {
                name: "<b>".into(),
                colour: 8,
                runs: vec![vec![(points[0].at, f64::NAN, 1e300), (points[1].at, -1e300, 2.0)]],
            }),
            series: vec![series],
        };
        let (from, to) = (points[0].at, points[3].at);
        let marks = vec![LineMark { at: from, name: "</title>".into() }];
        Lines { caption: caption(), from, to, marks, panels: vec![panel] }.draw(size, style)
    });
    check(|size, style| {
        let hours = vec![vec![Some(f64::NAN), Some(-3.0), Some(f64::INFINITY)]];
        Heat { caption: caption(), hours, unit: LineUnit::Percent }.draw(size, style)
    });
}

#[test]
fn amounts_that_cannot_be_converted_are_named_and_not_added() {
    let yen = Money::new(Decimal::from(500), "JPY".parse().unwrap());
    let days = vec![stack_day(vec![Some(usd(5)), Some(yen)])];
    let stack =
        Stack { caption: caption(), series: vec!["a".into(), "b".into()], days, rest: None };
    let svg = stack.draw(Size::WIDE, &style(Language::Ko)).to_string();
    assert!(svg.contains("그리지 않은 금액이 1건"), "{svg}");
    let krw = Money::new(Decimal::from(6_926), Currency::KRW);
    assert!(svg.contains(&style(Language::Ko).amount(krw)));
}

#[test]
fn a_link_leads_to_a_page_and_nowhere_else() {
    for (link, leads) in [
        ("/cost?day=1&x=<", true),
        ("https://example.com/", true),
        ("javascript:alert(1)", false),
        ("//evil.example", false),
        ("/\\evil.example", false),
        ("data:text/html,x", false),
    ] {
        let day = StackDay { link: Some(link.into()), ..stack_day(vec![Some(usd(5))]) };
        let stack =
            Stack { caption: caption(), series: vec!["a".into()], days: vec![day], rest: None };
        let svg = stack.draw(Size::WIDE, &style(Language::Ko)).to_string();
        assert_eq!(svg.contains("<a class=\"mark\" href="), leads, "{link}");
    }
}
