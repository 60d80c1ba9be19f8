//! Which resources have a schedule, and which were left alone.

use trimtab_model::action::Action;
use trimtab_model::analysis::Analysis;
use trimtab_model::id::CheckId;
use trimtab_model::recommendation::Recommendation;
use trimtab_model::resource::ResourceRef;
use trimtab_model::schedule::Schedule;
use trimtab_model::text::Reason;

/// How the names of checks for hours off end.
const CHECKS: &str = "-off-hours";

/// A resource that a schedule would stop.
#[derive(Debug, Clone, Copy)]
pub struct Proposed<'a> {
    /// The recommendation.
    pub item: &'a Recommendation,
    /// Its schedule.
    pub schedule: &'a Schedule,
}

/// A resource that a check for hours off left alone.
#[derive(Debug, Clone, Copy)]
pub struct LeftAlone<'a> {
    /// The check.
    pub check: &'a CheckId,
    /// The resource.
    pub resource: &'a ResourceRef,
    /// How it was left alone.
    pub outcome: Outcome,
    /// Why.
    pub reason: &'a Reason,
}

/// How a resource was left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// There is nothing to propose, or somebody else decides.
    Passed,
    /// The owner took it out.
    Exempt,
    /// The data does not allow a verdict.
    Unknown,
    /// Another recommendation leaves no hours to be off.
    Superseded,
}

impl Outcome {
    /// Returns the word, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Exempt => "exempt",
            Self::Unknown => "unknown",
            Self::Superseded => "superseded",
        }
    }
}

/// The schedules of an analysis, and what was left alone.
#[derive(Debug, Clone)]
pub struct Schedules<'a> {
    /// What could be off, largest likely saving first.
    pub proposed: Vec<Proposed<'a>>,
    /// What was left alone, by check and resource.
    pub left_alone: Vec<LeftAlone<'a>>,
}

impl<'a> Schedules<'a> {
    /// Picks the schedules of an analysis; of one resource where its identifier, its name or the
    /// beginning of its recommendation's identifier is given.
    pub fn of(analysis: &'a Analysis, resource: Option<&str>) -> Self {
        let is_wanted = |one: &ResourceRef, id: Option<&str>| {
            resource.is_none_or(|wanted| {
                one.id.as_str() == wanted
                    || one.name.as_deref() == Some(wanted)
                    || id.is_some_and(|id| id.to_lowercase().starts_with(&wanted.to_lowercase()))
            })
        };
        let proposed = analysis
            .items
            .iter()
            .filter(|item| is_wanted(&item.resource, Some(item.id.as_str())))
            .filter_map(|item| match &item.action {
                Action::ApplySchedule { schedule, .. } => Some(Proposed { item, schedule }),
                _ => None,
            })
            .collect();
        let passed = analysis.passed.iter().map(|one| LeftAlone {
            check: &one.check,
            resource: &one.resource,
            outcome: if one.is_exempt() { Outcome::Exempt } else { Outcome::Passed },
            reason: &one.reason,
        });
        let unknown = analysis.unknown.iter().map(|one| LeftAlone {
            check: &one.check,
            resource: &one.resource,
            outcome: Outcome::Unknown,
            reason: &one.unknown.reason,
        });
        let superseded = analysis.superseded.iter().map(|one| LeftAlone {
            check: &one.recommendation.check,
            resource: &one.recommendation.resource,
            outcome: Outcome::Superseded,
            reason: &one.reason,
        });
        let mut left_alone: Vec<LeftAlone<'_>> = passed
            .chain(unknown)
            .chain(superseded)
            .filter(|one| one.check.as_str().ends_with(CHECKS) && is_wanted(one.resource, None))
            .collect();
        left_alone.sort_by(|a, b| (a.check, a.resource).cmp(&(b.check, b.resource)));
        Self { proposed, left_alone }
    }

    /// Returns whether nothing is known of what was asked for.
    pub fn is_empty(&self) -> bool {
        self.proposed.is_empty() && self.left_alone.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::sample;

    #[test]
    fn a_resource_is_found_by_its_identifier_its_name_and_its_recommendation() {
        let analysis = sample::scheduled();
        let id = analysis.items[0].id.to_string();
        for wanted in ["i-0stg", "lobby-stg", id.get(..6).unwrap()] {
            assert_eq!(Schedules::of(&analysis, Some(wanted)).proposed.len(), 1, "{wanted}");
        }
        assert!(Schedules::of(&analysis, Some("i-0none")).is_empty());
    }
}
