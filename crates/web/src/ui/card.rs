//! Cards: a titled piece of a page, a figure, a list of facts.

use maud::{Markup, html};

use crate::reader::Reader;

/// Returns a titled piece of a page. `about` says what its figures are: period, basis.
pub(crate) fn card(title: &str, about: Option<&str>, body: &Markup) -> Markup {
    html! {
        section class="card" {
            div class="card-head" {
                h2 { (title) }
                @if let Some(about) = about { p class="about" { (about) } }
            }
            (body)
        }
    }
}

/// Returns one large figure with what it is, and what belongs to it.
pub(crate) fn figure(label: &str, value: &str, note: &str, class: &str) -> Markup {
    html! {
        div class={ "figure " (class) } {
            p class="label" { (label) }
            p class="value" { (value) }
            p class="note" { (note) }
        }
    }
}

/// Says how many recommendations are in a sum beside it, and how many are not because only a repair
/// of an application saves what they say.
pub(crate) fn found_count(reader: &Reader, (counted, apart): (u64, u64)) -> String {
    let counted = reader.text_with("web-found-count", &[("count", &counted.to_string())]);
    if apart == 0 {
        return counted;
    }
    let apart = reader.text_with("web-found-apart", &[("count", &apart.to_string())]);
    format!("{counted} · {apart}")
}

/// Returns names with their values.
pub(crate) fn facts(rows: &[(String, Markup)]) -> Markup {
    html! {
        dl class="facts" {
            @for (name, value) in rows {
                div { dt { (name) } dd { (value) } }
            }
        }
    }
}
