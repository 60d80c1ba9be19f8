//! Saved views in the head of every page: opened, and the page at hand saved.

use maud::{Markup, html};

use trimtab_render::sanitise;

use super::navigation::Tab;
use crate::reader::Reader;
use crate::saved::{self, LONGEST_NAME};
use crate::shared::Shared;

/// Views that the list has room for; the page of views has all.
const ROOM: usize = 12;

/// Returns the button that opens the list, and the list.
pub(super) fn view_menu(shared: &Shared, reader: &Reader, tab: Tab) -> Markup {
    // Where they cannot be read the page of views says why.
    let views = saved::all(shared).unwrap_or_default();
    let can_save = !shared.options.is_read_only
        && tab != Tab::Find
        && tab != Tab::Views
        && saved::is_page(&reader.path);
    if views.is_empty() && !can_save {
        return html! {};
    }
    html! {
        details class="popover" {
            summary class="button small" { (reader.text(Tab::Views.key())) }
            div class="menu" {
                @if !views.is_empty() {
                    ul class="menu-list" {
                        @for view in views.iter().take(ROOM) {
                            li { a href=(view.address) { (sanitise(&view.name)) } }
                        }
                    }
                    p { a href=(Tab::Views.path()) { (reader.text("web-views-all")) } }
                }
                @if can_save { (save_form(reader)) }
            }
        }
    }
}

fn save_form(reader: &Reader) -> Markup {
    html! {
        form method="post" action="/views" class="stacked" data-here="address" {
            input type="hidden" name="address" value=(reader.permalink());
            label {
                (reader.text("web-view-name"))
                input name="name" required maxlength=(LONGEST_NAME) autocomplete="off";
            }
            div class="buttons" {
                button type="submit" class="button small" { (reader.text("web-view-save")) }
            }
            p class="about" { (reader.text("web-view-save-about")) }
        }
    }
}
