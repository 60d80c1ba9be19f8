//! Who reads: in which language, currency and theme.

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header;
use axum::http::request::Parts;
use std::convert::Infallible;
use std::sync::Arc;

use trimtab_model::money::Currency;
use trimtab_model::text::Language;
use trimtab_render::locale::Locale;
use trimtab_render::style::Style;

use crate::cookie;
use crate::query::Query;
use crate::shared::Shared;

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Theme {
    /// As the system says.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// Reads the word of a cookie.
    pub(crate) fn of(word: &str) -> Self {
        match word {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }

    /// Returns the word.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// How a reader wants things shown, and what it asked for.
#[derive(Debug, Clone)]
pub(crate) struct Reader {
    /// Language, currency and zone.
    pub(crate) style: Style,
    /// Light or dark.
    pub(crate) theme: Theme,
    /// The path of the request.
    pub(crate) path: String,
    /// What is behind its question mark, without what chooses the reader.
    pub(crate) query: Query,
}

impl Reader {
    fn of(shared: &Shared, headers: &HeaderMap, path: &str, query: &str) -> Self {
        let query = Query::of(query);
        let asked = |parameter, name| query.get(parameter).or_else(|| cookie::get(headers, name));
        let settings = &shared.settings;
        let language = language(shared, headers, query.get("lang"));
        // The currency of the configuration, the bill's own, or one that a rate leads to.
        let currency = match asked("currency", cookie::CURRENCY) {
            Some(code) => code.parse::<Currency>().ok(),
            None => settings.currency.or_else(|| won(shared, language)),
        };
        let style = Style { language, currency, ..settings.style() };
        let theme = Theme::of(cookie::get(headers, cookie::THEME).unwrap_or_default());
        let query = query.with("lang", None).with("currency", None);
        Self { style, theme, path: path.to_owned(), query }
    }

    /// Returns the texts of the language.
    pub(crate) fn locale(&self) -> Locale {
        self.style.locale()
    }

    /// Returns a text of the language.
    pub(crate) fn text(&self, key: &str) -> String {
        self.locale().text(key)
    }

    /// Returns a text of the language with its placeholders filled.
    pub(crate) fn text_with(&self, key: &str, arguments: &[(&str, &str)]) -> String {
        self.locale().text_with(key, arguments)
    }

    /// Returns the address of the page that is read.
    pub(crate) fn address(&self) -> String {
        self.query.on(&self.path)
    }
}

/// Returns the language that was asked for, was chosen, that the browser prefers, or that is configured.
pub(crate) fn language(shared: &Shared, headers: &HeaderMap, asked: Option<&str>) -> Language {
    match asked.or_else(|| cookie::get(headers, cookie::LANGUAGE)) {
        Some("ko") => Language::Ko,
        Some("en") => Language::En,
        _ => accepted(headers).unwrap_or(shared.settings.language),
    }
}

/// Returns won for whoever reads Korean, where a rate leads there and nobody said otherwise.
fn won(shared: &Shared, language: Language) -> Option<Currency> {
    let rates = &shared.settings.exchange_rates;
    let leads = rates.iter().any(|rate| rate.from == Currency::KRW || rate.to == Currency::KRW);
    (language == Language::Ko && leads).then_some(Currency::KRW)
}

/// Returns the first language of a browser that is one of ours.
fn accepted(headers: &HeaderMap) -> Option<Language> {
    let wanted = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    wanted.split(',').find_map(|one| {
        let tag = one.split(';').next()?.trim().to_lowercase();
        if tag.starts_with("ko") {
            Some(Language::Ko)
        } else if tag.starts_with("en") {
            Some(Language::En)
        } else {
            None
        }
    })
}

impl FromRequestParts<Arc<Shared>> for Reader {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        shared: &Arc<Shared>,
    ) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self::of(shared, &parts.headers, parts.uri.path(), query))
    }
}
