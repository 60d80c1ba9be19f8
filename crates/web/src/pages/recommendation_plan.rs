//! How a recommendation is or would be carried out, step by step.

use maud::{Markup, html};

use trimtab_render::document::plan::words;

use crate::reader::Reader;
use crate::ui::{card, facts};
use crate::view::Staged;

/// The stage, the wave, the gates and the times of its change.
pub(super) fn staged(reader: &Reader, staged: &Staged) -> Markup {
    let locale = reader.locale();
    let about = if staged.plans.is_empty() { "web-staged-imagined" } else { "web-staged-planned" };
    let body = match &staged.place {
        Err(why) => html! { p class="nothing" { (reader.style.sentence(why)) } },
        Ok(place) => {
            let change = &place.change;
            let list = |all: Vec<String>, none: &str| {
                html! {
                    @if all.is_empty() { (reader.text(none)) }
                    @else { ul class="plain" { @for one in &all { li { (one) } } } }
                }
            };
            let gates = change.gates.iter().map(|gate| words::gate(gate, locale)).collect();
            let windows = place.windows.iter().map(|one| words::window(one, locale)).collect();
            let wave = words::wave(place.wave, locale);
            let rows = vec![
                (reader.text("web-staged-stage"), html! { (place.stage.as_str()) " · " (wave) }),
                (reader.text("web-staged-window"), list(windows, "web-staged-no-window")),
                (reader.text("web-change-downtime"), html! { (words::downtime(change, locale)) }),
                (
                    reader.text("web-change-recovery"),
                    html! { (words::recovery(&change.recovery, locale)) },
                ),
                (reader.text("web-change-gates"), list(gates, "gates-none")),
                (reader.text("web-staged-soak"), html! { (words::length(change.soak, locale)) }),
            ];
            html! { div class="staged" { (facts(&rows)) } }
        }
    };
    let body = html! {
        @if !staged.plans.is_empty() {
            ul class="rows" { @for plan in &staged.plans { li { a href={ "/plans/" (plan) } { (plan) } } } }
        }
        (body)
    };
    card(&reader.text("web-staged"), Some(&reader.text(about)), &body)
}
