//! One window: every instance of a snapshot, judged by every rule.

use std::collections::BTreeMap;

use trimtab_model::id::RegionId;
use trimtab_model::period::Period;
use trimtab_model::policy::Permission;
use trimtab_model::profile::Profiles;
use trimtab_model::resource::instance::Instance;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::Reason;

use crate::check::Facts;
use crate::sizing::fit::{Offer, offers};
use crate::sizing::performance::Performance;

use super::tally::Tally;
use super::trial::Trial;

/// Judges every instance of a snapshot in one window.
///
/// `facts` hold the profiles of the training part, and its end as the moment; `test` those of
/// the part behind it.
pub fn judge_window(
    facts: &Facts<'_>,
    (train, test): (Period, Period),
    held: &Profiles,
    tally: &mut Tally,
) {
    let mut offered: BTreeMap<(&RegionId, Permission), Vec<Offer<'_>>> = BTreeMap::new();
    for instance in &facts.snapshot.instances {
        let estimated = facts.policy.sizing(instance.environment).estimated_prices;
        offered
            .entry((&instance.region, estimated))
            .or_insert_with(|| offers(facts.prices, &instance.region, estimated));
    }
    let performance = Performance::of(facts.prices);
    tally.open(train, test);
    for instance in &facts.snapshot.instances {
        let estimated = facts.policy.sizing(instance.environment).estimated_prices;
        let offers = offered.get(&(&instance.region, estimated)).map(Vec::as_slice);
        match Trial::of(facts, held, instance, offers.unwrap_or_default(), &performance) {
            Ok(trial) => tally.add(&trial),
            Err(reason) => tally.leave_out(reference(instance), reason),
        }
    }
}

fn reference(instance: &Resource<Instance>) -> trimtab_model::resource::ResourceRef {
    instance.reference(ResourceKind::Instance)
}

/// Says that a part of a window has too few samples of a machine.
pub(super) fn too_short(part: (&str, &str), hours: f64) -> Reason {
    Reason::new(
        "insufficient-data",
        format!("The {} has {hours:.0} hours of CPUUtilization; 30 are needed.", part.0),
        format!("{}에 CPUUtilization이 {hours:.0}시간뿐입니다. 30시간이 필요합니다.", part.1),
    )
}
