//! Answers that are pages.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::Markup;

/// A page, or a part of one.
pub(crate) struct Html(pub(crate) StatusCode, pub(crate) Markup);

impl Html {
    /// Makes a page that was found.
    pub(crate) fn ok(markup: Markup) -> Self {
        Self(StatusCode::OK, markup)
    }
}

impl IntoResponse for Html {
    fn into_response(self) -> Response {
        let Self(status, markup) = self;
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
            (header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
        ];
        (status, headers, markup.into_string()).into_response()
    }
}

/// Leads to another page.
pub(crate) fn see_other(address: &str) -> Response {
    // What is no header is an address that nobody of ours has written.
    let to = HeaderValue::from_str(address).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response()
}

/// A file to keep.
pub(crate) fn download(name: &str, media_type: &'static str, body: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    let disposition =
        HeaderValue::from_str(&disposition).unwrap_or(HeaderValue::from_static("attachment"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
    ];
    (headers, body).into_response()
}
