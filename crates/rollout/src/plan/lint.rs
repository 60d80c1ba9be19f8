//! What is wrong with a plan, before anybody approves it.

mod change;
mod opening;
mod whole;

use jiff::Timestamp;

use trimtab_model::id::ChangeId;
use trimtab_model::plan::Plan;
use trimtab_model::text::Reason;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The plan cannot be approved.
    Error,
    /// Somebody should think about it.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// Returns the word, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// A stable code, that of the reason.
    pub code: String,
    /// The change that it is about; absent where it is about the plan.
    pub change: Option<ChangeId>,
    /// What it is, and what to do.
    pub reason: Reason,
}

/// Lists what is wrong with a plan, the worst first.
pub fn lint(plan: &Plan, now: Timestamp) -> Vec<Finding> {
    let mut findings = whole::findings(plan, now);
    findings.extend(opening::findings(plan, now));
    findings.extend(plan.changes().flat_map(|change| change::findings(change, plan)));
    findings.sort_by_key(|finding| finding.severity);
    findings
}

/// Returns whether a plan with these findings must not be approved.
pub fn forbids_approval(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}

impl Finding {
    fn new(severity: Severity, code: &str, en: impl Into<String>, ko: impl Into<String>) -> Self {
        let reason = Reason::new(code, en, ko);
        Self { severity, code: code.to_owned(), change: None, reason }
    }

    fn of(self, change: &ChangeId) -> Self {
        Self { change: Some(change.clone()), ..self }
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use jiff::civil::time;

    use trimtab_model::environment::Environment;
    use trimtab_model::gate::Presence;
    use trimtab_model::period::Period;
    use trimtab_model::plan::{Approval, Freeze, Stage};
    use trimtab_model::recommendation::PerformanceRisk;

    use super::super::sample;
    use super::*;

    fn check(change: impl FnOnce(&mut Plan), expected: (Severity, &str)) {
        let mut plan = sample::plan();
        change(&mut plan);
        let found = lint(&plan, sample::now());
        assert!(
            found.iter().any(|one| (one.severity, one.code.as_str()) == expected),
            "{expected:?} is not among {found:#?}"
        );
    }

    fn first(plan: &mut Plan) -> &mut trimtab_model::plan::Change {
        let wave = plan.stages.last_mut().and_then(|stage| stage.waves.first_mut());
        wave.and_then(|wave| wave.changes.first_mut()).expect("a change")
    }

    fn error(code: &str) -> (Severity, &str) {
        (Severity::Error, code)
    }

    #[test]
    fn what_is_gone_for_good_in_production_needs_two_people_who_are_named() {
        let two = |plan: &mut Plan| {
            plan.stages.last_mut().expect("a stage").approval = Approval::TwoPersons;
        };
        check(two, (Severity::Error, "approvers-unnamed"));
        let mut plan = sample::plan();
        two(&mut plan);
        plan.rules.approvers = ["kim", "lee"].map(str::to_owned).to_vec();
        let found = lint(&plan, sample::now());
        assert!(found.iter().all(|one| one.code != "approvers-unnamed"), "{found:#?}");
    }

    #[test]
    fn a_plan_in_order_has_no_error() {
        let found = lint(&sample::plan(), sample::now());
        assert!(!forbids_approval(&found), "{found:#?}");
    }

    #[test]
    fn e25_without_a_window_nothing_may_start() {
        check(|plan| plan.rules.windows.clear(), error("no-window"));
    }

    #[test]
    fn e19_a_window_shorter_than_its_longest_change_is_none() {
        check(
            |plan| {
                for window in &mut plan.rules.windows {
                    window.until = time(4, 30, 0, 0);
                }
            },
            error("short-window"),
        );
    }

    #[test]
    fn e21_a_zone_that_is_missing_or_unknown_is_an_error() {
        for zone in ["", "Mars/Olympus"] {
            check(
                |plan| {
                    for window in &mut plan.rules.windows {
                        window.time_zone = zone.to_owned();
                    }
                },
                error("unknown-zone"),
            );
        }
    }

    #[test]
    fn a_freeze_over_every_opening_before_the_plan_expires_is_an_error() {
        check(
            |plan| {
                let period = Period::new(plan.created_at, plan.expires_at).unwrap();
                let environments = Vec::new();
                plan.rules.freezes = vec![Freeze { name: "launch".into(), period, environments }];
            },
            error("frozen"),
        );
    }

    #[test]
    fn b08_a_stale_plan_or_inventory_is_an_error() {
        let hour = SignedDuration::from_hours(1);
        check(|plan| plan.expires_at = sample::now() - hour, error("stale"));
        check(|plan| plan.built_from = sample::now() - hour * 100, error("old-inventory"));
    }

    #[test]
    fn what_saves_nothing_is_not_approved() {
        check(
            |plan| first(plan).estimated_monthly_savings = sample::estimate("0"),
            error("no-saving"),
        );
    }

    #[test]
    fn production_takes_no_more_than_a_low_risk() {
        check(|plan| first(plan).risk = PerformanceRisk::new(2), error("risk"));
    }

    #[test]
    fn less_memory_needs_a_figure_of_it() {
        check(
            |plan| {
                let change = first(plan);
                change.projected.clear();
                for gate in &mut change.gates {
                    gate.presence = Presence::Required;
                    gate.expected = None;
                }
            },
            error("memory-unmeasured"),
        );
    }

    #[test]
    fn an_outage_that_nothing_watches_is_an_error_in_production() {
        check(|plan| first(plan).gates.clear(), error("no-gates"));
    }

    #[test]
    fn destruction_without_quarantine_is_an_error() {
        check(
            |plan| {
                plan.rules.quarantine = SignedDuration::ZERO;
                first(plan).class = trimtab_model::plan::ChangeClass::Destructive;
            },
            error("no-quarantine"),
        );
    }

    #[test]
    fn the_only_target_is_not_taken_down() {
        check(
            |plan| {
                first(plan).units = vec![trimtab_model::plan::BudgetUnit {
                    kind: trimtab_model::plan::UnitKind::TargetGroup,
                    name: "lobby".into(),
                    members: 1,
                }];
            },
            error("only-member"),
        );
    }

    #[test]
    fn b07_a_change_or_a_resource_that_stands_twice_is_an_error() {
        let twice = |plan: &mut Plan| {
            let again = first(plan).clone();
            plan.stages.last_mut().unwrap().waves.last_mut().unwrap().changes.push(again);
        };
        check(twice, error("duplicate-change"));
        check(twice, error("duplicate-resource"));
    }

    #[test]
    fn a_plan_without_changes_is_an_error() {
        check(|plan| plan.stages.clear(), error("no-changes"));
    }

    #[test]
    fn production_needs_the_alias_of_its_accounts() {
        check(
            |plan| plan.accounts.values_mut().for_each(|alias| *alias = None),
            error("alias-unknown"),
        );
    }

    #[test]
    fn f12_what_the_changes_themselves_cost_is_said() {
        check(|_| {}, (Severity::Note, "recovery-points-cost"));
        let mut plan = sample::plan();
        for change in plan.stages.iter_mut().flat_map(|one| &mut one.waves[0].changes) {
            change.recovery = trimtab_model::plan::RecoveryPoint::Settings;
        }
        let found = lint(&plan, sample::now());
        assert!(found.iter().all(|one| one.code != "recovery-points-cost"));
    }

    #[test]
    fn production_without_a_stage_before_it_is_unproven() {
        check(
            |plan| plan.stages.retain(|stage: &Stage| stage.environment == Environment::Prod),
            (Severity::Warning, "unproven"),
        );
    }
}
