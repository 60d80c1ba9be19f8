//! One resource: what is this, who owns it, what does it cost, how is it used, what hangs on it, what was said and done?

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use trimtab_render::chart::{Caption, Size};
use trimtab_render::document::{relation_table, words};
use trimtab_render::{number, sanitise, time};

use super::resource_lists::{CHANGES, RELATIONS, change_table};
use super::{failed, missing, resource_facts, resource_lists};
use crate::blocking;
use crate::file;
use crate::html::Html;
use crate::reader::Reader;
use crate::shared::Shared;
use crate::ui::{self, Chart, Page, Tab, card, facts, figure};
use crate::view::{ResourceCost, ResourceDetail, Said, Utilisation, resource, stack};

/// Shows the page, or gives one of its lists as a file.
pub(crate) async fn show(State(shared): State<Arc<Shared>>, reader: Reader) -> Response {
    let query = reader.query.clone();
    match blocking::read(&shared, move |shared| resource(shared, &query)).await {
        Err(failure) => failed(&shared, &reader, Tab::Resources, &failure).into_response(),
        Ok(None) => missing::not_found(&shared, &reader, Tab::Resources).into_response(),
        Ok(Some(detail)) => {
            let relations = |style: &_| relation_table(&detail.relations, style);
            let changes = |style: &_| change_table(&detail.changes, style);
            if let Some(file) = file::asked_of(&reader, RELATIONS, relations)
                .or_else(|| file::asked_of(&reader, CHANGES, changes))
            {
                return file;
            }
            let title = words::resource_name(&detail.resource);
            let trail = reader.text(Tab::Resources.key());
            let mut page = Page::of(Tab::Resources, &title, body(&reader, &detail));
            page.trail = Some((&trail, "/resources"));
            page.actions = ui::environment(detail.resource.environment, reader.locale());
            Html::ok(ui::page(&shared, &reader, &page)).into_response()
        }
    }
}

fn body(reader: &Reader, detail: &ResourceDetail) -> Markup {
    let tags: Vec<(String, Markup)> = detail
        .tags
        .iter()
        .map(|(key, value)| (sanitise(key), html! { (sanitise(value)) }))
        .collect();
    let latest = detail.cost.as_ref().and_then(|cost| cost.last_30_days);
    let cost =
        latest.map_or_else(|| reader.text("web-not-known"), |cost| reader.style.amount(cost));
    let about = reader.text(if latest.is_some() {
        "web-resource-cost-about"
    } else {
        "web-resource-cost-none"
    });
    let found = detail.said.recommendations.len() as u64;
    html! {
        div class="figures" {
            (figure(&reader.text("web-resource-cost"), &cost, &about, ""))
            (figure(&reader.text("web-recommendations"), &number::count(found), "", ""))
            (figure(&reader.text("web-relations"), &number::count(detail.relations.len() as u64), "", ""))
            (figure(&reader.text("web-resource-changes"), &number::count(detail.changes.len() as u64), "", ""))
        }
        div class="columns detail" {
            div {
                (spent(reader, detail.cost.as_ref()))
                (used(reader, &detail.utilisation))
                (verdicts(reader, &detail.said))
                (resource_lists::relations(reader, &detail.relations))
                (resource_lists::changes(reader, &detail.changes))
            }
            div {
                (resource_facts::what(reader, detail))
                (card(&reader.text("web-tags"), None, &html! {
                    @if tags.is_empty() { p class="nothing" { (reader.text("web-tags-none")) } } @else { (facts(&tags)) }
                }))
                (resource_lists::decisions(reader, &detail.decisions))
            }
        }
    }
}

