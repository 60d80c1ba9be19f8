//! How a reader wants things shown, kept in cookies.

use axum::http::{HeaderValue, header};
use axum::response::Response;

use trimtab_model::money::Currency;

use super::login::own_path;
use crate::cookie;
use crate::html::see_other;
use crate::query::Query;
use crate::reader::Theme;

/// Keeps a choice and leads back.
pub(crate) async fn choose(uri: axum::http::Uri) -> Response {
    let query = Query::of(uri.query().unwrap_or_default());
    let mut response = see_other(own_path(query.get("back").unwrap_or("/")));
    let language = query.get("lang").filter(|word| matches!(*word, "ko" | "en"));
    let currency = query.get("currency").and_then(|code| code.parse::<Currency>().ok());
    let theme = query.get("theme").map(Theme::of);
    let cookies = [
        language.map(|word| cookie::set(cookie::LANGUAGE, word)),
        currency.map(|currency| cookie::set(cookie::CURRENCY, currency.code())),
        theme.map(|theme| cookie::set(cookie::THEME, theme.as_str())),
    ];
    for cookie in cookies.into_iter().flatten() {
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    response
}
