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
use crate::scope::{self, Scope};
use crate::shared::Shared;
use crate::ui::Tab;

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
    /// What is behind its question mark, without what chooses the reader. On a page that follows what is looked at,
    /// it says that, whether the address did or not: what leads on from there keeps it.
    pub(crate) query: Query,
    /// What is looked at: as the address says, else as was chosen.
    pub(crate) scope: Scope,
    /// What was chosen for every page.
    pub(crate) chosen: Scope,
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
        let query = scope::by_number(&query, settings);
        // The API knows addresses only.
        let chosen =
            if path.starts_with("/api/") { Scope::default() } else { Scope::kept(headers) };
        let (scope, query) = match (Tab::follows(path), scope::is_said(&query)) {
            // What cannot be looked at is refused by whatever answers.
            (true, true) => (Scope::of(&query).unwrap_or_default(), query),
            (true, false) => (chosen.clone(), chosen.onto(&query)),
            (false, _) => (chosen.clone(), query),
        };
        Self { style, theme, path: path.to_owned(), query, scope, chosen }
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

    /// Returns the address that shows the same to everybody, whatever they have chosen.
    pub(crate) fn permalink(&self) -> String {
        if Tab::follows(&self.path) && !scope::is_said(&self.query) {
            return self.scope.said_by(&self.query).on(&self.path);
        }
        self.address()
    }

    /// Returns the parameters of an address that looks at the same.
    pub(crate) fn same_scope(&self) -> Query {
        scope::KEYS.iter().fold(Query::default(), |query, key| query.with(key, self.query.get(key)))
    }

    /// Returns the query without a parameter that narrows: one that was chosen for every page would come back, so
    /// that everything is asked for in its place.
    pub(crate) fn without(&self, key: &str) -> Query {
        let query = self.query.with(key, None);
        if scope::is_said(&query) || self.chosen.is_everything() || !scope::KEYS.contains(&key) {
            return query;
        }
        query.with("account", Some(scope::EVERYTHING))
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
