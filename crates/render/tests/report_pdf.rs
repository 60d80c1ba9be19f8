//! The text of a PDF can be read back: by a person who selects it, and by whoever searches it.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "this test hands a file to a program of the system"
)]

use std::io::Write;
use std::process::{Command, Stdio};

use trimtab_model::document::{
    Block, Column, ColumnKind, CostBasis, Days, Document, DocumentKind, Row, Rows, Section,
    Sentence, Tone, Value,
};
use trimtab_model::money::Money;
use trimtab_model::text::{Language, Text};
use trimtab_render::Style;
use trimtab_render::report::{Edition, pdf};

fn document() -> Document {
    let rows = (0..120).map(|number| {
        Row::new(vec![
            Value::Name(format!("로비-게이트웨이-{number:03}")),
            Value::Amount(Money::usd((1_000 + number).into())),
        ])
    });
    Document {
        kind: DocumentKind::Weekly,
        title: Text::new("Weekly cost report", "주간 비용 보고"),
        verdict: Sentence::new(
            "Last week cost {cost}, [less] than before.",
            "지난주 비용은 {cost}, 전주보다 [줄었습니다]. 뷁똠방각하 희귀 음절도 보입니다.",
            Tone::Fell,
            &[("cost", Value::Amount(Money::usd(46_347.into())))],
        ),
        as_of: "2026-11-23T00:30:00Z".parse().unwrap(),
        period: Days { first: "2026-11-16".parse().unwrap(), last: "2026-11-22".parse().unwrap() },
        basis: CostBasis::Effective,
        sections: vec![Section {
            name: "movers".into(),
            title: Some(Text::new("What moved", "무엇이 움직였나")),
            blocks: vec![Block::Rows(Rows {
                name: "movers".into(),
                title: None,
                columns: vec![
                    Column::new("name", ColumnKind::Text, "Resource", "자원"),
                    Column::new("cost", ColumnKind::Amount, "Cost", "비용"),
                ],
                rows: rows.collect(),
            })],
        }],
        sheets: Vec::new(),
        footer: Vec::new(),
    }
}

#[test]
fn korean_text_of_a_pdf_can_be_read_back() {
    let style = Style::plain(Language::Ko);
    let bytes = pdf(&document(), &Edition::new(&style)).unwrap();
    let Some(text) = read_back(&bytes) else {
        eprintln!("skipped: pdftotext (poppler-utils) is not here, so no PDF was read back");
        return;
    };
    for words in [
        "주간 비용 보고",
        "$46,347",
        "줄었습니다",
        "뷁똠방각하",
        "무엇이 움직였나",
        "로비-게이트웨이-000",
        "로비-게이트웨이-119",
        "$1,119",
    ] {
        assert!(text.contains(words), "{words} is not in\n{text}");
    }
    // How wide gaps are is the program's guess.
    let dense: String = text.split_whitespace().collect();
    assert!(dense.contains("1/4") && dense.contains("4/4"), "{text}");
    assert_eq!(text.matches("자원").count(), 4, "each page has the header of the table");
}

/// Absent where the program is not installed.
fn read_back(pdf: &[u8]) -> Option<String> {
    let mut program = Command::new("pdftotext")
        .args(["-layout", "-enc", "UTF-8", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    program.stdin.take()?.write_all(pdf).ok()?;
    let output = program.wait_with_output().ok()?;
    String::from_utf8(output.stdout).ok()
}
