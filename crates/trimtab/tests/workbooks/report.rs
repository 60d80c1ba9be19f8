//! A report as a workbook.

use serde_json::Value;

use trimtab_model::money::{Currency, Money};
use trimtab_model::text::Language;
use trimtab_render::Style;
use trimtab_render::money::ExchangeRate;
use trimtab_render::report::{Edition, ReportFormat, report, xlsx};

use super::document::{HIDDEN, HOSTILE, amounts, document};
use super::reader::{Read, cell, cells, read};

fn english() -> Style {
    Style::plain(Language::En)
}

fn korean() -> Style {
    Style {
        currency: Some(Currency::KRW),
        rates: vec![ExchangeRate {
            from: Currency::USD,
            to: Currency::KRW,
            rate: "1385.2".parse().expect("a decimal"),
            date: "2026-11-20".parse().expect("a day"),
            source: "fixed".into(),
        }],
        time_zone: jiff::tz::TimeZone::get("Asia/Seoul").expect("a zone"),
        ..Style::plain(Language::Ko)
    }
}

fn book(style: &Style) -> Read {
    let edition = Edition { base: Some("https://cost.example.com"), ..Edition::new(style) };
    read(&xlsx(&document(), &edition).expect("a workbook"))
}

/// Returns whether a cell shows an amount as a number in its currency.
fn shows(cell: &Value, money: Money, symbol: &str) -> bool {
    let wanted: f64 = money.amount.to_string().parse().expect("a number");
    let is_near = |found: f64| (found - wanted).abs() <= wanted.abs() * 1e-12;
    cell["kind"] == "n"
        && cell["value"].as_f64().is_some_and(is_near)
        && cell["format"].as_str().is_some_and(|format| format.contains(symbol))
}

#[test]
fn every_figure_of_a_report_is_a_number_in_its_currency() {
    for (style, symbol) in [(english(), "[$$-409]#,##0.00"), (korean(), "[$₩-412]#,##0")] {
        let book = book(&style);
        let all = amounts(&document());
        assert!(all.len() > 40, "{}", all.len());
        for money in all {
            let shown = style.displayed(money);
            let found = book.cells().any(|cell| shows(cell, shown, symbol));
            assert!(found, "{shown} is not in the workbook");
        }
    }
}

#[test]
fn what_is_not_known_is_a_word_and_never_a_number() {
    let book = book(&english());
    for words in [
        "Unknown: users are not known",
        "Unknown: the bill does not cover the day",
        "Unknown: no percent",
        "Unknown: not yet",
        "Unknown: not verified",
        "Unknown: not measured",
    ] {
        assert!(book.says(words), "{words}");
    }
    assert!(!book.cells().any(|cell| cell["kind"] == "n" && cell["value"] == 0), "no made-up zero");
}

#[test]
fn a_name_is_never_a_formula() {
    for style in [english(), korean()] {
        let book = book(&style);
        let formulas: Vec<&Value> = book.cells().filter(|cell| cell["kind"] == "f").collect();
        assert!(formulas.is_empty(), "{formulas:?}");
        for name in HOSTILE {
            let found = book
                .cells()
                .find(|cell| cell["value"].as_str().is_some_and(|words| words.trim_end() == name));
            let found = found.unwrap_or(&Value::Null);
            assert_eq!(found["kind"], "s", "{name} is not there as words");
            assert_eq!(found["link"], Value::Null, "{name}");
        }
        // A line break or tabulator is a blank.
        assert!(book.says(" =1+1") || book.says("=1+1"));
        assert!(!book.says(HIDDEN) && book.says("payfdp.exe"));
        let links: Vec<&Value> = book.cells().map(|cell| &cell["link"]).collect();
        let ours = "https://cost.example.com/plans/4c1e";
        assert!(links.iter().all(|link| **link == Value::Null || **link == ours), "{links:?}");
        assert!(links.iter().any(|link| **link == ours));
    }
}

