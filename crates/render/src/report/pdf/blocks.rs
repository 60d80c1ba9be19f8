//! The blocks of a report on pages.

use rust_decimal::prelude::ToPrimitive;

use trimtab_model::document::{
    Bar, BarGroup, Block, ChartBlock, ChartData, Decision, Figure, Figures, NoteLevel, Section,
    Sentence, Tone, Value,
};

use super::super::chart_rows::chart_rows;
use super::super::edition::Edition;
use super::super::words;
use super::charts;
use super::sheet::{Ink, LEADING, MARGIN, Mark, Sheet, Weight};
use super::table;

/// How a sentence is set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting {
    size: f32,
    ink: Ink,
    weight: Weight,
    x: f32,
    width: f32,
}

/// The setting of the verdict.
pub(super) const HEADLINE: Setting = Setting {
    size: 14.0,
    ink: Ink::Plain,
    weight: Weight::Bold,
    x: MARGIN,
    width: super::sheet::PAGE.0 - 2.0 * MARGIN,
};
const NOTE: Setting = Setting { size: 8.0, ink: Ink::Soft, weight: Weight::Regular, ..HEADLINE };
const BODY: Setting = Setting { size: 9.0, ink: Ink::Plain, weight: Weight::Regular, ..HEADLINE };

/// Sets a section.
pub(super) fn section(sheet: &mut Sheet<'_>, section: &Section, edition: &Edition<'_>) {
    if let Some(title) = &section.title {
        sheet.heading(&words::words(title, edition.style), 11.0);
    }
    for one in &section.blocks {
        block(sheet, one, edition);
        sheet.space(4.0);
    }
}

fn block(sheet: &mut Sheet<'_>, block: &Block, edition: &Edition<'_>) {
    match block {
        Block::Figures(all) => figures(sheet, all, edition),
        Block::Chart(one) => chart(sheet, one, edition),
        Block::Rows(rows) => table::rows(sheet, rows, edition),
        Block::Note(note) => {
            let setting = match note.level {
                NoteLevel::Explains => NOTE,
                NoteLevel::Missing | NoteLevel::Warns => Setting { ink: Ink::Plain, ..NOTE },
            };
            sentence(sheet, &note.sentence, edition, setting);
        }
        Block::Decisions(decisions) => {
            for one in &decisions.items {
                decision(sheet, one, edition);
            }
            if let Some(more) = words::more_decisions(decisions.more, edition.style) {
                sheet.paragraph(&more, 8.0, Ink::Soft);
            }
        }
    }
}

/// Returns the colour of a tone.
pub(super) fn ink(tone: Tone, plain: Ink) -> Ink {
    match tone {
        Tone::Plain => plain,
        Tone::Fell => Ink::Fell,
        Tone::Rose | Tone::Danger => Ink::Rose,
        Tone::Muted => Ink::Soft,
    }
}

/// Sets a sentence word by word, so that each keeps its colour and its link.
pub(super) fn sentence(
    sheet: &mut Sheet<'_>,
    sentence: &Sentence,
    edition: &Edition<'_>,
    setting: Setting,
) {
    let Setting { size, weight, .. } = setting;
    let mut x = setting.x;
    let end = setting.x + setting.width;
    sheet.needs(size * LEADING);
    for piece in words::pieces(sentence, edition.style) {
        let colour = ink(piece.tone, setting.ink);
        let address = piece.target.as_ref().and_then(|target| edition.address(target));
        for word in piece.text.split_inclusive(' ') {
            let shown = sheet.typeface.width(word.trim_end(), size);
            if x + shown > end && x > setting.x {
                sheet.y += size * LEADING;
                sheet.needs(size * LEADING);
                x = setting.x;
            }
            // A word that is longer than the line is broken inside.
            let parts = if shown > setting.width {
                sheet.typeface.wrapped(word, size, setting.width)
            } else {
                vec![word.to_owned()]
            };
            for (index, part) in parts.iter().enumerate() {
                if index > 0 {
                    sheet.y += size * LEADING;
                    sheet.needs(size * LEADING);
                    x = setting.x;
                }
                let at = (x, sheet.y + size);
                sheet.words(at, size, part, colour, weight);
                let width = sheet.typeface.width(part, size);
                if let Some(address) = &address {
                    link(sheet, (x, width), size, address);
                }
                x += width;
            }
        }
    }
    sheet.y += size * LEADING;
}

