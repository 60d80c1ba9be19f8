//! Answers of the API: JSON with a mark that says whether it has changed.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;

use trimtab_app::failure::Failure;
use trimtab_model::text::{Language, Text};
use trimtab_render::contract::compact;

use crate::etag;
use crate::problem::Problem;

/// Returns a value as JSON; whoever has it already is told so and gets nothing.
pub(crate) fn json(headers: &HeaderMap, value: &Value) -> Response {
    let text = compact(value);
    let tag = etag::of(text.as_bytes());
    let is_known = etag::is_known(headers.get(header::IF_NONE_MATCH), &tag);
    let fixed = [
        (header::ETAG, tag),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
    ];
    if is_known {
        return (StatusCode::NOT_MODIFIED, fixed).into_response();
    }
    (fixed, text).into_response()
}

/// Returns what was made, or why it was not.
pub(crate) fn made<T: Serialize>(
    headers: &HeaderMap,
    language: Language,
    found: Result<Option<T>, Failure>,
) -> Response {
    match found {
        Err(failure) => Problem::of(&failure, language).into_response(),
        Ok(None) => not_found(language),
        Ok(Some(value)) => match serde_json::to_value(value) {
            Ok(value) => json(headers, &value),
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        },
    }
}

/// Returns what became of something that was asked for: it is made anew each time.
pub(crate) fn done(status: StatusCode, value: &Value) -> Response {
    let fixed = [
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
    ];
    (status, fixed, compact(value)).into_response()
}

/// Says where what was made is.
pub(crate) fn located(mut response: Response, address: &str) -> Response {
    if let Ok(address) = HeaderValue::from_str(address) {
        response.headers_mut().insert(header::LOCATION, address);
    }
    response
}

/// Says that there is nothing of that name, or no data for it yet.
pub(crate) fn not_found(language: Language) -> Response {
    nothing(language).into_response()
}

/// Returns the problem of a name that nothing has.
pub(crate) fn nothing(language: Language) -> Problem {
    let title = Text::new("there is no such thing here", "찾을 수 없습니다");
    let hint = Text::new(
        "it may be of an earlier analysis, or nothing was read yet: see /api/v1/coverage",
        "이전 분석의 것이거나 아직 읽은 데이터가 없을 수 있습니다. /api/v1/coverage를 확인하세요",
    );
    Problem::new(StatusCode::NOT_FOUND, "not-found", &title, Some(&hint), language)
}
