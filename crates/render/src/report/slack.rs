//! A report as a message of Slack's Block Kit, within its limits.
//!
//! What does not fit is cut, and the cut says so: a reader must not take a part for the whole.

use serde_json::{Value as Json, json};

use trimtab_model::document::{
    Block, ChartBlock, ChartData, Decision, Document, Figures, Rows, Section, Sentence, Target,
    Value,
};

use super::bars::bar;
use super::chart_rows::chart_rows;
use super::edition::Edition;
use super::words::{self, Piece};
use crate::style::Style;

/// Blocks of a message.
pub const MOST_BLOCKS: usize = 50;
/// Characters of a text.
pub const MOST_CHARACTERS: usize = 3_000;
/// Fields of a section, and characters of each.
pub const MOST_FIELDS: usize = 10;
/// Characters of a field.
pub const MOST_FIELD_CHARACTERS: usize = 2_000;
/// Characters of a header.
const MOST_HEADER_CHARACTERS: usize = 150;
/// Rows of a table that a message shows.
const MOST_ROWS: usize = 10;

/// Writes a message: `text` for notifications, `blocks` for the channel.
pub fn slack(document: &Document, edition: &Edition<'_>) -> Json {
    let style = edition.style;
    let title = words::words(&document.title, style);
    let verdict = sentence(&document.verdict, edition);
    let mut blocks = vec![
        json!({
            "type": "header",
            "text": { "type": "plain_text", "text": cut(&title, MOST_HEADER_CHARACTERS, style), "emoji": false },
        }),
        context(&escaped(&words::subtitle(document, style)), style),
        mrkdwn(&bold(&verdict), style),
    ];
    let mut tail = vec![json!({ "type": "divider" })];
    let footer: Vec<String> =
        words::footer(document, style).iter().map(|line| escaped(line)).collect();
    if footer.is_empty() {
        tail.clear();
    } else {
        tail.push(context(&footer.join("\n"), style));
    }
    let mut left_out = 0_u64;
    for one in &document.sections {
        let part = section(one, edition);
        // One place stays for the line that says what is cut.
        if blocks.len() + part.len() + tail.len() + 1 > MOST_BLOCKS {
            left_out += 1;
        } else {
            blocks.extend(part);
        }
    }
    if left_out > 0 {
        let count = left_out.to_string();
        let words = style.locale().text_with("report-cut-sections", &[("count", &count)]);
        blocks.push(context(&escaped(&words), style));
    }
    blocks.extend(tail);
    let notification = format!("{title}: {}", words::line(&document.verdict, style));
    json!({ "text": cut(&escaped(&notification), MOST_CHARACTERS, style), "blocks": blocks })
}

fn section(section: &Section, edition: &Edition<'_>) -> Vec<Json> {
    let style = edition.style;
    let mut blocks = Vec::new();
    if let Some(title) = &section.title {
        blocks.push(json!({ "type": "divider" }));
        blocks.push(mrkdwn(&bold(&escaped(&words::words(title, style))), style));
    }
    for block in &section.blocks {
        match block {
            Block::Figures(all) => blocks.push(figures(all, edition)),
            Block::Chart(one) => blocks.push(chart(one, edition)),
            Block::Rows(rows) => blocks.push(table(rows, edition)),
            Block::Note(note) => blocks.push(context(&sentence(&note.sentence, edition), style)),
            Block::Decisions(decisions) => {
                blocks.extend(decisions.items.iter().map(|one| decision(one, edition)));
                if let Some(more) = words::more_decisions(decisions.more, style) {
                    blocks.push(context(&escaped(&more), style));
                }
            }
        }
    }
    blocks
}

fn figures(figures: &Figures, edition: &Edition<'_>) -> Json {
    let style = edition.style;
    let fields: Vec<Json> = figures
        .iter()
        .take(MOST_FIELDS)
        .map(|figure| {
            let mut text = format!(
                "{}\n{}",
                escaped(&words::words(&figure.label, style)),
                bold(&escaped(&words::shown(&figure.value, style)))
            );
            if let Some(note) = &figure.note {
                text.push('\n');
                text.push_str(&sentence(note, edition));
            }
            json!({ "type": "mrkdwn", "text": cut(&text, MOST_FIELD_CHARACTERS, style) })
        })
        .collect();
    json!({ "type": "section", "fields": fields })
}

fn chart(chart: &ChartBlock, edition: &Edition<'_>) -> Json {
    let style = edition.style;
    let ChartData::DailyBars(bars) = &chart.data else {
        return table(&chart_rows(chart), edition);
    };
    let most = bars.iter().filter_map(|bar| bar.amount).map(|money| money.amount).max();
    let lines = bars.iter().map(|one| {
        let drawn = one.amount.zip(most).map_or_else(
            || "–".to_owned(),
            |(amount, most)| format!("{} {}", bar(amount.amount, most, 12), style.amount(amount)),
        );
        let provisional = if one.is_provisional { " *" } else { "" };
        format!("{} {drawn}{provisional}", one.date)
    });
    let title = bold(&escaped(&words::words(&chart.title, style)));
    preformatted(&title, &lines.collect::<Vec<_>>(), style)
}

