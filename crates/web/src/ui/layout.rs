//! The frame of every page.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use trimtab_model::money::Currency;
use trimtab_model::text::Language;

use super::navigation::Tab;
use super::palette::{find_link, palette};
use super::switcher::{scope_line, switcher};
use super::view_menu::view_menu;
use crate::asset;
use crate::command;
use crate::query::Query;
use crate::reader::{Reader, Theme};
use crate::shared::Shared;
use crate::view::{Age, age, undelivered};

/// A page in its frame.
pub(crate) struct Page<'a> {
    /// Where it stands in the navigation.
    pub(crate) tab: Tab,
    /// Its title.
    pub(crate) title: &'a str,
    /// What stands beside the title: of when the data is, at which rate.
    pub(crate) about: Option<String>,
    /// What leads back, above the title.
    pub(crate) trail: Option<(&'a str, &'a str)>,
    /// What can be done, at the right of the title.
    pub(crate) actions: Markup,
    /// The rest.
    pub(crate) body: Markup,
}

impl Page<'_> {
    /// Makes a page of a tab, with nothing but its title.
    pub(crate) fn of(tab: Tab, title: &str, body: Markup) -> Page<'_> {
        Page { tab, title, about: None, trail: None, actions: html! {}, body }
    }
}

/// Puts a page into its frame.
pub(crate) fn page(shared: &Shared, reader: &Reader, page: &Page<'_>) -> Markup {
    let written = written(shared, reader, page);
    match &shared.options.named_data_dir {
        Some(dir) => PreEscaped(command::named(written.into_string(), dir)),
        None => written,
    }
}

fn written(shared: &Shared, reader: &Reader, page: &Page<'_>) -> Markup {
    let language = reader.style.language.code();
    // What cannot be read is said by the page itself.
    let age = age(shared).unwrap_or_default();
    let undelivered = undelivered(shared).unwrap_or_default();
    let scheme = (reader.theme != Theme::System).then(|| reader.theme.as_str());
    html! {
        (DOCTYPE)
        html lang=(language) data-theme=[scheme] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                // What it fetches stays here, and it evaluates nothing.
                meta name="htmx-config" content=r#"{"includeIndicatorCSS":false,"mode":"same-origin","defaultTimeout":20000}"#;
                title { (page.title) " · trimtab" }
                link rel="icon" href=(asset::ICON.address()) type="image/svg+xml";
                link rel="stylesheet" href=(asset::STYLE.address());
                link rel="stylesheet" href=(asset::CHART_STYLE.address());
                script src=(asset::HTMX.address()) defer {}
                script src=(asset::SCRIPT.address()) defer {}
            }
            body {
                a class="skip" href="#main" { (reader.text("web-skip")) }
                (navigation(reader, page.tab))
                main id="main" tabindex="-1" {
                    div class="bar" {
                        div class="bar-start" {
                            (switcher(shared, reader))
                            (view_menu(shared, reader, page.tab))
                        }
                        div class="bar-end" {
                            (find_link(reader))
                            (preferences(reader))
                        }
                    }
                    @if shared.options.is_demo {
                        p class="ribbon" { (reader.text("web-demo-ribbon")) }
                    }
                    header class="head" {
                        div class="head-title" {
                            @if let Some((name, path)) = page.trail {
                                p class="trail" { a href=(path) { (name) } }
                            }
                            h1 { (page.title) }
                            @if let Some(about) = &page.about {
                                p class="about" { (about) }
                            }
                            (old(reader, age, undelivered))
                        }
                        div class="head-actions" { (page.actions) }
                    }
                    (scope_line(shared, reader, page.tab))
                    (page.body)
                    (footer(reader))
                }
                (palette(reader))
            }
        }
    }
}

/// Says what of the page is old, for figures that nobody updates are not to be acted on, and how many reports did not
/// arrive.
fn old(reader: &Reader, age: Age, undelivered: u64) -> Markup {
    html! {
        @if age.bill.is_some() || age.analysis.is_some() || undelivered > 0 {
            p class="old" {
                @if let Some((day, count)) = age.bill {
                    a class="badge danger" href="/coverage" {
                        (reader.text_with("web-old-bill", &[("day", &day.to_string()), ("count", &count.to_string())]))
                    }
                }
                " "
                @if let Some(count) = age.analysis {
                    a class="badge danger" href="/coverage" {
                        (reader.text_with("web-old-analysis", &[("count", &count.to_string())]))
                    }
                }
                " "
                @if undelivered > 0 {
                    a class="badge danger" href="/reports/archive" {
                        (reader.text_with("web-undelivered", &[("count", &undelivered.to_string())]))
                    }
                }
            }
        }
    }
}

fn navigation(reader: &Reader, current: Tab) -> Markup {
    html! {
        nav class="side" aria-label=(reader.text("web-navigation")) {
            a class="brand" href="/" { "trimtab" }
            ul {
                @for tab in Tab::ALL {
                    @if tab.begins_setup() {
                        li class="side-heading" aria-hidden="true" { (reader.text("web-setup")) }
                    }
                    li {
                        a href=(tab.path()) aria-current=[(tab == current).then_some("page")] {
                            (reader.text(tab.key()))
                        }
                    }
                }
            }
        }
    }
}

/// The choices of a reader: currency, language, light or dark. Each is a link, so that none needs
/// a script.
fn preferences(reader: &Reader) -> Markup {
    let back = reader.address();
    let to = |key: &str, value: &str| {
        let query = Query::default().with(key, Some(value)).with("back", Some(&back));
        query.on("/preferences")
    };
    let (other, name, tag) = match reader.style.language {
        Language::Ko => ("en", "English", "en"),
        Language::En => ("ko", "한국어", "ko"),
    };
    let currencies = currencies(reader);
    let shown = reader.style.currency;
    let (theme, theme_key) = match reader.theme {
        Theme::Dark => ("light", "web-theme-light"),
        Theme::Light | Theme::System => ("dark", "web-theme-dark"),
    };
    html! {
        div class="preferences" {
            @if currencies.len() > 1 {
                div class="choice" role="group" aria-label=(reader.text("web-currency")) {
                    @for currency in &currencies {
                        a href=(to("currency", currency.code())) data-here="back"
                            aria-current=[(shown == Some(*currency)).then_some("true")] {
                            (currency.code())
                        }
                    }
                }
            }
            a class="button small" href=(to("lang", other)) data-here="back" lang=(tag) hreflang=(tag) { (name) }
            a class="button small" href=(to("theme", theme)) data-here="back" { (reader.text(theme_key)) }
        }
    }
}

/// Returns the currencies that a rate of the configuration leads to or from.
fn currencies(reader: &Reader) -> Vec<Currency> {
    let mut all: Vec<Currency> =
        reader.style.rates.iter().flat_map(|rate| [rate.to, rate.from]).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Says at which rate amounts are shown, at the foot of every page.
fn footer(reader: &Reader) -> Markup {
    let lines: Vec<String> =
        reader.style.rate_lines(reader.style.rates.iter().flat_map(|rate| [rate.from, rate.to]));
    html! {
        footer {
            @for line in &lines { p { (line) } }
            p { (reader.text("web-foot")) }
        }
    }
}
