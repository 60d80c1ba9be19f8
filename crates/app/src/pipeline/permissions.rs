//! What the enabled checks need to be allowed.

use std::collections::BTreeSet;

use trimtab_analysis::{Check, Need, checks};
use trimtab_aws::policy::{Extras, Organization, Statement, statements};
use trimtab_model::id::CheckId;
use trimtab_model::resource::ResourceKind;

use crate::config::Settings;

/// Returns the statements of a policy that lets a role be read by the enabled checks, and the
/// bill as `extras` says.
pub fn read_permissions(
    settings: &Settings,
    organization: Organization,
    extras: &Extras,
) -> Vec<Statement> {
    let with_metrics = needs(settings).any(|need| match need {
        Need::Metric(..) | Need::OptionalMetric(..) => true,
        Need::Kind(_) | Need::OptionalBilling | Need::Billing => false,
    });
    statements(&needed_kinds(settings), with_metrics, organization, extras)
}

/// Returns the kinds that the enabled checks read: what a scan lists, and what it may list.
pub(super) fn needed_kinds(settings: &Settings) -> BTreeSet<ResourceKind> {
    needs(settings)
        .filter_map(|need| match need {
            Need::Kind(kind) => Some(*kind),
            Need::Metric(..) | Need::OptionalMetric(..) | Need::OptionalBilling | Need::Billing => {
                None
            }
        })
        .collect()
}

/// Returns the enabled checks that cannot judge without one of `kinds`.
pub(super) fn checks_of(settings: &Settings, kinds: &BTreeSet<ResourceKind>) -> Vec<CheckId> {
    let reads = |need: &Need| matches!(need, Need::Kind(kind) if kinds.contains(kind));
    enabled(settings).filter(|one| one.needs.iter().any(reads)).map(Check::check_id).collect()
}

/// Returns the enabled checks that cannot judge without metrics.
pub(super) fn checks_of_metrics(settings: &Settings) -> Vec<CheckId> {
    let reads = |need: &Need| matches!(need, Need::Metric(..));
    enabled(settings).filter(|one| one.needs.iter().any(reads)).map(Check::check_id).collect()
}

fn needs(settings: &Settings) -> impl Iterator<Item = &'static Need> {
    enabled(settings).flat_map(|check| check.needs)
}

fn enabled(settings: &Settings) -> impl Iterator<Item = &'static Check> {
    let disabled = &settings.policy.disabled_checks;
    checks::ALL.iter().copied().filter(|check| !disabled.contains(&check.check_id()))
}
