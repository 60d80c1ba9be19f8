//! What becomes of the function while it is watched.

use trimtab_model::observed::Observed;
use trimtab_model::text::Reason;

use super::alias::{self, Route};
use super::reasons::{foreign, foreign_alias, update_failed};
use super::setting::Setting;
use crate::sequence::{Watch, Work};

pub(super) fn watch(work: &Work<'_>) -> Watch {
    let (
        Observed::Function(now),
        Some(Observed::Function(after)),
        Observed::Function(before),
        Some(to),
    ) = (work.now_is, &work.progress.after, &work.progress.before, Setting::planned(work))
    else {
        return Watch::Undisturbed;
    };
    if !to.is_of(now) {
        return Watch::Hold(foreign(&to.of(now)));
    }
    if now.last_update_status == "Failed" && after.last_update_status != "Failed" {
        return Watch::Hold(update_failed());
    }
    let version = alias::published(work, now);
    for was in &before.aliases {
        let route = now.aliases.iter().find(|one| one.name == was.name).map(Route::of);
        let is_ours = |route: &Route| {
            version.is_some_and(|version| {
                *route == Route::canary(was, version) || *route == Route::full(version)
            })
        };
        if !route.as_ref().is_some_and(is_ours) {
            let found = route.map_or_else(|| "-".to_owned(), |route| route.version);
            return Watch::Hold(foreign_alias(&was.name, &found));
        }
    }
    if now.code_sha256 != after.code_sha256 && before.aliases.is_empty() {
        return Watch::Restart(Reason::new(
            "deployed",
            "New code was deployed while it was watched, and it is watched anew.",
            "지켜보는 동안 새 코드가 배포되어 처음부터 다시 지켜봅니다.",
        ));
    }
    Watch::Undisturbed
}