fn link(sheet: &mut Sheet<'_>, (x, width): (f32, f32), size: f32, address: &str) {
    let (y, height) = (sheet.y, size * LEADING);
    sheet.mark(Mark::Link { x, y, width, height, address: address.to_owned() });
}

/// Figures stand in one row of cards, all as high as the highest.
fn figures(sheet: &mut Sheet<'_>, figures: &Figures, edition: &Edition<'_>) {
    const GAP: f32 = 6.0;
    const PADDING: f32 = 8.0;
    let all: Vec<&Figure> = figures.iter().collect();
    let Some(count) = u16::try_from(all.len()).ok().filter(|count| *count > 0) else { return };
    let width = (Sheet::width() - GAP * f32::from(count - 1)) / f32::from(count);
    let inner = width - 2.0 * PADDING;
    let cards: Vec<Vec<(String, f32, Ink, Weight)>> =
        all.iter().map(|figure| card(sheet, figure, inner, edition)).collect();
    let height_of = |card: &Vec<(String, f32, Ink, Weight)>| {
        card.iter().map(|(_, size, ..)| size * LEADING).sum::<f32>() + 2.0 * PADDING
    };
    let height = cards.iter().map(height_of).fold(0.0, f32::max);
    sheet.needs(height);
    let mut x = MARGIN;
    for card in cards {
        let y = sheet.y;
        sheet.mark(Mark::Area { x, y, width, height, ink: Ink::Inset });
        let mut top = y + PADDING;
        for (text, size, ink, weight) in card {
            sheet.words((x + PADDING, top + size), size, &text, ink, weight);
            top += size * LEADING;
        }
        x += width + GAP;
    }
    sheet.y += height + 4.0;
}

fn card(
    sheet: &Sheet<'_>,
    figure: &Figure,
    width: f32,
    edition: &Edition<'_>,
) -> Vec<(String, f32, Ink, Weight)> {
    let style = edition.style;
    let mut lines = Vec::new();
    let mut add = |text: &str, size: f32, ink: Ink, weight: Weight| {
        for line in sheet.typeface.wrapped(text, size, width) {
            lines.push((line, size, ink, weight));
        }
    };
    add(&words::words(&figure.label, style), 7.5, Ink::Soft, Weight::Regular);
    let shown = words::shown(&figure.value, style);
    let colour = ink(figure.tone, Ink::Plain);
    match (&figure.value, shown.split_once(" (")) {
        (Value::Missing(why), _) => {
            add("–", 14.0, Ink::Plain, Weight::Bold);
            add(&words::words(why, style), 7.5, Ink::Soft, Weight::Regular);
        }
        (Value::MonthlyRange { .. } | Value::Range { .. }, Some((likely, range))) => {
            add(likely, 14.0, colour, Weight::Bold);
            add(range.trim_end_matches(')'), 7.5, Ink::Soft, Weight::Regular);
        }
        _ => add(&shown, 14.0, colour, Weight::Bold),
    }
    if let Some(note) = &figure.note {
        add(&words::line(note, style), 7.5, Ink::Soft, Weight::Regular);
    }
    lines
}

fn chart(sheet: &mut Sheet<'_>, chart: &ChartBlock, edition: &Edition<'_>) {
    match &chart.data {
        ChartData::DailyBars(bars) => {
            daily(sheet, bars, edition);
            if let Some(caption) = &chart.caption {
                sentence(sheet, caption, edition, NOTE);
            }
        }
        ChartData::Bridge { from, steps, to } => {
            charts::bridge(sheet, (from, steps, to), edition);
            if let Some(caption) = &chart.caption {
                sentence(sheet, caption, edition, NOTE);
            }
        }
        ChartData::Fan(points) => {
            charts::fan(sheet, points, edition);
            if let Some(caption) = &chart.caption {
                sentence(sheet, caption, edition, NOTE);
            }
        }
        ChartData::Stack { .. }
        | ChartData::Funnel(_)
        | ChartData::Dumbbell(_)
        | ChartData::Heat { .. } => {
            table::rows(sheet, &chart_rows(chart), edition);
            if let Some(caption) = &chart.caption {
                sentence(sheet, caption, edition, NOTE);
            }
        }
    }
}

