//! What a reader looks at: one account, one environment, one team, or everything.
//!
//! It goes with the reader in a cookie. An address that names any of the three says all of it, so that whoever opens
//! it sees the same.

use axum::http::HeaderMap;

use trimtab_app::config::{AccountTable, Settings};
use trimtab_app::failure::Failure;
use trimtab_model::environment::Environment;
use trimtab_model::resource::ResourceRef;
use trimtab_store::cost::CostFilter;

use crate::cookie;
use crate::query::Query;
use crate::register::Register;
use crate::shared::Shared;

/// The parameters of an address.
pub(crate) const KEYS: [&str; 3] = ["account", "environment", "team"];
/// What stands in an address for everything.
pub(crate) const EVERYTHING: &str = "*";
/// Characters of a name at most: a value of a tag has 256.
const LONGEST: usize = 256;

/// What a reader looks at. What is not named is not narrowed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Scope {
    /// The account.
    pub(crate) account: Option<String>,
    /// The environment.
    pub(crate) environment: Option<Environment>,
    /// The team, in any case.
    pub(crate) team: Option<String>,
}

/// Returns the value of a parameter that narrows; none where everything is asked for.
pub(crate) fn wanted<'a>(query: &'a Query, key: &str) -> Option<&'a str> {
    query.get(key).map(str::trim).filter(|value| !value.is_empty() && *value != EVERYTHING)
}

/// Reads the account that an address asks for, where nothing but an account can be looked at.
///
/// # Errors
/// Fails on an environment or a team: the sum of all of them is not that of one.
pub(crate) fn account_alone(query: &Query) -> Result<Option<String>, Failure> {
    let scope = Scope::of(query)?;
    if scope.environment.is_none() && scope.team.is_none() {
        return Ok(scope.account);
    }
    Err(Failure::usage(
        (
            "this is not kept apart by environment or team",
            "환경이나 팀으로 좁힐 수 없는 데이터입니다",
        ),
        ("narrow it by account", "계정으로 좁히세요"),
    ))
}

/// Refuses an address that asks for a part of what is there as a whole only.
///
/// # Errors
/// Fails on an account, an environment and a team.
pub(crate) fn nothing_alone(query: &Query) -> Result<(), Failure> {
    if Scope::of(query)?.is_everything() {
        return Ok(());
    }
    Err(Failure::usage(
        (
            "this is not kept apart by account, environment or team",
            "계정, 환경, 팀으로 좁힐 수 없는 데이터입니다",
        ),
        ("ask for all of it", "좁히지 않고 요청하세요"),
    ))
}

/// Returns the parameters of an address with an account that it calls by its alias by its number.
pub(crate) fn by_number(query: &Query, settings: &Settings) -> Query {
    let asked = wanted(query, "account");
    let is_called = |one: &&AccountTable| asked.is_some() && one.alias.as_deref() == asked;
    match settings.accounts.iter().find(is_called) {
        Some(account) => query.with("account", Some(&account.id)),
        None => query.clone(),
    }
}

/// Returns whether an address says what is looked at.
pub(crate) fn is_said(query: &Query) -> bool {
    KEYS.iter().any(|key| query.get(key).is_some())
}

impl Scope {
    /// Reads what an address asks for.
    ///
    /// # Errors
    /// Fails on an environment that is none, and on a name that is far too long.
    pub(crate) fn of(query: &Query) -> Result<Self, Failure> {
        let name = |key| wanted(query, key).map(named).transpose();
        let environment = wanted(query, "environment").map(environment).transpose()?;
        Ok(Self { account: name("account")?, environment, team: name("team")? })
    }

    /// Reads what a reader chose; everything where the cookie says nothing, or nothing that can be.
    pub(crate) fn kept(headers: &HeaderMap) -> Self {
        let kept = cookie::get(headers, cookie::SCOPE).map(Query::of);
        kept.and_then(|query| Self::of(&query).ok()).unwrap_or_default()
    }

    /// Returns what the cookie holds.
    pub(crate) fn cookie(&self) -> String {
        self.onto(&Query::default()).on("").trim_start_matches('?').to_owned()
    }

    /// Returns whether nothing is narrowed.
    pub(crate) fn is_everything(&self) -> bool {
        *self == Self::default()
    }

    /// Returns one of its values by the name of its parameter.
    pub(crate) fn value(&self, key: &str) -> Option<&str> {
        match key {
            "account" => self.account.as_deref(),
            "environment" => self.environment.map(Environment::as_str),
            "team" => self.team.as_deref(),
            _ => None,
        }
    }

    /// Returns the parameters of an address with those of this one.
    pub(crate) fn onto(&self, query: &Query) -> Query {
        KEYS.iter().fold(query.clone(), |query, key| query.with(key, self.value(key)))
    }