/// What it cost by day.
fn spent(reader: &Reader, cost: Option<&ResourceCost>) -> Markup {
    let style = &reader.style;
    let title = reader.text("web-resource-days");
    let Some(cost) = cost else {
        let body = html! { p class="nothing" { (reader.text("web-resource-days-none")) } };
        return card(&title, None, &body);
    };
    let (from, until) = (cost.from.to_string(), cost.until.to_string());
    let total = cost.total.map_or_else(|| reader.text("web-not-known"), |sum| style.amount(sum));
    let basis = reader.text(cost.basis.key());
    let about = [("total", &*total), ("from", &from), ("until", &until), ("basis", &basis)];
    let about = reader.text_with("web-resource-days-about", &about);
    let no_name = reader.text("web-no-name");
    let drawn = |id: &str| {
        let caption = Caption::new(id, title.clone(), about.clone());
        let mut stack =
            stack(&cost.daily, (cost.from, cost.until), cost.provisional_from, caption, &no_name)?;
        // The page of costs has no day of one resource.
        stack.days.iter_mut().for_each(|day| day.link = None);
        Ok::<_, trimtab_model::money::MoneyError>(stack)
    };
    let body = match (drawn("resource-days"), drawn("resource-days-narrow")) {
        (Ok(wide), Ok(narrow)) => ui::chart(
            reader,
            &Chart {
                wide: &wide.draw(Size::WIDE, style),
                narrow: &narrow.draw(Size::NARROW, style),
                legend: &wide.legend(style),
                table: &wide.table(style),
                caption: &title,
            },
        ),
        _ => html! { p class="nothing" { (reader.text("web-not-known")) } },
    };
    let notes = [
        (cost.missing_days, "web-resource-days-missing"),
        (cost.unknown, "web-resource-days-unknown"),
    ];
    let body = html! {
        (body)
        @for (count, key) in notes {
            @if count > 0 { p class="about" { (reader.text_with(key, &[("count", &count.to_string())])) } }
        }
        @if !cost.other_currencies.is_empty() {
            p class="about" { (reader.text_with("web-resource-other-currencies", &[("currencies", &cost.other_currencies.join(", "))])) }
        }
    };
    card(&title, Some(&about), &body)
}

/// How it was used.
fn used(reader: &Reader, used: &Utilisation) -> Markup {
    let style = &reader.style;
    let title = reader.text("web-course-measured");
    let zone = &style.time_zone;
    let about = [("from", time::date(used.from, zone)), ("until", time::date(used.until, zone))];
    let about: Vec<(&str, &str)> = about.iter().map(|(key, day)| (*key, day.as_str())).collect();
    let about = reader.text_with("web-use-about", &about);
    let drawn = |id: &str| used.lines(Caption::new(id, title.clone(), about.clone()), style);
    let body = html! {
        @if used.panels.is_empty() {
            p class="nothing" { (reader.text("web-use-none")) }
        } @else {
            @let wide = drawn("use");
            (ui::chart(reader, &Chart {
                wide: &wide.draw(Size::WIDE, style),
                narrow: &drawn("use-narrow").draw(Size::NARROW, style),
                legend: &wide.legend(),
                table: &wide.table(style),
                caption: &title,
            }))
        }
        @if !used.missing.is_empty() {
            p class="about" { (reader.text_with("web-use-missing", &[("metrics", &used.missing.join(", "))])) }
        }
    };
    card(&title, Some(&about), &body)
}

fn verdicts(reader: &Reader, known: &Said) -> Markup {
    let locale = reader.locale();
    let body = html! {
        ul class="rows" {
            @for item in &known.recommendations {
                li {
                    div class="row-words" {
                        a href={ "/recommendations/" (item.id.as_str()) } { (words::change(&item.action, locale)) }
                        p class="about" { code { (item.check.as_str()) } }
                    }
                    p class="row-amount saved" { (reader.style.monthly(item.estimated_monthly_savings.likely)) }
                }
            }
            @for item in &known.unknown {
                li {
                    div class="row-words" {
                        p { (reader.style.sentence(&item.unknown.reason.text)) }
                        p class="about" { code { (item.check.as_str()) } }
                    }
                    (ui::status(&reader.text("web-unjudged"), "projected"))
                }
            }
        }
        @if !known.passed.is_empty() {
            details {
                summary { (reader.text_with("web-verdicts-passed", &[("count", &known.passed.len().to_string())])) }
                ul class="rows" {
                    @for item in &known.passed {
                        li {
                            div class="row-words" {
                                p { (reader.style.sentence(&item.reason.text)) }
                                p class="about" { code { (item.check.as_str()) } }
                            }
                            (ui::status(&reader.text("web-passed"), ""))
                        }
                    }
                }
            }
        }
        @if known.recommendations.is_empty() && known.unknown.is_empty() && known.passed.is_empty() {
            p class="nothing" { (reader.text("web-verdicts-none")) }
        }
    };
    card(&reader.text("web-verdicts"), None, &body)
}
