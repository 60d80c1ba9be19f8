//! The way to the new setting, and all calls to it once all is well.

use trimtab_model::text::Reason;

use super::alias::{self, Route};
use super::latest::{update, updating};
use super::reasons::{drift, foreign, gone, update_failed};
use super::setting::Setting;
use super::steps::{MOVED_ON, UPDATE, both, manual};
use crate::progress::Phase;
use crate::sequence::{Decision, Work};

pub(super) fn forward(work: &Work<'_>) -> Decision {
    let (Some((now, before)), Some(to)) = (both(work), Setting::planned(work)) else {
        return Decision::Operator { reason: gone(), manual: manual(work) };
    };
    if let Some(decision) = updating(work, now) {
        return decision;
    }
    let is_asked = work.made(work.direction, UPDATE).next().is_some();
    if now.last_update_status == "Failed" {
        return Decision::Abort(update_failed());
    }
    if work.refusals(UPDATE, MOVED_ON) > 0 || (!is_asked && now.revision != before.revision) {
        return Decision::Abort(drift());
    }
    if !is_asked && !now.is_opted_in {
        return Decision::Abort(Reason::new(
            "not-opted-in",
            "The tag trimtab:apply=allowed is gone.",
            "trimtab:apply=allowed 태그가 없어졌습니다.",
        ));
    }
    if let Some(reason) = alias::unfit(before) {
        return Decision::Abort(reason);
    }
    if !to.is_of(now) {
        if !to.of(before).is_of(now) {
            return Decision::Operator { reason: foreign(&to.of(now)), manual: manual(work) };
        }
        return update(work, now, &to);
    }
    if before.aliases.is_empty() {
        return Decision::Done;
    }
    // What was written in between must not be released with it.
    if now.code_sha256 != before.code_sha256 {
        return Decision::Abort(drift());
    }
    let Some(version) = alias::published(work, now) else { return alias::publish(work, now) };
    let from_before = |is: &Route, was: &_| *is == Route::of(was);
    match alias::switch(work, now, before, from_before, |was| Route::canary(was, version)) {
        Ok(decision) => decision.unwrap_or(Decision::Done),
        Err(reason) => Decision::Operator { reason, manual: manual(work) },
    }
}