    /// Returns the same, so that the address says it even where it is everything.
    pub(crate) fn said_by(&self, query: &Query) -> Query {
        let query = self.onto(query);
        if self.is_everything() { query.with("account", Some(EVERYTHING)) } else { query }
    }

    /// Returns what of it a column of the bill says.
    pub(crate) fn charges(&self) -> CostFilter {
        CostFilter { account: self.account.clone(), ..CostFilter::default() }
    }

    /// Returns what tells whether a resource is in it.
    ///
    /// # Errors
    /// Fails if the inventory cannot be read, which says the teams.
    pub(crate) fn sieve(&self, shared: &Shared) -> Result<Sieve, Failure> {
        let team = match &self.team {
            None => None,
            Some(team) => Some((team.to_lowercase(), shared.register()?)),
        };
        Ok(Sieve { account: self.account.clone(), environment: self.environment, team })
    }
}

/// What tells whether a resource is in what a reader looks at.
pub(crate) struct Sieve {
    account: Option<String>,
    environment: Option<Environment>,
    team: Option<(String, std::sync::Arc<Register>)>,
}

impl Sieve {
    /// Returns whether nobody can say if a resource is in it: it is gone, and its team with it.
    pub(crate) fn is_lost(&self, resource: &ResourceRef) -> bool {
        self.team.as_ref().is_some_and(|(_, register)| !register.has(resource))
    }

    /// Returns whether a resource is in it. One whose team is not known is in no team.
    pub(crate) fn keeps(&self, resource: &ResourceRef) -> bool {
        let is_account =
            self.account.as_deref().is_none_or(|account| account == resource.account.as_str());
        let is_environment = self.environment.is_none_or(|one| one == resource.environment);
        is_account
            && is_environment
            && self
                .team
                .as_ref()
                .is_none_or(|(team, register)| register.team(resource) == Some(team.as_str()))
    }
}

fn named(text: &str) -> Result<String, Failure> {
    let text = text.trim();
    if text.chars().count() <= LONGEST && !text.chars().any(char::is_control) {
        return Ok(text.to_owned());
    }
    Err(Failure::usage(
        ("this is no name of an account or a team", "계정이나 팀의 이름이 아닙니다"),
        (
            format!("give one line of {LONGEST} characters at most"),
            format!("{LONGEST}자 이내로 한 줄로 쓰세요"),
        ),
    ))
}

fn environment(word: &str) -> Result<Environment, Failure> {
    let known = Environment::ALL.iter().copied().find(|one| one.as_str() == word);
    known.ok_or_else(|| {
        Failure::usage(
            (
                format!("there is no environment `{word}`"),
                format!("그런 환경이 없습니다: `{word}`"),
            ),
            (
                "environment is one of dev, staging, prod, unknown",
                "environment에 쓸 수 있는 값: dev, staging, prod, unknown",
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderValue, header};

    use super::*;

    fn scope(text: &str) -> Scope {
        Scope::of(&Query::of(text)).unwrap()
    }

    #[test]
    fn what_an_address_says_is_kept_and_said_again() {
        let asked = scope("account=1&environment=prod&team=%EB%9D%BC%EC%9D%B4%EB%B8%8C&f.x=1");
        assert_eq!(asked.team.as_deref(), Some("라이브"));
        let mut headers = HeaderMap::new();
        let cookie = format!("{}={}", cookie::SCOPE, asked.cookie());
        headers.insert(header::COOKIE, HeaderValue::from_str(&cookie).unwrap());
        assert_eq!(Scope::kept(&headers), asked);
        assert_eq!(asked.onto(&Query::of("a=1&team=x")).get("team"), Some("라이브"));
    }

    #[test]
    fn everything_is_said_by_one_word_and_is_narrowed_by_nothing() {
        assert!(scope("").is_everything() && scope("account=*&team=*").is_everything());
        assert_eq!(Scope::default().said_by(&Query::of("a=1")).on("/x"), "/x?a=1&account=*");
        assert_eq!(scope("team=x").said_by(&Query::default()).on("/x"), "/x?team=x");
        assert!(is_said(&Query::of("account=*")) && !is_said(&Query::of("account=&f.team=1")));
    }

    #[test]
    fn what_cannot_be_is_refused_and_no_cookie_makes_a_page_fail() {
        let long = format!("team={}", "a".repeat(LONGEST + 1));
        for wrong in ["environment=live", "team=a%0Ab", long.as_str()] {
            assert!(Scope::of(&Query::of(wrong)).is_err(), "{wrong}");
        }
        let mut headers = HeaderMap::new();
        let cookie = HeaderValue::from_static("trimtab_scope=environment=live&account=1");
        headers.insert(header::COOKIE, cookie);
        assert!(Scope::kept(&headers).is_everything());
    }
}
