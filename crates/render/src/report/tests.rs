//! Every format says the same, and none of them does what a name tells it to.

use serde_json::Value as Json;

use trimtab_model::document::{
    Block, ChartData, Document, Note, NoteLevel, Section, Sentence, Value,
};
use trimtab_model::text::{Language, Text};

use super::sample::{self, HOSTILE, daily};
use super::{
    Edition, ReportFormat, chart_rows, chart_svg, html_fragment, html_page, mail, markdown, pdf,
    plain_text, report, slack,
};
use crate::contract::{pretty, report_json};
use crate::document::sample::{english, korean};
use crate::sanitise::is_hidden;
use crate::style::Style;

const TEXTS: [ReportFormat; 6] = [
    ReportFormat::Text,
    ReportFormat::Markdown,
    ReportFormat::Json,
    ReportFormat::Html,
    ReportFormat::Mail,
    ReportFormat::Slack,
];

fn text(document: &Document, format: ReportFormat, style: &Style) -> String {
    String::from_utf8(report(document, format, &Edition::new(style)).unwrap()).unwrap()
}

#[test]
fn every_format_of_every_report_can_be_written() {
    for style in [korean(), english()] {
        for document in [sample::weekly(), sample::charts(), sample::empty()] {
            for format in ReportFormat::ALL {
                let bytes = report(&document, *format, &Edition::new(&style)).unwrap();
                assert!(bytes.len() > 40, "{format:?}");
                let again = report(&document, *format, &Edition::new(&style)).unwrap();
                assert_eq!(bytes, again, "{format:?} is the same every time");
            }
        }
    }
}

#[test]
fn amounts_are_shown_in_won_with_the_rate_beside_them() {
    let style = korean();
    for format in [ReportFormat::Text, ReportFormat::Html, ReportFormat::Mail] {
        let text = text(&sample::weekly(), format, &style);
        assert!(text.contains("₩6,420만"), "{format:?}");
        assert!(text.contains("−₩292만"), "{format:?}");
        assert!(text.contains("₩932만/월 (820–988)"), "{format:?}");
        assert!(text.contains("환율 1 USD = 1,385.2 KRW"), "{format:?}");
        assert!(text.contains("합계"), "{format:?}");
    }
    let text = text(&sample::weekly(), ReportFormat::Text, &english());
    assert!(text.contains("$46,347") && text.contains("−$2,108"), "{text}");
}

#[test]
fn what_is_missing_is_a_dash_with_its_reason() {
    for format in TEXTS {
        let text = text(&sample::weekly(), format, &korean());
        assert!(text.contains("사용자 수를 모릅니다"), "{format:?}");
        assert!(text.contains("원인이 확인되지 않았습니다"), "{format:?}");
    }
}

#[test]
fn hostile_names_come_out_harmless() {
    for style in [korean(), english()] {
        for document in [sample::weekly(), sample::charts()] {
            for format in TEXTS {
                let text = text(&document, format, &style);
                let hidden: Vec<char> =
                    text.chars().filter(|c| is_hidden(*c) && *c != '\n').collect();
                assert!(hidden.is_empty(), "{format:?} has {hidden:?}");
                let is_page = matches!(format, ReportFormat::Html | ReportFormat::Mail);
                if is_page || format == ReportFormat::Markdown {
                    assert!(!text.contains("<script"), "{format:?}");
                }
                if is_page {
                    assert!(!text.contains("\"' onmouseover"), "{format:?}");
                }
                if format == ReportFormat::Slack {
                    assert!(!text.contains("<!channel"), "a mention");
                }
                if format != ReportFormat::Json {
                    assert!(
                        !text.contains(&"길고긴이름".repeat(100)),
                        "{format:?} cuts long names"
                    );
                }
            }
        }
    }
}