/// Sends all calls to the new version, once the gates have passed.
pub(super) fn release(work: &Work<'_>) -> Decision {
    let Some((now, before)) = both(work) else { return Decision::Done };
    let is_passed = matches!(work.progress.phase, Phase::Passed { .. });
    let (true, Some(version)) = (is_passed, alias::published(work, now)) else {
        return Decision::Done;
    };
    let from_canary = |is: &Route, was: &_| *is == Route::canary(was, version);
    match alias::switch(work, now, before, from_canary, |_| Route::full(version)) {
        Ok(None) => Decision::Done,
        Ok(Some(_)) if !work.is_window_open() => {
            let why = Reason::new(
                "window-closed",
                "It waits for the next change window.",
                "다음 변경 시간대를 기다립니다.",
            );
            let poll = work.until_window().unwrap_or(super::steps::DEADLINE);
            Decision::Wait { why, poll }
        }
        Ok(Some(decision)) => decision,
        Err(reason) => Decision::Hold(reason),
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use trimtab_model::action::Action;
    use trimtab_model::call::Call;
    use trimtab_model::journal::ChangeOutcome;
    use trimtab_model::observed::{AliasObserved, FunctionObserved, Observed};
    use trimtab_model::plan::Fingerprint;
    use trimtab_model::resource::ResourceKind;

    use super::*;
    use crate::sequence::Watch;
    use crate::sequence::trial::{Step, Trial};

    fn function(revision: &str, memory_mb: u32) -> FunctionObserved {
        FunctionObserved {
            fingerprint: Fingerprint::default(),
            obstacles: Vec::new(),
            revision: revision.to_owned(),
            code_sha256: "abc".to_owned(),
            last_update_status: "Successful".to_owned(),
            memory_mb,
            architecture: "x86_64".to_owned(),
            is_opted_in: true,
            versions: Vec::new(),
            aliases: Vec::new(),
        }
    }

    fn alias(version: &str, canary: Option<(&str, u8)>) -> AliasObserved {
        AliasObserved {
            name: "live".to_owned(),
            version: version.to_owned(),
            canary: canary.map(|(version, percent)| (version.to_owned(), percent)),
            revision: "a1".to_owned(),
            is_latest: Some(true),
        }
    }

    fn plain(revision: &str, memory_mb: u32) -> Observed {
        Observed::Function(function(revision, memory_mb))
    }

    fn with(memory_mb: u32, is_published: bool, alias: AliasObserved) -> Observed {
        let versions = match is_published {
            true => vec![("8".to_owned(), "C-0123456789ab".into())],
            false => Vec::new(),
        };
        let revision = if memory_mb == 1024 { "r1" } else { "r2" };
        let aliases = vec![alias];
        Observed::Function(FunctionObserved { versions, aliases, ..function(revision, memory_mb) })
    }

    fn trial() -> Trial {
        let action = Action::UpdateFunctionMemory { from_mb: 1024, to_mb: 512 };
        Trial::new(action, ResourceKind::Function, "match")
    }

    fn memory(memory_mb: u32, revision: &str) -> Call {
        let (function, revision) = ("match".into(), revision.to_owned());
        Call::UpdateFunctionMemory { function, memory_mb, revision }
    }

    fn route(version: &str, canary: Option<(&str, u8)>) -> Call {
        Call::UpdateAlias {
            function: "match".into(),
            alias: "live".to_owned(),
            version: version.to_owned(),
            canary: canary.map(|(version, percent)| (version.to_owned(), percent)),
            revision: "a1".to_owned(),
        }
    }

    #[test]
    fn a_function_without_an_alias_is_changed_where_it_stands() {
        let mut run = trial();
        assert_eq!(run.calls(&plain("r1", 1024)), memory(512, "r1"));
        run.waits(&plain("r1", 1024), "update-seen");
        let updating =
            FunctionObserved { last_update_status: "InProgress".to_owned(), ..function("r2", 512) };
        run.waits(&Observed::Function(updating), "updating");
        assert_eq!(run.step(&plain("r2", 512)), Step::Soaking);
        run.cancel();
        assert_eq!(run.calls(&plain("r2", 512)), memory(1024, "r2"));
        run.ends(&plain("r3", 1024), ChangeOutcome::Original, "cancelled");
    }

    #[test]
    fn an_alias_gets_a_tenth_then_all_then_is_switched_back() {
        let mut run = trial();
        assert_eq!(run.calls(&with(1024, false, alias("7", None))), memory(512, "r1"));
        let publish = Call::PublishVersion {
            function: "match".into(),
            code_sha256: "abc".to_owned(),
            change: "C-0123456789ab".into(),
        };
        assert_eq!(run.calls(&with(512, false, alias("7", None))), publish);
        run.waits(&with(512, false, alias("7", None)), "version-listed");
        let canary = Some(("8", 10));
        assert_eq!(run.calls(&with(512, true, alias("7", None))), route("7", canary));
        run.waits(&with(512, true, alias("7", None)), "alias-seen");
        let watched = with(512, true, alias("7", canary));
        assert_eq!(run.step(&watched), Step::Soaking);
        assert_eq!(run.watch(&watched), Watch::Undisturbed);
        let full = Decision::Call { step: "switch-alias", call: route("8", None) };
        assert_eq!(run.released(&watched), full);
        let all = with(512, true, alias("8", None));
        assert_eq!(run.released(&all), Decision::Done);
        assert_eq!(run.watch(&all), Watch::Undisturbed);
        run.cancel();
        assert_eq!(run.calls(&watched), route("7", None));
        assert_eq!(run.calls(&with(512, true, alias("7", None))), memory(1024, "r2"));
        let back = with(1024, true, alias("7", None));
        run.ends(&back, ChangeOutcome::Original, "cancelled");
    }

    #[test]
    fn e23_a_closed_calendar_holds_the_calls_that_are_left_for_the_new_version() {
        let mut run = trial().with(|one| one.soak = SignedDuration::ZERO);
        run.calls(&with(1024, false, alias("7", None)));
        run.calls(&with(512, false, alias("7", None)));
        // What is begun is brought to its end, the tenth of the calls among it.
        run.closed = Some("a holiday".to_owned());
        assert_eq!(run.calls(&with(512, true, alias("7", None))), route("7", Some(("8", 10))));
        let watched = with(512, true, alias("7", Some(("8", 10))));
        assert_eq!(run.step(&watched), Step::Soaking);
        run.waits(&watched, "calendar-closed");
        run.closed = None;
        assert_eq!(run.calls(&watched), route("8", None));
    }

    #[test]
    fn d45_a_function_that_moved_on_is_refused() {
        let mut run = trial();
        assert!(matches!(run.step(&plain("r1", 1024)), Step::Call(_)));
        run.refuse("PreconditionFailedException", "The RevisionId provided does not match");
        let code = "function-changed-by-others";
        run.ends(&plain("r9", 1024), ChangeOutcome::Refused, code);
    }

    #[test]
    fn d46_a_failed_update_is_restored_and_no_alias_moves() {
        let mut run = trial();
        run.calls(&with(1024, false, alias("7", None)));
        let failed = |memory_mb, revision| {
            let aliases = vec![alias("7", None)];
            let last_update_status = "Failed".to_owned();
            let function = function(revision, memory_mb);
            Observed::Function(FunctionObserved { last_update_status, aliases, ..function })
        };
        assert_eq!(run.calls(&failed(512, "r2")), memory(1024, "r2"));
        let restored = with(1024, false, alias("7", None));
        run.ends(&restored, ChangeOutcome::Original, "update-failed");
        let moved = run.journal.entries().iter().any(|entry| {
            matches!(&entry.event, trimtab_model::journal::Event::Intent { call, .. }
                if matches!(**call, Call::UpdateAlias { .. }))
        });
        assert!(!moved);
    }

    #[test]
    fn an_alias_on_other_code_is_never_moved() {
        for (is_latest, code) in
            [(Some(false), "alias-on-other-code"), (None, "alias-code-unknown")]
        {
            let alias = AliasObserved { is_latest, ..alias("7", None) };
            trial().ends(&with(1024, false, alias), ChangeOutcome::Refused, code);
        }
        let sharing = with(1024, false, alias("7", Some(("6", 50))));
        trial().ends(&sharing, ChangeOutcome::Refused, "alias-shared");
    }

    #[test]
    fn a_deployment_in_between_is_not_published() {
        let mut run = trial();
        run.calls(&with(1024, false, alias("7", None)));
        let deployed = FunctionObserved {
            code_sha256: "new".to_owned(),
            aliases: vec![alias("7", None)],
            ..function("r5", 512)
        };
        // Its owner's code stays, and only the memory goes back.
        assert_eq!(run.calls(&Observed::Function(deployed)), memory(1024, "r5"));
    }

    #[test]
    fn an_alias_that_somebody_else_moved_is_left_where_it_is() {
        let mut run = trial();
        run.calls(&with(1024, false, alias("7", None)));
        run.calls(&with(512, false, alias("7", None)));
        let moved = with(512, true, alias("9", None));
        run.ends(&moved, ChangeOutcome::NeedsOperator, "alias-moved-by-others");
        assert!(run.manual[0].contains("--name live --function-version 7"), "{:?}", run.manual);
    }

    #[test]
    fn an_update_that_does_not_end_is_taken_back() {
        let mut run = trial();
        run.calls(&plain("r1", 1024));
        run.pass(SignedDuration::from_mins(16));
        let updating = |memory_mb| {
            Observed::Function(FunctionObserved {
                last_update_status: "InProgress".to_owned(),
                ..function("r2", memory_mb)
            })
        };
        run.waits(&updating(512), "updating");
        assert_eq!(run.calls(&plain("r2", 512)), memory(1024, "r2"));
    }

    fn of_architecture() -> Trial {
        let action = Action::UpdateFunctionArchitecture {
            from: "x86_64".to_owned(),
            to: "arm64".to_owned(),
        };
        Trial::new(action, ResourceKind::Function, "match")
    }

    #[test]
    fn a_package_that_is_not_read_is_asked_for_again_a_few_times() {
        let mut run = of_architecture();
        for _ in 0..3 {
            assert!(matches!(run.step(&plain("r1", 1024)), Step::Call(_)));
            run.refuse("PackageNotRead", "");
        }
        run.ends(&plain("r1", 1024), ChangeOutcome::Refused, "refused");
    }

    #[test]
    fn a_package_that_differs_is_not_asked_for_again() {
        let mut run = of_architecture();
        assert!(matches!(run.step(&plain("r1", 1024)), Step::Call(_)));
        run.refuse("PackageDiffers", "");
        run.ends(&plain("r1", 1024), ChangeOutcome::Refused, "refused");
    }

    #[test]
    fn an_architecture_is_changed_the_same_way() {
        let mut run = of_architecture();
        let expected = Call::UpdateFunctionArchitecture {
            function: "match".into(),
            architecture: "arm64".to_owned(),
            revision: "r1".to_owned(),
        };
        assert_eq!(run.calls(&plain("r1", 1024)), expected);
        let arm = FunctionObserved { architecture: "arm64".to_owned(), ..function("r2", 1024) };
        assert_eq!(run.step(&Observed::Function(arm)), Step::Soaking);
    }
}
