//! The rules of the configuration that take resources out of checks, applied to verdicts.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use trimtab_model::coverage::{ExemptionCoverage, ExemptionStatus};
use trimtab_model::exemption::{ExemptRule, RULE_CODE};
use trimtab_model::id::CheckId;
use trimtab_model::recommendation::Verdict;
use trimtab_model::resource::{ResourceRef, Tags};
use trimtab_model::text::{Reason, Text, counted};

use crate::check::Facts;

/// The rules, what resources they look at, and what they have taken out so far.
#[derive(Debug)]
pub struct Exemptions<'a> {
    rules: &'a [ExemptRule],
    today: Date,
    tags: BTreeMap<ResourceRef, &'a Tags>,
    taken: Vec<BTreeSet<ResourceRef>>,
}

impl<'a> Exemptions<'a> {
    /// Collects what the rules of the policy need.
    pub fn of(facts: &Facts<'a>) -> Self {
        let rules = facts.policy.exemptions.as_slice();
        let asks_for_tags = rules.iter().any(|rule| rule.tag.is_some());
        Self {
            rules,
            today: facts.policy.calendar.day_of(facts.now),
            tags: if asks_for_tags { facts.snapshot.tags() } else { BTreeMap::new() },
            taken: vec![BTreeSet::new(); rules.len()],
        }
    }

    /// Returns the verdict, or the exemption of the first rule that is about it.
    ///
    /// What is exempt already stays so, for its own reason.
    pub fn verdict(
        &mut self,
        check: &CheckId,
        resource: &ResourceRef,
        verdict: Verdict,
    ) -> Verdict {
        let tags = self.tags.get(resource).copied();
        let mut first = None;
        for (rule, taken) in self.rules.iter().zip(&mut self.taken) {
            if rule.holds_on(self.today) && rule.matches(check, resource, tags) {
                taken.insert(resource.clone());
                first = first.or(Some(rule));
            }
        }
        match (first, verdict) {
            (None, verdict) | (Some(_), verdict @ Verdict::Exempt(_)) => verdict,
            (
                Some(rule),
                Verdict::Recommend(_)
                | Verdict::Increase(_)
                | Verdict::Pass(_)
                | Verdict::Unknown(_),
            ) => Verdict::Exempt(reason(rule)),
        }
    }

    /// Returns what became of every rule.
    pub fn coverage(self) -> Vec<ExemptionCoverage> {
        let (rules, today) = (self.rules, self.today);
        let numbered = rules.iter().zip(self.taken).enumerate();
        numbered
            .map(|(index, (rule, taken))| covered(index + 1, rule, taken.len(), today))
            .collect()
    }
}

fn reason(rule: &ExemptRule) -> Reason {
    let why = &rule.reason;
    let (en, ko) = match rule.until {
        Some(last) => (
            format!("A rule of the configuration says so until {last}: {why}"),
            format!("설정의 예외 규칙으로 {last}까지 제외된 자원입니다: {why}"),
        ),
        None => (
            format!("A rule of the configuration says so: {why}"),
            format!("설정의 예외 규칙으로 제외된 자원입니다: {why}"),
        ),
    };
    Reason::new(RULE_CODE, en, ko)
}

fn covered(number: usize, rule: &ExemptRule, resources: usize, today: Date) -> ExemptionCoverage {
    let what = format!("{} ({})", rule.conditions(), rule.reason);
    let (status, text) = match rule.until.filter(|_| !rule.holds_on(today)) {
        Some(last) => (
            ExemptionStatus::Expired,
            Text::new(
                format!("{what}: expired on {last}; what it was about is judged again."),
                format!("{what}: {last}에 만료되어 해당 자원을 다시 점검합니다."),
            ),
        ),
        None if resources == 0 => (
            ExemptionStatus::Unmatched,
            Text::new(
                format!("{what}: it is about nothing that was judged. Check its conditions."),
                format!("{what}: 점검한 자원 가운데 해당하는 것이 없습니다. 조건을 확인하세요."),
            ),
        ),
        None => (
            ExemptionStatus::Applied,
            Text::new(
                format!("{what}: it takes {} out.", counted(resources, "resource")),
                format!("{what}: 자원 {resources}개를 제외했습니다."),
            ),
        ),
    };
    ExemptionCoverage {
        rule: format!("exempt[{number}]"),
        status,
        resources: u64::try_from(resources).unwrap_or(u64::MAX),
        until: rule.until,
        text,
    }
}

