//! How a reader wants things shown, kept in cookies.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};

use trimtab_app::failure::Failure;
use trimtab_model::money::Currency;

use super::failed;
use super::login::own_path;
use crate::cookie;
use crate::html::see_other;
use crate::query::Query;
use crate::reader::{Reader, Theme};
use crate::scope::{self, KEYS, Scope};
use crate::shared::Shared;
use crate::ui::Tab;

/// Keeps a choice and leads back.
pub(crate) async fn choose(
    State(shared): State<Arc<Shared>>,
    reader: Reader,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let query = Query::of(uri.query().unwrap_or_default());
    // What is looked at is the reader's to choose: a link of another site does not change every figure from then on.
    let is_foreign = headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site");
    let asked = query.get("scope").filter(|_| !is_foreign);
    let mut back = own_path(query.get("back").unwrap_or("/")).to_owned();
    let scope = match asked.map(|_| scope_of(&shared, &query)).transpose() {
        Ok(scope) => scope,
        Err(failure) => return failed(&shared, &reader, Tab::Overview, &failure).into_response(),
    };
    if scope.is_some() {
        // What the address said is no longer what is looked at.
        back = without_scope(&back);
    }
    let mut response = see_other(&back);
    let language = query.get("lang").filter(|word| matches!(*word, "ko" | "en"));
    let currency = query.get("currency").and_then(|code| code.parse::<Currency>().ok());
    let theme = query.get("theme").map(Theme::of);
    let cookies = [
        language.map(|word| cookie::set(cookie::LANGUAGE, word)),
        currency.map(|currency| cookie::set(cookie::CURRENCY, currency.code())),
        theme.map(|theme| cookie::set(cookie::THEME, theme.as_str())),
        scope.map(|scope| match scope.is_everything() {
            true => cookie::forget(cookie::SCOPE),
            false => cookie::set(cookie::SCOPE, &scope.cookie()),
        }),
    ];
    for cookie in cookies.into_iter().flatten() {
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    response
}

/// Reads what is to be looked at.
fn scope_of(shared: &Shared, query: &Query) -> Result<Scope, Failure> {
    if query.get("scope-clear").is_some() {
        return Ok(Scope::default());
    }
    Scope::of(&scope::by_number(query, &shared.settings))
}

/// Returns an address that follows what is looked at without saying what that is.
fn without_scope(address: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    if !Tab::follows(path) {
        return address.to_owned();
    }
    let said = ["cursor"].iter().chain(&KEYS);
    said.fold(Query::of(query), |query, key| query.with(key, None)).on(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_address_said_gives_way_to_what_was_chosen() {
        assert_eq!(without_scope("/cost?account=1&group_by=team&team=x"), "/cost?group_by=team");
        assert_eq!(
            without_scope("/recommendations?cursor=50&f.account=1"),
            "/recommendations?f.account=1"
        );
        assert_eq!(without_scope("/resource?account=1&id=i-1"), "/resource?account=1&id=i-1");
        assert_eq!(without_scope("/"), "/");
    }
}
