//! What is in the pictures: marks, links, texts, ticks, and how much of each.

use std::collections::BTreeSet;

use trimtab_model::text::Language;
use trimtab_render::chart::*;
use trimtab_render::table::TableOptions;

use crate::sample::{self, all, style};

fn count(text: &str, piece: &str) -> usize {
    text.matches(piece).count()
}

fn ko(draw: impl Fn(Size, &trimtab_render::Style) -> Svg) -> String {
    draw(Size::WIDE, &style(Language::Ko)).to_string()
}

#[test]
fn every_chart_is_named_described_and_free_of_scripts_and_inline_styles() {
    for language in [Language::Ko, Language::En] {
        let style = style(language);
        for drawing in all() {
            for size in &drawing.sizes {
                let svg = (drawing.draw)(*size, &style).to_string();
                let name = drawing.name;
                assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"), "{name}");
                assert_eq!(count(&svg, "<title id="), 1, "{name}");
                assert_eq!(count(&svg, "<desc id="), 1, "{name}");
                for forbidden in
                    [" style=", "<style", "<script", " onload", "NaN", "[chart", "[column"]
                {
                    assert!(!svg.contains(forbidden), "{name}: {forbidden}");
                }
                let role = if svg.contains("<a ") { "role=\"group\"" } else { "role=\"img\"" };
                assert!(svg.contains(role), "{name}");
                assert!(svg.contains("data-t=\""), "{name}");
            }
        }
    }
}

#[test]
fn ids_are_those_that_the_picture_refers_to() {
    for drawing in all() {
        let mut ids = BTreeSet::new();
        for size in &drawing.sizes {
            let svg = (drawing.draw)(*size, &style(Language::Ko)).to_string();
            for id in svg.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
                assert!(ids.insert(id.to_owned()), "{}: {id} is there twice", drawing.name);
            }
            let named = svg.split("aria-labelledby=\"").nth(1).unwrap().split('"').next().unwrap();
            assert!(named.split(' ').all(|id| ids.contains(id)), "{named}");
            for pattern in svg.split("url(#").skip(1).map(|rest| rest.split(')').next().unwrap()) {
                assert!(ids.contains(pattern), "{pattern}");
            }
        }
    }
}

#[test]
fn the_same_data_gives_the_same_bytes() {
    for (one, other) in all().iter().zip(&all()) {
        let style = style(Language::Ko);
        let draw = |drawing: &sample::Drawing| (drawing.draw)(Size::WIDE, &style).to_string();
        assert_eq!(draw(one), draw(other));
    }
}

#[test]
fn coordinates_have_one_decimal() {
    for drawing in all() {
        let svg = ko(&drawing.draw);
        let two_decimals = |window: &[char]| matches!(window, ['.', a, b] if a.is_ascii_digit() && b.is_ascii_digit());
        for path in svg.split(" d=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            let chars: Vec<char> = path.chars().collect();
            assert!(!chars.windows(3).any(two_decimals), "{}: {path}", drawing.name);
        }
    }
}

#[test]
fn every_chart_has_a_table() {
    for language in [Language::Ko, Language::En] {
        let style = style(language);
        for drawing in all() {
            let table = (drawing.table)(&style);
            assert!(!table.is_empty(), "{}", drawing.name);
            let text = table.render(&style, &TableOptions::default()).unwrap();
            assert!(!text.contains("[column") && !text.contains("[chart"), "{text}");
        }
    }
}

