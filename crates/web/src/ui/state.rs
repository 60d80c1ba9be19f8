//! What stands where there is nothing to show: what, why, and the next command.

use maud::{Markup, html};

/// A page or a piece of it without data.
pub(crate) struct Empty<'a> {
    /// What there is not.
    pub(crate) title: &'a str,
    /// Why, and what it needs.
    pub(crate) reason: &'a str,
    /// Commands that lead on.
    pub(crate) commands: &'a [&'a str],
}

/// Returns a piece that says what is missing.
pub(crate) fn empty(empty: &Empty<'_>) -> Markup {
    html! {
        div class="empty" {
            p class="empty-title" { (empty.title) }
            p { (empty.reason) }
            @for command in empty.commands {
                pre { code { (command) } }
            }
        }
    }
}

/// Returns a sentence that a reader must not miss.
pub(crate) fn note(text: &str) -> Markup {
    html! { p class="notice" role="note" { (text) } }
}
