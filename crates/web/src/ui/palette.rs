//! The search of every page: a link to its page, and the dialog that a script opens in its place.

use maud::{Markup, html};

use super::navigation::Tab;
use crate::reader::Reader;

/// Returns the link that the head has.
pub(super) fn find_link(reader: &Reader) -> Markup {
    html! {
        a class="button small find" href=(Tab::Find.path()) data-opens="palette" aria-keyshortcuts="/ Control+K" {
            (reader.text(Tab::Find.key())) " " kbd aria-hidden="true" { "/" }
        }
    }
}

/// Returns the dialog. It is shown by the script alone.
pub(super) fn palette(reader: &Reader) -> Markup {
    html! {
        dialog id="palette" class="palette" aria-label=(reader.text(Tab::Find.key())) {
            form method="get" action=(Tab::Find.path()) role="search" {
                input name="q" type="search" maxlength="200" autocomplete="off" spellcheck="false"
                    aria-label=(reader.text("web-find-label")) placeholder=(reader.text("web-find-example"));
                button type="button" class="button small" data-closes="palette" { (reader.text("web-find-close")) }
            }
            div id="palette-found" data-from=(Tab::Find.path()) {}
        }
    }
}