#[test]
fn a_stack_has_a_link_per_day_and_a_colour_per_series() {
    let svg = ko(|size, style| sample::stack().draw(size, style));
    assert_eq!(count(&svg, "<a class=\"mark\" href=\"/cost?day="), 60);
    for class in ["s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "other"] {
        assert_eq!(count(&svg, &format!("<path class=\"bar {class}\"")), 1, "{class}");
    }
    // One bar per day but the one that nothing is known of.
    let first = svg.split("<path class=\"bar s1\" d=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(count(first, "M"), 59);
    assert_eq!(count(&svg, "class=\"pattern\""), 2, "two provisional days");
    assert_eq!(count(&svg, "class=\"event danger\""), 1);
    assert!(svg.contains("데이터 없음") && svg.contains("잠정") && svg.contains("₩1,000만"));
    let legend = sample::stack().legend(&style(Language::Ko));
    let names: Vec<&str> = legend.iter().map(|item| item.name.as_str()).collect();
    assert_eq!(names[0], "Amazon EC2");
    assert_eq!(names[8..], ["기타 3개", "잠정", "이벤트·이상"]);
}

#[test]
fn amounts_are_in_the_currency_of_the_reader() {
    let english = sample::stack().draw(Size::WIDE, &style(Language::En)).to_string();
    assert!(english.contains("$8,000") && !english.contains('₩'));
    let korean = ko(|size, style| sample::stack().draw(size, style));
    assert!(!korean.contains('$'));
}

#[test]
fn a_treemap_has_a_mark_per_area_and_leaves_out_what_has_none() {
    let svg = ko(|size, style| sample::treemap().draw(size, style));
    assert_eq!(count(&svg, "<rect class=\"group "), 9, "eight services and the others");
    assert_eq!(count(&svg, "<rect class=\"tile\""), 8 * 4 + 2);
    assert_eq!(count(&svg, "&amp;account="), 8 * 4);
    assert!(svg.contains("0보다 작은 금액 1건"));
}

#[test]
fn a_bridge_that_does_not_begin_at_zero_is_broken_visibly() {
    let broken = ko(|size, style| sample::waterfall(217_000).draw(size, style));
    assert_eq!(count(&broken, "class=\"break\""), 2);
    assert!(broken.contains("에서 시작합니다"));
    let whole = ko(|size, style| sample::waterfall(40_000).draw(size, style));
    assert_eq!(count(&whole, "class=\"break\""), 0);
}

#[test]
fn a_bridge_says_what_its_steps_leave_open() {
    let svg = ko(|size, style| sample::waterfall(217_000).draw(size, style));
    // Seven steps come to −10,390 of −11,000.
    assert!(svg.contains("설명되지 않음") && svg.contains("−₩84.5만"), "{svg}");
    assert_eq!(count(&svg, "<rect class=\"bar "), 10);
}

#[test]
fn a_gap_is_never_bridged() {
    let svg = ko(|size, style| sample::lines().draw(size, style));
    for (class, lines) in [("line s1", 2), ("line projected s2", 2), ("line s6", 2)] {
        let drawn = svg.split("data-t").skip(1).flat_map(|mark| mark.split("</g>").next());
        let drawn: usize = drawn.map(|mark| count(mark, &format!("<path class=\"{class}\""))).sum();
        assert_eq!(drawn, lines, "{class}");
    }
    assert!(svg.contains("상한 80%"));
    assert_eq!(count(&svg, "class=\"limit danger\""), 2);
}

#[test]
fn days_are_those_of_the_reader() {
    let svg = ko(|size, style| sample::lines().draw(size, style));
    assert!(svg.contains(">11/7</text>") && svg.contains(">11/20</text>"));
    let english = sample::lines().draw(Size::WIDE, &style(Language::En)).to_string();
    assert!(english.contains(">Nov 7</text>"));
}

#[test]
fn a_picture_of_its_own_brings_its_colours_and_its_font() {
    for drawing in all() {
        let svg = (drawing.draw)(drawing.sizes[0], &style(Language::Ko)).standalone();
        assert_eq!(count(&svg, "<style>"), 1);
        assert!(svg.contains("Noto Sans KR") && !svg.contains("var("), "{}", drawing.name);
    }
}

#[test]
fn every_class_in_a_picture_is_in_the_style_sheet() {
    let structural =
        ["chart", "wide", "narrow", "mark", "name", "label", "tile", "event", "stage", "cell"];
    for drawing in all() {
        for size in &drawing.sizes {
            let svg = (drawing.draw)(*size, &style(Language::Ko)).to_string();
            for classes in svg.split("class=\"").skip(1).map(|rest| rest.split('"').next().unwrap())
            {
                for class in classes.split(' ').filter(|class| !structural.contains(class)) {
                    let is_kind = svg.starts_with(&format!(
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart {class} "
                    ));
                    let is_styled =
                        CSS.contains(&format!(".{class} ")) || CSS.contains(&format!(".{class},"));
                    assert!(is_kind || is_styled, "{}: {class}", drawing.name);
                }
            }
        }
    }
}
