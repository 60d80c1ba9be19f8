//! What the enabled checks need to be allowed.

use std::collections::BTreeSet;

use trimtab_analysis::{Need, checks};
use trimtab_aws::policy::{Extras, Organization, Statement, statements};
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

fn needs(settings: &Settings) -> impl Iterator<Item = &'static Need> {
    let disabled = &settings.policy.disabled_checks;
    checks::ALL
        .iter()
        .filter(|check| !disabled.contains(&check.check_id()))
        .flat_map(|check| check.needs)
}
