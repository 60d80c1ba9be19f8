//! Reads `docs/checks/parity.csv` and writes the pages that compare our checks with others'.
//!
//! A line names a peer's check and either our checks, apart by spaces, or why there is none.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use trimtab_analysis::checks::ALL;
use trimtab_model::text::Language;

/// The name of the file without its ending, of the data and of both pages.
pub const NAME: &str = "parity";

const HEADER: &str = "peer,name,condition,ours,why";

const ENGLISH: &str = "<!-- Generated from docs/checks/parity.csv by `make gen`. -->\n\
    # Checks beside other tools\n\n[한국어](ko/parity.md)\n\n\
    Every cost check that we know of in six other tools: which of [our checks](README.md) looks for\n\
    the same waste, or why none does. What others find is in our words; thresholds and proof may\n\
    differ, and the page of each check says where. Some lines stand for several checks of a tool.\n";

const KOREAN: &str = "<!-- Generated from docs/checks/parity.csv by `make gen`. -->\n\
    # 다른 도구와 점검 비교\n\n[English](../parity.md)\n\n\
    다른 도구 여섯 가지의 비용 점검마다 같은 낭비를 찾는 [trimtab의 점검](README.md)이 있는지, 없다면 그 이유가 무엇인지\n\
    정리했습니다. 기준값과 판단 근거는 도구마다 다를 수 있습니다. 한 줄이 한 도구의 여러 점검을 묶은 경우도 있습니다. 점검별\n\
    표는 [영어 문서](../parity.md)에 있습니다.\n";

/// One line of the data.
struct Line<'a> {
    peer: &'a str,
    name: &'a str,
    condition: &'a str,
    answer: Answer<'a>,
}

/// What we have for a peer's check.
enum Answer<'a> {
    Have(Vec<&'a str>),
    Lack(&'a str),
}

/// Returns the page in `language` from the text of the data.
pub fn page(data: &str, language: Language) -> String {
    let lines = lines(data);
    let mut text = match language {
        Language::En => ENGLISH.to_owned(),
        Language::Ko => KOREAN.to_owned(),
    };
    text.push_str(&counts(&lines, language));
    match language {
        Language::En => text.push_str(&tables(&lines)),
        Language::Ko => {}
    }
    text
}

fn lines(data: &str) -> Vec<Line<'_>> {
    let mut rows = data.lines();
    assert_eq!(rows.next(), Some(HEADER), "the header of parity.csv");
    rows.map(line).collect()
}

fn line(row: &str) -> Line<'_> {
    let fields: Vec<&str> = row.split(',').collect();
    let fields: Result<[&str; 5], _> = fields.try_into();
    let [peer, name, condition, ours, why] =
        fields.expect("a line of parity.csv has five fields, none with a comma");
    assert!(
        ours.is_empty() != why.is_empty(),
        "parity.csv: `{row}` needs either our checks or a sentence why there is none"
    );
    let answer = match why {
        "" => Answer::Have(ours.split(' ').collect()),
        why => Answer::Lack(why),
    };
    if let Answer::Have(ours) = &answer {
        for id in ours {
            assert!(ALL.iter().any(|check| check.id == *id), "parity.csv: no check `{id}`: {row}");
        }
    }
    Line { peer, name, condition, answer }
}

/// Returns the peers in the order of the data.
fn peers<'a>(lines: &[Line<'a>]) -> Vec<&'a str> {
    let mut peers = Vec::new();
    for line in lines {
        if !peers.contains(&line.peer) {
            peers.push(line.peer);
        }
    }
    peers
}

fn counts(lines: &[Line<'_>], language: Language) -> String {
    let mut count: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for line in lines {
        let (have, lack) = count.entry(line.peer).or_default();
        match line.answer {
            Answer::Have(_) => *have += 1,
            Answer::Lack(_) => *lack += 1,
        }
    }
    let columns = match language {
        Language::En => "| Tool | We have | We lack |",
        Language::Ko => "| 도구 | 있음 | 없음 |",
    };
    let mut text = format!("\n{columns}\n| --- | ---: | ---: |\n");
    for peer in peers(lines) {
        let (have, lack) = count.get(peer).copied().unwrap_or_default();
        writeln!(text, "| {peer} | {have} | {lack} |").expect("a string grows");
    }
    text
}

fn tables(lines: &[Line<'_>]) -> String {
    let mut text = String::new();
    for peer in peers(lines) {
        write!(text, "\n## {peer}\n\n| Its check | What it finds | Ours |\n| --- | --- | --- |\n")
            .expect("a string grows");
        for Line { name, condition, answer, .. } in lines.iter().filter(|line| line.peer == peer) {
            let answer = match answer {
                Answer::Lack(why) => format!("— {why}"),
                Answer::Have(ours) => {
                    let links: Vec<String> =
                        ours.iter().map(|id| format!("[`{id}`]({id}.md)")).collect();
                    links.join(", ")
                }
            };
            writeln!(text, "| {name} | {condition} | {answer} |").expect("a string grows");
        }
    }
    text
}
