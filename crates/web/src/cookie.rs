//! The cookies of a reader: who it is, and how it wants things shown.

use axum::http::{HeaderMap, header};

/// Holds the session of a reader who gave the token.
pub(crate) const SESSION: &str = "trimtab_session";
/// Holds the language.
pub(crate) const LANGUAGE: &str = "trimtab_lang";
/// Holds the currency.
pub(crate) const CURRENCY: &str = "trimtab_currency";
/// Holds what is looked at: an account, an environment, a team.
pub(crate) const SCOPE: &str = "trimtab_scope";
/// Holds light or dark.
pub(crate) const THEME: &str = "trimtab_theme";

/// Seconds for which a browser keeps a cookie: a year.
const AGE: u32 = 31_536_000;

/// Returns the value of a cookie.
pub(crate) fn get<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// Returns the header that sets a cookie. No script reads it, and no other site sends it along.
pub(crate) fn set(name: &str, value: &str) -> String {
    format!("{name}={value}; Path=/; Max-Age={AGE}; HttpOnly; SameSite=Strict")
}

/// Returns the header that has a browser forget a cookie.
pub(crate) fn forget(name: &str) -> String {
    format!("{name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict")
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; trimtab_lang=ko; b=2"));
        assert_eq!(get(&headers, LANGUAGE), Some("ko"));
        assert_eq!(get(&headers, THEME), None);
    }
}
