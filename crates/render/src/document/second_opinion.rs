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

/// Adds what AWS says; nothing where it was not asked.
pub(super) fn second_opinion(page: &mut Page<'_>, item: &Recommendation, style: &Style) {
    let Some(SecondOpinion { stance: stood, reason, differences, opinions }) = &item.second_opinion
    else {
        return;
    };
    let locale = style.locale();
    page.heading(&locale.text("show-second-opinion"));
    let word = stance(*stood, locale);
    page.sentence(&format!("{word} · {}", style.sentence(&reason.text)));
    for opinion in opinions {
        page.bullet(&said(opinion, style));
    }
    for difference in differences {
        page.bullet(&style.sentence(&difference.text));
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