#[test]
fn a_page_needs_nothing_from_anywhere_and_has_no_style_attribute() {
    let style = korean();
    let edition = Edition {
        draw: &|_| Some("<svg role=\"img\"><title>x</title></svg>".into()),
        base: Some("https://cost.example.com"),
        chart_css: ".s1{fill:red}",
        ..Edition::new(&style)
    };
    let page = html_page(&sample::weekly(), &edition);
    for wrong in [" style=", "<script", "src=", "@import", "url(", "<link"] {
        assert!(!page.contains(wrong), "{wrong}");
    }
    assert!(page.contains("<svg role=\"img\">") && page.contains(".s1{fill:red}"));
    assert!(page.contains("<summary>표로 보기</summary>"), "a chart has its figures as a table");
    assert!(page.contains("href=\"https://cost.example.com/plans/4c1e\""));
    assert!(page.contains("lang=\"ko\"") && page.contains("@media print"));
    let fragment = html_fragment(&sample::weekly(), &edition);
    assert!(!fragment.contains("<html") && !fragment.contains("<h1"), "a page has one title");
    let (_, verdict) = fragment.split_once("<h2 class=\"verdict\">").unwrap();
    let (verdict, rest) = verdict.split_once("</h2>").unwrap();
    assert!(page.contains(&format!("<h1>{verdict}</h1>{rest}")));
}

#[test]
fn what_fell_and_what_rose_is_marked() {
    let page = html_page(&sample::weekly(), &Edition::new(&korean()));
    assert!(page.contains("<span class=\"saved\"> (4.6%) 줄었습니다</span>"), "{page}");
    assert!(page.contains("<td class=\"number rose\">"));
    assert!(page.contains("<tr class=\"total\">"));
}

#[test]
fn a_mail_names_its_pictures_and_shows_a_table_where_there_are_none() {
    let style = korean();
    let with = Edition { draw: &|_| Some("<svg/>".into()), ..Edition::new(&style) };
    let mail_with = mail(&sample::weekly(), &with);
    assert_eq!(mail_with.images.len(), 1);
    let image = &mail_with.images[0];
    assert!(mail_with.html.contains(&format!("src=\"cid:{}\"", image.content_id)));
    assert!(!image.alternative.is_empty() && !mail_with.html.contains("<svg"));
    assert!(!mail_with.html.contains("<style") && !mail_with.html.contains("class="));
    assert!(mail_with.subject.starts_with("주간 비용 보고: 지난주 비용은 ₩6,420만"));
    assert!(!mail_with.subject.contains('\n'));
    let without = mail(&sample::weekly(), &Edition::new(&style));
    assert!(without.images.is_empty() && without.html.contains("2026-11-09"));
}

#[test]
fn markdown_tables_have_as_many_cells_in_every_row() {
    let text = markdown(&sample::weekly(), &Edition::new(&english()));
    let bars = |line: &str| {
        let chars: Vec<char> = line.chars().collect();
        (0..chars.len())
            .filter(|at| chars[*at] == '|' && (*at == 0 || chars[at - 1] != '\\'))
            .count()
    };
    let mut lines = text.lines().peekable();
    let mut tables = 0;
    while let Some(line) = lines.next() {
        if line.starts_with('|') {
            tables += 1;
            let width = bars(line);
            while let Some(row) = lines.next_if(|next| next.starts_with('|')) {
                assert_eq!(bars(row), width, "{row}");
            }
        }
    }
    assert_eq!(tables, 2);
}

#[test]
fn plain_text_draws_days_as_bars() {
    let text = plain_text(&sample::weekly(), &Edition::new(&korean()));
    assert!(text.contains('█'));
    let day =
        text.lines().find(|line| line.contains("2026-11-22")).filter(|line| line.contains('–'));
    assert!(day.is_some(), "a day that is not billed is a dash:\n{text}");
}

