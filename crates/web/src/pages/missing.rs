//! Pages whose data does not exist yet, and addresses that lead nowhere: each says what it needs.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use maud::html;

use crate::html::Html;
use crate::reader::Reader;
use crate::shared::Shared;
use crate::ui::{self, Empty, Page, Tab};

fn without_data(
    shared: &Shared,
    reader: &Reader,
    tab: Tab,
    (what, why): (&str, &str),
    commands: &[&str],
) -> Html {
    let title = reader.text(tab.key());
    let (what, why) = (reader.text(what), reader.text(why));
    let body = ui::empty(&Empty { title: &what, reason: &why, commands });
    let body = html! { section class="card" { (body) } };
    Html::ok(ui::page(shared, reader, &Page::of(tab, &title, body)))
}

/// Reports, where there is nothing to report yet.
pub(crate) fn reports(shared: &Shared, reader: &Reader) -> Html {
    without_data(
        shared,
        reader,
        Tab::Reports,
        ("web-reports-none", "web-reports-needs"),
        &["trimtab ingest --from DIR", "trimtab analyze"],
    )
}

/// The cost of one user, where no users are known.
pub(crate) fn unit_cost(shared: &Shared, reader: &Reader) -> Html {
    without_data(
        shared,
        reader,
        Tab::UnitCost,
        ("web-unit-cost-none", "web-unit-cost-needs"),
        &["trimtab ingest --from DIR", "trimtab cost unit"],
    )
}

/// An address that leads nowhere.
pub(crate) async fn page(State(shared): State<Arc<Shared>>, reader: Reader) -> Html {
    not_found(&shared, &reader, Tab::Overview)
}

/// Says that there is nothing at an address.
pub(crate) fn not_found(shared: &Shared, reader: &Reader, tab: Tab) -> Html {
    let title = reader.text("web-not-found");
    let why = reader.text("web-not-found-why");
    let body = ui::empty(&Empty { title: &title, reason: &why, commands: &[] });
    let body = html! {
        section class="card" { (body) p { a class="button" href=(tab.path()) { (reader.text(tab.key())) } } }
    };
    Html(StatusCode::NOT_FOUND, ui::page(shared, reader, &Page::of(tab, &title, body)))
}
