//! What is seen of a group and of the refresh that leads where a change wants it.

use jiff::{SignedDuration, Timestamp};

use trimtab_model::action::{Action, InstanceRefresh};
use trimtab_model::observed::{GroupObserved, Observed, RefreshObserved};
use trimtab_model::text::Reason;

use crate::sequence::Work;

/// How far the clock of AWS may be from ours: beyond it, nothing is begun at all.
const SKEW: SignedDuration = SignedDuration::from_secs(120);
/// Words for a refresh that is over and left the group with one version or several.
const OVER: &[&str] = &["Successful", "Failed", "Cancelled", "RollbackSuccessful"];

/// A group and the change of it.
#[derive(Clone, Copy)]
pub(super) struct Sight<'a> {
    pub(super) now: &'a GroupObserved,
    pub(super) plan: &'a InstanceRefresh,
}

/// How far a refresh is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// It goes on, or waits at a checkpoint. A word that this version does not know is no end.
    UnderWay,
    /// Every instance is of its version.
    Successful,
    /// It ended by itself and goes, or went, back.
    RollingBack,
    /// It is as it was.
    RolledBack,
    /// The way back failed.
    RollbackFailed,
    /// It ended without a way back.
    Failed,
    /// Somebody ends it.
    Cancelling,
    /// Somebody ended it.
    Cancelled,
}

impl<'a> Sight<'a> {
    /// Returns it; nothing where the group is gone.
    pub(super) fn of(work: &Work<'a>) -> Option<Self> {
        match (work.now_is, &work.change.action) {
            (Observed::Group(now), Action::RefreshInstances(plan)) => Some(Self { now, plan }),
            _ => None,
        }
    }

    /// Returns the version that the change leads to, where there is one already.
    pub(super) fn version(&self, work: &Work<'a>) -> Option<&'a str> {
        if let Some(version) = &self.plan.to_version {
            return Some(version);
        }
        let own = self.now.versions.iter().filter(|one| one.change == work.change.id);
        // A token that AWS forgot makes a second one: the first counts.
        own.min_by_key(|one| one.number.parse::<u64>().unwrap_or(u64::MAX))
            .map(|one| one.number.as_str())
    }

    /// Returns the latest refresh if it leads to a version and was begun since a moment, or is
    /// still to begin.
    pub(super) fn refresh_to(
        &self,
        version: &str,
        since: Timestamp,
    ) -> Option<&'a RefreshObserved> {
        let latest = self.now.refresh.as_ref()?;
        let since = since.saturating_sub(SKEW).unwrap_or(since);
        // One that is pending was asked for, and has no start yet.
        let is_recent = latest.started_at.map_or(!is_over(latest), |at| at >= since);
        (is_recent && latest.version.as_deref() == Some(version)).then_some(latest)
    }

    /// Returns whether a refresh goes on, whoever began it.
    pub(super) fn is_refreshing(&self) -> bool {
        self.now.refresh.as_ref().is_some_and(|one| !is_over(one))
    }

    /// Returns whether the group launches from a version, and all that serves came from it.
    pub(super) fn is_on(&self, version: &str) -> bool {
        self.launches_from(version) && self.now.launched_from.keys().all(|one| one == version)
    }

    /// Returns whether the group launches from a version.
    pub(super) fn launches_from(&self, version: &str) -> bool {
        self.now.version.as_deref() == Some(version)
    }

    /// Returns whether as many serve as the group wants.
    pub(super) fn serves(&self) -> bool {
        self.now.in_service >= self.now.sizes.desired_capacity
    }
}

fn is_over(one: &RefreshObserved) -> bool {
    OVER.contains(&one.status.as_str()) || one.status == "RollbackFailed"
}

/// Returns how far a refresh is.
pub(super) fn stage(refresh: &RefreshObserved) -> Stage {
    match refresh.status.as_str() {
        "Successful" => Stage::Successful,
        "RollbackInProgress" => Stage::RollingBack,
        "RollbackSuccessful" => Stage::RolledBack,
        "RollbackFailed" => Stage::RollbackFailed,
        "Failed" => Stage::Failed,
        "Cancelling" => Stage::Cancelling,
        "Cancelled" => Stage::Cancelled,
        _ => Stage::UnderWay,
    }
}

/// Says why a refresh ended, in AWS's words.
pub(super) fn ended(refresh: &RefreshObserved) -> Reason {
    let (status, why) = (&refresh.status, refresh.reason.as_deref().unwrap_or("-"));
    Reason::new(
        "refresh-failed",
        format!("The refresh of its instances came to {status}: {why}"),
        format!("인스턴스 새로 고침 상태: {status}. 사유: {why}"),
    )
}

/// Says that somebody else works on the group.
pub(super) fn foreign(now: &GroupObserved) -> Reason {
    let version = now.version.as_deref().unwrap_or("-");
    let refresh = now.refresh.as_ref().map_or("-", |one| one.status.as_str());
    Reason::new(
        "template-changed-by-others",
        format!(
            "Somebody else works on the group: it launches from version {version}, and its latest refresh is {refresh}."
        ),
        format!(
            "다른 사람이 그룹을 변경하고 있습니다. 현재 시작 템플릿 버전: {version}, 최근 새로 고침 상태: {refresh}."
        ),
    )
}
