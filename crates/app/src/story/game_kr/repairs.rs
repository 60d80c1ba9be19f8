//! The faults of the applications whose repair makes a smaller machine suffice.

use serde_json::json;

use trimtab_model::period::HOURS_PER_MONTH;

use super::company::Company;
use super::rates::Rates;
use super::requests::{ENDPOINT, LEAKING};
use super::truth::{Capability, Component, PlantedFault};
use crate::story::error::StoryError;

/// What suffices for the match servers as they are: 3.5 vCPU and 26 GiB.
const AS_IT_IS: &str = "r5a.xlarge";

/// What suffices without the repeats and the leak.
const REPAIRED: &str = "t3a.large";

/// Returns the faults whose saving depends on a repair: what it adds to the right size.
pub(super) fn conditional(
    company: &Company,
    rates: Rates<'_>,
) -> Result<Vec<PlantedFault>, StoryError> {
    let leaking = company.machines.iter().filter(|machine| LEAKING.contains(&machine.name));
    leaking
        .map(|machine| {
            let hours = |name: &str| -> Result<Component, StoryError> {
                let usd = rates.instance_hour(machine.region, name)?;
                Ok(Component { name: name.to_owned(), quantity: HOURS_PER_MONTH.into(), usd })
            };
            let (now, after) = (hours(AS_IT_IS)?, hours(REPAIRED)?);
            let recommended = json!({
                "instance_type": REPAIRED,
                "repaired": ["memory_leak", "duplicate_calls"],
                "endpoint": ENDPOINT,
            });
            Ok(PlantedFault {
                check: "ec2-instance-memory-leak".to_owned(),
                resource_id: machine.id.clone(),
                name: machine.name.to_owned(),
                recommended: recommended.as_object().cloned().unwrap_or_default(),
                monthly_saving_usd: Some(now.quantity * now.usd - after.quantity * after.usd),
                now: vec![now],
                after: vec![after],
                capability: Capability::Application,
            })
        })
        .collect()
}
