//! What the list of recommendations can be narrowed by: links that set a value, or take it away.

use maud::{Markup, html};

use crate::reader::Reader;
use crate::view::{Facet, FacetValue};

/// Values of a field that are shown; the others are folded below them.
const SHOWN: usize = 6;

/// The fields with their values. On a phone they are folded, and the fold says what is chosen.
pub(super) fn facets(reader: &Reader, facets: &[Facet]) -> Markup {
    if facets.iter().all(|facet| facet.values.is_empty()) {
        return html! {};
    }
    let locale = reader.locale();
    let chosen = facets.iter().filter(|facet| facet.is_chosen());
    let chosen: Vec<String> = chosen.map(|facet| said(reader, facet)).collect();
    html! {
        details class="facets" {
            summary {
                (reader.text("web-facets"))
                @for one in &chosen { " " span class="badge info" { (one) } }
            }
            div class="facet-fields" {
                @for facet in facets.iter().filter(|facet| !facet.values.is_empty()) {
                    div class="facet" {
                        div class="facet-head" {
                            p id={ "facet-" (facet.field.name()) } { (facet.title(locale)) }
                            @if facet.is_chosen() {
                                a href=(to(reader, facet.without.as_deref())) aria-label=(reader.text_with("web-facet-any-of", &[("name", &facet.title(locale))])) {
                                    (reader.text("web-facet-any"))
                                }
                            }
                        }
                        (values(reader, facet))
                    }
                }
            }
        }
    }
}

/// Says what is chosen of a field.
fn said(reader: &Reader, facet: &Facet) -> String {
    let locale = reader.locale();
    let chosen = facet.values.iter().filter(|value| value.is_chosen);
    let words: Vec<String> = chosen.map(|value| facet.word(&value.value, locale)).collect();
    format!("{}: {}", facet.title(locale), words.join(", "))
}

fn values(reader: &Reader, facet: &Facet) -> Markup {
    let places = |is_first: bool| {
        let all = facet.values.iter().enumerate();
        all.filter(move |(place, _)| (*place < SHOWN) == is_first).map(|(_, value)| value)
    };
    let link = |value: &FacetValue| {
        html! {
            li {
                a href=(to(reader, value.filter.as_deref())) aria-current=[value.is_chosen.then_some("true")] {
                    span class="facet-word" { (facet.word(&value.value, reader.locale())) }
                    " " span class="facet-count" { (value.count) }
                }
            }
        }
    };
    let hidden = places(false).count();
    html! {
        ul aria-labelledby={ "facet-" (facet.field.name()) } { @for value in places(true) { (link(value)) } }
        @if hidden > 0 {
            details class="facet-more" open[places(false).any(|value| value.is_chosen)] {
                summary { (reader.text_with("web-facet-more", &[("count", &hidden.to_string())])) }
                ul aria-labelledby={ "facet-" (facet.field.name()) } { @for value in places(false) { (link(value)) } }
            }
        }
    }
}

/// Returns the address of the page under another condition, from its first row on.
fn to(reader: &Reader, filter: Option<&str>) -> String {
    reader.query.with("cursor", None).with("filter", filter).on(&reader.path)
}
