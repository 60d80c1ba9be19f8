//! Cards: a titled piece of a page, a figure, a list of facts.

use maud::{Markup, html};

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