#[test]
fn what_was_cut_or_left_out_is_said() {
    let book = book(&english());
    let long = book.cells().filter_map(|cell| cell["value"].as_str());
    let long = long.map(|words| words.encode_utf16().count()).max();
    assert_eq!(long, Some(32_767));
    let words: Vec<&str> =
        cells(book.sheet("Definitions")).iter().filter_map(|cell| cell["value"].as_str()).collect();
    assert!(words.iter().any(|words| words.starts_with("1 text was longer")), "{words:?}");
    assert!(words.iter().any(|words| words.starts_with("1 text had control")), "{words:?}");
    assert!(words.contains(&"Amounts are EffectiveCost."), "{words:?}");
}

#[test]
fn sheets_are_named_after_sections_and_begin_with_what_must_be_decided() {
    assert_eq!(
        book(&english()).names(),
        ["Summary", "Cost by day", "What moved a b", "Charts", "Definitions"]
    );
    let book = book(&korean());
    assert_eq!(book.names(), ["요약", "일별 비용", "무엇이 움직였나 가 나", "Charts", "읽는 법"]);
    let first = book.sheet("요약");
    let verdict = "지난주 비용은 ₩6,420만입니다.";
    for words in ["주간 비용 보고", verdict, "결정이 필요합니다", "없습니다.", "변경"]
    {
        assert!(cells(first).iter().any(|cell| cell["value"] == words), "{words}");
    }
    assert_eq!(first["charts"].as_array().map(Vec::len), Some(1));
    assert_eq!(book.0["author"], "trimtab");
    assert_eq!(book.0["title"], "주간 비용 보고");
    assert_eq!(book.0["created"], "2026-11-23T00:30:00");
    assert_eq!(book.0["modified"], "2026-11-23T00:30:00");
    let rate = cells(book.sheet("읽는 법")).iter().find(|cell| cell["value"] == 1385.2);
    assert_eq!(rate.map(|cell| &cell["kind"]), Some(&Value::from("n")));
}

#[test]
fn a_table_says_its_currency_stays_in_sight_and_can_be_narrowed() {
    let book = book(&korean());
    let sheet = book.sheet("무엇이 움직였나 가 나");
    assert_eq!(sheet["frozen"], "A5");
    assert_eq!(sheet["gridlines"], false);
    let basis = cell(sheet, "B2")["value"].as_str().expect("a line");
    for words in ["KRW", "2026-11-16 – 2026-11-22 UTC", "EffectiveCost"] {
        assert!(basis.contains(words), "{basis}");
    }
    assert_eq!(cell(sheet, "C4")["value"], "change (KRW)");
    // The total stands below, out of reach of filters.
    let table = &sheet["tables"][0];
    assert_eq!((&table["range"], &table["filter"]), (&"B4:G15".into(), &"B4:G15".into()));
    assert_eq!(cell(sheet, "B16")["value"], "합계");
    let (percent, count) = (cell(sheet, "D5"), cell(sheet, "E5"));
    assert_eq!(
        (&percent["value"], &percent["format"]),
        (&(-0.115).into(), &"+0.0%;-0.0%;0.0%".into())
    );
    assert_eq!((&count["value"], &count["format"]), (&42.into(), &"#,##0".into()));
    let (day, moment) = (cell(sheet, "F5"), cell(sheet, "G5"));
    assert_eq!((&day["kind"], &day["value"]), (&"d".into(), &"2026-11-16T00:00:00".into()));
    assert_eq!(moment["value"], "2026-11-16T12:04:00", "in the reader's zone");
    assert_eq!(moment["format"], "yyyy-mm-dd hh:mm\" KST\"");
    let decisions = &book.sheet("요약")["tables"][0]["columns"];
    assert_eq!(decisions[1], "예상 금액 (KRW/월)");
    assert_eq!(decisions[2], "최소 (KRW/월)");
}

/// Returns the words of the cell that a range of one cell names, such as `'Charts'!$B$4`.
fn named<'a>(book: &'a Read, range: &Value) -> &'a Value {
    let range = range.as_str().expect("a range");
    let (sheet, place) = range.rsplit_once('!').expect("a sheet");
    cell(book.sheet(sheet.trim_matches('\'')), &place.replace('$', ""))
}

