//! The way in: the token, once.

use std::sync::Arc;

use axum::extract::{Form, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};
use serde::Deserialize;

use trimtab_model::text::Language;
use trimtab_render::locale::Locale;

use crate::asset;
use crate::cookie;
use crate::html::{Html, see_other};
use crate::query::Query;
use crate::reader::{self, Reader};
use crate::shared::Shared;

/// What the page sends.
#[derive(Deserialize)]
pub(crate) struct Given {
    token: String,
    #[serde(default)]
    back: String,
}

/// Shows the page, or lets in whoever comes by the printed address. A language that is chosen here is kept.
pub(crate) async fn show(State(shared): State<Arc<Shared>>, uri: Uri, reader: Reader) -> Response {
    let back = own_path(reader.query.get("back").unwrap_or("/"));
    let mut response = match reader.query.get("token") {
        Some(token) if shared.token.is(token) => entered(&shared, back),
        Some(_) => refused(reader.locale(), back),
        None => Html::ok(form(reader.locale(), back, false)).into_response(),
    };
    if Query::of(uri.query().unwrap_or_default()).get("lang").is_some() {
        keep(&mut response, &cookie::set(cookie::LANGUAGE, reader.style.language.code()));
    }
    response
}

/// Lets in whoever gives the token.
pub(crate) async fn enter(
    State(shared): State<Arc<Shared>>,
    reader: Reader,
    Form(given): Form<Given>,
) -> Response {
    let back = own_path(&given.back);
    if shared.token.is(given.token.trim()) {
        entered(&shared, back)
    } else {
        refused(reader.locale(), back)
    }
}

/// Asks for the token where a page needs it.
pub(crate) fn asked(shared: &Shared, headers: &HeaderMap, back: &str) -> Response {
    let language = reader::language(shared, headers, None);
    Html(StatusCode::UNAUTHORIZED, form(Locale::new(language), own_path(back), false))
        .into_response()
}

fn refused(locale: Locale, back: &str) -> Response {
    Html(StatusCode::UNAUTHORIZED, form(locale, back, true)).into_response()
}

fn entered(shared: &Shared, back: &str) -> Response {
    let mut response = see_other(back);
    keep(&mut response, &cookie::set(cookie::SESSION, &shared.token.session()));
    response
}

fn keep(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// Returns a path of ours: an address elsewhere would lead away whoever has just come in.
pub(crate) fn own_path(path: &str) -> &str {
    let is_own = path.starts_with('/') && !path.starts_with("//") && !path.contains('\\');
    if is_own && !path.starts_with("/login") { path } else { "/" }
}

fn form(locale: Locale, back: &str, is_wrong: bool) -> Markup {
    let other = match locale.language() {
        Language::Ko => ("en", "English"),
        Language::En => ("ko", "한국어"),
    };
    let to_other = Query::default().with("lang", Some(other.0)).with("back", Some(back));
    html! {
        (DOCTYPE)
        html lang=(locale.language().code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (locale.text("web-login")) " · trimtab" }
                link rel="icon" href=(asset::ICON.address()) type="image/svg+xml";
                link rel="stylesheet" href=(asset::STYLE.address());
            }
            body class="login" {
                main id="main" class="card" {
                    p class="brand" { "trimtab" }
                    h1 { (locale.text("web-login")) }
                    p { (locale.text("web-login-why")) }
                    form method="post" action="/login" {
                        input type="hidden" name="back" value=(back);
                        label for="token" { (locale.text("web-login-token")) }
                        input id="token" name="token" type="password" required autocomplete="current-password"
                            aria-describedby=[is_wrong.then_some("wrong")];
                        @if is_wrong { p id="wrong" class="wrong" role="alert" { (locale.text("web-login-wrong")) } }
                        button type="submit" class="button primary" { (locale.text("web-login-enter")) }
                    }
                    p class="about" { (locale.text("web-login-where")) " " code { "trimtab serve" } }
                    p { a href=(to_other.on("/login")) lang=(other.0) { (other.1) } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_elsewhere() {
        assert_eq!(own_path("/cost?by=service"), "/cost?by=service");
        for foreign in
            ["//evil.example", "https://evil.example", "/\\evil.example", "", "javascript:1"]
        {
            assert_eq!(own_path(foreign), "/");
        }
    }
}
