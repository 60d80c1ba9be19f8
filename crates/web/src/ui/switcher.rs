//! What is looked at, in the head of every page: one account, environment or team, and what a page does with it.

use maud::{Markup, html};

use trimtab_model::environment::Environment;
use trimtab_render::locale::Locale;
use trimtab_render::sanitise;

use super::navigation::{Follows, Tab};
use crate::query::Query;
use crate::reader::Reader;
use crate::scope::Scope;
use crate::shared::Shared;
use crate::view::{Choices, alias};

/// Choices that a list has room for; of more, the name is written.
const MOST: usize = 300;

/// Returns the button that opens the choice, and the choice.
pub(super) fn switcher(shared: &Shared, reader: &Reader) -> Markup {
    let scope = &reader.scope;
    let known = shared.known_choices();
    let known = known.as_deref();
    let class = if scope.is_everything() { "button small" } else { "button small chosen" };
    html! {
        details class="popover" {
            summary class=(class) {
                span class="label" { (reader.text("web-scope")) } " " (said(shared, reader, scope))
            }
            form method="get" action="/preferences" class="stacked" data-here="back" {
                input type="hidden" name="scope" value="chosen";
                input type="hidden" name="back" value=(reader.address());
                (account(shared, reader, known))
                (environment(reader, known))
                (team(reader, known))
                div class="buttons" {
                    button type="submit" class="button primary small" { (reader.text("web-table-apply")) }
                    @if !scope.is_everything() {
                        button type="submit" class="button small" name="scope-clear" value="yes" { (reader.text("web-scope-clear")) }
                    }
                }
                p class="about" { (reader.text("web-scope-about")) }
            }
        }
    }
}

/// Says what is looked at in a few words.
fn said(shared: &Shared, reader: &Reader, scope: &Scope) -> String {
    let account =
        scope.account.as_deref().map(|id| alias(&shared.settings, id).unwrap_or(id).to_owned());
    let environment = scope.environment.map(|one| environment_word(one, reader.locale()));
    let parts = [account, environment, scope.team.clone()].into_iter().flatten();
    let said = parts.map(|part| sanitise(&part)).collect::<Vec<_>>().join(" · ");
    if said.is_empty() { reader.text("web-scope-everything") } else { said }
}

fn environment_word(environment: Environment, locale: Locale) -> String {
    match environment {
        Environment::Dev | Environment::Staging | Environment::Prod => {
            environment.as_str().to_owned()
        }
        Environment::Unknown => locale.text("environment-unknown"),
    }
}

fn account(shared: &Shared, reader: &Reader, known: Option<&Choices>) -> Markup {
    let named = |id: &str, alias: Option<&str>| match alias {
        Some(alias) => format!("{} ({id})", sanitise(alias)),
        None => sanitise(id),
    };
    let options: Vec<(String, String)> = match known {
        Some(known) => {
            let all = known.accounts.iter();
            all.map(|one| (one.id.clone(), named(&one.id, one.alias.as_deref()))).collect()
        }
        None => Vec::new(),
    };
    let chosen = reader.scope.account.as_deref();
    let word = chosen.map(|id| named(id, alias(&shared.settings, id)));
    let all = reader.text("web-scope-accounts");
    field(("account", &reader.text("column-account")), &all, &options, chosen.zip(word))
}

fn environment(reader: &Reader, known: Option<&Choices>) -> Markup {
    let word = |one: Environment| environment_word(one, reader.locale());
    // There are four at most, whether anybody has looked for them or not.
    let is_there = |one: &Environment| known.is_none_or(|known| known.environments.contains(one));
    let options: Vec<(String, String)> = Environment::ALL
        .iter()
        .filter(|one| is_there(one))
        .map(|one| (one.as_str().to_owned(), word(*one)))
        .collect();
    let chosen = reader.scope.environment.map(|one| (one.as_str(), word(one)));
    let all = reader.text("environments-all");
    field(("environment", &reader.text("column-environment")), &all, &options, chosen)
}

fn team(reader: &Reader, known: Option<&Choices>) -> Markup {
    let options: Vec<(String, String)> = match known {
        Some(known) => known.teams.iter().map(|team| (team.clone(), sanitise(team))).collect(),
        None => Vec::new(),
    };
    let chosen = reader.scope.team.as_deref();
    // Spellings that differ in case are one team.
    let lower = chosen.map(str::to_lowercase);
    let known = options.iter().find(|(team, _)| Some(team.to_lowercase()) == lower);
    let chosen = match known {
        Some((team, word)) => Some((team.as_str(), word.clone())),
        None => chosen.map(|team| (team, sanitise(team))),
    };
    let all = reader.text("web-scope-teams");
    field(("team", &reader.text("web-by-team")), &all, &options, chosen)
}

/// Returns a list to choose from, or a field to write into where there are too many, or nobody has looked yet.
fn field(
    (name, label): (&str, &str),
    all: &str,
    options: &[(String, String)],
    chosen: Option<(&str, String)>,
) -> Markup {
    let value = chosen.as_ref().map(|(value, _)| *value);
    let is_list = !options.is_empty() && options.len() <= MOST;
    let is_known = options.iter().any(|(option, _)| Some(option.as_str()) == value);
    html! {
        label {
            (label)
            @if is_list {
                select name=(name) autocomplete="off" {
                    option value="" { (all) }
                    @for (option, word) in options {
                        option value=(option) selected[Some(option.as_str()) == value] { (word) }
                    }
                    @if let Some((value, word)) = chosen.filter(|_| !is_known) {
                        option value=(value) selected { (word) }
                    }
                }
            } @else {
                input type="text" name=(name) value=[value] placeholder=(all) maxlength="256" autocomplete="off" spellcheck="false";
            }
        }
    }
}

/// Says below the title what is looked at, or that the page does not follow it: nobody is to take a whole for a part,
/// or a part for the whole.
pub(super) fn scope_line(shared: &Shared, reader: &Reader, tab: Tab) -> Markup {
    // A page of one thing shows that, whatever is looked at.
    let is_of_one = reader.path != tab.path() && reader.path != "/reports/archive";
    if is_of_one || tab == Tab::Find {
        return html! {};
    }
    html! { div id="scope" { (line(shared, reader, tab)) } }
}

fn line(shared: &Shared, reader: &Reader, tab: Tab) -> Markup {
    let scope = &reader.scope;
    if scope.is_everything() {
        return html! {};
    }
    let said = said(shared, reader, scope);
    let everything = Query::default()
        .with("scope", Some("chosen"))
        .with("back", Some(&reader.address()))
        .on("/preferences");
    let (key, more) = match tab.narrowing() {
        Follows::Wholly => ("web-scope-narrowed", None),
        Follows::Mostly(key) => ("web-scope-narrowed", Some(reader.text(key))),
        Follows::Not => ("web-scope-not", None),
    };
    html! {
        p class="scope-line" {
            (reader.text_with(key, &[("scope", &said)]))
            @if let Some(more) = &more { " " (more) }
            " "
            a href=(everything) data-here="back" { (reader.text("web-scope-clear")) }
            @if Tab::follows(&reader.path) {
                " · " a href=(reader.permalink()) { (reader.text("web-scope-link")) }
            }
        }
    }
}
