//! A page that could not be made, and why.

use axum::http::{StatusCode, Uri};
use axum::response::Response;
use maud::{Markup, html};

use trimtab_app::failure::{Failure, Kind};

use crate::html::{Html, see_other};
use crate::reader::Reader;
use crate::shared::Shared;
use crate::ui::{Page, Tab, page};

/// Returns the page of a failure: what, why, and what to do next.
pub(crate) fn failed(shared: &Shared, reader: &Reader, tab: Tab, failure: &Failure) -> Html {
    let status = status(failure);
    let message = failure.message.get(reader.style.language);
    // What somebody asked for and cannot have is no fault of the page: its head says what happened.
    let is_refused = matches!(failure.kind, Kind::Usage | Kind::Stale);
    let title = if is_refused { message.to_owned() } else { reader.text("web-failed") };
    let body = html! {
        section class="card failure" role="alert" {
            @if !is_refused { h2 { (message) } }
            (why(reader, failure))
            p { a class="button" href=(reader.address()) { (reader.text("web-again")) } }
        }
    };
    Html(status, page(shared, reader, &Page::of(tab, &title, body)))
}

/// Returns what happened, why, and what to do next.
pub(super) fn told(reader: &Reader, failure: &Failure) -> Markup {
    html! {
        section class="card failure" role="alert" {
            h2 { (failure.message.get(reader.style.language)) }
            (why(reader, failure))
        }
    }
}

fn why(reader: &Reader, failure: &Failure) -> Markup {
    let language = reader.style.language;
    html! {
        @for cause in &failure.causes { p { (cause.get(language)) } }
        @if let Some(hint) = &failure.hint { p class="hint" { (hint.get(language)) } }
    }
}

/// Returns the status of an answer that is a failure.
pub(super) fn status(failure: &Failure) -> StatusCode {
    match failure.kind {
        Kind::Usage => StatusCode::BAD_REQUEST,
        Kind::Stale => StatusCode::CONFLICT,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Leads from the address that a form is sent to, to the page that has the form: whoever tries again after a failure
/// comes here.
pub(crate) async fn back(uri: Uri) -> Response {
    see_other(uri.path().rsplit_once('/').map_or("/", |(page, _)| page))
}