fn texts(json: &Json, found: &mut Vec<String>) {
    match json {
        Json::String(text) => found.push(text.clone()),
        Json::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Json::Object(fields) => fields.values().for_each(|field| texts(field, found)),
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

fn assert_within_slack(message: &Json) {
    let blocks = message["blocks"].as_array().unwrap();
    assert!(blocks.len() <= 50, "{} blocks", blocks.len());
    let mut all = Vec::new();
    texts(message, &mut all);
    for text in &all {
        assert!(text.encode_utf16().count() <= 3_000, "{} characters", text.len());
    }
    for block in blocks {
        let fields = block["fields"].as_array().map_or(0, Vec::len);
        assert!(fields <= 10);
        for field in block["fields"].as_array().into_iter().flatten() {
            assert!(field["text"].as_str().unwrap().encode_utf16().count() <= 2_000);
        }
        if let Some(text) = block["text"]["text"].as_str() {
            assert!(!text.is_empty());
        }
    }
}

#[test]
fn a_message_stays_within_the_limits_of_slack_and_says_what_is_cut() {
    let style = korean();
    assert_within_slack(&slack(&sample::weekly(), &Edition::new(&style)));
    let mut long = sample::weekly();
    long.sections.extend((0..60).map(|number| Section {
        name: format!("part{number}"),
        title: Some(Text::verbatim(format!("Part {number}"))),
        blocks: vec![Block::Note(Note {
            level: NoteLevel::Explains,
            sentence: Sentence::of(Value::Text(Text::verbatim("긴 문장 & <x> ".repeat(900)))),
        })],
    }));
    for one in 0..40 {
        let row = super::sample::weekly();
        if let (Some(Block::Rows(rows)), Some(Block::Rows(more))) =
            (long.sections[1].blocks.get_mut(0), row.sections[1].blocks.first())
        {
            rows.rows.extend(more.rows.iter().take(one % 4).cloned());
        }
    }
    let message = slack(&long, &Edition::new(&style));
    assert_within_slack(&message);
    let text = message.to_string();
    assert!(text.contains("개 절은 길어서 뺐습니다") && text.contains("행은 길어서 뺐습니다"));
}

#[test]
fn json_has_exact_amounts_in_their_own_currency() {
    let json = report_json(&sample::weekly(), Language::Ko);
    assert_eq!(json["schema"], "trimtab/v1/report");
    assert_eq!(json["kind"], "weekly");
    let figure = &json["sections"][0]["blocks"][0]["items"][0]["value"];
    assert_eq!(figure["currency"], "USD");
    assert_eq!(figure["amount"], "146549");
    let missing = &json["sections"][0]["blocks"][0]["items"][3]["value"];
    assert_eq!(missing["type"], "missing");
    let name = &json["sections"][1]["blocks"][0]["rows"][1]["cells"][0]["text"];
    assert_eq!(name, HOSTILE, "a machine gets the name as it is");
    assert!(!pretty(&json).chars().any(|c| is_hidden(c) && c != '\n'));
}

#[test]
fn every_field_of_the_json_is_documented() {
    let page = include_str!("../../../../docs/json.md");
    let (_, page) = page.split_once("`trimtab/v1/report`").expect("a section for reports");
    for document in [sample::weekly(), sample::charts()] {
        let mut keys = Vec::new();
        field_names(&report_json(&document, Language::En), &mut keys);
        for key in keys {
            let is_there = [format!("`{key}`"), format!("`{key}[]`")];
            let is_there = is_there.iter().any(|words| page.contains(words));
            assert!(is_there, "docs/json.md does not say what `{key}` is");
        }
    }
}

fn field_names(json: &Json, keys: &mut Vec<String>) {
    match json {
        Json::Array(items) => items.iter().for_each(|item| field_names(item, keys)),
        Json::Object(fields) => {
            for (key, value) in fields {
                keys.push(key.clone());
                field_names(value, keys);
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

#[test]
fn a_pdf_embeds_its_font_and_has_pages() {
    let style = korean();
    let edition = Edition { base: Some("https://cost.example.com"), ..Edition::new(&style) };
    let bytes = pdf(&sample::weekly(), &edition).unwrap();
    assert!(bytes.starts_with(b"%PDF-"));
    let contains = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    assert!(contains(b"/ToUnicode"), "text can be selected");
    assert!(contains(b"cost.example.com/plans/4c1e"));
    assert!(bytes.len() < 400_000, "{} bytes: the font is a subset", bytes.len());
}

#[test]
fn charts_have_their_figures_as_rows() {
    let rows = chart_rows(&daily());
    assert_eq!(rows.rows.len(), 14);
    assert!(matches!(rows.rows[13].cells[1].0, Value::Missing(_)));
    for block in sample::charts().blocks() {
        let Block::Chart(chart) = block else { panic!("only charts") };
        let rows = chart_rows(chart);
        assert!(!rows.rows.is_empty());
        assert!(
            rows.rows.iter().all(|row| row.cells.len() <= rows.columns.len()),
            "{}",
            chart.name
        );
    }
}

#[test]
fn bridges_fans_and_days_have_pictures_without_foreign_markup() {
    let style = korean();
    for block in sample::charts().blocks() {
        let Block::Chart(chart) = block else { panic!("only charts") };
        let has_picture = matches!(
            chart.data,
            ChartData::DailyBars(_) | ChartData::Bridge { .. } | ChartData::Fan(_)
        );
        let svg = chart_svg(chart, &style);
        assert_eq!(svg.is_some(), has_picture, "{}", chart.name);
        let svg = svg.unwrap_or_default();
        assert!(!svg.contains("<script") && !svg.contains(" style="), "{svg}");
    }
}
