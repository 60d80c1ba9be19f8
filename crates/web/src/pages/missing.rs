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

/// Savings that the bill shows.
pub(crate) async fn savings(State(shared): State<Arc<Shared>>, reader: Reader) -> Html {
    without_data(
        &shared,
        &reader,
        Tab::Savings,
        ("web-savings-none", "web-savings-needs"),
        &["trimtab run list"],
    )
}

/// Commitments.
pub(crate) async fn commitments(State(shared): State<Arc<Shared>>, reader: Reader) -> Html {
    without_data(
        &shared,
        &reader,
        Tab::Commitments,
        ("web-commitments-none", "web-commitments-needs"),
        &["trimtab rec list"],
    )
}

/// What could run elsewhere.
pub(crate) async fn modernise(State(shared): State<Arc<Shared>>, reader: Reader) -> Html {
    without_data(
        &shared,
        &reader,
        Tab::Modernise,
        ("web-modernise-none", "web-modernise-needs"),
        &["trimtab schedule show"],
    )
}

/// Costs that are unusual.
pub(crate) async fn anomalies(State(shared): State<Arc<Shared>>, reader: Reader) -> Html {
    without_data(
        &shared,
        &reader,
        Tab::Anomalies,
        ("web-anomalies-none", "web-anomalies-needs"),
        &["trimtab cost diff A B"],
    )
}

/// Budgets and forecasts.
pub(crate) async fn budgets(State(shared): State<Arc<Shared>>, reader: Reader) -> Html {
    without_data(
        &shared,
        &reader,
        Tab::Budgets,
        ("web-budgets-none", "web-budgets-needs"),
        &["trimtab cost summary --by month"],
    )
}

/// Reports.
pub(crate) async fn reports(State(shared): State<Arc<Shared>>, reader: Reader) -> Html {
    without_data(
        &shared,
        &reader,
        Tab::Reports,
        ("web-reports-none", "web-reports-needs"),
        &["trimtab report weekly", "trimtab report monthly", "trimtab report quarterly"],
    )
}

/// The cost of one user.
pub(crate) async fn unit_cost(State(shared): State<Arc<Shared>>, reader: Reader) -> Html {
    without_data(
        &shared,
        &reader,
        Tab::UnitCost,
        ("web-unit-cost-none", "web-unit-cost-needs"),
        &["trimtab cost unit"],
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
