//! The aliases: which version they point to, and how much of the calls goes where.

use trimtab_model::call::Call;
use trimtab_model::observed::{AliasObserved, FunctionObserved};
use trimtab_model::text::Reason;

use super::reasons::{foreign_alias, not_taken};
use super::steps::{CANARY_PERCENT, MOST, POLL, PUBLISH, SETTLES, SWITCH};
use crate::sequence::decision::{call, wait};
use crate::sequence::{Decision, Work};

/// Where an alias points to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Route {
    pub(super) version: String,
    pub(super) canary: Option<(String, u8)>,
}

impl Route {
    /// Returns where an alias points to now.
    pub(super) fn of(alias: &AliasObserved) -> Self {
        Self { version: alias.version.clone(), canary: alias.canary.clone() }
    }

    /// Returns the way to a new version for a small share of the calls.
    pub(super) fn canary(before: &AliasObserved, version: &str) -> Self {
        let canary = Some((version.to_owned(), CANARY_PERCENT));
        Self { version: before.version.clone(), canary }
    }

    /// Returns the way to a version for all calls.
    pub(super) fn full(version: &str) -> Self {
        Self { version: version.to_owned(), canary: None }
    }
}

/// Returns why no alias may be moved to what `$LATEST` is.
pub(super) fn unfit(before: &FunctionObserved) -> Option<Reason> {
    before.aliases.iter().find_map(|alias| match (alias.is_latest, &alias.canary) {
        (Some(true), None) => None,
        (_, Some(_)) => Some(Reason::new(
            "alias-shared",
            format!("The alias {} shares its calls between two versions: a release is under way.", alias.name),
            format!("별칭 {}이(가) 두 버전에 호출을 나누고 있습니다. 배포가 진행 중입니다.", alias.name),
        )),
        (Some(false), None) => Some(Reason::new(
            "alias-on-other-code",
            format!("The alias {} points to other code or configuration than $LATEST: a version published of it would release what nobody released.", alias.name),
            format!("별칭 {}이(가) $LATEST와 다른 코드나 설정을 가리킵니다. 새 버전을 게시하면 릴리스하지 않은 내용이 배포됩니다.", alias.name),
        )),
        (None, None) => Some(Reason::new(
            "alias-code-unknown",
            format!("Whether the alias {} points to what $LATEST is could not be read (lambda:GetFunctionConfiguration).", alias.name),
            format!("별칭 {}이(가) $LATEST와 같은 내용을 가리키는지 읽지 못했습니다(lambda:GetFunctionConfiguration).", alias.name),
        )),
    })
}

/// Returns the version that was published for this change.
pub(super) fn published<'a>(work: &Work<'_>, now: &'a FunctionObserved) -> Option<&'a str> {
    let ours = now.versions.iter().rfind(|(_, change)| *change == work.change.id);
    ours.map(|(version, _)| version.as_str())
}

/// Publishes a version of what `$LATEST` is.
pub(super) fn publish(work: &Work<'_>, now: &FunctionObserved) -> Decision {
    let is_taken = work.last_refusal(PUBLISH).is_none();
    if is_taken && work.since(PUBLISH).is_some_and(|since| since < SETTLES) {
        return wait("version-listed", "the version to be listed", "버전이 조회되기", POLL);
    }
    if work.attempts(PUBLISH).count() >= MOST {
        return Decision::Abort(not_taken());
    }
    call(
        PUBLISH,
        Call::PublishVersion {
            function: work.change.resource.id.clone(),
            code_sha256: now.code_sha256.clone(),
            change: work.change.id.clone(),
        },
    )
}

/// Moves the first alias that is not where `to` says, if it is where `from` says.
pub(super) fn switch(
    work: &Work<'_>,
    now: &FunctionObserved,
    before: &FunctionObserved,
    may_leave: impl Fn(&Route, &AliasObserved) -> bool,
    to: impl Fn(&AliasObserved) -> Route,
) -> Result<Option<Decision>, Reason> {
    for was in &before.aliases {
        let Some(alias) = now.aliases.iter().find(|one| one.name == was.name) else {
            return Err(foreign_alias(&was.name, "-"));
        };
        let (is, wanted) = (Route::of(alias), to(was));
        if is == wanted {
            continue;
        }
        if !may_leave(&is, was) {
            return Err(foreign_alias(&alias.name, &alias.version));
        }
        let wanted = Call::UpdateAlias {
            function: work.change.resource.id.clone(),
            alias: alias.name.clone(),
            version: wanted.version,
            canary: wanted.canary,
            revision: alias.revision.clone(),
        };
        let same = |attempt: &&crate::progress::Attempt| attempt.call == wanted;
        let is_taken = work.last_refusal(SWITCH).is_none();
        if is_taken
            && work.since(SWITCH).is_some_and(|since| since < SETTLES)
            && work.attempts(SWITCH).next_back().as_ref().is_some_and(same)
        {
            let poll = POLL;
            return Ok(Some(wait("alias-seen", "the alias to be seen", "별칭이 반영되기", poll)));
        }
        if work.attempts(SWITCH).count() >= MOST * before.aliases.len() {
            return Err(not_taken());
        }
        return Ok(Some(call(SWITCH, wanted)));
    }
    Ok(None)
}
