//! A page that could not be made, and why.

use axum::http::{StatusCode, Uri};
use axum::response::Response;
use maud::html;

use trimtab_app::failure::{Failure, Kind};

use crate::html::{Html, see_other};
use crate::reader::Reader;
use crate::shared::Shared;
use crate::ui::{Page, Tab, page};

/// Returns the page of a failure: what, why, and what to do next.
pub(crate) fn failed(shared: &Shared, reader: &Reader, tab: Tab, failure: &Failure) -> Html {
    let language = reader.style.language;
    let status = match failure.kind {
        Kind::Usage => StatusCode::BAD_REQUEST,
        Kind::Stale => StatusCode::CONFLICT,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    let body = html! {
        section class="card failure" role="alert" {
            h2 { (failure.message.get(language)) }
            @for cause in &failure.causes { p { (cause.get(language)) } }
            @if let Some(hint) = &failure.hint { p class="hint" { (hint.get(language)) } }
            p { a class="button" href=(reader.address()) { (reader.text("web-again")) } }
        }
    };
    let title = reader.text("web-failed");
    Html(status, page(shared, reader, &Page::of(tab, &title, body)))
}

/// Leads from the address that a form is sent to, to the page that has the form: whoever tries again after a failure
/// comes here.
pub(crate) async fn back(uri: Uri) -> Response {
    see_other(uri.path().rsplit_once('/').map_or("/", |(page, _)| page))
}
