//! What the enabled checks need to be allowed.

use std::collections::BTreeSet;

use trimtab_analysis::{Need, checks};
use trimtab_aws::policy::{Organization, Statement, statements};
use trimtab_model::resource::ResourceKind;

use crate::config::Settings;

/// Returns the statements of a policy that lets a role be read by the enabled checks.
pub fn read_permissions(settings: &Settings, organization: Organization) -> Vec<Statement> {
    let disabled = &settings.policy.disabled_checks;
    let needs = checks::ALL
        .iter()
        .filter(|check| !disabled.contains(&check.check_id()))
        .flat_map(|check| check.needs);
    let mut kinds = BTreeSet::<ResourceKind>::new();
    let mut with_metrics = false;
    for need in needs {
        match need {
            Need::Kind(kind) => {
                kinds.insert(*kind);
            }
            Need::Metric(..) | Need::OptionalMetric(..) => with_metrics = true,
            Need::OptionalBilling => {}
        }
    }
    statements(&kinds, with_metrics, organization)
}
