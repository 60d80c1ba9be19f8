//! A report as a mail: tables and rules inside the tags, which is what mail readers keep.
//!
//! Pictures of charts are parts of the mail that the text refers to by `cid:`. Whoever sends it
//! turns their SVG into PNG: most mail readers show no SVG.

use maud::{Markup, html};

use trimtab_model::document::{
    Block, ChartBlock, Decision, Document, Figure, Figures, NoteLevel, Rows, Section, Sentence,
    Tone, Value,
};

use super::chart_rows::chart_rows;
use super::edition::Edition;
use super::plain::plain_text;
use super::words;

/// A picture that a mail refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailImage {
    /// What the mail calls it: the part's `Content-ID`, without angle brackets.
    pub content_id: String,
    /// What it shows, for whoever does not see it.
    pub alternative: String,
    /// The chart, to be drawn as PNG.
    pub svg: String,
}

/// A mail, all of it but its sender and its receivers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The subject, on one line.
    pub subject: String,
    /// The part for readers of HTML.
    pub html: String,
    /// The part for all others.
    pub text: String,
    /// The pictures that the HTML refers to.
    pub images: Vec<MailImage>,
}

/// Letters of a subject; a longer one is cut by mail readers anyway.
const MOST_SUBJECT_CELLS: usize = 140;

const FONT: &str = "font-family:Pretendard,'Apple SD Gothic Neo','Malgun Gothic','Noto Sans KR',sans-serif;font-size:14px;line-height:1.55;color:#14181f;word-break:keep-all";
const CELL: &str =
    "padding:7px 8px;border-bottom:1px solid #e3e7ee;vertical-align:top;font-size:13px";
const HEAD: &str =
    "padding:7px 8px;border-bottom:1px solid #e3e7ee;font-size:12px;color:#5b6475;font-weight:500";
const SOFT: &str = "margin:2px 0;color:#5b6475;font-size:12px";
const INSET: &str =
    "margin:8px 0;padding:8px 12px;background:#f4f6f9;border-radius:8px;font-size:12px";

/// Writes a mail.
pub fn mail(document: &Document, edition: &Edition<'_>) -> Mail {
    let style = edition.style;
    let mut images = Vec::new();
    let sections: Vec<Markup> =
        document.sections.iter().map(|one| section(one, edition, &mut images)).collect();
    let footer = words::footer(document, style);
    let title = words::words(&document.title, style);
    let verdict = words::line(&document.verdict, style);
    let page = html! {
        (maud::DOCTYPE)
        html lang=(style.language.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
            }
            body style="margin:0;padding:0;background:#f1f3f7" {
                table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f1f3f7" {
                    tr { td align="center" style="padding:24px 12px" {
                        table role="presentation" width="640" cellpadding="0" cellspacing="0" style="max-width:640px;background:#ffffff;border-radius:10px" {
                            tr { td style=(format!("padding:24px;{FONT}")) {
                                p style=(SOFT) { (title) " · " (words::subtitle(document, style)) }
                                h1 style="margin:6px 0 16px;font-size:20px;line-height:1.4" {
                                    (sentence(&document.verdict, edition))
                                }
                                @for one in &sections { (one) }
                                @if !footer.is_empty() {
                                    div style="margin-top:20px;padding-top:10px;border-top:1px solid #e3e7ee" {
                                        @for line in &footer { p style=(SOFT) { (line) } }
                                    }
                                }
                            } }
                        }
                    } }
                }
            }
        }
    };
    Mail {
        subject: crate::width::truncated(&format!("{title}: {verdict}"), MOST_SUBJECT_CELLS),
        html: page.into_string(),
        text: plain_text(document, edition),
        images,
    }
}

fn section(section: &Section, edition: &Edition<'_>, images: &mut Vec<MailImage>) -> Markup {
    let blocks: Vec<Markup> =
        section.blocks.iter().map(|one| block(one, edition, images)).collect();
    html! {
        @if let Some(title) = &section.title {
            h2 style="margin:24px 0 8px;font-size:15px" { (words::words(title, edition.style)) }
        }
        @for one in &blocks { (one) }
    }
}

fn block(block: &Block, edition: &Edition<'_>, images: &mut Vec<MailImage>) -> Markup {
    match block {
        Block::Figures(all) => figures(all, edition),
        Block::Chart(one) => chart(one, edition, images),
        Block::Rows(rows) => table(rows, edition),
        Block::Note(note) => {
            let css = match note.level {
                NoteLevel::Explains => SOFT,
                NoteLevel::Missing | NoteLevel::Warns => INSET,
            };
            html! { p style=(css) { (sentence(&note.sentence, edition)) } }
        }
        Block::Decisions(decisions) => html! {
            table role="presentation" width="100%" cellpadding="0" cellspacing="0" {
                @for one in &decisions.items { (decision(one, edition)) }
            }
            @if let Some(more) = words::more_decisions(decisions.more, edition.style) {
                p style=(SOFT) { (more) }
            }
        },
    }
}

fn figures(figures: &Figures, edition: &Edition<'_>) -> Markup {
    let all: Vec<&Figure> = figures.iter().collect();
    // Two in a row: four do not fit a phone, and mail readers wrap no cells.
    html! {
        table role="presentation" width="100%" cellpadding="0" cellspacing="4" style="margin:0 0 12px" {
            @for pair in all.chunks(2) {
                tr { @for one in pair { (figure(one, edition)) } }
            }
        }
    }
}