/// Returns the numbers of the cells that a range names.
fn numbers(book: &Read, range: &Value) -> Vec<Option<f64>> {
    let range = range.as_str().expect("a range");
    let (sheet, places) = range.rsplit_once('!').expect("a sheet");
    let sheet = book.sheet(sheet.trim_matches('\''));
    let places = places.replace('$', "");
    let (from, to) = places.split_once(':').unwrap_or((&places, &places));
    let row = |place: &str| -> u64 {
        place.trim_start_matches(char::is_alphabetic).parse().expect("a row")
    };
    let column = from.trim_end_matches(char::is_numeric);
    (row(from)..=row(to))
        .map(|row| cell(sheet, &format!("{column}{row}"))["value"].as_f64())
        .collect()
}

#[test]
fn charts_draw_the_cells_that_they_should() {
    let book = book(&english());
    let charts = book.sheet("Charts")["charts"].as_array().expect("charts");
    let of = |title: &str| {
        let found = charts.iter().find(|chart| named(&book, &chart["title"])["value"] == title);
        assert!(found.is_some(), "no chart {title}: {charts:#?}");
        found.unwrap_or(&Value::Null)
    };
    let series = |chart: &Value, name: &str| {
        let all = chart["series"].as_array().expect("series");
        let found = all.iter().find(|one| named(&book, &one["name"])["value"] == name);
        assert!(found.is_some(), "no series {name}: {all:#?}");
        found.cloned().unwrap_or_default()
    };
    let bridge = of("=A1 bridge");
    assert_eq!((&bridge["kind"], &bridge["grouping"]), (&"BarChart".into(), &"stacked".into()));
    let base = series(bridge, "Base (USD)");
    assert_eq!(base["is_invisible"], true);
    assert_eq!(
        numbers(&book, &base["values"]),
        [None, Some(32000.5), Some(35000.0), None],
        "a step hangs on the lower of what was and what is"
    );
    let rise = series(bridge, "Increase (USD)");
    assert_eq!(numbers(&book, &rise["values"]), [None, Some(5000.25), None, None]);
    let fall = series(bridge, "Decrease (USD)");
    assert_eq!(numbers(&book, &fall["values"]), [None, None, Some(2000.75), None]);
    let fan = of("fan");
    assert_eq!(fan["kind"], "LineChart");
    let likely = series(fan, "Expected so far (USD)");
    assert_eq!(numbers(&book, &likely["values"]), [None, Some(201.5)]);
    assert_eq!(numbers(&book, &series(fan, "So far (USD)")["values"]), [Some(100.5), None]);
    assert_eq!(
        numbers(&book, &series(of("stack"), &format!("{} (USD)", HOSTILE[0]))["values"]),
        [Some(5.5), Some(6.25)]
    );
    let second = series(of("stack"), &format!("{} (USD) 2", HOSTILE[0]));
    assert_eq!(numbers(&book, &second["values"]), [Some(7.75), None]);
    for title in ["funnel", "dumbbell"] {
        assert_eq!(of(title)["kind"], "BarChart", "{title}");
    }
    let daily = &book.sheet("Summary")["charts"][0];
    assert_eq!(named(&book, &daily["title"])["value"], "Cost by day");
    let before = numbers(&book, &series(daily, "Before (USD)")["values"]);
    let now = numbers(&book, &series(daily, "This period (USD)")["values"]);
    assert_eq!((before.len(), now.len()), (14, 14));
    assert!(before[..7].iter().all(Option::is_some) && before[7..].iter().all(Option::is_none));
    assert!(now[7..13].iter().all(Option::is_some) && now[13].is_none());
}

#[test]
fn the_same_report_is_the_same_file() {
    let made = || report(&document(), ReportFormat::Xlsx, &Edition::new(&korean())).expect("bytes");
    let first = made();
    for _ in 0..5 {
        assert_eq!(first, made());
    }
}
