//! A report as Markdown, for wikis and pull requests.

use trimtab_model::document::{
    Block, Decision, Document, Figure, NoteLevel, Rows, Sentence, Target, Value,
};

use super::chart_rows::chart_rows;
use super::edition::Edition;
use super::words::{self, Piece};
use crate::table::escaped_markdown as escaped;

/// Writes a report in GitHub's Markdown.
pub fn markdown(document: &Document, edition: &Edition<'_>) -> String {
    let style = edition.style;
    let mut text = format!("# {}\n\n", escaped(&words::words(&document.title, style)));
    text.push_str(&format!("{}\n\n", escaped(&words::subtitle(document, style))));
    text.push_str(&format!("**{}**\n", line(&document.verdict, edition)));
    for section in &document.sections {
        if let Some(title) = &section.title {
            text.push_str(&format!("\n## {}\n", escaped(&words::words(title, style))));
        }
        for block in &section.blocks {
            text.push('\n');
            text.push_str(&self::block(block, edition));
        }
    }
    let footer = words::footer(document, style);
    if !footer.is_empty() {
        text.push_str("\n---\n\n");
        for line in footer {
            text.push_str(&format!("{}  \n", escaped(&line)));
        }
    }
    text
}

fn block(block: &Block, edition: &Edition<'_>) -> String {
    let style = edition.style;
    match block {
        Block::Figures(figures) => figures.iter().map(|one| figure(one, edition)).collect(),
        Block::Chart(chart) => {
            let title = format!("**{}**\n\n", escaped(&words::words(&chart.title, style)));
            format!("{title}{}", table(&chart_rows(chart), edition))
        }
        Block::Rows(rows) => {
            let title = rows.title.as_ref().map_or_else(String::new, |title| {
                format!("**{}**\n\n", escaped(&words::words(title, style)))
            });
            format!("{title}{}", table(rows, edition))
        }
        Block::Note(note) => {
            let lead = match note.level {
                NoteLevel::Explains => "",
                NoteLevel::Missing | NoteLevel::Warns => "> ",
            };
            format!("{lead}{}\n", line(&note.sentence, edition))
        }
        Block::Decisions(decisions) => {
            let mut text: String =
                decisions.items.iter().map(|one| decision(one, edition)).collect();
            if let Some(more) = words::more_decisions(decisions.more, style) {
                text.push_str(&format!("- {}\n", escaped(&more)));
            }
            text
        }
    }
}

fn figure(figure: &Figure, edition: &Edition<'_>) -> String {
    let style = edition.style;
    let note =
        figure.note.as_ref().map_or_else(String::new, |note| format!(" · {}", line(note, edition)));
    format!(
        "- {}: **{}**{note}\n",
        escaped(&words::words(&figure.label, style)),
        value(&figure.value, edition)
    )
}

fn decision(decision: &Decision, edition: &Edition<'_>) -> String {
    let style = edition.style;
    let title = escaped(&words::words(&decision.title, style));
    let target = decision.link.as_ref().map(|link| &link.target);
    let mut parts = vec![
        linked(&format!("**{title}**"), target, edition),
        value(&decision.savings, edition),
        style.locale().text_with("report-risk", &[("risk", &value(&decision.risk, edition))]),
        line(&decision.state, edition),
    ];
    parts.extend(words::deadline(decision, style).map(|deadline| escaped(&deadline)));
    parts.extend(words::owner(decision, style).map(|owner| escaped(&owner)));
    format!("- {}\n", parts.join(" · "))
}

fn table(rows: &Rows, edition: &Edition<'_>) -> String {
    let style = edition.style;
    let titles: Vec<String> =
        rows.columns.iter().map(|column| escaped(&words::words(&column.title, style))).collect();
    let rules: Vec<&str> = rows
        .columns
        .iter()
        .map(|column| if column.kind.is_number() { "---:" } else { "---" })
        .collect();
    let mut text = format!("| {} |\n| {} |\n", titles.join(" | "), rules.join(" | "));
    for row in &rows.rows {
        let cells: Vec<String> = row
            .cells
            .iter()
            .map(|(cell, _)| {
                let shown = value(cell, edition);
                if row.is_total && !shown.is_empty() { format!("**{shown}**") } else { shown }
            })
            .collect();
        text.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    text
}

fn value(value: &Value, edition: &Edition<'_>) -> String {
    let shown = escaped(&words::shown(value, edition.style));
    match value {
        Value::Link(link) => linked(&shown, Some(&link.target), edition),
        _ => shown,
    }
}

fn line(sentence: &Sentence, edition: &Edition<'_>) -> String {
    let piece = |piece: &Piece| linked(&escaped(&piece.text), piece.target.as_ref(), edition);
    words::pieces(sentence, edition.style).iter().map(piece).collect()
}

/// `text` is escaped already; an address holds nothing that Markdown would end a link at.
fn linked(text: &str, target: Option<&Target>, edition: &Edition<'_>) -> String {
    match target.and_then(|target| edition.address(target)) {
        Some(address) => format!("[{text}](<{address}>)"),
        None => text.to_owned(),
    }
}