fn figure(figure: &Figure, edition: &Edition<'_>) -> Markup {
    let style = edition.style;
    let is_missing = matches!(figure.value, Value::Missing(_));
    let size = if is_missing { "12px" } else { "18px" };
    html! {
        td width="50%" style="padding:10px 12px;background:#f4f6f9;border-radius:8px;vertical-align:top" {
            p style=(SOFT) { (words::words(&figure.label, style)) }
            p style=(format!("margin:0;font-size:{size};font-weight:700;color:{}", colour(figure.tone))) {
                (words::shown(&figure.value, style))
            }
            @if let Some(note) = &figure.note { p style=(SOFT) { (sentence(note, edition)) } }
        }
    }
}

fn chart(chart: &ChartBlock, edition: &Edition<'_>, images: &mut Vec<MailImage>) -> Markup {
    let style = edition.style;
    let title = words::words(&chart.title, style);
    let Some(svg) = (edition.draw)(chart) else { return table(&chart_rows(chart), edition) };
    let name: String =
        chart.name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    let content_id = format!("chart-{}-{name}@trimtab", images.len());
    let caption = chart.caption.as_ref().map(|caption| words::line(caption, style));
    let alternative = match &caption {
        Some(caption) => format!("{title}. {caption}"),
        None => title.clone(),
    };
    let markup = html! {
        p style="margin:8px 0 4px;font-size:12px;font-weight:600" { (title) }
        img src=(format!("cid:{content_id}")) alt=(alternative) width="592" style="display:block;width:100%;max-width:592px;height:auto";
        @if let Some(caption) = &caption { p style=(SOFT) { (caption) } }
    };
    images.push(MailImage { content_id, alternative, svg });
    markup
}

fn table(rows: &Rows, edition: &Edition<'_>) -> Markup {
    let style = edition.style;
    let side = |is_number: bool| if is_number { "right" } else { "left" };
    html! {
        @if let Some(title) = &rows.title {
            p style="margin:8px 0 4px;font-size:13px;font-weight:600" { (words::words(title, style)) }
        }
        table width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse" {
            tr {
                @for column in &rows.columns {
                    th align=(side(column.kind.is_number())) style=(HEAD) {
                        (words::words(&column.title, style))
                    }
                }
            }
            @for row in &rows.rows {
                tr {
                    @for ((cell, tone), column) in row.cells.iter().zip(&rows.columns) {
                        @let is_missing = matches!(cell, Value::Missing(_));
                        @let is_number = column.kind.is_number() && !is_missing;
                        td align=(side(is_number)) style=(cell_style(*tone, is_number, is_missing, row.is_total)) {
                            (value(cell, edition))
                        }
                    }
                }
            }
        }
    }
}

fn cell_style(tone: Tone, is_number: bool, is_missing: bool, is_total: bool) -> String {
    let colour = if is_missing { colour(Tone::Muted) } else { self::colour(tone) };
    let mut css = format!("{CELL};color:{colour}");
    if is_number {
        css.push_str(";white-space:nowrap");
    }
    if is_total {
        css.push_str(";font-weight:600");
    }
    css
}

fn decision(decision: &Decision, edition: &Edition<'_>) -> Markup {
    let style = edition.style;
    let locale = style.locale();
    let title = words::words(&decision.title, style);
    let address = decision.link.as_ref().and_then(|link| edition.address(&link.target));
    let risk = words::shown(&decision.risk, style);
    html! {
        tr { td style=(CELL) {
            p style="margin:0;font-weight:600" {
                @match &address {
                    Some(address) => a href=(address) style="color:#1d57c4;text-decoration:none" { (title) },
                    None => (title),
                }
                " · " (words::shown(&decision.savings, style))
            }
            p style=(SOFT) {
                (locale.text_with("report-risk", &[("risk", &risk)]))
                @if let Some(owner) = words::owner(decision, style) { " · " (owner) }
                @if let Some(deadline) = words::deadline(decision, style) {
                    " · " strong { (deadline) }
                }
            }
            p style="margin:2px 0" { (sentence(&decision.state, edition)) }
        } }
    }
}

fn sentence(sentence: &Sentence, edition: &Edition<'_>) -> Markup {
    html! {
        @for piece in &words::pieces(sentence, edition.style) {
            @let address = piece.target.as_ref().and_then(|target| edition.address(target));
            @if let Some(address) = address {
                a href=(address) style="color:#1d57c4" { (piece.text) }
            } @else if piece.tone == Tone::Plain {
                (piece.text)
            } @else {
                span style=(format!("color:{}", colour(piece.tone))) { (piece.text) }
            }
        }
    }
}

fn value(value: &Value, edition: &Edition<'_>) -> Markup {
    let shown = words::shown(value, edition.style);
    let address = match value {
        Value::Link(link) => edition.address(&link.target),
        _ => None,
    };
    html! {
        @match &address {
            Some(address) => a href=(address) style="color:#1d57c4;text-decoration:none" { (shown) },
            None => (shown),
        }
    }
}

fn colour(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "#14181f",
        Tone::Fell => "#0b7a50",
        Tone::Rose | Tone::Danger => "#b3261e",
        Tone::Muted => "#5b6475",
    }
}
