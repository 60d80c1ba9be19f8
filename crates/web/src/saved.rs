//! Views that people save: which names and addresses can be, and what is kept of them.

use trimtab_app::failure::{Failure, Kind};
use trimtab_app::pipeline::now;
use trimtab_model::explain::Explain;
use trimtab_render::sanitise;
use trimtab_store::state::{SavedView, ViewError};

use crate::query::Query;
use crate::scope::{Scope, is_said};
use crate::shared::Shared;
use crate::ui::Tab;

/// Characters of a name at most.
pub(crate) const LONGEST_NAME: usize = 80;
/// Characters of an address at most: one with every filter has some hundred.
const LONGEST_ADDRESS: usize = 2_000;

/// Pages of one thing each: what stands behind the last slash is what they show.
const OF_ONE: [&str; 5] = ["/recommendations/", "/plans/", "/runs/", "/anomalies/", "/reports/"];
/// The page of a resource, which its parameters name.
const RESOURCE: &str = "/resource";

/// Parameters that are of one look at a page, or of a reader.
const PASSING: [&str; 5] = ["cursor", "format", "lang", "currency", "part"];

/// Saves an address under a name. An address that follows what is looked at and does not say it gets `scope`: the view
/// shows the same to everybody.
///
/// # Errors
/// Fails on a name or an address that cannot be, where another view has the name, and if it cannot be written.
pub(crate) fn save(
    shared: &Shared,
    name: &str,
    address: &str,
    scope: &Scope,
) -> Result<SavedView, Failure> {
    let (name, address) = (named(name)?, own(address, scope)?);
    shared.state().save_view(&name, &address, now()).map_err(|cause| refused(&cause))
}

/// Gives a view another name; none where there is no such view.
///
/// # Errors
/// Fails on a name that cannot be, where another view has it, and if it cannot be written.
pub(crate) fn rename(shared: &Shared, id: &str, name: &str) -> Result<Option<SavedView>, Failure> {
    match shared.state().rename_view(id, &named(name)?) {
        Ok(view) => Ok(Some(view)),
        Err(ViewError::Unknown) => Ok(None),
        Err(cause) => Err(refused(&cause)),
    }
}

/// Deletes a view; none where there is no such view.
///
/// # Errors
/// Fails if it cannot be written.
pub(crate) fn delete(shared: &Shared, id: &str) -> Result<Option<SavedView>, Failure> {
    shared.state().delete_view(id).map_err(|cause| Failure::from_error(Kind::Failed, &cause))
}

/// Returns the views, by name.
///
/// # Errors
/// Fails if they cannot be read.
pub(crate) fn all(shared: &Shared) -> Result<Vec<SavedView>, Failure> {
    shared.state().views().map_err(|cause| Failure::from_error(Kind::Failed, &cause))
}

/// Returns the page that an address leads to; none where it leads to one of a single thing.
pub(crate) fn page_of(address: &str) -> Option<Tab> {
    let path = address.split_once('?').map_or(address, |(path, _)| path);
    Tab::ALL.into_iter().find(|tab| tab.path() == path)
}

fn refused(cause: &ViewError) -> Failure {
    let hint = match cause {
        ViewError::Taken(_) => ("choose another name", "다른 이름을 쓰세요"),
        ViewError::Full => {
            ("delete one that nobody needs on /views", "/views에서 쓰지 않는 보기를 삭제하세요")
        }
        ViewError::Unknown => ("reload the list of views", "보기 목록을 새로 여세요"),
        ViewError::State(_) => return Failure::from_error(Kind::Failed, cause),
    };
    let text = cause.text();
    Failure::usage((text.en, text.ko), hint)
}

/// Returns a name as it is kept.
fn named(name: &str) -> Result<String, Failure> {
    let name = name.trim();
    let is_good = !name.is_empty()
        && name.chars().count() <= LONGEST_NAME
        // What is shown is what is kept: no letter that hides others.
        && sanitise(name) == name
        && !name.chars().any(char::is_control);
    if is_good {
        return Ok(name.to_owned());
    }
    Err(Failure::usage(
        ("this is no name of a view", "보기의 이름으로 쓸 수 없습니다"),
        (
            format!("write 1 to {LONGEST_NAME} characters in one line"),
            format!("한 줄로 1자 이상 {LONGEST_NAME}자 이내로 쓰세요"),
        ),
    ))
}

