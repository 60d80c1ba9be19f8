//! What AWS says of one of our recommendations.

use trimtab_model::opinion::{Opinion, SecondOpinion, Stance};
use trimtab_model::recommendation::Recommendation;

use super::page::Page;
use crate::locale::Locale;
use crate::sanitise;
use crate::style::Style;

/// Returns the word for how AWS stands.
pub(super) fn stance(stance: Stance, locale: Locale) -> String {
    locale.text(match stance {
        Stance::Agree => "stance-agree",
        Stance::Differ => "stance-differ",
        Stance::Absent => "stance-absent",
    })
}

/// Returns what AWS says, a sentence and what it rests on; nothing where it was not asked.
pub fn second_opinion_lines(item: &Recommendation, style: &Style) -> Vec<String> {
    let Some(SecondOpinion { stance: stood, reason, differences, opinions }) = &item.second_opinion
    else {
        return Vec::new();
    };
    let word = stance(*stood, style.locale());
    let mut lines = vec![format!("{word} · {}", style.sentence(&reason.text))];
    lines.extend(opinions.iter().map(|opinion| said(opinion, style)));
    lines.extend(differences.iter().map(|difference| style.sentence(&difference.text)));
    lines
}

/// Adds what AWS says; nothing where it was not asked.
pub(super) fn second_opinion(page: &mut Page<'_>, item: &Recommendation, style: &Style) {
    let lines = second_opinion_lines(item, style);
    let Some((sentence, rest)) = lines.split_first() else { return };
    page.heading(&style.locale().text("show-second-opinion"));
    page.sentence(sentence);
    for line in rest {
        page.bullet(line);
    }
}

/// Returns one opinion in one line: who, what, how much, and how long was looked.
pub(super) fn said(opinion: &Opinion, style: &Style) -> String {
    let locale = style.locale();
    let mut parts = vec![sanitise(&opinion.finding)];
    let proposed: Vec<String> = opinion.recommended.values().map(|value| sanitise(value)).collect();
    if !proposed.is_empty() {
        parts.push(proposed.join(" "));
    } else if let Some(summary) = &opinion.summary {
        parts.push(sanitise(summary));
    }
    if let Some(saving) = opinion.monthly_saving {
        let amount = style.monthly(saving);
        parts.push(locale.text_with("opinion-saving", &[("amount", &amount)]));
    }
    if let Some(saving) = opinion.monthly_saving_after_discounts {
        let amount = style.monthly(saving);
        parts.push(locale.text_with("opinion-saving-after-discounts", &[("amount", &amount)]));
    }
    if let Some(days) = opinion.lookback_days {
        parts.push(locale.text_with("opinion-lookback", &[("count", &days.to_string())]));
    }
    format!("{}: {}", opinion.source.name(), parts.join(" · "))
}
