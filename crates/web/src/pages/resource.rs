//! One resource: what is this, who owns it, what does it cost, what was said of it?

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use trimtab_app::failure::{Failure, Kind};
use trimtab_model::analysis::{Passed, Unjudged};
use trimtab_model::money::{Money, MoneyError};
use trimtab_model::recommendation::Recommendation;
use trimtab_model::resource::{ResourceRef, Tags};
use trimtab_render::document::words;
use trimtab_render::sanitise;
use trimtab_store::cost::{CostFilter, GroupBy, inventory_id};

use super::{failed, missing};
use crate::blocking;
use crate::html::Html;
use crate::query::Query;
use crate::reader::Reader;
use crate::shared::Shared;
use crate::ui::{self, Page, Tab, card, facts, figure};
use crate::view::{Basis, before, daily};

/// Days whose cost is added up.
const DAYS: i32 = 30;

/// A resource and everything that is known of it.
struct Known {
    resource: ResourceRef,
    tags: Tags,
    recommendations: Vec<Recommendation>,
    passed: Vec<Passed>,
    unknown: Vec<Unjudged>,
    cost: Option<Money>,
}

fn found(shared: &Shared, query: &Query) -> Result<Option<Known>, Failure> {
    let Some(snapshot) = shared.inventory()? else { return Ok(None) };
    let is = |key, value: &str| query.get(key) == Some(value);
    let all = snapshot.tags();
    let wanted = all.iter().find(|(one, _)| {
        is("id", one.id.as_str())
            && is("kind", one.kind.as_str())
            && is("account", one.account.as_str())
            && is("region", one.region.as_str())
    });
    let Some((resource, tags)) = wanted else { return Ok(None) };
    let mut known = Known {
        resource: resource.clone(),
        tags: (*tags).clone(),
        recommendations: Vec::new(),
        passed: Vec::new(),
        unknown: Vec::new(),
        cost: cost(shared, resource)?,
    };
    if let Some(visible) = shared.analysis()? {
        let analysis = &visible.whole;
        let of = |one: &ResourceRef| one == resource;
        known.recommendations =
            analysis.items.iter().filter(|item| of(&item.resource)).cloned().collect();
        known.passed = shared.passed(resource)?;
        known.unknown =
            analysis.unknown.iter().filter(|item| of(&item.resource)).cloned().collect();
    }
    Ok(Some(known))
}

/// Returns what a resource has cost in the last days of the bill, which may know it by its ARN; none where the bill
/// does not name it.
fn cost(shared: &Shared, resource: &ResourceRef) -> Result<Option<Money>, Failure> {
    let Some(bill) = daily(shared, GroupBy::Service, Basis::Effective, CostFilter::default())?
    else {
        return Ok(None);
    };
    let Some(last) = bill.last() else { return Ok(None) };
    let first = before(last, DAYS - 1);
    let filter = CostFilter {
        from: Some(first),
        account: Some(resource.account.to_string()),
        region: Some(resource.region.to_string()),
        ..CostFilter::default()
    };
    let Some(named) = daily(shared, GroupBy::Resource, Basis::Effective, filter)? else {
        return Ok(None);
    };
    let money = |cause: MoneyError| Failure::from_error(Kind::Failed, &cause);
    let is_it = |key: &String| inventory_id(key) == resource.id.as_str();
    let mut sum: Option<Money> = None;
    for (key, cost) in named.by_key(first, last).map_err(money)? {
        if key.as_ref().is_some_and(is_it) {
            sum = Some(match sum {
                Some(sum) => sum.checked_add(cost).map_err(money)?,
                None => cost,
            });
        }
    }
    Ok(sum)
}

/// Shows the page.
pub(crate) async fn show(State(shared): State<Arc<Shared>>, reader: Reader) -> Response {
    let query = reader.query.clone();
    match blocking::read(&shared, move |shared| found(shared, &query)).await {
        Err(failure) => failed(&shared, &reader, Tab::Resources, &failure).into_response(),
        Ok(None) => missing::not_found(&shared, &reader, Tab::Resources).into_response(),
        Ok(Some(known)) => {
            let title = words::resource_name(&known.resource);
            let trail = reader.text(Tab::Resources.key());
            let mut page = Page::of(Tab::Resources, &title, body(&reader, &known));
            page.trail = Some((&trail, "/resources"));
            page.actions = ui::environment(known.resource.environment, reader.locale());
            Html::ok(ui::page(&shared, &reader, &page)).into_response()
        }
    }
}

fn body(reader: &Reader, known: &Known) -> Markup {
    let resource = &known.resource;
    let rows = vec![
        (reader.text("column-resource-id"), html! { code { (sanitise(resource.id.as_str())) } }),
        (reader.text("web-kind"), html! { (resource.kind.as_str()) }),
        (reader.text("column-account"), html! { (sanitise(resource.account.as_str())) }),
        (reader.text("column-region"), html! { (sanitise(resource.region.as_str())) }),
    ];
    let tags: Vec<(String, Markup)> = known
        .tags
        .iter()
        .map(|(key, value)| (sanitise(key), html! { (sanitise(value)) }))
        .collect();
    let cost =
        known.cost.map_or_else(|| reader.text("web-not-known"), |cost| reader.style.amount(cost));
    let about = reader.text(if known.cost.is_some() {
        "web-resource-cost-about"
    } else {
        "web-resource-cost-none"
    });
    html! {
        div class="figures" {
            (figure(&reader.text("web-resource-cost"), &cost, &about, ""))
            (figure(&reader.text("web-recommendations"), &known.recommendations.len().to_string(), "", ""))
        }
        div class="columns detail" {
            div {
                (verdicts(reader, known))
            }
            div {
                (card(&reader.text("web-resource"), None, &facts(&rows)))
                (card(&reader.text("web-tags"), None, &html! {
                    @if tags.is_empty() { p class="nothing" { (reader.text("web-tags-none")) } } @else { (facts(&tags)) }
                }))
            }
        }
    }
}

fn verdicts(reader: &Reader, known: &Known) -> Markup {
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
        @if known.recommendations.is_empty() && known.unknown.is_empty() && known.passed.is_empty() {
            p class="nothing" { (reader.text("web-verdicts-none")) }
        }
    };
    card(&reader.text("web-verdicts"), None, &body)
}