/// Returns the address of one of our pages, as we write it ourselves.
fn own(address: &str, scope: &Scope) -> Result<String, Failure> {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let query = query.split_once('#').map_or(query, |(query, _)| query);
    if address.len() > LONGEST_ADDRESS || !is_page(path) {
        return Err(foreign());
    }
    let query = Query::of(query);
    let query = PASSING.iter().fold(query, |query, key| query.with(key, None));
    let follows = Tab::follows(path);
    if follows {
        // What cannot be looked at would never open.
        Scope::of(&query)?;
    }
    let query = if follows && !is_said(&query) { scope.said_by(&query) } else { query };
    let address = query.on(path);
    if address.len() > LONGEST_ADDRESS { Err(foreign()) } else { Ok(address) }
}

/// Returns whether there can be a page of ours at a path.
pub(crate) fn is_page(path: &str) -> bool {
    let is_plain = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    path == RESOURCE
        || Tab::ALL.iter().any(|tab| tab.path() == path)
        || OF_ONE.iter().any(|start| path.strip_prefix(start).is_some_and(is_plain))
}

fn foreign() -> Failure {
    Failure::usage(
        ("this is not the address of a page here", "이 대시보드 페이지의 주소가 아닙니다"),
        (
            format!(
                "give it from its slash on, such as /cost?group_by=team, in {LONGEST_ADDRESS} characters at most"
            ),
            format!("/cost?group_by=team과 같이 슬래시부터 {LONGEST_ADDRESS}자 이내로 쓰세요"),
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(address: &str) -> Option<String> {
        own(address, &Scope::default()).ok()
    }

    #[test]
    fn an_address_is_one_of_ours_and_nothing_else() {
        assert_eq!(kept("/coverage").as_deref(), Some("/coverage"));
        assert_eq!(kept("/runs/RUN-49c5").as_deref(), Some("/runs/RUN-49c5"));
        assert_eq!(kept("/savings?sort=id&cursor=50#x").as_deref(), Some("/savings?sort=id"));
        for foreign in [
            "",
            "cost",
            "//evil.example/cost",
            "https://evil.example/cost",
            "javascript:alert(1)",
            "/\\evil.example",
            "/cost/../login",
            "/login?token=1",
            "/preferences?back=/",
            "/api/v1/costs",
            "/plans/",
            "/plans/P-1/approve",
            "/cost\n",
            "/cost%2F",
            " /cost",
        ] {
            assert_eq!(kept(foreign), None, "{foreign:?}");
        }
        assert_eq!(kept(&format!("/savings?f.id={}", "a".repeat(LONGEST_ADDRESS))), None);
        // What it asks for is text, whatever it is.
        let hostile = kept("/savings?f.id=<script>&x=%0d%0aSet-Cookie:a").unwrap();
        assert!(!hostile.contains(['<', '\r', '\n', ':']), "{hostile}");
    }

    #[test]
    fn a_view_says_what_is_looked_at() {
        assert_eq!(kept("/cost?group_by=team").as_deref(), Some("/cost?group_by=team&account=*"));
        let scope = Scope { team: Some("live".into()), ..Scope::default() };
        let of = |address: &str| own(address, &scope).ok();
        assert_eq!(of("/cost").as_deref(), Some("/cost?team=live"));
        assert_eq!(of("/cost?account=1").as_deref(), Some("/cost?account=1"));
        assert_eq!(of("/budgets").as_deref(), Some("/budgets"));
        assert_eq!(of("/cost?environment=live"), None);
    }

    #[test]
    fn a_name_is_short_and_shows_all_of_itself() {
        assert_eq!(named("  게임 서버 ").ok().as_deref(), Some("게임 서버"));
        let long = "가".repeat(LONGEST_NAME + 1);
        for wrong in ["", "  ", "a\nb", "a\u{202E}b", long.as_str()] {
            assert!(named(wrong).is_err(), "{wrong:?}");
        }
    }
}