/// A table is one line per row: names first, so that a phone shows them.
fn table(rows: &Rows, edition: &Edition<'_>) -> Json {
    let style = edition.style;
    let line = |row: &trimtab_model::document::Row| {
        let cells: Vec<String> = row
            .cells
            .iter()
            .map(|(cell, _)| value(cell, edition))
            .filter(|cell| !cell.is_empty())
            .collect();
        let line = cells.join(" · ");
        if row.is_total { bold(&line) } else { format!("• {line}") }
    };
    let title = rows.title.as_ref().map(|title| bold(&escaped(&words::words(title, style))));
    let titles: Vec<String> =
        rows.columns.iter().map(|column| escaped(&words::words(&column.title, style))).collect();
    let mut lines: Vec<String> = title.into_iter().collect();
    lines.push(format!("_{}_", titles.join(" · ")));
    lines.extend(rows.rows.iter().take(MOST_ROWS).map(line));
    let left = rows.rows.len().saturating_sub(MOST_ROWS);
    if left > 0 {
        let count = left.to_string();
        let words = style.locale().text_with("report-cut-rows", &[("count", &count)]);
        lines.push(escaped(&words));
    }
    mrkdwn(&lines.join("\n"), style)
}

fn decision(decision: &Decision, edition: &Edition<'_>) -> Json {
    let style = edition.style;
    let locale = style.locale();
    let risk = escaped(&words::shown(&decision.risk, style));
    let title = bold(&escaped(&words::words(&decision.title, style)));
    let target = decision.link.as_ref().map(|link| &link.target);
    let mut parts = vec![
        linked(&title, target, edition),
        value(&decision.savings, edition),
        locale.text_with("report-risk", &[("risk", &risk)]),
    ];
    parts.extend(words::owner(decision, style).map(|owner| escaped(&owner)));
    parts.extend(words::deadline(decision, style).map(|deadline| bold(&escaped(&deadline))));
    let state = sentence(&decision.state, edition);
    mrkdwn(&format!("{}\n{state}", parts.join(" · ")), style)
}

fn value(value: &Value, edition: &Edition<'_>) -> String {
    let shown = escaped(&words::shown(value, edition.style));
    match value {
        Value::Link(link) => linked(&shown, Some(&link.target), edition),
        _ => shown,
    }
}

fn sentence(sentence: &Sentence, edition: &Edition<'_>) -> String {
    let piece = |piece: &Piece| linked(&escaped(&piece.text), piece.target.as_ref(), edition);
    words::pieces(sentence, edition.style).iter().map(piece).collect()
}

fn linked(text: &str, target: Option<&Target>, edition: &Edition<'_>) -> String {
    match target.and_then(|target| edition.address(target)) {
        // Slack ends a link at `|` and `>`, which an address here never has.
        Some(address) => format!("<{}|{}>", escaped(&address), text.replace('|', "¦")),
        None => text.to_owned(),
    }
}

fn bold(text: &str) -> String {
    if text.trim().is_empty() { text.to_owned() } else { format!("*{}*", text.trim()) }
}

/// Escapes what Slack reads as markup: mentions, links and channels begin with `<`.
///
/// Marks of emphasis have no escape; inside a name they are shown as look-alikes.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '*' => safe.push('∗'),
            '`' => safe.push('ʼ'),
            '~' => safe.push('∼'),
            c => safe.push(c),
        }
    }
    safe
}

fn mrkdwn(text: &str, style: &Style) -> Json {
    json!({
        "type": "section",
        "text": { "type": "mrkdwn", "text": cut(text, MOST_CHARACTERS, style), "verbatim": true },
    })
}

fn context(text: &str, style: &Style) -> Json {
    json!({
        "type": "context",
        "elements": [
            { "type": "mrkdwn", "text": cut(text, MOST_FIELD_CHARACTERS, style), "verbatim": true },
        ],
    })
}

fn preformatted(title: &str, lines: &[String], style: &Style) -> Json {
    let lines: Vec<String> = lines.iter().map(|line| escaped(line)).collect();
    // The fence must survive the cut, so the text inside is what is cut.
    let inside = cut(&lines.join("\n"), MOST_CHARACTERS - 200, style);
    let title = cut(title, 150, style);
    mrkdwn(&format!("{title}\n```\n{inside}\n```"), style)
}

/// Cuts a text to `most` characters, with a word that says so. Never inside an escape or a link.
fn cut(text: &str, most: usize, style: &Style) -> String {
    // Slack counts UTF-16 units or characters, depending on where: the larger count is safe.
    let length = |text: &str| text.encode_utf16().count();
    if length(text) <= most {
        return text.to_owned();
    }
    let mark = format!(" … {}", style.locale().text("report-cut"));
    let room = most.saturating_sub(length(&mark));
    let mut kept = String::new();
    let mut used = 0;
    for piece in text.split_inclusive([' ', '\n']) {
        let more = length(piece);
        if used + more > room {
            // A word that is longer than a text by itself is cut inside, at no escape.
            if kept.is_empty() {
                kept =
                    piece.chars().take_while(|c| *c != '&' && *c != '<').take(room / 2).collect();
            }
            break;
        }
        kept.push_str(piece);
        used += more;
    }
    if let Some(open) = kept.rfind('<')
        && !kept.get(open..).unwrap_or_default().contains('>')
    {
        kept.truncate(open);
    }
    format!("{}{mark}", kept.trim_end())
}