fn daily(sheet: &mut Sheet<'_>, bars: &[Bar], edition: &Edition<'_>) {
    const HEIGHT: f32 = 84.0;
    const LABEL: f32 = 6.5;
    let Some(count) = u16::try_from(bars.len()).ok().filter(|count| *count > 0) else { return };
    let most = bars.iter().filter_map(|bar| bar.amount).map(|money| money.amount).max();
    sheet.needs(HEIGHT + 3.0 * LABEL * LEADING);
    let step = Sheet::width() / f32::from(count);
    let base = sheet.y + LABEL * LEADING + HEIGHT;
    let mut x = MARGIN;
    for bar in bars {
        let share = bar.amount.zip(most).and_then(|(money, most)| {
            money.amount.checked_div(most).and_then(|share| share.to_f32())
        });
        let label = match (bar.amount, share) {
            (Some(money), Some(share)) => {
                let height = (HEIGHT * share.clamp(0.0, 1.0)).max(0.6);
                let ink = match bar.group {
                    BarGroup::Previous => Ink::BarBefore,
                    BarGroup::Current => Ink::Bar,
                };
                let (y, width) = (base - height, step * 0.74);
                sheet.mark(Mark::Area { x: x + step * 0.13, y, width, height, ink });
                (edition.style.amount(money), y)
            }
            _ => ("–".to_owned(), base),
        };
        let mut centred = |text: &str, y: f32, ink: Ink| {
            // What is wider than its bar would run into the next one.
            let width = sheet.typeface.width(text, LABEL);
            let size = if width > step { LABEL * step / width } else { LABEL };
            let left = x + (step - sheet.typeface.width(text, size)) / 2.0;
            sheet.words((left, y), size, text, ink, Weight::Regular);
        };
        centred(&label.0, label.1 - 2.5, Ink::Soft);
        let provisional = if bar.is_provisional { "*" } else { "" };
        let day = format!("{:02}-{:02}{provisional}", bar.date.month(), bar.date.day());
        centred(&day, base + LABEL + 3.0, Ink::Soft);
        x += step;
    }
    sheet.y = base + 2.0 * LABEL * LEADING;
}

fn decision(sheet: &mut Sheet<'_>, decision: &Decision, edition: &Edition<'_>) {
    let style = edition.style;
    let locale = style.locale();
    let title = words::words(&decision.title, style);
    let savings = words::shown(&decision.savings, style);
    let risk = words::shown(&decision.risk, style);
    let right = sheet.typeface.width(&savings, 9.0);
    let room = (Sheet::width() - right - 12.0).max(120.0);
    let lines = sheet.typeface.wrapped(&title, 9.0, room);
    sheet.needs(52.0);
    let y = sheet.y;
    let colour = match &decision.savings {
        Value::Change(money) | Value::MonthlyChange(money) => {
            ink(Tone::of_change(*money), Ink::Plain)
        }
        Value::Missing(_) => Ink::Soft,
        _ => Ink::Fell,
    };
    let left = MARGIN + Sheet::width() - right;
    sheet.words((left.max(MARGIN), y + 9.0), 9.0, &savings, colour, Weight::Bold);
    let address = decision.link.as_ref().and_then(|link| edition.address(&link.target));
    for line in &lines {
        sheet.needs(9.0 * LEADING);
        sheet.words((MARGIN, sheet.y + 9.0), 9.0, line, Ink::Plain, Weight::Bold);
        if let Some(address) = &address {
            let width = sheet.typeface.width(line, 9.0);
            link(sheet, (MARGIN, width), 9.0, address);
        }
        sheet.y += 9.0 * LEADING;
    }
    let mut parts = vec![locale.text_with("report-risk", &[("risk", &risk)])];
    parts.extend(words::owner(decision, style));
    parts.extend(words::deadline(decision, style));
    sheet.paragraph(&parts.join(" · "), 8.0, Ink::Soft);
    sentence(sheet, &decision.state, edition, Setting { size: 8.5, ..BODY });
    sheet.space(2.0);
    sheet.rule();
}