#[cfg(test)]
mod tests {
    use trimtab_model::environment::Environment;
    use trimtab_model::exemption::{Glob, TagPattern};

    use super::*;
    use crate::analyze::analyze_with;
    use crate::checks::ALL;
    use crate::scene::{Scene, scene};

    fn rule() -> ExemptRule {
        ExemptRule {
            account: None,
            region: None,
            environment: None,
            tag: None,
            resource: None,
            check: Some(Glob::new("ebs-volume-unattached")),
            reason: "kept for the audit".to_owned(),
            until: None,
        }
    }

    /// Two volumes that nobody uses, one of them with a tag.
    fn volumes(rules: &[ExemptRule]) -> Scene {
        let mut scene = scene().volume(|_| ()).volume(|volume| {
            volume.id = "vol-2".into();
            volume.tags.insert("Team".into(), "qa".into());
        });
        scene.policy.exemptions = rules.to_vec();
        scene
    }

    fn check(rules: &[ExemptRule], recommended: &[&str], states: &[(ExemptionStatus, u64)]) {
        let scene = volumes(rules);
        let checks: Vec<_> =
            ALL.iter().copied().filter(|check| check.id == "ebs-volume-unattached").collect();
        let analysis = analyze_with(&checks, &scene.facts());
        let items: Vec<&str> =
            analysis.items.iter().map(|item| item.resource.id.as_str()).collect();
        assert_eq!(items, recommended);
        let exempt = analysis.passed.iter().filter(|passed| passed.is_exempt()).count();
        assert_eq!(exempt + items.len(), 2, "what is exempt is listed: {:?}", analysis.passed);
        let found: Vec<_> =
            analysis.coverage.exemptions.iter().map(|one| (one.status, one.resources)).collect();
        assert_eq!(found, states);
    }

    #[test]
    fn what_a_rule_is_about_is_exempt_and_listed() {
        let tag = TagPattern { key: Glob::new("Team"), value: Some(Glob::new("q*")) };
        let of_team = ExemptRule { tag: Some(tag), ..rule() };
        check(&[of_team], &["vol-1"], &[(ExemptionStatus::Applied, 1)]);
        check(&[rule()], &[], &[(ExemptionStatus::Applied, 2)]);
    }

    #[test]
    fn a_rule_that_is_over_takes_nothing_out_and_is_shown() {
        // The scene is of 2026-10-31 in UTC.
        let last = |day: &str| ExemptRule { until: day.parse().ok(), ..rule() };
        check(&[last("2026-10-30")], &["vol-1", "vol-2"], &[(ExemptionStatus::Expired, 0)]);
        check(&[last("2026-10-31")], &[], &[(ExemptionStatus::Applied, 2)]);
    }

    #[test]
    fn a_rule_about_nothing_is_shown() {
        let elsewhere = ExemptRule { environment: Some(Environment::Prod), ..rule() };
        check(&[elsewhere], &["vol-1", "vol-2"], &[(ExemptionStatus::Unmatched, 0)]);
    }

    #[test]
    fn the_reason_is_the_owners_and_a_tag_comes_before_a_rule() {
        let mut scene = volumes(&[ExemptRule { until: "2027-01-31".parse().ok(), ..rule() }]);
        scene.snapshot.volumes[0].tags.insert("trimtab:ignore".into(), String::new());
        let analysis = crate::analyze(&scene.facts());
        let reason = |id: &str| {
            let passed = analysis.passed.iter().find(|passed| {
                passed.resource.id.as_str() == id
                    && passed.check.as_str() == "ebs-volume-unattached"
            });
            passed.map(|passed| passed.reason.clone()).expect("it is listed")
        };
        assert_eq!(reason("vol-1").code, "ignored");
        assert_eq!(reason("vol-2").code, "exempt-rule");
        assert!(reason("vol-2").text.en.contains("until 2027-01-31: kept for the audit"));
    }
}
